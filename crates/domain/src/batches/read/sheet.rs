//! Text to cells: columns with names, and rows with the numbers that a spreadsheet shows.

use super::{paste, quotes};
use csv::{ReaderBuilder, StringRecord};
use serde_json::{Map, Value};
use std::{borrow::Cow, collections::HashMap};
use types::batches::{MAX_COLUMNS, MAX_ROWS};

pub struct Sheet {
    pub columns: Vec<String>,
    pub rows: Vec<Line>,
    pub delimiter: Option<char>,
    /// Whether the list itself names the columns.
    pub is_named: bool,
}

/// One row. Only its cells that hold something take room: most of a wide table is blank.
pub struct Line {
    /// The header is row 1.
    pub number: i64,
    /// All cells, one after the other.
    text: Box<str>,
    /// The column of each cell and where it ends.
    ends: Box<[(u16, u32)]>,
    /// What is wrong with the row as a whole.
    pub problem: Option<String>,
}

impl Line {
    /// Cells by column, in the order of the columns.
    pub fn new<'a>(number: i64, cells: impl IntoIterator<Item = (usize, Cow<'a, str>)>) -> Self {
        let (mut text, mut ends) = (String::new(), Vec::new());
        for (column, cell) in cells {
            if !cell.is_empty() {
                text.push_str(&cell);
                ends.push((column as u16, text.len() as u32));
            }
        }
        Self {
            number,
            text: text.into(),
            ends: ends.into(),
            problem: None,
        }
    }

    pub fn cell(&self, column: usize) -> &str {
        let Ok(at) = self
            .ends
            .binary_search_by_key(&column, |(column, _)| usize::from(*column))
        else {
            return "";
        };
        let from = at.checked_sub(1).map_or(0, |before| self.ends[before].1);
        &self.text[from as usize..self.ends[at].1 as usize]
    }
}

const DELIMITERS: [char; 3] = [',', ';', '\t'];

pub fn too_many() -> String {
    format!(
        "There are more than {} rows. Split the list into several.",
        paste::thousands(MAX_ROWS)
    )
}

/// Reads a table whose first line names the columns.
pub fn table(text: &str) -> Result<Sheet, String> {
    // Excel's own way to say what separates cells.
    let whole = text;
    let (told, text) = match text.split_once('\n') {
        Some((first, rest)) if first.trim_end().to_ascii_lowercase().starts_with("sep=") => {
            (first.chars().nth(4), rest)
        }
        _ => (None, text),
    };
    let header = text
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    let delimiter = told
        .filter(|c| DELIMITERS.contains(c))
        .unwrap_or_else(|| delimiter_of(header));
    if let Some(problem) = quotes::broken(whole, delimiter) {
        return Err(problem);
    }
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter as u8)
        .from_reader(text.as_bytes());
    let mut record = StringRecord::new();
    let mut read = |record: &mut StringRecord| {
        reader.read_record(record).map_err(|_| {
            "This could not be read as CSV. Save the table as CSV UTF-8 and try again.".to_owned()
        })
    };
    // Breaks inside cells are lines of the file, but not rows of the sheet.
    let mut breaks = 0;
    let (mut line, mut counted) = (1, 0);
    let mut columns = Vec::new();
    let mut rows = Vec::new();
    while read(&mut record)? {
        // The reader's own count is taken before it has skipped blank lines and ends of lines.
        let begin = record
            .position()
            .map_or(0, |at| at.byte() as usize)
            .min(text.len());
        let skipped = text.as_bytes()[begin..]
            .iter()
            .take_while(|byte| matches!(byte, b'\r' | b'\n'))
            .count();
        let start = begin + skipped;
        line += lines_in(&text.as_bytes()[counted..start]);
        counted = start;
        let number = line - breaks;
        breaks += record
            .iter()
            .map(|cell| cell.matches('\n').count() as i64)
            .sum::<i64>();
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if columns.is_empty() {
            columns = record.iter().map(|cell| cell.trim().to_owned()).collect();
            continue;
        }
        if rows.len() as i64 >= MAX_ROWS {
            return Err(too_many());
        }
        rows.push(line_of(number, &record, columns.len(), delimiter));
    }
    if rows.is_empty() {
        return Err("There is a header but no row under it. Add at least one.".into());
    }
    Ok(Sheet {
        delimiter: (columns.len() > 1).then_some(delimiter),
        columns,
        rows,
        is_named: true,
    })
}

fn lines_in(bytes: &[u8]) -> i64 {
    bytes.split(|byte| *byte == b'\n').count() as i64 - 1
}

fn line_of(number: i64, record: &StringRecord, columns: usize, delimiter: char) -> Line {
    let surplus = record.iter().skip(columns).any(|cell| !cell.trim().is_empty());
    let problem = surplus.then(|| {
        let sign = match delimiter {
            '\t' => "tab",
            ';' => "semicolon",
            _ => "comma",
        };
        format!(
            "This row has {} cells and the header {columns}. A text with a {sign} in it must stand in double quotes.",
            record.len()
        )
    });
    let cells = record.iter().take(columns).map(|cell| {
        if cell.contains("\r\n") {
            Cow::Owned(cell.replace("\r\n", "\n"))
        } else {
            Cow::Borrowed(cell)
        }
    });
    Line {
        problem,
        ..Line::new(number, cells.enumerate())
    }
}

/// The one with which the header has a column of numbers, else the commonest there.
pub fn delimiter_of(header: &str) -> char {
    let named = DELIMITERS
        .into_iter()
        .find(|sign| header.contains(*sign) && has_numbers(header, *sign));
    named.unwrap_or_else(|| {
        let count = |sign: char| {
            let mut quoted = false;
            header
                .chars()
                .filter(|c| {
                    quoted ^= *c == '"';
                    !quoted && *c == sign
                })
                .count()
        };
        // The first of several that are as common.
        DELIMITERS
            .into_iter()
            .rev()
            .max_by_key(|sign| count(*sign))
            .unwrap_or(',')
    })
}

/// Whether a line names a column of numbers.
pub fn has_numbers(header: &str, delimiter: char) -> bool {
    header
        .split(delimiter)
        .any(|cell| super::columns::key(cell.trim().trim_matches('"')) == "number")
}

/// Objects of a JSON call, counted from 1.
pub fn objects(rows: Vec<Map<String, Value>>) -> Result<Sheet, String> {
    if rows.is_empty() {
        return Err("Give at least one row.".into());
    }
    if rows.len() as i64 > MAX_ROWS {
        return Err(too_many());
    }
    let mut columns: Vec<String> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut lines = Vec::with_capacity(rows.len());
    for (index, row) in rows.into_iter().enumerate() {
        let number = index as i64 + 1;
        let mut cells = Vec::with_capacity(row.len());
        for (name, value) in row {
            let text = match value {
                Value::Null => continue,
                Value::String(text) => text,
                other => other.to_string(),
            };
            let at = if let Some(at) = places.get(&name) {
                *at
            } else {
                if columns.len() as i64 >= MAX_COLUMNS {
                    return Err(format!(
                        "The rows have more than {MAX_COLUMNS} different fields; \"{}\" in row {number} is one too many. \
                         Leave out the fields that no message needs.",
                        super::columns::short(&name)
                    ));
                }
                columns.push(name.clone());
                places.insert(name, columns.len() - 1);
                columns.len() - 1
            };
            cells.push((at, Cow::Owned(text)));
        }
        cells.sort_unstable_by_key(|(at, _)| *at);
        lines.push(Line::new(number, cells));
    }
    Ok(Sheet {
        columns,
        rows: lines,
        delimiter: None,
        is_named: true,
    })
}
