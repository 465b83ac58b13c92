//! What must be refused with a documented error, and leave nothing in the queue.

use crate::app::{Call, TestApp};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::testing::each_engine;
use serde_json::{Value, json};

fn file(bytes: &[u8], mimetype: &str, filename: &str) -> Value {
    json!({
        "number": "6282146727409",
        "media": {"data": STANDARD.encode(bytes), "mimetype": mimetype, "filename": filename},
    })
}

#[tokio::test]
async fn bad_calls_leave_nothing() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let number = "923001234567";

        let wrong = app
            .post("/api/send", json!({"number": "12345", "message": "a"}))
            .await;
        wrong.is_seed_error(422, "VALIDATION_ERROR", Some("number"));
        let empty = app
            .post("/api/send", json!({"number": number, "message": ""}))
            .await;
        empty.is_seed_error(422, "VALIDATION_ERROR", Some("message"));

        let mut jpeg = vec![0; 6 << 20];
        jpeg[..4].copy_from_slice(&[0xff, 0xd8, 0xff, 0xe0]);
        let large = app
            .post("/api/send-message", file(&jpeg, "image/jpeg", "photo.jpg"))
            .await;
        large.is_seed_error(422, "VALIDATION_ERROR", Some("media.data"));
        assert!(
            large.json()["error"].as_str().unwrap().contains("5 MB"),
            "{}",
            large.text()
        );
        let text = app
            .post(
                "/api/send-message",
                file(b"just a text", "image/jpeg", "photo.jpg"),
            )
            .await;
        assert_eq!(text.status, 422, "{}", text.text());
        let field = text.json()["field"].as_str().unwrap().to_owned();
        assert!(
            ["media.data", "media.mimetype"].contains(&field.as_str()),
            "{field}"
        );
        let named = app
            .post(
                "/api/send-message",
                file(b"just a text", "text/plain", "photo.jpg"),
            )
            .await;
        assert_eq!(named.status, 422, "{}", named.text());

        let unknown = "ses_00000000000000000000000000000001";
        let session = app
            .post(
                "/api/send",
                json!({"number": number, "message": "a", "sessionId": unknown}),
            )
            .await;
        session.is_seed_error(422, "VALIDATION_ERROR", Some("sessionId"));

        let revoked = app.key_with(&[]).await;
        let keys = app.get("/api/v1/keys").await.json();
        let id = keys["data"]
            .as_array()
            .unwrap()
            .iter()
            .find(|key| key["name"] == "Test")
            .unwrap()["id"]
            .clone();
        let path = format!("/api/v1/keys/{}", id.as_str().unwrap());
        let send = || Call::post("/api/send", json!({"number": number, "message": "a"})).key(&revoked);
        assert_eq!(
            app.call(Call::new(http::Method::DELETE, &path).key(&app.key))
                .await
                .status,
            204
        );
        app.call(send()).await.is_seed_error(401, "UNAUTHORIZED", None);

        // Another organization's session gets the very answer of an unknown one.
        let other = app.other_key().await;
        let body = json!({"number": number, "message": "a", "sessionId": app.t.session.plain()});
        let foreign = app.call(Call::post("/api/send", body).key(&other)).await;
        foreign.is_seed_error(422, "VALIDATION_ERROR", Some("sessionId"));
        assert_eq!(foreign.json()["error"], session.json()["error"]);

        assert_eq!(app.waiting().await, 0);
        let others = app.call(Call::get("/api/queue").key(&other)).await.json();
        assert_eq!(others["total"], 0, "{others}");
    })
    .await;
}

#[tokio::test]
async fn a_suspended_organization_is_told_so() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let mut tx = app.t.store.db.begin().await.unwrap();
        db::sqlx::query("UPDATE organizations SET suspended_at = 1")
            .execute(tx.conn())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let answer = app
            .post("/api/send", json!({"number": "923001234567", "message": "a"}))
            .await;
        answer.is_seed_error(403, "ORGANIZATION_SUSPENDED", None);
    })
    .await;
}
