//! Whether a session's messages fail too often: many in a row, or a high share of the newest.

use super::{
    Alerts, Subject,
    store_watch::{self as store, Now, Watched},
    watch::{LOOK, Looks},
};
use crate::Result;
use sqlx::AnyPool;
use std::collections::{HashMap, hash_map::Entry};
use types::{OrganizationId, SessionId, Timestamp, alerts::AlertKind, events::EventType};

/// So many failures with no sent message between them.
const IN_A_ROW: i64 = 5;
/// Or 30 % of so many.
const NEWEST: usize = 20;
const SHARE: i64 = 6;
/// How far back an organization's messages are read for its sessions. A session that is quieter
/// than that is judged by the log alone.
const BACK: i64 = 1_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pattern {
    InARow(i64),
    /// Failed, of all.
    Among(i64, i64),
}

/// A session whose messages fail too often.
pub(super) struct Failing {
    pub organization: OrganizationId,
    pub session: SessionId,
    pub name: String,
    pub pattern: Pattern,
    /// Of the newest failure.
    pub at: Timestamp,
    pub reason: Option<String>,
}

/// Whether these outcomes, newest first, are too bad; `true` is a failure.
fn judge(outcomes: &[bool]) -> Option<Pattern> {
    let row = outcomes.iter().take_while(|failed| **failed).count() as i64;
    if row >= IN_A_ROW {
        return Some(Pattern::InARow(row));
    }
    let newest = outcomes.get(..NEWEST)?;
    let failed = newest.iter().filter(|failed| **failed).count() as i64;
    (failed >= SHARE).then_some(Pattern::Among(failed, NEWEST as i64))
}

/// What became of the newest messages of an organization's sessions.
struct Outcomes {
    by_session: HashMap<SessionId, Vec<bool>>,
    /// There are older messages which were not read.
    cut: bool,
}

impl Outcomes {
    async fn read(pool: &AnyPool, organization: OrganizationId) -> Result<Self> {
        let (all, cut) = store::outcomes(pool, organization, BACK).await?;
        let mut by_session: HashMap<SessionId, Vec<bool>> = HashMap::new();
        for (session, failed) in all {
            let outcomes = by_session.entry(session).or_default();
            if outcomes.len() < NEWEST {
                outcomes.push(failed);
            }
        }
        Ok(Self { by_session, cut })
    }

    async fn judge(
        &self,
        pool: &AnyPool,
        session: SessionId,
        last_left_at: Option<Timestamp>,
    ) -> Result<Option<Pattern>> {
        let outcomes = self.by_session.get(&session).map_or(&[][..], Vec::as_slice);
        if outcomes.len() >= NEWEST || !self.cut {
            return Ok(judge(outcomes));
        }
        let row = store::failed_since(pool, session, last_left_at).await?;
        Ok((row >= IN_A_ROW).then_some(Pattern::InARow(row)))
    }
}

/// Each organization's messages are read once in a step.
#[derive(Default)]
struct Read(HashMap<OrganizationId, Outcomes>);

impl Read {
    async fn of(&mut self, pool: &AnyPool, organization: OrganizationId) -> Result<&Outcomes> {
        Ok(match self.0.entry(organization) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(Outcomes::read(pool, organization).await?),
        })
    }
}

/// The sessions of these events whose messages fail too often now.
pub(super) async fn among(
    pool: &AnyPool,
    events: &[Watched],
    now: &HashMap<SessionId, Now>,
) -> Result<Vec<Failing>> {
    let mut newest: HashMap<SessionId, &Watched> = HashMap::new();
    for event in events
        .iter()
        .filter(|event| event.kind == EventType::MessageFailed)
    {
        newest.insert(event.session, event);
    }
    let mut read = Read::default();
    let mut failing = Vec::new();
    for (id, event) in newest {
        let Some(session) = now.get(&id).filter(|session| !session.deleted) else {
            continue;
        };
        let outcomes = read.of(pool, event.organization).await?;
        if let Some(pattern) = outcomes.judge(pool, id, session.last_left_at).await? {
            failing.push(Failing {
                organization: event.organization,
                session: id,
                name: session.name.clone(),
                pattern,
                at: event.at,
                reason: event
                    .data
                    .get("error")
                    .and_then(serde_json::Value::as_str)
                    .map(str::to_owned),
            });
        }
    }
    // In one order everywhere, so that two transactions never wait for each other.
    failing.sort_by_key(|one| one.session);
    Ok(failing)
}

impl Alerts {
    /// A message that was sent ends the alert, unless too many of the newest failed still. That
    /// most messages are sent is no news, so no event is read for it: few alerts stand.
    pub(super) async fn look_at_failures(&self, looks: &mut Looks) -> Result<()> {
        let pool = self.shared.read();
        let standing = store::standing(pool, AlertKind::Failures, looks.failures, LOOK).await?;
        looks.failures = (standing.len() as i64 == LOOK)
            .then(|| standing.last().map(|alert| alert.0))
            .flatten();
        let ids: Vec<SessionId> = standing.iter().map(|alert| alert.2).collect();
        let now = store::sessions(pool, &ids).await?;
        let mut read = Read::default();
        for (_, organization, id, seen_at) in standing {
            let left_at = now.get(&id).and_then(|session| session.last_left_at);
            // A batch is written down with one moment for all, so the same one may be later.
            if left_at.is_none_or(|at| at < seen_at) {
                continue;
            }
            let outcomes = read.of(pool, organization).await?;
            if outcomes.judge(pool, id, left_at).await?.is_none() {
                let mut tx = self.shared.begin().await?;
                self.clear_in(&mut tx, organization, AlertKind::Failures, &Subject::session(id))
                    .await?;
                tx.commit().await?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Oldest first: `f` failed, `s` was sent.
    fn outcomes(text: &str) -> Vec<bool> {
        text.chars().rev().map(|c| c == 'f').collect()
    }

    #[test]
    fn many_in_a_row_are_too_many() {
        assert_eq!(judge(&outcomes("ffff")), None);
        assert_eq!(judge(&outcomes("fffff")), Some(Pattern::InARow(5)));
        assert_eq!(judge(&outcomes("fffffs")), None, "a sent one ends it");
        assert_eq!(judge(&outcomes("ssfffffff")), Some(Pattern::InARow(7)));
    }

    #[test]
    fn a_high_share_of_twenty_is_too_high() {
        let low = "sffsssffssssfsssssss";
        assert_eq!((low.len(), judge(&outcomes(low))), (20, None));
        let high = "sffsssffssssfssssssf";
        assert_eq!(judge(&outcomes(high)), Some(Pattern::Among(6, 20)));
        assert_eq!(judge(&outcomes(&high[1..])), None, "not yet twenty");
        assert_eq!(judge(&outcomes(&format!("{}{low}", "f".repeat(9)))), None);
    }
}
