//! "Why is this waiting?": the planner's own answer, for one entry and for a page of them.

use super::{
    Messages,
    outlook::{Seen, play, pooled_at},
    store::{self, outlook::Group, read::Found},
};
use crate::{Ctx, Result, settings::policy::Policy};
use pacing::{Explain, Facts, History, Moment, Rules, Used};
use std::sync::Arc;
use types::{
    OrganizationId, SessionId, Timestamp,
    messages::{Class, MessageState},
    pacing::{Balance, Gate},
    sessions::SessionState,
};

/// Everything about an organization's sending at one moment.
pub struct Picture {
    pub policy: Arc<Policy>,
    pub groups: Arc<Vec<Group>>,
    pub seen: Vec<Seen>,
    pub used: Used,
    pub now: Timestamp,
}

/// What is said of a waiting entry.
#[derive(Default)]
pub struct Said {
    pub gates: Vec<Gate>,
    pub ahead: i64,
    pub leaves_at: Option<Timestamp>,
    pub candidates: Vec<Balance>,
}

impl Messages {
    pub(super) async fn picture(&self, organization: OrganizationId) -> Result<Picture> {
        let policy = self.policy(organization).await?;
        Ok(Picture {
            groups: self.waiting(organization).await?,
            seen: self.seen(organization, &policy).await?,
            used: self.used_today(organization, &policy).await?,
            now: self.shared.now(),
            policy,
        })
    }

    /// All gates of a waiting entry, and when it leaves.
    pub(super) async fn say(&self, ctx: &Ctx, organization: OrganizationId, found: &Found) -> Result<Said> {
        let entry = &found.entry;
        if entry.state != MessageState::Pending {
            return Ok(Said::default());
        }
        let picture = self.picture(organization).await?;
        let before = store::outlook::ahead(
            self.shared.read(),
            organization,
            entry.session,
            found.planned.rank,
            i64::from(entry.queue_id),
        )
        .await?;
        let ahead: i64 = before.iter().map(|(_, count)| count).sum();
        let facts = self.facts(organization, found, &picture).await?;
        let shared = entry.session.is_none() && picture.seen.iter().filter(|seen| seen.can_send).count() > 1;
        let of_session = found.session_state.as_deref().and_then(SessionState::from_name);
        let mine: Vec<&Seen> = picture
            .seen
            .iter()
            .filter(|seen| entry.session.is_none_or(|session| seen.session == session))
            .collect();
        let can_send = mine.iter().any(|seen| seen.can_send);
        // What several sessions may take is explained by the one that opens first, of those that can
        // send and those that may come back at any moment by themselves.
        let mine = if shared || (entry.session.is_none() && can_send) {
            self.there(organization, mine).await?
        } else {
            mine
        };
        let moments = mine.iter().map(|seen| picture.moment(seen));
        let lane = pacing::soonest(moments, &facts).map(|index| mine[index]);
        let (rules, history) = (picture.policy.rules(None), History::default());
        let moment = lane.map_or(
            Moment {
                now: picture.now,
                calendar: &picture.policy.calendar,
                rules: &rules,
                history: &history,
                used: &picture.used,
            },
            |lane| picture.moment(lane),
        );
        let gates = pacing::explain(&Explain {
            moment,
            facts: Facts { can_send, ..facts },
            session_state: of_session.or_else(|| can_send.then_some(SessionState::Connected)),
            session_reason: found.session_reason.as_deref(),
            ahead,
            shared,
        });
        let leaves_at = self
            .leaves_at(organization, found, &picture, &gates, &before, ahead)
            .await?;
        let candidates = if entry.session.is_none() {
            self.balances(ctx, &picture).await?
        } else {
            Vec::new()
        };
        Ok(Said {
            gates,
            ahead,
            leaves_at,
            candidates,
        })
    }

    /// Those that can send, and those that lost their connection for a moment.
    async fn there<'a>(&self, organization: OrganizationId, all: Vec<&'a Seen>) -> Result<Vec<&'a Seen>> {
        let sessions = self.sessions.all_of(organization).await?;
        let comes_back = |seen: &Seen| {
            sessions.iter().any(|session| {
                session.id == seen.session
                    && matches!(
                        session.state,
                        SessionState::Connecting | SessionState::Reconnecting
                    )
            })
        };
        let there = all.into_iter().filter(|seen| seen.can_send || comes_back(seen));
        Ok(there.collect())
    }

    pub(super) async fn facts(
        &self,
        organization: OrganizationId,
        found: &Found,
        picture: &Picture,
    ) -> Result<Facts> {
        let asked = [(&found.entry, found.planned)];
        let known = self.acquainted(organization, picture, &asked).await?;
        Ok(known.facts(picture, &found.entry, found.planned))
    }

    /// `None` while some gate's opening cannot be told; those before it in the queue aside.
    async fn leaves_at(
        &self,
        organization: OrganizationId,
        found: &Found,
        picture: &Picture,
        gates: &[Gate],
        before: &[(i64, i64)],
        ahead: i64,
    ) -> Result<Option<Timestamp>> {
        use types::pacing::GateKind as K;
        let entry = &found.entry;
        let untold = gates
            .iter()
            .any(|gate| gate.opens_at.is_none() && !matches!(gate.gate, K::Turn | K::Order));
        if untold {
            return Ok(None);
        }
        let latest = gates.iter().filter_map(|gate| gate.opens_at).max();
        let mut at = latest.unwrap_or(picture.now);
        if found.planned.rank != store::RUSH {
            let behind = if entry.session.is_none() {
                // Parked itself, it takes its turn again then; before that it is behind nobody.
                if picture.competes(found.planned.rank, ahead) {
                    Some(picture.pooled_at(before, found.planned.rank, found.planned.chars))
                } else {
                    None
                }
            } else if ahead > 0 {
                Some(picture.behind(entry.session, before, found.planned.rank, found.planned.chars))
            } else {
                None
            };
            match behind {
                Some(Some(end)) => at = at.max(end),
                Some(None) => return Ok(None),
                None => {}
            }
        }
        let rules = picture.rules_of(entry.session);
        if rules.gap_ms > 0 && entry.class != Class::Reply && found.planned.rank != store::RUSH {
            let queue_id = i64::from(entry.queue_id);
            let earlier =
                store::claim::earlier_to(self.shared.read(), organization, &entry.recipient, queue_id)
                    .await?;
            if earlier > 0 {
                at = at.max(picture.now) + rules.gap_ms * earlier;
            }
        }
        Ok(Some(at))
    }
}

impl Picture {
    pub fn moment<'a>(&'a self, seen: &'a Seen) -> Moment<'a> {
        Moment {
            now: self.now,
            calendar: &self.policy.calendar,
            rules: &seen.rules,
            history: &seen.history,
            used: &self.used,
        }
    }

    /// Whether something else wants the lanes before an entry of the pool.
    fn competes(&self, rank: i64, ahead: i64) -> bool {
        let own = |group: &Group| {
            group.rank <= rank
                && self
                    .seen
                    .iter()
                    .any(|seen| seen.can_send && Some(seen.session) == group.session)
        };
        ahead > 0 || self.groups.iter().any(own)
    }

    /// What goes before an entry, and the entry itself.
    fn with_those_before(
        &self,
        session: Option<SessionId>,
        before: &[(i64, i64)],
        rank: i64,
        chars: i64,
    ) -> Vec<Group> {
        let before = before.iter().map(|(rank, count)| Group {
            session,
            rank: *rank,
            count: *count,
            chars: self.chars(session, *rank),
        });
        let own = Group {
            session,
            rank,
            count: 1,
            chars,
        };
        before.chain([own]).collect()
    }

    /// When an entry leaves its lane after those before it.
    fn behind(
        &self,
        session: Option<SessionId>,
        before: &[(i64, i64)],
        rank: i64,
        chars: i64,
    ) -> Option<Timestamp> {
        let groups = self.with_those_before(session, before, rank, chars);
        play(&self.policy, &self.seen, &groups, &self.used, self.now)
    }

    /// When an entry leaves the pool after those before it there. What waits for one session alone
    /// and is as urgent takes its share of that session's lane, and of no other.
    fn pooled_at(&self, before: &[(i64, i64)], rank: i64, chars: i64) -> Option<Timestamp> {
        let mut groups = self.with_those_before(None, before, rank, chars);
        let own = self.groups.iter();
        groups.extend(
            own.filter(|group| group.session.is_some() && group.rank <= rank)
                .copied(),
        );
        let same = before.iter().find(|(other, _)| *other == rank);
        pooled_at(
            &self.policy,
            &self.seen,
            &groups,
            rank,
            same.map_or(0, |(_, count)| *count),
            &self.used,
            self.now,
        )
    }

    fn chars(&self, session: Option<SessionId>, rank: i64) -> i64 {
        self.groups
            .iter()
            .find(|group| group.session == session && group.rank == rank)
            .map_or(0, |group| group.chars)
    }

    fn rules_of(&self, session: Option<SessionId>) -> Rules {
        let known = session.or_else(|| {
            self.seen
                .iter()
                .find(|seen| seen.can_send)
                .map(|seen| seen.session)
        });
        self.policy.rules(known)
    }
}
