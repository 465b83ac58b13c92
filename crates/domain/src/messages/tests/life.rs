//! From accept to read, in order, through restarts.

use super::*;
use crate::{
    Clock,
    testing::{TestDomain, each_engine},
};
use types::{
    Timestamp,
    chats::ChatFilter,
    sandbox::{ArmFault, FaultKind, Incoming, Tick},
};

#[tokio::test]
async fn a_message_reaches_the_phone_and_its_ticks_come_back() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await.started().await;
        let sent = send(&t, "6281200000001", "Hello *you*").await;
        until_state(&t, sent.queue_id, MessageState::Read).await;
        // The phone notes that we know of a tick only after we have it.
        t.until("the phone shows that it was read", async |t| {
            screen(t, t.session, "6281200000001").await[0].tick == Tick::Read
        })
        .await;
        let screen = screen(&t, t.session, "6281200000001").await;
        assert_eq!(
            (screen.len(), screen[0].text.as_deref()),
            (1, Some("Hello *you*"))
        );
        let entry = entry(&t, sent.queue_id).await;
        assert!(entry.sent_at <= entry.delivered_at && entry.delivered_at <= entry.read_at);
        let filter = ChatFilter {
            session: t.session,
            search: None,
        };
        let chats = t
            .domain
            .chats
            .list(&t.owner(), filter, PageRequest::default())
            .await
            .unwrap();
        let timeline = t
            .domain
            .chats
            .timeline(&t.owner(), chats.data[0].id, PageRequest::default())
            .await
            .unwrap();
        assert_eq!(timeline.data[0].state, MessageState::Read);
        numbers_add_up(&t).await;
    })
    .await;
}

#[tokio::test]
async fn what_a_customer_writes_is_in_the_chat_once() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await.started().await;
        let incoming = Incoming {
            from: "6281200000001".into(),
            text: Some("Is it open?".into()),
            name: Some("Rina".into()),
            from_me: false,
        };
        t.domain
            .sandbox
            .incoming(&t.owner(), t.session, incoming)
            .await
            .unwrap();
        let filter = || ChatFilter {
            session: t.session,
            search: Some("rina".into()),
        };
        t.until("the chat is there", async |t| {
            !t.domain
                .chats
                .list(&t.owner(), filter(), PageRequest::default())
                .await
                .unwrap()
                .data
                .is_empty()
        })
        .await;
        let chats = t
            .domain
            .chats
            .list(&t.owner(), filter(), PageRequest::default())
            .await
            .unwrap();
        assert_eq!(
            (chats.data.len(), chats.data[0].name.as_deref()),
            (1, Some("Rina"))
        );
        let timeline = t
            .domain
            .chats
            .timeline(&t.owner(), chats.data[0].id, PageRequest::default())
            .await
            .unwrap();
        assert_eq!((timeline.data.len(), timeline.data[0].from_me), (1, false));
    })
    .await;
}

#[tokio::test]
async fn a_thousand_messages_survive_a_restart_in_order_and_once() {
    each_engine(|engine| async move {
        let mut t = TestDomain::new(engine).await;
        for part in 0..10 {
            let drafts = (0..100)
                .map(|n| {
                    draft(
                        &format!("62812000000{:02}", n % 7),
                        &format!("{}", part * 100 + n),
                    )
                })
                .collect();
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
        }
        for _ in 0..3 {
            t = t.started().await;
            tokio::time::sleep(std::time::Duration::from_millis(15)).await;
            t.stop().await;
            t = t.restarted();
        }
        t = t.started().await;
        t.until("the queue is empty", async |t| {
            t.domain
                .messages
                .queue(&t.owner(), QueueFilter::default(), PageRequest::default())
                .await
                .unwrap()
                .total
                == Some(0)
        })
        .await;
        let mut all = 0;
        for n in 0..7 {
            let screen = screen(&t, t.session, &format!("62812000000{n:02}")).await;
            let texts: Vec<i32> = screen
                .iter()
                .map(|m| m.text.as_deref().unwrap().parse().unwrap())
                .collect();
            assert!(
                texts.is_sorted_by(|a, b| a < b),
                "in order and none twice: {texts:?}"
            );
            all += texts.len();
        }
        assert_eq!(all, 1_000);
        numbers_add_up_after_a_thousand(&t).await;
    })
    .await;
}

async fn numbers_add_up_after_a_thousand(t: &TestDomain) {
    assert_eq!(today(t).await.sent_ever, 1_000);
}

#[tokio::test]
async fn messages_without_a_session_wait_for_one() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await;
        t.domain
            .sessions
            .stop_session(&t.owner(), t.session)
            .await
            .unwrap();
        let waiting = send(&t, "6281200000001", "Hello").await;
        assert_eq!((waiting.session, waiting.estimate.seconds), (None, None));
        let detail = t
            .domain
            .messages
            .get(&t.owner(), &waiting.queue_id.to_string())
            .await
            .unwrap();
        assert!(
            detail
                .gates
                .iter()
                .any(|gate| !gate.open && gate.opens_at.is_none())
        );
        t.domain
            .sessions
            .start_session(&t.owner(), t.session)
            .await
            .unwrap();
        let t = t.started().await;
        until_state(&t, waiting.queue_id, MessageState::Read).await;
    })
    .await;
}

#[tokio::test]
async fn a_paced_lane_keeps_its_gaps_even_when_overdue() {
    each_engine(|engine| async move {
        let clock = Clock::manual(Timestamp(1_790_000_000_000));
        let t = TestDomain::with_clock(engine, clock.clone(), false)
            .await
            .started()
            .await;
        let mut ids = Vec::new();
        for n in 0..4 {
            ids.push(
                send(&t, &format!("628120000000{n}"), &n.to_string())
                    .await
                    .queue_id,
            );
        }
        // An hour passes at once: everything is overdue, and must still not leave in one burst.
        clock.advance(3_600_000);
        let mut left: Vec<Timestamp> = Vec::new();
        for id in ids {
            for _ in 0..200 {
                if entry(&t, id).await.sent_at.is_some() {
                    break;
                }
                clock.advance(250);
                tokio::time::sleep(std::time::Duration::from_millis(4)).await;
            }
            left.push(entry(&t, id).await.sent_at.expect("it left"));
        }
        for pair in left.windows(2) {
            assert!(pair[1] - pair[0] >= 5_000, "the least gap is 5 s: {left:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_late_answer_does_not_let_later_messages_overtake() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await.started().await;
        let fault = ArmFault {
            kind: FaultKind::Delay,
            count: Some(1),
            delay_ms: Some(300),
        };
        t.domain.sandbox.arm(&t.owner(), t.session, fault).await.unwrap();
        for n in 0..5 {
            send(&t, "6281200000001", &n.to_string()).await;
        }
        until_state(&t, 5, MessageState::Read).await;
        let texts: Vec<_> = screen(&t, t.session, "6281200000001")
            .await
            .into_iter()
            .filter_map(|m| m.text)
            .collect();
        assert_eq!(texts, ["0", "1", "2", "3", "4"]);
    })
    .await;
}
