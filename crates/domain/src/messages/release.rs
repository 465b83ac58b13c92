//! Messages whose session goes away, or cannot send for long: what does not insist on it goes back
//! to the pool, where any session of the organization may take it.

use super::{Messages, claim::Ranked, record::Lane, store};
use crate::{Result, Tx};
use types::{MessageId, OrganizationId, SessionId};

/// Entries that one transaction moves.
const CHUNK: i64 = 500;

impl Messages {
    /// Takes the first waiting messages of a session that goes away off its lane; the rest follows.
    pub async fn unassign_in(
        &self,
        tx: &mut Tx,
        organization: OrganizationId,
        session: SessionId,
    ) -> Result<u64> {
        store::claim::release(tx.conn(), organization, session, true, CHUNK).await
    }

    /// A lane ended. What only happened to lie in it is there for the others.
    pub(super) async fn release_lane(&self, lane: Lane) -> Result<()> {
        loop {
            let mut tx = self.shared.begin().await?;
            let moved =
                store::claim::release(tx.conn(), lane.organization, lane.session, false, CHUNK).await?;
            if moved == 0 {
                return Ok(());
            }
            tx.commit().await?;
            self.wake.notify_pool(lane.organization);
            if moved < CHUNK as u64 {
                return Ok(());
            }
        }
    }

    /// Messages that may not leave through this session for long go back to the pool: another one
    /// may send them.
    pub(super) async fn give_back(&self, lane: Lane, ids: &[MessageId]) -> Result<Ranked> {
        let mut tx = self.shared.begin().await?;
        let moved = store::claim::give_back(&mut tx, lane.organization, lane.session, ids).await?;
        if moved == 0 {
            // Somebody else was faster; not at once again.
            return Ok(Ranked::Shut(tx.now() + 1_000));
        }
        tx.commit().await?;
        self.wake.notify_pool(lane.organization);
        Ok(Ranked::Moved)
    }

    /// What a session still had when it was deleted waits for another one; what was on its wire
    /// can no longer be settled by anybody. Takes one chunk of each deleted session, so that none
    /// waits for another's thousands; answers whether there is more.
    pub(super) async fn take_from_deleted(&self) -> Result<bool> {
        let (mut more, mut failed) = (false, None);
        for (organization, session) in store::claim::of_deleted(self.shared.read()).await? {
            match self.take_chunk(organization, session).await {
                Ok(full) => more |= full,
                Err(error) => failed = Some(error),
            }
            // Not in the way of those who send meanwhile.
            tokio::task::yield_now().await;
        }
        failed.map_or(Ok(more), Err)
    }

    async fn take_chunk(&self, organization: OrganizationId, session: SessionId) -> Result<bool> {
        let mut tx = self.shared.begin().await?;
        let now = tx.now();
        let moved = store::claim::release(tx.conn(), organization, session, true, CHUNK).await?;
        let lost: Vec<MessageId> =
            store::record::uncertain_of(self.shared.read(), organization, session, CHUNK)
                .await?
                .into_iter()
                .map(|(id, _)| id)
                .collect();
        let why =
            "The session was deleted while this message was on the wire; whether it arrived is not known.";
        self.failed_in(&mut tx, organization, &lost, why, now).await?;
        tx.commit().await?;
        self.wake.notify_pool(organization);
        Ok(moved == CHUNK as u64 || lost.len() == CHUNK as usize)
    }
}
