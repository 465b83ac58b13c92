//! Forms with files as browsers send them (RFC 7578), from a body that was read whole.

use bytes::Bytes;
use http::{HeaderMap, header};

/// One field of a form.
#[derive(Debug, PartialEq, Eq)]
pub struct Part {
    pub name: String,
    /// Only files have one; it is blank where no file was chosen.
    pub file_name: Option<String>,
    pub content: Bytes,
}

/// What separates the parts of this form, if it is one.
pub fn boundary(headers: &HeaderMap) -> Option<String> {
    let kind = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let (kind, parameters) = kind.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let value = parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("boundary")
            .then_some(value.trim().trim_matches('"'))
    })?;
    // RFC 2046 allows so many.
    (1..=70).contains(&value.len()).then(|| value.to_owned())
}

/// The parts in their order; nothing where it is not such a form to its end.
pub fn parts(body: &Bytes, boundary: &str) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    read(body, boundary, &mut parts).map(|()| parts)
}

/// The parts that are whole in the beginning of a form.
pub fn first_parts(body: &Bytes, boundary: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let _ = read(body, boundary, &mut parts);
    parts
}

fn read(body: &Bytes, boundary: &str, parts: &mut Vec<Part>) -> Option<()> {
    /// Our forms have a dozen fields.
    const MOST: usize = 100;
    let first = format!("--{boundary}");
    let between = format!("\r\n--{boundary}");
    let mut at = first.len();
    if !body.starts_with(first.as_bytes()) {
        return None;
    }
    while parts.len() < MOST {
        match body.get(at..at + 2)? {
            b"--" => return Some(()),
            b"\r\n" => at += 2,
            _ => return None,
        }
        let head_end = at + find(&body[at..], b"\r\n\r\n")?;
        let content = head_end + 4;
        let end = content + find(&body[content..], between.as_bytes())?;
        if let Some((name, file_name)) = disposition(&String::from_utf8_lossy(&body[at..head_end])) {
            parts.push(Part {
                name,
                file_name,
                content: body.slice(content..end),
            });
        }
        at = end + between.len();
    }
    None
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    let mut from = 0;
    while let Some(found) = haystack[from..].iter().position(|byte| *byte == needle[0]) {
        let at = from + found;
        if haystack[at..].starts_with(needle) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

/// `name` and `filename` of a part's header.
fn disposition(head: &str) -> Option<(String, Option<String>)> {
    let line = head.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.trim()
            .eq_ignore_ascii_case("content-disposition")
            .then_some(value)
    })?;
    Some((parameter(line, "name")?, parameter(line, "filename")))
}

/// Browsers write a quote inside as `%22`.
fn parameter(line: &str, name: &str) -> Option<String> {
    let mark = format!("; {name}=\"");
    let from = line.find(&mark)? + mark.len();
    let value = &line[from..];
    let end = value.find('"')?;
    Some(
        value[..end]
            .replace("%22", "\"")
            .replace("%0D", "")
            .replace("%0A", " "),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(text: &str) -> Option<Vec<Part>> {
        parts(&Bytes::from(text.replace('\n', "\r\n")), "B")
    }

    #[test]
    fn fields_and_files_are_told_apart() {
        let all = form(
            "--B\nContent-Disposition: form-data; name=\"to\"\n\n6281\n--B\n\
             Content-Disposition: form-data; name=\"file\"; filename=\"a%22b.csv\"\nContent-Type: text/csv\n\nx\n--Bx\n\n--B--\n",
        );
        // What only begins like the boundary is not one by the rules of senders, who choose it so.
        assert_eq!(all, None);
        let all = form(
            "--B\nContent-Disposition: form-data; name=\"to\"\n\n6281\n--B\n\
             Content-Disposition: form-data; name=\"file\"; filename=\"a%22b.csv\"\nContent-Type: text/csv\n\nx\n\ny\n--B--\n",
        )
        .unwrap();
        assert_eq!(
            (all[0].name.as_str(), &all[0].content[..]),
            ("to", b"6281".as_slice())
        );
        assert_eq!(all[1].file_name.as_deref(), Some("a\"b.csv"));
        assert_eq!(&all[1].content[..], b"x\r\n\r\ny");
    }

    #[test]
    fn half_a_form_is_none() {
        for text in [
            "",
            "--B",
            "--B\n",
            "--B\nContent-Disposition: form-data; name=\"to\"\n\n6281",
            "--C--",
        ] {
            assert_eq!(form(text), None, "{text}");
        }
        assert_eq!(form("--B--"), Some(Vec::new()));
    }

    #[test]
    fn the_boundary_is_in_the_header() {
        let check = |value: &'static str, expect: Option<&str>| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, http::HeaderValue::from_static(value));
            assert_eq!(boundary(&headers).as_deref(), expect, "{value}");
        };
        check("multipart/form-data; boundary=----x1", Some("----x1"));
        check(
            "Multipart/Form-Data; charset=utf-8; Boundary=\"a b\"",
            Some("a b"),
        );
        check("application/json; boundary=x", None);
        check("multipart/form-data", None);
    }
}
