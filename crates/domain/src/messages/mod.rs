//! Messages: the queue, the sending, the history, and what comes in.
//!
//! The life of one on its way out is `accept → plan → claim → send → record`. Accept answers
//! after its commit; claim marks what goes on the wire before the network is touched; whatever
//! is marked and not recorded after a crash is uncertain, and is settled by asking WhatsApp for
//! its id, never by sending it blindly again.

mod accept;
mod batch;
mod check;
mod choose;
mod dispatch;
mod fetch;
mod idempotency;
mod incoming;
mod manage;
mod place;
mod read;
mod reconcile;
mod record;
pub(crate) mod store;
#[cfg(test)]
mod tests;
mod unassigned;
mod wake;

use crate::{Ctx, Result, Shared, Tx, media::MediaRoom, sessions::Sessions};
use std::sync::Arc;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use types::{
    AppError, OrganizationId, Permission, SessionId,
    messages::{Accept, Accepted},
};

#[derive(Clone)]
pub struct Messages {
    shared: Arc<Shared>,
    sessions: Sessions,
    media: MediaRoom,
    wake: wake::Wake,
    /// Lanes are planned by one transaction at a time on this node.
    planning: Arc<tokio::sync::Mutex<()>>,
    /// Entries are counted one by one for one caller at a time: sending reads through the same few
    /// connections.
    counting: Arc<tokio::sync::Mutex<()>>,
    writer: Arc<std::sync::OnceLock<accept::Writer>>,
}

impl Messages {
    pub fn new(shared: Arc<Shared>, sessions: Sessions, media: MediaRoom) -> Self {
        Self {
            shared,
            sessions,
            media,
            wake: wake::Wake::default(),
            planning: Arc::default(),
            counting: Arc::default(),
            writer: Arc::default(),
        }
    }

    /// Queues messages. Each draft stands alone; the good ones are one commit.
    ///
    /// Answers only after that commit. With an idempotency key a repeat gets the first answer
    /// again; another body under the same key is a conflict (`IDEMPOTENCY_KEY_REUSED`).
    pub async fn accept(&self, ctx: &Ctx, input: Accept) -> Result<Accepted> {
        let organization = ctx.require(Permission::MessagesSend)?;
        self.accept_checked(ctx, organization, input, None).await
    }

    /// Starts sending on this node.
    pub fn start(&self, tasks: &TaskTracker, stop: CancellationToken) {
        tasks.spawn(dispatch::supervise(self.clone(), tasks.clone(), stop.clone()));
        tasks.spawn(fetch::run(self.clone(), stop.clone()));
        tasks.spawn(idempotency::sweep(self.clone(), stop));
    }

    /// Takes the waiting messages of a session that goes away off its lane; they are planned
    /// again as soon as another session can send.
    pub async fn unassign_in(
        &self,
        tx: &mut Tx,
        organization: OrganizationId,
        session: SessionId,
    ) -> Result<u64> {
        store::claim::unassign(tx.conn(), organization, session).await
    }

    /// Something waits without a session now.
    pub(crate) fn plan_soon(&self) {
        self.wake.unassigned.notify_one();
    }
}

fn not_found() -> AppError {
    AppError::not_found("message")
}
