//! How much may wait to be confirmed.

use super::{Batches, changed, files, store_open};
use crate::Result;
use types::{AppError, OrganizationId};

/// Most drafts of one organization.
const MOST: usize = 20;
/// What they may take on disk together before another is refused, in bytes.
const MOST_BYTES: u64 = 256 << 20;
/// Drafts older than this make room for new ones, in milliseconds.
const OLD: i64 = 3_600_000;

impl Batches {
    /// Makes room for one more draft, or says what to do.
    pub(super) async fn make_room(&self, organization: OrganizationId) -> Result<()> {
        if self.has_room(organization).await? {
            return Ok(());
        }
        self.forget_old(organization).await?;
        if self.has_room(organization).await? {
            return Ok(());
        }
        let why = "Too many lists wait to be queued already: 20, or 256 MB together, is the most. Queue or cancel some \
                   of them. One that nobody queues makes room for others an hour after it was uploaded.";
        Err(AppError::conflict("TOO_MANY_DRAFTS", why).into())
    }

    async fn has_room(&self, organization: OrganizationId) -> Result<bool> {
        let drafts = store_open::drafts(self.shared.read(), organization, None).await?;
        Ok(drafts.len() < MOST && files::bytes_of(&self.shared.config.data, drafts).await? < MOST_BYTES)
    }

    async fn forget_old(&self, organization: OrganizationId) -> Result<()> {
        let before = self.shared.now() + -OLD;
        let mut tx = self.shared.begin().await?;
        let old = store_open::drafts(&mut *tx.conn(), organization, Some(before)).await?;
        store_open::forget_drafts(tx.conn(), before, Some(organization)).await?;
        for id in &old {
            changed(&mut tx, organization, *id);
        }
        tx.commit().await?;
        for id in old {
            // Somebody may have confirmed it in between.
            if !store_open::is_open(self.shared.read(), id).await? {
                files::remove(&self.shared.config.data, id).await;
            }
        }
        Ok(())
    }
}
