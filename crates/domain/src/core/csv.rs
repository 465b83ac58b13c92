//! Tables for spreadsheets, which run what they are given unless one takes care.

/// What makes a spreadsheet open UTF-8 as UTF-8.
pub const MARK: &str = "\u{feff}";

/// Rows as CSV (RFC 4180), every cell in quotes. No cell of it is run by a spreadsheet, whatever
/// people typed, also by one that separates cells with something else than a comma.
pub fn rows<'a, R>(rows: impl IntoIterator<Item = R>) -> String
where
    R: IntoIterator<Item = &'a str>,
{
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .quote_style(csv::QuoteStyle::Always)
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

/// An apostrophe in front makes a spreadsheet show a cell instead of running it. Where a
/// spreadsheet would begin another cell, there is one too.
fn harmless(cell: &str) -> String {
    let mut text = String::with_capacity(cell.len() + 1);
    let mut begins = true;
    for (at, c) in cell.char_indices() {
        if begins && (matches!(c, '=' | '+' | '-' | '@') || (at == 0 && is_formula(cell))) {
            text.push('\'');
        }
        text.push(c);
        begins = matches!(c, ';' | '\t');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_keep_what_they_hold_and_none_of_them_runs() {
        let table = rows([["a,b", "say \"hi\"\nthere"], ["=1+1", "plain"]]);
        assert_eq!(
            table,
            "\"a,b\",\"say \"\"hi\"\"\nthere\"\r\n\"'=1+1\",\"plain\"\r\n"
        );
    }

    #[test]
    fn no_cell_runs_where_semicolons_or_tabs_part_cells() {
        let check = |cell: &str, expect: &str| assert_eq!(harmless(cell), expect);
        check("x;=HYPERLINK(\"a\")", "x;'=HYPERLINK(\"a\")");
        check("x\t@SUM(1);;-1", "x\t'@SUM(1);;'-1");
        check("\t=1", "'\t'=1");
        check("a-b = c+d; e", "a-b = c+d; e");
        assert_eq!(rows([["x;=1"]]), "\"x;'=1\"\r\n");
    }
}
