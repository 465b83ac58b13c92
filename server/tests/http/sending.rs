//! The sending engine by REST: limits, lanes, explanations, and what people do to waiting entries.

use crate::app::{Call, TestApp};
use domain::testing::each_engine;
use http::Method;
use serde_json::{Value, json};

async fn patch(app: &TestApp, path: &str, body: Value) -> Value {
    let answer = app
        .call(Call::new(Method::PATCH, path).json(body).key(&app.key))
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

fn gate<'a>(entry: &'a Value, name: &str) -> &'a Value {
    entry["gates"]
        .as_array()
        .and_then(|gates| gates.iter().find(|gate| gate["gate"] == name))
        .unwrap_or_else(|| panic!("{name} in {entry}"))
}

#[tokio::test]
async fn limits_are_set_seen_and_explained() {
    each_engine(async |engine| {
        let app = TestApp::started(engine).await;
        let settings = patch(
            &app,
            "/api/v1/settings",
            json!({"window": "9:00-17:00 mon-fri", "daily_limit": 50}),
        )
        .await;
        assert_eq!(settings["window"], "09:00-17:00 mon,tue,wed,thu,fri");
        assert_eq!(
            (&settings["daily_limit"], &settings["platform_daily_limit"]),
            (&json!(50), &json!(0))
        );
        patch(&app, "/api/v1/settings", json!({"window": 0})).await;
        let own = format!("/api/v1/sessions/{}/limits", app.t.session);
        let limits = patch(&app, &own, json!({"hourly_limit": 1})).await;
        assert_eq!(
            (&limits["hourly_limit"], &limits["inherited_hourly_limit"]),
            (&json!(1), &json!(0))
        );
        assert_eq!(app.get(&own).await.json(), limits);
        for (path, body, field) in [
            (
                own.as_str(),
                json!({"organization_daily_limit": 1}),
                "organization_daily_limit",
            ),
            (&own, json!({"hourly_limit": -1}), "hourly_limit"),
            (&own, json!({"hourly_limit": "1"}), "hourly_limit"),
            (&own, json!({"name": "x"}), "name"),
            ("/api/v1/settings", json!({"window": "17:00-17:00"}), "window"),
            ("/api/v1/settings", json!({"opt_outs": ["nobody"]}), "opt_outs"),
        ] {
            app.call(Call::new(Method::PATCH, path).json(body).key(&app.key))
                .await
                .is_problem(422, "VALIDATION_ERROR", Some(field));
        }
        for number in ["923001234567", "923001234568"] {
            app.post("/api/v1/messages", json!({"to": number, "text": "Hello"}))
                .await;
        }
        app.until_state("1", "read").await;
        let entry = app.get("/api/v1/queue/2").await.json();
        let hour = gate(&entry, "hourly_limit");
        assert_eq!(hour["open"], false, "{entry}");
        assert_eq!(hour["opens_at"], entry["leaves_at"], "{entry}");
        let lanes = app.get("/api/v1/queue/lanes").await.json();
        let lane = &lanes["lanes"][0];
        assert_eq!(
            (&lane["used_hour"], &lane["hourly_limit"], &lane["waiting"]),
            (&json!(1), &json!(1), &json!(1)),
            "{lanes}"
        );
        assert_eq!(lane["held"][0]["gate"], "hourly_limit");
        let told = app
            .post(
                "/api/v1/queue/what-if",
                json!({"session": app.t.session.to_string(), "hourly_limit": 0}),
            )
            .await
            .json();
        assert_eq!(told["waiting"], 1);
        assert!(told["would_end_at"].as_str() < told["ends_at"].as_str(), "{told}");
        app.post("/api/v1/queue/what-if", json!({"colour": 1}))
            .await
            .is_problem(422, "VALIDATION_ERROR", Some("colour"));
        let board = app.get("/api/v1/queue/balance").await.json();
        assert_eq!(board["data"][0]["today_sent"], 1, "{board}");
        let now = app.post("/api/v1/queue/2/send-now", json!({})).await.json();
        assert_eq!(now["passes"], json!(["hourly_limit"]), "{now}");
        app.until_state("2", "read").await;
        let again = app.post("/api/v1/queue/2/send-now", json!({})).await;
        again.is_problem(409, "NOT_PENDING", None);
    })
    .await;
}

#[tokio::test]
async fn a_reply_names_what_it_answers() {
    each_engine(async |engine| {
        let app = TestApp::started(engine).await;
        let incoming = format!("/api/v1/sandbox/{}/incoming", app.t.session);
        app.post(&incoming, json!({"from": "923001234567", "text": "Is it open?"}))
            .await;
        let received = async || {
            let chats = app
                .get(&format!("/api/v1/chats?session={}", app.t.session))
                .await
                .json();
            let chat = chats["data"][0]["id"].as_str()?.to_owned();
            let messages = app.get(&format!("/api/v1/chats/{chat}/messages")).await.json();
            messages["data"][0]["id"].as_str().map(str::to_owned)
        };
        app.t
            .until("it came in", async |_| received().await.is_some())
            .await;
        let id = received().await.unwrap();
        let body = |to: &str, id: &str| json!({"to": to, "text": "Yes", "reply_to": id});
        let made = app.post("/api/v1/messages", body("923001234567", &id)).await;
        assert_eq!(made.status, 201, "{}", made.text());
        let queue_id = made.json()["queue_id"].to_string();
        assert_eq!(
            app.get(&format!("/api/v1/queue/{queue_id}")).await.json()["class"],
            "reply"
        );
        for (to, id) in [
            ("923001234568", id.as_str()),
            ("923001234567", "msg_00000000000000000000000000000000"),
        ] {
            app.post("/api/v1/messages", body(to, id)).await.is_problem(
                422,
                "VALIDATION_ERROR",
                Some("reply_to"),
            );
        }
    })
    .await;
}

#[tokio::test]
async fn entries_are_reassigned_and_all_that_failed_is_tried_again() {
    each_engine(async |engine| {
        let app = TestApp::started(engine).await;
        let fault = format!("/api/v1/sandbox/{}/faults", app.t.session);
        app.post(&fault, json!({"kind": "fail", "count": 2})).await;
        for number in ["923001234567", "923001234568"] {
            app.post("/api/v1/messages", json!({"to": number, "text": "Hello"}))
                .await;
        }
        app.until_state("1", "failed").await;
        app.until_state("2", "failed").await;
        let retried = app.post("/api/v1/queue/retry", json!({})).await.json();
        assert_eq!(retried, json!({"retried": 2}));
        app.until_state("1", "read").await;
        app.until_state("2", "read").await;
        patch(
            &app,
            "/api/v1/settings",
            json!({"delay_min_ms": 600_000, "delay_max_ms": 600_000}),
        )
        .await;
        app.post("/api/v1/messages", json!({"to": "923001234567", "text": "Later"}))
            .await;
        app.post(
            "/api/v1/queue/3/reassign",
            json!({"session": "ses_00000000000000000000000000000000"}),
        )
        .await
        .is_problem(422, "VALIDATION_ERROR", Some("session"));
        let there = json!({"session": app.t.session.to_string()});
        let moved = app.post("/api/v1/queue/3/reassign", there).await.json();
        assert_eq!(moved["session"], app.t.session.to_string());
        let free = app.post("/api/v1/queue/3/reassign", json!({})).await.json();
        assert_eq!(free["session"], Value::Null);
        let entry = app.get("/api/v1/queue/3").await.json();
        assert_eq!(
            entry["candidates"][0]["session"],
            app.t.session.to_string(),
            "{entry}"
        );
        assert!(entry["leaves_at"].is_string(), "{entry}");
    })
    .await;
}
