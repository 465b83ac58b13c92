//! Dispatch: one task per connected session takes what is due off its lane and sends it.

use super::{
    Messages,
    reconcile::SETTLES,
    record::{Back, Lane},
    store,
};
use crate::{Error, Result};
use std::collections::HashMap;
use store::claim::Due;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use transport::{Outgoing, OutgoingMedia, SendOutcome, Transport};
use types::{MediaId, MessageId, OrganizationId, SessionId, Timestamp, media::Media};

/// How many messages are claimed at once when nothing paces them.
const BATCH: i64 = 200;
/// How long a lane rests after a batch that was not full, in milliseconds. What comes meanwhile
/// leaves together, in one claim and one record; alone, each would cost as much as all.
const GATHERS: i64 = 10;
/// How often a message that may be retried is tried, and how long the first pause is.
const ATTEMPTS: i64 = 5;
const FIRST_PAUSE: i64 = 5_000;
/// How long a lane sleeps at most before it looks again by itself.
const LOOK_AGAIN: i64 = 5_000;

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
                Ok(()) => {
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
        let more = match messages.plan_unassigned().await {
            Ok(more) => more,
            Err(error) => {
                tracing::error!(%error, "messages without a session could not be planned");
                false
            }
        };
        tokio::select! {
            () = stop.cancelled() => return,
            () = std::future::ready(()), if more => {}
            () = messages.wake.unassigned.notified() => {}
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
    let wake = messages.wake.lane(lane.session);
    let mut changes = messages.sessions.watch();
    // This lane has nothing on the wire yet: what is marked was left by somebody else.
    messages.recover_lane(lane).await;
    // Uncertain messages are settled before anything newer leaves, so that order is kept.
    messages.reconcile_before(lane, &stop).await;
    let mut settle_at = messages.shared.now() + LOOK_AGAIN;
    while !stop.is_cancelled() {
        changes.borrow_and_update();
        let Some(line) = messages.sessions.line(lane.session) else {
            return;
        };
        let step = match messages.send_due(lane, &line).await {
            Ok(step) => step,
            Err(error) => {
                tracing::error!(%error, session = %lane.session, "a lane could not be sent; trying again");
                // This lane has nothing on the wire now: what is marked was not written down.
                messages.recover_lane(lane).await;
                Step::Wait(messages.shared.now() + 1_000)
            }
        };
        let now = messages.shared.now();
        if matches!(step, Step::Ambiguous) {
            settle_at = settle_at.min(now + SETTLES);
        }
        if settle_at <= now {
            messages.recover_lane(lane).await;
            let left = messages.reconcile(lane, &line).await.unwrap_or_else(|error| {
                tracing::error!(%error, session = %lane.session, "uncertain messages could not be settled");
                1
            });
            settle_at = now + if left > 0 { 500 } else { LOOK_AGAIN };
        }
        let until = match step {
            Step::Wait(until) => until,
            Step::Part => tokio::select! {
                () = stop.cancelled() => return,
                () = messages.shared.clock.sleep(GATHERS) => continue,
            },
            Step::Sent | Step::Ambiguous => continue,
        };
        tokio::select! {
            () = stop.cancelled() => return,
            () = wake.notified() => {}
            changed = changes.changed() => if changed.is_err() { return },
            () = messages.shared.clock.sleep_until(until.min(settle_at)) => {}
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
    async fn send_due(&self, lane: Lane, line: &Transport) -> Result<Step> {
        let (claimed, attachments) = match self.claim(lane).await? {
            Claim::Some(claimed, attachments) => (claimed, attachments),
            Claim::None(until) => return Ok(Step::Wait(until)),
        };
        let outgoing = claimed.iter().map(|due| outgoing(due, &attachments)).collect();
        let outcomes = line.send(outgoing).await;
        for attempt in 0.. {
            match self.record_outcomes(lane, &claimed, &outcomes).await {
                // Nothing may be claimed before this is written down: the marks stand, and what
                // is not recorded would be settled again by its id after a restart.
                Err(Error::Db(error)) if attempt < 20 => {
                    tracing::error!(%error, "what was sent could not be recorded; trying again");
                    self.shared.clock.sleep(250).await;
                }
                recorded => return recorded,
            }
        }
        Ok(Step::Sent)
    }

    async fn claim(&self, lane: Lane) -> Result<Claim> {
        let now = self.shared.now();
        let (next, left) =
            store::claim::next_due(self.shared.read(), lane.organization, lane.session).await?;
        let far = now + LOOK_AGAIN;
        match next {
            None => return Ok(Claim::None(far)),
            Some(next) if next > now => return Ok(Claim::None(next)),
            Some(_) => {}
        }
        let mut tx = self.shared.begin().await?;
        let head = store::claim::head(&mut tx, lane.organization, lane.session, now, BATCH).await?;
        let take = due_now(&head, left, now);
        if take == 0 {
            let until = head.first().map_or(far, |first| {
                pacing::may_leave(first.due_at, left, first.delay_ms, now)
            });
            return Ok(Claim::None(until));
        }
        let claimed: Vec<Due> = head.into_iter().take(take).collect();
        let attachments: Vec<MediaId> = claimed.iter().filter_map(|due| due.media).collect();
        let attachments = match attachments.as_slice() {
            [] => HashMap::new(),
            ids => self.media.many(lane.organization, ids).await?,
        };
        let ids: Vec<MessageId> = claimed.iter().map(|due| due.id).collect();
        store::claim::mark(&mut tx, lane.organization, &ids, now).await?;
        tx.commit().await?;
        Ok(Claim::Some(claimed, attachments))
    }

    /// Writes down what the line answered.
    async fn record_outcomes(&self, lane: Lane, claimed: &[Due], outcomes: &[SendOutcome]) -> Result<Step> {
        let mut tx = self.shared.begin().await?;
        let now = tx.now();
        let mut sent = Vec::new();
        let small = claimed.len() < BATCH as usize;
        let mut step = if small { Step::Part } else { Step::Sent };
        for (due, outcome) in claimed.iter().zip(outcomes) {
            match outcome {
                SendOutcome::Sent => sent.push((due.id, due.recipient.clone(), due.text.clone())),
                SendOutcome::Failed { reason, retry } if *retry && due.attempts + 1 < ATTEMPTS => {
                    let pause = FIRST_PAUSE << due.attempts.clamp(0, 10);
                    self.back_in(
                        &mut tx,
                        lane.organization,
                        &[due.id],
                        Back::Again(now + pause),
                        Some(reason),
                    )
                    .await?;
                }
                SendOutcome::Failed { reason, .. } => {
                    self.failed_in(&mut tx, lane.organization, &[due.id], reason, now)
                        .await?;
                }
                SendOutcome::Held { reason } => {
                    self.back_in(
                        &mut tx,
                        lane.organization,
                        &[due.id],
                        Back::Untouched,
                        Some(reason),
                    )
                    .await?;
                    step = Step::Wait(now + 1_000);
                }
                SendOutcome::Ambiguous { reason } => {
                    self.uncertain_in(&mut tx, lane.organization, &[due.id], reason)
                        .await?;
                    step = Step::Ambiguous;
                }
            }
        }
        self.sent_in(&mut tx, lane, &sent, now).await?;
        if matches!(step, Step::Ambiguous) {
            // It went on the wire, so the next one keeps its gap to it.
            let nothing = store::record::Counted::default();
            store::record::count_session(&mut tx, lane.organization, lane.session, nothing, Some(now));
        }
        tx.commit().await?;
        Ok(step)
    }
}

enum Claim {
    Some(Vec<Due>, HashMap<MediaId, Media>),
    None(Timestamp),
}

/// How many of the lane's head may leave now: the first when its gap is over, more only while
/// none of them keeps a gap to the one before it.
fn due_now(head: &[Due], last_left: Option<Timestamp>, now: Timestamp) -> usize {
    let Some(first) = head.first() else { return 0 };
    if pacing::may_leave(first.due_at, last_left, first.delay_ms, now) > now {
        return 0;
    }
    1 + head[1..].iter().take_while(|due| due.delay_ms == 0).count()
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
