//! The request log on both engines.

mod keep;
mod large;

use super::*;
use crate::{
    Ctx, Error,
    testing::{TestDomain, each_engine},
};
use bytes::Bytes;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use types::{
    ApiKeyId, AppError, PageRequest, Permission, RequestId, SessionId,
    keys::CreateKey,
    request_log::{LoggedRequest, RequestFilter, StatusClass},
};

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
async fn codes_that_link_a_phone_are_not_kept() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await.started().await;
        let log = &t.domain.request_log;
        let mut record = call(&t, ours(&t), "/api/v1/sessions/1/pairing/code?a=b", 200);
        let id = record.id;
        let shown = Bytes::from_static(br#"{"code":{"code":"GVJM-4VR8","expires_at":1}}"#);
        record.response.body = Kept::borrowed(&shown);
        log.write(record);
        log.flush().await;
        let one = log.get(&t.owner(), id).await.unwrap();
        let told = (one.request_body.text, one.response_body.text);
        assert_eq!(told, (Some(mask::MASK.into()), Some(mask::MASK.into())));
    })
    .await;
}

#[tokio::test]
async fn a_flood_of_others_keeps_nobody_out() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await;
        let log = RequestLog::with_room_for(
            std::sync::Arc::clone(&t.domain.shared),
            t.domain.keys.clone(),
            100,
        );
        let stranger = t.stranger().await;
        let theirs = Whose::Known(owner(stranger.organization.unwrap()));
        for _ in 0..500 {
            log.write(call(&t, Whose::Nobody, "/flood", 401));
            log.write(call(
                &t,
                Whose::claimed(&format!("sb_{}", "x".repeat(51))),
                "/flood",
                401,
            ));
            log.write(call(&t, theirs.clone(), "/flood", 200));
        }
        // Before and while it looks whether there is room, as a call does.
        assert!(log.has_room());
        log.write(call(&t, ours(&t), "/ours", 200));
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        log.start(&tasks, stop.clone());
        tasks.close();
        stop.cancel();
        tasks.wait().await;
        assert_eq!(urls(&t, RequestFilter::default()).await, ["/ours"]);
        let told = log.settings(&t.owner()).await.unwrap();
        assert_eq!((told.entries, told.dropped), (1, 0));
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
