//! The request log: every call of the API with headers and bodies, without its secrets.
//!
//! A call never waits for its line: it is handed over through a bounded channel, and what does
//! not fit is counted instead. `places.rs` says who may have how much of it. The writer (`writer.rs`) takes a small share of the database at
//! most, so that a storm of calls loses lines and no speed. What has a secret in it is masked
//! before it is stored (`mask.rs`, `sketch.rs`); how long lines stay is `keep.rs`.

mod keep;
mod mask;
mod places;
mod read;
mod record;
mod settings;
mod sketch;
mod store;
#[cfg(test)]
mod tests;
mod writer;

use crate::{Shared, keys::Keys};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, RwLock},
};
use tokio::sync::{mpsc, oneshot};
use types::{OrganizationId, Timestamp};

pub use record::{Kept, Owner, Part, Queued, Record, Whose, headers, url};

/// Lines that may wait to be written.
const WAITING: usize = 8_192;
/// And what they may take of memory together.
const WAITING_BYTES: usize = 32 << 20;

#[derive(Clone)]
pub struct RequestLog {
    shared: Arc<Shared>,
    keys: Keys,
    inner: Arc<Inner>,
}

struct Inner {
    sender: mpsc::Sender<Job>,
    /// Taken by the writer when it starts.
    receiver: Mutex<Option<mpsc::Receiver<Job>>>,
    places: places::Places,
    dropped: Mutex<HashMap<Option<OrganizationId>, Dropped>>,
    kept_for: RwLock<settings::KeptFor>,
}

enum Job {
    Write(Box<Record>),
    /// Answers when everything before it is written.
    Flush(oneshot::Sender<()>),
}

/// Calls that were not logged.
#[derive(Clone, Copy, Debug, Default)]
struct Dropped {
    count: i64,
    last: Timestamp,
}

impl RequestLog {
    pub fn new(shared: Arc<Shared>, keys: Keys) -> Self {
        Self::with_room_for(shared, keys, WAITING)
    }

    fn with_room_for(shared: Arc<Shared>, keys: Keys, waiting: usize) -> Self {
        let (sender, receiver) = mpsc::channel(waiting);
        let inner = Inner {
            sender,
            receiver: Mutex::new(Some(receiver)),
            places: places::Places::new(waiting, WAITING_BYTES),
            dropped: Mutex::default(),
            kept_for: RwLock::default(),
        };
        Self {
            shared,
            keys,
            inner: Arc::new(inner),
        }
    }

    /// Whether a line handed over now would be kept: else a call need not gather one, and says
    /// [`Self::missed`] at its end.
    pub fn has_room(&self) -> bool {
        self.inner.places.are_left()
    }

    /// Whether that organization keeps a log at all.
    pub fn is_wanted_by(&self, organization: OrganizationId) -> bool {
        let kept_for = self.inner.kept_for.read().unwrap_or_else(PoisonError::into_inner);
        kept_for.days(Some(organization)) > 0
    }

    /// Hands a call over; never waits.
    pub fn write(&self, record: Record) {
        let (organization, at) = (record.whose.organization(), record.at);
        if organization.is_some_and(|organization| !self.is_wanted_by(organization)) {
            return;
        }
        let weight = record.weight();
        if !self.inner.places.take(organization, weight) {
            return self.count_missed(organization, at);
        }
        if self.inner.sender.try_send(Job::Write(Box::new(record))).is_err() {
            self.inner.places.give_back(organization, weight);
            self.count_missed(organization, at);
        }
    }

    /// Counts a call for which there was no room.
    pub fn missed(&self, whose: &Whose, at: Timestamp) {
        let organization = whose.organization();
        if organization.is_none_or(|organization| self.is_wanted_by(organization)) {
            self.count_missed(organization, at);
        }
    }

    /// Waits until everything that was handed over is written; for tests and orderly ends.
    pub async fn flush(&self) {
        let (answer, done) = oneshot::channel();
        if self.inner.sender.send(Job::Flush(answer)).await.is_ok() {
            let _ = done.await;
        }
    }

    fn count_missed(&self, organization: Option<OrganizationId>, at: Timestamp) {
        let mut dropped = self.inner.dropped.lock().unwrap_or_else(PoisonError::into_inner);
        let missed = dropped.entry(organization).or_default();
        missed.count += 1;
        missed.last = missed.last.max(at);
    }
}
