//! Which session has something due, and when. A hint in memory: the rows are the truth, and a
//! session that comes online is looked up afresh.

use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, MutexGuard, PoisonError},
};
use tokio::sync::{Notify, futures::Notified};
use types::{SessionId, Timestamp};

#[derive(Default)]
pub(super) struct Agenda {
    due: Mutex<HashMap<SessionId, Timestamp>>,
    changed: Notify,
}

impl Agenda {
    pub(super) fn put(&self, session: SessionId, at: Timestamp) {
        self.due()
            .entry(session)
            .and_modify(|due| *due = at.min(*due))
            .or_insert(at);
        self.changed.notify_one();
    }

    /// Takes the sessions that are due, except those that are being told already.
    pub(super) fn take_due(&self, now: Timestamp, busy: &HashSet<SessionId>, most: usize) -> Vec<SessionId> {
        let mut due = self.due();
        let ready: Vec<SessionId> = due
            .iter()
            .filter(|(id, at)| **at <= now && !busy.contains(id))
            .map(|(id, _)| *id)
            .take(most)
            .collect();
        for id in &ready {
            due.remove(id);
        }
        ready
    }

    /// When the next of the others is due.
    pub(super) fn next(&self, busy: &HashSet<SessionId>) -> Option<Timestamp> {
        self.due()
            .iter()
            .filter(|(id, _)| !busy.contains(id))
            .map(|(_, at)| *at)
            .min()
    }

    pub(super) fn changed(&self) -> Notified<'_> {
        self.changed.notified()
    }

    fn due(&self) -> MutexGuard<'_, HashMap<SessionId, Timestamp>> {
        self.due.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
