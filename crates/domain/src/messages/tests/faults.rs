//! When the other side fails, answers too late, or not at all.

use super::*;
use crate::testing::{TestDomain, each_engine};
use types::sandbox::{ArmFault, FaultKind};

async fn arm(t: &TestDomain, kind: FaultKind, count: impl Into<Option<i64>>, delay_ms: Option<i64>) {
    let fault = ArmFault {
        kind,
        count: count.into(),
        delay_ms,
    };
    t.domain
        .sandbox
        .arm(&t.owner(), t.session, fault)
        .await
        .expect("an armed fault");
}

#[tokio::test]
async fn a_lost_answer_is_uncertain_and_settled_by_its_id() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await.started().await;
        arm(&t, FaultKind::Ambiguous, 3, None).await;
        let ids = [
            send(&t, "6281200000001", "one").await.queue_id,
            send(&t, "6281200000001", "two").await.queue_id,
            send(&t, "6281200000002", "three").await.queue_id,
        ];
        for id in ids {
            until_state(&t, id, MessageState::Read).await;
        }
        assert_eq!(
            screen(&t, t.session, "6281200000001").await.len(),
            2,
            "never sent again"
        );
        assert_eq!(screen(&t, t.session, "6281200000002").await.len(), 1);
        numbers_add_up(&t).await;
    })
    .await;
}

#[tokio::test]
async fn a_refusal_fails_with_its_reason_and_can_be_tried_again() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await.started().await;
        arm(&t, FaultKind::Fail, 1, None).await;
        let id = send(&t, "6281200000001", "Hello").await.queue_id;
        until_state(&t, id, MessageState::Failed).await;
        assert!(entry(&t, id).await.error.is_some_and(|why| !why.is_empty()));
        numbers_add_up(&t).await;
        t.domain
            .messages
            .retry(&t.owner(), &id.to_string())
            .await
            .unwrap();
        until_state(&t, id, MessageState::Read).await;
        assert_eq!(screen(&t, t.session, "6281200000001").await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_dropped_message_stays_sent_and_a_withheld_tick_too() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await.started().await;
        arm(&t, FaultKind::Drop, 1, None).await;
        let id = send(&t, "6281200000001", "Hello").await.queue_id;
        until_state(&t, id, MessageState::Sent).await;
        arm(&t, FaultKind::Read, 1, None).await;
        let unread = send(&t, "6281200000002", "Hello").await.queue_id;
        until_state(&t, unread, MessageState::Delivered).await;
        tokio::time::sleep(std::time::Duration::from_millis(1_500)).await;
        assert_eq!(entry(&t, id).await.state, MessageState::Sent);
        assert_eq!(entry(&t, unread).await.state, MessageState::Delivered);
        assert!(screen(&t, t.session, "6281200000001").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn doubled_receipts_change_nothing() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await.started().await;
        arm(&t, FaultKind::DuplicateReceipt, 2, None).await;
        let id = send(&t, "6281200000001", "Hello").await.queue_id;
        until_state(&t, id, MessageState::Read).await;
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        let numbers = today(&t).await;
        assert_eq!((numbers.delivered, numbers.sent), (1, 1));
    })
    .await;
}

#[tokio::test]
async fn a_restricted_session_holds_its_messages_and_goes_on_afterwards() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await.started().await;
        arm(&t, FaultKind::Restrict, None, Some(1_500)).await;
        t.until("it is restricted", async |t| {
            t.domain.sessions.line(t.session).is_none()
        })
        .await;
        let id = send(&t, "6281200000001", "Hello").await.queue_id;
        assert_eq!(entry(&t, id).await.state, MessageState::Pending);
        until_state(&t, id, MessageState::Read).await;
        assert_eq!(entry(&t, id).await.attempts, 1);
    })
    .await;
}
