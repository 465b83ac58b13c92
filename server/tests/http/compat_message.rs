//! `POST /api/send-message`, held against `compat-api.md`.

use crate::app::{Call, TestApp};
use domain::testing::each_engine;
use serde_json::{Value, json};

/// The smallest file that is a PDF.
pub const PDF: &str = "JVBERi0xLjQKMSAwIG9iago8PD4+CmVuZG9iagp0cmFpbGVyCjw8Pj4KJSVFT0YK";

#[tokio::test]
async fn one_recipient() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let body = json!({"number": "6282146727409", "message": "Hello!", "reference_id": "order-12345"});
        let answer = app.post("/api/send-message", body).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let json = answer.json();
        assert_eq!(json["success"], true);
        assert_eq!(json["message"], "Message queued");
        assert_eq!(json["reference_id"], "order-12345");
        assert_eq!(json["status"], "pending");
        assert_eq!((&json["queued"], &json["rejected"]), (&json!(1), &json!(0)));
        let row = &json["results"][0];
        assert_eq!(row["id"], json["id"]);
        assert_eq!(
            (&row["number"], &row["chatId"]),
            (&json!("6282146727409"), &json!("6282146727409@c.us"))
        );
        assert_eq!(row["status"], "pending");
        assert!(row.get("success").is_none(), "rows never say success");
    })
    .await;
}

#[tokio::test]
async fn many_recipients_stand_alone() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let body = json!({"recipients": ["6282146727409", "628xxx", "120363xxx@g.us", "+62 821-4672-7409"], "message": "Hello!"});
        let json = app.post("/api/send-message", body).await.json();
        assert_eq!((&json["queued"], &json["rejected"]), (&json!(2), &json!(1)), "the same number counts once: {json}");
        let rows = json["results"].as_array().unwrap();
        assert_eq!(rows.len(), 3);
        assert_eq!((&rows[1]["status"], &rows[1]["field"]), (&json!("rejected"), &json!("recipients[1]")));
        assert_eq!((&rows[1]["id"], &rows[1]["code"]), (&Value::Null, &json!("VALIDATION_ERROR")));
        assert_eq!(rows[2]["chatId"], "120363xxx@g.us");
        assert_eq!(json["reference_id"], Value::Null);
        assert_eq!(app.waiting().await, 2);

        let none = app.post("/api/send-message", json!({"recipients": ["628xxx", "1"], "message": "a"})).await;
        none.is_seed_error(422, "VALIDATION_ERROR", Some("recipients[0]"));
        assert_eq!(none.json()["results"].as_array().map(Vec::len), Some(2));
        assert_eq!(app.waiting().await, 2);
    })
    .await;
}

#[tokio::test]
async fn bad_fields_are_named_and_nothing_is_queued() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let number = "6282146727409";
        let media = json!({"data": PDF, "mimetype": "application/pdf", "filename": "document.pdf"});
        let cases = [
            (json!({"message": "a"}), "number"),
            (json!({"number": "628xxx", "message": "a"}), "number"),
            (json!({"number": number}), "message"),
            (json!({"number": number, "recipients": [number], "message": "a"}), "recipients"),
            (json!({"recipients": [], "message": "a"}), "recipients"),
            (json!({"recipients": vec![number; 1_001], "message": "a"}), "recipients"),
            (json!({"number": number, "media": "a"}), "media"),
            (json!({"number": number, "media": {}}), "media"),
            (json!({"number": number, "media": {"url": "https://example.com/a.jpg", "data": PDF}}), "media"),
            (json!({"number": number, "media": {"url": "file:///etc/passwd"}}), "media.url"),
            (json!({"number": number, "media": {"data": PDF}}), "media.mimetype"),
            (json!({"number": number, "media": {"data": PDF, "mimetype": "image/png"}}), "media.mimetype"),
            (json!({"number": number, "media": {"data": "BASE64_ENCODED_DATA", "mimetype": "application/pdf"}}), "media.data"),
            (json!({"number": number, "media": {"data": PDF, "mimetype": "application/pdf", "filename": "x".repeat(256)}}), "media.filename"),
            (json!({"number": number, "media": media, "message": "x".repeat(1_025)}), "message"),
            (json!({"number": number, "message": "a", "reference_id": "x".repeat(129)}), "reference_id"),
            (json!({"number": number, "message": "a", "sessionId": "ses_00000000000000000000000000000001"}), "sessionId"),
        ];
        for (body, field) in cases {
            let answer = app.post("/api/send-message", body).await;
            answer.is_seed_error(422, "VALIDATION_ERROR", Some(field));
        }
        assert_eq!(app.waiting().await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_file_in_base64_arrives_as_that_file() {
    each_engine(async |engine| {
        let app = TestApp::started(engine).await;
        let wrapped = format!("data:application/pdf;base64,{}\n{}", &PDF[..20], &PDF[20..]);
        let body = json!({"number": "6282146727409", "media": {"data": wrapped, "mimetype": "application/pdf", "filename": "../../document.pdf"}});
        let answer = app.post("/api/send-message", body).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let id = answer.json()["id"].as_str().unwrap().to_owned();
        app.until_state(&id, "read").await;
        let arrived = app.phone("6282146727409").await;
        assert_eq!((&arrived[0]["media_kind"], &arrived[0]["filename"]), (&json!("document"), &json!("document.pdf")));
        let media = arrived[0]["media"].as_str().expect("an attachment");
        let content = app.get(&format!("/api/v1/media/{media}/content")).await;
        assert_eq!((content.status.as_u16(), content.header("content-type")), (200, Some("application/pdf")));
        assert!(content.body.starts_with(b"%PDF-1.4"));
        assert_eq!(content.header("x-content-type-options"), Some("nosniff"));
        assert!(content.header("content-disposition").is_some_and(|way| way.starts_with("attachment;")));
        let status = app.get(&format!("/api/message-status/{id}")).await.json();
        assert_eq!(status["message"], Value::Null, "no caption");
    })
    .await;
}

#[tokio::test]
async fn the_limit_is_a_document_of_a_hundred_megabytes() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        // Announced is enough: nothing of it is read.
        let call = Call::post("/api/send-message", json!({"a": "x".repeat(140 << 20)})).key(&app.key);
        app.call(call).await.is_seed_error(413, "PAYLOAD_TOO_LARGE", None);
    })
    .await;
}
