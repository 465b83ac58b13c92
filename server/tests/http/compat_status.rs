//! `GET /api/message-status/{id}`, held against `compat-api.md`.

use crate::app::TestApp;
use domain::testing::each_engine;
use serde_json::{Value, json};

#[tokio::test]
async fn one_entry_under_each_of_its_names() {
    each_engine(async |engine| {
        let app = TestApp::started(engine).await;
        let body = json!({"number": "6282146727409", "message": "Hello!", "reference_id": "order-12345"});
        let id = app.post("/api/send-message", body).await.json()["id"]
            .as_str()
            .unwrap()
            .to_owned();
        app.until_state(&id, "read").await;
        let status = app.get(&format!("/api/message-status/{id}")).await.json();
        assert_eq!(status["id"], json!(id));
        assert_eq!(status["reference_id"], "order-12345");
        assert_eq!(status["number"], "6282146727409");
        assert_eq!(status["chatId"], "6282146727409@c.us");
        assert_eq!(status["message"], "Hello!");
        assert_eq!(status["status"], "sent", "read is folded");
        assert_eq!(status["error"], Value::Null);
        assert!(
            status["createdAt"]
                .as_i64()
                .is_some_and(|ms| ms > 1_700_000_000_000),
            "{status}"
        );
        assert!(
            status["sentAt"].as_i64() >= status["createdAt"].as_i64(),
            "{status}"
        );
        assert_eq!(status["state"], "read");
        assert_eq!(status["queueId"], 1);
        assert!(status.get("success").is_none(), "no envelope");
        let prefixed = format!("msg_{}", id.replace('-', ""));
        for other in ["1", prefixed.as_str(), "order-12345"] {
            let same = app.get(&format!("/api/message-status/{other}")).await.json();
            assert_eq!(same["id"], status["id"], "{other}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_reference_is_not_unique() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let send = async |body: Value| app.post("/api/send-message", body).await.json();
        send(json!({"number": "6282146727409", "message": "old", "reference_id": "a/b c"})).await;
        let newest = send(json!({"recipients": ["6282146727401", "6282146727402"], "message": "new", "reference_id": "a/b c"})).await;
        let status = app.get("/api/message-status/a%2Fb%20c").await.json();
        assert_eq!(status["id"], newest["id"], "the first recipient of the newest call");
        let all: Vec<_> = status["entries"].as_array().unwrap().iter().map(|entry| entry["message"].clone()).collect();
        assert_eq!(all, ["new", "new", "old"]);
        for id in ["unknown", "999", "00000000-0000-7000-8000-000000000000"] {
            app.get(&format!("/api/message-status/{id}")).await.is_seed_error(404, "NOT_FOUND", None);
        }
    })
    .await;
}

#[tokio::test]
async fn cancelled_is_failed_with_a_reason() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let id = app
            .post("/api/send", json!({"number": "6282146727409", "message": "a"}))
            .await
            .json()["id"]
            .clone();
        let id = id.as_str().unwrap();
        app.post(&format!("/api/v1/queue/{id}/cancel"), json!({})).await;
        let status = app.get(&format!("/api/message-status/{id}")).await.json();
        assert_eq!(
            (&status["status"], &status["state"], &status["sentAt"]),
            (&json!("failed"), &json!("cancelled"), &Value::Null)
        );
        assert!(
            status["error"]
                .as_str()
                .is_some_and(|error| error.starts_with("Cancelled")),
            "{status}"
        );
    })
    .await;
}
