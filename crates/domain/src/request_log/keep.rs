//! How long lines stay.

use super::{RequestLog, settings::KeptFor, store};
use crate::Result;
use std::{sync::PoisonError, time::Duration};
use types::Timestamp;

pub const SWEEP_EVERY_MS: i64 = 60_000;
const DAY_MS: i64 = 86_400_000;
/// Lines that go in one transaction.
const BATCH: i64 = 250;
/// Between two of them others write.
const REST: Duration = Duration::from_millis(20);

impl RequestLog {
    /// Once a minute: learns what other nodes were told about keeping, and sweeps.
    pub(super) async fn look_after(&self) {
        if let Err(error) = self.learn().await {
            tracing::warn!(
                ?error,
                "the request log's settings could not be read; trying again in a minute"
            );
            return;
        }
        match self.sweep().await {
            Ok(0) => {}
            Ok(gone) => tracing::debug!(gone, "swept the request log"),
            Err(error) => tracing::warn!(
                ?error,
                "the request log could not be swept; trying again in a minute"
            ),
        }
    }

    /// Reads how long each organization keeps its log.
    pub(super) async fn learn(&self) -> Result<()> {
        let platform = store::platform(self.shared.read()).await?;
        let days = store::own_days(self.shared.read()).await?;
        let learned = KeptFor::new(platform.days, days);
        *self
            .inner
            .kept_for
            .write()
            .unwrap_or_else(PoisonError::into_inner) = learned;
        Ok(())
    }

    /// Takes out what is too old; then, while there is too much in all, the oldest of whoever has
    /// the most, so that a busy organization does not push the lines of a quiet one out.
    pub(super) async fn sweep(&self) -> Result<i64> {
        let most = store::platform(self.shared.read()).await?.entries;
        let now = self.shared.now();
        let mut all = store::entries(self.shared.read()).await?;
        let mut gone = 0;
        for (organization, entries) in &mut all {
            let days = {
                let kept_for = self.inner.kept_for.read().unwrap_or_else(PoisonError::into_inner);
                kept_for.days_of(organization)
            };
            let before = if days == 0 {
                Timestamp(i64::MAX)
            } else {
                now + -days * DAY_MS
            };
            loop {
                let some = self.take_out(organization, before).await?;
                gone += some;
                *entries -= some;
                if some < BATCH {
                    break;
                }
            }
        }
        let mut total: i64 = all.iter().map(|(_, entries)| *entries).sum();
        while total > most {
            let Some((organization, entries)) = all.iter_mut().max_by_key(|(_, entries)| *entries) else {
                break;
            };
            let some = self.take_out(organization, Timestamp(i64::MAX)).await?;
            if some == 0 {
                // Counted but not there; the next sweep must not stumble over it again.
                *entries = 0;
            }
            gone += some;
            *entries -= some;
            total = all.iter().map(|(_, entries)| *entries).sum();
        }
        Ok(gone)
    }

    /// One batch of the oldest lines from before that moment.
    async fn take_out(&self, organization: &str, before: Timestamp) -> Result<i64> {
        let mut tx = self.shared.begin().await?;
        let gone = store::delete_before(tx.conn(), organization, before, BATCH).await?;
        store::forget_dropped(tx.conn(), organization, before).await?;
        if gone > 0 {
            let less = store::Numbers {
                entries: -gone,
                ..store::Numbers::default()
            };
            store::count(tx.conn(), organization, less).await?;
        }
        tx.commit().await?;
        if gone > 0 {
            tokio::time::sleep(REST).await;
        }
        Ok(gone)
    }
}
