//! Tables for spreadsheets, which run what they are given unless one takes care.

/// What makes a spreadsheet open UTF-8 as UTF-8.
pub const MARK: &str = "\u{feff}";

/// Rows as CSV (RFC 4180). No cell of it is run by a spreadsheet, whatever people typed.
pub fn rows<'a, R>(rows: impl IntoIterator<Item = R>) -> String
where
    R: IntoIterator<Item = &'a str>,
{
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    for row in rows {
        // Writing into memory does not fail.
        let _ = writer.write_record(row.into_iter().map(harmless));
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

/// Whether a spreadsheet would take that cell for a formula.
pub fn is_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// An apostrophe in front makes a spreadsheet show a cell instead of running it.
fn harmless(cell: &str) -> String {
    if is_formula(cell) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_keep_what_they_hold_and_none_of_them_runs() {
        let table = rows([["a,b", "say \"hi\"\nthere"], ["=1+1", "plain"]]);
        assert_eq!(table, "\"a,b\",\"say \"\"hi\"\"\nthere\"\r\n'=1+1,plain\r\n");
    }
}
