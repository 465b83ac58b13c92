//! Addresses: filter, tab and cursor live in them.

use leptos_router::params::ParamsMap;

/// An address with a query; empty values are left out.
pub fn href(path: &str, query: &[(&str, &str)]) -> String {
    let mut out = String::from(path);
    let mut separator = '?';
    for (key, value) in query.iter().filter(|(_, value)| !value.is_empty()) {
        out.push(separator);
        out.push_str(key);
        out.push('=');
        push_encoded(&mut out, value);
        separator = '&';
    }
    out
}

/// The present query with some values changed; an empty one is removed. What a form of a page
/// without script left behind (`__err`, `__path`) never travels on.
pub fn with(path: &str, query: &ParamsMap, changes: &[(&str, &str)]) -> String {
    let mut pairs: Vec<(String, String)> = query
        .clone()
        .into_iter()
        .map(|(key, value)| (key.into_owned(), value))
        .filter(|(key, _)| !key.starts_with("__") && changes.iter().all(|(changed, _)| changed != key))
        .collect();
    pairs.extend(
        changes
            .iter()
            .map(|(key, value)| ((*key).to_string(), (*value).to_string())),
    );
    let pairs: Vec<_> = pairs
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str()))
        .collect();
    href(path, &pairs)
}

/// Percent-encodes everything but RFC 3986's unreserved characters.
pub fn encode(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    push_encoded(&mut out, value);
    out
}

fn push_encoded(out: &mut String, value: &str) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(char::from(HEX[usize::from(byte >> 4)]));
            out.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        assert_eq!(
            href("/queue", &[("state", "pending"), ("session", "")]),
            "/queue?state=pending"
        );
        assert_eq!(href("/queue", &[]), "/queue");
        assert_eq!(encode("a b&c=é/"), "a%20b%26c%3D%C3%A9%2F");
    }

    #[test]
    fn a_change_keeps_the_rest() {
        let query: ParamsMap = [("state", "failed"), ("cursor", "abc"), ("__err", "x")]
            .into_iter()
            .collect();
        assert_eq!(with("/queue", &query, &[("cursor", "")]), "/queue?state=failed");
        assert_eq!(
            with("/queue", &query, &[("state", "sent"), ("cursor", "")]),
            "/queue?state=sent"
        );
    }
}
