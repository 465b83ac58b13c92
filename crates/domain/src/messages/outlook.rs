//! When messages will leave, as far as arithmetic on expectations can tell.

use super::{
    Messages,
    accept::Ready,
    record::Lane,
    remembered::{Idle, Known, is_large},
    store::{self, outlook::Group},
};
use crate::{
    Result,
    settings::{self, policy::Policy},
};
use pacing::{History, Load, ORDER, Pool, Rules, Used};
use std::{collections::HashMap, sync::Arc};
use types::{
    AppError, OrganizationId, Recipient, SessionId, Timestamp,
    messages::{Class, Estimate},
};

/// How long an organization's rules and its large queues are remembered for estimates.
const REMEMBERED: i64 = 2_000;
/// Calls of more rows are told nothing about single recipients.
const FEW: usize = 20;

/// How long the past of a session without a lane is remembered: it sends nothing meanwhile, and
/// its last hour may be long.
const PAST_REMEMBERED: i64 = 10_000;

/// A session as forecasts see it.
pub struct Seen {
    pub session: SessionId,
    pub rules: Rules,
    pub history: History,
    pub outcomes: pacing::balance::Outcomes,
    pub can_send: bool,
}

/// What the messages of one call are told.
#[derive(Clone, Debug, Default)]
pub struct Outlook {
    /// When everything before them has left; `None` while no session can send.
    start: Option<Timestamp>,
    /// From one of them to the next, by expectation.
    pace_ms: i64,
    min_ms: i64,
    max_ms: i64,
    /// The gap to the last message to the same recipient, where it is known to hold.
    not_before: HashMap<Recipient, Timestamp>,
}

impl Outlook {
    /// For the message that has so many of its call before it. The range covers any delay that might
    /// have been drawn, not the drawn one alone, so that callers see the setting and not chance.
    pub fn estimate(&self, before: i64, recipient: &Recipient, now: Timestamp) -> Estimate {
        let Some(start) = self.start else {
            return Estimate {
                seconds: None,
                at: None,
            };
        };
        let queued = start.max(now) + self.pace_ms * before;
        let held = self.not_before.get(recipient).copied().unwrap_or_default();
        let (earliest, latest) = ((queued + self.min_ms).max(held), (queued + self.max_ms).max(held));
        let seconds = (
            (earliest - now) / 1_000,
            (latest - now) / 1_000 + i64::from((latest - now) % 1_000 > 0),
        );
        let middle = queued + i64::midpoint(self.min_ms, self.max_ms);
        Estimate {
            seconds: Some(seconds),
            at: Some(middle.max(held)),
        }
    }
}

impl Messages {
    /// The rules of an organization, read again when one changes and every few seconds.
    pub(super) async fn policy(&self, organization: OrganizationId) -> Result<Arc<Policy>> {
        let version = self.settings.version(organization);
        let now = self.shared.now();
        let connected = self.sessions.connected();
        let knows_all = |policy: &Policy| {
            connected
                .iter()
                .filter(|(of, _)| *of == organization)
                .all(|(_, session)| policy.sessions.iter().any(|own| own.session == *session))
        };
        if let Some(known) = self.outlooks.all().get(&organization)
            && known.version == version
            && (0..REMEMBERED).contains(&(now - known.policy_at))
            && knows_all(&known.policy)
        {
            return Ok(Arc::clone(&known.policy));
        }
        let policy = settings::policy(self.shared.read(), organization)
            .await?
            .ok_or_else(|| AppError::not_found("organization"))?;
        let policy = Arc::new(policy);
        let mut all = self.outlooks.all();
        let known = all.entry(organization).or_insert_with(|| Known {
            policy: Arc::clone(&policy),
            version,
            policy_at: now,
            groups: None,
            starts: HashMap::new(),
            ends: None,
        });
        known.forget_played();
        (known.policy, known.version, known.policy_at) = (Arc::clone(&policy), version, now);
        Ok(policy)
    }

    /// What waits, by lane and rank.
    pub(super) async fn waiting(&self, organization: OrganizationId) -> Result<Arc<Vec<Group>>> {
        let now = self.shared.now();
        let known = self
            .outlooks
            .all()
            .get(&organization)
            .and_then(|known| known.groups.clone());
        if let Some((at, groups)) = known
            && (0..REMEMBERED).contains(&(now - at))
            && is_large(&groups)
        {
            return Ok(groups);
        }
        let pool = self.shared.read();
        let mut groups = store::outlook::groups(pool, organization).await?;
        let counted: i64 = groups.iter().map(|group| group.count).sum();
        let cut = |group: &Group| group.count >= store::outlook::COUNTED;
        let many = groups.iter().filter(|group| cut(group)).count() as i64;
        if many > 0 {
            let kept = store::read::kept(pool, organization).await?.waiting;
            // What was not counted is taken to be of the kinds of which there is most.
            for group in groups.iter_mut().filter(|group| cut(group)) {
                group.count += (kept - counted).max(0) / many;
            }
        }
        let groups = Arc::new(groups);
        if let Some(known) = self.outlooks.all().get_mut(&organization) {
            known.groups = Some((now, Arc::clone(&groups)));
            known.forget_played();
        }
        Ok(groups)
    }

    /// Every session of the organization with its past: what this node's lanes know, or what the
    /// database says.
    pub(super) async fn seen(&self, organization: OrganizationId, policy: &Policy) -> Result<Vec<Seen>> {
        let now = self.shared.now();
        let connected: Vec<SessionId> = self
            .sessions
            .connected()
            .into_iter()
            .filter(|(of, _)| *of == organization)
            .map(|(_, session)| session)
            .collect();
        let mut seen = Vec::with_capacity(policy.sessions.len());
        for own in &policy.sessions {
            let session = own.session;
            let rules = policy.rules(Some(session));
            let can_send = connected.contains(&session) && !policy.suspended;
            let view = self.lanes.view(session).filter(|view| view.rules == rules);
            let past = match view {
                Some(view) => Some((view.history, view.outcomes)),
                None => self.idle_past(organization, session, policy, &rules, now).await?,
            };
            let Some((mut history, outcomes)) = past else {
                continue;
            };
            history.tick(&policy.calendar, now);
            seen.push(Seen {
                session,
                rules,
                history,
                outcomes,
                can_send,
            });
        }
        Ok(seen)
    }

    /// The past of a session that has no lane here, remembered for a while.
    async fn idle_past(
        &self,
        organization: OrganizationId,
        session: SessionId,
        policy: &Policy,
        rules: &Rules,
        now: Timestamp,
    ) -> Result<Option<(History, pacing::balance::Outcomes)>> {
        let known = self.outlooks.idle().get(&session).cloned();
        if let Some(known) = known
            && known.rules == *rules
            && (0..PAST_REMEMBERED).contains(&(now - known.at))
        {
            return Ok(Some((known.history, known.outcomes)));
        }
        let lane = Lane {
            organization,
            session,
        };
        let past = self.load_past(lane, policy, rules, now).await?;
        let mut idle = self.outlooks.idle();
        match &past {
            Some((history, outcomes)) => {
                let fresh = Idle {
                    at: now,
                    rules: rules.clone(),
                    history: history.clone(),
                    outcomes: outcomes.clone(),
                };
                idle.insert(session, fresh);
            }
            None => drop(idle.remove(&session)),
        }
        Ok(past)
    }

    /// What the organization has used of its day, brought up to now.
    pub(super) async fn used_today(&self, organization: OrganizationId, policy: &Policy) -> Result<Used> {
        let now = self.shared.now();
        let mut used = Used {
            day: policy.calendar.day(now),
            today: 0,
        };
        let day = crate::time::day_of(&policy.zone, now);
        used.today = store::lane::organization_day(self.shared.read(), organization, &day).await?;
        Ok(used)
    }

    /// What the messages of a call are told about when they leave.
    pub(super) async fn outlook(
        &self,
        organization: OrganizationId,
        class: Class,
        pin: Option<SessionId>,
        rows: &[Result<Ready, AppError>],
    ) -> Result<Outlook> {
        let Ok(policy) = self.policy(organization).await else {
            return Ok(Outlook::default());
        };
        let mut named = rows.iter().flatten().map(|ready| pin.or(ready.draft.session));
        let first = named.next().flatten();
        let named = first.filter(|session| named.all(|other| other == Some(*session)));
        let mut connected = self
            .sessions
            .connected()
            .into_iter()
            .filter(|(of, session)| *of == organization && named.is_none_or(|named| named == *session));
        let Some((_, any)) = connected.next() else {
            return Ok(Outlook::default());
        };
        let now = self.shared.now();
        let mut sessions = connected.map(|(_, session)| session).chain([any]);
        if sessions.all(|session| policy.rules(Some(session)).is_off()) {
            return Ok(Outlook {
                start: Some(now),
                ..Outlook::default()
            });
        }
        let rules = policy.rules(Some(named.unwrap_or(any)));
        let good = rows.iter().filter(|row| row.is_ok()).count() as i64;
        let chars = rows
            .iter()
            .flatten()
            .filter_map(|ready| ready.draft.text.as_deref())
            .map(|text| text.chars().count() as i64)
            .sum::<i64>()
            / good.max(1);
        let groups = self.waiting(organization).await?;
        let seen: Vec<Seen> = self
            .seen(organization, &policy)
            .await?
            .into_iter()
            .filter(|seen| named.is_none_or(|named| named == seen.session))
            .collect();
        let used = self.used_today(organization, &policy).await?;
        let urgent: Vec<Group> = groups
            .iter()
            .filter(|group| group.rank <= store::rank(class))
            .filter(|group| named.is_none() || group.session == named)
            .copied()
            .collect();
        let rank = store::rank(class);
        let mean = rules.mean_delay(class, chars) as i64;
        let own = |count| Group {
            session: named,
            rank,
            count,
            chars,
        };
        let with = |count| {
            let mut all = urgent.clone();
            all.push(own(count));
            all
        };
        // When the first and the last of them leave.
        let ends = |count: i64| {
            if named.is_some() {
                return play(&policy, &seen, &with(count), &used, now);
            }
            let same = urgent
                .iter()
                .filter(|group| group.session.is_none() && group.rank == rank);
            let before = same.map(|group| group.count).sum::<i64>() + count - 1;
            pooled_at(&policy, &seen, &with(count), rank, before, &used, now)
        };
        let start = if urgent.is_empty() {
            Self::lane_opens(&policy, &seen, &used, class, now)
        } else if named.is_some() {
            self.outlooks.start(organization, &groups, (named, rank), || {
                play(&policy, &seen, &urgent, &used, now)
            })
        } else {
            // Its own delay is told as a range from there.
            self.outlooks.start(organization, &groups, (None, rank), || {
                ends(1).map(|at| (at + -mean).max(now))
            })
        };
        let pace_ms = match start {
            Some(start) if good > 1 => {
                let end = ends(good).unwrap_or(start);
                (end - start) / good
            }
            _ => mean,
        };
        Ok(Outlook {
            start,
            pace_ms,
            min_ms: rules.delay(class, 0, chars),
            max_ms: rules.delay(class, u32::MAX, chars),
            not_before: self.gaps(organization, &rules, class, rows).await?,
        })
    }

    /// When the first of the lanes is open, with nothing before.
    fn lane_opens(
        policy: &Policy,
        seen: &[Seen],
        used: &Used,
        class: Class,
        now: Timestamp,
    ) -> Option<Timestamp> {
        seen.iter()
            .filter(|seen| seen.can_send)
            .filter_map(|seen| {
                let moment = pacing::Moment {
                    now,
                    calendar: &policy.calendar,
                    rules: &seen.rules,
                    history: &seen.history,
                    used,
                };
                pacing::lane_opening(&moment, class)
            })
            .min()
    }

    /// The gap to the last message to each of a few recipients.
    async fn gaps(
        &self,
        organization: OrganizationId,
        rules: &Rules,
        class: Class,
        rows: &[Result<Ready, AppError>],
    ) -> Result<HashMap<Recipient, Timestamp>> {
        let mut gaps = HashMap::new();
        if rules.gap_ms == 0 || class == Class::Reply || rows.len() > FEW {
            return Ok(gaps);
        }
        let recipients: Vec<&Recipient> = rows
            .iter()
            .flatten()
            .filter_map(|ready| match &ready.draft.to {
                super::check::Target::One(recipient) => Some(recipient),
                super::check::Target::Main => None,
            })
            .collect();
        let jids: Vec<String> = recipients.iter().map(|recipient| recipient.jid()).collect();
        if jids.is_empty() {
            return Ok(gaps);
        }
        let pool = self.shared.read();
        let known = store::lane::known(pool, organization, &jids).await?;
        let wire = store::lane::on_wire(pool, organization).await?;
        let now = self.shared.now();
        for (recipient, jid) in recipients.into_iter().zip(jids) {
            let left = known
                .iter()
                .filter(|known| known.jid == jid)
                .filter_map(|known| known.left_at)
                .chain(wire.iter().filter(|(to, ..)| *to == jid).map(|(_, _, at, _)| *at))
                .max();
            let earlier = store::claim::earlier_to(pool, organization, recipient, i64::MAX).await?;
            let from = left.or_else(|| (earlier > 0).then_some(now));
            if let Some(from) = from {
                let more = if left.is_some() { earlier + 1 } else { earlier };
                gaps.insert(recipient.clone(), from + rules.gap_ms * more);
            }
        }
        Ok(gaps)
    }
}

/// When the last of those has left that can.
pub fn play(
    policy: &Policy,
    seen: &[Seen],
    groups: &[Group],
    used: &Used,
    now: Timestamp,
) -> Option<Timestamp> {
    forecast(policy, seen, groups, None, used, now).at
}

/// The whole queue. `other` replaces a lane's rules by others, for "what if".
pub fn forecast(
    policy: &Policy,
    seen: &[Seen],
    groups: &[Group],
    other: Option<&dyn Fn(&Seen) -> Rules>,
    used: &Used,
    now: Timestamp,
) -> pacing::Ends {
    let rules: Vec<Rules> = seen
        .iter()
        .map(|seen| other.map_or_else(|| seen.rules.clone(), |other| other(seen)))
        .collect();
    let (lanes, pool) = lanes(seen, &rules, groups);
    pacing::forecast(&policy.calendar, now, *used, lanes, pool)
}

/// When a message of the pool leaves that has so many of its rank before it there.
pub fn pooled_at(
    policy: &Policy,
    seen: &[Seen],
    groups: &[Group],
    rank: i64,
    before: i64,
    used: &Used,
    now: Timestamp,
) -> Option<Timestamp> {
    let rules: Vec<Rules> = seen.iter().map(|seen| seen.rules.clone()).collect();
    let (lanes, pool) = lanes(seen, &rules, groups);
    let class = ORDER.into_iter().find(|class| store::rank(*class) == rank);
    let class = class.unwrap_or(Class::Reply);
    pacing::pooled_at(&policy.calendar, now, *used, lanes, pool, class, before)
}

/// The lanes and the pool of a forecast.
pub fn lanes<'a>(seen: &'a [Seen], rules: &'a [Rules], groups: &[Group]) -> (Vec<pacing::Lane<'a>>, Pool) {
    let lanes = seen
        .iter()
        .zip(rules)
        .map(|(seen, rules)| pacing::Lane {
            rules,
            history: seen.history.clone(),
            waiting: loads(groups, Some(seen.session)),
            can_send: seen.can_send,
        })
        .collect();
    (lanes, loads(groups, None))
}

fn loads(groups: &[Group], session: Option<SessionId>) -> Pool {
    let mut pool = Pool::default();
    for group in groups.iter().filter(|group| group.session == session) {
        // What a person let pass goes first, like a reply; it is one or two.
        let class = ORDER
            .iter()
            .position(|class| store::rank(*class) == group.rank)
            .unwrap_or(0);
        let load = &mut pool[class];
        let both = load.count + group.count;
        load.chars = (load.chars * load.count + group.chars * group.count) / both.max(1);
        *load = Load { count: both, ..*load };
    }
    pool
}
