//! Lists for spreadsheets.

use super::read::is_formula;
use types::batches::RowError;

/// A list to begin with: what each column is for shows by example.
pub const SAMPLE: &str = "\u{feff}number,message,mediaUrl,mediaType,reference_id,sessionId,name\r\n\
     6281234567890,\"Hello Ayu, your order *10498* is ready.\",,,order-10498,,Ayu\r\n\
     +62 811-0000-0142,Your receipt,https://example.com/receipt.pdf,document,order-10499,,Budi\r\n";

/// The errors as CSV. No cell of it is run by a spreadsheet, whatever people typed.
pub fn errors(errors: &[RowError]) -> String {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::from(b"\xEF\xBB\xBF".as_slice()));
    let header = ["row", "column", "value", "error"].map(String::from);
    let lines = errors.iter().map(|error| {
        [
            error.row.to_string(),
            harmless(&error.column),
            harmless(&error.value),
            harmless(&error.message),
        ]
    });
    for line in std::iter::once(header).chain(lines) {
        // Writing into memory does not fail.
        let _ = writer.write_record(&line);
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

/// An apostrophe in front makes a spreadsheet show a cell instead of running it.
fn harmless(cell: &str) -> String {
    if is_formula(cell) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}
