//! The sandbox phone for scripts, and sessions as resources.

use crate::app::{Call, TestApp};
use domain::testing::{TestDomain, each_engine};
use http::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn a_session_is_made_linked_stopped_and_deleted() {
    each_engine(async |engine| {
        let app = TestApp::started(engine).await;
        let made = app.post("/api/v1/sessions", json!({"name": "Second"})).await;
        assert_eq!(made.status, 201, "{}", made.text());
        let id = made.json()["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/sessions/{id}");
        let until = async |state: &str| {
            app.t
                .until(state, async |_| app.get(&path).await.json()["state"] == state)
                .await;
        };
        until("linking").await;
        let pairing = app.get(&format!("{path}/pairing")).await.json();
        assert!(pairing["qr"]["text"].is_string(), "{pairing}");
        let paired = app
            .call(Call::new(Method::POST, &format!("/api/v1/sandbox/{id}/pair")).key(&app.key))
            .await;
        assert_eq!(paired.status, 200, "{}", paired.text());
        until("connected").await;
        assert_eq!(
            app.post(&format!("{path}/stop"), json!({})).await.json()["state"],
            "stopped"
        );
        assert_eq!(app.post(&format!("{path}/start"), json!({})).await.status, 200);
        until("connected").await;
        assert_eq!(app.post(&format!("{path}/restart"), json!({})).await.status, 200);
        until("connected").await;
        assert_eq!(app.post(&format!("{path}/log-out"), json!({})).await.status, 200);
        let transitions = app.get(&format!("{path}/transitions")).await.json();
        assert!(
            transitions["data"].as_array().is_some_and(|all| all.len() >= 4),
            "{transitions}"
        );
        assert_eq!(
            app.call(Call::new(Method::DELETE, &path).key(&app.key))
                .await
                .status,
            204
        );
        app.get(&path).await.is_problem(404, "NOT_FOUND", None);
        app.post("/api/v1/sessions", json!({}))
            .await
            .is_problem(422, "VALIDATION_ERROR", Some("name"));
    })
    .await;
}

#[tokio::test]
async fn a_pairing_code_links_too() {
    each_engine(async |engine| {
        let app = TestApp::started(engine).await;
        let id = app
            .post("/api/v1/sessions", json!({"name": "Second"}))
            .await
            .json()["id"]
            .as_str()
            .unwrap()
            .to_owned();
        let path = format!("/api/v1/sessions/{id}");
        app.t
            .until("it waits for a phone", async |_| {
                app.get(&path).await.json()["state"] == "linking"
            })
            .await;
        let phone = app.get(&format!("/api/v1/sandbox/{id}/phone")).await.json();
        let number = phone["number"].as_str().unwrap();
        let pairing = app
            .post(&format!("{path}/pairing/code"), json!({"number": number}))
            .await;
        assert_eq!(pairing.status, 200, "{}", pairing.text());
        let code = pairing.json()["code"]["code"].as_str().unwrap().to_lowercase();
        let wrong = app
            .post(
                &format!("/api/v1/sandbox/{id}/pair"),
                json!({"code": "AAAA-AAAA"}),
            )
            .await;
        assert!(wrong.status.is_client_error(), "{}", wrong.text());
        let paired = app
            .post(&format!("/api/v1/sandbox/{id}/pair"), json!({"code": code}))
            .await;
        assert_eq!(paired.status, 200, "{}", paired.text());
        app.t
            .until("it is connected", async |_| {
                app.get(&path).await.json()["state"] == "connected"
            })
            .await;
    })
    .await;
}

#[tokio::test]
async fn the_phone_shows_what_came_and_answers() {
    each_engine(async |engine| {
        let app = TestApp::started(engine).await;
        let id = app
            .post(
                "/api/send",
                json!({"number": "6282146727409", "message": "*Hello*"}),
            )
            .await
            .json()["id"]
            .clone();
        app.until_state(id.as_str().unwrap(), "read").await;
        // The phone notes that its receipt was heard a moment after we have heard it.
        let blue = async |_: &TestDomain| {
            app.phone("6282146727409")
                .await
                .iter()
                .all(|m| m["tick"] == "read")
        };
        app.t.until("the phone shows blue ticks", blue).await;
        let arrived = app.phone("6282146727409").await;
        assert_eq!(arrived.len(), 1);
        assert_eq!(
            (&arrived[0]["text"], &arrived[0]["tick"]),
            (&json!("*Hello*"), &json!("read"))
        );
        let sandbox = format!("/api/v1/sandbox/{}", app.t.session);
        let chats = app.get(&format!("{sandbox}/chats")).await.json();
        assert_eq!(chats["data"][0]["number"], "6282146727409");
        let said = app
            .post(
                &format!("{sandbox}/incoming"),
                json!({"from": "6282146727409", "text": "Thanks"}),
            )
            .await;
        assert_eq!(
            (said.status.as_u16(), &said.json()["from_customer"]),
            (201, &json!(true))
        );
        assert_eq!(app.phone_texts("6282146727409").await, ["*Hello*", "Thanks"]);
        let page = app
            .get(&format!("{sandbox}/phones/6282146727409/messages?limit=1"))
            .await
            .json();
        let next = page["next"].as_str().expect("a cursor");
        let rest = app
            .get(&format!("{sandbox}/phones/6282146727409/messages?cursor={next}"))
            .await
            .json();
        assert_eq!(rest["data"][0]["text"], "Thanks");
        let bad = app
            .post(&format!("{sandbox}/incoming"), json!({"from": "1", "text": "a"}))
            .await;
        bad.is_problem(422, "VALIDATION_ERROR", Some("from"));
    })
    .await;
}

#[tokio::test]
async fn a_fault_strikes_and_is_gone() {
    each_engine(async |engine| {
        let app = TestApp::started(engine).await;
        let faults = format!("/api/v1/sandbox/{}/faults", app.t.session);
        let armed = app.post(&faults, json!({"kind": "fail", "count": 1})).await;
        assert_eq!(
            (armed.status.as_u16(), &armed.json()["left"]),
            (201, &json!(1)),
            "{}",
            armed.text()
        );
        let id = app
            .post("/api/send", json!({"number": "6282146727409", "message": "a"}))
            .await
            .json()["id"]
            .clone();
        let id = id.as_str().unwrap();
        app.until_state(id, "failed").await;
        assert_eq!(app.phone("6282146727409").await, Vec::<Value>::new());
        let again = app.post(&format!("/api/v1/queue/{id}/retry"), json!({})).await;
        assert_eq!(again.status, 200, "{}", again.text());
        app.until_state(id, "read").await;
        assert_eq!(app.phone_texts("6282146727409").await, ["a"]);
        assert_eq!(
            app.post(&faults, json!({"kind": "delay", "count": 5, "delay_ms": 1}))
                .await
                .status,
            201
        );
        assert_eq!(
            app.call(Call::new(Method::DELETE, &faults).key(&app.key))
                .await
                .status,
            204
        );
        let phone = app
            .get(&format!("/api/v1/sandbox/{}/phone", app.t.session))
            .await
            .json();
        assert_eq!(phone["faults"], json!([]));
        for (body, field) in [
            (json!({}), "kind"),
            (json!({"kind": "explode"}), "kind"),
            (json!({"kind": "fail", "count": 0}), "count"),
        ] {
            app.post(&faults, body)
                .await
                .is_problem(422, "VALIDATION_ERROR", Some(field));
        }
    })
    .await;
}
