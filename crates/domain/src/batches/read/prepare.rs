//! Rows to messages: each is judged alone, and what is wrong names the row, the column and the
//! remedy.

use super::{
    Source,
    columns::{Columns, short},
    decode::decode,
    kept::Kept,
    paste::{paste, thousands},
    row::Reading,
    sheet,
    template::Template,
};
use std::collections::{BTreeSet, HashMap, HashSet};
use types::{
    AppError, SessionId,
    batches::{Encoding, Found, MAX_TEXT, RowError, Through},
    messages::Draft,
};

/// What the rows of a list may take on disk together, in bytes: a cell that every message repeats
/// makes a small file large.
const MOST: usize = 64 << 20;

/// What holds for all rows.
pub struct Asked<'a> {
    pub text: Option<&'a str>,
    pub session: Option<&'a str>,
    /// The sessions there are.
    pub sessions: &'a HashSet<SessionId>,
}

/// A list that was read.
#[derive(Debug)]
pub struct Prepared {
    /// The text for all, for those of the rows that have none of their own.
    pub common: Option<Template>,
    pub rows: Vec<Kept>,
    pub errors: Vec<RowError>,
    pub found: Found,
    pub row_count: i64,
    pub duplicates: i64,
    pub invalid: i64,
}

/// Reads a whole list. Slow for long ones: not for a thread that others wait for. `judge` says
/// what the queue itself would say of a message.
pub fn prepare(
    source: Source,
    asked: &Asked<'_>,
    judge: impl Fn(Draft) -> Result<(), AppError>,
) -> Result<Prepared, AppError> {
    let common = asked.text.filter(|text| !text.trim().is_empty());
    // Before any row is read: what is written once may be filled in a hundred thousand times.
    if let Some(length) = common.map(|text| text.chars().count() as i64)
        && length > MAX_TEXT
    {
        let why = format!(
            "The text for all has at most {} characters; this one has {}. Shorten it.",
            thousands(MAX_TEXT),
            thousands(length)
        );
        return Err(AppError::field("text", why));
    }
    let (field, sheet, encoding) = match source {
        Source::Csv(bytes) => {
            let read = decode(&bytes).and_then(|(text, encoding)| Ok((sheet::table(&text)?, encoding)));
            let (sheet, encoding) = read.map_err(|why| AppError::field("file", why))?;
            ("file", sheet, encoding)
        }
        Source::Paste(text) => {
            let sheet = paste(&text.replace('\0', "")).map_err(|why| AppError::field("list", why))?;
            ("list", sheet, Encoding::Utf8)
        }
        Source::Rows(rows) => {
            let sheet = sheet::objects(rows).map_err(|why| AppError::field("rows", why))?;
            ("rows", sheet, Encoding::Utf8)
        }
    };
    let columns =
        Columns::find(&sheet.columns, common.is_some()).map_err(|why| AppError::field(field, why))?;
    let template = common
        .map(|text| Template::read(text, &columns, &sheet.columns))
        .transpose()
        .map_err(|why| AppError::field("text", why))?;
    let used: &[usize] = template.as_ref().map(Template::used).unwrap_or_default();
    let mut reading = Reading {
        columns: &columns,
        names: &sheet.columns,
        template: template.as_ref(),
        is_named: sheet.is_named,
        asked,
        used,
        own_used: BTreeSet::new(),
        formulas: 0,
        braces: 0,
        errors: Vec::new(),
    };
    let mut seen: HashMap<[u8; 32], i64> = HashMap::new();
    let mut through: HashMap<Option<SessionId>, i64> = HashMap::new();
    let (mut rows, mut duplicates, mut invalid) = (Vec::new(), 0, 0);
    let (mut common_rows, mut chars, mut bytes) = (0, 0, 0);
    for line in &sheet.rows {
        let Some(ready) = reading.row(line, &judge) else {
            invalid += 1;
            continue;
        };
        let row = &ready.kept.row;
        let first = *seen.entry(ready.digest).or_insert(row.row);
        if first == row.row {
            *through
                .entry(row.session.as_deref().and_then(|id| id.parse().ok()))
                .or_default() += 1;
            common_rows += i64::from(ready.is_common);
            chars += ready.chars;
            bytes += ready.kept.bytes();
            if bytes > MOST {
                let why = "With their cells put in, the messages of this list are larger than 64 MB together. Split it \
                           into several.";
                return Err(AppError::field(field, why));
            }
            rows.push(ready.kept);
        } else {
            duplicates += 1;
            let message = format!(
                "Row {first} says the same to the same recipient. It is sent once; change the text if both are meant."
            );
            reading.error(line, columns.number, message);
        }
    }
    let mut through: Vec<Through> = through
        .into_iter()
        .map(|(session, rows)| Through { session, rows })
        .collect();
    through.sort_by_key(|through| (-through.rows, through.session.map(SessionId::key)));
    let taken: Vec<usize> = reading.own_used.iter().chain(used).copied().collect();
    Ok(Prepared {
        found: Found {
            encoding,
            delimiter: sheet.delimiter,
            ignored: columns.ignored(&sheet.columns, &taken),
            columns: sheet.columns.iter().map(|name| short(name)).collect(),
            formulas: reading.formulas,
            common: common_rows,
            braces: reading.braces,
            through,
            chars: chars / (rows.len() as i64).max(1),
        },
        errors: reading.errors,
        rows,
        common: template,
        row_count: sheet.rows.len() as i64,
        duplicates,
        invalid,
    })
}
