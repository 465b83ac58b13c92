//! Whether something is due and does not leave although its session is connected.

use super::{
    Alerts, Named, NewAlert, Subject,
    store_watch::{self as store, Queue},
    watch::Looks,
};
use crate::{Ctx, Error, Result, messages::Messages};
use types::{AppError, RequestId, Timestamp, alerts::AlertKind, messages::MessageState};

const MINUTE_MS: i64 = 60_000;
/// How long a message may be due.
const STALLED_MS: i64 = 10 * MINUTE_MS;
/// Sessions of one look: for those that stand still the planner is asked why.
const PAGE: i64 = 20;

impl Queue {
    /// Whether it has sent nothing for so long that one may ask why.
    fn is_quiet(&self, now: Timestamp) -> bool {
        let long_ago = |at: Timestamp| now - at >= STALLED_MS;
        self.connected_since.is_some_and(long_ago) && self.last_left_at.is_none_or(long_ago)
    }
}

impl Alerts {
    /// Looks at one page of sessions and notes in `looks` where the next one begins, and since
    /// when nothing holds the head of a lane that stands still. Of each lane only its head is read.
    pub(super) async fn look_at_queues(&self, messages: &Messages, looks: &mut Looks) -> Result<()> {
        let now = self.shared.now();
        let page = store::queues(self.shared.read(), looks.queues, PAGE, now).await?;
        for queue in &page {
            let due = queue.is_quiet(now) && self.is_due(messages, queue, now).await?;
            if !due {
                looks.due.remove(&queue.session);
                if queue.told {
                    self.moves_again(queue).await?;
                }
                continue;
            }
            let since = *looks.due.entry(queue.session).or_insert(now);
            if now - since >= STALLED_MS && !queue.told {
                self.stands_still(queue, (now - since) / MINUTE_MS).await?;
            }
        }
        looks.queues = (page.len() as i64 == PAGE)
            .then(|| page.last().map(|queue| queue.session))
            .flatten();
        Ok(())
    }

    /// Whether the planner knows nothing that holds the head of the lane.
    async fn is_due(&self, messages: &Messages, queue: &Queue, now: Timestamp) -> Result<bool> {
        let head = match queue.head {
            Some(own) => Some(own),
            None => store::pool_head(self.shared.read(), queue.organization, now).await?,
        };
        let Some(head) = head else { return Ok(false) };
        let ctx = Ctx::system(queue.organization, RequestId(self.shared.ids.uuid()));
        match messages.get(&ctx, &head.to_string()).await {
            Ok(detail) => Ok(detail.entry.state == MessageState::Pending
                && now - detail.entry.created_at >= STALLED_MS
                && detail.gates.iter().all(|gate| gate.open)),
            // It left meanwhile, and its history was cleared away.
            Err(Error::App(AppError::NotFound { .. })) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn stands_still(&self, queue: &Queue, minutes: i64) -> Result<()> {
        let named = Named {
            organization: queue.organization,
            session: queue.session,
            name: &queue.name,
        };
        let mut tx = self.shared.begin().await?;
        self.raise_in(&mut tx, NewAlert::stalled_queue(named, minutes))
            .await?;
        tx.commit().await
    }

    async fn moves_again(&self, queue: &Queue) -> Result<()> {
        let subject = Subject::session(queue.session);
        let mut tx = self.shared.begin().await?;
        self.clear_in(&mut tx, queue.organization, AlertKind::StalledQueue, &subject)
            .await?;
        tx.commit().await
    }
}
