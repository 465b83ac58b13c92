//! Each rule with the real dispatcher: what holds a message is explained, and the explanation is
//! what then happens.

use super::{
    drive::{MORNING, accept, left, paced, play, set, settle},
    *,
};
use crate::{messages::store, testing::each_engine};
use types::{
    pacing::{Gate, GateKind},
    sandbox::{ArmFault, FaultKind, Incoming},
};

const HOUR: i64 = 3_600_000;

async fn gates(t: &TestDomain, queue_id: i32) -> Vec<Gate> {
    let detail = t.domain.messages.get(&t.owner(), &queue_id.to_string()).await;
    detail.unwrap().gates
}

async fn gate(t: &TestDomain, queue_id: i32, kind: GateKind) -> Gate {
    let gates = gates(t, queue_id).await;
    gates
        .iter()
        .find(|gate| gate.gate == kind)
        .cloned()
        .unwrap_or_else(|| panic!("{kind:?} in {gates:#?}"))
}

async fn arm(t: &TestDomain, kind: FaultKind, count: i64, delay_ms: Option<i64>) {
    let fault = ArmFault {
        kind,
        count: Some(count),
        delay_ms,
    };
    t.domain.sandbox.arm(&t.owner(), t.session, fault).await.unwrap();
}

/// Sends to those recipients, the last of which must be held by that gate until so long after the
/// start, and leaves then.
async fn check(limits: &str, recipients: &[&str], kind: GateKind, opens_after: i64) {
    each_engine(|engine| async move {
        let (t, clock) = paced(engine, limits).await;
        let drafts = recipients.iter().map(|to| draft(to, "Hello")).collect();
        let ids = accept(&t, Class::Single, drafts).await;
        let last = *ids.last().unwrap();
        // All but the last leave, whatever holds them.
        for id in &ids[..ids.len() - 1] {
            left(&t, &clock, *id, MORNING + 48 * HOUR).await;
        }
        settle(&t, &clock).await;
        let told = gate(&t, last, kind).await;
        assert!(!told.open, "{limits}: {told:?}");
        let opens = told.opens_at.unwrap();
        assert!(
            (opens - MORNING - opens_after).abs() <= 1_000,
            "{limits}: {} after the start: {told:?}",
            opens - MORNING
        );
        let detail = t
            .domain
            .messages
            .get(&t.owner(), &last.to_string())
            .await
            .unwrap();
        assert_eq!(detail.entry.leaves_at, Some(opens), "nothing else holds it");
        // Nothing happens until just before.
        clock.advance((opens - clock.now() - 2_000).max(0));
        settle(&t, &clock).await;
        assert_eq!(entry(&t, last).await.state, MessageState::Pending);
        let sent = left(&t, &clock, last, opens + HOUR).await;
        assert!(
            (0..=1_000).contains(&(sent - opens)),
            "{limits}: it left {} ms after its gate",
            sent - opens
        );
    })
    .await;
}

const A: &str = "6281200000001";
const B: &str = "6281200000002";
const C: &str = "6281200000003";

#[tokio::test]
async fn the_hourly_limit() {
    check(r#"{"hourly_limit":2}"#, &[A, B, C], GateKind::HourlyLimit, HOUR).await;
}

#[tokio::test]
async fn the_daily_limit_ends_at_midnight_there() {
    check(
        r#"{"daily_limit":2}"#,
        &[A, B, C],
        GateKind::DailyLimit,
        16 * HOUR,
    )
    .await;
}

#[tokio::test]
async fn the_organizations_day_overflows_into_the_next() {
    let limits = r#"{"organization_daily_limit":2}"#;
    check(limits, &[A, B, C], GateKind::OrganizationLimit, 16 * HOUR).await;
}

#[tokio::test]
async fn the_sending_window() {
    check(
        r#"{"window":"09:30-17:00"}"#,
        &[A],
        GateKind::Window,
        HOUR + HOUR / 2,
    )
    .await;
}

#[tokio::test]
async fn the_gap_to_the_same_recipient() {
    let limits = r#"{"recipient_gap_ms":1800000}"#;
    check(limits, &[A, B, A], GateKind::RecipientGap, HOUR / 2).await;
}

#[tokio::test]
async fn the_pause_after_many_in_a_row() {
    let limits = r#"{"pause_after":2,"pause_ms":300000}"#;
    check(limits, &[A, B, C], GateKind::Pause, 300_000).await;
}

#[tokio::test]
async fn the_random_delay() {
    let limits = r#"{"delay_min_ms":7000,"delay_max_ms":7000}"#;
    check(limits, &[A, B], GateKind::Delay, 14_000).await;
}

#[tokio::test]
async fn the_same_text_again_and_again() {
    let limits = r#"{"repeated_text_after":2,"repeated_text_pause_ms":60000}"#;
    check(limits, &[A, B, C], GateKind::RepeatedText, 60_000).await;
}

#[tokio::test]
async fn a_cold_quota_holds_cold_sends_alone() {
    each_engine(|engine| async move {
        let (t, clock) = paced(engine, r#"{"cold_daily_limit":1}"#).await;
        let wrote = Incoming {
            from: C.into(),
            text: Some("Is it open?".into()),
            ..Incoming::default()
        };
        t.domain
            .sandbox
            .incoming(&t.owner(), t.session, wrote)
            .await
            .unwrap();
        let pool = t.domain.shared.read();
        t.until("the customer is known", async |t| {
            let jid = format!("{C}@s.whatsapp.net");
            let known = store::lane::known(pool, t.made.organization, &[jid])
                .await
                .unwrap();
            known.iter().any(|known| known.wrote)
        })
        .await;
        let ids = accept(
            &t,
            Class::Single,
            vec![draft(A, "1"), draft(B, "2"), draft(C, "3")],
        )
        .await;
        left(&t, &clock, ids[0], MORNING + HOUR).await;
        left(&t, &clock, ids[2], MORNING + HOUR).await;
        let told = gate(&t, ids[1], GateKind::ColdLimit).await;
        assert_eq!(told.opens_at, Some(MORNING + 16 * HOUR), "{told:?}");
        // Now the other one writes: no quota holds an answer.
        let wrote = Incoming {
            from: B.into(),
            text: Some("Hello?".into()),
            ..Incoming::default()
        };
        t.domain
            .sandbox
            .incoming(&t.owner(), t.session, wrote)
            .await
            .unwrap();
        let sent = left(&t, &clock, ids[1], MORNING + HOUR).await;
        assert!(sent < MORNING + HOUR);
    })
    .await;
}

#[tokio::test]
async fn whatsapp_asks_to_wait_and_the_lane_waits_without_burning_messages() {
    each_engine(|engine| async move {
        let (t, clock) = paced(engine, "{}").await;
        arm(&t, FaultKind::RateLimit, 2, Some(90_000)).await;
        let ids = accept(&t, Class::Single, vec![draft(A, "1"), draft(B, "2")]).await;
        t.until("the lane is held", async |t| {
            gates(t, ids[1])
                .await
                .iter()
                .any(|gate| gate.gate == GateKind::Restriction && !gate.open)
        })
        .await;
        let told = gate(&t, ids[1], GateKind::Restriction).await;
        assert_eq!(told.opens_at, Some(MORNING + 90_000));
        let first = left(&t, &clock, ids[0], MORNING + HOUR).await;
        left(&t, &clock, ids[1], MORNING + HOUR).await;
        assert!(first >= MORNING + 90_000);
        assert_eq!(entry(&t, ids[0]).await.attempts, 1, "what never left is no try");
        assert_eq!(screen(&t, t.session, A).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_its_receipt_told_of_before_the_answer_counts_all_the_same() {
    each_engine(|engine| async move {
        let (t, clock) = paced(engine, r#"{"daily_limit":50}"#).await;
        arm(&t, FaultKind::Delay, 1, Some(10_000)).await;
        let id = accept(&t, Class::Single, vec![draft(A, "1")]).await[0];
        let sent = left(&t, &clock, id, MORNING + HOUR).await;
        assert!(
            sent - MORNING < 10_000,
            "its receipt came first: {}",
            sent - MORNING
        );
        clock.advance(20_000);
        settle(&t, &clock).await;
        // What the lane remembers is not asked, but what is written down.
        let mut t = t;
        t.stop().await;
        let t = t.restarted().started().await;
        settle(&t, &clock).await;
        let lanes = t.domain.messages.lanes(&t.owner()).await.unwrap();
        assert_eq!(lanes.lanes[0].used_today, 1);
    })
    .await;
}

#[tokio::test]
async fn what_may_be_tried_again_is_with_growing_pauses_and_counts_once() {
    each_engine(|engine| async move {
        let (t, clock) = paced(engine, r#"{"hourly_limit":50}"#).await;
        arm(&t, FaultKind::TryLater, 2, None).await;
        let mut ids = accept(&t, Class::Single, vec![draft(A, "1")]).await;
        t.until("it was refused", async |t| entry(t, ids[0]).await.error.is_some())
            .await;
        t.domain
            .sandbox
            .clear_faults(&t.owner(), t.session)
            .await
            .unwrap();
        arm(&t, FaultKind::TryLater, 1, None).await;
        ids.extend(accept(&t, Class::Single, vec![draft(A, "2")]).await);
        play(&t, &clock, MORNING + HOUR, "it was refused again", async |t| {
            entry(t, ids[0]).await.attempts == 2
        })
        .await;
        ids.extend(accept(&t, Class::Single, vec![draft(B, "3")]).await);
        left(&t, &clock, ids[2], MORNING + HOUR).await;
        let told = gate(&t, ids[0], GateKind::Retry).await;
        assert!(told.opens_at >= Some(MORNING + 5_000), "{told:?}");
        assert!(
            !gate(&t, ids[1], GateKind::Order).await.open,
            "the earlier one goes first"
        );
        left(&t, &clock, ids[1], MORNING + HOUR).await;
        let first = entry(&t, ids[0]).await;
        assert_eq!(first.attempts, 3);
        assert!(first.sent_at.unwrap() >= MORNING + 15_000, "5 s, then 10 s");
        let texts: Vec<_> = screen(&t, t.session, A)
            .await
            .into_iter()
            .filter_map(|m| m.text)
            .collect();
        assert_eq!(texts, ["1", "2"]);
        let lanes = t.domain.messages.lanes(&t.owner()).await.unwrap();
        assert_eq!((lanes.lanes[0].used_today, lanes.lanes[0].used_hour), (3, 3));
    })
    .await;
}

#[tokio::test]
async fn who_opted_out_or_is_not_allowed_gets_nothing_until_that_changes() {
    each_engine(|engine| async move {
        let (t, clock) = paced(engine, r#"{"delay_min_ms":60000,"delay_max_ms":60000}"#).await;
        let ids = accept(
            &t,
            Class::Single,
            vec![draft(A, "1"), draft(B, "2"), draft(C, "3")],
        )
        .await;
        set(
            &t,
            &format!(r#"{{"opt_outs":["{A}"],"allow_list":["{A}","{C}"]}}"#),
        )
        .await;
        left(&t, &clock, ids[2], MORNING + HOUR).await;
        assert!(!gate(&t, ids[0], GateKind::OptOut).await.open);
        assert!(!gate(&t, ids[1], GateKind::AllowList).await.open);
        let error = t.domain.messages.accept(&t.owner(), single(draft(A, "4"))).await;
        assert!(format!("{error:?}").contains("RECIPIENT_OPTED_OUT"), "{error:?}");
        set(&t, r#"{"opt_outs":[],"allow_list":["*"]}"#).await;
        left(&t, &clock, ids[0], clock.now() + HOUR).await;
        left(&t, &clock, ids[1], clock.now() + HOUR).await;
    })
    .await;
}

#[tokio::test]
async fn urgent_messages_pass_a_bulk_and_the_bulk_goes_on() {
    each_engine(|engine| async move {
        let (t, clock) = paced(engine, r#"{"delay_min_ms":10000,"delay_max_ms":10000}"#).await;
        let bulk = (0..30)
            .map(|n| draft(&format!("62812000001{n:02}"), "bulk"))
            .collect();
        let bulk = accept(&t, Class::Bulk, bulk).await;
        left(&t, &clock, bulk[1], MORNING + HOUR).await;
        let urgent = accept(&t, Class::Single, vec![draft(A, "now")]).await[0];
        let reply = accept(&t, Class::Reply, vec![draft(B, "reply")]).await[0];
        let before = clock.now();
        let replied = left(&t, &clock, reply, before + HOUR).await;
        let sent = left(&t, &clock, urgent, before + HOUR).await;
        assert!(
            replied - before <= 4_000,
            "a reply waits 1 to 3 s: {}",
            replied - before
        );
        assert!(sent - before <= 21_000, "{}", sent - before);
        assert!(entry(&t, bulk[4]).await.sent_at.is_none());
        left(&t, &clock, bulk[29], before + HOUR).await;
    })
    .await;
}

#[tokio::test]
async fn send_now_passes_the_protections_and_says_which() {
    each_engine(|engine| async move {
        let limits = r#"{"hourly_limit":1,"window":"20:00-21:00","delay_min_ms":60000,"delay_max_ms":60000}"#;
        let (t, clock) = paced(engine, limits).await;
        let ids = accept(&t, Class::Single, vec![draft(A, "1"), draft(B, "2")]).await;
        settle(&t, &clock).await;
        let id = ids[1].to_string();
        let (_, passed) = t.domain.messages.send_now(&t.owner(), &id).await.unwrap();
        assert_eq!(passed, ["turn", "window", "delay"]);
        let sent = left(&t, &clock, ids[1], MORNING + 60_000).await;
        assert!(sent - MORNING < 10_000, "{}", sent - MORNING);
        let told = gate(&t, ids[0], GateKind::HourlyLimit).await;
        assert!(!told.open, "it counts all the same: {told:?}");
        assert!(t.domain.messages.send_now(&t.owner(), &id).await.is_err(), "once");
    })
    .await;
}

#[tokio::test]
async fn limits_are_remembered_through_a_restart() {
    each_engine(|engine| async move {
        let limits =
            r#"{"hourly_limit":2,"daily_limit":3,"repeated_text_after":9,"repeated_text_pause_ms":1000}"#;
        let (mut t, clock) = paced(engine, limits).await;
        let ids = accept(
            &t,
            Class::Single,
            vec![draft(A, "1"), draft(B, "2"), draft(C, "3")],
        )
        .await;
        left(&t, &clock, ids[1], MORNING + HOUR).await;
        t.stop().await;
        let t = t.restarted().started().await;
        settle(&t, &clock).await;
        let told = gate(&t, ids[2], GateKind::HourlyLimit).await;
        assert!(
            !told.open && told.opens_at <= Some(MORNING + HOUR + 1_000),
            "{told:?}"
        );
        let sent = left(&t, &clock, ids[2], MORNING + 2 * HOUR).await;
        assert!(sent >= MORNING + HOUR, "{}", sent - MORNING);
        let fourth = send(&t, A, "4").await.queue_id;
        settle(&t, &clock).await;
        assert!(!gate(&t, fourth, GateKind::DailyLimit).await.open);
    })
    .await;
}

#[tokio::test]
async fn a_changed_limit_holds_at_once_and_what_if_says_so_before() {
    each_engine(|engine| async move {
        let (t, clock) = paced(engine, r#"{"delay_min_ms":600000,"delay_max_ms":600000}"#).await;
        let drafts = (0..6).map(|n| draft(&format!("628120000010{n}"), "hi")).collect();
        let ids = accept(&t, Class::Bulk, drafts).await;
        settle(&t, &clock).await;
        let change = serde_json::from_str(r#"{"delay_min_ms":1000,"delay_max_ms":1000}"#).unwrap();
        let told = t
            .domain
            .messages
            .what_if(&t.owner(), None, &change)
            .await
            .unwrap();
        assert_eq!(told.waiting, 6);
        assert_eq!(told.ends_at, Some(MORNING + HOUR));
        assert_eq!(told.would_end_at, Some(MORNING + 6_000));
        set(&t, r#"{"delay_min_ms":1000,"delay_max_ms":1000}"#).await;
        let sent = left(&t, &clock, ids[5], MORNING + 60_000).await;
        assert!(sent - MORNING <= 15_000, "{}", sent - MORNING);
        play(&t, &clock, clock.now() + 60_000, "nothing waits", async |t| {
            t.domain.messages.lanes(&t.owner()).await.unwrap().lanes[0].waiting == 0
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn typing_is_shown_before_a_message_and_a_reply_reads_first() {
    each_engine(|engine| async move {
        let limits = r#"{"delay_min_ms":20000,"delay_max_ms":20000,"typing_ms_per_character":100,
            "typing_max_ms":8000,"read_before_reply":1}"#;
        let (t, clock) = paced(engine, limits).await;
        let typing = async || {
            let phone = t.domain.sandbox.phone(&t.owner(), t.session).await.unwrap();
            phone.typing
        };
        let text = "x".repeat(50);
        let id = accept(&t, Class::Single, vec![draft(A, &text)]).await[0];
        settle(&t, &clock).await;
        assert!(typing().await.is_empty());
        play(&t, &clock, MORNING + 30_000, "somebody types", async |_| {
            typing().await == [A]
        })
        .await;
        let began = clock.now() - MORNING;
        assert!(
            (14_500..=16_000).contains(&began),
            "5 s before it leaves: {began}"
        );
        left(&t, &clock, id, MORNING + 30_000).await;
        assert!(typing().await.is_empty());
        let wrote = Incoming {
            from: B.into(),
            text: Some("Is it open?".into()),
            ..Incoming::default()
        };
        t.domain
            .sandbox
            .incoming(&t.owner(), t.session, wrote)
            .await
            .unwrap();
        t.until("it was told", async |t| {
            screen(t, t.session, B).await.iter().all(|m| m.from_customer)
        })
        .await;
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        let reply = accept(&t, Class::Reply, vec![draft(B, "Yes")]).await[0];
        left(&t, &clock, reply, clock.now() + 60_000).await;
        let ticks: Vec<_> = screen(&t, t.session, B).await.iter().map(|m| m.tick).collect();
        assert_eq!(ticks[0], types::sandbox::Tick::Read, "{ticks:?}");
    })
    .await;
}
