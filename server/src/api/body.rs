//! The body of a call, and its idempotency key.

use super::{
    arrive::{self, Room, Unread},
    problem::ApiError,
    record::Sheet,
};
use axum::body::HttpBody as _;
use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use sha2::{Digest, Sha256};
use std::time::Duration;
use types::{AppError, messages::Idempotency};

/// 1 MiB: everything that is text.
pub const SMALL: usize = 1 << 20;
/// 16 MiB: ten thousand messages.
pub const BULK: usize = 16 << 20;
/// 140 MiB: a document of 100 MB in base64.
pub const MEDIA: usize = 140 << 20;

const KEY: &str = "Idempotency-Key";
/// How long a body may take to arrive.
pub const PATIENCE: Duration = Duration::from_mins(2);

/// A JSON body of at most `LIMIT` bytes, unread.
#[derive(Debug)]
pub struct Body<const LIMIT: usize> {
    pub bytes: Bytes,
    pub idempotency: Option<Idempotency>,
    /// Held for as long as the call is worked on.
    pub room: Room,
}

impl<S: Sync, const LIMIT: usize> FromRequest<S> for Body<LIMIT> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        let (mut parts, body) = request.into_parts();
        let sheet = parts.extensions.remove::<Sheet>();
        let key = idempotency_key(&parts.headers)?;
        let empty = body.size_hint().exact() == Some(0);
        if !empty && !is_json(&parts.headers) {
            return Err(ApiError::http(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "UNSUPPORTED_MEDIA_TYPE",
                "Send JSON, with the header Content-Type: application/json",
            ));
        }
        // Said at once where the size is announced, instead of after reading up to the limit.
        if body.size_hint().lower() > LIMIT as u64 {
            return Err(unread(Unread::TooLong, LIMIT));
        }
        let read = arrive::read(body, LIMIT, PATIENCE).await;
        let (bytes, room) = read.map_err(|why| unread(why, LIMIT))?;
        if let Some(sheet) = sheet {
            sheet.body(&bytes);
        }
        let idempotency = key.map(|key| Idempotency {
            key,
            fingerprint: fingerprint(parts.method.as_str(), parts.uri.path(), &bytes),
        });
        Ok(Self {
            bytes,
            idempotency,
            room,
        })
    }
}

/// Whether a body could not be read because it is larger than allowed.
pub fn is_too_long(error: &axum::Error) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if error.to_string().contains("length limit exceeded") {
            return true;
        }
        cause = error.source();
    }
    false
}

/// What is answered when a body of at most `limit` bytes was not read.
pub fn unread(why: Unread, limit: usize) -> ApiError {
    match why {
        Unread::TooLong => AppError::TooLarge {
            limit_bytes: limit as i64,
        }
        .into(),
        Unread::Slow => ApiError::http(StatusCode::REQUEST_TIMEOUT, "TOO_SLOW", Unread::SLOW),
        Unread::Incomplete => ApiError::http(
            StatusCode::BAD_REQUEST,
            "INCOMPLETE_BODY",
            "The body ended before it was complete",
        ),
        Unread::Busy => AppError::Busy { retry_after: 5 }.into(),
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, ApiError> {
    let Some(value) = headers.get(KEY) else {
        return Ok(None);
    };
    let key = value.as_bytes();
    if (1..=255).contains(&key.len()) && key.iter().all(|byte| (b' '..=b'~').contains(byte)) {
        Ok(Some(String::from_utf8_lossy(key).into_owned()))
    } else {
        Err(ApiError::field(KEY, "Write 1 to 255 printable ASCII characters"))
    }
}

/// Two calls are the same when method, path and raw body are.
fn fingerprint(method: &str, path: &str, body: &[u8]) -> String {
    let mut hash = Sha256::new();
    hash.update(method);
    hash.update(b"\n");
    hash.update(path);
    hash.update(b"\n");
    hash.update(body);
    crate::hex(&hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_with_any_charset_is_json() {
        let check = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, http::HeaderValue::from_static(value));
            is_json(&headers)
        };
        assert!(check("application/json"));
        assert!(check("Application/JSON; charset=utf-8"));
        assert!(!check("text/plain"));
        assert!(!check("application/jsonp"));
        assert!(!is_json(&HeaderMap::new()));
    }

    #[test]
    fn calls_differ_by_path_and_body() {
        let one = fingerprint("POST", "/api/send", b"{}");
        assert_eq!(one, fingerprint("POST", "/api/send", b"{}"));
        assert_ne!(one, fingerprint("POST", "/api/send-bulk", b"{}"));
        assert_ne!(one, fingerprint("POST", "/api/send", b"{ }"));
    }
}
