//! Several sessions: who takes what nobody named a session for.

use super::{
    drive::{MORNING, accept, left, paced, play, settle},
    *,
};
use crate::{Clock, testing::each_engine};
use std::collections::BTreeMap;
use types::{pacing::LimitValue, sessions::SessionState};

const HOUR: i64 = 3_600_000;

/// Another sandbox session of the same organization, linked and connected.
pub async fn another(t: &TestDomain, clock: &Clock, name: &str) -> SessionId {
    let mut tx = t.domain.shared.begin().await.unwrap();
    let (session, _) = t
        .domain
        .sessions
        .create_linked_sandbox_in(&mut tx, t.made.organization, name)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    t.domain
        .sessions
        .start_session(&t.owner(), session)
        .await
        .unwrap();
    t.until("the other session is connected", async |t| {
        t.domain.sessions.line(session).is_some()
    })
    .await;
    settle(t, clock).await;
    session
}

async fn limit(t: &TestDomain, session: SessionId, name: &str, value: i64) {
    let change = BTreeMap::from([(name.to_owned(), LimitValue::Number(value))]);
    t.domain
        .settings
        .patch_session(&t.owner(), session, change)
        .await
        .unwrap();
}

async fn by_session(t: &TestDomain, ids: &[i32]) -> BTreeMap<Option<SessionId>, usize> {
    let mut counts = BTreeMap::new();
    for id in ids {
        *counts.entry(entry(t, *id).await.session).or_default() += 1;
    }
    counts
}

#[tokio::test]
async fn whichever_is_free_takes_the_next_and_one_at_its_limit_is_skipped() {
    each_engine(|engine| async move {
        let (t, clock) = paced(engine, r#"{"delay_min_ms":10000,"delay_max_ms":10000}"#).await;
        let second = another(&t, &clock, "Second").await;
        limit(&t, second, "daily_limit", 5).await;
        let drafts = (0..40)
            .map(|n| draft(&format!("62812000001{n:02}"), "hi"))
            .collect();
        let ids = accept(&t, Class::Bulk, drafts).await;
        play(&t, &clock, MORNING + 8 * HOUR, "all have left", async |t| {
            entry(t, ids[39]).await.sent_at.is_some()
                && t.domain.messages.lanes(&t.owner()).await.unwrap().pool == 0
        })
        .await;
        let counts = by_session(&t, &ids).await;
        assert_eq!(counts[&Some(second)], 5, "{counts:?}");
        assert_eq!(counts[&Some(t.session)], 35);
        let took = entry(&t, ids[39]).await.sent_at.unwrap() - MORNING;
        assert!(took < 400_000, "both sent while both could: {took}");
    })
    .await;
}

#[tokio::test]
async fn a_named_session_is_waited_for_and_what_only_lay_there_is_not() {
    each_engine(|engine| async move {
        let (t, clock) = paced(engine, r#"{"delay_min_ms":60000,"delay_max_ms":60000}"#).await;
        let drafts = (0..4).map(|n| draft(&format!("628120000010{n}"), "hi")).collect();
        let ids = accept(&t, Class::Bulk, drafts).await;
        let named = Draft {
            session: Some(t.session.to_string()),
            ..draft("6281200000001", "named")
        };
        let named = accept(&t, Class::Single, vec![named]).await[0];
        let second = another(&t, &clock, "Second").await;
        t.domain
            .sessions
            .stop_session(&t.owner(), t.session)
            .await
            .unwrap();
        for id in &ids {
            left(&t, &clock, *id, MORNING + HOUR).await;
            assert_eq!(entry(&t, *id).await.session, Some(second));
        }
        let waiting = entry(&t, named).await;
        assert_eq!(
            (waiting.session, waiting.state),
            (Some(t.session), MessageState::Pending)
        );
        t.domain
            .messages
            .reassign(&t.owner(), &named.to_string(), Some(second))
            .await
            .unwrap();
        left(&t, &clock, named, clock.now() + HOUR).await;
        assert_eq!(entry(&t, named).await.session, Some(second));
    })
    .await;
}

#[tokio::test]
async fn who_talks_with_a_session_goes_on_with_it() {
    each_engine(|engine| async move {
        let (t, clock) = paced(engine, "{}").await;
        let first = send(&t, "6281200000001", "one").await.queue_id;
        left(&t, &clock, first, MORNING + HOUR).await;
        let second = another(&t, &clock, "Second").await;
        for n in 0..6 {
            let id = send(&t, "6281200000001", &n.to_string()).await.queue_id;
            left(&t, &clock, id, clock.now() + HOUR).await;
            assert_eq!(entry(&t, id).await.session, Some(t.session));
        }
        // The balancer prefers the one that has sent nothing today for somebody new.
        settle(&t, &clock).await;
        let id = send(&t, "6281200000009", "new").await.queue_id;
        left(&t, &clock, id, clock.now() + HOUR).await;
        assert_eq!(entry(&t, id).await.session, Some(second));
        let board = t.domain.messages.balance(&t.owner()).await.unwrap();
        assert_eq!(board.len(), 2);
        assert!(board[0].score <= board[1].score);
        assert!(board.iter().all(|one| one.state == SessionState::Connected));
    })
    .await;
}

#[tokio::test]
async fn what_waits_for_a_deleted_session_is_shared_out() {
    each_engine(|engine| async move {
        let (t, clock) = paced(engine, r#"{"delay_min_ms":60000,"delay_max_ms":60000}"#).await;
        let second = another(&t, &clock, "Second").await;
        let to = |n: i32| Draft {
            session: Some(second.to_string()),
            ..draft(&format!("628120000010{n}"), "hi")
        };
        let ids = accept(&t, Class::Bulk, (0..3).map(to).collect()).await;
        t.domain.sessions.delete(&t.owner(), second).await.unwrap();
        for id in &ids {
            left(&t, &clock, *id, MORNING + HOUR).await;
            assert_eq!(entry(&t, *id).await.session, Some(t.session));
        }
    })
    .await;
}
