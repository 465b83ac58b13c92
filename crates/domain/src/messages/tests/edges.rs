//! Edges between callers, counts and waiting: keys of one session, totals, one recipient twice.

use super::*;
use crate::{
    Clock, Ctx, Error,
    messages::{
        record::Back,
        store::{claim, lane::Whose, record},
    },
    testing::{TestDomain, each_engine},
};
use types::{
    AppError, Timestamp,
    messages::{HistoryFilter, QueueFilter},
    settings::PatchSettings,
};

/// A key that belongs to another session than the one asked for.
fn pinned(t: &TestDomain) -> Ctx {
    Ctx {
        session: Some(SessionId(t.domain.shared.ids.uuid())),
        ..t.owner()
    }
}

#[tokio::test]
async fn a_key_of_one_session_does_not_act_on_its_own_when_another_is_named() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await;
        send(&t, "6281200000001", "Hello").await;
        let named = QueueFilter {
            session: Some(t.session),
            ..QueueFilter::default()
        };
        let past = HistoryFilter {
            session: Some(t.session),
            ..HistoryFilter::default()
        };
        let messages = &t.domain.messages;
        let page = PageRequest::default;
        let refusals = [
            messages.cancel_many(&pinned(&t), named.clone()).await.map(drop),
            messages.queue(&pinned(&t), named, page()).await.map(drop),
            messages.history(&pinned(&t), past, page()).await.map(drop),
        ];
        for refusal in refusals {
            assert!(
                matches!(refusal, Err(Error::App(AppError::NotFound { .. }))),
                "{refusal:?}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn totals_count_what_the_filter_names() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await.started().await;
        for n in 0..3 {
            let id = send(&t, &format!("628120000000{n}"), "Hello").await.queue_id;
            until_state(&t, id, MessageState::Read).await;
        }
        let history = |ctx: Ctx| {
            let messages = t.domain.messages.clone();
            async move {
                let page = PageRequest::of(2, None).with_total();
                let page = messages
                    .history(&ctx, HistoryFilter::default(), page)
                    .await
                    .unwrap();
                (page.data.len(), page.total)
            }
        };
        assert_eq!(history(t.owner()).await, (2, Some(3)));
        assert_eq!(history(pinned(&t)).await, (0, Some(0)));
        let own = Ctx {
            session: Some(t.session),
            ..t.owner()
        };
        let queue =
            t.domain
                .messages
                .queue(&own, QueueFilter::default(), PageRequest::default().with_total());
        assert_eq!(queue.await.unwrap().total, Some(0));
    })
    .await;
}

#[tokio::test]
async fn main_and_its_own_digits_are_one_recipient_where_the_call_says_so() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await;
        let patch = PatchSettings {
            main_number: Some(Some("6281200000009".into())),
            ..PatchSettings::default()
        };
        t.domain.settings.patch(&t.owner(), patch).await.unwrap();
        let both = |once| Accept {
            once,
            drafts: vec![draft("main", "Hello"), draft("6281200000009", "Hello")],
            class: Class::Bulk,
            idempotency: None,
        };
        let mut queued = Vec::new();
        for once in [true, false] {
            let rows = t
                .domain
                .messages
                .accept(&t.owner(), both(once))
                .await
                .unwrap()
                .rows;
            let ids: Vec<_> = rows.into_iter().map(|row| row.unwrap().id).collect();
            assert_eq!(ids[0] == ids[1], once);
            let page = PageRequest::default();
            let waiting = t
                .domain
                .messages
                .queue(&t.owner(), QueueFilter::default(), page)
                .await;
            queued.push(waiting.unwrap().total);
        }
        assert_eq!(queued, [Some(1), Some(3)]);
    })
    .await;
}

/// Ten minutes from when it was refused, however long it had waited before.
#[tokio::test]
async fn a_message_that_is_tried_again_holds_later_ones_from_then_on() {
    each_engine(|engine| async move {
        let clock = Clock::manual(Timestamp(1_800_000_000_000));
        let t = TestDomain::with_clock(engine, clock.clone(), true).await;
        let organization = t.made.organization;
        let mut ids = Vec::new();
        for text in ["one", "two"] {
            let named = Draft {
                session: Some(t.session.to_string()),
                ..draft("6281200000001", text)
            };
            ids.push(first(t.domain.messages.accept(&t.owner(), single(named)).await.unwrap()).id);
        }
        let refused = ids[0];
        clock.advance(3_600_000);
        let head = async |at: i64| {
            let (pool, own) = (t.domain.shared.read(), Whose::Own(t.session));
            let heads = claim::heads(pool, organization, own, 2, Timestamp(at), 10)
                .await
                .unwrap();
            heads
                .into_iter()
                .map(|due| due.text.unwrap_or_default())
                .collect::<Vec<_>>()
        };
        let now = clock.now().0;
        assert_eq!(head(now).await, ["one", "two"]);
        let mut tx = t.domain.shared.begin().await.unwrap();
        claim::mark(&mut tx, organization, t.session, &[refused], clock.now())
            .await
            .unwrap();
        let again = Back::Again(Timestamp(now + 1_200_000));
        let lane = super::super::record::Lane {
            organization,
            session: t.session,
        };
        record::back(&mut tx, lane, &[refused], again, Some("no answer"))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(head(now + 1).await, Vec::<String>::new());
        assert_eq!(head(now + 599_999).await, Vec::<String>::new());
        assert_eq!(head(now + 600_001).await, ["two"], "not longer than that");
    })
    .await;
}

#[tokio::test]
async fn what_fails_before_it_has_a_session_counts_in_the_day() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await;
        t.domain
            .sessions
            .stop_session(&t.owner(), t.session)
            .await
            .unwrap();
        let row = send(&t, "6281200000001", "Hello").await;
        assert_eq!(row.session, None);
        let mut tx = t.domain.shared.begin().await.unwrap();
        let now = tx.now();
        let messages = &t.domain.messages;
        messages
            .failed_in(&mut tx, t.made.organization, &[row.id], "gone", now)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let numbers = today(&t).await;
        assert_eq!((numbers.failed, numbers.in_queue), (1, 0));
    })
    .await;
}
