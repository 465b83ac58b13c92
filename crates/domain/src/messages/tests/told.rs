//! What lists, lanes and estimates say about several sessions, and that it is what then happens.

use super::{
    drive::{MORNING, accept, left, paced, play, set, settle},
    shared_out::another,
    *,
};
use crate::{Clock, testing::each_engine};
use std::collections::BTreeMap;
use types::{
    Page, Timestamp,
    pacing::{GateKind, LimitValue},
    sandbox::{ArmFault, FaultKind},
};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

async fn limit(t: &TestDomain, session: SessionId, name: &str, value: i64) {
    let change = BTreeMap::from([(name.to_owned(), LimitValue::Number(value))]);
    let done = t.domain.settings.patch_session(&t.owner(), session, change).await;
    done.unwrap();
}

fn to(n: usize) -> String {
    format!("62814{n:08}")
}

fn named(session: SessionId, n: usize) -> Draft {
    Draft {
        session: Some(session.to_string()),
        ..draft(&to(n), &format!("Order {n}"))
    }
}

fn any(range: std::ops::Range<usize>) -> Vec<Draft> {
    range.map(|n| draft(&to(n), &format!("Order {n}"))).collect()
}

async fn list(t: &TestDomain) -> Page<QueueEntry> {
    let page = PageRequest::of(100, None);
    let listed = t
        .domain
        .messages
        .queue(&t.owner(), QueueFilter::default(), page)
        .await;
    listed.unwrap()
}

async fn leaves_at(t: &TestDomain, id: i32) -> Option<Timestamp> {
    entry(t, id).await.leaves_at
}

async fn stop(t: &TestDomain, clock: &Clock, session: SessionId) {
    t.domain.sessions.stop_session(&t.owner(), session).await.unwrap();
    t.until("it has no lane", async |t| {
        t.domain.sessions.line(session).is_none()
    })
    .await;
    settle(t, clock).await;
}

#[tokio::test]
async fn one_number_that_may_write_to_nobody_new_holds_no_other() {
    each_engine(|engine| async move {
        let (t, clock) = paced(engine, "{}").await;
        let second = another(&t, &clock, "Second").await;
        limit(&t, t.session, "cold_daily_limit", 1).await;
        limit(&t, second, "delay_max_ms", 3_000).await;
        limit(&t, second, "delay_min_ms", 3_000).await;
        let ids = accept(&t, Class::Single, any(0..6)).await;
        left(&t, &clock, ids[5], MORNING + 2 * MINUTE).await;
        for id in &ids {
            assert!(entry(&t, *id).await.sent_at.is_some(), "{id}");
        }
        // WhatsApp's own quota of one number is as little the other's.
        let fault = ArmFault {
            kind: FaultKind::NewChatQuota,
            count: Some(1),
            delay_ms: None,
        };
        t.domain.sandbox.arm(&t.owner(), t.session, fault).await.unwrap();
        limit(&t, t.session, "cold_daily_limit", 0).await;
        let ids = accept(&t, Class::Single, any(10..50)).await;
        for id in ids {
            left(&t, &clock, id, clock.now() + 5 * MINUTE).await;
        }
        // Where no number may, they step aside until the first of them does.
        limit(&t, t.session, "cold_daily_limit", 1).await;
        limit(&t, second, "cold_daily_limit", 1).await;
        let late = accept(&t, Class::Single, any(50..51)).await[0];
        settle(&t, &clock).await;
        clock.advance(1_000);
        settle(&t, &clock).await;
        let midnight = MORNING + 16 * HOUR;
        let one = list(&t)
            .await
            .data
            .into_iter()
            .find(|entry| entry.queue_id == late);
        let one = one.expect("it waits");
        assert_eq!(
            (one.held_by, one.leaves_at),
            (Some(GateKind::ColdLimit), Some(midnight))
        );
        assert_eq!(leaves_at(&t, late).await, Some(midnight));
    })
    .await;
}

#[tokio::test]
async fn what_is_for_any_session_does_not_wait_for_the_queue_of_one() {
    each_engine(|engine| async move {
        let (t, clock) = paced(engine, r#"{"delay_min_ms":5000,"delay_max_ms":9000}"#).await;
        let second = another(&t, &clock, "Second").await;
        let third = another(&t, &clock, "Third").await;
        limit(&t, second, "daily_limit", 1).await;
        let of_second = accept(&t, Class::Single, (0..9).map(|n| named(second, n)).collect()).await;
        left(&t, &clock, of_second[0], MORNING + MINUTE).await;
        stop(&t, &clock, third).await;
        accept(&t, Class::Single, vec![named(third, 20)]).await;
        let now = clock.now();
        let input = Accept {
            once: false,
            drafts: any(30..31),
            class: Class::Single,
            idempotency: None,
        };
        let accepted = first(t.domain.messages.accept(&t.owner(), input).await.unwrap());
        let told = accepted.estimate.at.expect("it can be told");
        assert!(told - now <= 10_000, "{} ms", told - now);
        let id = accepted.queue_id;
        let at = leaves_at(&t, id).await.expect("it can be told");
        assert!(at - now <= 10_000, "{} ms", at - now);
        let lanes = t.domain.messages.lanes(&t.owner()).await.unwrap();
        assert_eq!(lanes.stays, 1, "the one of the stopped session");
        assert!(
            lanes.ends_at > Some(now + 16 * HOUR),
            "the others leave: {lanes:?}"
        );
        let sent = left(&t, &clock, id, now + MINUTE).await;
        assert!((sent - at).abs() <= 4_000, "told {} ms too early", sent - at);
        let limits = BTreeMap::from([("daily_limit".to_owned(), LimitValue::Number(0))]);
        let what = t
            .domain
            .messages
            .what_if(&t.owner(), Some(second), &limits)
            .await
            .unwrap();
        assert_eq!((what.stays, what.would_stay), (1, 1));
        assert!(what.would_end_at < what.ends_at, "{what:?}");
    })
    .await;
}

#[tokio::test]
async fn the_list_says_what_the_panel_says() {
    each_engine(|engine| async move {
        let limits = r#"{"delay_min_ms":5000,"delay_max_ms":50000,"recipient_gap_ms":3600000}"#;
        let (t, clock) = paced(engine, limits).await;
        let mut drafts = vec![draft(&to(1), "first"), draft(&to(1), "too soon")];
        drafts.extend(any(2..8));
        let ids = accept(&t, Class::Single, drafts).await;
        left(&t, &clock, ids[0], MORNING + 2 * MINUTE).await;
        play(
            &t,
            &clock,
            MORNING + 5 * MINUTE,
            "the second steps aside",
            async |t| list(t).await.data[0].held_by.is_some(),
        )
        .await;
        let listed = list(&t).await.data;
        let parked = &listed[0];
        assert_eq!(
            (parked.queue_id, parked.held_by),
            (ids[1], Some(GateKind::RecipientGap))
        );
        assert_eq!(parked.leaves_at, leaves_at(&t, ids[1]).await);
        // The next one's delay is drawn already.
        let next = &listed[1];
        let told = next.leaves_at.expect("it is next");
        assert_eq!(Some(told), leaves_at(&t, next.queue_id).await);
        let lanes = t.domain.messages.lanes(&t.owner()).await.unwrap();
        assert_eq!(lanes.lanes[0].next_at, Some(told));
        for pair in listed[1..].windows(2) {
            assert!(
                pair[0].leaves_at < pair[1].leaves_at,
                "one after the other: {listed:#?}"
            );
        }
        let sent = left(&t, &clock, next.queue_id, told + MINUTE).await;
        assert!(
            (0..=1_000).contains(&(sent - told)),
            "{} ms after it was told",
            sent - told
        );
        set(&t, r#"{"daily_limit":3}"#).await;
        settle(&t, &clock).await;
        let gates = t
            .domain
            .messages
            .get(&t.owner(), &ids[7].to_string())
            .await
            .unwrap()
            .gates;
        let turn = gates.iter().find(|gate| gate.gate == GateKind::Turn).unwrap();
        assert!(
            turn.why.contains("this session's 3 of today are used up"),
            "{}",
            turn.why
        );
    })
    .await;
}
