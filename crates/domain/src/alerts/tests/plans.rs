//! The watcher's reads on a filled database: none walks a table.

use super::*;
use crate::{
    alerts::{
        store::list_sql,
        store_watch::{AFTER, FAILED_OF, OUTCOMES, POOL_HEAD, QUEUES},
    },
    testing::each_engine,
};
use types::alerts::Severity;

/// The plan as the engine tells it, with the values written into the text.
async fn plan(t: &TestDomain, sql: &str, values: &[&str]) -> String {
    let mut sql = sql.to_owned();
    for (index, value) in values.iter().enumerate().rev() {
        sql = sql.replace(&format!("${}", index + 1), value);
    }
    let (explain, column) = match t.engine {
        Engine::Sqlite => ("EXPLAIN QUERY PLAN", "detail"),
        Engine::Postgres => ("EXPLAIN", "QUERY PLAN"),
    };
    let rows = sqlx::query(AssertSqlSafe(format!("{explain} {sql}")))
        .persistent(false)
        .fetch_all(t.domain.shared.read())
        .await
        .unwrap();
    let lines: Vec<String> = rows.iter().map(|row| row.try_get(column).unwrap()).collect();
    lines.join("\n")
}

#[track_caller]
fn assert_by_index(plan: &str, index: &str, table: &str) {
    assert!(plan.contains(index), "{index} is not used:\n{plan}");
    for walk in [
        format!("SCAN {table}"),
        format!("Seq Scan on {table} "),
        "USE TEMP B-TREE".into(),
        "Sort Key".into(),
    ] {
        // SQLite calls reading an index in its order a scan too.
        let walks = plan
            .lines()
            .any(|line| line.contains(&walk) && !line.contains(index));
        assert!(!walks, "{walk}:\n{plan}");
    }
}

async fn fill(t: &TestDomain) {
    let organization = t.made.organization.key();
    let rows = |count: u32| {
        format!("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})")
    };
    for sql in [
        format!(
            "INSERT INTO events (id, organization_id, session_id, type, at, data) {} SELECT 'e' || i, '{organization}', 's' || (i % 100), \
             CASE i % 1000 WHEN 0 THEN 'message.failed' WHEN 1 THEN 'session.status' ELSE 'message.sent' END, i, '{{}}' FROM n",
            rows(100_000)
        ),
        format!(
            "INSERT INTO sessions (id, organization_id, name, channel, state, state_since, created_at) {} \
             SELECT 's' || i, '{organization}', 'x', 'sandbox', 'connected', 1, 1 FROM n",
            rows(1_000)
        ),
        format!(
            "INSERT INTO messages (id, organization_id, session_id, from_me, recipient, class, state, created_at, settled_at, queue_id) \
             {} SELECT 'm' || i, '{organization}', 's' || (i % 1000), 1, 'x', 'single', \
             CASE WHEN i % 5 = 0 THEN 'pending' ELSE 'sent' END, 1, CASE WHEN i % 5 = 0 THEN NULL ELSE i END, i FROM n",
            rows(50_000)
        ),
        format!(
            "INSERT INTO alerts (id, organization_id, session_id, kind, subject, severity, status, happened, means, advice, raised_at, last_seen_at, told_at) \
             {} SELECT 'a' || i, '{organization}', 's' || (i % 1000), 'failures', 'x' || i, \
             CASE WHEN i % 500 = 0 THEN 'critical' ELSE 'info' END, CASE WHEN i % 100 = 0 THEN 'open' ELSE 'resolved' END, '', '', '', 1, 1, 1 FROM n",
            rows(20_000)
        ),
    ] {
        run(t, &sql).await;
    }
}

#[tokio::test]
async fn no_read_walks_a_table() {
    each_engine(|engine| async move {
        let t = still(engine).await;
        fill(&t).await;
        // Right after it was filled, and when the engine has looked at what there is.
        for _ in 0..2 {
            let after = plan(&t, AFTER, &["50000", "100"]).await;
            assert_by_index(&after, "events_watched", "events");
            let failed = plan(&t, FAILED_OF, &["'s1'", "5"]).await;
            assert_by_index(&failed, "events_watched", "events");
            let organization = format!("'{}'", t.made.organization.key());
            let outcomes = plan(&t, OUTCOMES, &[&organization, "1000"]).await;
            assert_by_index(&outcomes, "messages_history", "messages");
            let queues = plan(&t, QUEUES, &["''", "20", "5"]).await;
            assert_by_index(&queues, "messages_lane", "m");
            let pool = plan(&t, POOL_HEAD, &[&organization, "5"]).await;
            assert_by_index(&pool, "messages_pool", "m");
            assert!(!queues.contains("Seq Scan on sessions"), "{queues}");
            for filter in [
                AlertFilter::default(),
                AlertFilter {
                    status: Some(AlertStatus::Open),
                    ..AlertFilter::default()
                },
                AlertFilter {
                    status: Some(AlertStatus::Resolved),
                    severity: Some(Severity::Critical),
                    ..AlertFilter::default()
                },
            ] {
                let list = plan(&t, &list_sql(filter), &[&organization, "'g'", "51"]).await;
                assert!(
                    !list.contains("Seq Scan on alerts") && !list.contains("SCAN a\n"),
                    "{list}"
                );
            }
            run(&t, "ANALYZE").await;
        }
        // The first failure of all, far behind: a bounded step reads it.
        run(&t, "UPDATE alert_places SET seq = 0").await;
        assert!(t.domain.alerts.follow().await.unwrap());
    })
    .await;
}
