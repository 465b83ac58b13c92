//! What the room of batches needs of messages: judge a row, queue many, count and cancel them.

use super::{
    Messages,
    check::{Judged, check},
    manage::CHUNK,
    outlook::forecast,
    store::{self, outlook::Group},
};
use crate::{Ctx, Result};
use types::{
    AppError, BatchId, OrganizationId, Permission, Timestamp,
    batches::Through,
    messages::{Accept, Accepted, Class, Draft, MessageState},
};

impl Messages {
    /// What can be said of a draft before it is queued.
    pub(crate) fn judge(&self, draft: Draft) -> Result<(), AppError> {
        check(draft, &self.media, &mut Judged::new()).map(drop)
    }

    /// Like [`Self::accept`], for rows of a batch.
    pub(crate) async fn accept_of(&self, ctx: &Ctx, input: Accept, batch: BatchId) -> Result<Accepted> {
        let organization = ctx.require(Permission::MessagesSend)?;
        self.accept_checked(ctx, organization, input, Some(batch)).await
    }

    /// When the queue has left with those rows at its end, by expectation; nothing where some of
    /// them cannot leave as things are, or, without rows, something else cannot.
    pub(crate) async fn ends_with(
        &self,
        organization: OrganizationId,
        more: &[Through],
        chars: i64,
    ) -> Result<Option<Timestamp>> {
        let picture = self.picture(organization).await?;
        let play = |groups: &[Group]| {
            let (policy, seen, used) = (&picture.policy, &picture.seen, &picture.used);
            forecast(policy, seen, groups, None, used, picture.now)
        };
        let mut groups = picture.groups.to_vec();
        let before = play(&groups);
        let (stays, length) = (before.stays, groups.len());
        groups.extend(more.iter().filter(|more| more.rows > 0).map(|more| Group {
            session: more.session,
            rank: store::rank(Class::Bulk),
            count: more.rows,
            chars,
        }));
        if groups.len() == length {
            return Ok(before.at.filter(|_| stays == 0));
        }
        let ends = play(&groups);
        Ok(ends.at.filter(|_| ends.stays <= stays))
    }

    /// How many messages of a batch are in which state.
    pub(crate) async fn states_of(
        &self,
        organization: OrganizationId,
        batch: BatchId,
    ) -> Result<Vec<(MessageState, i64)>> {
        store::batch::states(self.shared.read(), organization, batch).await
    }

    /// Takes out of the queue what waits of a batch; answers how many. The caller has checked
    /// who may.
    pub(crate) async fn cancel_of(
        &self,
        ctx: &Ctx,
        organization: OrganizationId,
        batch: BatchId,
    ) -> Result<i64> {
        let mut total = 0;
        loop {
            let mut tx = self.shared.begin().await?;
            let ids = store::batch::pending_ids(tx.conn(), organization, batch, CHUNK).await?;
            if ids.is_empty() {
                return Ok(total);
            }
            let cancelled = self.cancel_in(&mut tx, ctx, organization, &ids).await?;
            tx.commit().await?;
            total += cancelled;
            if cancelled == 0 {
                return Ok(total);
            }
        }
    }
}
