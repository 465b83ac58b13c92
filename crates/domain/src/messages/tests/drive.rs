//! Moves a manual clock from one moment at which a lane looks again to the next, so that days of
//! paced sending by the real dispatcher take seconds.

use super::*;
use crate::Clock;
use std::time::Duration;
use types::{Timestamp, settings::PatchSettings};

/// A Friday, 08:00 in Jakarta.
pub const MORNING: Timestamp = Timestamp(1_795_136_400_000);

/// One organization with a connected session, a clock that stands still, and only the limits of
/// that JSON object.
pub async fn paced(engine: db::Engine, limits: &str) -> (TestDomain, Clock) {
    let clock = Clock::manual(MORNING);
    let t = TestDomain::with_clock(engine, clock.clone(), true).await;
    set(&t, limits).await;
    (t.started().await, clock)
}

pub async fn set(t: &TestDomain, settings: &str) {
    let patch: PatchSettings = serde_json::from_str(settings).unwrap();
    t.domain.settings.patch(&t.owner(), patch).await.unwrap();
}

/// Lets the lanes do what they can at this moment.
pub async fn settle(t: &TestDomain, clock: &Clock) {
    for _ in 0..400 {
        let asleep = t.domain.messages.all_asleep_until();
        let now = clock.now();
        if !asleep.is_empty() && asleep.iter().all(|until| until.is_some_and(|at| at > now)) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// Plays until it is so; panics when it has not come about by then.
pub async fn play(
    t: &TestDomain,
    clock: &Clock,
    by: Timestamp,
    what: &str,
    mut so: impl AsyncFnMut(&TestDomain) -> bool,
) {
    loop {
        settle(t, clock).await;
        if so(t).await {
            return;
        }
        let now = clock.now();
        assert!(now < by, "by {} it had not come about that {what}", by.rfc3339());
        let next = t.domain.messages.all_asleep_until().into_iter().flatten().min();
        let step = next.map_or(10, |next| next - now).clamp(1, 60_000);
        clock.advance(step);
    }
}

/// Plays until that entry has left; answers when.
pub async fn left(t: &TestDomain, clock: &Clock, queue_id: i32, by: Timestamp) -> Timestamp {
    let what = format!("entry {queue_id} has left");
    play(t, clock, by, &what, async |t| {
        entry(t, queue_id).await.sent_at.is_some()
    })
    .await;
    entry(t, queue_id).await.sent_at.unwrap()
}

pub async fn accept(t: &TestDomain, class: Class, drafts: Vec<Draft>) -> Vec<i32> {
    let input = Accept {
        once: false,
        drafts,
        class,
        idempotency: None,
    };
    t.domain
        .messages
        .accept(&t.owner(), input)
        .await
        .unwrap()
        .rows
        .into_iter()
        .map(|row| row.unwrap().queue_id)
        .collect()
}
