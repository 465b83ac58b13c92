//! A call in words: its state, its body laid out, and the command that repeats it.

use super::text::text;
use crate::{i18n::fill, ui::Mark};
use std::fmt::Write as _;
use types::request_log::{LoggedBody, LoggedRequest, RequestDetail, StatusClass};

pub fn mark(status: i32) -> Mark {
    match (status, StatusClass::of(status)) {
        (0, _) => Mark::Unsure,
        (_, StatusClass::Ok) => Mark::Ok,
        (_, StatusClass::Refused) => Mark::Warn,
        (_, StatusClass::Broken) => Mark::Bad,
    }
}

pub fn status(status: i32) -> String {
    if status == 0 {
        text().no_answer.into()
    } else {
        status.to_string()
    }
}

/// `#12`, `#12–#40`; nothing for a call that queued nothing.
pub fn entries(request: &LoggedRequest) -> Option<String> {
    let (first, last) = (request.first_queue_id?, request.last_queue_id?);
    let template = if first == last {
        text().entry
    } else {
        text().entry_range
    };
    let (first, last) = (first.to_string(), last.to_string());
    Some(fill(template, &[("first", &first), ("last", &last)]))
}

/// JSON with a line for each value, in its own order, also where it breaks off. What is no JSON
/// comes out as it is.
pub fn laid_out(text: &str) -> String {
    if !text.trim_start().starts_with(['{', '[']) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len() * 2);
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        if quoted {
            out.push(c);
            quoted = escaped || c != '"';
            escaped = !escaped && c == '\\';
            continue;
        }
        match c {
            '"' => {
                quoted = true;
                out.push(c);
            }
            '{' | '[' => {
                while rest.next_if(char::is_ascii_whitespace).is_some() {}
                out.push(c);
                if let Some(end) = rest.next_if(|next| matches!((c, next), ('{', '}') | ('[', ']'))) {
                    out.push(end);
                } else {
                    depth += 1;
                    line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(&mut out, depth);
                out.push(c);
            }
            ',' => {
                out.push(c);
                line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            // Only in JSON: a text that breaks off says so in words, which keep their blanks.
            c if c.is_ascii_whitespace() => {
                if out.ends_with(|last: char| last.is_alphanumeric() || last == '…')
                    && rest.peek().is_some_and(|c| c.is_alphanumeric())
                {
                    out.push(' ');
                }
            }
            c => out.push(c),
        }
    }
    out
}

fn line(out: &mut String, depth: usize) {
    // A hundred brackets in a row would otherwise be ten thousand blanks.
    let _ = write!(out, "\n{:width$}", "", width = depth.min(12) * 2);
}

/// Whether the body is here as it came.
pub fn is_whole(body: &LoggedBody) -> bool {
    match &body.text {
        None => body.bytes == 0,
        Some(text) => text.len() as i64 == body.bytes && !text.contains("[masked]"),
    }
}

/// The command that makes the same call again, with a key of whoever makes it.
pub fn curl(detail: &RequestDetail, public_url: &str) -> String {
    let request = &detail.request;
    let mut lines = vec![format!(
        "curl {}",
        quoted(&format!("{}{}", public_url.trim_end_matches('/'), request.url))
    )];
    if request.method != "GET" {
        lines[0] = lines[0].replacen("curl ", &format!("curl -X {} ", request.method), 1);
    }
    lines.push(format!("-H 'X-API-Key: {}'", text().key_placeholder));
    for name in ["content-type", "accept"] {
        let value = detail
            .request_headers
            .iter()
            .find(|(one, _)| one == name)
            .map(|(_, value)| value.as_str());
        if let Some(value) = value.filter(|value| *value != "*/*") {
            lines.push(format!("-H {}", quoted(&format!("{name}: {value}"))));
        }
    }
    if let Some(body) = &detail.request_body.text {
        lines.push(format!("--data-raw {}", quoted(body)));
    }
    lines.join(" \\\n  ")
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use types::{RequestId, Timestamp};

    #[test]
    fn json_is_laid_out_in_its_own_order() {
        assert_eq!(
            laid_out(r#"{"b": [1, {}],"a":"x, {y}\""}"#),
            "{\n  \"b\": [\n    1,\n    {}\n  ],\n  \"a\": \"x, {y}\\\"\"\n}"
        );
        assert_eq!(laid_out("[]"), "[]");
        assert_eq!(laid_out("plain, text"), "plain, text");
        assert_eq!(laid_out("[1, 2… 12 bytes more"), "[\n  1,\n  2… 12 bytes more");
        assert!(laid_out(&"[".repeat(10_000)).len() < 300_000);
    }

    #[test]
    fn the_command_carries_no_key_and_survives_quotes() {
        let detail = RequestDetail {
            request: LoggedRequest {
                id: RequestId::from_key(&"0".repeat(32)).unwrap(),
                at: Timestamp(0),
                method: "POST".into(),
                url: "/api/send".into(),
                status: 200,
                duration_ms: 1,
                ip: String::new(),
                key: None,
                key_prefix: None,
                session: None,
                first_queue_id: Some(4),
                last_queue_id: Some(6),
                queued: 3,
            },
            request_headers: vec![
                ("x-api-key".into(), "[masked]".into()),
                ("content-type".into(), "application/json".into()),
            ],
            request_body: LoggedBody {
                bytes: 14,
                text: Some(r#"{"text":"it's"}"#.into()),
            },
            response_headers: Vec::new(),
            response_body: LoggedBody::default(),
            as_of: Timestamp(0),
        };
        assert_eq!(
            curl(&detail, "https://a.example/"),
            "curl -X POST 'https://a.example/api/send' \\\n  -H 'X-API-Key: YOUR_API_KEY' \\\n  \
             -H 'content-type: application/json' \\\n  --data-raw '{\"text\":\"it'\\''s\"}'"
        );
        assert_eq!(entries(&detail.request).as_deref(), Some("#4–#6"));
        assert!(!is_whole(&detail.request_body) && is_whole(&detail.response_body));
    }
}
