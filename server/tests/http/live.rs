//! The live stream of pages.

use crate::app::{Call, TestApp};
use domain::testing::each_engine;
use futures::StreamExt as _;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::timeout;
use tower::ServiceExt as _;

/// An open stream, read event by event.
struct Stream {
    body: axum::body::BodyDataStream,
    text: String,
}

/// One event: its id, its name and its data.
type Event = (String, String, Value);

impl Stream {
    async fn open(app: &TestApp, cookie: &str, after: i64, last: Option<i64>) -> Self {
        let mut call = Call::get(&format!("/live?after={after}")).cookie(cookie);
        if let Some(last) = last {
            call = call.header("last-event-id", &last.to_string());
        }
        let response = app.router.clone().oneshot(call.0).await.expect("an answer");
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["x-accel-buffering"], "no");
        Self {
            body: response.into_body().into_data_stream(),
            text: String::new(),
        }
    }

    /// The next event; `None` when the stream ended.
    async fn next(&mut self) -> Option<Event> {
        loop {
            while let Some((block, rest)) = self
                .text
                .split_once("\n\n")
                .map(|(a, b)| (a.to_owned(), b.to_owned()))
            {
                self.text = rest;
                let line = |name: &str| {
                    block
                        .lines()
                        .find_map(|line| line.strip_prefix(name))
                        .map(str::trim)
                };
                if let Some(data) = line("data:") {
                    let name = line("event:").unwrap_or("message").to_owned();
                    let data = serde_json::from_str(data).expect("JSON");
                    return Some((line("id:").unwrap_or_default().to_owned(), name, data));
                }
            }
            let chunk = timeout(Duration::from_secs(20), self.body.next())
                .await
                .expect("something within 20 s")?;
            self.text
                .push_str(std::str::from_utf8(&chunk.expect("a whole chunk")).expect("text"));
        }
    }
}

async fn queue(app: &TestApp, text: &str) {
    let answer = app
        .post("/api/send", json!({"number": "6282146727409", "message": text}))
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}

#[tokio::test]
async fn what_happens_is_told_and_can_be_resumed() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let cookie = app.log_in().await;
        let latest = app.t.domain.events.latest(&app.t.owner()).await.unwrap();
        let mut stream = Stream::open(&app, &cookie, latest, None).await;
        for n in 0..3 {
            queue(&app, &format!("{n}")).await;
        }
        let mut ids = Vec::new();
        for n in 1..=3 {
            let (id, name, data) = stream.next().await.expect("an event");
            assert_eq!(
                (name.as_str(), &data["type"]),
                ("message", &json!("message.queued"))
            );
            assert_eq!(
                (&data["seq"].to_string(), &data["data"]["queue_id"]),
                (&id, &json!(n))
            );
            ids.push(id.parse::<i64>().unwrap());
        }
        assert!(ids.is_sorted());
        // The header of a browser that reconnects wins over the address it was opened with.
        let mut again = Stream::open(&app, &cookie, latest, Some(ids[1])).await;
        assert_eq!(again.next().await.expect("an event").0, ids[2].to_string());
    })
    .await;
}

#[tokio::test]
async fn who_missed_too_much_reads_anew() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let cookie = app.log_in().await;
        let row = json!({"number": "923001234567", "message": "a"});
        app.post("/api/send-bulk", json!({"messages": vec![row; 2_500]}))
            .await;
        let mut stream = Stream::open(&app, &cookie, 0, None).await;
        let (id, name, _) = stream.next().await.expect("an event");
        let latest = app.t.domain.events.latest(&app.t.owner()).await.unwrap();
        assert_eq!((name.as_str(), id), ("reset", latest.to_string()));
        queue(&app, "after").await;
        assert_eq!(stream.next().await.expect("an event").1, "message");
        // A place that is beyond the end is from another time.
        let mut beyond = Stream::open(&app, &cookie, latest + 1_000, None).await;
        assert_eq!(beyond.next().await.expect("an event").1, "reset");
    })
    .await;
}

#[tokio::test]
async fn it_is_for_those_who_are_logged_in_and_ends_with_the_login() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        assert_eq!(app.call(Call::get("/live")).await.status, 401);
        assert_eq!(
            app.call(Call::get("/live").key(&app.key)).await.status,
            401,
            "a key is no login"
        );
        let cookie = app.log_in().await;
        let latest = app.t.domain.events.latest(&app.t.owner()).await.unwrap();
        let mut stream = Stream::open(&app, &cookie, latest, None).await;
        queue(&app, "a").await;
        assert!(stream.next().await.is_some());
        let out = app.call(Call::form("/fn/log_out", &[]).cookie(&cookie)).await;
        assert!(
            out.status.is_success() || out.status.is_redirection(),
            "{}",
            out.text()
        );
        let ended = timeout(Duration::from_millis(1_500), stream.next()).await;
        assert_eq!(ended, Ok(None), "it ends within a second");
        assert_eq!(app.call(Call::get("/live").cookie(&cookie)).await.status, 401);
    })
    .await;
}

#[tokio::test]
async fn it_tells_only_what_the_role_may_see() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        app.become_role(types::Role::Viewer).await;
        let cookie = app.log_in().await;
        let latest = app.t.domain.events.latest(&app.t.owner()).await.unwrap();
        let mut stream = Stream::open(&app, &cookie, latest, None).await;
        app.key_with(&[]).await;
        queue(&app, "a").await;
        let (_, _, data) = stream.next().await.expect("an event");
        assert_eq!(
            data["type"], "message.queued",
            "keys are none of a viewer's business"
        );
    })
    .await;
}

#[tokio::test]
async fn it_ends_when_the_server_does() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let cookie = app.log_in().await;
        let mut stream = Stream::open(&app, &cookie, i64::from(u16::MAX), None).await;
        assert_eq!(stream.next().await.expect("an event").1, "reset");
        app.stop.cancel();
        assert_eq!(timeout(Duration::from_secs(1), stream.next()).await, Ok(None));
        assert_eq!(app.call(Call::get("/health/ready")).await.status, 503);
        assert_eq!(app.call(Call::get("/health/live")).await.status, 200);
    })
    .await;
}
