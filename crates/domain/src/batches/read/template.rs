//! A text for all rows, with `{column}` in it. Two braces stand for one.

use super::columns::Columns;

#[derive(Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Cell(usize),
}

#[derive(Debug)]
pub struct Template(Vec<Piece>);

impl Template {
    pub fn read(text: &str, columns: &Columns, names: &[String]) -> Result<Self, String> {
        let mut pieces = Vec::new();
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
            let inner = after
                .strip_prefix('{')
                .and_then(|inner| inner.split_once('}'))
                .filter(|(name, _)| !name.contains(['{', '\n']));
            let Some((name, tail)) = inner else {
                return Err(
                    "A brace in the text is not closed. Write {column} to put a cell there, or two braces for one."
                        .into(),
                );
            };
            let Some(index) = columns.by_name(name.trim()) else {
                let known: Vec<&str> = names
                    .iter()
                    .map(String::as_str)
                    .filter(|name| !name.is_empty())
                    .take(20)
                    .collect();
                return Err(format!(
                    "The text names {{{name}}}, but there is no such column. The columns are: {}. For a brace itself \
                     write two.",
                    known.join(", ")
                ));
            };
            if !plain.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut plain)));
            }
            pieces.push(Piece::Cell(index));
            rest = tail;
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            pieces.push(Piece::Text(plain));
        }
        Ok(Self(pieces))
    }

    /// The columns that the text takes something from.
    pub fn cells(&self) -> Vec<usize> {
        self.0
            .iter()
            .filter_map(|piece| match piece {
                Piece::Cell(index) => Some(*index),
                Piece::Text(_) => None,
            })
            .collect()
    }

    /// The text of one row; or the column that is blank there.
    pub fn fill<'a>(&self, cell: impl Fn(usize) -> &'a str) -> Result<String, usize> {
        let mut text = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(plain) => text.push_str(plain),
                Piece::Cell(index) => match cell(*index).trim() {
                    "" => return Err(*index),
                    value => text.push_str(value),
                },
            }
        }
        Ok(text)
    }
}
