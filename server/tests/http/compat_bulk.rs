//! `POST /api/send-bulk`, held against `compat-api.md`.

use crate::app::{Call, TestApp};
use domain::testing::each_engine;
use serde_json::{Value, json};

#[tokio::test]
async fn rows_stand_alone() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let body = json!({"messages": [
            {"number": "923001234567", "message": "Hello User 1"},
            {"number": "12", "message": "a"},
            {"number": "923009876543", "message": "Hello User 2"},
            {"number": "923009876543", "message": ""},
            "no object",
            {"number": "923009876543", "message": "a", "sessionId": "ses_00000000000000000000000000000001"},
        ]});
        let answer = app.post("/api/send-bulk", body).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let json = answer.json();
        assert_eq!(json["success"], true);
        assert_eq!(json["message"], "Bulk messages queued");
        assert_eq!((&json["queued"], &json["failed"]), (&json!(2), &json!(4)));
        assert_eq!(json["queueIds"], json!([1, 2]));
        let results = json["results"].as_array().unwrap();
        let told: Vec<_> = results
            .iter()
            .map(|row| {
                (
                    row["index"].as_i64().unwrap(),
                    row["status"].as_str().unwrap(),
                    row["field"].as_str(),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                (0, "queued", None),
                (1, "rejected", Some("messages[1].number")),
                (2, "queued", None),
                (3, "rejected", Some("messages[3].message")),
                (4, "rejected", Some("messages[4]")),
                (5, "rejected", Some("messages[5].sessionId")),
            ]
        );
        assert_eq!(results[2]["queueId"], 2);
        assert_eq!(results[1]["queueId"], Value::Null);
        assert_eq!(results[1]["code"], "VALIDATION_ERROR");
        assert!(results[1]["error"].is_string());
        assert_eq!(app.waiting().await, 2);
    })
    .await;
}

#[tokio::test]
async fn no_good_row_is_an_error_with_results() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let answer = app
            .post(
                "/api/send-bulk",
                json!({"messages": [{"number": "1"}, {"message": "a"}]}),
            )
            .await;
        answer.is_seed_error(422, "VALIDATION_ERROR", Some("messages[0].number"));
        let json = answer.json();
        assert_eq!(
            (&json["queued"], &json["failed"], &json["queueIds"]),
            (&json!(0), &json!(2), &json!([]))
        );
        assert_eq!(json["results"].as_array().map(Vec::len), Some(2));
        for body in [
            json!({}),
            json!({"messages": []}),
            json!({"messages": "a"}),
            json!({"messages": vec![json!({}); 10_001]}),
        ] {
            app.post("/api/send-bulk", body)
                .await
                .is_seed_error(422, "VALIDATION_ERROR", Some("messages"));
        }
        assert_eq!(app.waiting().await, 0);
    })
    .await;
}

#[tokio::test]
async fn ten_thousand_rows_are_one_call_and_nothing_is_dropped_as_double() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let row = json!({"number": "923001234567", "message": "the same"});
        let json = app
            .post("/api/send-bulk", json!({"messages": vec![row; 10_000]}))
            .await
            .json();
        assert_eq!(json["queued"], 10_000, "{}", json["error"]);
        let ids = json["queueIds"].as_array().unwrap();
        assert_eq!(
            (ids.len(), &ids[0], &ids[9_999]),
            (10_000, &json!(1), &json!(10_000))
        );
        assert_eq!(app.waiting().await, 10_000);
    })
    .await;
}

#[tokio::test]
async fn a_rows_own_session_wins() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let session = app.t.session.plain();
        let body = json!({
            "SessionId": "ses_00000000000000000000000000000001",
            "Messages": [
                {"Number": "923001234567", "Message": "a", "SessionId": session, "MediaUrl": null},
                {"Number": "923001234567", "Message": "a"},
            ],
        });
        let json = app.post("/api/send-bulk", body).await.json();
        assert_eq!(json["queued"], 1, "{json}");
        assert_eq!(
            json["results"][1]["field"], "sessionId",
            "the one that is wrong stands at the top"
        );
        assert_eq!(
            app.get("/api/queue").await.json()["data"][0]["sessionId"],
            json!(session)
        );
    })
    .await;
}

#[tokio::test]
async fn a_bad_session_is_named_where_it_stands() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let row = json!({"number": "923001234567", "message": "a"});
        let own = json!({"number": "923001234567", "message": "a", "sessionId": "nonsense"});
        let unknown = "ses_00000000000000000000000000000001";
        for (session, row, field) in [
            (json!(unknown), &row, "sessionId"),
            (json!("nonsense"), &row, "sessionId"),
            (json!(5), &row, "sessionId"),
            (json!(null), &own, "messages[0].sessionId"),
            (json!(unknown), &own, "messages[0].sessionId"),
        ] {
            let body = json!({"messages": [row, row], "sessionId": session});
            let answer = app.post("/api/send-bulk", body).await;
            answer.is_seed_error(422, "VALIDATION_ERROR", Some(field));
        }
        assert_eq!(app.waiting().await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_body_of_sixteen_mebibytes_is_too_much() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let call = Call::post("/api/send-bulk", json!({"a": "x".repeat(16 << 20)})).key(&app.key);
        app.call(call).await.is_seed_error(413, "PAYLOAD_TOO_LARGE", None);
    })
    .await;
}
