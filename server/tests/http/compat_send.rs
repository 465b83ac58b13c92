//! `POST /api/send`, held against `compat-api.md`.

use crate::app::{Call, TestApp, assert_moment};
use domain::testing::each_engine;
use serde_json::{Value, json};

#[tokio::test]
async fn the_answer_has_the_seeds_fields_and_ours() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let body = json!({"number": "923001234567", "message": "Hello! Your order #12345 has been shipped."});
        let answer = app.post("/api/send", body).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let json = answer.json();
        assert_eq!(json["success"], true);
        assert_eq!(json["message"], "Message queued successfully");
        assert_eq!(json["queueId"], 1, "counted per organization from 1");
        assert_eq!(json["status"], "pending");
        assert_eq!(json["state"], "pending");
        let uuid = json["id"].as_str().expect("an id");
        assert_eq!((uuid.len(), uuid.matches('-').count()), (36, 4), "a plain UUID");
        assert!(json["estimatedDelivery"].is_string(), "{json}");
        assert!(
            json["estimatedAt"].is_null() || json["estimatedAt"].is_string(),
            "{json}"
        );
        assert_eq!(answer.header("content-type"), Some("application/json"));
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));

        let second = app
            .post("/api/send", json!({"number": "923001234567", "message": "Hello"}))
            .await
            .json();
        assert_eq!(second["queueId"], 2);
        assert_eq!(app.waiting().await, 2);
    })
    .await;
}

#[tokio::test]
async fn the_estimate_is_a_range_of_seconds() {
    each_engine(async |engine| {
        let app = TestApp::started(engine).await;
        let json = app
            .post("/api/send", json!({"number": "923001234567", "message": "a"}))
            .await
            .json();
        let estimate = json["estimatedDelivery"].as_str().expect("text");
        let range = estimate.strip_suffix(" seconds").expect("in seconds");
        let (from, to) = range.split_once('-').expect("a range");
        assert!(from.parse::<i64>().unwrap() <= to.parse::<i64>().unwrap());
        assert_moment(&json["estimatedAt"]);
    })
    .await;
}

#[tokio::test]
async fn numbers_are_normalised() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        for number in [
            "+92 300-123.4567",
            "0092 (300) 1234567",
            "923001234567@c.us",
            "923001234567@s.whatsapp.net",
        ] {
            let answer = app
                .post("/api/send", json!({"number": number, "message": "a"}))
                .await;
            assert_eq!(answer.status, 200, "{number}: {}", answer.text());
        }
        let queue = app.get("/api/queue").await.json();
        for entry in queue["data"].as_array().unwrap() {
            assert_eq!(entry["number"], "923001234567");
        }
        let group = app
            .post("/api/send", json!({"number": "120363xxx@g.us", "message": "a"}))
            .await;
        assert_eq!(group.status, 200, "{}", group.text());
    })
    .await;
}

#[tokio::test]
async fn bad_fields_are_named_and_nothing_is_queued() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let long = "x".repeat(4_097);
        let caption = "x".repeat(1_025);
        let media = "https://example.com/invoice.pdf";
        let cases: Vec<(Value, &str)> = vec![
            (json!({}), "number"),
            (json!({"message": "a"}), "number"),
            (json!({"number": "", "message": "a"}), "number"),
            (json!({"number": "0300123", "message": "a"}), "number"),
            (json!({"number": "abc", "message": "a"}), "number"),
            (json!({"number": 923_001_234_567_i64, "message": "a"}), "number"),
            (json!({"number": "923001234567"}), "message"),
            (json!({"number": "923001234567", "message": "  "}), "message"),
            (json!({"number": "923001234567", "message": null}), "message"),
            (json!({"number": "923001234567", "message": long}), "message"),
            (json!({"number": "923001234567", "message": "", "mediaUrl": media}), "message"),
            (json!({"number": "923001234567", "message": caption, "mediaUrl": media}), "message"),
            (json!({"number": "923001234567", "message": "a", "mediaType": "image"}), "mediaUrl"),
            (json!({"number": "923001234567", "message": "a", "mediaUrl": media, "mediaType": "gif"}), "mediaType"),
            (json!({"number": "923001234567", "message": "a", "mediaUrl": "ftp://example.com/a"}), "mediaUrl"),
            (json!({"number": "923001234567", "message": "a", "mediaUrl": "http://10.0.0.1/a"}), "mediaUrl"),
            (json!({"number": "923001234567", "message": "a", "mediaUrl": "https://u:p@example.com/a"}), "mediaUrl"),
            (json!({"number": "923001234567", "message": "a", "mediaUrl": format!("https://example.com/{}", "x".repeat(2_048))}), "mediaUrl"),
            (json!({"number": "923001234567", "message": "a", "sessionId": "nonsense"}), "sessionId"),
        ];
        for (body, field) in cases {
            let answer = app.post("/api/send", body).await;
            answer.is_seed_error(422, "VALIDATION_ERROR", Some(field));
        }
        let missing = app.post("/api/send", json!({})).await.json();
        assert_eq!(missing["error"], "Phone number is required", "as seed 002 prints it");
        assert_eq!(app.waiting().await, 0);
    })
    .await;
}

#[tokio::test]
async fn the_envelope_is_checked_before_the_letter() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let send = || Call::post("/api/send", json!({"number": "923001234567", "message": "a"}));
        app.call(send()).await.is_seed_error(401, "UNAUTHORIZED", None);
        let wrong = app.call(send().key("sb_wrong")).await;
        wrong.is_seed_error(401, "UNAUTHORIZED", None);
        assert_eq!(wrong.json()["error"], "Invalid API key", "as seed 002 prints it");

        let bearer = send().header("authorization", &format!("Bearer {}", app.key));
        assert_eq!(app.call(bearer).await.status, 200);
        let charset = send()
            .key(&app.key)
            .header("content-type", "application/json; charset=utf-8");
        assert_eq!(app.call(charset).await.status, 200);

        let text = send().key(&app.key).header("content-type", "text/plain");
        app.call(text)
            .await
            .is_seed_error(415, "UNSUPPORTED_MEDIA_TYPE", None);
        for body in ["", "{", "[]", "\"a\"", "{\"number\":}"] {
            let call = Call::post("/api/send", json!(null)).raw(body).key(&app.key);
            app.call(call).await.is_seed_error(400, "INVALID_JSON", None);
        }
        let large = Call::post(
            "/api/send",
            json!({"number": "1", "message": "x".repeat(1 << 20)}),
        )
        .key(&app.key);
        app.call(large)
            .await
            .is_seed_error(413, "PAYLOAD_TOO_LARGE", None);
        let get = app.get("/api/send").await;
        get.is_seed_error(405, "METHOD_NOT_ALLOWED", None);
        app.get("/api/nothing")
            .await
            .is_seed_error(404, "NOT_FOUND", None);
        assert_eq!(app.waiting().await, 2);
    })
    .await;
}

#[tokio::test]
async fn browsers_of_any_origin_may_call_with_a_key() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let ask = Call::new(http::Method::OPTIONS, "/api/send").header("origin", "https://shop.example");
        let answer = app.call(ask).await;
        assert_eq!(answer.status, 204);
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
        assert_eq!(answer.header("access-control-allow-credentials"), None);
        let headers = answer.header("access-control-allow-headers").unwrap();
        for name in ["X-API-Key", "Content-Type", "Idempotency-Key"] {
            assert!(headers.contains(name), "{headers}");
        }
        let refused = app
            .call(Call::get("/api/queue").header("origin", "https://shop.example"))
            .await;
        assert_eq!(
            refused.header("access-control-allow-origin"),
            Some("*"),
            "also on errors"
        );
    })
    .await;
}

#[tokio::test]
async fn the_allow_list_and_the_main_number() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let main = json!({"number": "main", "message": "a"});
        app.post("/api/send", main.clone())
            .await
            .is_seed_error(422, "MAIN_NUMBER_NOT_SET", Some("number"));
        let patch =
            json!({"main_number": "+62 821 4672 7409", "allow_list": ["6282146727409", "120363xxx@g.us"]});
        let patched = app
            .call(
                Call::new(http::Method::PATCH, "/api/v1/settings")
                    .json(patch)
                    .key(&app.key),
            )
            .await;
        assert_eq!(patched.status, 200, "{}", patched.text());
        assert_eq!(app.post("/api/send", main).await.status, 200);
        let other = json!({"number": "923001234567", "message": "a"});
        app.post("/api/send", other)
            .await
            .is_seed_error(422, "RECIPIENT_NOT_ALLOWED", Some("number"));
        assert_eq!(
            app.get("/api/queue").await.json()["data"][0]["number"],
            "6282146727409"
        );
    })
    .await;
}

#[tokio::test]
async fn media_by_address_is_fetched_after_the_answer_and_fails_alone() {
    each_engine(async |engine| {
        let app = TestApp::started(engine).await;
        let body = json!({
            "number": "923001234567", "message": "Here is your invoice",
            // A port that nobody listens on, in a network that the test lets media come from.
            "mediaUrl": "http://localhost:9/invoice.pdf", "mediaType": "document",
        });
        let answer = app.post("/api/send", body).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let id = answer.json()["id"].as_str().unwrap().to_owned();
        app.until_state(&id, "failed").await;
        let status = app.get(&format!("/api/message-status/{id}")).await.json();
        assert!(
            status["error"].as_str().is_some_and(|error| !error.is_empty()),
            "{status}"
        );
        assert_eq!(
            app.phone("923001234567").await,
            Vec::<Value>::new(),
            "no text without its attachment"
        );
    })
    .await;
}
