//! Who steps aside at a claim, so that the lane goes on: until a moment, or for another lane.

use super::{
    Messages,
    claim::{LONG, LOOK_AGAIN},
    lanes::{State, View},
    record::Lane,
    store::{self, claim::Due},
};
use crate::{Result, Tx};
use pacing::{Head, Moment, Taken, Used};
use std::collections::{HashMap, HashSet};
use types::{MessageId, Timestamp};

/// Heads of the pool that are left to other lanes.
#[derive(Default)]
pub struct Passed {
    pub heads: HashSet<usize>,
    /// Those that only happen to lie in this lane, and that others may send long before it.
    pub back: Vec<MessageId>,
    /// When this lane may take the first of them.
    pub until: Option<Timestamp>,
}

impl Messages {
    /// What any session may take is not parked because this one may not: it is left to the others
    /// that may, and steps aside only until the first of all of them may.
    #[expect(clippy::too_many_arguments, reason = "everything that was just decided on")]
    pub(super) fn pass_on(
        &self,
        lane: Lane,
        state: &State,
        used: &Used,
        heads: &[Due],
        decided: &[Head],
        taken: &mut Taken,
        now: Timestamp,
    ) -> Passed {
        let mut passed = Passed::default();
        taken.park.retain_mut(|(index, until)| {
            let due = &heads[*index];
            let shortly = until.is_some_and(|until| until - now <= LONG);
            if due.named || (!due.pooled && (shortly || due.attempts > 0)) {
                return true;
            }
            let facts = &decided[*index].facts;
            let others = self.lanes.others(lane, |view| {
                pacing::own_opening(&moment_of(state, view, used, now), facts)
            });
            match others {
                Some(at) if at <= now && !due.pooled => {
                    passed.back.push(due.id);
                    false
                }
                Some(at) if at <= now => {
                    // Asked again when this lane may, or soon: the other one may be full, too.
                    let again = until.unwrap_or(now + LOOK_AGAIN).max(now + 1);
                    passed.until = Some(passed.until.map_or(again, |before| before.min(again)));
                    passed.heads.insert(*index);
                    false
                }
                Some(at) if due.pooled => {
                    *until = Some(until.map_or(at, |own| own.min(at)));
                    true
                }
                _ => true,
            }
        });
        passed
    }
}

/// Another lane of the same organization.
pub fn moment_of<'a>(state: &'a State, view: &'a View, used: &'a Used, now: Timestamp) -> Moment<'a> {
    Moment {
        now,
        calendar: &state.policy.calendar,
        rules: &view.rules,
        history: &view.history,
        used,
    }
}

/// Writes down who steps aside; answers the first moment that lets one of them take its turn again.
pub async fn park(
    tx: &mut Tx,
    lane: Lane,
    heads: &[Due],
    taken: &Taken,
    now: Timestamp,
) -> Result<Option<Timestamp>> {
    let mut by_time: HashMap<i64, Vec<MessageId>> = HashMap::new();
    for (index, until) in &taken.park {
        let until = until.map_or(store::UNTIL_TOLD, |at| at.max(now + 1).0);
        by_time.entry(until).or_default().push(heads[*index].id);
    }
    for (until, ids) in &by_time {
        store::lane::park(tx, lane.organization, ids, *until).await?;
    }
    Ok(by_time
        .into_keys()
        .filter(|until| *until < store::UNTIL_TOLD)
        .min()
        .map(Timestamp))
}
