//! A log with very many lines.

use super::*;

/// A list reads as many rows as it shows, whatever there is: the plan must be the primary key.
#[tokio::test]
async fn a_large_log_is_read_off_its_index() {
    const ROWS: i64 = 100_000;
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await;
        let organization = t.made.organization.key();
        let mut tx = t.domain.shared.begin().await.unwrap();
        // Time-ordered ids, as the generator makes them: one each millisecond.
        let digits = match engine {
            db::Engine::Sqlite => "printf('%012x', 1790000000000 + n)",
            db::Engine::Postgres => "lpad(to_hex(1790000000000 + n), 12, '0')",
        };
        let fill = format!(
            "WITH RECURSIVE counted (n) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT n + 1 FROM counted WHERE n < $1) \
             INSERT INTO request_log (organization_id, id, at, method, url, status, duration_ms, ip, request_bytes, \
             response_bytes, request_headers, response_headers, request_body) \
             SELECT $2, {digits} || '70008000000000000001', 1790000000000 + n, 'POST', '/api/send', 200, 1, '', 500, 500, \
             'host: a.example', '', 'a body of some length' FROM counted"
        );
        sqlx::query(sqlx::AssertSqlSafe(fill)).bind(ROWS).bind(organization.as_str()).execute(tx.conn()).await.unwrap();
        tx.commit().await.unwrap();
        let explain = match engine {
            db::Engine::Sqlite => "EXPLAIN QUERY PLAN",
            db::Engine::Postgres => "EXPLAIN",
        };
        let sql = format!(
            "{explain} SELECT id, at, method, url, status FROM request_log \
             WHERE organization_id = $1 AND id >= $2 AND id < $3 ORDER BY id DESC LIMIT 51"
        );
        if engine == db::Engine::Postgres {
            sqlx::query("ANALYZE request_log").execute(t.domain.shared.read()).await.unwrap();
        }
        let plan: Vec<String> = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(organization.as_str())
            .bind("0")
            .bind("g")
            .fetch_all(t.domain.shared.read())
            .await
            .unwrap()
            .iter()
            .map(|row| match engine {
                db::Engine::Sqlite => sqlx::Row::get::<String, _>(row, "detail"),
                db::Engine::Postgres => sqlx::Row::get::<String, _>(row, 0),
            })
            .collect();
        let plan = plan.join("\n");
        assert!(plan.contains("sqlite_autoindex_request_log_1") || plan.contains("request_log_pkey"), "{plan}");
        assert!(!plan.contains("TEMP B-TREE") && !plan.contains("Sort"), "{plan}");

        // And a filter that nothing fits ends its page instead of reading everything.
        let began = tokio::time::Instant::now();
        let rare = RequestFilter { status: Some(StatusClass::Broken), ..RequestFilter::default() };
        let page = t.domain.request_log.list(&t.owner(), rare, PageRequest::default()).await.unwrap();
        assert!(page.data.is_empty() && page.next.is_some());
        let last = page.next.as_deref().and_then(|id| i64::from_str_radix(&id[..12], 16).ok());
        assert_eq!(last, Some(1_790_000_000_000 + ROWS - 20_000 + 1));
        assert!(began.elapsed() < std::time::Duration::from_secs(2), "{:?}", began.elapsed());
    })
    .await;
}
