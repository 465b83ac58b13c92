//! What the line answered to a batch: counted against the limits and written down.

use super::{
    Messages,
    claim::Claimed,
    lanes::State,
    record::{Back, Lane},
    store::{self, record::CountedDay},
};
use crate::{Result, Tx, time};
use std::collections::BTreeMap;
use transport::SendOutcome;
use types::{MessageId, OrganizationId, SessionId, Timestamp};

/// How often a message that may be retried is tried, and how long the first pause is; each next
/// one is twice as long.
pub const ATTEMPTS: i64 = 5;
const FIRST_PAUSE: i64 = 5_000;
/// How long a lane waits when WhatsApp did not say how long.
const HOLDS: i64 = 60_000;

/// How a lane goes on after a batch.
pub enum Then {
    GoOn,
    /// Something became uncertain: settle it soon.
    Settle,
    Wait(Timestamp),
}

/// Whether a message went on the wire, and so counts.
const fn counts(outcome: &SendOutcome) -> bool {
    !matches!(
        outcome,
        SendOutcome::Held { .. } | SendOutcome::Limited { .. } | SendOutcome::ColdLimited { .. }
    )
}

impl Messages {
    /// What the lane itself must remember, before anything is written down.
    pub(super) fn take_note(
        &self,
        lane: Lane,
        state: &mut State,
        claimed: &[Claimed],
        outcomes: &[SendOutcome],
    ) -> Then {
        let now = self.shared.now();
        let mut then = Then::GoOn;
        let mut used = self.lanes.used(lane.organization);
        for (one, outcome) in claimed.iter().zip(outcomes) {
            if !counts(outcome) {
                state.history.take_back(one.departure);
                used.take_back(one.departure);
            }
            if counts(outcome) {
                state.hear_text(one);
            }
            match outcome {
                SendOutcome::Sent => state.outcomes.add(true),
                SendOutcome::Failed { .. } => state.outcomes.add(false),
                SendOutcome::Ambiguous { .. } => then = Then::Settle,
                SendOutcome::Held { .. } => then = Then::Wait(now + 1_000),
                SendOutcome::Limited { until, reason } => {
                    state.heard.slowed = Some(reason.clone());
                    let until = until.unwrap_or(now + HOLDS).max(now + 1);
                    state.history.held_until = state.history.held_until.max(Some(until));
                    then = Then::Wait(until);
                }
                SendOutcome::ColdLimited { until, reason } => {
                    state.heard.cold = Some(reason.clone());
                    let until = until.unwrap_or(state.history.day().end).max(now + 1);
                    state.history.cold_until = state.history.cold_until.max(Some(until));
                }
            }
        }
        self.lanes.set_used(lane.organization, used);
        then
    }

    /// Writes down what the line answered.
    pub(super) async fn record_outcomes(
        &self,
        lane: Lane,
        state: &State,
        claimed: &[Claimed],
        outcomes: &[SendOutcome],
    ) -> Result<()> {
        let organization = lane.organization;
        let mut tx = self.shared.begin().await?;
        let now = tx.now();
        let mut sent = Vec::new();
        let mut failed: BTreeMap<&str, Vec<MessageId>> = BTreeMap::new();
        for (one, outcome) in claimed.iter().zip(outcomes) {
            let due = &one.due;
            match outcome {
                SendOutcome::Sent => sent.push((due.id, due.recipient.clone(), due.text.clone())),
                SendOutcome::Failed { reason, retry } if *retry && due.attempts + 1 < ATTEMPTS => {
                    let pause = FIRST_PAUSE << due.attempts.clamp(0, 10);
                    let how = Back::Again(now + pause);
                    self.back_in(&mut tx, lane, &[due.id], how, Some(reason)).await?;
                }
                SendOutcome::Failed { reason, .. } => failed.entry(reason).or_default().push(due.id),
                SendOutcome::Held { reason }
                | SendOutcome::Limited { reason, .. }
                | SendOutcome::ColdLimited { reason, .. } => {
                    self.back_in(&mut tx, lane, &[due.id], Back::Untouched, Some(reason))
                        .await?;
                }
                SendOutcome::Ambiguous { reason } => {
                    self.uncertain_in(&mut tx, organization, &[due.id], reason)
                        .await?;
                }
            }
        }
        for (reason, ids) in failed {
            for ids in ids.chunks(500) {
                self.failed_in(&mut tx, organization, ids, reason, now).await?;
            }
        }
        let spent = spent(claimed, outcomes);
        let past = store::record::Past {
            in_row: state.history.in_row,
            paused_until: state.history.paused_until,
            outcomes: state.outcomes.text().to_owned(),
        };
        let changed = self
            .sent_in(&mut tx, lane, &sent, now, Some((&past, spent)))
            .await?;
        // Nothing was sent, or receipts came before the answer and said so already, without knowing
        // what it counts for.
        if changed.is_empty() {
            // Whatever went on the wire keeps the next one's gap to it.
            let left = (spent.used > 0 || outcomes.iter().any(counts)).then_some(now);
            let nothing = store::record::Counted::default();
            store::record::count_session(&mut tx, organization, lane.session, nothing, left, Some(&past));
            let day = time::day_of(&state.policy.zone, now);
            store::record::count_day(&mut tx, organization, Some(lane.session), &day, spent);
        }
        self.hold_in(&mut tx, lane, state, claimed, outcomes, now).await?;
        tx.commit().await
    }

    /// WhatsApp's requests to wait, and what was reserved of the organization's day for messages
    /// that did not go on the wire.
    async fn hold_in(
        &self,
        tx: &mut Tx,
        lane: Lane,
        state: &State,
        claimed: &[Claimed],
        outcomes: &[SendOutcome],
        now: Timestamp,
    ) -> Result<()> {
        let asked = |outcome: &SendOutcome| {
            matches!(
                outcome,
                SendOutcome::Limited { .. } | SendOutcome::ColdLimited { .. }
            )
        };
        if outcomes.iter().any(asked) {
            store::lane::hold_session(tx, lane, state.history.held_until, state.history.cold_until).await?;
        }
        let back = claimed
            .iter()
            .zip(outcomes)
            .filter(|(one, outcome)| !counts(outcome) && !one.departure.counted)
            .count() as i64;
        if back > 0 && state.rules.organization_daily.is_some() {
            // Of the day it was taken from, also when midnight has passed since.
            let taken_at = claimed.first().map_or(now, |one| one.departure.at);
            let day = time::day_of(&state.policy.zone, taken_at);
            store::lane::give_back_day(tx, lane.organization, &day, back);
        }
        Ok(())
    }

    /// What was on the wire when the server broke off was not counted yet.
    pub(super) async fn count_unrecorded_in(
        &self,
        tx: &mut Tx,
        organization: OrganizationId,
        ids: &[MessageId],
    ) -> Result<()> {
        let now = tx.now();
        let mut by_day: BTreeMap<(SessionId, i64), (CountedDay, Timestamp)> = BTreeMap::new();
        for row in store::record::unrecorded(tx, organization, ids).await? {
            let at = row.wire_at.min(now);
            // Every quarter of an hour lies within one day in every zone.
            let (count, last) = by_day
                .entry((row.session, at.0.div_euclid(900_000)))
                .or_insert((CountedDay::default(), at));
            *last = (*last).max(at);
            if row.attempts <= 1 {
                count.used += 1;
                count.cold += i64::from(!row.wrote);
            }
        }
        for ((session, _), (count, last)) in by_day {
            let day = self.day_of(tx, organization, last).await?;
            store::record::count_day(tx, organization, Some(session), &day, count);
            let nothing = store::record::Counted::default();
            store::record::count_session(tx, organization, session, nothing, Some(last), None);
        }
        Ok(())
    }
}

/// What a batch has used of the day's limits.
fn spent(claimed: &[Claimed], outcomes: &[SendOutcome]) -> CountedDay {
    let mut spent = CountedDay::default();
    for (one, outcome) in claimed.iter().zip(outcomes) {
        if counts(outcome) && !one.departure.counted {
            spent.used += 1;
            spent.cold += i64::from(one.departure.cold);
        }
    }
    spent
}
