//! What is a secret, and text without them. Everything passes here before it is stored.

use std::borrow::Cow;
use url::form_urlencoded;

/// Stands where a secret was.
pub const MASK: &str = "[masked]";

/// Letters and digits after `sb_` that are shown anywhere: a key's name in the world.
const NAME: usize = 8;

/// Whether a header, a field or a parameter of that name holds a secret.
pub fn is_secret(name: &str) -> bool {
    const PARTS: [&str; 15] = [
        "password",
        "passwd",
        "passphrase",
        "passcode",
        "secret",
        "token",
        "apikey",
        "accesskey",
        "privatekey",
        "authorization",
        "credential",
        "cookie",
        "sessionkey",
        "csrf",
        "xsrf",
    ];
    // `qr` links a phone while it lasts, and is long.
    const WHOLE: [&str; 9] = [
        "pwd",
        "auth",
        "bearer",
        "otp",
        "qr",
        "pass",
        "pin",
        "jwt",
        "signature",
    ];
    let plain = plain(name);
    WHOLE.contains(&plain.as_str()) || PARTS.iter().any(|part| plain.contains(part))
}

fn plain(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// The same of a parameter of an address, where short names are what secrets have: those of links
/// that are signed, or that log somebody in.
pub fn is_secret_parameter(name: &str) -> bool {
    const WHOLE: [&str; 4] = ["key", "code", "sig", "hmac"];
    let plain = plain(name);
    WHOLE.contains(&plain.as_str()) || plain.ends_with("signature") || is_secret(name)
}

/// The same of a header, by its words: `X-Hub-Signature`, `X-Auth`.
fn is_secret_header(name: &str) -> bool {
    const WORDS: [&str; 9] = [
        "key",
        "auth",
        "sig",
        "signature",
        "hmac",
        "jwt",
        "pass",
        "pin",
        "sid",
    ];
    // What these say is meant to be seen, and is what people look for.
    const KNOWN: [&str; 3] = ["idempotency-key", "x-idempotency-key", "sec-websocket-key"];
    let name = name.to_ascii_lowercase();
    !KNOWN.contains(&name.as_str())
        && (is_secret(&name)
            || name
                .split(|c: char| !c.is_alphanumeric())
                .any(|word| WORDS.contains(&word)))
}

/// A value without our keys, and without what the addresses in it must not tell.
pub fn text(text: &str) -> Cow<'_, str> {
    if !text.contains("://") {
        return keys(text);
    }
    Cow::Owned(keys(&addresses(text)).into_owned())
}

/// The text with the addresses in it as they may be seen: without who logs in there, and without
/// the values of secret parameters.
fn addresses(text: &str) -> String {
    let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | '\\');
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        out.push_str(before);
        let (address, after) = after.split_at(after.find(ends).unwrap_or(after.len()));
        let host = address.find(['/', '?', '#']).unwrap_or(address.len());
        let host = match address[..host].rfind('@') {
            Some(at) => {
                out.push_str(MASK);
                at
            }
            None => 0,
        };
        let (path, query) =
            address[host..].split_at(address[host..].find(['?', '#']).unwrap_or(address.len() - host));
        out.push_str(path);
        let mut parts = query;
        while let Some(sign) = parts.chars().next() {
            let part = &parts[1..];
            let end = part.find(['&', '?', '#', ';']).unwrap_or(part.len());
            out.push(sign);
            out.push_str(&pair(&part[..end]));
            parts = &part[end..];
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The text without what looks like one of our keys, of which the name stays.
pub fn keys(text: &str) -> Cow<'_, str> {
    if end_of_key(text, 0).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    while let Some((name, end)) = end_of_key(text, done) {
        out.push_str(&text[done..name]);
        out.push_str(MASK);
        done = end;
    }
    out.push_str(&text[done..]);
    Cow::Owned(out)
}

/// Where the name of the next key ends, and where the key does. More than a name is a secret,
/// also when it is not all of it. Capitals count too: some programs fold what they pass on.
fn end_of_key(text: &str, from: usize) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut at = from;
    while at + 3 <= bytes.len() {
        if bytes[at..at + 3].eq_ignore_ascii_case(b"sb_") {
            let body = at + 3;
            let length = bytes[body..]
                .iter()
                .take_while(|byte| byte.is_ascii_alphanumeric())
                .count();
            if length > NAME {
                return Some((body + NAME, body + length));
            }
        }
        at += 1;
    }
    None
}

/// A value of a header.
pub fn header(name: &str, value: &str) -> String {
    if !is_common(name) && is_secret_header(name) {
        return MASK.into();
    }
    if value.contains("://") {
        return text(&address(value)).into_owned();
    }
    if value.starts_with('/') {
        return address(value);
    }
    keys(value).into_owned()
}

/// Headers of nearly every call, which need no second look at their names.
fn is_common(name: &str) -> bool {
    matches!(
        name,
        "host"
            | "user-agent"
            | "accept"
            | "accept-encoding"
            | "accept-language"
            | "connection"
            | "content-type"
            | "content-length"
            | "cache-control"
            | "x-request-id"
            | "origin"
            | "x-forwarded-for"
            | "access-control-allow-origin"
            | "access-control-expose-headers"
    )
}

/// An address without the secrets in its path and its parameters.
pub fn address(address: &str) -> String {
    let (path, query) = match address.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (address, None),
    };
    let mut out: String = path.split('/').map(piece).collect::<Vec<_>>().join("/");
    if let Some(query) = query {
        let pairs = query.split('&').map(pair).collect::<Vec<_>>();
        out.push('?');
        out.push_str(&pairs.join("&"));
    }
    out
}

/// One part of a path, which may be percent-encoded. A key is one whatever its spelling.
fn piece(text: &str) -> Cow<'_, str> {
    if text.contains('%') && is_key(&decoded(text)) {
        return Cow::Borrowed(MASK);
    }
    keys(text)
}

fn pair(text: &str) -> Cow<'_, str> {
    let Some((name, value)) = text.split_once('=') else {
        return piece(text);
    };
    let said = decoded(value);
    // An address within an address has secrets of its own.
    if is_secret_parameter(&decoded(name)) || said.contains("://") && addresses(&said) != said {
        return Cow::Owned(format!("{}={MASK}", piece(name)));
    }
    Cow::Owned(format!("{}={}", piece(name), piece(value)))
}

fn is_key(text: &str) -> bool {
    end_of_key(text, 0).is_some()
}

/// Without percent signs, also where they were encoded twice.
fn decoded(text: &str) -> String {
    let once = |text: &str| -> String {
        // Neither sign may split the text here: it is one value.
        let escaped = text.replace('&', "%26").replace('=', "%3D");
        form_urlencoded::parse(escaped.as_bytes())
            .map(|(name, _)| name.into_owned())
            .collect()
    };
    let text = once(text);
    if text.contains('%') { once(&text) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_of_secrets() {
        for name in [
            "X-API-Key",
            "authorization",
            "Proxy-Authorization",
            "Set-Cookie",
            "password",
            "newPassword",
            "client_secret",
            "access-token",
            "api_key",
            "apiKey",
            "APIKEY",
            "qr",
            "pass",
            "pin",
            "jwt",
            "signature",
            "csrf",
            "csrfToken",
            "session_key",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in [
            "content-type",
            "number",
            "message",
            "key",
            "code",
            "qrSize",
            "author",
            "passenger",
            "sessionId",
            "reference_id",
            "pinned",
            "shipping",
        ] {
            assert!(!is_secret(name), "{name}");
        }
    }

    #[test]
    fn headers_are_secret_by_their_words() {
        for name in [
            "X-Auth",
            "X-Hub-Signature",
            "x-hub-signature-256",
            "X-CSRF",
            "X-Xsrf-Token",
            "X-Key",
            "x-goog-jwt",
            "X-Pin",
        ] {
            assert_eq!(header(name, "seen"), MASK, "{name}");
        }
        for name in [
            "Idempotency-Key",
            "X-Request-Id",
            "X-Session-Id",
            "Keep-Alive",
            "X-Author",
            "If-None-Match",
        ] {
            assert_eq!(header(name, "seen"), "seen", "{name}");
        }
        assert_eq!(
            header("referer", "https://ana:hunter2@shop.example/a?sig=abc&page=2"),
            "https://[masked]@shop.example/a?sig=[masked]&page=2"
        );
    }

    #[test]
    fn addresses_within_texts_tell_no_secrets() {
        for (given, expect) in [
            (
                "https://ana:hunter2@files.example/a.png?size=5&X-Amz-Signature=abc&X-Amz-Credential=x#token=y",
                "https://[masked]@files.example/a.png?size=5&X-Amz-Signature=[masked]&X-Amz-Credential=[masked]#token=[masked]",
            ),
            (
                "Look: http://a@b.example, or https://c.example/?q=1&jwt=x.",
                "Look: http://[masked]@b.example, or https://c.example/?q=1&jwt=[masked]",
            ),
            ("mail me@shop.example://", "mail me@shop.example://"),
            (
                "https://shop.example/a@b?number=62812",
                "https://shop.example/a@b?number=62812",
            ),
        ] {
            assert_eq!(text(given), expect);
            assert_eq!(text(expect), expect, "twice");
        }
    }

    #[test]
    fn a_keys_name_stays() {
        let key = format!("sb_{}", "a1B2c3D4".repeat(7));
        assert_eq!(keys(&format!("({key})")), "(sb_a1B2c3D4[masked])");
        assert_eq!(keys("sb_a1B2c3D4, msb_"), "sb_a1B2c3D4, msb_");
    }

    #[test]
    fn addresses_keep_what_is_no_secret() {
        let key = format!("sb_{}", "a1B2c3D4".repeat(7));
        for (given, expect) in [
            (
                "/api/queue?status=pending&limit=5".to_owned(),
                "/api/queue?status=pending&limit=5",
            ),
            (
                "/api/v1/chats?token=abc&a".into(),
                "/api/v1/chats?token=[masked]&a",
            ),
            (format!("/api/send?k={key}"), "/api/send?k=sb_a1B2c3D4[masked]"),
            (format!("/api/{key}/x"), "/api/sb_a1B2c3D4[masked]/x"),
            (
                format!("/api/x?k={}", key.replace('_', "%5f")),
                "/api/x?k=[masked]",
            ),
            (
                format!("/api/x?k={}", key.replace('_', "%255F")),
                "/api/x?k=[masked]",
            ),
            ("/api/x?api%5Fkey=abc".into(), "/api/x?api%5Fkey=[masked]"),
            (
                "/api/x?key=a&pass=b&code=c&signature=d&sig=e&jwt=f&pin=g&session_key=h&session=i".into(),
                "/api/x?key=[masked]&pass=[masked]&code=[masked]&signature=[masked]&sig=[masked]&jwt=[masked]&pin=[masked]&session_key=[masked]&session=i",
            ),
            (
                "/api/x?mediaUrl=https%3A%2F%2Fana%3Apw%40f.example&b=https%3A%2F%2Ff.example".into(),
                "/api/x?mediaUrl=[masked]&b=https%3A%2F%2Ff.example",
            ),
        ] {
            assert_eq!(address(&given), expect, "{given}");
        }
    }

    proptest! {
        #[test]
        fn no_key_passes(before in ".{0,20}", secret in "[0-9A-Za-z]{43}", name in "[0-9A-Za-z]{8}", after in ".{0,20}") {
            let text = format!("{before}sb_{name}{secret}{after}");
            prop_assert!(!keys(&text).contains(&secret[..43]));
            prop_assert!(!address(&text).contains(&secret[..43]));
            prop_assert!(!header("x-anything", &text).contains(&secret[..43]));
        }

        #[test]
        fn masking_twice_changes_nothing(text in "(.|sb_[a-z0-9]{0,60}){0,8}") {
            let once = keys(&text).into_owned();
            prop_assert_eq!(keys(&once).into_owned(), once);
        }
    }
}
