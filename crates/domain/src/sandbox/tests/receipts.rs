//! Ticks and what customers write, told until they are heard.

use super::*;
use crate::testing::each_engine;
use types::sandbox::Incoming;

#[tokio::test]
async fn delivered_comes_at_once_and_read_after_a_second() {
    each_engine(|engine| async move {
        let t = paused(engine).await;
        send(&t, &["A", "B"]).await;
        until_ticks(&t, &[Tick::Delivered, Tick::Delivered]).await;
        t.domain.shared.clock.advance(999);
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        until_ticks(&t, &[Tick::Delivered, Tick::Delivered]).await;
        t.domain.shared.clock.advance(1);
        until_ticks(&t, &[Tick::Read, Tick::Read]).await;
    })
    .await;
}

#[tokio::test]
async fn receipts_that_were_due_while_the_server_was_down_come_after_it() {
    each_engine(|engine| async move {
        let mut t = paused(engine).await;
        arm(&t, FaultKind::Delivered, Some(1), Some(5_000)).await;
        send(&t, &["A", "B"]).await;
        until_ticks(&t, &[Tick::Sent, Tick::Delivered]).await;
        t.stop().await;
        t.domain.shared.clock.advance(60_000);
        let t = t.restarted().started().await;
        until_ticks(&t, &[Tick::Delivered, Tick::Read]).await;
        t.domain.shared.clock.advance(1_000);
        until_ticks(&t, &[Tick::Read, Tick::Read]).await;
    })
    .await;
}

#[tokio::test]
async fn what_a_customer_writes_waits_for_the_session() {
    each_engine(|engine| async move {
        let t = paused(engine).await;
        let (sessions, owner) = (&t.domain.sessions, t.owner());
        sessions.stop_session(&owner, t.session).await.unwrap();
        let input = Incoming {
            from: CUSTOMER.into(),
            text: Some("are you there?".into()),
            ..Incoming::default()
        };
        t.domain.sandbox.incoming(&owner, t.session, input).await.unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        until_ticks(&t, &[Tick::Sent]).await;
        sessions.start_session(&owner, t.session).await.unwrap();
        until_ticks(&t, &[Tick::Delivered]).await;
        let filter = types::chats::ChatFilter {
            session: t.session,
            search: None,
        };
        let chats = t
            .domain
            .chats
            .list(&owner, filter, types::PageRequest::default())
            .await
            .unwrap()
            .data;
        assert_eq!(chats[0].last_text.as_deref(), Some("are you there?"));
    })
    .await;
}

#[tokio::test]
async fn opening_the_chat_reads_everything_in_it() {
    each_engine(|engine| async move {
        let t = paused(engine).await;
        arm(&t, FaultKind::Read, Some(1), None).await;
        send(&t, &["A"]).await;
        arm(&t, FaultKind::Delivered, Some(1), None).await;
        send(&t, &["B"]).await;
        until_ticks(&t, &[Tick::Delivered, Tick::Sent]).await;
        t.domain.shared.clock.advance(3_600_000);
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        until_ticks(&t, &[Tick::Delivered, Tick::Sent]).await;
        send(&t, &["C"]).await;
        until_ticks(&t, &[Tick::Delivered, Tick::Sent, Tick::Delivered]).await;
        let read = t
            .domain
            .sandbox
            .read_all(&t.owner(), t.session, CUSTOMER)
            .await
            .unwrap();
        assert_eq!(read, 3, "also the one whose second has not passed");
        // What is told right after something else was told gathers for a moment.
        t.until("all are read", async |t: &TestDomain| {
            t.domain.shared.clock.advance(1);
            shown(t).await.iter().all(|m| m.tick == Tick::Read)
        })
        .await;
    })
    .await;
}
