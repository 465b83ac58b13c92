//! The history as a file: all of it, once, newest first.

use crate::app::{Answer, Call, TestApp};
use domain::{people::login_hash, testing::each_engine};
use http_body_util::BodyExt as _;
use serde_json::json;
use std::collections::HashSet;
use tower::ServiceExt as _;
use types::keys::CreateKey;

/// More than two parts of the file.
const MANY: usize = 1_203;

fn rows(answer: &Answer) -> Vec<csv::StringRecord> {
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("content-type"), Some("text/csv; charset=utf-8"));
    let name = answer
        .header("content-disposition")
        .unwrap_or_default()
        .to_owned();
    assert!(
        name.starts_with("attachment; filename*=UTF-8''history-20"),
        "{name}"
    );
    let text = answer.text();
    let text = text.strip_prefix('\u{feff}').expect("the mark of UTF-8");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    assert_eq!(reader.headers().unwrap().len(), 17);
    reader.records().collect::<Result<_, _>>().expect("whole lines")
}

#[tokio::test]
async fn every_page_of_the_history_is_in_the_file() {
    each_engine(async |engine| {
        let app = TestApp::started(engine).await;
        let messages: Vec<_> = (0..MANY)
            .map(|n| json!({"number": format!("62812{n:07}"), "message": format!("=1+{n}, \"so\"\nand on")}))
            .collect();
        let answer = app.post("/api/send-bulk", json!({"messages": messages})).await;
        assert!(answer.status.is_success(), "{}", answer.text());
        let id = app
            .post("/api/send", json!({"number": "62811", "message": "last"}))
            .await;
        assert_eq!(id.status, 422, "a number that is too short: {}", id.text());
        app.t
            .until("all have left", async |_| app.waiting().await == 0)
            .await;

        let file = rows(&app.get("/api/v1/history.csv").await);
        assert_eq!(file.len(), MANY);
        let ids: HashSet<&str> = file.iter().map(|row| &row[0]).collect();
        assert_eq!(ids.len(), MANY, "each once");
        let moments: Vec<&str> = file.iter().map(|row| &row[16]).collect();
        assert!(moments.is_sorted_by(|a, b| a >= b), "newest first");
        let row = file
            .iter()
            .find(|row| &row[3] == "628120000007")
            .expect("the eighth");
        assert_eq!(&row[6], "'=1+7, \"so\"\nand on", "shown, not run");
        assert_eq!(&row[8], "Sandbox");
        assert!(["sent", "delivered", "read"].contains(&&row[4]), "{row:?}");
        assert_eq!(row[12].len(), "2026-11-20 14:03:22".len(), "{row:?}");

        // The page's own address, by login, with the page's names.
        let cookie = app.log_in().await;
        let page = |query: &str| {
            let call = Call::get(&format!("/history/export.csv?{query}")).cookie(&cookie);
            app.call(call)
        };
        assert_eq!(rows(&page("").await).len(), MANY);
        assert_eq!(
            rows(&page("state=failed&session=&start=2020-01-01").await).len(),
            0
        );
        let bad = page("start=2026-02-30").await;
        assert_eq!(bad.status, 422);
        assert!(bad.text().contains("YYYY-MM-DD"), "{}", bad.text());
        assert_eq!(page("session=nonsense").await.status, 404);
        assert_eq!(
            rows(&app.get("/api/v1/history.csv?state=failed,cancelled").await).len(),
            0
        );
        let bad = app
            .get("/api/v1/history.csv?start_date=2026-11-02&end_date=2026-11-01")
            .await;
        assert_eq!(
            (bad.status.as_u16(), &bad.json()["field"]),
            (422, &json!("end_date"))
        );
    })
    .await;
}

/// A server whose history is more than two parts long.
async fn with_history(engine: db::Engine) -> TestApp {
    let app = TestApp::started(engine).await;
    let messages: Vec<_> = (0..MANY)
        .map(|n| json!({"number": format!("62812{n:07}"), "message": "hi"}))
        .collect();
    let answer = app.post("/api/send-bulk", json!({"messages": messages})).await;
    assert!(answer.status.is_success(), "{}", answer.text());
    app.t
        .until("all have left", async |_| app.waiting().await == 0)
        .await;
    app
}

/// The lines that come before the file breaks off, when that happens after its first part.
async fn broken_off(app: &TestApp, call: Call, then: impl AsyncFnOnce()) -> usize {
    let response = app.router.clone().oneshot(call.0).await.expect("an answer");
    assert_eq!(response.status(), 200);
    let mut body = response.into_body();
    let count = |bytes: bytes::Bytes| String::from_utf8_lossy(&bytes).matches('\n').count();
    let first = body.frame().await.expect("a part").expect("the first part");
    let mut lines = count(first.into_data().expect("data"));
    then().await;
    while let Some(frame) = body.frame().await {
        match frame {
            Ok(frame) => lines += count(frame.into_data().expect("data")),
            Err(_) => return lines,
        }
    }
    panic!("the whole file came: {lines} lines");
}

#[tokio::test]
async fn who_may_not_see_it_any_more_does_not_get_the_rest() {
    each_engine(async |engine| {
        let app = with_history(engine).await;
        let domain = &app.t.domain;
        let key = domain
            .keys
            .create(
                &app.t.owner(),
                CreateKey {
                    name: "Till".into(),
                    ..CreateKey::default()
                },
            )
            .await
            .expect("a key");
        let call = Call::get("/api/v1/history.csv").key(&key.secret);
        let lines = broken_off(&app, call, async || {
            domain
                .keys
                .revoke(&app.t.owner(), key.key.id)
                .await
                .expect("revoked");
        });
        assert!(lines.await <= MANY / 2);
        let cookie = app.log_in().await;
        let (_, login) = cookie.split_once('=').expect("a value");
        let call = Call::get("/history/export.csv").cookie(&cookie);
        let lines = broken_off(&app, call, async || {
            domain
                .people
                .delete_login(&login_hash(login))
                .await
                .expect("logged out");
        });
        assert!(lines.await <= MANY / 2);
    })
    .await;
}
