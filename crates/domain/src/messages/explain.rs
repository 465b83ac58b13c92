//! "Why is this waiting?": the planner's own answer, for one entry and for a page of them.

use super::{
    Messages,
    lanes::text_mark,
    outlook::{Seen, lanes, play},
    store::{self, outlook::Group, read::Found},
};
use crate::{
    Ctx, Result,
    settings::{self, policy::Policy},
};
use pacing::{Explain, Facts, History, Moment, Rules, Used};
use std::{collections::BTreeMap, sync::Arc};
use types::{
    OrganizationId, SessionId, Timestamp,
    messages::{Class, MessageState, QueueEntry},
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
            found.rank,
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
        // What several sessions may take is explained by the one that opens first, connected or not:
        // it may come back at any moment.
        let moments = mine.iter().map(|seen| picture.moment(seen));
        let lane = pacing::soonest(moments, &facts).map(|index| mine[index]);
        let can_send = mine.iter().any(|seen| seen.can_send);
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

    pub(super) async fn facts(
        &self,
        organization: OrganizationId,
        found: &Found,
        picture: &Picture,
    ) -> Result<Facts> {
        let pool = self.shared.read();
        let entry = &found.entry;
        let jid = entry.recipient.jid();
        let known = store::lane::known(pool, organization, std::slice::from_ref(&jid)).await?;
        let wire = store::lane::on_wire(pool, organization).await?;
        let opted_out = picture.policy.has_opt_outs && {
            let mut conn = pool.acquire().await?;
            let out = settings::opted_out(&mut conn, organization, std::slice::from_ref(&jid)).await?;
            !out.is_empty()
        };
        let on_wire = wire.iter().filter(|(to, ..)| *to == jid);
        Ok(Facts {
            chars: found.chars,
            text: text_mark(entry.text.as_deref()),
            rush: found.rank == store::RUSH,
            counted: found.counted,
            suspended: picture.policy.suspended,
            allowed: picture.policy.allow_list.allows(&jid),
            opted_out,
            fetching_media: found.held == 1,
            again_at: (found.held == 2).then_some(Timestamp(found.parked_until)),
            earlier: store::read::earlier_held(pool, organization, entry, picture.now).await?
                || on_wire.clone().any(|(_, _, _, now)| *now),
            recipient_left_at: known
                .iter()
                .filter_map(|known| known.left_at)
                // What is on the wire just now may still be taken back.
                .chain(on_wire.filter(|(_, _, _, now)| !now).map(|(_, _, at, _)| *at))
                .max(),
            warm: known.iter().any(|known| known.wrote),
            ..Facts::new(entry.class, entry.created_at, found.chance)
        })
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
        if (ahead > 0 || entry.session.is_none()) && found.rank != store::RUSH {
            let mut groups: Vec<Group> = before
                .iter()
                .map(|(rank, count)| Group {
                    session: entry.session,
                    rank: *rank,
                    count: *count,
                    chars: picture.chars(entry.session, *rank),
                })
                .collect();
            groups.push(Group {
                session: entry.session,
                rank: found.rank,
                count: 1,
                chars: found.chars,
            });
            // Those that wait for one lane share it with what is more urgent in the pool, and the
            // pool shares the lanes with what is more urgent there.
            if entry.session.is_none() {
                let urgent = picture
                    .groups
                    .iter()
                    .filter(|group| group.session.is_some() && group.rank <= found.rank);
                groups.extend(urgent.copied());
            }
            match play(
                &picture.policy,
                &picture.seen,
                &groups,
                None,
                &picture.used,
                picture.now,
            ) {
                Some(end) => at = at.max(end),
                None => return Ok(None),
            }
        }
        let rules = picture.rules_of(entry.session);
        if rules.gap_ms > 0 && entry.class != Class::Reply && found.rank != store::RUSH {
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

    /// When the entries of a page leave, by expectation; those that are parked, and those far down a
    /// long queue, are told when they are asked about alone.
    pub(super) async fn foretell(
        &self,
        organization: OrganizationId,
        entries: &mut [QueueEntry],
    ) -> Result<()> {
        /// As far as it is played for a page.
        const FAR: usize = 5_000;
        let waiting = |entry: &&mut QueueEntry| entry.state == MessageState::Pending;
        let Some(first) = entries.iter_mut().find(waiting).map(|entry| entry.queue_id) else {
            return Ok(());
        };
        let picture = self.picture(organization).await?;
        let rules: Vec<Rules> = picture.seen.iter().map(|seen| seen.rules.clone()).collect();
        let (lanes, pool) = lanes(&picture.seen, &rules, &picture.groups);
        let left = pacing::departures(
            &picture.policy.calendar,
            picture.now,
            picture.used,
            lanes,
            pool,
            FAR,
        );
        // The place of each entry among those of its lane and class.
        let mut places: BTreeMap<(Option<SessionId>, i64), usize> = BTreeMap::new();
        for entry in entries.iter_mut().filter(waiting) {
            let rank = store::rank(entry.class);
            let key = (entry.session, rank);
            let place = if let Some(place) = places.get_mut(&key) {
                *place += 1;
                *place
            } else {
                let before = store::outlook::ahead(
                    self.shared.read(),
                    organization,
                    entry.session,
                    rank,
                    i64::from(first),
                )
                .await?;
                let same = before
                    .iter()
                    .find(|(other, _)| *other == rank)
                    .map_or(0, |(_, count)| *count as usize);
                places.insert(key, same);
                same
            };
            entry.leaves_at = left
                .iter()
                .filter(|left| left.class == entry.class)
                .filter(|left| match entry.session {
                    Some(session) => !left.pooled && picture.seen[left.lane].session == session,
                    None => left.pooled,
                })
                .nth(place)
                .map(|left| left.at);
        }
        Ok(())
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
