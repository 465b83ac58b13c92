//! What a key of one session may reach of the others of its organization: nothing.

use crate::{
    app::{Call, TestApp},
    denial::{Elsewhere, call, code, table},
    ours::Ours,
};
use domain::testing::each_engine;
use serde_json::json;
use server::api::routes;

/// A session beside the organization's first, and a key with every scope that belongs to it alone.
async fn key_of_a_second_session(app: &TestApp) -> String {
    let made = app
        .post("/api/v1/sessions", json!({"name": "Second"}))
        .await
        .json();
    let second = made["id"]
        .as_str()
        .unwrap_or_else(|| panic!("no session: {made}"))
        .to_owned();
    let created = app
        .post("/api/v1/keys", json!({"name": "Pinned", "session": second}))
        .await;
    assert_eq!(created.status, 201, "{}", created.text());
    created.json()["secret"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_key_of_one_session_reaches_no_other() {
    each_engine(async |engine| {
        let app = TestApp::started(engine).await;
        let ours = Ours::make(&app).await;
        let first = ours.session.clone();
        let key = key_of_a_second_session(&app).await;
        // Something that waits, so that there is something to cancel.
        let stop = format!("/api/v1/sessions/{first}/stop");
        assert_eq!(app.post(&stop, json!({})).await.status, 200);
        let body = json!({"number": "923001234567", "message": "a", "sessionId": first});
        let waits = app.post("/api/send", body).await.json()["id"]
            .as_str()
            .expect("a message that waits")
            .to_owned();

        let table = table(&app);
        for route in routes() {
            let (method, path) = (route.method.as_str(), route.path);
            let (.., body, elsewhere) = table
                .iter()
                .find(|row| (row.0, row.1) == (method, path))
                .unwrap_or_else(|| panic!("{method} {path} has no row in the denial table"));
            let mut named = ours.fill(path);
            let mut body = body.clone();
            if method == "GET" {
                // Whatever the list calls its filter, it is asked for the other session.
                let sign = if named.contains('?') { '&' } else { '?' };
                named = format!("{named}{sign}session={first}&sessionId={first}");
            }
            if path == "/api/v1/queue/cancel" {
                body = json!({ "session": first });
            }
            let answer = app.call(call(method, &named, &body).key(&key)).await;
            let told = format!("{method} {named}: {} {}", answer.status, answer.text());
            match elsewhere {
                Elsewhere::NotFound => assert_eq!(code(&answer), (404, "NOT_FOUND".into()), "{told}"),
                Elsewhere::Bad(field) => {
                    assert_eq!(code(&answer), (422, "VALIDATION_ERROR".into()), "{told}");
                    assert_eq!(answer.json()["field"], *field, "{told}");
                }
                Elsewhere::Own => {
                    assert!(
                        answer.status.is_success() || [403, 404, 422].contains(&answer.status.as_u16()),
                        "{told}"
                    );
                    for id in [
                        &first,
                        &ours.message,
                        &ours.chat,
                        &ours.media,
                        &ours.key,
                        &ours.alert,
                        &waits,
                    ] {
                        assert!(!answer.text().contains(id.as_str()), "{told}");
                    }
                }
            }
        }
        // Nothing of all this changed anything of the first session's.
        let entry = app.get(&format!("/api/v1/messages/{waits}")).await.json();
        assert_eq!(entry["state"], "pending");
        let keys = app.get("/api/v1/keys").await.json();
        let own = keys["data"]
            .as_array()
            .unwrap()
            .iter()
            .find(|one| one["id"] == ours.key)
            .unwrap();
        assert_eq!(own["revoked_at"], json!(null));
        let alert = app.get(&format!("/api/v1/alerts/{}", ours.alert)).await.json();
        assert_eq!(alert["status"], "open");
    })
    .await;
}

#[tokio::test]
async fn a_key_of_one_session_sends_through_it_alone() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let key = key_of_a_second_session(&app).await;
        let own = app.call(Call::get("/api/v1/sessions").key(&key)).await.json();
        assert_eq!(own["data"].as_array().map(Vec::len), Some(1), "{own}");
        let second = own["data"][0]["id"].clone();
        let number = "923001234567";
        for (path, body) in [
            ("/api/send", json!({"number": number, "message": "a"})),
            (
                "/api/send-bulk",
                json!({"messages": [{"number": number, "message": "a"}]}),
            ),
            ("/api/send-message", json!({"number": number, "message": "a"})),
            ("/api/v1/messages", json!({"to": number, "text": "a"})),
        ] {
            let sent = app.call(Call::post(path, body).key(&key)).await;
            assert!(sent.status.is_success(), "{path}: {}", sent.text());
        }
        let queue = app.call(Call::get("/api/v1/queue").key(&key)).await.json();
        let through: Vec<_> = queue["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| entry["session"].clone())
            .collect();
        assert_eq!(through, vec![second; 4], "without being told");
    })
    .await;
}
