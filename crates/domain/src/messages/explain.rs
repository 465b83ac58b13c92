//! "Why is this waiting?", the lanes, the balancer and "what if": the planner's own answers, asked
//! by people.

use super::{
    Messages,
    lanes::{inputs, text_mark},
    outlook::{Seen, lanes, play},
    store::{self, outlook::Group, read::Found},
};
use crate::{
    Ctx, Result,
    settings::{self, policy::Policy},
};
use pacing::{Explain, Facts, History, Moment, Rules, Used, balance};
use std::{collections::BTreeMap, sync::Arc};
use types::{
    AppError, OrganizationId, Permission, SessionId, Timestamp,
    messages::{Class, Lanes, MessageState, QueueEntry, WhatIf},
    pacing::{Balance, Gate, LaneStatus, Limit, LimitValue, Limits},
    sessions::{Session, SessionState},
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
            .filter(|seen| match entry.session {
                Some(session) => seen.session == session,
                None => seen.can_send,
            })
            .collect();
        let lane = mine.iter().copied().min_by_key(|seen| {
            let facts = Facts {
                can_send: seen.can_send,
                ..facts
            };
            pacing::opening(&picture.moment(seen), &facts).map_or(i64::MAX, Timestamp::millis)
        });
        let can_send = lane.is_some_and(|lane| lane.can_send);
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

    async fn facts(&self, organization: OrganizationId, found: &Found, picture: &Picture) -> Result<Facts> {
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
            counted: entry.attempts > 0,
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
                .chain(on_wire.map(|(_, _, at, _)| *at))
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
        if ahead > 0 && found.rank != store::RUSH {
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

    /// Every session's lane: what it has used, what holds it, what is next.
    pub async fn lanes(&self, ctx: &Ctx) -> Result<Lanes> {
        let organization = ctx.require(Permission::QueueView)?;
        let picture = self.picture(organization).await?;
        let sessions = self.sessions.all_of(organization).await?;
        let rules: Vec<Rules> = picture.seen.iter().map(|seen| seen.rules.clone()).collect();
        let (of_lanes, pool) = lanes(&picture.seen, &rules, &picture.groups);
        let ends = pacing::forecast(
            &picture.policy.calendar,
            picture.now,
            picture.used,
            of_lanes,
            pool,
        );
        let mut all = Vec::new();
        for (index, seen) in picture.seen.iter().enumerate() {
            if ctx.session.is_some_and(|own| own != seen.session) {
                continue;
            }
            let Some(session) = sessions.iter().find(|session| session.id == seen.session) else {
                continue;
            };
            let ends_at = ends.lanes.get(index).copied().flatten();
            all.push(
                self.lane_status(organization, &picture, seen, session, ends_at)
                    .await?,
            );
        }
        let pool = |group: &&Group| group.session.is_none();
        Ok(Lanes {
            lanes: all,
            pool: picture.groups.iter().filter(pool).map(|group| group.count).sum(),
            ends_at: ends.at.filter(|_| !picture.groups.is_empty()),
            used_today: picture.used.today,
            organization_limit: picture.policy.rules(None).organization_daily,
            as_of: picture.now,
        })
    }

    async fn lane_status(
        &self,
        organization: OrganizationId,
        picture: &Picture,
        seen: &Seen,
        session: &Session,
        ends_at: Option<Timestamp>,
    ) -> Result<LaneStatus> {
        let moment = picture.moment(seen);
        let next = store::outlook::next(self.shared.read(), organization, seen.session).await?;
        let mut next_at = None;
        if let Some((id, _)) = next
            && seen.can_send
            && let Some(found) = store::read::find(self.shared.read(), organization, Some(id), None).await?
        {
            let facts = self.facts(organization, &found, picture).await?;
            next_at = pacing::opening(&moment, &facts);
        }
        let cap = seen.rules.daily_cap(seen.history.warm_up_day());
        let mine = |group: &&Group| group.session == Some(seen.session);
        Ok(LaneStatus {
            session: seen.session,
            name: session.name.clone(),
            number: session.number.clone(),
            state: session.state,
            reason: session.reason.clone(),
            waiting: picture.groups.iter().filter(mine).map(|group| group.count).sum(),
            next: next.map(|(id, _)| id),
            next_at,
            ends_at,
            last_left_at: seen.history.last_left_at,
            used_hour: seen.history.in_hour(),
            hourly_limit: seen.rules.hourly,
            used_today: seen.history.used_today(),
            daily_limit: cap.map(|(cap, _)| cap),
            warm_up_day: cap.and_then(|(_, day)| day),
            cold_today: seen.history.cold_today(),
            cold_limit: seen.rules.cold_daily,
            in_row: seen.history.in_row,
            pause_after: seen.rules.pause.map(|(after, _)| after),
            held: pacing::held(&moment),
        })
    }

    /// How the sessions stand in the balancer's eyes, the one that goes first at the top.
    pub async fn balance(&self, ctx: &Ctx) -> Result<Vec<Balance>> {
        let organization = ctx.require(Permission::QueueView)?;
        let picture = self.picture(organization).await?;
        let mut all = self.balances(ctx, &picture).await?;
        all.retain(|balance| ctx.session.is_none_or(|own| own == balance.session));
        Ok(all)
    }

    async fn balances(&self, ctx: &Ctx, picture: &Picture) -> Result<Vec<Balance>> {
        let organization = ctx.require(Permission::QueueView)?;
        let sessions = self.sessions.all_of(organization).await?;
        let mut all: Vec<(bool, balance::Inputs, Balance)> = picture
            .seen
            .iter()
            .filter_map(|seen| {
                let session = sessions.iter().find(|session| session.id == seen.session)?;
                let inputs = inputs(&seen.history, &seen.outcomes, picture.now);
                let skipped = skipped(picture, seen, session);
                Some((
                    skipped.is_some(),
                    inputs,
                    balance_of(seen, session, &inputs, skipped),
                ))
            })
            .collect();
        all.sort_by(|(a_out, a, _), (b_out, b, _)| {
            a_out.cmp(b_out).then_with(|| {
                if balance::before(a, b) {
                    std::cmp::Ordering::Less
                } else if balance::before(b, a) {
                    std::cmp::Ordering::Greater
                } else {
                    std::cmp::Ordering::Equal
                }
            })
        });
        Ok(all.into_iter().map(|(.., balance)| balance).collect())
    }

    /// When the queue would end if those limits were changed, for one session or for all.
    pub async fn what_if(
        &self,
        ctx: &Ctx,
        session: Option<SessionId>,
        change: &BTreeMap<String, LimitValue>,
    ) -> Result<WhatIf> {
        let organization = ctx.require(Permission::QueueView)?;
        let mut changed = Limits::default();
        let mut fields = Vec::new();
        let mut blank = Vec::new();
        for (name, value) in change {
            match Limit::from_name(name).map(|limit| (limit, limit.read(value))) {
                Some((limit, Ok(Some(value)))) => changed.set(limit, Some(value)),
                Some((limit, Ok(None))) => blank.push(limit),
                Some((_, Err(error))) => fields.push(crate::orgs::fields::bad(name, error.why)),
                None => fields.push(crate::orgs::fields::bad(name, "There is no such limit")),
            }
        }
        if !fields.is_empty() {
            return Err(AppError::Invalid { fields }.into());
        }
        let picture = self.picture(organization).await?;
        let policy = &picture.policy;
        let known = |session| {
            picture.seen.iter().any(|seen| seen.session == session) && ctx.may_touch(session).is_ok()
        };
        if session.is_some_and(|session| !known(session)) {
            return Err(AppError::field("session", "There is no such session in this organization").into());
        }
        let other = |seen: &Seen| {
            let mut organization = policy.organization.clone();
            let mut own = policy
                .sessions
                .iter()
                .find(|own| own.session == seen.session)
                .map(|own| own.limits.clone())
                .unwrap_or_default();
            match session {
                None => {
                    organization = changed.over(&organization);
                    for limit in &blank {
                        organization.set(*limit, None);
                    }
                }
                Some(session) if session == seen.session => {
                    own = changed.over(&own);
                    for limit in &blank {
                        own.set(*limit, None);
                    }
                }
                Some(_) => {}
            }
            Rules::resolve(&policy.platform, &organization, &own)
        };
        let ends = |other: Option<&dyn Fn(&Seen) -> Rules>| {
            play(
                policy,
                &picture.seen,
                &picture.groups,
                other,
                &picture.used,
                picture.now,
            )
        };
        let waiting = picture.groups.iter().map(|group| group.count).sum();
        Ok(WhatIf {
            waiting,
            ends_at: ends(None).filter(|_| waiting > 0),
            would_end_at: ends(Some(&other)).filter(|_| waiting > 0),
            as_of: picture.now,
        })
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

/// Why the balancer leaves a session out, if it does.
fn skipped(picture: &Picture, seen: &Seen, session: &Session) -> Option<String> {
    if !seen.can_send {
        return Some(match session.state {
            SessionState::Connected => "Not ready to send".into(),
            state => format!("Not connected: {}", state.name().replace('_', " ")),
        });
    }
    pacing::held(&picture.moment(seen))
        .into_iter()
        .next()
        .map(|gate| gate.why)
}

fn balance_of(seen: &Seen, session: &Session, inputs: &balance::Inputs, skipped: Option<String>) -> Balance {
    Balance {
        session: seen.session,
        name: session.name.clone(),
        number: session.number.clone(),
        state: session.state,
        age_days: inputs.age_days,
        seniority: balance::seniority(inputs.age_days),
        today_sent: inputs.today_sent,
        total_sent: session.sent,
        failure_rate: inputs.failure_rate,
        consecutive_failures: seen.outcomes.consecutive_failures(),
        cooldown_minutes: inputs.cooldown_minutes,
        last_sent_at: seen.history.last_left_at,
        score: balance::score(inputs),
        skipped,
    }
}
