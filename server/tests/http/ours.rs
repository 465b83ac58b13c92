//! Things of one organization that another one must never see.

use crate::{app::TestApp, compat_message::PDF};
use domain::alerts::{Named, NewAlert};
use serde_json::{Value, json};

/// Ids of things that our organization has.
pub struct Ours {
    pub session: String,
    pub message: String,
    pub chat: String,
    pub media: String,
    pub key: String,
    pub alert: String,
    /// The call that queued the message.
    pub request: String,
    pub batch: String,
}

impl Ours {
    pub async fn make(app: &TestApp) -> Self {
        let body = json!({"number": "6282146727409", "media": {"data": PDF, "mimetype": "application/pdf"}});
        let message = app.post("/api/send-message", body).await.json()["id"]
            .as_str()
            .unwrap()
            .to_owned();
        app.until_state(&message, "read").await;
        let session = app.t.session.to_string();
        let chats = app.get(&format!("/api/v1/chats?session={session}")).await.json();
        let entry = app.get(&format!("/api/v1/messages/{message}")).await.json();
        let keys = app.get("/api/v1/keys").await.json();
        app.t.domain.request_log.flush().await;
        let calls = app.get("/api/v1/request-log?path=/api/send-message").await.json();
        let rows = json!({"rows": [{"number": "6282146727409", "message": "a"}]});
        let batch = app.post("/api/v1/batches", rows).await.json();
        let text = |value: &Value| {
            value
                .as_str()
                .unwrap_or_else(|| panic!("no id in {value}"))
                .to_owned()
        };
        Self {
            session,
            chat: text(&chats["data"][0]["id"]),
            media: text(&entry["media"]["id"]),
            key: text(&keys["data"][0]["id"]),
            alert: an_alert(app).await,
            request: text(&calls["data"][0]["id"]),
            batch: text(&batch["id"]),
            message,
        }
    }

    /// The path with our ids in it.
    pub fn fill(&self, path: &str) -> String {
        let id = match path.split('/').find(|part| {
            [
                "sessions",
                "messages",
                "message-status",
                "queue",
                "chats",
                "media",
                "keys",
                "alerts",
                "request-log",
                "batches",
            ]
            .contains(part)
        }) {
            Some("sessions") => &self.session,
            Some("chats") => &self.chat,
            Some("media") => &self.media,
            Some("keys") => &self.key,
            Some("alerts") => &self.alert,
            Some("request-log") => &self.request,
            Some("batches") => &self.batch,
            _ => &self.message,
        };
        let path = path
            .replace("{id}", id)
            .replace("{session}", &self.session)
            .replace("{number}", "6282146727409");
        if path == "/api/v1/chats" {
            format!("{path}?session={}", self.session)
        } else {
            path
        }
    }

    /// Our id where an argument asks for one, else the argument itself.
    pub fn arg(&self, value: &str) -> String {
        match value {
            "$session" => self.session.clone(),
            "$message" => self.message.clone(),
            "$chat" => self.chat.clone(),
            "$key" => self.key.clone(),
            "$alert" => self.alert.clone(),
            "$request" => self.request.clone(),
            "$batch" => self.batch.clone(),
            other => other.to_owned(),
        }
    }
}

/// An open alert about our session.
pub async fn an_alert(app: &TestApp) -> String {
    let session = Named {
        organization: app.t.made.organization,
        session: app.t.session,
        name: "Sandbox",
    };
    let mut tx = app.t.domain.shared.begin().await.expect("a transaction");
    let new = NewAlert::repeated_text(session, 40, "Hello");
    let id = app
        .t
        .domain
        .alerts
        .raise_in(&mut tx, new)
        .await
        .expect("an alert");
    tx.commit().await.expect("a commit");
    id.to_string()
}
