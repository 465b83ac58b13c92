//! Seed 004: curl, fetch, axios. (Dart speaks by its wire form, in `wire`.)

use super::run::{Program, Seen, Server, parts};
use domain::testing::{TestDomain, each_engine};
use serde_json::{Value, json};

const CURL: &str = include_str!("../../snippets/004.curl.txt");
const FETCH: &str = include_str!("../../snippets/004.fetch.txt");
const AXIOS: &str = include_str!("../../snippets/004.axios.txt");

const PERSON: &str = "6282146727409";
const MAIN: &str = "6281200000001";

#[tokio::test]
async fn curl() {
    each_engine(async |engine| all(Server::start(engine).await, Program::Shell, CURL).await).await;
}

#[tokio::test]
async fn fetch() {
    each_engine(async |engine| all(Server::start(engine).await, Program::Node, FETCH).await).await;
}

#[tokio::test]
async fn axios() {
    each_engine(async |engine| all(Server::start(engine).await, Program::Node, AXIOS).await).await;
}

/// Runs every snippet of a file in the order of the seed.
async fn all(server: Server, program: Program, file: &'static str) {
    server.set_main_number(MAIN).await;
    let snippets = parts(file);
    assert!(snippets.len() >= 9, "the file has lost its parts");
    for (name, text) in snippets {
        let (printed, seen) = server.run(program, text).await;
        let seen = &seen[0];
        assert!(!printed.trim().is_empty(), "{name} printed nothing");
        // The placeholder in the seed is no document; axios reads a real one.
        let placeholder = text.contains("BASE64_ENCODED_DATA");
        check(&server, name, placeholder, seen).await;
    }
}

/// Holds what a snippet got against its row in `compat-api.md` §4, then against the phone.
pub async fn check(server: &Server, name: &str, placeholder: bool, seen: &Seen) {
    match name {
        "single" => arrived(server, seen, PERSON, "Hello!").await,
        "many" => {
            counts(seen, 1, 1);
            assert_eq!(seen.answer["results"][1]["field"], "recipients[1]", "{seen:?}");
            arrived(server, seen, PERSON, "Hello everyone!").await;
        }
        "group" => {
            counts(seen, 1, 0);
            failed(server, seen, 0, "120363xxx@g.us").await;
        }
        "mixed" => {
            counts(seen, 3, 1);
            arrived(server, seen, PERSON, "Hello!").await;
            failed(server, seen, 2, "120363xxx@g.us").await;
            failed(server, seen, 3, "120363yyy@g.us").await;
        }
        "main" => arrived(server, seen, MAIN, "Hello!").await,
        "media-url" | "media-only" => {
            counts(seen, 1, 0);
            failed(server, seen, 0, PERSON).await;
        }
        "base64" if placeholder => {
            assert_eq!(seen.status, 422, "{seen:?}");
            assert_eq!(
                (&seen.answer["code"], &seen.answer["field"]),
                (&json!("VALIDATION_ERROR"), &json!("media.data"))
            );
            let shown = server.app.phone_texts(PERSON).await;
            assert!(!shown.contains(&"Here is the document".to_owned()), "{shown:?}");
        }
        "base64" => {
            arrived(server, seen, PERSON, "Here is the document").await;
            let shown = server.app.phone(PERSON).await;
            let last = shown.last().expect("a message");
            assert_eq!(
                (&last["media_kind"], &last["filename"]),
                (&json!("document"), &json!("document.pdf"))
            );
        }
        "reference" => {
            assert_eq!(seen.answer["reference_id"], "order-12345");
            arrived(server, seen, PERSON, "Hello!").await;
        }
        "status" | "status-page" => {
            assert_eq!(
                (seen.path.as_str(), seen.status),
                ("/api/message-status/order-12345", 200),
                "{seen:?}"
            );
            let keys = [
                "id",
                "reference_id",
                "number",
                "chatId",
                "message",
                "status",
                "error",
                "createdAt",
                "sentAt",
            ];
            assert!(keys.iter().all(|key| seen.answer.get(key).is_some()), "{seen:?}");
            assert_eq!(
                (&seen.answer["status"], &seen.answer["chatId"]),
                (&json!("sent"), &json!("6282146727409@c.us"))
            );
        }
        other => panic!("no row for the snippet {other}"),
    }
}

#[track_caller]
fn counts(seen: &Seen, queued: i64, rejected: i64) {
    assert_eq!(
        (seen.path.as_str(), seen.status),
        ("/api/send-message", 200),
        "{seen:?}"
    );
    assert_eq!(
        (&seen.answer["queued"], &seen.answer["rejected"]),
        (&json!(queued), &json!(rejected)),
        "{seen:?}"
    );
}

/// The first recipient's message is on that phone, one more than before, and was read.
async fn arrived(server: &Server, seen: &Seen, number: &str, text: &str) {
    assert_eq!(
        (seen.path.as_str(), seen.status),
        ("/api/send-message", 200),
        "{seen:?}"
    );
    let id = seen.answer["id"].as_str().expect("an id");
    let status = server.settled(id).await;
    assert_eq!(
        (&status["state"], &status["number"]),
        (&json!("read"), &json!(number)),
        "{status}"
    );
    let wire = id.replace('-', "").to_uppercase();
    let mine = async || -> Vec<Value> {
        let shown = server.app.phone(number).await;
        shown
            .into_iter()
            .filter(|message| message["message_id"] == wire)
            .collect()
    };
    // The phone notes that its receipt was heard a moment after we have heard it.
    let read = async |_: &TestDomain| mine().await.iter().all(|message| message["tick"] == "read");
    server.app.t.until("the phone shows blue ticks", read).await;
    let mine = mine().await;
    assert_eq!(mine.len(), 1, "exactly once: {mine:?}");
    assert_eq!(mine[0]["text"], json!(text));
}

/// That row's message failed with a reason, and the phone shows nothing of it.
async fn failed(server: &Server, seen: &Seen, row: usize, number: &str) {
    let id = seen.answer["results"][row]["id"]
        .as_str()
        .unwrap_or_else(|| panic!("no id in {seen:?}"));
    let status = server.settled(id).await;
    assert_eq!(
        (&status["state"], &status["number"]),
        (&json!("failed"), &json!(number)),
        "{status}"
    );
    assert!(
        status["error"].as_str().is_some_and(|error| !error.is_empty()),
        "{status}"
    );
    let wire = id.replace('-', "").to_uppercase();
    let shown = server.app.phone(number).await;
    assert!(
        shown.iter().all(|message| message["message_id"] != wire),
        "{shown:?}"
    );
}
