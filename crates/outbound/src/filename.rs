//! What the fetched file calls itself.

use reqwest::header::{CONTENT_DISPOSITION, HeaderMap};
use url::Url;

/// The server's word, else the last part of the path. Without directories, and only a proposal:
/// what the file is, its content says.
pub(crate) fn of_answer(headers: &HeaderMap, url: &Url) -> Option<String> {
    let said = headers
        .get(CONTENT_DISPOSITION)
        .map(|value| String::from_utf8_lossy(value.as_bytes()));
    said.and_then(|value| of_disposition(&value)).or_else(|| {
        let last = url.path_segments()?.next_back()?;
        clean(&String::from_utf8_lossy(&unescape(last)))
    })
}

fn of_disposition(value: &str) -> Option<String> {
    let mut plain = None;
    for (key, value) in parameters(value) {
        match key.as_str() {
            // RFC 6266: the extended form wins wherever it stands.
            "filename*" => {
                let (charset, rest) = value.split_once('\'')?;
                let (_language, escaped) = rest.split_once('\'')?;
                if charset.eq_ignore_ascii_case("utf-8") {
                    return clean(&String::from_utf8_lossy(&unescape(escaped)));
                }
            }
            "filename" => plain = clean(&value),
            _ => {}
        }
    }
    plain
}

/// The `key=value` parts after the first semicolon; quoted values may hold semicolons.
fn parameters(value: &str) -> Vec<(String, String)> {
    let mut parts = vec![String::new()];
    let mut quoted = false;
    let mut rest = value.chars().peekable();
    while let Some(c) = rest.next() {
        let escaped = match c {
            // Only before a quote or another one: some servers send `..\..\file` unescaped.
            '\\' if quoted => rest.next_if(|next| matches!(next, '"' | '\\')),
            _ => None,
        };
        match escaped.unwrap_or(c) {
            '"' if escaped.is_none() => quoted = !quoted,
            ';' if !quoted => parts.push(String::new()),
            c => {
                if let Some(part) = parts.last_mut() {
                    part.push(c);
                }
            }
        }
    }
    parts
        .iter()
        .skip(1)
        .filter_map(|part| part.split_once('='))
        .map(|(key, value)| (key.trim().to_ascii_lowercase(), value.trim().to_owned()))
        .collect()
}

fn unescape(text: &str) -> Vec<u8> {
    let digit = |byte: Option<&u8>| byte.and_then(|b| char::from(*b).to_digit(16)).map(|d| d as u8);
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if let (b'%', Some(high), Some(low)) = (byte, digit(bytes.get(at + 1)), digit(bytes.get(at + 2))) {
            out.push(high * 16 + low);
            at += 3;
        } else {
            out.push(byte);
            at += 1;
        }
    }
    out
}

fn clean(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = last.chars().filter(|c| !c.is_control()).take(255).collect();
    let name = name.trim();
    (!name.is_empty() && name != "." && name != "..").then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(disposition: Option<&str>, url: &str, expect: Option<&str>) {
        let mut headers = HeaderMap::new();
        if let Some(value) = disposition {
            headers.insert(
                CONTENT_DISPOSITION,
                reqwest::header::HeaderValue::from_bytes(value.as_bytes()).unwrap(),
            );
        }
        assert_eq!(
            of_answer(&headers, &url.parse().unwrap()).as_deref(),
            expect,
            "{disposition:?} {url}"
        );
    }

    #[test]
    fn from_the_path() {
        check(
            None,
            "https://example.com/a/price%20list.pdf?x=y",
            Some("price list.pdf"),
        );
        check(None, "https://example.com/%2e%2e%2fetc%2fpasswd", Some("passwd"));
        check(None, "https://example.com/50%.png", Some("50%.png"));
        check(None, "https://example.com/", None);
    }

    #[test]
    fn from_the_server() {
        let url = "https://example.com/download";
        check(
            Some("attachment; filename=\"a;b \\\"c\\\".pdf\""),
            url,
            Some("a;b \"c\".pdf"),
        );
        check(Some("attachment; filename=plain.csv"), url, Some("plain.csv"));
        check(
            Some("attachment; filename=\"x.pdf\"; filename*=UTF-8''%e2%82%ac.pdf"),
            url,
            Some("€.pdf"),
        );
        check(
            Some("attachment; FILENAME=\"..\\..\\evil.pdf\""),
            url,
            Some("evil.pdf"),
        );
        check(Some("inline"), url, Some("download"));
        check(Some("attachment; filename=\"\""), url, Some("download"));
    }
}
