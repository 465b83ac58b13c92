//! The check of a key on every request, and the note of its last use.

use super::{
    Keys,
    cache::{Entry, Found},
    changed, secret, store,
};
use crate::{Actor, Ctx, Error, Result};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering::Relaxed},
};
use subtle::ConstantTimeEq as _;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use types::{ApiKeyId, AppError, OrganizationId, RequestId, SessionId, Timestamp};

/// How often the database learns when keys were used.
const WRITE_EVERY_MS: i64 = 60_000;

impl Keys {
    /// Writes down when keys were used, once a minute and at the end.
    pub fn start(&self, tasks: &TaskTracker, stop: CancellationToken) {
        let keys = self.clone();
        tasks.spawn(async move {
            loop {
                let over = tokio::select! {
                    () = stop.cancelled() => true,
                    () = keys.first_use.notified() => false,
                    () = keys.shared.clock.sleep(WRITE_EVERY_MS) => false,
                };
                if let Err(error) = keys.write_used().await {
                    tracing::warn!(
                        ?error,
                        "the last use of API keys could not be written; trying again in a minute"
                    );
                }
                if over {
                    return;
                }
            }
        });
    }

    /// Who comes with this key. Unknown, expired and revoked keys get one and the same answer.
    pub async fn authenticate(&self, secret: &str, request: RequestId) -> Result<Ctx> {
        let Some(prefix) = secret::prefix(secret) else {
            return Err(refused());
        };
        let digest = secret::digest(secret);
        let now = self.shared.now();
        let entry = match self.cache.find(&digest, now) {
            Found::Trusted(entry) => entry,
            Found::Refused => return Err(refused()),
            Found::Ask => self.ask(prefix, digest, now).await?,
        };
        if entry.expires_at.is_some_and(|at| at <= now) {
            return Err(refused());
        }
        if entry.suspended {
            return Err(AppError::Suspended.into());
        }
        entry.used.at.store(now.0, Relaxed);
        Ok(Ctx {
            actor: Actor::Key(entry.id),
            impersonator: None,
            organization: Some(entry.organization),
            permissions: entry.permissions,
            super_admin: false,
            session: entry.session,
            login: None,
            request,
        })
    }

    /// Whose key has that name and that hash, also when it lets nobody in any more.
    pub(crate) async fn owner_of(
        &self,
        prefix: &str,
        hash: &str,
    ) -> Result<Option<(OrganizationId, ApiKeyId, Option<SessionId>)>> {
        let row = store::by_prefix(self.shared.read(), prefix).await?;
        let row = row.filter(|row| bool::from(row.hash.as_bytes().ct_eq(hash.as_bytes())));
        Ok(row.map(|row| (row.organization, row.id, row.session)))
    }

    async fn ask(&self, prefix: &str, digest: secret::Digest, now: Timestamp) -> Result<Arc<Entry>> {
        let generation = self.cache.generation();
        let row = store::by_prefix(self.shared.read(), prefix).await?;
        let hash = secret::hex(&digest);
        let Some(row) = row.filter(|row| row.live && bool::from(row.hash.as_bytes().ct_eq(hash.as_bytes())))
        else {
            self.cache.refuse(digest, now);
            return Err(refused());
        };
        let used = self.cache.used(&digest);
        used.written
            .fetch_max(row.last_used_at.map_or(0, |at| at.0), Relaxed);
        let entry = Arc::new(Entry {
            id: row.id,
            organization: row.organization,
            session: row.session,
            permissions: row.permissions,
            expires_at: row.expires_at,
            suspended: row.suspended,
            checked_at: now,
            refreshing: AtomicBool::new(false),
            used,
        });
        self.cache.keep(digest, Arc::clone(&entry), generation);
        if row.last_used_at.is_none() {
            entry.used.at.store(now.0, Relaxed);
            self.first_use.notify_one();
        }
        Ok(entry)
    }

    /// Tells the database when keys were used. Only a first use is an event: pages tick it off.
    pub(super) async fn write_used(&self) -> Result<()> {
        let entries = self.cache.unwritten();
        if entries.is_empty() {
            return Ok(());
        }
        let mut tx = self.shared.begin().await?;
        let mut written = Vec::with_capacity(entries.len());
        for entry in entries {
            let at = entry.used.at.load(Relaxed);
            store::write_used(tx.conn(), entry.organization, entry.id, Timestamp(at)).await?;
            if entry.used.written.load(Relaxed) == 0 {
                changed(&mut tx, entry.organization, entry.session, entry.id);
            }
            written.push((entry, at));
        }
        tx.commit().await?;
        for (entry, at) in written {
            entry.used.written.fetch_max(at, Relaxed);
        }
        Ok(())
    }
}

fn refused() -> Error {
    AppError::Unauthenticated.into()
}
