//! The samples that the API page writes, run as they stand, with texts that try to break out.

use super::run::{Program, Server};
use crate::app::Call;
use app::docs::{
    Description,
    call::{Values, build, start},
    samples::{Lang, Sample},
};
use domain::testing::each_engine;
use serde_json::json;

/// Quotes, backslashes, variables, placeholders, line ends and what is not ASCII.
const NASTY: &str = "It's \"quoted\" \\ \\n $total ${x} {$y} $(id) `id` #{z} %s %%\nnext\ttab\r\nend </script> é 🍵 \u{2028}.";

/// The sample of an endpoint whose form was filled in like this.
fn sample(server: &Server, lang: Lang, op: &str, filled: &[(&str, &str)]) -> String {
    let description = Description::new(server::api::docs::description(&server.url));
    let endpoint = description.endpoint(op).expect("an endpoint");
    let mut values: Values = start(&endpoint);
    for (key, value) in filled {
        assert!(
            values.insert((*key).into(), (*value).into()).is_some(),
            "{op} has no field {key}"
        );
    }
    // The form would offer the sandbox session.
    values.retain(|key, _| !key.ends_with("sessionId") && key != "body-session");
    let call = build(&endpoint, &values);
    lang.write(&Sample {
        call: &call,
        base: &description.base(),
        key: &server.app.key,
    })
}

async fn runs(lang: Lang, program: Program) {
    each_engine(async |engine| {
        let server = Server::start(engine).await;
        let single = [("body-number", "6281234567890"), ("body-message", NASTY)];
        let (printed, seen) = server
            .run(program, &sample(&server, lang, "post-send", &single))
            .await;
        assert!(printed.contains("queueId"), "{printed}");
        assert_eq!(
            (seen.len(), seen[0].path.as_str(), seen[0].status),
            (1, "/api/send", 200),
            "{seen:?}"
        );
        let status = server
            .settled(seen[0].answer["id"].as_str().expect("an id"))
            .await;
        assert_eq!(status["message"], NASTY);
        assert_eq!(server.app.phone_texts("6281234567890").await, [NASTY]);

        let rows = json!([{"number": "6281234567891", "message": NASTY}]).to_string();
        let bulk = sample(&server, lang, "post-send-bulk", &[("body-messages", &rows)]);
        let (_, seen) = server.run(program, &bulk).await;
        assert_eq!(seen[0].answer["queued"], 1, "{seen:?}");
        server.settled(&seen[0].answer["queueIds"][0].to_string()).await;
        assert_eq!(server.app.phone_texts("6281234567891").await, [NASTY]);

        // A path and a query that hold what has a meaning there, no body, and an answer that refuses.
        let strange = "order #1/2 & it's ?100%";
        let (_, seen) = server
            .run(
                program,
                &sample(&server, lang, "get-message-status-id", &[("path-id", strange)]),
            )
            .await;
        assert_eq!(
            (seen[0].status, &seen[0].answer["code"]),
            (404, &json!("NOT_FOUND")),
            "{seen:?}"
        );
        let session = server.app.t.session.to_string();
        let chats = [("query-session", session.as_str()), ("query-search", strange)];
        let (_, seen) = server
            .run(program, &sample(&server, lang, "get-v1-chats", &chats))
            .await;
        assert_eq!(
            (seen[0].status, &seen[0].answer["data"]),
            (200, &json!([])),
            "{seen:?}"
        );
        let patch = [
            ("body-delay_min_ms", "7"),
            ("body-delay_max_ms", "9"),
            ("body-allow_list", "*"),
        ];
        let (_, seen) = server
            .run(program, &sample(&server, lang, "patch-v1-settings", &patch))
            .await;
        assert_eq!(
            (seen[0].status, &seen[0].answer["delay_max_ms"]),
            (200, &json!(9)),
            "{seen:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn curl() {
    runs(Lang::Curl, Program::Shell).await;
}

#[tokio::test]
async fn php() {
    runs(Lang::Php, Program::Php).await;
}

#[tokio::test]
async fn fetch() {
    runs(Lang::Fetch, Program::Node).await;
}

#[tokio::test]
async fn axios() {
    runs(Lang::Axios, Program::Node).await;
}

#[tokio::test]
async fn python() {
    runs(Lang::Python, Program::Python).await;
}

/// C# and Dart are written as literals of their own; what their libraries put on the line for it
/// is the same JSON, which the other languages have shown to arrive.
#[tokio::test]
async fn every_endpoint_has_a_sample_in_every_language() {
    each_engine(async |engine| {
        let server = Server::start(engine).await;
        let text = server.app.call(Call::get("/openapi.json")).await.json();
        let paths = text["paths"].as_object().expect("paths");
        let operations = paths
            .values()
            .flat_map(|item| item.as_object().into_iter().flatten());
        for (_, operation) in operations {
            let op = operation["operationId"].as_str().expect("an id");
            for lang in Lang::ALL {
                let written = sample(&server, *lang, op, &[]);
                assert!(written.contains(&server.url), "{op} in {lang:?}: {written}");
                assert!(
                    !written.contains("/{"),
                    "{op} in {lang:?}: a part of the path is open: {written}"
                );
            }
        }
    })
    .await;
}
