//! What this node knows of the lanes it sends for: their rules, their past, and when each is free.

use super::{
    Messages,
    record::Lane,
    store::lane as store,
    warn::{Heard, Level, Standing},
};
use crate::{
    Result,
    settings::{self, Version, policy::Policy},
    time,
};
use pacing::{History, Moment, Rules, Used, balance};
use std::{
    collections::{HashMap, hash_map::DefaultHasher},
    hash::{Hash, Hasher},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use types::{OrganizationId, SessionId, Timestamp};

/// How often the rules are read again even when nobody told of a change: another node may have
/// made one.
const READ_AGAIN: i64 = 5_000;

/// One lane as its task works with it.
#[derive(Clone)]
pub struct State {
    pub policy: Arc<Policy>,
    pub rules: Rules,
    pub history: History,
    pub outcomes: balance::Outcomes,
    /// The changes of settings that the rules were read at.
    version: Version,
    read_at: Timestamp,
    /// When the next parked message may take its turn again; `None`: none that time alone brings.
    pub parked: Option<Timestamp>,
    /// Everything parked is held against the gates anew.
    pub reopen: bool,
    /// The pool's count when nothing in it was found to be for this lane, and until when that holds.
    pub pool_seen: Option<(u64, Timestamp)>,
    /// For whom typing was shown last.
    pub shown: Option<types::MessageId>,
    /// Since when it leaves the pool to a lane with a better score.
    pub yields_since: Option<Timestamp>,
    /// What people were told of it; `None` until that is read back.
    pub standing: Option<Standing>,
    pub heard: Heard,
}

/// A lane as others see it.
#[derive(Clone)]
pub struct View {
    pub organization: OrganizationId,
    pub rules: Rules,
    pub history: History,
    pub outcomes: balance::Outcomes,
    /// When it may take a single message from the pool; `None` while that cannot be said.
    pub free_at: Option<Timestamp>,
    /// Its task sleeps until then; `None` while it works.
    pub asleep_until: Option<Timestamp>,
}

#[derive(Clone, Default)]
pub struct Lanes {
    views: Arc<Mutex<HashMap<SessionId, View>>>,
    /// What organizations with a limit of the day have used of it.
    used: Arc<Mutex<HashMap<OrganizationId, Used>>>,
    /// How much of that limit people were told is used.
    warned: Arc<Mutex<HashMap<OrganizationId, Level>>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Lanes {
    pub fn publish(&self, session: SessionId, view: View) {
        lock(&self.views).insert(session, view);
    }

    pub fn forget(&self, session: SessionId) {
        lock(&self.views).remove(&session);
    }

    pub fn wakes(&self, session: SessionId) {
        if let Some(view) = lock(&self.views).get_mut(&session) {
            view.asleep_until = None;
        }
    }

    pub fn sleeps(&self, session: SessionId, until: Timestamp) {
        if let Some(view) = lock(&self.views).get_mut(&session) {
            view.asleep_until = Some(until);
        }
    }

    pub fn view(&self, session: SessionId) -> Option<View> {
        lock(&self.views).get(&session).cloned()
    }

    /// When each lane of this node looks again by itself; `None` for one that works.
    #[cfg(feature = "testing")]
    pub fn all_asleep_until(&self) -> Vec<Option<Timestamp>> {
        lock(&self.views).values().map(|view| view.asleep_until).collect()
    }

    pub fn used(&self, organization: OrganizationId) -> Used {
        lock(&self.used).get(&organization).copied().unwrap_or_default()
    }

    pub fn set_used(&self, organization: OrganizationId, used: Used) {
        lock(&self.used).insert(organization, used);
    }

    pub fn warned(&self, organization: OrganizationId) -> Option<Level> {
        lock(&self.warned).get(&organization).copied()
    }

    pub fn set_warned(&self, organization: OrganizationId, level: Level) {
        lock(&self.warned).insert(organization, level);
    }

    /// Whether another lane of the organization is free now and stands better in the balancer's eyes.
    pub fn better_is_free(&self, own: SessionId, organization: OrganizationId, now: Timestamp) -> bool {
        let views = lock(&self.views);
        let Some(mine) = views.get(&own) else { return false };
        let mine = inputs(&mine.history, &mine.outcomes, now);
        views.iter().any(|(session, view)| {
            *session != own
                && view.organization == organization
                && view.free_at.is_some_and(|at| at <= now)
                && balance::before(&inputs(&view.history, &view.outcomes, now), &mine)
        })
    }

    /// The first moment that another lane of the organization answers.
    pub fn others(&self, lane: Lane, mut of: impl FnMut(&View) -> Option<Timestamp>) -> Option<Timestamp> {
        lock(&self.views)
            .iter()
            .filter(|(session, view)| **session != lane.session && view.organization == lane.organization)
            .filter_map(|(_, view)| of(view))
            .min()
    }

    /// Whether that lane takes messages soon, and this one among them, so that what belongs to it
    /// waits for it.
    pub fn is_open_soon(
        &self,
        session: SessionId,
        now: Timestamp,
        opens: impl Fn(&View) -> Option<Timestamp>,
    ) -> bool {
        const SOON: i64 = 600_000;
        let soon = |at: Option<Timestamp>| at.is_some_and(|at| at <= now + SOON);
        lock(&self.views)
            .get(&session)
            .is_some_and(|view| soon(view.free_at) && soon(opens(view)))
    }

    /// Whether the organization has another lane that is free soon.
    pub fn other_is_open(&self, own: SessionId, organization: OrganizationId, now: Timestamp) -> bool {
        lock(&self.views).iter().any(|(session, view)| {
            *session != own
                && view.organization == organization
                && view.free_at.is_some_and(|at| at <= now + 60_000)
        })
    }
}

/// What the balancer looks at.
pub fn inputs(history: &History, outcomes: &balance::Outcomes, now: Timestamp) -> balance::Inputs {
    const DAY: f64 = 86_400_000.0;
    balance::Inputs {
        age_days: history.linked_at.map_or(0.0, |at| (now - at) as f64 / DAY),
        today_sent: if history.day().has(now) {
            history.used_today()
        } else {
            0
        },
        failure_rate: outcomes.failure_rate(),
        cooldown_minutes: history
            .paused_until
            .map_or(0.0, |until| ((until - now) as f64 / 60_000.0).max(0.0)),
    }
}

/// Stands for a text, so that repeats are seen; blank texts have none.
pub fn text_mark(text: Option<&str>) -> Option<u64> {
    let text = text.map(str::trim).filter(|text| !text.is_empty())?;
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    Some(hasher.finish())
}

impl Messages {
    /// Everything about a lane, from the database: at the start of its task and whenever its rules
    /// change.
    pub(super) async fn load_state(&self, lane: Lane) -> Result<Option<State>> {
        let version = self.settings.version(lane.organization);
        let now = self.shared.now();
        let pool = self.shared.read();
        let Some(policy) = settings::policy(pool, lane.organization).await? else {
            return Ok(None);
        };
        let rules = policy.rules(Some(lane.session));
        let Some((history, outcomes)) = self.load_past(lane, &policy, &rules, now).await? else {
            return Ok(None);
        };
        Ok(Some(State {
            policy: Arc::new(policy),
            rules,
            history,
            outcomes,
            version,
            read_at: now,
            parked: Some(now),
            reopen: true,
            pool_seen: None,
            shown: None,
            yields_since: None,
            standing: None,
            heard: Heard::default(),
        }))
    }

    /// A session's past, as far as its rules look at it.
    pub(super) async fn load_past(
        &self,
        lane: Lane,
        policy: &Policy,
        rules: &Rules,
        now: Timestamp,
    ) -> Result<Option<(History, balance::Outcomes)>> {
        let pool = self.shared.read();
        let day = time::day_of(&policy.zone, now);
        let Some(row) = store::past(pool, lane, &day).await? else {
            return Ok(None);
        };
        let mut history = History::default();
        history.linked_at = row.linked_at;
        history.last_left_at = row.last_left_at;
        history.held_until = row.held_until;
        history.cold_until = row.cold_until;
        history.paused_until = row.paused_until;
        history.in_row = row.in_row;
        if rules.hourly.is_some() || rules.repeated.is_some() {
            let texts = rules.repeated.is_some();
            for (at, text) in store::last_hour(pool, lane, now + -3_600_000, texts).await? {
                history.recall(at, text_mark(text.as_deref()));
            }
        }
        // Also straightens what lies ahead when the clock was set back.
        history.tick(&policy.calendar, now);
        history.set_used(row.used, row.cold);
        Ok(Some((history, balance::Outcomes::read(&row.outcomes))))
    }

    /// Brings a lane up to this moment: rules that were changed, a day that has begun.
    pub(super) async fn refresh(&self, lane: Lane, state: &mut State) -> Result<()> {
        let now = self.shared.now();
        let version = self.settings.version(lane.organization);
        if version != state.version || now - state.read_at >= READ_AGAIN || now < state.read_at {
            let Some(policy) = settings::policy(self.shared.read(), lane.organization).await? else {
                return Ok(());
            };
            let changed = policy.rules(Some(lane.session)) != state.rules
                || policy.zone != state.policy.zone
                || now < state.read_at;
            if now < state.read_at {
                // Gaps to recipients must not wait until the clock has caught up.
                let mut tx = self.shared.begin().await?;
                store::straighten(tx.conn(), lane.organization, now).await?;
                tx.commit().await?;
            }
            if changed {
                let turns = state.history.turns;
                if let Some(fresh) = self.load_state(lane).await? {
                    let before = std::mem::replace(state, fresh);
                    state.history.turns = turns;
                    (state.standing, state.heard) = (before.standing, before.heard);
                }
            } else {
                // Who may be written to is no rule of the lane, but what waits for it looks again.
                state.reopen |=
                    version.opt_outs != state.version.opt_outs || policy.holds_others_than(&state.policy);
                state.policy = Arc::new(policy);
                (state.version, state.read_at) = (version, now);
            }
        }
        if state.history.tick(&state.policy.calendar, now) {
            let day = time::day_of(&state.policy.zone, now);
            if let Some(row) = store::past(self.shared.read(), lane, &day).await? {
                state.history.set_used(row.used, row.cold);
            }
        }
        Ok(())
    }

    /// The organization's day, where it has a limit; read from the database when another begins.
    pub(super) async fn used_of(&self, lane: Lane, state: &State, now: Timestamp) -> Result<Used> {
        let mut used = self.lanes.used(lane.organization);
        if state.rules.organization_daily.is_none() {
            return Ok(used);
        }
        let fresh = used.tick(&state.policy.calendar, now);
        // Another node, or a restart, may have moved it: the row is the truth, and cheap to read.
        if fresh || state.rules.organization_daily.is_some() {
            let day = time::day_of(&state.policy.zone, now);
            used.today = store::organization_day(self.shared.read(), lane.organization, &day).await?;
            self.lanes.set_used(lane.organization, used);
        }
        Ok(used)
    }

    pub(super) fn publish(&self, lane: Lane, state: &State, used: &Used, now: Timestamp) {
        let moment = Moment {
            now,
            calendar: &state.policy.calendar,
            rules: &state.rules,
            history: &state.history,
            used,
        };
        // The least delay decides whether it is free: which message comes next is not known.
        let free_at = pacing::lane_opening(&moment, types::messages::Class::Single).map(|at| {
            let least = state.rules.delay(types::messages::Class::Single, 0, 0);
            at.max(state.history.last_left_at.unwrap_or_default() + least)
        });
        self.lanes.publish(
            lane.session,
            View {
                organization: lane.organization,
                rules: state.rules.clone(),
                history: state.history.clone(),
                outcomes: state.outcomes.clone(),
                free_at: free_at.filter(|_| !state.policy.suspended),
                asleep_until: None,
            },
        );
    }
}
