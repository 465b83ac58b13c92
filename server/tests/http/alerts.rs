//! `/api/v1/alerts`.

use crate::app::{Call, TestApp, assert_moment};
use domain::{
    alerts::{Limit, Named, NewAlert},
    dashboard::Asked,
    testing::each_engine,
};
use http::Method;
use serde_json::{Value, json};

async fn raise(app: &TestApp, of: impl Fn(Named<'static>) -> NewAlert) -> String {
    let session = Named {
        organization: app.t.made.organization,
        session: app.t.session,
        name: "Sandbox",
    };
    let mut tx = app.t.domain.shared.begin().await.unwrap();
    let id = app.t.domain.alerts.raise_in(&mut tx, of(session)).await.unwrap();
    tx.commit().await.unwrap();
    id.to_string()
}

fn ids(page: &Value) -> Vec<&str> {
    let data = page["data"].as_array().unwrap();
    data.iter().map(|alert| alert["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn alerts_are_listed_looked_after_and_resolved() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let near = raise(&app, |session| {
            NewAlert::limit_near(session.organization, Some(session), Limit::Daily, 170, 200)
        })
        .await;
        let out = raise(&app, |session| {
            NewAlert::session_logged_out(session, Some("The phone ended the link."))
        })
        .await;
        let all = app.get("/api/v1/alerts").await.json();
        assert_eq!(ids(&all), [out.as_str(), near.as_str()]);
        let alert = &all["data"][0];
        assert_eq!(
            (
                &alert["type"],
                &alert["severity"],
                &alert["status"],
                &alert["times_seen"]
            ),
            (
                &json!("session_logged_out"),
                &json!("critical"),
                &json!("open"),
                &json!(1)
            )
        );
        assert_eq!(alert["session"], json!(app.t.session));
        assert_eq!(alert["session_name"], "Sandbox");
        assert_eq!(alert["action"]["verb"], "link_again");
        for sentence in ["happened", "means", "advice"] {
            assert!(
                alert["details"][sentence].as_str().unwrap().ends_with('.'),
                "{alert}"
            );
        }
        assert_moment(&alert["raised_at"]);
        assert_moment(&alert["last_seen_at"]);
        assert_eq!(app.get(&format!("/api/v1/alerts/{out}")).await.json(), *alert);

        let first = app.get("/api/v1/alerts?limit=1").await.json();
        let next = first["next"].as_str().unwrap();
        let rest = app.get(&format!("/api/v1/alerts?cursor={next}")).await.json();
        assert_eq!(
            (ids(&first), ids(&rest)),
            (vec![out.as_str()], vec![near.as_str()])
        );

        let seen = app
            .post(&format!("/api/v1/alerts/{out}/acknowledge"), json!({}))
            .await;
        assert_eq!(seen.status, 200, "{}", seen.text());
        assert_eq!(seen.json()["status"], "acknowledged");
        assert_eq!(seen.json()["acknowledged_by"], "API key “First key”");
        let path = format!(
            "/api/v1/alerts?type=session_logged_out&status=acknowledged&session={}",
            app.t.session
        );
        assert_eq!(ids(&app.get(&path).await.json()), [out.as_str()]);
        let over = app
            .post(&format!("/api/v1/alerts/{out}/resolve"), json!({}))
            .await
            .json();
        assert_eq!(
            (&over["status"], &over["resolved_how"], &over["resolved_by"]),
            (
                &json!("resolved"),
                &json!("by_hand"),
                &json!("API key “First key”")
            )
        );
        app.post(&format!("/api/v1/alerts/{out}/acknowledge"), json!({}))
            .await
            .is_problem(409, "ALREADY_RESOLVED", None);
        let rest = app
            .post("/api/v1/alerts/resolve", json!({"severity": "info"}))
            .await;
        assert_eq!(rest.json(), json!({"resolved": 1}));
        assert_eq!(ids(&app.get("/api/v1/alerts?status=open").await.json()), [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_read_is_told_by_its_name() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        for field in ["status", "severity", "type", "session", "cursor", "limit"] {
            app.get(&format!("/api/v1/alerts?{field}=nonsense"))
                .await
                .is_problem(422, "VALIDATION_ERROR", Some(field));
        }
        for (body, field) in [
            (json!({"status": "resolved"}), "status"),
            (json!({"severity": "loud"}), "severity"),
            (json!({"type": 5}), "type"),
        ] {
            app.post("/api/v1/alerts/resolve", body)
                .await
                .is_problem(422, "VALIDATION_ERROR", Some(field));
        }
        app.get("/api/v1/alerts/nonsense")
            .await
            .is_problem(404, "NOT_FOUND", None);
        app.call(Call::new(Method::DELETE, "/api/v1/alerts").key(&app.key))
            .await
            .is_problem(405, "METHOD_NOT_ALLOWED", None);
    })
    .await;
}

#[tokio::test]
async fn a_log_out_on_the_phone_raises_one_that_ends_by_itself() {
    each_engine(async |engine| {
        let app = TestApp::started(engine).await;
        let session = app.t.session;
        let alerts = |status| {
            let path = format!("/api/v1/alerts?type=session_logged_out&status={status}");
            let app = &app;
            async move { app.get(&path).await.json()["data"].as_array().unwrap().clone() }
        };
        app.post(
            &format!("/api/v1/sandbox/{session}/faults"),
            json!({"kind": "logout"}),
        )
        .await;
        app.t
            .until("the alert is there", async |_| alerts("open").await.len() == 1)
            .await;
        let problems = app
            .t
            .domain
            .dashboard
            .get(&app.t.owner(), &Asked::default())
            .await
            .unwrap()
            .problems;
        let told = problems
            .iter()
            .filter(|problem| matches!(problem, types::dashboard::Problem::Alert { .. }));
        assert_eq!(told.count(), 0, "the session's state says it already");
        app.post(&format!("/api/v1/sessions/{session}/start"), json!({}))
            .await;
        app.post(&format!("/api/v1/sandbox/{session}/pair"), json!({}))
            .await;
        app.t
            .until("it is over", async |_| alerts("resolved").await.len() == 1)
            .await;
        assert_eq!(alerts("resolved").await[0]["resolved_how"], "by_itself");
    })
    .await;
}
