//! Fetches attachments that were named by URL, after accept and before the message may leave.

use super::{Messages, record::record_queued, store};
use crate::Result;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use store::read::Fetching;
use tokio_util::sync::CancellationToken;
use types::{MessageId, OrganizationId};

/// What is being fetched, and for whom.
type UnderWay = HashMap<MessageId, OrganizationId>;

/// Attachments that are fetched at the same time, in all and for one organization: a server that
/// answers slowly must not hold up everybody else's.
const AT_ONCE: usize = 16;
const EACH: usize = 2;
/// Rest after an error of ours, so that a full disk does not hammer somebody else's server.
const REST: i64 = 10_000;

/// Fetches until the server stops. An interrupted fetch begins anew at the next start.
pub async fn run(messages: Messages, stop: CancellationToken) {
    let under_way: Arc<Mutex<UnderWay>> = Arc::default();
    loop {
        match store::read::fetching(messages.shared.read(), 2 * AT_ONCE as i64, 2 * EACH as i64).await {
            Ok(waiting) => {
                for one in begin(&under_way, waiting) {
                    let (messages, under_way) = (messages.clone(), Arc::clone(&under_way));
                    tokio::spawn(async move {
                        let id = one.id;
                        if let Err(error) = messages.fetch(one).await {
                            tracing::error!(%error, %id, "an attachment could not be kept; trying again");
                            messages.shared.clock.sleep(REST).await;
                        }
                        lock(&under_way).remove(&id);
                        messages.wake.fetch.notify_one();
                    });
                }
            }
            Err(error) => tracing::error!(%error, "attachments to fetch could not be read"),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = messages.wake.fetch.notified() => {}
            () = messages.shared.clock.sleep(5_000) => {}
        }
    }
}

/// Those that are not under way yet, as many as there is room for.
fn begin(under_way: &Mutex<UnderWay>, waiting: Vec<Fetching>) -> Vec<Fetching> {
    let mut under_way = lock(under_way);
    let mut fresh = Vec::new();
    for one in waiting {
        let same = under_way
            .values()
            .filter(|organization| **organization == one.organization)
            .count();
        if under_way.len() < AT_ONCE && same < EACH && !under_way.contains_key(&one.id) {
            under_way.insert(one.id, one.organization);
            fresh.push(one);
        }
    }
    fresh
}

fn lock(under_way: &Mutex<UnderWay>) -> std::sync::MutexGuard<'_, UnderWay> {
    under_way.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Messages {
    /// Fetches one attachment. What cannot be fetched, or may not be sent, fails the message: a
    /// text never leaves without its attachment.
    async fn fetch(&self, one: Fetching) -> Result<()> {
        let found = match self.media.fetch(&one.url, one.kind).await {
            Ok(found) => found,
            Err(problem) => {
                let mut tx = self.shared.begin().await?;
                let now = tx.now();
                let reason = format!("The attachment could not be used: {problem}");
                self.failed_in(&mut tx, one.organization, &[one.id], &reason, now)
                    .await?;
                tx.commit().await?;
                // Later ones to the same recipient have waited for it.
                self.wake.notify_all(one.organization);
                return Ok(());
            }
        };
        let file = self.media.put(found.bytes.clone()).await?;
        let mut tx = self.shared.begin().await?;
        let media = self
            .media
            .record_in(
                tx.conn(),
                one.organization,
                &file,
                &found.found,
                found.filename.as_deref(),
            )
            .await?;
        let fetched =
            store::manage::fetched(tx.conn(), one.organization, one.id, media.id, media.kind).await?;
        if let Some(fetched) = &fetched {
            let (session, queue_id) = (fetched.session, fetched.queue_id.unwrap_or_default());
            record_queued(
                &mut tx,
                one.organization,
                session,
                one.id,
                queue_id,
                &fetched.recipient,
            );
        }
        tx.commit().await?;
        if let Some(fetched) = fetched {
            match fetched.session {
                Some(session) => self.wake.notify(session),
                None => self.wake.notify_pool(one.organization),
            }
        }
        Ok(())
    }
}
