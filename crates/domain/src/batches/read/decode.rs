//! Bytes to text: by the mark at the beginning, else UTF-8, else what Windows wrote for decades.

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};
use types::batches::Encoding;

/// The text and how it was written; or what is wrong with the file and what to do.
pub fn decode(bytes: &[u8]) -> Result<(String, Encoding), String> {
    let (text, encoding) = match bytes {
        [] => return Err("The file is empty. Choose one with a header and at least one row.".into()),
        [0xEF, 0xBB, 0xBF, rest @ ..] => (utf8(rest)?, Encoding::Utf8),
        [0xFF, 0xFE, rest @ ..] => (utf16(UTF_16LE, rest)?, Encoding::Utf16Le),
        [0xFE, 0xFF, rest @ ..] => (utf16(UTF_16BE, rest)?, Encoding::Utf16Be),
        [b'P', b'K', 3, 4, ..] => {
            return Err(
                "This is an Excel workbook (.xlsx) or another ZIP file, not CSV. In Excel choose Save as, \
                 then CSV UTF-8, and upload that file."
                    .into(),
            );
        }
        [0xD0, 0xCF, 0x11, 0xE0, ..] => {
            return Err(
                "This is an old Excel workbook (.xls), not CSV. In Excel choose Save as, then CSV UTF-8, \
                 and upload that file."
                    .into(),
            );
        }
        [b'%', b'P', b'D', b'F', ..] => {
            return Err("This is a PDF, not CSV. Save the table as CSV and upload that file.".into());
        }
        _ if bytes.iter().any(|byte| is_binary(*byte)) => {
            return Err(
                "This file is not text: it has bytes that no CSV has. Save the table as CSV UTF-8 and \
                 upload that file."
                    .into(),
            );
        }
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => (text.to_owned(), Encoding::Utf8),
            Err(_) => (
                WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
                Encoding::Windows1252,
            ),
        },
    };
    if text.chars().any(|c| u8::try_from(c).is_ok_and(is_binary)) {
        return Err(
            "This file is not a table of text: it has control characters in it. Save it as CSV UTF-8 and \
             upload that file."
                .into(),
        );
    }
    if text.trim().is_empty() {
        return Err("The file is empty. Choose one with a header and at least one row.".into());
    }
    // Old Macs ended lines with this alone.
    let text = if text.contains('\n') {
        text
    } else {
        text.replace('\r', "\n")
    };
    Ok((text, encoding))
}

/// Control characters that no table has; tabs and ends of lines are none.
const fn is_binary(byte: u8) -> bool {
    matches!(byte, 0..=8 | 11 | 14..=26 | 28..=31 | 127)
}

fn utf8(bytes: &[u8]) -> Result<String, String> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => {
            let line = bytes[..error.valid_up_to()].split(|byte| *byte == b'\n').count();
            Err(format!(
                "The file says that it is UTF-8, but line {line} is not. Save it again as CSV UTF-8."
            ))
        }
    }
}

fn utf16(encoding: &'static encoding_rs::Encoding, bytes: &[u8]) -> Result<String, String> {
    let (text, had_errors) = encoding.decode_without_bom_handling(bytes);
    if had_errors {
        return Err(
            "The file says that it is UTF-16 (Unicode text), but parts of it are not. Save it again as CSV UTF-8."
                .into(),
        );
    }
    Ok(text.into_owned())
}
