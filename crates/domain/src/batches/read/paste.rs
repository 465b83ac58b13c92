//! What people paste: a number per line, `number;text`, or a piece of a table with its header.

use super::sheet::{Line, Sheet, delimiter_of, has_numbers, table, too_many};
use std::borrow::Cow;
use types::batches::MAX_ROWS;

pub fn paste(text: &str) -> Result<Sheet, String> {
    let mut lines = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .peekable();
    let Some((_, first)) = lines.peek() else {
        return Err("Paste at least one number, or choose a file.".into());
    };
    if has_numbers(first, delimiter_of(first)) {
        return table(text);
    }
    let mut delimiter = None;
    let mut rows = Vec::new();
    for (index, line) in lines {
        if rows.len() as i64 >= MAX_ROWS {
            return Err(too_many());
        }
        // No number has one of these in it; what stands after the first is text, whatever it has.
        let at = line.find([';', '\t', ',']);
        let cells = match at {
            None => [line.trim(), ""],
            Some(at) => {
                let (number, rest) = line.split_at(at);
                delimiter = delimiter.or(rest.chars().next());
                [number.trim(), rest[1..].trim()]
            }
        };
        let cells = cells.into_iter().map(Cow::Borrowed).enumerate();
        rows.push(Line::new(index as i64 + 1, cells));
    }
    Ok(Sheet {
        columns: vec!["number".into(), "message".into()],
        rows,
        delimiter,
        is_named: false,
    })
}

/// `100,000`.
pub fn thousands(n: i64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
