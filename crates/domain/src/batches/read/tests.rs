//! Lists as people and programs write them, good and bad.

use super::{Asked, Prepared, Source, prepare};
use crate::core::csv::is_formula;
use proptest::prelude::*;
use std::collections::HashSet;
use types::{AppError, Recipient, batches::Encoding, messages::Draft};

/// What the queue would say, as far as these tests need it.
fn judge(draft: Draft) -> Result<(), AppError> {
    draft
        .to
        .parse::<Recipient>()
        .map_err(|error| AppError::field("number", error.to_string()))?;
    Ok(())
}

fn read(source: Source, text: Option<&str>) -> Result<Prepared, AppError> {
    let asked = Asked {
        text,
        session: None,
        sessions: &HashSet::new(),
    };
    prepare(source, &asked, judge)
}

fn csv(bytes: &[u8]) -> Result<Prepared, AppError> {
    read(Source::Csv(bytes.to_vec().into()), None)
}

/// `(row, to, text)` of what would be sent.
fn sent(prepared: &Prepared) -> Vec<(i64, &str, &str)> {
    prepared
        .rows
        .iter()
        .map(|row| (row.row, row.to.as_str(), row.text.as_deref().unwrap_or("")))
        .collect()
}

#[track_caller]
fn refused(bytes: &[u8], expect: &[&str]) {
    let error = csv(bytes).expect_err("a refusal");
    assert_eq!(error.first_field(), Some("file"));
    for part in expect {
        assert!(error.to_string().contains(part), "{part:?} is not in: {error}");
    }
}

#[test]
fn delimiters_and_encodings_are_found() {
    let check = |bytes: &[u8], delimiter: char, encoding: Encoding| {
        let read = csv(bytes).unwrap();
        assert_eq!(sent(&read), [(2, "6281234567890", "Größe ok")]);
        assert_eq!(
            (read.found.delimiter, read.found.encoding),
            (Some(delimiter), encoding)
        );
    };
    let text = "number;message\n6281234567890;Größe ok\n";
    let utf16 = |mark: [u8; 2], of: fn(u16) -> [u8; 2]| {
        let units = text.encode_utf16().flat_map(of);
        mark.into_iter().chain(units).collect::<Vec<u8>>()
    };
    check(text.as_bytes(), ';', Encoding::Utf8);
    check(text.replace(';', ",").as_bytes(), ',', Encoding::Utf8);
    check(
        text.replace(';', "\t").replace('\n', "\r\n").as_bytes(),
        '\t',
        Encoding::Utf8,
    );
    check(text.replace('\n', "\r").as_bytes(), ';', Encoding::Utf8);
    check(format!("\u{feff}{text}").as_bytes(), ';', Encoding::Utf8);
    check(&utf16([0xFF, 0xFE], u16::to_le_bytes), ';', Encoding::Utf16Le);
    check(&utf16([0xFE, 0xFF], u16::to_be_bytes), ';', Encoding::Utf16Be);
    let latin: Vec<u8> = text.chars().map(|c| c as u8).collect();
    check(&latin, ';', Encoding::Windows1252);
    let told = csv("sep=;\nnumber;message\n6281234567890;a,b,c\n".as_bytes()).unwrap();
    assert_eq!(
        sent(&told),
        [(2, "6281234567890", "a,b,c")],
        "spreadsheets do not show that line"
    );
}

#[test]
fn columns_have_names_in_any_order_and_spelling() {
    let text = "Reference ID,MESSAGE,media_url,mediaType,note,Number\nr1,Hi,https://a.example/b.png,Image,x,6281234567890\n";
    let read = csv(text.as_bytes()).unwrap();
    let row = &read.rows[0];
    assert_eq!(row.reference_id.as_deref(), Some("r1"));
    assert_eq!(row.media_url.as_deref(), Some("https://a.example/b.png"));
    assert_eq!(row.media_kind, Some(types::media::MediaKind::Image));
    assert_eq!(read.found.ignored, ["note"]);
}

#[test]
fn bad_files_are_refused_with_a_remedy() {
    refused(b"", &["empty"]);
    refused(b"\xEF\xBB\xBF  \r\n ", &["empty"]);
    refused(b"number,message\n", &["no row"]);
    refused(b"phone,text\n1,2\n", &["\"phone\", \"text\"", "\"number\""]);
    refused(
        b"number,name\n6281234567890,Ayu\n",
        &["no column \"message\"", "\"name\""],
    );
    refused(b"number,message,Number\n1,2,3\n", &["twice", "number 1 and 3"]);
    refused(
        b"number,message\n6281234567890,\"a\n6281234567891,b\n",
        &["Line 2", "never closed"],
    );
    refused(
        b"number,message\n6281234567890,x\n6281234567890,\"a\" b\n",
        &["Line 3", "closing quote"],
    );
    refused(b"PK\x03\x04rest", &[".xlsx", "Save as"]);
    refused(b"\xD0\xCF\x11\xE0rest", &[".xls", "Save as"]);
    refused(b"number,message\n1\0,2\n", &["not text"]);
    refused(b"\xFF\xFEa\0b\0\0\xD8", &["UTF-16"]);
    refused(b"\xEF\xBB\xBFnumber\n\xFF\n", &["line 2", "UTF-8"]);
    let many = format!("number,message\n{}", "6281234567890,a\n".repeat(100_001));
    refused(many.as_bytes(), &["100,000", "Split"]);
}

#[test]
fn bad_rows_say_where_and_what_to_do() {
    let text = "number,message,mediaType,sessionId\n\
                628xxx,Hi,,\n\
                6.28E+12,Hi,,\n\
                \n\
                6281234567890,\"two\nlines\",,\n\
                6281234567891,a,b,c,d\n\
                6281234567892,Hi,image,\n\
                6281234567893,Hi,,ses_00000000000000000000000000000007\n\
                =CONCAT(1),Hi,,\n";
    let read = csv(text.as_bytes()).unwrap();
    assert_eq!(sent(&read), [(5, "6281234567890", "two\nlines")]);
    assert_eq!((read.row_count, read.invalid, read.duplicates), (7, 6, 0));
    let told: Vec<(i64, &str, &str)> = read
        .errors
        .iter()
        .map(|e| (e.row, e.column.as_str(), e.message.as_str()))
        .collect();
    for (row, column, part) in [
        (2, "number", "country code"),
        (3, "number", "Format the column as text"),
        (6, "", "double quotes"),
        (7, "mediaType", "mediaUrl"),
        (8, "sessionId", "no such session"),
        (9, "number", "formula"),
    ] {
        let found = told
            .iter()
            .find(|one| one.0 == row)
            .unwrap_or_else(|| panic!("row {row} in {told:?}"));
        assert!(found.1 == column && found.2.contains(part), "{found:?}");
    }
}

#[test]
fn the_same_to_the_same_is_sent_once() {
    let text = "number,message\n6281234567890,Hi\n+62 812-3456-7890,Hi\n6281234567890,Another\n";
    let read = csv(text.as_bytes()).unwrap();
    assert_eq!(read.rows.len(), 2);
    assert_eq!((read.duplicates, read.invalid), (1, 0));
    assert!(read.errors[0].message.starts_with("Row 2 says the same"));
}

#[test]
fn formulas_are_text() {
    let read = csv(b"number,message\n+6281234567890,=1+1\n6281234567891,@home\n").unwrap();
    assert_eq!(
        sent(&read),
        [(2, "+6281234567890", "=1+1"), (3, "6281234567891", "@home")]
    );
    assert_eq!(read.found.formulas, 2, "the plus of a number is none");
}

#[test]
fn a_text_for_all_takes_cells() {
    let list = b"number,name,message\n6281234567890,Ayu,\n6281234567891,,\n6281234567892,Budi,My own\n";
    let read = |text: &str| {
        prepare(
            Source::Csv(list.to_vec().into()),
            &Asked {
                text: Some(text),
                session: None,
                sessions: &HashSet::new(),
            },
            judge,
        )
    };
    let good = read("Hi {Name}, {{code}} {number}").unwrap();
    assert_eq!(
        sent(&good),
        [
            (2, "6281234567890", "Hi Ayu, {code} 6281234567890"),
            (4, "6281234567892", "My own")
        ]
    );
    assert_eq!((good.errors[0].row, good.errors[0].column.as_str()), (3, "name"));
    for (text, part) in [
        ("Hi {nom}", "number, name, message"),
        ("Hi {name", "not closed"),
        ("Hi }", "not closed"),
    ] {
        let error = read(text).expect_err("a refusal");
        assert_eq!(error.first_field(), Some("text"));
        assert!(error.to_string().contains(part), "{error}");
    }
}

#[test]
fn people_paste_numbers_and_texts() {
    let paste = |text: &str, common| read(Source::Paste(text.into()), common);
    let plain = paste("6281234567890\n\n +62 811-0000-0142 \nnobody", Some("Hi")).unwrap();
    assert_eq!(
        sent(&plain),
        [(1, "6281234567890", "Hi"), (3, "+62 811-0000-0142", "Hi")]
    );
    assert_eq!(plain.errors[0].row, 4);
    let texts = paste("6281234567890;Hello; you\n6281234567891\tHi", None).unwrap();
    assert_eq!(
        sent(&texts),
        [(1, "6281234567890", "Hello; you"), (2, "6281234567891", "Hi")]
    );
    let table = paste("number\tname\n6281234567890\tAyu", Some("Hi {name}")).unwrap();
    assert_eq!(sent(&table), [(2, "6281234567890", "Hi Ayu")]);
    assert_eq!(paste(" \n", None).unwrap_err().first_field(), Some("list"));
}

#[test]
fn rows_of_a_call_are_counted_from_one() {
    let rows = serde_json::from_str(
        r#"[{"number": 6281234567890, "message": "a"}, {"message": null, "number": "x"}]"#,
    )
    .unwrap();
    let read = read(Source::Rows(rows), None).unwrap();
    assert_eq!(sent(&read), [(1, "6281234567890", "a")]);
    assert_eq!(read.errors[0].row, 2);
}

proptest! {
    #[test]
    fn arbitrary_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..600), text in ".{0,40}") {
        let rest = |read: Result<Prepared, AppError>| read.map(|read| {
            assert_eq!(read.rows.len() as i64 + read.duplicates + read.invalid, read.row_count);
        });
        let _ = rest(csv(&bytes));
        let _ = rest(read(Source::Csv(bytes.clone().into()), Some(&text)));
        let with_header = [b"number;message;x\n".as_slice(), &bytes].concat();
        let _ = rest(read(Source::Csv(with_header.into()), Some(&text)));
        let _ = rest(read(Source::Paste(String::from_utf8_lossy(&bytes).into_owned()), Some(&text)));
    }

    #[test]
    fn what_is_written_is_read_again(cells in proptest::collection::vec("[a-z \",;\n=]{1,20}", 1..8), delimiter in prop::sample::select(vec![',', ';', '\t'])) {
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter as u8).from_writer(Vec::new());
        writer.write_record(["number", "message"]).unwrap();
        for (index, cell) in cells.iter().enumerate() {
            writer.write_record([format!("62812345{index:05}"), format!("{index}{cell}")]).unwrap();
        }
        let read = csv(&writer.into_inner().unwrap()).unwrap();
        let texts: Vec<String> = read.rows.iter().map(|row| row.text.clone().unwrap()).collect();
        let expect: Vec<String> = cells.iter().enumerate().map(|(index, cell)| format!("{index}{cell}")).collect();
        assert_eq!(texts, expect);
        assert!(!is_formula(&texts[0]));
    }
}
