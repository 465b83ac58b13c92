//! Calls find their way into the log, and nothing secret with them.

use crate::app::{Answer, Call, TestApp};
use axum::extract::ConnectInfo;
use domain::{Ctx, testing::each_engine};
use http::Method;
use serde_json::{Value, json};
use std::net::SocketAddr;
use tokio_util::sync::CancellationToken;
use types::{PageRequest, request_log::RequestFilter};

impl TestApp {
    /// The newest line of the log about that path.
    async fn logged(&self, path: &str) -> Value {
        self.t.domain.request_log.flush().await;
        let list = self
            .get(&format!("/api/v1/request-log?path={path}&limit=1"))
            .await
            .json();
        let id = list["data"][0]["id"]
            .as_str()
            .unwrap_or_else(|| panic!("{path} is not logged: {list}"));
        self.get(&format!("/api/v1/request-log/{id}")).await.json()
    }
}

fn header<'a>(all: &'a Value, name: &str) -> Option<&'a str> {
    let pairs = all.as_array().expect("a list");
    pairs
        .iter()
        .find(|pair| pair[0] == name)
        .and_then(|pair| pair[1].as_str())
}

#[tokio::test]
async fn a_message_is_found_with_what_was_asked_and_answered() {
    each_engine(async |engine| {
        let app = TestApp::started(engine).await;
        let session = app.t.session.plain();
        let body = json!({"number": "923001234567", "message": "Hello", "password": "hunter2", "sessionId": session});
        let answer = app.post("/api/send", body).await;
        let queue_id = answer.json()["queueId"].clone();
        let line = app.logged("/api/send").await;
        assert_eq!(line["id"].as_str(), answer.header("x-request-id"));
        for (name, expect) in [
            ("method", json!("POST")),
            ("url", json!("/api/send")),
            ("status", json!(200)),
            ("key_prefix", json!(&app.key[..11])),
            ("session", json!(app.t.session)),
            ("first_queue_id", queue_id.clone()),
            ("last_queue_id", queue_id.clone()),
            ("queued", json!(1)),
        ] {
            assert_eq!(line[name], expect, "{name} in {line}");
        }
        crate::app::assert_moment(&line["at"]);
        assert!(line["duration_ms"].as_i64() > Some(0), "{line}");
        assert_eq!(header(&line["request_headers"], "x-api-key"), Some("[masked]"));
        assert_eq!(
            header(&line["response_headers"], "content-type"),
            Some("application/json")
        );
        let asked = line["request_body"]["text"].as_str().unwrap();
        assert!(
            asked.contains("Hello") && asked.contains("[masked]") && !asked.contains("hunter2"),
            "{asked}"
        );
        let told = line["response_body"]["text"].as_str().unwrap();
        assert!(told.contains("Message queued successfully"), "{told}");
        let found = app
            .get(&format!("/api/v1/request-log?queue_id={queue_id}"))
            .await
            .json();
        assert_eq!(found["data"][0]["id"], line["id"]);
    })
    .await;
}

#[tokio::test]
async fn every_call_that_queues_names_its_entries() {
    each_engine(async |engine| {
        let app = TestApp::started(engine).await;
        let number = "923001234567";
        let rows: Vec<_> = (0..3)
            .map(|n| json!({"number": number, "message": format!("{n}")}))
            .collect();
        for (path, body, count) in [
            ("/api/send-bulk", json!({ "messages": rows }), 3),
            ("/api/send-message", json!({"number": number, "message": "a"}), 1),
            ("/api/v1/messages", json!({"to": number, "text": "a"}), 1),
        ] {
            let answer = app.post(path, body).await;
            assert!(answer.status.is_success(), "{}", answer.text());
            let line = app.logged(path).await;
            let (first, last) = (line["first_queue_id"].as_i64(), line["last_queue_id"].as_i64());
            assert_eq!(
                (last.unwrap() - first.unwrap() + 1, line["queued"].as_i64()),
                (count, Some(count)),
                "{line}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn no_key_is_in_the_log_anywhere() {
    each_engine(async |engine| {
        let app = TestApp::started(engine).await;
        let made = app.post("/api/v1/keys", json!({"name": "Till"})).await.json();
        let secret = made["secret"].as_str().unwrap().to_owned();
        let tail = &secret[12..];
        app.call(Call::get("/api/queue").header("authorization", &format!("Bearer {secret}")))
            .await;
        app.get(&format!("/api/queue?status={secret}&token=visible"))
            .await;
        app.get(&format!("/api/v1/chats/{secret}")).await;
        app.get(&format!("/api/v1/chats/{}", secret.replace('_', "%5F")))
            .await;
        app.post("/api/send", json!({"number": secret, "message": secret}))
            .await;
        app.post(&format!("/api/nothing/{secret}"), json!({})).await;
        app.call(Call::get("/api/history").key(&app.key).header("x-other", &secret))
            .await;
        app.t.domain.request_log.flush().await;
        let owner: Ctx = app.t.owner();
        let page = app
            .t
            .domain
            .request_log
            .list(&owner, RequestFilter::default(), PageRequest::default())
            .await
            .unwrap();
        assert!(page.data.len() >= 8);
        for one in page.data {
            let whole = app.t.domain.request_log.get(&owner, one.id).await.unwrap();
            let told = serde_json::to_string(&whole).unwrap();
            assert!(!told.contains(tail) && !told.contains(&app.key[12..]), "{told}");
            assert!(!told.contains("visible"), "{told}");
        }
    })
    .await;
}

#[tokio::test]
async fn refusals_are_logged_where_the_key_belongs() {
    each_engine(async |engine| {
        let app = TestApp::started(engine).await;
        let lacking = app.key_with(&[types::Permission::ChatsView]).await;
        let refused = |answer: Answer, status: u16| assert_eq!(answer.status, status);
        refused(app.call(Call::get("/api/queue?a").key(&lacking)).await, 403);
        assert_eq!(app.logged("/api/queue?a").await["status"], 403);
        refused(app.get("/api/nowhere").await, 404);
        assert_eq!(
            app.logged("/api/nowhere").await["key_prefix"],
            json!(&app.key[..11])
        );
        refused(
            app.call(Call::new(Method::PUT, "/api/send").key(&app.key)).await,
            405,
        );
        assert_eq!(app.logged("/api/send").await["method"], "PUT");
        let broken = Call::post("/api/send-message", json!({}))
            .raw("{\"message\": ")
            .key(&app.key);
        refused(app.call(broken).await, 400);
        assert_eq!(
            app.logged("/api/send-message").await["request_body"]["text"],
            "{\"message\": "
        );
        refused(app.call(Call::get("/api/queue?nobody")).await, 401);
        app.call(Call::new(Method::OPTIONS, "/api/send?asks")).await;
        app.t.domain.request_log.flush().await;
        for path in ["/api/queue?nobody", "/api/send?asks"] {
            let list = app.get(&format!("/api/v1/request-log?path={path}")).await.json();
            assert_eq!(list["data"], json!([]), "{path}");
        }
        let by_class = app.get("/api/v1/request-log?status=4xx").await.json();
        assert_eq!(by_class["data"].as_array().map(Vec::len), Some(4), "{by_class}");
        app.get("/api/v1/request-log?status=red")
            .await
            .is_problem(422, "VALIDATION_ERROR", Some("status"));
        app.get("/api/v1/request-log?from=soon")
            .await
            .is_problem(422, "VALIDATION_ERROR", Some("from"));
    })
    .await;
}

#[tokio::test]
async fn an_attachment_leaves_its_size_and_not_itself() {
    each_engine(async |engine| {
        let app = TestApp::started(engine).await;
        let data = crate::compat_message::PDF;
        let padded = format!("{data}{}", "A".repeat(2_000_000));
        let body = json!({"number": "923001234567", "media": {"data": padded, "mimetype": "application/pdf"}, "message": "Look"});
        let length = body.to_string().len();
        app.post("/api/send-message", body).await;
        let line = app.logged("/api/send-message").await;
        let text = line["request_body"]["text"].as_str().unwrap();
        assert!(text.len() < 400 && text.contains("Look") && text.contains("bytes more"), "{text}");
        assert_eq!(line["request_body"]["bytes"], json!(length));

        let sent = json!({"number": "6282146727409", "media": {"data": data, "mimetype": "application/pdf"}});
        let id = app.post("/api/send-message", sent).await.json()["id"].as_str().unwrap().to_owned();
        app.until_state(&id, "read").await;
        let entry = app.get(&format!("/api/v1/messages/{id}")).await.json();
        let path = format!("/api/v1/media/{}/content", entry["media"]["id"].as_str().unwrap());
        let bytes = app.get(&path).await.body.len();
        let line = app.logged(&path).await;
        assert_eq!(line["response_body"], json!({"bytes": bytes, "text": null}));
    })
    .await;
}

#[tokio::test]
async fn only_a_trusted_proxy_says_whose_address_it_is() {
    each_engine(async |engine| {
        let t = domain::testing::TestDomain::new(engine).await.started().await;
        let mut app = TestApp::over(t);
        let site = server::Site::in_folder(app.t.store.folder().join("site"));
        let proxies = vec!["10.0.0.0/8".parse().unwrap()];
        app.router = server::router(server::AppState::new(
            app.t.domain.clone(),
            site,
            proxies,
            CancellationToken::new(),
        ));
        for (peer, expect) in [("10.0.0.1:1", "203.0.113.7"), ("198.51.100.1:1", "198.51.100.1")] {
            let mut call = Call::get("/api/queue")
                .key(&app.key)
                .header("x-forwarded-for", "203.0.113.7");
            call.0
                .extensions_mut()
                .insert(ConnectInfo(peer.parse::<SocketAddr>().unwrap()));
            app.call(call).await;
            assert_eq!(app.logged("/api/queue").await["ip"], expect);
        }
    })
    .await;
}

#[tokio::test]
async fn how_long_is_an_organizations_own() {
    each_engine(async |engine| {
        let app = TestApp::started(engine).await;
        let path = "/api/v1/request-log/settings";
        let set = async |body: Value| {
            app.call(Call::new(Method::PATCH, path).json(body).key(&app.key))
                .await
        };
        assert_eq!(app.get(path).await.json()["platform_request_log_days"], 7);
        assert_eq!(
            set(json!({"request_log_days": 30})).await.json()["request_log_days"],
            30
        );
        assert_eq!(
            set(json!({"request_log_days": null})).await.json()["request_log_days"],
            json!(null)
        );
        for body in [
            json!({}),
            json!({"request_log_days": 91}),
            json!({"request_log_days": "7"}),
        ] {
            set(body)
                .await
                .is_problem(422, "VALIDATION_ERROR", Some("request_log_days"));
        }
        set(json!({"request_log_days": 1, "colour": 1})).await.is_problem(
            422,
            "VALIDATION_ERROR",
            Some("colour"),
        );
        set(json!({"request_log_days": 0})).await;
        app.get("/api/queue?unseen").await;
        app.t.domain.request_log.flush().await;
        let list = app.get("/api/v1/request-log?path=/api/queue").await.json();
        assert_eq!(list["data"], json!([]));
    })
    .await;
}
