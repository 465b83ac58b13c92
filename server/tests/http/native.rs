//! `/api/v1`: the resources that other tests do not come by.

use crate::app::{Call, TestApp, assert_moment};
use domain::testing::each_engine;
use http::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn a_message_is_made_and_explained() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let answer = app
            .post(
                "/api/v1/messages",
                json!({"to": "+62 821 4672 7409", "text": "Hello", "reference_id": "r"}),
            )
            .await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        let made = answer.json();
        assert!(made["id"].as_str().unwrap().starts_with("msg_"));
        assert_eq!(
            (&made["queue_id"], &made["state"], &made["reference_id"]),
            (&json!(1), &json!("pending"), &json!("r"))
        );
        assert_eq!(made["recipient"], "6282146727409@s.whatsapp.net");
        let id = made["id"].as_str().unwrap();
        let entry = app.get(&format!("/api/v1/queue/{id}")).await.json();
        for name in [
            "id",
            "queue_id",
            "reference_id",
            "state",
            "recipient",
            "session",
            "gates",
            "leaves_at",
            "attempts",
        ] {
            assert!(entry.get(name).is_some(), "{name} is missing in {entry}");
        }
        assert_moment(&entry["created_at"]);
        for gate in entry["gates"].as_array().unwrap() {
            for name in ["gate", "open", "opens_at", "why"] {
                assert!(gate.get(name).is_some(), "{name} is missing in {gate}");
            }
        }
        for other in ["1", &id["msg_".len()..]] {
            assert_eq!(
                app.get(&format!("/api/v1/queue/{other}")).await.json()["id"],
                json!(id),
                "{other}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn every_bad_field_is_told_at_once() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let body = json!({"to": 5, "media": {"data": "!", "mime": "image/png"}, "session": []});
        let answer = app.post("/api/v1/messages", body).await;
        answer.is_problem(422, "VALIDATION_ERROR", Some("to"));
        let fields: Vec<_> = answer.json()["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|e| e["field"].clone())
            .collect();
        assert_eq!(fields, ["to", "media.data", "session"]);
        let call = Call::post("/api/v1/messages", json!({})).raw("{").key(&app.key);
        app.call(call).await.is_problem(400, "INVALID_JSON", None);
        app.get("/api/v1/nothing")
            .await
            .is_problem(404, "NOT_FOUND", None);
        app.get("/api/v1/sessions/nonsense")
            .await
            .is_problem(404, "NOT_FOUND", None);
        app.call(Call::new(Method::PUT, "/api/v1/settings").key(&app.key))
            .await
            .is_problem(405, "METHOD_NOT_ALLOWED", None);
        assert_eq!(app.waiting().await, 0);
    })
    .await;
}

#[tokio::test]
async fn the_queue_is_filtered_and_cancelled() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        for n in 0..3 {
            app.post(
                "/api/v1/messages",
                json!({"to": "6282146727409", "text": format!("{n}")}),
            )
            .await;
        }
        let path = format!("/api/v1/queue?state=pending&session={}&limit=2", app.t.session);
        let page = app.get(&path).await;
        assert_eq!(page.status, 200, "{}", page.text());
        let one = app.post("/api/v1/queue/1/cancel", json!({})).await;
        assert_eq!(
            (one.status.as_u16(), &one.json()["state"]),
            (200, &json!("cancelled"))
        );
        app.post("/api/v1/queue/1/cancel", json!({}))
            .await
            .is_problem(409, "NOT_PENDING", None);
        app.post("/api/v1/queue/1/retry", json!({}))
            .await
            .is_problem(409, "NOT_FAILED", None);
        app.post("/api/v1/queue/2/settle", json!({"outcome": "sent"}))
            .await
            .is_problem(409, "NOT_UNCERTAIN", None);
        app.post("/api/v1/queue/2/settle", json!({"outcome": "read"}))
            .await
            .is_problem(422, "VALIDATION_ERROR", Some("outcome"));
        let rest = app
            .call(Call::new(Method::POST, "/api/v1/queue/cancel").key(&app.key))
            .await;
        assert_eq!(rest.json(), json!({"cancelled": 2}));
        assert_eq!(app.waiting().await, 0);
        let history = app.get("/api/v1/history?state=cancelled").await.json();
        assert_eq!(history["data"].as_array().map(Vec::len), Some(3));
        app.get("/api/v1/queue?state=sent")
            .await
            .is_problem(422, "VALIDATION_ERROR", Some("state"));
        app.get("/api/v1/history?start_date=x")
            .await
            .is_problem(422, "VALIDATION_ERROR", Some("start_date"));
    })
    .await;
}

#[tokio::test]
async fn a_key_is_shown_once_and_revoked_at_once() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let body = json!({"name": "Shop", "scopes": ["messages:send", "queue:view"], "expires_in_days": 30});
        let created = app.post("/api/v1/keys", body).await;
        assert_eq!(created.status, 201, "{}", created.text());
        let created = created.json();
        let secret = created["secret"].as_str().unwrap();
        assert!(secret.starts_with(created["prefix"].as_str().unwrap()));
        assert_eq!(created["scopes"], json!(["messages:send", "queue:view"]));
        assert_moment(&created["expires_at"]);
        let list = app.get("/api/v1/keys").await.text();
        assert!(!list.contains(secret) && !list.contains("secret"));
        assert_eq!(app.call(Call::get("/api/queue").key(secret)).await.status, 200);
        let path = format!("/api/v1/keys/{}", created["id"].as_str().unwrap());
        assert_eq!(
            app.call(Call::new(Method::DELETE, &path).key(&app.key))
                .await
                .status,
            204
        );
        app.call(Call::get("/api/queue").key(secret))
            .await
            .is_seed_error(401, "UNAUTHORIZED", None);
        for (body, field) in [
            (json!({}), "name"),
            (json!({"name": "a", "scopes": ["all"]}), "scopes[0]"),
            (json!({"name": "a", "expires_in_days": 0}), "expires_in_days"),
        ] {
            app.post("/api/v1/keys", body)
                .await
                .is_problem(422, "VALIDATION_ERROR", Some(field));
        }
    })
    .await;
}

#[tokio::test]
async fn settings_are_one_object() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let patch = async |body: Value| {
            app.call(
                Call::new(Method::PATCH, "/api/v1/settings")
                    .json(body)
                    .key(&app.key),
            )
            .await
        };
        let before = app.get("/api/v1/settings").await.json();
        assert_eq!(
            (&before["time_zone"], &before["main_number"]),
            (&json!("Asia/Jakarta"), &Value::Null)
        );
        let after =
            patch(json!({"main_number": "6282146727409", "delay_min_ms": 5_000, "delay_max_ms": 5_000}))
                .await;
        assert_eq!(after.json()["main_number"], "6282146727409", "{}", after.text());
        let after = patch(json!({"main_number": null, "delay_min_ms": null, "delay_max_ms": null}))
            .await
            .json();
        assert_eq!(
            (&after["main_number"], &after["delay_min_ms"]),
            (&Value::Null, &Value::Null)
        );
        for (body, field) in [
            (json!({"colour": "red"}), "colour"),
            (json!({"allow_list": []}), "allow_list"),
            (json!({"time_zone": "Mars/Olympus"}), "time_zone"),
            (json!({"delay_min_ms": "5"}), "delay_min_ms"),
        ] {
            patch(body).await.is_problem(422, "VALIDATION_ERROR", Some(field));
        }
    })
    .await;
}

#[tokio::test]
async fn the_event_log_is_read_on_from_a_place() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let last = app.get("/api/v1/events?after=0&limit=1000").await.json();
        let place = last["next"].as_str().unwrap_or("0").to_owned();
        app.post("/api/v1/messages", json!({"to": "6282146727409", "text": "a"}))
            .await;
        let news = app.get(&format!("/api/v1/events?after={place}")).await.json();
        let event = &news["data"][0];
        assert_eq!(event["type"], "message.queued", "{news}");
        assert_eq!(event["organization"], json!(app.t.made.organization));
        assert_moment(&event["timestamp"]);
        let nothing = app
            .get(&format!(
                "/api/v1/events?after={}",
                news["next"].as_str().unwrap()
            ))
            .await
            .json();
        assert_eq!(nothing, json!({"data": [], "next": null}));
        app.get("/api/v1/events?after=x")
            .await
            .is_problem(422, "VALIDATION_ERROR", Some("after"));
    })
    .await;
}

#[tokio::test]
async fn chats_are_read_along() {
    each_engine(async |engine| {
        let app = TestApp::started(engine).await;
        let session = app.t.session;
        let incoming = format!("/api/v1/sandbox/{session}/incoming");
        app.post(
            &incoming,
            json!({"from": "6282146727409", "text": "Do you have coffee?", "name": "Siti"}),
        )
        .await;
        app.t
            .until("the chat is there", async |_| {
                !app.get(&format!("/api/v1/chats?session={session}")).await.json()["data"]
                    .as_array()
                    .unwrap()
                    .is_empty()
            })
            .await;
        let chats = app
            .get(&format!("/api/v1/chats?session={session}&search=siti"))
            .await
            .json();
        let chat = &chats["data"][0];
        assert_eq!(
            (&chat["name"], &chat["last_text"], &chat["last_from_me"]),
            (&json!("Siti"), &json!("Do you have coffee?"), &json!(false))
        );
        let path = format!("/api/v1/chats/{}", chat["id"].as_str().unwrap());
        assert_eq!(app.get(&path).await.json()["id"], chat["id"]);
        let messages = app.get(&format!("{path}/messages")).await.json();
        assert_eq!(
            (&messages["data"][0]["text"], &messages["data"][0]["state"]),
            (&json!("Do you have coffee?"), &json!("received"))
        );
        assert_moment(&messages["data"][0]["at"]);
        app.get("/api/v1/chats")
            .await
            .is_problem(422, "VALIDATION_ERROR", Some("session"));
    })
    .await;
}
