//! Rows to messages: each is judged alone, and what is wrong names the row, the column and the
//! remedy.

use super::{Source, columns::Columns, decode::decode, paste::paste, sheet, sheet::Line, template::Template};
use crate::core::csv::is_formula;
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};
use types::{
    AppError, Recipient, SessionId,
    batches::{BatchRow, Encoding, Found, RowError},
    media::MediaKind,
    messages::{AttachmentInput, Draft, FieldNames},
};

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
    pub rows: Vec<BatchRow>,
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
    let common = asked.text.filter(|text| !text.trim().is_empty());
    let columns =
        Columns::find(&sheet.columns, common.is_some()).map_err(|why| AppError::field(field, why))?;
    let template = common
        .map(|text| Template::read(text, &columns, &sheet.columns))
        .transpose()
        .map_err(|why| AppError::field("text", why))?;
    let used = template.as_ref().map(Template::cells).unwrap_or_default();
    let mut reading = Reading {
        columns: &columns,
        names: &sheet.columns,
        template: template.as_ref(),
        asked,
        used: &used,
        formulas: 0,
        errors: Vec::new(),
    };
    let mut seen: HashMap<[u8; 32], i64> = HashMap::new();
    let (mut rows, mut duplicates, mut invalid) = (Vec::new(), 0, 0);
    for line in &sheet.rows {
        let Some(row) = reading.row(line, &judge) else {
            invalid += 1;
            continue;
        };
        let first = *seen.entry(digest(&row)).or_insert(row.row);
        if first == row.row {
            rows.push(row);
        } else {
            duplicates += 1;
            let message = format!(
                "Row {first} says the same to the same recipient. It is sent once; change the text if both are meant."
            );
            reading.error(line, columns.number, message);
        }
    }
    Ok(Prepared {
        rows,
        found: Found {
            encoding,
            delimiter: sheet.delimiter,
            ignored: columns.ignored(&sheet.columns, &used),
            columns: sheet.columns.clone(),
            formulas: reading.formulas,
        },
        errors: reading.errors,
        row_count: sheet.rows.len() as i64,
        duplicates,
        invalid,
    })
}

/// The same message to the same recipient.
fn digest(row: &BatchRow) -> [u8; 32] {
    let to = row
        .to
        .parse::<Recipient>()
        .map_or_else(|_| row.to.to_ascii_lowercase(), |recipient| recipient.jid());
    let mut hash = Sha256::new();
    for part in [Some(to.as_str()), row.text.as_deref(), row.media_url.as_deref()] {
        hash.update([u8::from(part.is_some())]);
        hash.update(part.unwrap_or_default());
        hash.update([0]);
    }
    hash.finalize().into()
}

struct Reading<'a> {
    columns: &'a Columns,
    names: &'a [String],
    template: Option<&'a Template>,
    asked: &'a Asked<'a>,
    used: &'a [usize],
    formulas: i64,
    errors: Vec<RowError>,
}

impl Reading<'_> {
    /// The row in its final form, or nothing once its errors are written down.
    fn row(&mut self, line: &Line, judge: impl Fn(Draft) -> Result<(), AppError>) -> Option<BatchRow> {
        let before = self.errors.len();
        if let Some(problem) = &line.problem {
            self.push(line.number, "", "", problem.clone());
            return None;
        }
        let cell = |index: usize| line.cells.get(index).map_or("", String::as_str);
        let at = |index: Option<usize>| index.map(cell).map(str::trim).filter(|text| !text.is_empty());
        self.formulas += self.formulas_in(&cell);
        let number = cell(self.columns.number).trim();
        if let Some(why) = mangled(number) {
            self.error(line, self.columns.number, why.into());
        }
        // Our own list of errors writes numbers with a plus like this.
        let number = number.strip_prefix('\'').unwrap_or(number);
        let own = self
            .columns
            .message
            .map(cell)
            .filter(|text| !text.trim().is_empty());
        let text = match (own, self.template) {
            (Some(own), _) => Some(own.to_owned()),
            (None, Some(template)) => match template.fill(cell) {
                Ok(text) => Some(text),
                Err(blank) => {
                    let why = "This is blank, and the text for all needs it. Fill it in, or give the row a message.";
                    self.error(line, blank, why.into());
                    None
                }
            },
            (None, None) => None,
        };
        let media_url = at(self.columns.media_url).map(str::to_owned);
        let media_kind = at(self.columns.media_kind).and_then(|word| {
            let kind = MediaKind::from_name(&word.to_ascii_lowercase());
            if kind.is_none() {
                let why = "Write image, video, audio or document, or leave it blank.";
                self.error(line, self.columns.media_kind.unwrap_or_default(), why.into());
            } else if media_url.is_none() {
                let why = "This goes with an address in mediaUrl. Add the address, or leave it blank.";
                self.error(line, self.columns.media_kind.unwrap_or_default(), why.into());
            }
            kind
        });
        let session = at(self.columns.session).map(str::to_owned);
        if let Some(session) = &session
            && session
                .parse()
                .is_ok_and(|id: SessionId| !self.asked.sessions.contains(&id))
        {
            let why = "There is no such session in this organization. Leave it blank to let one be chosen.";
            self.error(line, self.columns.session.unwrap_or_default(), why.into());
        }
        let row = BatchRow {
            row: line.number,
            to: number.to_owned(),
            text,
            media_url,
            media_kind,
            session: session.or_else(|| self.asked.session.map(str::to_owned)),
            reference_id: at(self.columns.reference).map(str::to_owned),
        };
        if self.errors.len() == before {
            match judge(draft(row.clone())) {
                Ok(()) => return Some(row),
                Err(error) => self.refused(line, &error),
            }
        }
        None
    }

    fn refused(&mut self, line: &Line, error: &AppError) {
        let AppError::Invalid { fields } = error else {
            self.push(line.number, "", "", error.to_string());
            return;
        };
        for field in fields {
            let value = self
                .columns
                .by_name(&field.field)
                .and_then(|index| line.cells.get(index))
                .cloned();
            self.push(
                line.number,
                &field.field,
                &value.unwrap_or_default(),
                field.message.clone(),
            );
        }
    }

    fn error(&mut self, line: &Line, column: usize, message: String) {
        let name = self.names.get(column).cloned().unwrap_or_default();
        let value = line.cells.get(column).cloned().unwrap_or_default();
        self.push(line.number, &name, &value, message);
    }

    fn push(&mut self, row: i64, column: &str, value: &str, message: String) {
        /// A cell may be a megabyte long; its beginning is enough to find it.
        const SHOWN: usize = 80;
        let short = |text: &str| text.chars().filter(|c| *c != '\0').take(SHOWN).collect();
        self.errors.push(RowError {
            row,
            column: short(column),
            value: short(value),
            message,
        });
    }

    /// Cells of text that a spreadsheet would run.
    fn formulas_in<'c>(&self, cell: &impl Fn(usize) -> &'c str) -> i64 {
        let texts = self.columns.message.iter().chain(self.used);
        texts
            .filter(|index| **index != self.columns.number)
            .filter(|index| is_formula(cell(**index)))
            .count() as i64
    }
}

/// A row as the queue takes it.
pub fn draft(row: BatchRow) -> Draft {
    Draft {
        to: row.to,
        text: row.text,
        attachment: row.media_url.map(|url| AttachmentInput::Url {
            url,
            kind: row.media_kind,
        }),
        session: row.session,
        reference_id: row.reference_id,
        names: FieldNames::seed_002(""),
    }
}

/// What spreadsheets make of long numbers.
fn mangled(number: &str) -> Option<&'static str> {
    let exponent = number.split_once(['E', 'e']).is_some_and(|(digits, power)| {
        let power = power.trim_start_matches(['+', '-']);
        !power.is_empty()
            && power.bytes().all(|b| b.is_ascii_digit())
            && digits.starts_with(|c: char| c.is_ascii_digit())
            && digits
                .bytes()
                .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b','))
    });
    if exponent {
        return Some(
            "The spreadsheet has shortened this number and its digits are lost. Format the column as text, enter the \
             number again, and save the file anew.",
        );
    }
    number
        .starts_with('=')
        .then_some("This is a formula. Write the number itself, with country code.")
}
