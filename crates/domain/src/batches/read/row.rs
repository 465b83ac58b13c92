//! One row to one message.

use super::{
    columns::Columns,
    kept::Kept,
    paste::thousands,
    prepare::Asked,
    sheet::Line,
    template::{Template, Unfilled, known},
};
use crate::core::csv::is_formula;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use types::{
    AppError, Recipient, SessionId,
    batches::{BatchRow, MAX_TEXT, RowError},
    media::MediaKind,
    messages::{AttachmentInput, Draft, FieldNames},
};

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

/// A row that can be sent.
pub struct Ready {
    pub kept: Kept,
    /// Of the message as it will be sent.
    pub digest: [u8; 32],
    pub chars: i64,
    pub is_common: bool,
}

/// What is read, and what was found until now.
pub struct Reading<'a> {
    pub columns: &'a Columns,
    pub names: &'a [String],
    pub template: Option<&'a Template>,
    pub is_named: bool,
    pub asked: &'a Asked<'a>,
    pub used: &'a [usize],
    /// Columns that rows put into messages of their own.
    pub own_used: BTreeSet<usize>,
    pub formulas: i64,
    pub braces: i64,
    pub errors: Vec<RowError>,
}

impl Reading<'_> {
    /// The row in its final form, or nothing once its errors are written down.
    pub fn row(&mut self, line: &Line, judge: impl Fn(Draft) -> Result<(), AppError>) -> Option<Ready> {
        let before = self.errors.len();
        if let Some(problem) = &line.problem {
            self.push(line.number, "", "", problem.clone());
            return None;
        }
        let cell = |index: usize| line.cell(index);
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
        let template = self.template;
        let common = template.filter(|_| own.is_none());
        let text = match (own, common) {
            (Some(own), _) => self.own_text(line, own),
            (None, Some(template)) => self.filled(line, template),
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
        if self.errors.len() > before {
            return None;
        }
        if let Err(error) = judge(draft(row.clone())) {
            self.refused(line, &error);
            return None;
        }
        Some(Ready {
            digest: digest(&row),
            chars: row.text.as_deref().unwrap_or_default().chars().count() as i64,
            is_common: common.is_some(),
            kept: Kept::of(row, common.map(|common| (common, cell))),
        })
    }

    /// A message of the row's own, with the cells that it names. A list that was pasted without a
    /// header names no columns: braces in it are text, and worth a look.
    fn own_text(&mut self, line: &Line, own: &str) -> Option<String> {
        // What is too long anyway is judged as it stands.
        if own.chars().nth(MAX_TEXT as usize).is_some() {
            return Some(own.to_owned());
        }
        let read = Template::of_row(own, self.columns);
        if !self.is_named {
            let places = read.is_err() || read.is_ok_and(|own| own.is_some_and(|own| !own.used().is_empty()));
            self.braces += i64::from(places);
            return Some(own.to_owned());
        }
        match read {
            Ok(None) => Some(own.to_owned()),
            Ok(Some(template)) => {
                self.own_used.extend(template.used());
                self.filled(line, &template)
            }
            Err(name) => {
                let why = format!(
                    "This names {{{name}}}, but there is no such column. The columns are: {}. Mend the name, or write \
                     {{{{{name}}}}} to send it in braces.",
                    known(self.names)
                );
                self.error(line, self.columns.message.unwrap_or_default(), why);
                None
            }
        }
    }

    fn filled(&mut self, line: &Line, template: &Template) -> Option<String> {
        let at = |place: usize| template.used().get(place).copied().unwrap_or_default();
        let (place, why) = match template.fill(|place| line.cell(at(place))) {
            Ok(text) => return Some(text),
            Err(Unfilled::Blank(place)) => (
                place,
                "This is blank, and the text of the message needs it. Fill it in, or give the row a message without it."
                    .to_owned(),
            ),
            Err(Unfilled::TooLong(place)) => (
                place,
                format!(
                    "With its cells put in, this message has more than {} characters. Shorten the cell or the text.",
                    thousands(MAX_TEXT)
                ),
            ),
        };
        self.error(line, at(place), why);
        None
    }

    fn refused(&mut self, line: &Line, error: &AppError) {
        let AppError::Invalid { fields } = error else {
            self.push(line.number, "", "", error.to_string());
            return;
        };
        for field in fields {
            let value = self.columns.by_name(&field.field).map(|index| line.cell(index));
            self.push(
                line.number,
                &field.field,
                value.unwrap_or_default(),
                field.message.clone(),
            );
        }
    }

    pub fn error(&mut self, line: &Line, column: usize, message: String) {
        let name = self.names.get(column).cloned().unwrap_or_default();
        self.push(line.number, &name, line.cell(column), message);
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
