//! Who is refused what, for every operation of the API. An operation without a row fails.

use crate::{
    app::{Answer, Call, TestApp},
    ours::Ours,
};
use domain::testing::each_engine;
use http::Method;
use serde_json::{Value, json};
use server::api::routes;
use types::Permission;

/// What a caller of another organization hears who names our things.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Elsewhere {
    /// The path names one of our things: it does not exist there.
    NotFound,
    /// The body or the query names our session: this field is wrong.
    Bad(&'static str),
    /// Nothing of ours is named: the caller sees its own, which is nothing.
    Own,
}
use Elsewhere::{Bad, NotFound, Own};

/// Method, path, body of a call that would be good, and what it is elsewhere.
pub fn table(app: &TestApp) -> Vec<(&'static str, &'static str, Value, Elsewhere)> {
    let ours = app.t.session.to_string();
    let plain = app.t.session.plain();
    let send = json!({"number": "923001234567", "message": "a", "sessionId": plain});
    vec![
        ("POST", "/api/send", send.clone(), Bad("sessionId")),
        (
            "POST",
            "/api/send-bulk",
            json!({"messages": [{"number": "923001234567", "message": "a"}], "sessionId": plain}),
            Bad("sessionId"),
        ),
        ("POST", "/api/send-message", send, Bad("sessionId")),
        ("GET", "/api/queue", Value::Null, Own),
        ("GET", "/api/history", Value::Null, Own),
        ("GET", "/api/message-status/{id}", Value::Null, NotFound),
        ("GET", "/api/v1/dashboard", Value::Null, Own),
        ("GET", "/api/v1/sessions", Value::Null, Own),
        ("POST", "/api/v1/sessions", json!({"name": "Second"}), Own),
        ("GET", "/api/v1/sessions/{id}", Value::Null, NotFound),
        ("DELETE", "/api/v1/sessions/{id}", Value::Null, NotFound),
        ("POST", "/api/v1/sessions/{id}/start", json!({}), NotFound),
        ("POST", "/api/v1/sessions/{id}/stop", json!({}), NotFound),
        ("POST", "/api/v1/sessions/{id}/restart", json!({}), NotFound),
        ("POST", "/api/v1/sessions/{id}/log-out", json!({}), NotFound),
        ("GET", "/api/v1/sessions/{id}/transitions", Value::Null, NotFound),
        ("GET", "/api/v1/sessions/{id}/pairing", Value::Null, NotFound),
        (
            "POST",
            "/api/v1/sessions/{id}/pairing/refresh",
            json!({}),
            NotFound,
        ),
        (
            "POST",
            "/api/v1/sessions/{id}/pairing/code",
            json!({"number": "6282146727409"}),
            NotFound,
        ),
        (
            "POST",
            "/api/v1/messages",
            json!({"to": "923001234567", "text": "a", "session": ours}),
            Bad("session"),
        ),
        ("GET", "/api/v1/messages/{id}", Value::Null, NotFound),
        (
            "POST",
            "/api/v1/batches",
            json!({"rows": [{"number": "923001234567", "message": "a"}], "session": ours}),
            Bad("session"),
        ),
        ("GET", "/api/v1/batches", Value::Null, Own),
        ("GET", "/api/v1/batches/{id}", Value::Null, NotFound),
        ("GET", "/api/v1/batches/{id}/errors.csv", Value::Null, NotFound),
        ("POST", "/api/v1/batches/{id}/confirm", json!({}), NotFound),
        ("POST", "/api/v1/batches/{id}/cancel", json!({}), NotFound),
        ("GET", "/api/v1/queue", Value::Null, Own),
        ("POST", "/api/v1/queue/cancel", json!({}), Own),
        ("GET", "/api/v1/queue/{id}", Value::Null, NotFound),
        ("POST", "/api/v1/queue/{id}/cancel", json!({}), NotFound),
        ("POST", "/api/v1/queue/{id}/retry", json!({}), NotFound),
        ("POST", "/api/v1/queue/{id}/send-now", json!({}), NotFound),
        ("POST", "/api/v1/queue/{id}/reassign", json!({}), NotFound),
        (
            "POST",
            "/api/v1/queue/{id}/settle",
            json!({"outcome": "failed"}),
            NotFound,
        ),
        ("POST", "/api/v1/queue/retry", json!({}), Own),
        ("GET", "/api/v1/queue/lanes", Value::Null, Own),
        ("GET", "/api/v1/queue/balance", Value::Null, Own),
        (
            "POST",
            "/api/v1/queue/what-if",
            json!({"session": ours}),
            Bad("session"),
        ),
        ("GET", "/api/v1/sessions/{id}/limits", Value::Null, NotFound),
        ("PATCH", "/api/v1/sessions/{id}/limits", json!({}), NotFound),
        ("GET", "/api/v1/history", Value::Null, Own),
        ("GET", "/api/v1/history.csv", Value::Null, Own),
        ("GET", "/api/v1/chats", Value::Null, NotFound),
        ("GET", "/api/v1/chats/{id}", Value::Null, NotFound),
        ("GET", "/api/v1/chats/{id}/messages", Value::Null, NotFound),
        ("GET", "/api/v1/media/{id}/content", Value::Null, NotFound),
        ("GET", "/api/v1/keys", Value::Null, Own),
        (
            "POST",
            "/api/v1/keys",
            json!({"name": "Till", "session": ours}),
            Bad("session"),
        ),
        ("DELETE", "/api/v1/keys/{id}", Value::Null, NotFound),
        ("GET", "/api/v1/request-log", Value::Null, Own),
        ("GET", "/api/v1/request-log/{id}", Value::Null, NotFound),
        ("GET", "/api/v1/request-log/settings", Value::Null, Own),
        (
            "PATCH",
            "/api/v1/request-log/settings",
            json!({"request_log_days": 7}),
            Own,
        ),
        ("GET", "/api/v1/settings", Value::Null, Own),
        ("PATCH", "/api/v1/settings", json!({}), Own),
        ("GET", "/api/v1/events", Value::Null, Own),
        ("GET", "/api/v1/alerts", Value::Null, Own),
        ("POST", "/api/v1/alerts/resolve", json!({}), Own),
        ("GET", "/api/v1/alerts/{id}", Value::Null, NotFound),
        ("POST", "/api/v1/alerts/{id}/acknowledge", json!({}), NotFound),
        ("POST", "/api/v1/alerts/{id}/resolve", json!({}), NotFound),
        ("GET", "/api/v1/sandbox/{session}/phone", Value::Null, NotFound),
        ("GET", "/api/v1/sandbox/{session}/chats", Value::Null, NotFound),
        (
            "GET",
            "/api/v1/sandbox/{session}/phones/{number}/messages",
            Value::Null,
            NotFound,
        ),
        (
            "POST",
            "/api/v1/sandbox/{session}/incoming",
            json!({"from": "6282146727409", "text": "a"}),
            NotFound,
        ),
        ("POST", "/api/v1/sandbox/{session}/pair", json!({}), NotFound),
        (
            "POST",
            "/api/v1/sandbox/{session}/faults",
            json!({"kind": "fail"}),
            NotFound,
        ),
        (
            "DELETE",
            "/api/v1/sandbox/{session}/faults",
            Value::Null,
            NotFound,
        ),
    ]
}

pub fn call(method: &str, path: &str, body: &Value) -> Call {
    let call = Call::new(Method::from_bytes(method.as_bytes()).expect("a method"), path);
    if body.is_null() {
        call
    } else {
        call.json(body.clone())
    }
}

pub fn code(answer: &Answer) -> (u16, String) {
    let code = if answer.body.is_empty() {
        String::new()
    } else {
        answer.json()["code"].as_str().unwrap_or_default().to_owned()
    };
    (answer.status.as_u16(), code)
}

#[tokio::test]
async fn every_operation_refuses_whom_it_must() {
    each_engine(async |engine| {
        let app = TestApp::started(engine).await;
        let table = table(&app);
        let ours = Ours::make(&app).await;
        let cookie = app.log_in().await;
        let other = app.other_key().await;
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
        assert_eq!(
            app.call(call("DELETE", &path, &Value::Null).key(&app.key))
                .await
                .status,
            204
        );

        for route in routes() {
            let (method, path) = (route.method.as_str(), route.path);
            let Some((_, _, body, elsewhere)) = table.iter().find(|row| (row.0, row.1) == (method, path))
            else {
                panic!("{method} {path} has no row in the denial table");
            };
            let named = ours.fill(path);
            let ask = || call(method, &named, body);
            let refused = (401, "UNAUTHORIZED".to_owned());
            assert_eq!(code(&app.call(ask()).await), refused, "{method} {path}: nobody");
            assert_eq!(
                code(&app.call(ask().cookie(&cookie)).await),
                refused,
                "{method} {path}: a cookie"
            );
            assert_eq!(
                code(&app.call(ask().key(&revoked)).await),
                refused,
                "{method} {path}: a revoked key"
            );
            if let Some(needed) = route.needs {
                let rest: Vec<_> = Permission::ALL
                    .iter()
                    .copied()
                    .filter(|scope| *scope != needed)
                    .collect();
                let lacking = app.key_with(&rest).await;
                let answer = app.call(ask().key(&lacking)).await;
                assert_eq!(
                    code(&answer),
                    (403, "FORBIDDEN".into()),
                    "{method} {path}: without {}",
                    needed.name()
                );
                // The one scope suffices; ids that nobody has keep the call from doing anything.
                let only = app.key_with(&[needed]).await;
                let nowhere = nowhere(path);
                let answer = app.call(call(method, &nowhere, &json!({})).key(&only)).await;
                assert!(
                    ![401, 403, 405, 500].contains(&answer.status.as_u16()),
                    "{method} {path}: {}",
                    answer.text()
                );
            }
            let answer = app.call(ask().key(&other)).await;
            match elsewhere {
                NotFound => assert_eq!(
                    code(&answer),
                    (404, "NOT_FOUND".into()),
                    "{method} {path}: elsewhere"
                ),
                Bad(field) => {
                    assert_eq!(
                        code(&answer),
                        (422, "VALIDATION_ERROR".into()),
                        "{method} {path}: elsewhere"
                    );
                    assert_eq!(answer.json()["field"], *field, "{method} {path}: elsewhere");
                }
                Own => {
                    assert!(
                        answer.status.is_success(),
                        "{method} {path}: elsewhere: {}",
                        answer.text()
                    );
                    let told = answer.text();
                    // What that caller itself asked for names our ids; see the room's own tests.
                    let told = if path == "/api/v1/request-log" {
                        String::new()
                    } else {
                        told
                    };
                    for id in [
                        &ours.session,
                        &ours.message,
                        &ours.chat,
                        &ours.media,
                        &ours.key,
                        &ours.alert,
                        &ours.batch,
                    ] {
                        assert!(
                            !told.contains(id.as_str()),
                            "{method} {path} tells {id} elsewhere"
                        );
                    }
                }
            }
        }
        let known: Vec<_> = routes()
            .iter()
            .map(|route| (route.method.to_string(), route.path))
            .collect();
        for (method, path, ..) in &table {
            assert!(
                known.contains(&((*method).to_owned(), *path)),
                "{method} {path} is in the table but not served"
            );
        }
        // Nothing of all this changed anything of ours.
        let session = app
            .get(&format!("/api/v1/sessions/{}", ours.session))
            .await
            .json();
        assert_eq!(session["state"], "connected");
    })
    .await;
}

/// The path with ids that nobody has.
fn nowhere(path: &str) -> String {
    let nobody = "00000000-0000-7000-8000-000000000000";
    path.replace("{id}", nobody)
        .replace("{session}", nobody)
        .replace("{number}", "6282146727409")
}
