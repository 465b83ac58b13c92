//! C# and Dart by their wire form: the bytes that `System.Text.Json`, `package:http` and
//! `package:dio` put on the line for the seeds' snippets.

use super::{
    run::{Seen, Server},
    seed_004,
};
use crate::app::{Answer, Call};
use domain::testing::each_engine;
use serde_json::json;

async fn post(server: &Server, path: &str, content_type: &str, body: &str) -> Seen {
    let call = Call::post(path, json!(null)).raw(body.to_owned());
    let answer: Answer = server
        .app
        .call(call.header("content-type", content_type).key(&server.app.key))
        .await;
    Seen {
        path: path.into(),
        status: answer.status.as_u16(),
        answer: answer.json(),
    }
}

#[tokio::test]
async fn c_sharp() {
    const TYPE: &str = "application/json; charset=utf-8";
    each_engine(async |engine| {
        let server = Server::start(engine).await;
        let single = r#"{"number":"923001234567","message":"Hello! Your order has been shipped.","mediaUrl":null,"mediaType":null}"#;
        let seen = post(&server, "/api/send", TYPE, single).await;
        assert_eq!(seen.status, 200, "{seen:?}");
        assert_eq!(server.settled(seen.answer["id"].as_str().unwrap()).await["state"], "read");
        assert!(seen.answer["queueId"].as_i64().is_some_and(|id| i32::try_from(id).is_ok()), "the client has int?");

        let media = r#"{"number":"923001234567","message":"Here is your invoice","mediaUrl":"https://example.com/invoice.pdf","mediaType":"document"}"#;
        let seen = post(&server, "/api/send", TYPE, media).await;
        assert_eq!(seen.status, 200, "{seen:?}");
        assert_eq!(server.settled(seen.answer["id"].as_str().unwrap()).await["state"], "failed");

        let bulk = r#"{"messages":[{"Number":"923001234567","Message":"Hello User 1","MediaUrl":null,"MediaType":null},{"Number":"923009876543","Message":"Hello User 2","MediaUrl":null,"MediaType":null}]}"#;
        let seen = post(&server, "/api/send-bulk", TYPE, bulk).await;
        assert_eq!((seen.status, &seen.answer["queued"]), (200, &json!(2)), "{seen:?}");
        for id in seen.answer["queueIds"].as_array().unwrap() {
            assert_eq!(server.settled(&id.to_string()).await["state"], "read");
        }
        assert_eq!(server.app.phone_texts("923001234567").await, ["Hello! Your order has been shipped.", "Hello User 1"]);
        assert_eq!(server.app.phone_texts("923009876543").await, ["Hello User 2"]);
    })
    .await;
}

#[tokio::test]
async fn dart() {
    each_engine(async |engine| {
        let server = Server::start(engine).await;
        server.set_main_number("6281200000001").await;
        let pdf = crate::compat_message::PDF;
        let document = format!(
            r#"{{"number":"6282146727409","message":"Here is the document","media":{{"data":"{pdf}","mimetype":"application/pdf","filename":"document.pdf"}}}}"#
        );
        let calls = [
            ("single", r#"{"number":"6282146727409","message":"Hello!"}"#),
            ("many", r#"{"recipients":["6282146727409","628xxx"],"message":"Hello everyone!"}"#),
            ("group", r#"{"recipients":["120363xxx@g.us"],"message":"Hello group!"}"#),
            ("mixed", r#"{"recipients":["6282146727409","628xxx","120363xxx@g.us","120363yyy@g.us"],"message":"Hello!"}"#),
            ("main", r#"{"number":"main","message":"Hello!"}"#),
            ("media-url", r#"{"number":"6282146727409","message":"Check this image!","media":{"url":"https://example.com/photo.jpg"}}"#),
            ("base64", document.as_str()),
            ("reference", r#"{"number":"6282146727409","message":"Hello!","reference_id":"order-12345"}"#),
        ];
        // dio, then http, which adds the charset to the header that it is given.
        for content_type in ["application/json", "application/json; charset=utf-8"] {
            for (name, body) in calls {
                let seen = post(&server, "/api/send-message", content_type, body).await;
                seed_004::check(&server, name, false, &seen).await;
            }
        }
        let path = "/api/message-status/order-12345";
        let answer = server.app.get(path).await;
        let seen = Seen { path: path.into(), status: answer.status.as_u16(), answer: answer.json() };
        seed_004::check(&server, "status", false, &seen).await;
    })
    .await;
}
