//! What people are told of limits, repeated texts and WhatsApp's answers, with the real dispatcher.

use super::shared_out::another;
use super::{
    drive::{MORNING, accept, left, paced, play, set, settle},
    *,
};
use crate::{Clock, testing::each_engine};
use types::{
    PageRequest,
    alerts::{Alert, AlertFilter, AlertKind, AlertStatus, Severity},
    sandbox::{ArmFault, FaultKind},
};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

async fn alerts(t: &TestDomain) -> Vec<Alert> {
    let page = PageRequest::of(100, None);
    let all = t
        .domain
        .alerts
        .list(&t.owner(), AlertFilter::default(), page)
        .await;
    all.unwrap().data
}

async fn standing(t: &TestDomain) -> Vec<AlertKind> {
    let all = alerts(t).await.into_iter();
    let mut kinds: Vec<_> = all
        .filter(|alert| alert.status != AlertStatus::Resolved)
        .map(|alert| alert.kind)
        .collect();
    kinds.sort();
    kinds
}

async fn told(t: &TestDomain, clock: &Clock, by: i64, kinds: &[AlertKind]) {
    let what = format!("{kinds:?} stand");
    play(t, clock, clock.now() + by, &what, async |t| {
        standing(t).await == kinds
    })
    .await;
}

fn drafts(count: usize, text: impl Fn(usize) -> String) -> Vec<Draft> {
    (0..count)
        .map(|n| draft(&format!("62812000{n:05}"), &text(n)))
        .collect()
}

fn different(count: usize) -> Vec<Draft> {
    drafts(count, |n| format!("Order {n} is ready"))
}

#[tokio::test]
async fn a_session_near_and_at_its_limit_of_the_day() {
    each_engine(|engine| async move {
        let (t, clock) = paced(engine, r#"{"daily_limit":10}"#).await;
        let ids = accept(&t, Class::Single, different(8)).await;
        left(&t, &clock, *ids.last().unwrap(), MORNING + HOUR).await;
        told(&t, &clock, HOUR, &[AlertKind::LimitNear]).await;
        let near = &alerts(&t).await[0];
        assert_eq!(near.session, Some(t.session));
        assert_eq!(
            near.details.happened,
            "The daily limit of “Sandbox” is used up to 80 %: 8 of 10."
        );
        accept(&t, Class::Single, different(5)).await;
        told(&t, &clock, HOUR, &[AlertKind::LimitReached]).await;
        let all = alerts(&t).await;
        assert_eq!(all.len(), 2, "one of each: {all:#?}");
        assert_eq!(all[1].resolution.as_deref(), Some("The limit is used up now."));
        // Raising it gives room at once.
        set(&t, r#"{"daily_limit":100}"#).await;
        told(&t, &clock, HOUR, &[]).await;
        // And at midnight a day that was used up is over.
        set(&t, r#"{"daily_limit":13}"#).await;
        told(&t, &clock, HOUR, &[AlertKind::LimitReached]).await;
        clock.advance(MORNING - clock.now() + 16 * HOUR - MINUTE);
        told(&t, &clock, HOUR, &[]).await;
        assert!(
            clock.now() - (MORNING + 16 * HOUR) <= 2 * MINUTE,
            "soon after midnight"
        );
    })
    .await;
}

#[tokio::test]
async fn an_hour_that_rolls_on_is_one_alert() {
    each_engine(|engine| async move {
        let (t, clock) = paced(engine, r#"{"hourly_limit":20}"#).await;
        let ids = accept(&t, Class::Bulk, different(70)).await;
        left(&t, &clock, ids[69], MORNING + 5 * HOUR).await;
        told(&t, &clock, 2 * HOUR, &[]).await;
        let reached = alerts(&t).await;
        let reached: Vec<_> = reached
            .iter()
            .filter(|alert| alert.kind == AlertKind::LimitReached)
            .collect();
        // Three full hours, each of which empties at once: never one alert for each message.
        assert!((1..=4).contains(&reached.len()), "{reached:#?}");
    })
    .await;
}

#[tokio::test]
async fn the_organizations_day_is_told_once_for_all_its_sessions() {
    each_engine(|engine| async move {
        let (t, clock) = paced(engine, r#"{"organization_daily_limit":4}"#).await;
        another(&t, &clock, "Second").await;
        accept(&t, Class::Single, different(9)).await;
        told(&t, &clock, HOUR, &[AlertKind::LimitReached]).await;
        let of_all: Vec<_> = alerts(&t).await;
        assert!(of_all.iter().all(|alert| alert.session.is_none()), "{of_all:#?}");
        assert_eq!(
            of_all[0].details.happened,
            "The daily limit of the organization is used up: 4 of 4."
        );
        set(&t, r#"{"organization_daily_limit":0}"#).await;
        told(&t, &clock, HOUR, &[]).await;
    })
    .await;
}

#[tokio::test]
async fn first_messages_are_used_up() {
    each_engine(|engine| async move {
        let (t, clock) = paced(engine, r#"{"cold_daily_limit":2}"#).await;
        accept(&t, Class::Single, different(3)).await;
        told(&t, &clock, HOUR, &[AlertKind::ColdQuota]).await;
        assert_eq!(
            alerts(&t).await[0].details.happened,
            "“Sandbox” has sent the 2 messages that it may send in a day to people who never wrote to it."
        );
        set(&t, r#"{"cold_daily_limit":5}"#).await;
        told(&t, &clock, HOUR, &[]).await;
    })
    .await;
}

#[tokio::test]
async fn the_same_words_to_many_people() {
    each_engine(|engine| async move {
        let limits = r#"{"repeated_text_after":3,"repeated_text_pause_ms":600000}"#;
        let (t, clock) = paced(engine, limits).await;
        let mut same = drafts(4, |_| "Big sale today!".into());
        same.extend(different(3));
        accept(&t, Class::Bulk, same).await;
        told(&t, &clock, HOUR, &[AlertKind::RepeatedText]).await;
        let first = &alerts(&t).await[0];
        assert_eq!(
            first.details.happened,
            "“Sandbox” sent the same text to 3 recipients: “Big sale today!”."
        );
        assert!(first.details.means.contains("slows down"));
        // It goes on, slower, counted in the same alert; an hour later it is over.
        play(&t, &clock, MORNING + HOUR, "the fourth was counted", async |t| {
            alerts(t).await[0].times_seen == 2
        })
        .await;
        told(&t, &clock, 2 * HOUR, &[]).await;
        assert_eq!(alerts(&t).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn whatsapp_asks_to_wait() {
    each_engine(|engine| async move {
        let (t, clock) = paced(engine, "{}").await;
        let arm = |kind| ArmFault {
            kind,
            count: Some(1),
            delay_ms: Some(120_000),
        };
        let fault = arm(FaultKind::RateLimit);
        t.domain.sandbox.arm(&t.owner(), t.session, fault).await.unwrap();
        let first = accept(&t, Class::Single, different(1)).await[0];
        told(&t, &clock, HOUR, &[AlertKind::SessionRestricted]).await;
        let alert = &alerts(&t).await[0];
        assert_eq!(alert.severity, Severity::Warning, "it mends itself");
        assert!(
            alert
                .details
                .happened
                .starts_with("WhatsApp asked “Sandbox” to wait"),
            "{alert:?}"
        );
        left(&t, &clock, first, MORNING + HOUR).await;
        told(&t, &clock, HOUR, &[]).await;
        let fault = arm(FaultKind::NewChatQuota);
        t.domain.sandbox.arm(&t.owner(), t.session, fault).await.unwrap();
        accept(&t, Class::Single, drafts(1, |_| "Cold".into())).await;
        told(&t, &clock, HOUR, &[AlertKind::ColdQuota]).await;
        let words = &alerts(&t).await[0].details.happened;
        assert!(
            words.starts_with("WhatsApp takes no more messages from"),
            "{words}"
        );
        told(&t, &clock, 48 * HOUR, &[]).await;
    })
    .await;
}

#[tokio::test]
async fn who_comes_back_tells_nothing_twice_and_who_is_stopped_nothing_any_more() {
    each_engine(|engine| async move {
        let (t, clock) = paced(engine, r#"{"daily_limit":3,"hourly_limit":3}"#).await;
        accept(&t, Class::Single, different(5)).await;
        let both = [AlertKind::LimitReached, AlertKind::LimitReached];
        told(&t, &clock, HOUR, &both).await;
        let mut t = t;
        t.stop().await;
        let t = t.restarted().started().await;
        settle(&t, &clock).await;
        let ours = |alerts: Vec<Alert>| -> Vec<Alert> {
            let limits = alerts.into_iter();
            limits
                .filter(|alert| alert.kind == AlertKind::LimitReached)
                .collect()
        };
        let all = ours(alerts(&t).await);
        assert_eq!(all.len(), 2, "{all:#?}");
        assert!(all.iter().all(|alert| alert.times_seen == 1), "{all:#?}");
        t.domain
            .sessions
            .stop_session(&t.owner(), t.session)
            .await
            .unwrap();
        t.until("nothing of a stopped session stands", async |t| {
            // The watcher looks at the log each second.
            clock.advance(1_000);
            ours(alerts(t).await)
                .iter()
                .all(|alert| alert.status == AlertStatus::Resolved)
        })
        .await;
        t.domain
            .sessions
            .start_session(&t.owner(), t.session)
            .await
            .unwrap();
        told(&t, &clock, MINUTE, &both).await;
    })
    .await;
}
