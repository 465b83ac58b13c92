//! What is remembered of large queues between one estimate and the next.

use super::store::outlook::Group;
use crate::settings::{Version, policy::Policy};
use pacing::{History, Rules};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use types::{OrganizationId, SessionId, Timestamp};

/// Up to so many waiting messages are counted anew for each estimate: it takes no time.
const SMALL: i64 = 2_000;

#[derive(Clone, Default)]
pub struct Outlooks(
    Arc<Mutex<HashMap<OrganizationId, Known>>>,
    Arc<Mutex<HashMap<SessionId, Idle>>>,
);

/// The past of a session that has no lane here.
#[derive(Clone)]
pub struct Idle {
    pub at: Timestamp,
    pub rules: Rules,
    pub history: History,
    pub outcomes: pacing::balance::Outcomes,
}

#[derive(Clone)]
pub struct Known {
    pub policy: Arc<Policy>,
    pub version: Version,
    pub policy_at: Timestamp,
    pub groups: Option<(Timestamp, Arc<Vec<Group>>)>,
    /// When a large queue is foretold to have let a message of that lane and rank pass, and how it
    /// ends as a whole: remembered as long as what was counted.
    pub starts: HashMap<(Option<SessionId>, i64), Option<Timestamp>>,
    pub ends: Option<Arc<pacing::Ends>>,
}

impl Known {
    pub fn forget_played(&mut self) {
        self.starts.clear();
        self.ends = None;
    }

    /// Whether what was played of those groups still holds.
    fn played(&self, groups: &Arc<Vec<Group>>) -> bool {
        let same = |(_, known): &(Timestamp, Arc<Vec<Group>>)| Arc::ptr_eq(known, groups);
        self.groups.as_ref().is_some_and(same) && is_large(groups)
    }
}

pub fn is_large(groups: &[Group]) -> bool {
    groups.iter().map(|group| group.count).sum::<i64>() > SMALL
}

impl Outlooks {
    /// A queue has grown so much that what was counted is worth nothing.
    pub fn forget_queue(&self, organization: OrganizationId) {
        if let Some(known) = self.all().get_mut(&organization) {
            known.groups = None;
            known.forget_played();
        }
    }

    /// Plays once what is asked again and again while a large queue is remembered.
    pub fn start(
        &self,
        organization: OrganizationId,
        groups: &Arc<Vec<Group>>,
        whose: (Option<SessionId>, i64),
        play: impl FnOnce() -> Option<Timestamp>,
    ) -> Option<Timestamp> {
        let all = self.all();
        let known = all.get(&organization).filter(|known| known.played(groups));
        if let Some(start) = known.and_then(|known| known.starts.get(&whose)) {
            return *start;
        }
        drop(all);
        let start = play();
        let mut all = self.all();
        if let Some(known) = all.get_mut(&organization).filter(|known| known.played(groups)) {
            known.starts.insert(whose, start);
        }
        start
    }

    /// The same for the end of the whole queue.
    pub fn ends(
        &self,
        organization: OrganizationId,
        groups: &Arc<Vec<Group>>,
        play: impl FnOnce() -> pacing::Ends,
    ) -> Arc<pacing::Ends> {
        let all = self.all();
        let known = all.get(&organization).filter(|known| known.played(groups));
        if let Some(ends) = known.and_then(|known| known.ends.clone()) {
            return ends;
        }
        drop(all);
        let ends = Arc::new(play());
        let mut all = self.all();
        if let Some(known) = all.get_mut(&organization).filter(|known| known.played(groups)) {
            known.ends = Some(Arc::clone(&ends));
        }
        ends
    }

    pub fn all(&self) -> MutexGuard<'_, HashMap<OrganizationId, Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn idle(&self) -> MutexGuard<'_, HashMap<SessionId, Idle>> {
        self.1.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
