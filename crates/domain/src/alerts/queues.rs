//! Whether something is due and does not leave although its session is connected.

use super::{
    Alerts, Named, NewAlert, Subject,
    store_watch::{self as store, Queue},
    watch::{LOOK, Looks},
};
use crate::Result;
use types::{Timestamp, alerts::AlertKind};

const MINUTE_MS: i64 = 60_000;
/// How long a message may be due.
const STALLED_MS: i64 = 10 * MINUTE_MS;

impl Queue {
    /// For how many minutes it has stood still; `None` when it moves or has nothing to move.
    fn stalled_for(&self, now: Timestamp) -> Option<i64> {
        let due = self.due_at?;
        let since = due
            .max(self.connected_since?)
            .max(self.last_left_at.unwrap_or(due));
        (now - since >= STALLED_MS).then(|| (now - since) / MINUTE_MS)
    }
}

impl Alerts {
    /// Looks at one page of sessions and notes in `looks` where the next one begins. Of each lane
    /// only its head is read.
    pub(super) async fn look_at_queues(&self, looks: &mut Looks) -> Result<()> {
        let page = store::queues(self.shared.read(), looks.queues, LOOK).await?;
        let now = self.shared.now();
        for queue in &page {
            let stalled = queue.stalled_for(now);
            match stalled {
                Some(minutes) if !queue.told => {
                    let named = Named {
                        organization: queue.organization,
                        session: queue.session,
                        name: &queue.name,
                    };
                    let mut tx = self.shared.begin().await?;
                    self.raise_in(&mut tx, NewAlert::stalled_queue(named, minutes))
                        .await?;
                    tx.commit().await?;
                }
                None if queue.told => {
                    let mut tx = self.shared.begin().await?;
                    let subject = Subject::session(queue.session);
                    self.clear_in(&mut tx, queue.organization, AlertKind::StalledQueue, &subject)
                        .await?;
                    tx.commit().await?;
                }
                _ => {}
            }
        }
        looks.queues = (page.len() as i64 == LOOK)
            .then(|| page.last().map(|queue| queue.session))
            .flatten();
        Ok(())
    }
}
