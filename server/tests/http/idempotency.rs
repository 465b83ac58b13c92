//! `Idempotency-Key`: the same call twice is one message.

use crate::app::{Answer, Call, TestApp};
use domain::testing::each_engine;
use serde_json::{Value, json};

async fn send(app: &TestApp, path: &str, key: &str, body: Value) -> Answer {
    app.call(
        Call::post(path, body)
            .key(&app.key)
            .header("idempotency-key", key),
    )
    .await
}

#[tokio::test]
async fn a_repeat_gets_the_first_answer() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let bulk = json!({"messages": [{"number": "923001234567", "message": "a"}, {"number": "1", "message": "a"}]});
        for (path, body) in [
            ("/api/send", json!({"number": "923001234567", "message": "a"})),
            ("/api/send-bulk", bulk),
            ("/api/send-message", json!({"recipients": ["923001234567", "628xxx"], "message": "a"})),
            ("/api/v1/messages", json!({"to": "923001234567", "text": "a"})),
        ] {
            let before = app.waiting().await;
            let first = send(&app, path, path, body.clone()).await;
            assert!(first.status.is_success(), "{path}: {}", first.text());
            assert_eq!(first.header("idempotent-replayed"), None);
            let again = send(&app, path, path, body).await;
            assert_eq!((again.status, &again.body), (first.status, &first.body), "{path}");
            assert_eq!(again.header("idempotent-replayed"), Some("true"), "{path}");
            assert_eq!(app.waiting().await, before + 1, "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn every_send_refuses_another_body_under_the_same_key() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let native = "/api/v1/messages";
        for (path, body) in [
            ("/api/send", json!({"number": "923001234567", "message": "a"})),
            (
                "/api/send-bulk",
                json!({"messages": [{"number": "923001234567", "message": "a"}]}),
            ),
            (
                "/api/send-message",
                json!({"number": "923001234567", "message": "a"}),
            ),
            (native, json!({"to": "923001234567", "text": "a"})),
        ] {
            let before = app.waiting().await;
            let first = send(&app, path, path, body.clone()).await;
            assert!(first.status.is_success(), "{path}: {}", first.text());
            let other: Value = serde_json::from_str(&body.to_string().replace("\"a\"", "\"b\"")).unwrap();
            assert_ne!(other, body);
            let refused = send(&app, path, path, other).await;
            if path == native {
                refused.is_problem(409, "IDEMPOTENCY_KEY_REUSED", None);
            } else {
                refused.is_seed_error(409, "IDEMPOTENCY_KEY_REUSED", None);
            }
            assert_eq!(app.waiting().await, before + 1, "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_no_send_remembers_nothing() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let mut ids = Vec::new();
        for _ in 0..2 {
            let made = send(&app, "/api/v1/keys", "k", json!({"name": "Till"})).await;
            assert_eq!(
                (made.status.as_u16(), made.header("idempotent-replayed")),
                (201, None)
            );
            ids.push(made.json()["id"].clone());
        }
        assert_ne!(ids[0], ids[1], "two calls made two keys");
        let body = json!({"number": "923001234567", "message": "a"});
        assert_eq!(
            send(&app, "/api/send", "k", body).await.status,
            200,
            "and took nothing"
        );
    })
    .await;
}

#[tokio::test]
async fn another_body_under_the_same_key_is_refused() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let body = |text: &str| json!({"number": "923001234567", "message": text});
        assert_eq!(send(&app, "/api/send", "k", body("a")).await.status, 200);
        send(&app, "/api/send", "k", body("b"))
            .await
            .is_seed_error(409, "IDEMPOTENCY_KEY_REUSED", None);
        let other_path = send(&app, "/api/send-message", "k", body("a")).await;
        other_path.is_seed_error(409, "IDEMPOTENCY_KEY_REUSED", None);
        assert_eq!(app.waiting().await, 1);
        let other_key = app.key_with(&[]).await;
        let call = Call::post("/api/send", body("b"))
            .key(&other_key)
            .header("idempotency-key", "k");
        assert_eq!(
            app.call(call).await.status,
            200,
            "keys of other callers are their own"
        );
    })
    .await;
}

#[tokio::test]
async fn only_good_answers_are_remembered() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let bad = json!({"number": "923001234567", "message": "x".repeat(5_000)});
        send(&app, "/api/send", "k", bad)
            .await
            .is_seed_error(422, "VALIDATION_ERROR", Some("message"));
        let good = send(
            &app,
            "/api/send",
            "k",
            json!({"number": "923001234567", "message": "a"}),
        )
        .await;
        assert_eq!(good.status, 200, "{}", good.text());
        for key in ["", "ä", &"k".repeat(256)] {
            let call = send(
                &app,
                "/api/send",
                key,
                json!({"number": "923001234567", "message": "a"}),
            )
            .await;
            call.is_seed_error(422, "VALIDATION_ERROR", Some("Idempotency-Key"));
        }
        assert_eq!(app.waiting().await, 1);
    })
    .await;
}

#[tokio::test]
async fn repeats_at_the_same_moment_are_one_message() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let body = json!({"number": "923001234567", "message": "a"});
        let calls = (0..20).map(|_| send(&app, "/api/send", "k", body.clone()));
        let answers = futures::future::join_all(calls).await;
        assert!(answers.iter().all(|answer| answer.status == 200), "{answers:?}");
        assert!(answers.iter().all(|answer| answer.body == answers[0].body));
        assert_eq!(app.waiting().await, 1);
    })
    .await;
}
