//! Lists for spreadsheets.

use crate::core::csv;
use types::batches::RowError;

/// A list to begin with: what each column is for shows by example.
pub const SAMPLE: &str = "\u{feff}number,message,mediaUrl,mediaType,reference_id,sessionId,name\r\n\
     6281234567890,\"Hello Ayu, your order *10498* is ready.\",,,order-10498,,Ayu\r\n\
     +62 811-0000-0142,Your receipt,https://example.com/receipt.pdf,document,order-10499,,Budi\r\n";

/// The errors as CSV.
pub fn errors(errors: &[RowError]) -> String {
    let rows = errors
        .iter()
        .map(|error| error.row.to_string())
        .collect::<Vec<_>>();
    let lines = errors.iter().zip(&rows).map(|(error, row)| {
        [
            row.as_str(),
            error.column.as_str(),
            error.value.as_str(),
            error.message.as_str(),
        ]
    });
    let header = ["row", "column", "value", "error"];
    format!("{}{}", csv::MARK, csv::rows(std::iter::once(header).chain(lines)))
}
