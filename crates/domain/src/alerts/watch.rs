//! The watcher: follows the event log and says what a person should know.
//!
//! It only observes. What it reads is bounded per step, outside any transaction; what it writes
//! is one short transaction, with its place in the log, so that a restart misses nothing and
//! repeats nothing. With several nodes the one that moves the place first does the step.

use super::{
    Alerts, Named, NewAlert, Subject,
    failures::{self, Failing},
    store_watch::{self as store, Now, Watched},
};
use crate::{Result, Tx, messages::Messages};
use std::collections::{BTreeSet, HashMap};
use tokio_util::sync::CancellationToken;
use types::{AlertId, SessionId, Timestamp, alerts::AlertKind, events::EventType, sessions::SessionState};

/// Events of one step.
pub(super) const BATCH: i64 = 100;
/// Between two steps: long enough to cost nothing, short enough for a page that is looked at.
const PAUSE_MS: i64 = 1_000;
/// Between two steps while the log is ahead: sending writes in between.
const BEHIND_MS: i64 = 50;
/// Between two looks at what no event tells of.
const LOOK_MS: i64 = 5_000;
const QUEUES_MS: i64 = 60_000;
/// Sessions and alerts of one look.
pub(super) const LOOK: i64 = 100;
/// How long a session may be away before somebody is told.
pub(super) const DOWN_MS: i64 = 60_000;

/// Where the looks that go through lists page by page have come.
#[derive(Default)]
pub(super) struct Looks {
    pub failures: Option<AlertId>,
    pub queues: Option<SessionId>,
    /// Sessions that stand still although nothing holds the head of their lane, and since when.
    pub due: HashMap<SessionId, Timestamp>,
}

pub async fn run(alerts: Alerts, messages: Messages, stop: CancellationToken) {
    let clock = alerts.shared.clock.clone();
    let mut looks = Looks::default();
    let (mut look_at, mut queues_at) = (clock.now(), clock.now() + QUEUES_MS);
    loop {
        let behind = told("the event log", alerts.follow().await).unwrap_or(false);
        if clock.now() >= look_at {
            told("sessions that are down", alerts.look_at_downs().await);
            told("failures", alerts.look_at_failures(&mut looks).await);
            look_at = clock.now() + LOOK_MS;
        }
        if clock.now() >= queues_at {
            told(
                "stalled queues",
                alerts.look_at_queues(&messages, &mut looks).await,
            );
            // One page of sessions after the other, then a rest.
            let pause = if looks.queues.is_some() {
                PAUSE_MS
            } else {
                QUEUES_MS
            };
            queues_at = clock.now() + pause;
        }
        let pause = if behind { BEHIND_MS } else { PAUSE_MS };
        if stop.run_until_cancelled(clock.sleep(pause)).await.is_none() {
            return;
        }
    }
}

/// What fails now is tried again at the next step.
fn told<T>(what: &str, result: Result<T>) -> Option<T> {
    result
        .inspect_err(|error| tracing::warn!(%error, what, "the watcher could not look; trying again"))
        .ok()
}

impl Alerts {
    /// One step through the log; `true` when there is more to read at once.
    pub(super) async fn follow(&self) -> Result<bool> {
        let pool = self.shared.read();
        let place = store::place(pool).await?;
        let (events, last, more) = store::after(pool, place, BATCH).await?;
        if last == place {
            return Ok(false);
        }
        let ids: BTreeSet<SessionId> = events.iter().map(|event| event.session).collect();
        let now = store::sessions(pool, &Vec::from_iter(ids)).await?;
        let failing = failures::among(pool, &events, &now).await?;
        let mut tx = self.shared.begin().await?;
        if !store::move_on(tx.conn(), place, last).await? {
            return Ok(true);
        }
        for event in &events {
            if event.kind == EventType::SessionStatus {
                self.session_changed_in(&mut tx, event, &now).await?;
            }
        }
        for failing in failing {
            self.raise_in(&mut tx, failing.alert()).await?;
        }
        tx.commit().await?;
        Ok(more)
    }

    async fn session_changed_in(
        &self,
        tx: &mut Tx,
        event: &Watched,
        now: &HashMap<SessionId, Now>,
    ) -> Result<()> {
        use AlertKind as K;
        let (organization, id) = (event.organization, event.session);
        let text = |key: &str| event.data.get(key).and_then(serde_json::Value::as_str);
        let (Some(state), Some(session)) = (text("state").and_then(SessionState::from_name), now.get(&id))
        else {
            return Ok(());
        };
        let named = Named {
            organization,
            session: id,
            name: text("name").unwrap_or(&session.name),
        };
        let subject = Subject::session(id);
        let over = async |tx: &mut Tx, kinds: &[K], how: &str| {
            self.clear_kinds_in(tx, organization, kinds, &subject, how).await
        };
        if !matches!(state, SessionState::Connecting | SessionState::Reconnecting) {
            store::forget_down(tx.conn(), organization, id).await?;
        }
        if session.deleted {
            store::forget_down(tx.conn(), organization, id).await?;
            return self
                .clear_session_in(tx, organization, id, "The session was deleted.")
                .await;
        }
        match state {
            SessionState::Connecting | SessionState::Reconnecting if session.wanted => {
                store::note_down(tx.conn(), organization, id, event.at).await
            }
            SessionState::Connecting | SessionState::Reconnecting => Ok(()),
            SessionState::Connected => {
                let kinds = [K::SessionDown, K::SessionLoggedOut, K::SessionRestricted];
                over(tx, &kinds, "It is connected again.").await
            }
            SessionState::Stopped => {
                let kinds = [
                    K::SessionDown,
                    K::SessionLoggedOut,
                    K::SessionRestricted,
                    K::StalledQueue,
                ];
                over(tx, &kinds, "The session was stopped here.").await?;
                self.clear_sending_in(tx, organization, id).await
            }
            SessionState::Linking => over(tx, &[K::SessionDown], "It waits for a phone.").await,
            SessionState::LoggedOut => {
                over(tx, &[K::SessionDown, K::SessionRestricted], "It was logged out.").await?;
                self.clear_sending_in(tx, organization, id).await?;
                // Who logs a session out here knows it.
                if session.wanted {
                    let new = NewAlert::session_logged_out(named, text("reason")).at(event.at);
                    self.raise_in(tx, new).await?;
                }
                Ok(())
            }
            SessionState::Restricted => {
                over(
                    tx,
                    &[K::SessionDown, K::SessionLoggedOut],
                    "It is connected again.",
                )
                .await?;
                let new = NewAlert::session_restricted(named, text("reason")).at(event.at);
                self.raise_in(tx, new).await.map(drop)
            }
        }
    }

    /// Sessions that have been away for too long.
    pub(super) async fn look_at_downs(&self) -> Result<()> {
        let before = self.shared.now() + -DOWN_MS;
        for down in store::down_before(self.shared.read(), before, LOOK).await? {
            let mut tx = self.shared.begin().await?;
            if store::mark_told(tx.conn(), down.organization, down.session).await? {
                let named = Named {
                    organization: down.organization,
                    session: down.session,
                    name: &down.name,
                };
                self.raise_in(&mut tx, NewAlert::session_down(named, down.reason.as_deref()))
                    .await?;
            }
            tx.commit().await?;
        }
        Ok(())
    }
}

impl Failing {
    fn alert(&self) -> NewAlert {
        let named = Named {
            organization: self.organization,
            session: self.session,
            name: &self.name,
        };
        let reason = self.reason.as_deref();
        let new = match self.pattern {
            failures::Pattern::InARow(count) => NewAlert::failures_in_a_row(named, count, reason),
            failures::Pattern::Among(failed, all) => NewAlert::failures_among(named, failed, all, reason),
        };
        new.at(self.at)
    }
}
