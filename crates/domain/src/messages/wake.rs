//! Wakes the lane of a session when there is something for it.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};
use tokio::sync::Notify;
use types::{OrganizationId, SessionId};

/// Whose lane, and what wakes it.
type Lane = (OrganizationId, Arc<Notify>);
type Pools = HashMap<OrganizationId, Arc<AtomicU64>>;

#[derive(Clone, Debug, Default)]
pub struct Wake {
    lanes: Arc<Mutex<HashMap<SessionId, Lane>>>,
    /// Counts up with everything that waits for no particular session, per organization.
    pools: Arc<Mutex<Pools>>,
    /// Something of a deleted session waits.
    pub deleted: Arc<Notify>,
    /// Attachments that must be fetched.
    pub fetch: Arc<Notify>,
}

impl Wake {
    pub fn lane(&self, organization: OrganizationId, session: SessionId) -> Arc<Notify> {
        let mut lanes = lock(&self.lanes);
        let (_, notify) = lanes
            .entry(session)
            .or_insert_with(|| (organization, Arc::default()));
        Arc::clone(notify)
    }

    pub fn notify(&self, session: SessionId) {
        if let Some((_, lane)) = lock(&self.lanes).get(&session) {
            lane.notify_one();
        }
    }

    /// The count of an organization's pool; another number means that it must be looked at.
    pub fn pool(&self, organization: OrganizationId) -> Arc<AtomicU64> {
        Arc::clone(lock(&self.pools).entry(organization).or_default())
    }

    /// Something waits for whichever session of the organization is free first.
    pub fn notify_pool(&self, organization: OrganizationId) {
        self.pool(organization).fetch_add(1, Ordering::SeqCst);
        self.notify_all(organization);
    }

    /// Every lane of the organization looks again.
    pub fn notify_all(&self, organization: OrganizationId) {
        for (of, lane) in lock(&self.lanes).values() {
            if *of == organization {
                lane.notify_one();
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
