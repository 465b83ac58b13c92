//! `GET /api/queue` and `GET /api/history`, held against `compat-api.md`.

use crate::app::{TestApp, assert_moment};
use domain::testing::each_engine;
use serde_json::{Value, json};

const ENTRY: [&str; 15] = [
    "queueId",
    "id",
    "reference_id",
    "number",
    "message",
    "mediaUrl",
    "mediaType",
    "sessionId",
    "status",
    "state",
    "error",
    "attempts",
    "createdAt",
    "sentAt",
    "estimatedAt",
];

#[tokio::test]
async fn the_queue_is_told_oldest_first_in_pages() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        for n in 0..5 {
            app.post(
                "/api/send",
                json!({"number": "923001234567", "message": format!("{n}")}),
            )
            .await;
        }
        let first = app.get("/api/queue?limit=3").await.json();
        assert_eq!((&first["success"], &first["total"]), (&json!(true), &json!(5)));
        assert_eq!(texts(&first), ["0", "1", "2"]);
        let entry = &first["data"][0];
        for name in ENTRY {
            assert!(entry.get(name).is_some(), "{name} is missing in {entry}");
        }
        assert_eq!(
            (&entry["status"], &entry["state"], &entry["attempts"]),
            (&json!("pending"), &json!("pending"), &json!(0))
        );
        assert_moment(&entry["createdAt"]);
        assert_eq!(entry["sentAt"], Value::Null);
        let next = first["next"].as_str().expect("a cursor");
        let last = app.get(&format!("/api/queue?limit=3&cursor={next}")).await.json();
        assert_eq!(texts(&last), ["3", "4"]);
        assert_eq!(last["next"], Value::Null);
        for query in ["limit=0", "limit=1001", "limit=ten"] {
            app.get(&format!("/api/queue?{query}")).await.is_seed_error(
                422,
                "VALIDATION_ERROR",
                Some("limit"),
            );
        }
        app.get("/api/queue?cursor=nonsense")
            .await
            .is_seed_error(422, "VALIDATION_ERROR", Some("cursor"));
    })
    .await;
}

#[tokio::test]
async fn the_history_is_told_newest_first() {
    each_engine(async |engine| {
        let app = TestApp::started(engine).await;
        let mut ids = Vec::new();
        for n in 0..3 {
            let sent = app
                .post(
                    "/api/send",
                    json!({"number": "923001234567", "message": format!("{n}")}),
                )
                .await
                .json();
            let id = sent["id"].as_str().unwrap().to_owned();
            app.until_state(&id, "read").await;
            ids.push(id);
        }
        let history = app.get("/api/history").await.json();
        assert_eq!(history["success"], true);
        assert_eq!(texts(&history), ["2", "1", "0"]);
        let entry = &history["data"][0];
        assert_eq!(
            (&entry["status"], &entry["state"]),
            (&json!("sent"), &json!("read")),
            "folded, and in full"
        );
        assert_moment(&entry["sentAt"]);
        let page = app.get("/api/history?limit=2").await.json();
        let next = page["next"].as_str().expect("a cursor");
        assert_eq!(
            texts(
                &app.get(&format!("/api/history?limit=2&cursor={next}"))
                    .await
                    .json()
            ),
            ["0"]
        );
        assert_eq!(
            texts(&app.get("/api/history?status=failed").await.json()),
            [""; 0]
        );
        assert_eq!(
            texts(
                &app.get("/api/history?status=sent&startDate=2020-01-01&endDate=2999-12-31")
                    .await
                    .json()
            )
            .len(),
            3
        );
        assert_eq!(
            texts(&app.get("/api/history?endDate=2020-01-01").await.json()).len(),
            0
        );
        assert_eq!(app.waiting().await, 0);
    })
    .await;
}

#[tokio::test]
async fn bad_dates_are_named() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        for (query, field) in [
            ("startDate=yesterday", "startDate"),
            ("endDate=2026-02-30", "endDate"),
            ("startDate=2026-1-1", "startDate"),
            ("startDate=2026-02-02&endDate=2026-02-01", "endDate"),
            ("status=pending", "status"),
        ] {
            app.get(&format!("/api/history?{query}")).await.is_seed_error(
                422,
                "VALIDATION_ERROR",
                Some(field),
            );
        }
        assert_eq!(
            app.get("/api/history?startDate=&endDate=").await.status,
            200,
            "empty filters are none"
        );
    })
    .await;
}

#[tokio::test]
async fn what_was_cancelled_is_told_on_request() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let id = app
            .post("/api/send", json!({"number": "923001234567", "message": "a"}))
            .await
            .json()["queueId"]
            .clone();
        assert_eq!(
            app.post(&format!("/api/v1/queue/{id}/cancel"), json!({}))
                .await
                .status,
            200
        );
        assert_eq!(texts(&app.get("/api/history").await.json()).len(), 0);
        let cancelled = app.get("/api/history?status=cancelled").await.json();
        assert_eq!(
            (&cancelled["data"][0]["status"], &cancelled["data"][0]["state"]),
            (&json!("cancelled"), &json!("cancelled"))
        );
        assert_eq!(app.waiting().await, 0);
    })
    .await;
}

fn texts(list: &Value) -> Vec<String> {
    let data = list["data"]
        .as_array()
        .unwrap_or_else(|| panic!("no list: {list}"));
    data.iter()
        .map(|entry| entry["message"].as_str().unwrap_or_default().to_owned())
        .collect()
}
