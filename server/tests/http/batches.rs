//! `/api/v1/batches`: a look, the confirmation, how far it is.

use crate::app::{Call, TestApp};
use domain::testing::each_engine;
use serde_json::json;

fn csv(path: &str, body: impl Into<axum::body::Body>) -> Call {
    Call::new(http::Method::POST, path)
        .raw(body)
        .header("content-type", "text/csv")
}

#[tokio::test]
async fn a_table_is_looked_at_then_queued() {
    each_engine(async |engine| {
        let app = TestApp::started(engine).await;
        let body = "number;message\n6281234567890;Hi\nnobody;=1+1\n";
        let path = "/api/v1/batches?name=Friday&file_name=a.csv";
        let look = app.call(csv(path, body).key(&app.key)).await;
        assert_eq!(look.status, 201, "{}", look.text());
        let look = look.json();
        assert_eq!(
            (&look["name"], &look["file_name"], &look["state"]),
            (&json!("Friday"), &json!("a.csv"), &json!("draft"))
        );
        assert_eq!((&look["rows"], &look["valid"]), (&json!(2), &json!(1)));
        assert_eq!(look["found"]["delimiter"], ";");
        assert_eq!(look["sample"][0]["text"], "Hi");
        assert_eq!(
            (&look["errors"][0]["row"], &look["errors"][0]["column"]),
            (&json!(3), &json!("number"))
        );
        crate::app::assert_moment(&look["created_at"]);
        assert_eq!(app.waiting().await, 0);

        let one = format!("/api/v1/batches/{}", look["id"].as_str().unwrap());
        for _ in 0..2 {
            let confirmed = app.post(&format!("{one}/confirm"), json!({})).await;
            assert_eq!(confirmed.status, 200, "{}", confirmed.text());
        }
        app.t
            .until("it is read", async |_| {
                app.get(&one).await.json()["counts"]["read"] == 1
            })
            .await;
        assert_eq!(app.phone_texts("6281234567890").await, ["Hi"]);
        let errors = app.get(&format!("{one}/errors.csv")).await;
        assert_eq!(errors.header("content-type"), Some("text/csv; charset=utf-8"));
        assert!(
            errors.text().contains("\"3\",\"number\",\"nobody\","),
            "{}",
            errors.text()
        );
        let list = app.get("/api/v1/batches").await.json();
        assert_eq!(list["data"][0]["id"], look["id"]);
        let cancelled = app.post(&format!("{one}/cancel"), json!({})).await;
        assert_eq!(cancelled.json(), json!({"cancelled": 0}));
    })
    .await;
}

#[tokio::test]
async fn rows_may_be_objects() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let body = json!({"text": "Hi {name}", "rows": [{"number": 6_281_234_567_890_i64, "name": "Ayu"}, {"number": ""}]});
        let look = app.post("/api/v1/batches", body).await;
        assert_eq!(look.status, 201, "{}", look.text());
        let look = look.json();
        assert_eq!(look["sample"][0]["text"], "Hi Ayu");
        assert_eq!((&look["valid"], &look["invalid"]), (&json!(1), &json!(1)));
        app.post("/api/v1/batches", json!({"rows": [1]}))
            .await
            .is_problem(422, "VALIDATION_ERROR", Some("rows[0]"));
        app.post("/api/v1/batches", json!({}))
            .await
            .is_problem(422, "VALIDATION_ERROR", Some("rows"));
        let none = app.post("/api/v1/batches", json!({"rows": [{"number": "x", "message": "a"}]})).await;
        let path = format!("/api/v1/batches/{}/confirm", none.json()["id"].as_str().unwrap());
        app.post(&path, json!({})).await.is_problem(409, "NOTHING_TO_SEND", None);
    })
    .await;
}

#[tokio::test]
async fn bad_files_are_refused_and_leave_nothing() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let path = "/api/v1/batches";
        let ask = async |body: &'static [u8]| app.call(csv(path, body).key(&app.key)).await;
        for (body, words) in [
            (b"".as_slice(), "empty"),
            (b"phone\n1\n", "\"number\""),
            (b"number,message\n1,\"a\n", "Line 2"),
            (b"PK\x03\x04", "Save as"),
        ] {
            let answer = ask(body).await;
            answer.is_problem(422, "VALIDATION_ERROR", Some("file"));
            assert!(
                answer.text().contains(words) || answer.json()["detail"].as_str().unwrap().contains(words)
            );
        }
        let large = vec![b'a'; 50 << 20];
        let answer = app.call(csv(path, large).key(&app.key)).await;
        answer.is_problem(413, "PAYLOAD_TOO_LARGE", None);
        let kind = csv(path, "a").header("content-type", "image/png").key(&app.key);
        app.call(kind)
            .await
            .is_problem(415, "UNSUPPORTED_MEDIA_TYPE", None);
        assert_eq!(app.get(path).await.json()["data"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn a_name_is_no_markup_in_the_title_of_a_page() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let cookie = app.log_in().await;
        let name = "</title><meta http-equiv=refresh content=0> & so";
        let body = json!({"name": name, "rows": [{"number": "6281234567890", "message": "a"}]});
        let look = app.post("/api/v1/batches", body).await.json();
        let path = format!("/send/many/{}", look["id"].as_str().unwrap());
        let page = Call::get(&path).header("accept", "text/html").cookie(&cookie);
        let page = app.call(page).await.text();
        let title =
            "<title>&lt;/title&gt;&lt;meta http-equiv=refresh content=0&gt; &amp; so · Switchboard</title>";
        assert!(page.contains(title), "{page}");
        assert!(!page.contains("<meta http-equiv=refresh"), "nowhere else either");
    })
    .await;
}

#[tokio::test]
async fn wide_rows_are_refused_by_name() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let fields: serde_json::Map<_, _> = (0..300).map(|n| (format!("field {n}"), json!("x"))).collect();
        let answer = app.post("/api/v1/batches", json!({"rows": [fields]})).await;
        answer.is_problem(422, "VALIDATION_ERROR", Some("rows"));
        let wide = vec![b','; 10 << 20];
        let answer = app.call(csv("/api/v1/batches", wide).key(&app.key)).await;
        answer.is_problem(422, "VALIDATION_ERROR", Some("file"));
        let long = app
            .post(
                "/api/v1/batches",
                json!({"text": "x".repeat(5_000), "rows": [{"number": "6281234567890"}]}),
            )
            .await;
        long.is_problem(422, "VALIDATION_ERROR", Some("text"));
    })
    .await;
}
