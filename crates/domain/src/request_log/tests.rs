//! The request log on both engines.

use super::*;
use crate::{
    Clock, Ctx, Error,
    testing::{TestDomain, each_engine},
};
use bytes::Bytes;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use types::{
    ApiKeyId, AppError, PageRequest, Permission, RequestId, SessionId,
    keys::CreateKey,
    request_log::{LoggedRequest, RequestFilter, StatusClass},
};

const DAY: i64 = 86_400_000;

fn owner(organization: OrganizationId) -> Owner {
    Owner {
        organization,
        key: None,
        prefix: Some("sb_a1B2c3D4".into()),
        session: None,
    }
}

/// A call of now.
fn call(t: &TestDomain, whose: Whose, url: &str, status: u16) -> Record {
    let body = Bytes::from_static(br#"{"number":"923001234567","api_key":"hidden"}"#);
    Record {
        id: RequestId(t.domain.shared.ids.uuid()),
        at: t.domain.shared.now(),
        method: "POST".into(),
        url: url.into(),
        status,
        duration_ms: 3,
        ip: "203.0.113.7".into(),
        whose,
        queued: None,
        request: Part {
            headers: headers([("host", b"a.example".as_slice())].into_iter()),
            bytes: body.len() as i64,
            body: Kept::borrowed(&body),
        },
        response: Part::default(),
    }
}

fn ours(t: &TestDomain) -> Whose {
    Whose::Known(owner(t.made.organization))
}

async fn listed(t: &TestDomain, ctx: &Ctx, filter: RequestFilter) -> Vec<LoggedRequest> {
    let page = t
        .domain
        .request_log
        .list(ctx, filter, PageRequest::default())
        .await;
    page.unwrap().data
}

async fn urls(t: &TestDomain, filter: RequestFilter) -> Vec<String> {
    listed(t, &t.owner(), filter)
        .await
        .into_iter()
        .map(|one| one.url)
        .collect()
}

#[tokio::test]
async fn a_call_is_kept_without_its_secrets() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await.started().await;
        let log = &t.domain.request_log;
        let record = call(&t, ours(&t), "/api/send", 200);
        let id = record.id;
        log.write(record);
        log.flush().await;
        let one = log.get(&t.owner(), id).await.unwrap();
        assert_eq!(
            (
                one.request.url.as_str(),
                one.request.status,
                one.request.duration_ms
            ),
            ("/api/send", 200, 3)
        );
        assert_eq!(one.request.key_prefix.as_deref(), Some("sb_a1B2c3D4"));
        assert_eq!(one.request_headers, [("host".to_owned(), "a.example".to_owned())]);
        let text = one.request_body.text.unwrap();
        assert_eq!(text, r#"{"number":"923001234567","api_key":"[masked]"}"#);
        assert_eq!((one.request_body.bytes, one.response_body.text), (44, None));
        assert_eq!(log.settings(&t.owner()).await.unwrap().entries, 1);
    })
    .await;
}

#[tokio::test]
async fn filters_and_pages() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await.started().await;
        let log = &t.domain.request_log;
        for n in 0..30 {
            let status = [200, 404, 500][n % 3];
            let mut record = call(
                &t,
                ours(&t),
                &format!("/api/{}?n={n}", ["send", "queue"][n % 2]),
                status,
            );
            if n % 2 == 1 {
                record.method = "GET".into();
            }
            log.write(record);
        }
        log.flush().await;
        assert_eq!(urls(&t, RequestFilter::default()).await.len(), 30);
        let refused = RequestFilter {
            status: Some(StatusClass::Refused),
            ..RequestFilter::default()
        };
        assert_eq!(urls(&t, refused.clone()).await.len(), 10);
        let sends = RequestFilter {
            path: Some("/api/send".into()),
            method: Some("POST".into()),
            ..refused
        };
        assert_eq!(
            urls(&t, sends).await,
            [
                "/api/send?n=28",
                "/api/send?n=22",
                "/api/send?n=16",
                "/api/send?n=10",
                "/api/send?n=4"
            ]
        );
        let none = RequestFilter {
            to: Some("2001-01-01".into()),
            ..RequestFilter::default()
        };
        assert!(urls(&t, none).await.is_empty());

        // Newest first, each once, over pages.
        let (mut cursor, mut seen) = (None, Vec::new());
        loop {
            let request = PageRequest::of(7, cursor);
            let page = log
                .list(&t.owner(), RequestFilter::default(), request)
                .await
                .unwrap();
            seen.extend(page.data.into_iter().map(|one| one.id));
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        assert!(seen.len() == 30 && seen.is_sorted_by(|a, b| a > b));

        // A filter that little fits ends its page early and goes on.
        let rare = RequestFilter {
            path: Some("/api/send?n=0".into()),
            ..RequestFilter::default()
        };
        let (mut cursor, mut pages, mut found) = (None, 0, 0);
        loop {
            let request = PageRequest::of(5, cursor);
            let page = log
                .list_looking_through(&t.owner(), rare.clone(), request, 8)
                .await
                .unwrap();
            (pages, found) = (pages + 1, found + page.data.len());
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!((pages, found), (4, 1));
        let bad = log
            .list(
                &t.owner(),
                RequestFilter::default(),
                PageRequest::of(5, Some("x".into())),
            )
            .await;
        assert!(matches!(bad, Err(Error::App(AppError::Invalid { .. }))));
    })
    .await;
}

#[tokio::test]
async fn an_entry_leads_to_its_call() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await.started().await;
        let log = &t.domain.request_log;
        let mut ids = Vec::new();
        // The last is a repeat of the second.
        for (first, last) in [(1, 1), (2, 9), (12, 12), (2, 9)] {
            let mut record = call(&t, ours(&t), "/api/send-bulk", 200);
            record.queued = Some(Queued {
                first,
                last,
                count: 1,
                session: Some(t.session),
            });
            ids.push(record.id);
            log.write(record);
        }
        log.write(call(&t, ours(&t), "/api/queue", 200));
        log.flush().await;
        for (entry, expect) in [
            (1, Some(ids[0])),
            (5, Some(ids[1])),
            (9, Some(ids[1])),
            (10, None),
            (12, Some(ids[2])),
            (13, None),
        ] {
            let found = log.of_entry(&t.owner(), entry).await.unwrap();
            assert_eq!(found.map(|one| one.request.id), expect, "{entry}");
        }
        assert!(log.of_entry(&t.stranger().await, 5).await.unwrap().is_none());
        let of_five = RequestFilter {
            queue_id: Some(5),
            session: Some(t.session),
            ..RequestFilter::default()
        };
        assert_eq!(listed(&t, &t.owner(), of_five).await[0].id, ids[1]);
    })
    .await;
}

#[tokio::test]
async fn nobody_sees_what_is_not_theirs() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await.started().await;
        let log = &t.domain.request_log;
        let revoked = t
            .domain
            .keys
            .create(
                &t.owner(),
                CreateKey {
                    name: "Old".into(),
                    ..CreateKey::default()
                },
            )
            .await
            .unwrap();
        t.domain.keys.revoke(&t.owner(), revoked.key.id).await.unwrap();
        // The name of a key is no secret: it alone puts nothing into anybody's log.
        let forged = format!("{}{}", revoked.key.prefix, "x".repeat(43));
        let ours = call(&t, ours(&t), "/ours", 200);
        let id = ours.id;
        log.write(ours);
        log.write(call(&t, Whose::claimed(&revoked.secret), "/revoked", 401));
        log.write(call(&t, Whose::claimed(&forged), "/forged", 401));
        log.write(call(&t, Whose::Nobody, "/nobody", 401));
        log.flush().await;
        assert_eq!(urls(&t, RequestFilter::default()).await, ["/revoked", "/ours"]);
        let one = listed(
            &t,
            &t.owner(),
            RequestFilter {
                key: Some(revoked.key.id),
                ..RequestFilter::default()
            },
        )
        .await;
        assert_eq!(one[0].key_prefix.as_deref(), Some(revoked.key.prefix.as_str()));

        let stranger = t.stranger().await;
        assert!(listed(&t, &stranger, RequestFilter::default()).await.is_empty());
        assert!(matches!(
            log.get(&stranger, id).await,
            Err(Error::App(AppError::NotFound { .. }))
        ));
        let mut agent = t.owner();
        agent.permissions = types::Role::Agent.permissions();
        for refused in [
            log.get(&agent, id).await.map(drop),
            log.settings(&agent).await.map(drop),
            log.of_entry(&agent, 1).await.map(drop),
        ] {
            assert!(matches!(
                refused,
                Err(Error::App(AppError::Forbidden {
                    permission: Permission::RequestLogView
                }))
            ));
        }
        let kept = store::entries(t.domain.shared.read()).await.unwrap();
        assert_eq!(
            kept.iter().map(|(_, n)| n).sum::<i64>(),
            4,
            "nobody's calls are counted: {kept:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_key_of_one_session_sees_its_own_calls() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await.started().await;
        let log = &t.domain.request_log;
        let other = SessionId(t.domain.shared.ids.uuid());
        let mut own = owner(t.made.organization);
        own.session = Some(t.session);
        own.key = Some(ApiKeyId(t.domain.shared.ids.uuid()));
        let mut foreign = own.clone();
        foreign.session = Some(other);
        log.write(call(&t, Whose::Known(own), "/own", 200));
        log.write(call(&t, Whose::Known(foreign), "/foreign", 200));
        // Sent through the session, but not by a key of its own.
        let mut through = call(&t, ours(&t), "/through", 200);
        through.queued = Some(Queued {
            first: 1,
            last: 1,
            count: 1,
            session: Some(t.session),
        });
        let id = through.id;
        log.write(through);
        log.flush().await;
        let mut pinned = t.owner();
        pinned.session = Some(t.session);
        let seen = listed(&t, &pinned, RequestFilter::default()).await;
        assert_eq!(
            seen.iter().map(|one| one.url.as_str()).collect::<Vec<_>>(),
            ["/own"]
        );
        assert!(log.get(&pinned, id).await.is_err());
        assert!(log.of_entry(&pinned, 1).await.unwrap().is_none());
        let asked = RequestFilter {
            session: Some(other),
            ..RequestFilter::default()
        };
        assert!(log.list(&pinned, asked, PageRequest::default()).await.is_err());
        assert!(log.keep_for(&pinned, Some(1)).await.is_err() && log.settings(&pinned).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn what_is_too_old_goes() {
    each_engine(|engine| async move {
        let clock = Clock::manual(types::Timestamp(1_790_000_000_000));
        let t = TestDomain::with_clock(engine, clock.clone(), true)
            .await
            .started()
            .await;
        let log = &t.domain.request_log;
        let stranger = t.stranger().await;
        let theirs = Whose::Known(owner(stranger.organization.unwrap()));
        for day in 0..10 {
            log.write(call(&t, ours(&t), &format!("/{day}"), 200));
            log.write(call(&t, theirs.clone(), "/theirs", 200));
            log.flush().await;
            clock.advance(DAY);
        }
        log.sweep().await.unwrap();
        let kept = urls(&t, RequestFilter::default()).await;
        assert_eq!(kept, ["/9", "/8", "/7", "/6", "/5", "/4", "/3"], "seven days");
        assert_eq!(log.settings(&t.owner()).await.unwrap().entries, 7);

        let told = log.keep_for(&t.owner(), Some(2)).await.unwrap();
        assert_eq!(
            (told.request_log_days, told.platform_request_log_days),
            (Some(2), 7)
        );
        log.sweep().await.unwrap();
        assert_eq!(urls(&t, RequestFilter::default()).await, ["/9", "/8"]);
        assert_eq!(listed(&t, &stranger, RequestFilter::default()).await.len(), 7);

        log.keep_for(&t.owner(), Some(0)).await.unwrap();
        log.write(call(&t, ours(&t), "/unwanted", 200));
        log.flush().await;
        log.sweep().await.unwrap();
        assert!(urls(&t, RequestFilter::default()).await.is_empty());
        assert_eq!(
            log.keep_for(&t.owner(), None).await.unwrap().request_log_days,
            None
        );
        for days in [-1, 91] {
            let refused = log.keep_for(&t.owner(), Some(days)).await;
            assert!(
                matches!(refused, Err(Error::App(error)) if error.first_field() == Some("request_log_days"))
            );
        }
    })
    .await;
}

#[tokio::test]
async fn who_has_the_most_gives_way_first() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await.started().await;
        let log = &t.domain.request_log;
        let stranger = t.stranger().await;
        for n in 0..600 {
            log.write(call(&t, ours(&t), &format!("/{n}"), 200));
        }
        for _ in 0..20 {
            log.write(call(
                &t,
                Whose::Known(owner(stranger.organization.unwrap())),
                "/quiet",
                200,
            ));
        }
        log.flush().await;
        let mut tx = t.domain.shared.begin().await.unwrap();
        sqlx::query("INSERT INTO platform (key, value) VALUES ('request_log_entries', '300')")
            .execute(tx.conn())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(log.sweep().await.unwrap(), 500);
        assert_eq!(listed(&t, &stranger, RequestFilter::default()).await.len(), 20);
        let left = urls(&t, RequestFilter::default()).await;
        assert_eq!((left.len(), left[0].as_str()), (100, "/599"), "the newest stay");
    })
    .await;
}

#[tokio::test]
async fn what_does_not_fit_is_counted_and_the_rest_is_written_at_the_end() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await;
        let log =
            RequestLog::with_room_for(std::sync::Arc::clone(&t.domain.shared), t.domain.keys.clone(), 5);
        for n in 0..12 {
            log.write(call(&t, ours(&t), &format!("/{n}"), 200));
        }
        assert!(!log.has_room());
        log.missed(&ours(&t), t.domain.shared.now());
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        log.start(&tasks, stop.clone());
        tasks.close();
        stop.cancel();
        tasks.wait().await;
        assert_eq!(
            urls(&t, RequestFilter::default()).await,
            ["/4", "/3", "/2", "/1", "/0"]
        );
        let told = log.settings(&t.owner()).await.unwrap();
        assert_eq!((told.entries, told.dropped), (5, 8));
        assert!(told.last_dropped_at.is_some());
        assert_eq!(log.inner.bytes.load(Relaxed), 0);
        log.keep_for(&t.owner(), Some(0)).await.unwrap();
        log.sweep().await.unwrap();
        let told = log.settings(&t.owner()).await.unwrap();
        assert_eq!((told.entries, told.dropped, told.last_dropped_at), (0, 0, None));
    })
    .await;
}

#[tokio::test]
async fn huge_bodies_take_little_room() {
    let t = TestDomain::new(db::Engine::Sqlite).await;
    let huge = Bytes::from(format!(
        "{{\"media\":\"{}\",\"text\":\"a\"}}",
        "QUJD".repeat(1 << 20)
    ));
    for _ in 0..50 {
        let mut record = call(&t, ours(&t), "/", 200);
        record.request.body = Kept::borrowed(&huge);
        t.domain.request_log.write(record);
    }
    assert!(t.domain.request_log.inner.bytes.load(Relaxed) < 100_000);
}

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
