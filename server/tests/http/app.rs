//! The router as tests call it.

use axum::{Router, body::Body};
use bytes::Bytes;
use db::Engine;
use domain::{Ctx, testing::TestDomain};
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use server::{AppState, Site};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;
use types::{Permission, keys::CreateKey};

/// The router over a domain with one organization and one key with every scope.
pub struct TestApp {
    pub t: TestDomain,
    pub router: Router,
    pub stop: CancellationToken,
    pub key: String,
}

impl TestApp {
    /// Accepts and queues; nothing is sent.
    pub async fn new(engine: Engine) -> Self {
        Self::over(TestDomain::new(engine).await)
    }

    /// Sends too.
    pub async fn started(engine: Engine) -> Self {
        Self::over(TestDomain::new(engine).await.started().await)
    }

    pub fn over(t: TestDomain) -> Self {
        let stop = CancellationToken::new();
        let site = Site::in_folder(t.store.folder().join("site"));
        let router = server::router(AppState::new(t.domain.clone(), site, Vec::new(), stop.clone()));
        let key = t.made.api_key.clone();
        Self { t, router, stop, key }
    }

    pub async fn call(&self, call: Call) -> Answer {
        let response = self
            .router
            .clone()
            .oneshot(call.0)
            .await
            .expect("the router answers");
        Answer::read(response).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.call(Call::get(path).key(&self.key)).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.call(Call::post(path, body).key(&self.key)).await
    }

    /// A key of the organization with those scopes.
    pub async fn key_with(&self, scopes: &[Permission]) -> String {
        let input = CreateKey {
            name: "Test".into(),
            scopes: scopes.to_vec(),
            ..CreateKey::default()
        };
        self.t
            .domain
            .keys
            .create(&self.t.owner(), input)
            .await
            .expect("a key")
            .secret
    }

    /// A key with every scope in another organization.
    pub async fn other_key(&self) -> String {
        let ctx: Ctx = self.t.stranger().await;
        let input = CreateKey {
            name: "Other".into(),
            ..CreateKey::default()
        };
        self.t
            .domain
            .keys
            .create(&ctx, input)
            .await
            .expect("a key")
            .secret
    }

    /// How many entries wait, as the queue itself says.
    pub async fn waiting(&self) -> i64 {
        self.get("/api/queue").await.json()["total"]
            .as_i64()
            .expect("a total")
    }

    /// Waits until an entry has that state.
    pub async fn until_state(&self, id: &str, state: &str) {
        self.t
            .until(&format!("{id} is {state}"), async |_| {
                self.get(&format!("/api/message-status/{id}")).await.json()["state"] == state
            })
            .await;
    }

    /// What the customer's phone shows: `(text, tick)`.
    pub async fn phone(&self, number: &str) -> Vec<Value> {
        let path = format!(
            "/api/v1/sandbox/{}/phones/{number}/messages?limit=1000",
            self.t.session
        );
        let answer = self.get(&path).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["data"].as_array().expect("a list").clone()
    }

    /// The texts that arrived on that phone.
    pub async fn phone_texts(&self, number: &str) -> Vec<String> {
        let arrived = self.phone(number).await;
        arrived
            .iter()
            .map(|message| message["text"].as_str().unwrap_or_default().to_owned())
            .collect()
    }

    /// Logs the owner in and answers the cookie.
    pub async fn log_in(&self) -> String {
        let answer = self
            .call(Call::log_in("owner@example.com", "correct horse battery"))
            .await;
        answer
            .cookie()
            .unwrap_or_else(|| panic!("no cookie: {} {}", answer.status, answer.text()))
    }

    /// Gives the only member that role.
    pub async fn become_role(&self, role: types::Role) {
        let mut tx = self.t.store.db.begin().await.expect("a transaction");
        for sql in [
            "UPDATE members SET role = $1",
            "UPDATE users SET super_admin = 0 WHERE $1 <> ''",
        ] {
            db::sqlx::query(sql)
                .bind(role.name())
                .execute(tx.conn())
                .await
                .expect("a role");
        }
        tx.commit().await.expect("a commit");
    }
}

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
