//! Cancelling, paging, and the border between organizations.

use super::*;
use crate::{
    Error,
    testing::{TestDomain, each_engine},
};
use types::{
    AppError,
    messages::{HistoryFilter, QueueFilter},
};

#[tokio::test]
async fn pending_messages_can_be_cancelled_one_or_all() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await;
        for n in 0..5 {
            send(&t, "6281200000001", &n.to_string()).await;
        }
        let cancelled = t.domain.messages.cancel(&t.owner(), "2").await.unwrap();
        assert_eq!(cancelled.state, MessageState::Cancelled);
        let again = t.domain.messages.cancel(&t.owner(), "2").await;
        assert!(matches!(again, Err(Error::App(AppError::Conflict { code, .. })) if code == "NOT_PENDING"));
        assert_eq!(
            t.domain
                .messages
                .cancel_many(&t.owner(), QueueFilter::default())
                .await
                .unwrap(),
            4
        );
        let queue = t
            .domain
            .messages
            .queue(&t.owner(), QueueFilter::default(), PageRequest::default())
            .await
            .unwrap();
        assert_eq!((queue.total, queue.data.len()), (Some(0), 0));
        let filter = HistoryFilter {
            states: vec![MessageState::Cancelled],
            ..HistoryFilter::default()
        };
        let history = t
            .domain
            .messages
            .history(&t.owner(), filter, PageRequest::default())
            .await
            .unwrap();
        assert_eq!(history.data.len(), 5);
    })
    .await;
}

#[tokio::test]
async fn lists_page_by_key_and_lose_nothing() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await;
        let drafts = (0..25).map(|n| draft("6281200000001", &n.to_string())).collect();
        t.domain
            .messages
            .accept(
                &t.owner(),
                Accept {
                    once: false,
                    drafts,
                    class: Class::Bulk,
                    idempotency: None,
                },
            )
            .await
            .unwrap();
        let (mut seen, mut cursor) = (Vec::new(), None);
        loop {
            let page = t
                .domain
                .messages
                .queue(&t.owner(), QueueFilter::default(), PageRequest::of(7, cursor))
                .await
                .unwrap();
            seen.extend(page.data.into_iter().map(|e| e.queue_id));
            match page.next {
                Some(next) => cursor = Some(next),
                None => break,
            }
        }
        assert_eq!(seen, (1..=25).collect::<Vec<_>>());
        let bad = t
            .domain
            .messages
            .queue(
                &t.owner(),
                QueueFilter::default(),
                PageRequest::of(7, Some("x".into())),
            )
            .await;
        assert!(matches!(bad, Err(Error::App(AppError::Invalid { .. }))));
    })
    .await;
}

#[tokio::test]
async fn another_organization_sees_nothing() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await;
        let row = send(&t, "6281200000001", "Hello").await;
        let stranger = t.stranger().await;
        for id in [row.queue_id.to_string(), row.id.to_string(), row.id.plain()] {
            assert!(t.domain.messages.get(&t.owner(), &id).await.is_ok(), "{id}");
            for error in [
                t.domain.messages.get(&stranger, &id).await.err(),
                t.domain.messages.cancel(&stranger, &id).await.err(),
                t.domain.messages.retry(&stranger, &id).await.err(),
            ] {
                assert!(
                    matches!(error, Some(Error::App(AppError::NotFound { .. }))),
                    "{error:?}"
                );
            }
        }
        assert_eq!(entry(&t, row.queue_id).await.state, MessageState::Pending);
    })
    .await;
}

#[tokio::test]
async fn impossible_dates_name_their_field() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await;
        for (start, end, field) in [
            (Some("2026-02-30"), None, "startDate"),
            (Some("20260101"), None, "startDate"),
            (None, Some("tomorrow"), "endDate"),
            (Some("2026-02-02"), Some("2026-02-01"), "endDate"),
        ] {
            let filter = HistoryFilter {
                start_date: start.map(String::from),
                end_date: end.map(String::from),
                ..HistoryFilter::default()
            };
            match t
                .domain
                .messages
                .history(&t.owner(), filter, PageRequest::default())
                .await
            {
                Err(Error::App(error)) => assert_eq!(error.first_field(), Some(field)),
                other => panic!("{other:?}"),
            }
        }
    })
    .await;
}
