//! The description of the API: what is served, and that every operation keeps to it.

use crate::{
    app::{Call, TestApp},
    ours::{Ours, an_alert},
    schema,
};
use domain::testing::each_engine;
use http::Method;
use serde_json::{Value, json};
use server::api::docs::description;

const VERBS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

fn described() -> Value {
    serde_json::from_str(&description("https://switchboard.example")).expect("JSON")
}

/// Method, path and description of every operation.
fn operations(all: &Value) -> Vec<(String, String, Value)> {
    let mut operations = Vec::new();
    for (path, item) in all["paths"].as_object().expect("paths") {
        for verb in VERBS {
            if let Some(operation) = item.get(verb) {
                operations.push((verb.to_uppercase(), path.clone(), operation.clone()));
            }
        }
    }
    operations
}

/// Whoever changes the API sees here what callers will see. `cargo insta review` takes it over, or
/// `INSTA_UPDATE=always` with the test.
#[test]
fn the_description_is_known() {
    insta::assert_snapshot!("openapi", dense(&described(), 0));
}

/// JSON in which what fits on a line stands on one.
fn dense(value: &Value, depth: usize) -> String {
    let flat = value.to_string();
    if flat.len() + 2 * depth <= 160 {
        return flat;
    }
    let (open, items, close) = match value {
        Value::Object(fields) => {
            let items = fields
                .iter()
                .map(|(name, value)| format!("{}: {}", json!(name), dense(value, depth + 1)));
            ('{', items.collect::<Vec<_>>(), '}')
        }
        Value::Array(items) => (
            '[',
            items.iter().map(|item| dense(item, depth + 1)).collect(),
            ']',
        ),
        _ => return flat,
    };
    let (outer, inner) = ("  ".repeat(depth), "  ".repeat(depth + 1));
    format!(
        "{open}\n{inner}{}\n{outer}{close}",
        items.join(&format!(",\n{inner}"))
    )
}

#[tokio::test]
async fn everybody_may_read_the_description() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let answer = app.call(Call::get("/openapi.json")).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("content-type"), Some("application/json"));
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
        assert_eq!(answer.text(), description(&app.t.domain.shared.config.public_url));
        assert_eq!(answer.json()["openapi"], "3.1.0");
    })
    .await;
}

#[test]
fn the_description_speaks_to_people() {
    let all = described();
    let text = all.to_string();
    for slip in ["`None`", "[`", "Self::", "TODO", "::"] {
        assert!(
            !text.contains(slip),
            "{slip} stands in the description: a comment of a type meant for Rust"
        );
    }
    let mut ids = Vec::new();
    for (method, path, operation) in operations(&all) {
        let at = format!("{method} {path}");
        assert!(
            operation["summary"].as_str().is_some_and(|text| text.len() > 3),
            "{at} has no summary"
        );
        ids.push(operation["operationId"].clone());
        for param in operation["parameters"].as_array().unwrap_or(&Vec::new()) {
            let about = param["description"].as_str().unwrap_or_default();
            assert!(about.len() > 3, "{at}: {} has no description", param["name"]);
        }
        let content = &operation["requestBody"]["content"]["application/json"];
        if content.is_object() {
            let problems = schema::problems(&all, &content["schema"], &content["example"]);
            assert_eq!(problems, Vec::<String>::new(), "{at}: the example of the body");
            undescribed(&all, &content["schema"], &at);
        }
    }
    let count = ids.len();
    ids.sort_by_key(ToString::to_string);
    ids.dedup();
    assert_eq!(ids.len(), count, "two operations have one id");
}

/// Every field of a body says what it is, and in which unit.
fn undescribed(all: &Value, body: &Value, at: &str) {
    for (name, field) in schema::fields(all, body) {
        let own = field["description"].is_string() || schema::resolve(all, &field)["description"].is_string();
        let object = field.to_string().contains("$ref");
        assert!(own || object, "{at}: the field {name} has no description");
    }
}

#[tokio::test]
async fn every_operation_answers_as_described() {
    each_engine(async |engine| {
        let app = TestApp::started(engine).await;
        let ours = Ours::make(&app).await;
        let all = described();
        for (method, path, operation) in operations(&all) {
            let at = format!("{method} {path}");
            let target = target(&app, &ours, &method, &path).await;
            let mut body = operation["requestBody"]["content"]["application/json"]["example"].clone();
            if path.ends_with("/pairing/code") {
                let phone = target
                    .replace("sessions", "sandbox")
                    .replace("pairing/code", "phone");
                body["number"] = app.get(&phone).await.json()["number"].clone();
            }
            let call = || {
                let call = Call::new(method.parse::<Method>().expect("a method"), &target);
                if body.is_null() {
                    call
                } else {
                    call.json(body.clone())
                }
            };
            let refused = app.call(call()).await;
            assert_eq!(refused.status, 401, "{at} without a key");
            keeps_to(&all, &operation["responses"]["401"], &refused.json(), &at);

            let answer = app.call(call().key(&app.key)).await;
            let responses = operation["responses"].as_object().expect("responses");
            let (status, response) = responses
                .iter()
                .find(|(status, _)| status.starts_with('2'))
                .expect("a success");
            assert_eq!(answer.status.as_str(), status, "{at}: {}", answer.text());
            if response["content"].get("application/json").is_some() {
                keeps_to(&all, response, &answer.json(), &at);
            } else {
                assert_eq!(answer.body.is_empty(), status == "204", "{at}");
            }
        }
    })
    .await;
}

#[track_caller]
fn keeps_to(all: &Value, response: &Value, answer: &Value, at: &str) {
    let contents = response["content"].as_object().expect("content");
    let schema = &contents.values().next().expect("a content")["schema"];
    let problems = schema::problems(all, schema, answer);
    assert_eq!(problems, Vec::<String>::new(), "{at}: {answer}");
}

/// The address of a call that must succeed: with ids of things in the state that it needs. An
/// operation that any of our things will do for needs no line here.
async fn target(app: &TestApp, ours: &Ours, method: &str, path: &str) -> String {
    let id = match (method, path) {
        (
            "POST",
            "/api/v1/queue/{id}/cancel" | "/api/v1/queue/{id}/reassign" | "/api/v1/queue/{id}/send-now",
        ) => waiting(app).await,
        ("POST", "/api/v1/queue/{id}/retry") => failed(app).await,
        ("POST", "/api/v1/queue/{id}/settle") => uncertain(app).await,
        ("POST", "/api/v1/alerts/{id}/acknowledge" | "/api/v1/alerts/{id}/resolve") => an_alert(app).await,
        ("POST", "/api/v1/batches/{id}/confirm") => {
            let rows = json!({"rows": [{"number": "6281234567890", "message": "a"}]});
            made(app, "/api/v1/batches", rows).await
        }
        ("DELETE", "/api/v1/keys/{id}") => {
            made(
                app,
                "/api/v1/keys",
                json!({"name": "To be revoked", "scopes": ["queue:view"]}),
            )
            .await
        }
        ("DELETE", "/api/v1/sessions/{id}") | (_, "/api/v1/sandbox/{session}/pair") => fresh(app).await,
        (_, path) if path.starts_with("/api/v1/sessions/{id}/") => fresh(app).await,
        _ => return ours.fill(path),
    };
    path.replace("{id}", &id).replace("{session}", &id)
}

async fn made(app: &TestApp, path: &str, body: Value) -> String {
    let answer = app.post(path, body).await;
    assert!(answer.status.is_success(), "{path}: {}", answer.text());
    answer.json()["id"].as_str().expect("an id").to_owned()
}

/// A session that waits for its phone.
async fn fresh(app: &TestApp) -> String {
    let id = made(app, "/api/v1/sessions", json!({"name": "Another"})).await;
    let path = format!("/api/v1/sessions/{id}");
    app.t
        .until("it waits for its phone", async |_| {
            app.get(&path).await.json()["state"] == "linking"
        })
        .await;
    id
}

/// An entry that stays in the queue: its session has no phone.
async fn waiting(app: &TestApp) -> String {
    let session = fresh(app).await;
    made(
        app,
        "/api/v1/messages",
        json!({"to": "6281234567890", "text": "Wait", "session": session}),
    )
    .await
}

async fn failed(app: &TestApp) -> String {
    let faults = format!("/api/v1/sandbox/{}/faults", app.t.session);
    // Enough for what else is on its way.
    made(app, &faults, json!({"kind": "fail", "count": 20})).await;
    let body = json!({"to": "6281234567899", "text": "Fail", "session": app.t.session});
    let id = made(app, "/api/v1/messages", body).await;
    app.until_state(&id, "failed").await;
    id
}

/// An entry of which nobody knows whether it arrived.
async fn uncertain(app: &TestApp) -> String {
    let id = waiting(app).await;
    let mut tx = app.t.store.db.begin().await.expect("a transaction");
    db::sqlx::query("UPDATE messages SET state = 'uncertain' WHERE id = $1")
        .bind(id.trim_start_matches("msg_"))
        .execute(tx.conn())
        .await
        .expect("a state");
    tx.commit().await.expect("a commit");
    id
}
