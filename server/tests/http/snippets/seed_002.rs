//! Seed 002: PHP, fetch, Python, axios. (C# speaks by its wire form, in `wire`.)

use super::run::{Program, Seen, Server};
use domain::testing::each_engine;
use serde_json::json;

const PHP: &str = include_str!("../../snippets/002.php");
const FETCH: &str = include_str!("../../snippets/002.fetch.js");
/// The page that the seed was taken from lost the indentation; here it is again.
const PYTHON: &str = include_str!("../../snippets/002.py");
const AXIOS: &str = include_str!("../../snippets/002.axios.js");

const SHIPPED: &str = "Hello! Your order has been shipped.";
const SHIPPED_NUMBERED: &str = "Hello! Your order #12345 has been shipped.";

/// A single message was queued, and the phone shows it once.
async fn single(server: &Server, seen: &Seen, text: &str) {
    assert_eq!((seen.path.as_str(), seen.status), ("/api/send", 200), "{seen:?}");
    assert_eq!(seen.answer["message"], "Message queued successfully");
    assert_eq!(seen.answer["status"], "pending");
    let status = server.settled(seen.answer["id"].as_str().expect("an id")).await;
    assert_eq!(
        (&status["state"], &status["message"]),
        (&json!("read"), &json!(text))
    );
    let shown = server.app.phone_texts("923001234567").await;
    assert_eq!(
        shown.iter().filter(|shown| *shown == text).count(),
        1,
        "{shown:?}"
    );
}

/// The attachment cannot be had, so the entry fails and the phone shows nothing of it.
async fn with_media(server: &Server, seen: &Seen) {
    assert_eq!((seen.path.as_str(), seen.status), ("/api/send", 200), "{seen:?}");
    let status = server.settled(seen.answer["id"].as_str().expect("an id")).await;
    assert_eq!(status["state"], "failed", "{status}");
    assert!(status["error"].is_string(), "{status}");
    let shown = server.app.phone_texts("923001234567").await;
    assert!(!shown.contains(&"Here is your invoice".to_owned()), "{shown:?}");
}

async fn bulk(server: &Server, seen: &Seen) {
    assert_eq!(
        (seen.path.as_str(), seen.status),
        ("/api/send-bulk", 200),
        "{seen:?}"
    );
    assert_eq!(
        (&seen.answer["queued"], &seen.answer["failed"]),
        (&json!(2), &json!(0))
    );
    for id in seen.answer["queueIds"].as_array().expect("ids") {
        assert_eq!(server.settled(&id.to_string()).await["state"], "read");
    }
    for (number, text) in [("923001234567", "Hello User 1"), ("923009876543", "Hello User 2")] {
        let shown = server.app.phone_texts(number).await;
        assert_eq!(
            shown.iter().filter(|shown| *shown == text).count(),
            1,
            "{shown:?}"
        );
    }
}

#[tokio::test]
async fn php() {
    each_engine(async |engine| {
        let server = Server::start(engine).await;
        let (printed, seen) = server.run(Program::Php, PHP).await;
        assert!(
            printed.contains("[success] => 1") && printed.contains("[queueId] => 1"),
            "{printed}"
        );
        single(&server, &seen[0], SHIPPED_NUMBERED).await;
        // The snippet defines three bodies and sends the first; here are the other two.
        let (_, seen) = server
            .run(
                Program::Php,
                &PHP.replace("json_encode($data)", "json_encode($dataWithMedia)"),
            )
            .await;
        with_media(&server, &seen[0]).await;
        let text = PHP
            .replace("json_encode($data)", "json_encode($bulkData)")
            .replace("/api/send", "/api/send-bulk");
        let (printed, seen) = server.run(Program::Php, &text).await;
        assert!(printed.contains("[queued] => 2"), "{printed}");
        bulk(&server, &seen[0]).await;
    })
    .await;
}

#[tokio::test]
async fn fetch() {
    each_engine(async |engine| {
        let server = Server::start(engine).await;
        // The snippet only defines its functions.
        let text = format!("{FETCH}\nsendWhatsAppMessage().then(sendBulkMessages).then(console.log);\n");
        let (printed, seen) = server.run(Program::Node, &text).await;
        assert!(
            printed.contains("Success: {") && printed.contains("success: true"),
            "{printed}"
        );
        single(&server, &seen[0], SHIPPED_NUMBERED).await;
        bulk(&server, &seen[1]).await;
        let text = text.replace(
            "JSON.stringify(data)",
            "JSON.stringify(typeof dataWithMedia === 'undefined' ? data : dataWithMedia)",
        );
        let (_, seen) = server.run(Program::Node, &text).await;
        with_media(&server, &seen[0]).await;
    })
    .await;
}

#[tokio::test]
async fn python() {
    each_engine(async |engine| {
        let server = Server::start(engine).await;
        let (printed, seen) = server.run(Program::Python, PYTHON).await;
        for start in [
            "Single: {'success': True",
            "With Media: {'success': True",
            "Bulk: {'success': True",
        ] {
            assert!(printed.contains(start), "{printed}");
        }
        single(&server, &seen[0], SHIPPED).await;
        with_media(&server, &seen[1]).await;
        bulk(&server, &seen[2]).await;
    })
    .await;
}

#[tokio::test]
async fn axios() {
    each_engine(async |engine| {
        let server = Server::start(engine).await;
        let (printed, seen) = server.run(Program::Node, AXIOS).await;
        assert!(printed.contains("Single: {") && printed.contains("Bulk: {"), "{printed}");
        single(&server, &seen[0], SHIPPED).await;
        with_media(&server, &seen[1]).await;
        bulk(&server, &seen[2]).await;
        // The snippet also defines two readers and does not call them.
        let end = AXIOS.find("// Example usage").expect("the example");
        let readers = "getQueueStatus().then(() => getHistory('2020-01-01', '2999-12-31')).then(h => console.log(h.success));";
        let (printed, seen) = server.run(Program::Node, &format!("{}{readers}", &AXIOS[..end])).await;
        assert_eq!(printed.trim(), "true");
        assert_eq!((seen[0].status, seen[1].status), (200, 200));
        assert_eq!(seen[1].answer["data"].as_array().map(Vec::len), Some(4), "three sent, one failed");
    })
    .await;
}
