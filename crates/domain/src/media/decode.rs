//! What callers hand over, made clean: base64 and file names.

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use std::borrow::Cow;

/// The standard alphabet, with or without padding.
const STANDARD: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Why a text is no file. The sentences are shown to callers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    #[error("The attachment is empty. Give the file's content in base64.")]
    Empty,
    #[error(
        "The attachment is not valid base64. Encode the file's bytes with the standard alphabet (A-Z, a-z, 0-9, + and /)."
    )]
    NotBase64,
}

/// Decodes base64 as mail programs, browsers and shells write it: a `data:` prefix and line
/// breaks are tolerated, the URL alphabet is not (a placeholder like `BASE64_ENCODED_DATA` would
/// pass for a file).
pub fn decode_base64(text: &str) -> Result<Vec<u8>, DecodeError> {
    let text = text.trim_ascii();
    let body = match text.get(..5) {
        Some(scheme) if scheme.eq_ignore_ascii_case("data:") => {
            let (head, body) = text.split_once(',').ok_or(DecodeError::NotBase64)?;
            let marked = head
                .get(head.len().saturating_sub(7)..)
                .is_some_and(|end| end.eq_ignore_ascii_case(";base64"));
            if marked {
                body
            } else {
                return Err(DecodeError::NotBase64);
            }
        }
        _ => text,
    };
    let dense: Cow<'_, [u8]> = if body.bytes().any(|b| b.is_ascii_whitespace()) {
        body.bytes().filter(|b| !b.is_ascii_whitespace()).collect()
    } else {
        body.as_bytes().into()
    };
    if dense.is_empty() {
        return Err(DecodeError::Empty);
    }
    STANDARD.decode(&dense).map_err(|_| DecodeError::NotBase64)
}

const LONGEST_NAME: usize = 255;

/// The name alone: directories, control characters and surplus length are dropped, the
/// extension stays. `None` when nothing is left.
pub fn clean_filename(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last.chars().filter(|c| !c.is_control()).collect();
    let name = kept.trim();
    if name.is_empty() || name.bytes().all(|b| b == b'.') {
        return None;
    }
    let length = name.chars().count();
    if length <= LONGEST_NAME {
        return Some(name.to_owned());
    }
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let tail = if (1..=16).contains(&extension.chars().count()) {
        format!(".{extension}")
    } else {
        String::new()
    };
    let stem = name.chars().take(LONGEST_NAME - tail.chars().count());
    Some(stem.chain(tail.chars()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: Result<&[u8], DecodeError>) {
        assert_eq!(
            decode_base64(text).as_deref(),
            expect.as_ref().map(|bytes| *bytes),
            "{text:?}"
        );
    }

    #[test]
    fn base64_as_it_is_written() {
        for text in [
            "aGVsbG8/Pz8+",
            " aGVs\r\nbG8/\nPz8+\n",
            "data:text/plain;base64,aGVsbG8/Pz8+",
            "data:;base64,aGVsbG8/Pz8+",
            "DATA:image/png;charset=utf-8;BASE64, aGVs bG8/ Pz8+",
        ] {
            check(text, Ok(b"hello???>"));
        }
        check("aGk=", Ok(b"hi"));
        check("aGk", Ok(b"hi"));
    }

    #[test]
    fn placeholders_and_other_alphabets() {
        check("BASE64_ENCODED_DATA", Err(DecodeError::NotBase64));
        check("aGVsbG8_Pz8-", Err(DecodeError::NotBase64));
        check("data:text/plain,hello", Err(DecodeError::NotBase64));
        check("data:text/plain;base64", Err(DecodeError::NotBase64));
        check("https://example.com/a.png", Err(DecodeError::NotBase64));
        check("aGVsb", Err(DecodeError::NotBase64));
        check("äöü,", Err(DecodeError::NotBase64));
        check("dat→a:", Err(DecodeError::NotBase64));
        for text in ["", " \n", "data:image/png;base64,"] {
            check(text, Err(DecodeError::Empty));
        }
    }

    fn check_name(name: &str, expect: Option<&str>) {
        assert_eq!(clean_filename(name).as_deref(), expect, "{name:?}");
    }

    #[test]
    fn names_lose_their_paths() {
        check_name("price list.pdf", Some("price list.pdf"));
        check_name("../../etc/passwd", Some("passwd"));
        check_name(r"C:\Users\Budi\foto.jpg", Some("foto.jpg"));
        check_name("a\0b\nc.txt", Some("abc.txt"));
        check_name("日本語.pdf", Some("日本語.pdf"));
        for name in ["", "   ", ".", "..", "folder/", "\u{7}"] {
            check_name(name, None);
        }
    }

    #[test]
    fn long_names_keep_their_extension() {
        let name = clean_filename(&format!("{}.pdf", "ü".repeat(300))).unwrap();
        assert_eq!(name.chars().count(), 255);
        assert!(name.ends_with("ü.pdf"));
        assert_eq!(clean_filename(&"x".repeat(256)).unwrap().len(), 255);
    }
}
