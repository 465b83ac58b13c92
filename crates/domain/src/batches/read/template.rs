//! Texts with `{column}` in them. Two braces stand for one.

use super::columns::{Columns, short};
use serde::{Deserialize, Serialize};
use types::batches::MAX_TEXT;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Piece {
    Text(String),
    /// One of those in `used`.
    Cell(usize),
}

/// Kept once beside the rows of a list, which keep only their cells.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Template {
    pieces: Vec<Piece>,
    /// The columns that it takes something from, each once; known while the list is read.
    #[serde(skip)]
    used: Vec<usize>,
}

/// Why a text cannot be put together for a row; both name one of the used columns by its place.
#[derive(Debug, PartialEq, Eq)]
pub enum Unfilled {
    Blank(usize),
    TooLong(usize),
}

impl Template {
    /// A text for all rows: every brace of it must mean something.
    pub fn read(text: &str, columns: &Columns, names: &[String]) -> Result<Self, String> {
        let mut template = Self::default();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, after) = rest.split_at(at);
            plain.push_str(before);
            if after.starts_with("{{") || after.starts_with("}}") {
                plain.push_str(&after[..1]);
                rest = &after[2..];
                continue;
            }
            let Some((name, tail)) = place(after) else {
                return Err(
                    "A brace in the text is not closed. Write {column} to put a cell there, or two braces for one."
                        .into(),
                );
            };
            let Some(index) = columns.by_name(name.trim()) else {
                return Err(format!(
                    "The text names {{{}}}, but there is no such column. The columns are: {}. For a brace itself \
                     write two.",
                    short(name),
                    known(names)
                ));
            };
            template.push(&mut plain, index);
            rest = tail;
        }
        plain.push_str(rest);
        template.end(plain);
        Ok(template)
    }

    /// The message of one row. Only what looks like the name of a column is a place for a cell,
    /// other braces are text: messages may hold anything. Nothing where it is all text; the name
    /// where there is no such column.
    pub fn of_row(text: &str, columns: &Columns) -> Result<Option<Self>, String> {
        let mut template = Self::default();
        let mut plain = String::new();
        let (mut rest, mut is_plain) = (text, true);
        while let Some(at) = rest.find('{') {
            let (before, after) = rest.split_at(at);
            plain.push_str(before);
            let doubled = after.strip_prefix('{').and_then(place);
            if let Some((name, tail)) = doubled
                && is_name(name)
                && let Some(tail) = tail.strip_prefix('}')
            {
                plain.extend(["{", name, "}"]);
                (rest, is_plain) = (tail, false);
                continue;
            }
            let found = place(after).map(|(name, tail)| (name, tail, columns.by_name(name.trim())));
            match found {
                Some((_, tail, Some(index))) => {
                    template.push(&mut plain, index);
                    (rest, is_plain) = (tail, false);
                }
                Some((name, ..)) if is_name(name) => return Err(short(name)),
                _ => {
                    plain.push('{');
                    rest = &after[1..];
                }
            }
        }
        plain.push_str(rest);
        template.end(plain);
        Ok((!is_plain).then_some(template))
    }

    fn push(&mut self, plain: &mut String, column: usize) {
        self.end(std::mem::take(plain));
        let known = self.used.iter().position(|used| *used == column);
        let place = known.unwrap_or_else(|| {
            self.used.push(column);
            self.used.len() - 1
        });
        self.pieces.push(Piece::Cell(place));
    }

    fn end(&mut self, plain: String) {
        if !plain.is_empty() {
            self.pieces.push(Piece::Text(plain));
        }
    }

    /// The columns that the text takes something from.
    pub fn used(&self) -> &[usize] {
        &self.used
    }

    /// The text with those cells, one for each used column. Ends as soon as it is too long for a
    /// message: a cell may be a megabyte long and be named hundreds of times.
    pub fn fill<'a>(&self, cell: impl Fn(usize) -> &'a str) -> Result<String, Unfilled> {
        let mut text = String::new();
        let (mut left, mut last) = (MAX_TEXT as usize, 0);
        for piece in &self.pieces {
            let value = match piece {
                Piece::Text(plain) => plain,
                Piece::Cell(place) => {
                    last = *place;
                    let value = cell(*place).trim();
                    if value.is_empty() {
                        return Err(Unfilled::Blank(*place));
                    }
                    value
                }
            };
            let length = value.chars().take(left + 1).count();
            left = left.checked_sub(length).ok_or(Unfilled::TooLong(last))?;
            text.push_str(value);
        }
        Ok(text)
    }
}

/// The inside of a pair of braces that `text` begins with, and what follows.
fn place(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix('{')
        .and_then(|inner| inner.split_once('}'))
        .filter(|(name, _)| !name.contains(['{', '\n']))
}

fn is_name(text: &str) -> bool {
    /// Longer ones are no names that people write.
    const LONGEST: usize = 60;
    !text.trim().is_empty()
        && text.len() <= LONGEST
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-' | '.'))
}

/// The names of a table, for somebody who wrote another.
pub fn known(names: &[String]) -> String {
    let known: Vec<String> = names
        .iter()
        .filter(|name| !name.is_empty())
        .take(20)
        .map(|name| short(name))
        .collect();
    known.join(", ")
}
