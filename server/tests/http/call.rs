//! What tests send, and what they get.

use axum::body::Body;
use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};

/// A request that is being put together.
pub struct Call(pub Request<Body>);

impl Call {
    pub fn new(method: Method, path: &str) -> Self {
        Self(
            Request::builder()
                .method(method)
                .uri(path)
                .body(Body::empty())
                .expect("a request"),
        )
    }

    pub fn get(path: &str) -> Self {
        Self::new(Method::GET, path)
    }

    pub fn post(path: &str, body: Value) -> Self {
        Self::new(Method::POST, path).json(body)
    }

    /// The log-in form as a page sends it.
    pub fn log_in(email: &str, password: &str) -> Self {
        Self::form("/fn/log_in", &[("email", email), ("password", password)])
    }

    pub fn form(path: &str, fields: &[(&str, &str)]) -> Self {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        Self::new(Method::POST, path)
            .raw(body)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
    }

    pub fn json(self, body: Value) -> Self {
        self.raw(body.to_string())
            .header("content-type", "application/json")
    }

    pub fn raw(mut self, body: impl Into<Body>) -> Self {
        *self.0.body_mut() = body.into();
        self
    }

    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.0
            .headers_mut()
            .insert(name, value.parse().expect("a header"));
        self
    }

    pub fn key(self, key: &str) -> Self {
        self.header("x-api-key", key)
    }

    pub fn cookie(self, cookie: &str) -> Self {
        self.header("cookie", cookie)
    }
}

#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub async fn read(response: axum::response::Response) -> Self {
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("a whole body").to_bytes();
        Self {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {} {}", self.status, self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("text"))
    }

    /// `name=value` of the cookie that was set.
    pub fn cookie(&self) -> Option<String> {
        let text = self.header("set-cookie")?;
        Some(text.split(';').next().unwrap_or_default().to_owned())
    }

    /// Holds the answer against one of the documented errors of the seeds.
    #[track_caller]
    pub fn is_seed_error(&self, status: u16, code: &str, field: Option<&str>) {
        let json = self.json();
        assert_eq!(self.status, status, "{json}");
        assert_eq!(json["success"], json!(false), "{json}");
        assert_eq!(json["code"], code, "{json}");
        assert_eq!(json.get("field").and_then(Value::as_str), field, "{json}");
        assert!(
            json["error"].as_str().is_some_and(|text| text.len() > 5),
            "{json}"
        );
        let id = json["requestId"].as_str().expect("a request id");
        assert!(id.starts_with("req_"), "{json}");
        assert_eq!(self.header("x-request-id"), Some(id));
    }

    /// The same for `/api/v1`.
    #[track_caller]
    pub fn is_problem(&self, status: u16, code: &str, field: Option<&str>) {
        let json = self.json();
        assert_eq!(self.status, status, "{json}");
        assert_eq!(
            self.header("content-type"),
            Some("application/problem+json"),
            "{json}"
        );
        assert_eq!(json["status"], status, "{json}");
        assert_eq!(json["code"], code, "{json}");
        assert_eq!(json.get("field").and_then(Value::as_str), field, "{json}");
        assert_eq!(self.header("x-request-id"), json["request_id"].as_str());
    }
}

/// A date of RFC 3339 in UTC.
#[track_caller]
pub fn assert_moment(value: &Value) {
    let text = value.as_str().unwrap_or_else(|| panic!("no moment: {value}"));
    assert!(
        text.len() == 24 && text.ends_with('Z') && text.as_bytes()[10] == b'T',
        "{text}"
    );
}
