//! Queues that stand still.

use super::*;
use crate::{alerts::watch::Looks, testing::each_engine};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use types::messages::{Accept, Class, Draft, FieldNames};

/// Connects the sessions, while nothing sends.
async fn connected(t: &TestDomain) {
    let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
    t.domain.sessions.start(t.domain.messages.clone(), &tasks, stop);
    t.until("the session is connected", async |t: &TestDomain| {
        t.domain.sessions.line(t.session).is_some()
    })
    .await;
}

fn hello(session: Option<SessionId>) -> Accept {
    let draft = Draft {
        to: "6281200000001".into(),
        text: Some("Hello".into()),
        attachment: None,
        session: session.map(|id| id.to_string()),
        reference_id: None,
        names: FieldNames::native(),
    };
    Accept {
        drafts: vec![draft],
        once: false,
        class: Class::Single,
        idempotency: None,
    }
}

#[tokio::test]
async fn a_queue_that_stands_still_is_told() {
    each_engine(|engine| async move {
        let t = still(engine).await;
        let mut looks = Looks::default();
        let mut look = async |minutes: i64| {
            t.domain.shared.clock.advance(minutes * 60_000);
            t.domain
                .alerts
                .look_at_queues(&t.domain.messages, &mut looks)
                .await
                .unwrap();
            assert_eq!(looks.queues, None, "one page is enough here");
            standing(&t, AlertKind::StalledQueue).await
        };
        connected(&t).await;
        // Nobody sends here, so it waits although nothing holds it.
        let made = t
            .domain
            .messages
            .accept(&t.owner(), hello(Some(t.session)))
            .await
            .unwrap();
        assert!(made.rows[0].is_ok());
        assert_eq!(look(9).await, [], "it waits for nine minutes");
        assert_eq!(look(1).await, [], "from here on it is known to be due");
        assert_eq!(look(9).await, []);
        let told = look(1).await;
        assert_eq!(told.len(), 1);
        assert!(
            told[0].details.happened.contains("due for 10 minutes"),
            "{told:?}"
        );
        assert_eq!(look(1).await[0].times_seen, 1);
        // Something leaves.
        left(&t, t.session, "s").await;
        assert_eq!(look(0).await, []);
        for _ in 0..19 {
            assert_eq!(look(1).await, []);
        }
        assert_eq!(look(1).await.len(), 1);
        // Without a line it is another alert's business.
        becomes(&t, t.session, SessionState::Reconnecting, None).await;
        assert_eq!(look(0).await, []);
        numbers_add_up(&t).await;
    })
    .await;
}

#[tokio::test]
async fn a_queue_that_is_held_on_purpose_is_no_alert() {
    each_engine(|engine| async move {
        let t = still(engine).await;
        let mut looks = Looks::default();
        connected(&t).await;
        t.domain.messages.accept(&t.owner(), hello(None)).await.unwrap();
        // WhatsApp asked it to wait.
        let until = t.domain.shared.now().0 + 3 * 3_600_000;
        run(&t, &format!("UPDATE sessions SET held_until = {until}")).await;
        for _ in 0..170 {
            t.domain.shared.clock.advance(60_000);
            t.domain
                .alerts
                .look_at_queues(&t.domain.messages, &mut looks)
                .await
                .unwrap();
        }
        assert_eq!(standing(&t, AlertKind::StalledQueue).await, []);
        // The hold is over, and it still waits: also what any session may take.
        for _ in 0..30 {
            t.domain.shared.clock.advance(60_000);
            t.domain
                .alerts
                .look_at_queues(&t.domain.messages, &mut looks)
                .await
                .unwrap();
        }
        assert_eq!(standing(&t, AlertKind::StalledQueue).await.len(), 1);
    })
    .await;
}
