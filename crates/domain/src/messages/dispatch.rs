//! Dispatch: one task per connected session takes what may leave off its lane and sends it.

use super::{
    Messages,
    claim::{BATCH, Claim, LOOK_AGAIN},
    lanes::State,
    outcome::Then,
    reconcile::SETTLES,
    record::Lane,
    store,
};
use crate::{Error, Result};
use std::collections::HashMap;
use store::claim::Due;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use transport::{Outgoing, OutgoingMedia, Transport};
use types::{MediaId, MessageId, OrganizationId, SessionId, Timestamp, media::Media};

/// How long a lane rests after a batch that was not full, in milliseconds. What comes meanwhile
/// leaves together, in one claim and one record; alone, each would cost as much as all.
const GATHERS: i64 = 10;

/// Recovers what the last run left, then keeps a task per connected session.
pub async fn supervise(messages: Messages, tasks: TaskTracker, stop: CancellationToken) {
    while let Err(error) = messages.recover(None).await {
        tracing::error!(%error, "what was on the wire could not be read; trying again");
        if stop
            .run_until_cancelled(messages.shared.clock.sleep(1_000))
            .await
            .is_none()
        {
            return;
        }
    }
    let mut changes = messages.sessions.watch();
    let mut running: HashMap<SessionId, tokio::task::JoinHandle<()>> = HashMap::new();
    // Sessions are deleted seldom, while messages without one may come by the thousand.
    let mut changed = true;
    let mut look_at_deleted = messages.shared.now();
    loop {
        changed |= changes.has_changed().unwrap_or(true);
        changes.borrow_and_update();
        running.retain(|_, task| !task.is_finished());
        for (organization, session) in messages.sessions.connected() {
            running.entry(session).or_insert_with(|| {
                let lane = Lane {
                    organization,
                    session,
                };
                tasks.spawn(run_lane(messages.clone(), lane, stop.clone()))
            });
        }
        if changed || messages.shared.now() >= look_at_deleted {
            let pause = match messages.take_from_deleted().await {
                // The rest at once, but not before lanes were begun and stops were heard.
                Ok(true) => 0,
                Ok(false) => {
                    changed = false;
                    LOOK_AGAIN
                }
                Err(error) => {
                    tracing::error!(%error, "messages of deleted sessions could not be taken over");
                    1_000
                }
            };
            look_at_deleted = messages.shared.now() + pause;
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = messages.wake.deleted.notified() => changed = true,
            seen = changes.changed() => {
                if seen.is_err() {
                    return;
                }
                changed = true;
            }
            () = messages.shared.clock.sleep_until(look_at_deleted) => {}
        }
    }
}

/// Sends for one session until it is no longer connected or the server stops. What was claimed
/// is sent and recorded before it ends.
async fn run_lane(messages: Messages, lane: Lane, stop: CancellationToken) {
    messages.work_lane(lane, &stop).await;
    messages.lanes.forget(lane.session);
    // What does not insist on this session need not wait for it.
    if !stop.is_cancelled()
        && let Err(error) = messages.release_lane(lane).await
    {
        tracing::error!(%error, session = %lane.session, "a lane that ended could not be shared out");
    }
}

impl Messages {
    async fn work_lane(&self, lane: Lane, stop: &CancellationToken) {
        let wake = self.wake.lane(lane.organization, lane.session);
        let mut changes = self.sessions.watch();
        let mut settings = self.settings.watch(lane.organization);
        // This lane has nothing on the wire yet: what is marked was left by somebody else.
        self.recover_lane(lane).await;
        // Uncertain messages are settled before anything newer leaves, so that order is kept.
        self.reconcile_before(lane, stop).await;
        let Some(mut state) = self.begin_lane(lane, stop).await else {
            return;
        };
        let mut settle_at = self.shared.now() + LOOK_AGAIN;
        while !stop.is_cancelled() {
            changes.borrow_and_update();
            settings.borrow_and_update();
            let Some(line) = self.sessions.line(lane.session) else {
                return;
            };
            self.lanes.wakes(lane.session);
            let step = match self.send_due(lane, &mut state, &line).await {
                Ok(step) => step,
                Err(error) => {
                    tracing::error!(%error, session = %lane.session, "a lane could not be sent; trying again");
                    // This lane has nothing on the wire now: what is marked was not written down.
                    self.recover_lane(lane).await;
                    Step::Wait(self.shared.now() + 1_000)
                }
            };
            let now = self.shared.now();
            if matches!(step, Step::Ambiguous) {
                settle_at = settle_at.min(now + SETTLES);
            }
            if settle_at <= now || settle_at > now + LOOK_AGAIN {
                self.recover_lane(lane).await;
                let left = self.reconcile(lane, &line).await.unwrap_or_else(|error| {
                    tracing::error!(%error, session = %lane.session, "uncertain messages could not be settled");
                    1
                });
                settle_at = now + if left > 0 { 500 } else { LOOK_AGAIN };
            }
            let until = match step {
                Step::Wait(until) => until,
                Step::Part => {
                    self.lanes.sleeps(lane.session, now + GATHERS);
                    tokio::select! {
                        () = stop.cancelled() => return,
                        () = self.shared.clock.sleep_until(now + GATHERS) => continue,
                    }
                }
                Step::Sent | Step::Ambiguous => continue,
            };
            let until = until.min(settle_at);
            self.lanes.sleeps(lane.session, until);
            tokio::select! {
                () = stop.cancelled() => return,
                () = wake.notified() => {}
                changed = changes.changed() => if changed.is_err() { return },
                _ = settings.changed() => {}
                () = self.shared.clock.sleep_until(until) => {}
            }
        }
    }

    /// Reads what the lane must know; tries again until it can.
    async fn begin_lane(&self, lane: Lane, stop: &CancellationToken) -> Option<State> {
        loop {
            match self.load_state(lane).await {
                Ok(state) => return state,
                Err(error) => {
                    tracing::error!(%error, session = %lane.session, "a lane could not be read; trying again");
                }
            }
            stop.run_until_cancelled(self.shared.clock.sleep(1_000)).await?;
        }
    }
}

enum Step {
    /// Look again at once.
    Sent,
    /// The same after a batch that was not full: let the next one gather.
    Part,
    /// Look again at once, and settle what became uncertain soon.
    Ambiguous,
    Wait(Timestamp),
}

impl Messages {
    /// Marked and not recorded: nobody knows whether it arrived.
    async fn recover(&self, only: Option<SessionId>) -> Result<()> {
        let mut by_organization: HashMap<OrganizationId, Vec<MessageId>> = HashMap::new();
        for (organization, id) in store::record::on_the_wire(self.shared.read(), only).await? {
            by_organization.entry(organization).or_default().push(id);
        }
        for (organization, ids) in by_organization {
            let mut tx = self.shared.begin().await?;
            for ids in ids.chunks(500) {
                let why =
                    "The server broke off while this message was on the wire. It is being settled by its id.";
                // They went on the wire, as far as anybody knows: they count.
                self.count_unrecorded_in(&mut tx, organization, ids).await?;
                self.uncertain_in(&mut tx, organization, ids, why).await?;
            }
            tx.commit().await?;
            tracing::info!(count = ids.len(), %organization, "messages were on the wire when the server broke off");
        }
        Ok(())
    }

    /// Between two batches nothing of a lane is on the wire: what is marked was not written down.
    async fn recover_lane(&self, lane: Lane) {
        if let Err(error) = self.recover(Some(lane.session)).await {
            tracing::error!(%error, session = %lane.session, "what was marked could not be read");
        }
    }

    /// Claims, sends and records one batch, or says when to look again.
    async fn send_due(&self, lane: Lane, state: &mut State, line: &Transport) -> Result<Step> {
        let (claimed, attachments) = match self.claim(lane, state).await {
            Ok(Claim::Some(claimed, attachments)) => (claimed, attachments),
            Ok(Claim::Again) => return Ok(Step::Sent),
            Ok(Claim::None(until)) => return Ok(Step::Wait(until)),
            // Two lanes reached for the same rows; the database let the other one have them.
            Err(Error::Db(error)) if error.is_retryable() => {
                return Ok(Step::Wait(self.shared.now() + 5));
            }
            Err(error) => return Err(error),
        };
        let outgoing: Vec<Outgoing> = claimed
            .iter()
            .map(|one| outgoing(&one.due, &attachments))
            .collect();
        let outcomes = line.send(outgoing).await;
        let then = self.take_note(lane, state, &claimed, &outcomes);
        for attempt in 0.. {
            match self.record_outcomes(lane, state, &claimed, &outcomes).await {
                // Nothing may be claimed before this is written down: the marks stand, and what
                // is not recorded would be settled again by its id after a restart.
                Err(Error::Db(error)) if attempt < 20 => {
                    tracing::error!(%error, "what was sent could not be recorded; trying again");
                    self.shared.clock.sleep(250).await;
                }
                recorded => {
                    recorded?;
                    break;
                }
            }
        }
        self.publish(
            lane,
            state,
            &self.lanes.used(lane.organization),
            self.shared.now(),
        );
        Ok(match then {
            Then::Wait(until) => Step::Wait(until),
            Then::Settle => Step::Ambiguous,
            Then::GoOn if claimed.len() < BATCH as usize => Step::Part,
            Then::GoOn => Step::Sent,
        })
    }
}

fn outgoing(due: &Due, media: &HashMap<MediaId, Media>) -> Outgoing {
    Outgoing {
        message_id: wire_id(due.id),
        to: due.recipient.clone(),
        text: due.text.clone(),
        media: due
            .media
            .and_then(|id| media.get(&id))
            .map(|media| OutgoingMedia {
                id: media.id,
                kind: due.media_kind.unwrap_or(media.kind),
                mime: media.mime.clone(),
                filename: media.filename.clone(),
            }),
    }
}

/// WhatsApp's id of an outgoing message is its own id in the spelling WhatsApp's clients use:
/// chosen before the wire, the same at every attempt, and found again without a column.
pub fn wire_id(id: MessageId) -> String {
    id.key().to_ascii_uppercase()
}

pub fn from_wire_id(text: &str) -> Option<MessageId> {
    (text.len() == 32)
        .then(|| MessageId::from_key(text).ok())
        .flatten()
}
