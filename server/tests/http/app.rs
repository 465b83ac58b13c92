//! The router as tests call it.

pub use crate::call::{Answer, Call, assert_moment};

use axum::Router;
use db::Engine;
use domain::{Ctx, testing::TestDomain};
use serde_json::Value;
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
