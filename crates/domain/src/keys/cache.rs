//! Keys that were checked moments ago, so that a request costs no query.
//!
//! An entry is trusted for two seconds; after one second a single request looks again while
//! the others go on, so that a busy key never makes a crowd wait.

use super::secret::Digest;
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicI64, Ordering::Relaxed},
    },
};
use types::{ApiKeyId, OrganizationId, Permissions, SessionId, Timestamp};

const FRESH_MS: i64 = 1_000;
const TRUSTED_MS: i64 = 2_000;
const UNKNOWN_MS: i64 = 5_000;
/// Beyond it the caches give way instead of growing.
const MOST: usize = 10_000;

/// What a request needs to know of its key.
pub struct Entry {
    pub id: ApiKeyId,
    pub organization: OrganizationId,
    pub session: Option<SessionId>,
    pub permissions: Permissions,
    pub expires_at: Option<Timestamp>,
    pub suspended: bool,
    /// When the database was asked.
    pub checked_at: Timestamp,
    pub refreshing: AtomicBool,
    pub used: Arc<Used>,
}

/// When a key was last used, and how much of that the database knows; outlives a new check.
#[derive(Default)]
pub struct Used {
    pub at: AtomicI64,
    pub written: AtomicI64,
}

pub enum Found {
    Trusted(Arc<Entry>),
    /// Looked for a moment ago, and it lets nobody in.
    Refused,
    /// The database must be asked.
    Ask,
}

#[derive(Default)]
pub struct Cache {
    known: RwLock<Known>,
    refused: Mutex<HashMap<Digest, Timestamp>>,
}

#[derive(Default)]
struct Known {
    entries: HashMap<Digest, Arc<Entry>>,
    /// Counts up when a key is revoked: what was read before must not be kept after.
    generation: u64,
}

impl Cache {
    pub fn find(&self, digest: &Digest, now: Timestamp) -> Found {
        let entry = self
            .known
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .entries
            .get(digest)
            .cloned();
        if let Some(entry) = entry {
            return match now - entry.checked_at {
                0..FRESH_MS => Found::Trusted(entry),
                FRESH_MS..TRUSTED_MS if entry.refreshing.swap(true, Relaxed) => Found::Trusted(entry),
                _ => Found::Ask,
            };
        }
        let refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        match refused.get(digest) {
            Some(at) if (0..UNKNOWN_MS).contains(&(now - *at)) => Found::Refused,
            _ => Found::Ask,
        }
    }

    /// Take this before asking the database, and give it to [`Self::keep`].
    pub fn generation(&self) -> u64 {
        self.known
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .generation
    }

    /// What is known of the key's use, to go into its next entry.
    pub fn used(&self, digest: &Digest) -> Arc<Used> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known
            .entries
            .get(digest)
            .map(|entry| Arc::clone(&entry.used))
            .unwrap_or_default()
    }

    pub fn keep(&self, digest: Digest, entry: Arc<Entry>, generation: u64) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.generation != generation {
            return;
        }
        if known.entries.len() >= MOST {
            let now = entry.checked_at;
            known.entries.retain(|_, old| now - old.checked_at < TRUSTED_MS);
        }
        if known.entries.len() < MOST {
            known.entries.insert(digest, entry);
        }
    }

    pub fn refuse(&self, digest: Digest, now: Timestamp) {
        self.known
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .entries
            .remove(&digest);
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        if refused.len() >= MOST {
            refused.clear();
        }
        refused.insert(digest, now);
    }

    /// The key was revoked here.
    pub fn forget(&self, id: ApiKeyId) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.generation += 1;
        known.entries.retain(|_, entry| entry.id != id);
    }

    /// Entries whose last use the database does not know yet.
    pub fn unwritten(&self) -> Vec<Arc<Entry>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known
            .entries
            .values()
            .filter(|entry| entry.used.at.load(Relaxed) > entry.used.written.load(Relaxed))
            .cloned()
            .collect()
    }
}
