//! Wakes the lane of a session when there is something for it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::Notify;
use types::SessionId;

#[derive(Clone, Debug, Default)]
pub struct Wake {
    lanes: Arc<Mutex<HashMap<SessionId, Arc<Notify>>>>,
    /// Messages that have no session yet.
    pub unassigned: Arc<Notify>,
    /// Attachments that must be fetched.
    pub fetch: Arc<Notify>,
}

impl Wake {
    pub fn lane(&self, session: SessionId) -> Arc<Notify> {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(lanes.entry(session).or_default())
    }

    pub fn notify(&self, session: SessionId) {
        let lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lane) = lanes.get(&session) {
            lane.notify_one();
        }
    }
}
