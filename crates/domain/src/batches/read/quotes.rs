//! Quotes that do not close and lines without end, found before anything is read: a reader that
//! forgives them would swallow half a file into one message, or take all memory for commas.

use types::batches::MAX_COLUMNS;

/// Where quoting is broken or there are too many cells: the line (from 1) and what is wrong there.
pub fn broken(text: &str, delimiter: char) -> Option<String> {
    let mut line = 1_u64;
    let mut opened: Option<u64> = None;
    let mut at_start = true;
    let mut cells = 1;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (opened, c) {
            (Some(_), '"') => {
                if chars.next_if_eq(&'"').is_some() {
                    continue;
                }
                opened = None;
                match chars.peek() {
                    None | Some('\n' | '\r') => {}
                    Some(next) if *next == delimiter => {}
                    Some(_) => {
                        return Some(format!(
                            "Line {line}: after a closing quote there is more text in the same cell. Write quotes inside a \
                             quoted cell twice (\"\"), or remove them."
                        ));
                    }
                }
            }
            (None, '"') if at_start => opened = Some(line),
            (None, c) if c == delimiter => {
                cells += 1;
                if cells > MAX_COLUMNS {
                    return Some(format!(
                        "Line {line} has more than {MAX_COLUMNS} columns, which is the most there may be. Remove the \
                         columns that no message needs, also blank ones at the end, and save the file again."
                    ));
                }
            }
            (None, '\n' | '\r') => cells = 1,
            _ => {}
        }
        if c == '\n' {
            line += 1;
        }
        at_start = opened.is_none() && (c == delimiter || c == '\n' || c == '\r');
    }
    opened.map(|line| {
        format!(
            "Line {line}: a quote is opened there and never closed. Close it, or write quotes inside a cell twice (\"\")."
        )
    })
}
