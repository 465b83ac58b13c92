//! What is asked of the planner about the whole queue, and who is told what.

use crate::app::{Call, TestApp};
use domain::testing::each_engine;
use serde_json::{Map, Value, json};
use types::keys::CreateKey;

#[tokio::test]
async fn a_session_that_is_none_is_named_and_not_taken_for_all() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let answer = app
            .post(
                "/api/v1/queue/what-if",
                json!({"session": "x", "hourly_limit": "many"}),
            )
            .await;
        let json = answer.json();
        assert_eq!(
            (answer.status.as_u16(), &json["field"]),
            (422, &json!("session")),
            "{json}"
        );
        assert_eq!(json["errors"][1]["field"], "hourly_limit", "{json}");
        let answer = app
            .post("/api/v1/queue/what-if", json!({"hourly_limit": 5}))
            .await;
        assert_eq!(answer.status, 200, "{}", answer.text());
    })
    .await;
}

#[tokio::test]
async fn a_flood_of_unknown_names_has_a_short_answer() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let flood: Map<String, Value> = (0..30_000).map(|n| (format!("unknown_{n}"), json!(1))).collect();
        for (method, path) in [
            (http::Method::POST, "/api/v1/queue/what-if".to_owned()),
            (http::Method::PATCH, "/api/v1/settings".to_owned()),
            (
                http::Method::PATCH,
                format!("/api/v1/sessions/{}/limits", app.t.session),
            ),
        ] {
            let call = Call::new(method, &path).json(Value::Object(flood.clone()));
            let answer = app.call(call.key(&app.key)).await;
            assert_eq!(answer.status, 422, "{path}: {}", answer.text());
            assert!(answer.body.len() < 8_000, "{path}: {}", answer.body.len());
            let json = answer.json();
            let errors = json["errors"].as_array().expect("a list");
            let last = errors.last().map(|error| error["message"].to_string());
            assert_eq!(errors.len(), 21, "{path}");
            assert!(last.is_some_and(|last| last.contains("more")), "{json}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_key_of_one_session_is_told_of_its_lane_alone() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let limit = json!({"organization_daily_limit": 500});
        let call = Call::new(http::Method::PATCH, "/api/v1/settings").json(limit);
        assert_eq!(app.call(call.key(&app.key)).await.status, 200);
        let own = app.t.session.plain();
        for n in 0..3 {
            let text = json!({"number": format!("62812000000{n}"), "message": "hi"});
            assert_eq!(app.post("/api/send", text).await.status, 200);
        }
        let named = json!({"number": "628120000009", "message": "hi", "sessionId": own});
        assert_eq!(app.post("/api/send", named).await.status, 200);
        let all = app.get("/api/v1/queue/lanes").await.json();
        assert_eq!(
            (&all["pool"], &all["organization_limit"]),
            (&json!(3), &json!(500)),
            "{all}"
        );

        let input = CreateKey {
            name: "Till".into(),
            session: Some(app.t.session),
            ..CreateKey::default()
        };
        let pinned = app
            .t
            .domain
            .keys
            .create(&app.t.owner(), input)
            .await
            .expect("a key");
        let call = Call::get("/api/v1/queue/lanes").key(&pinned.secret);
        let own = app.call(call).await.json();
        assert_eq!(own["lanes"][0]["waiting"], 1, "{own}");
        for (name, expect) in [
            ("pool", json!(0)),
            ("used_today", json!(0)),
            ("organization_limit", Value::Null),
        ] {
            assert_eq!(own[name], expect, "{name} in {own}");
        }
        assert_eq!(own["ends_at"], own["lanes"][0]["ends_at"], "{own}");
        let what_if = async |key: &str| {
            let call = Call::post("/api/v1/queue/what-if", json!({"hourly_limit": 5}));
            app.call(call.key(key)).await.json()
        };
        assert_eq!(what_if(&app.key).await["waiting"], 4);
        assert_eq!(what_if(&pinned.secret).await["waiting"], 1);
    })
    .await;
}
