//! Messages: the queue, the sending, the history, and what comes in.
//!
//! The life of one on its way out is `accept → claim → send → record`. Accept answers after its
//! commit; when a message leaves is decided when it leaves, by `pacing`, and explained by the same
//! code; claim marks what goes on the wire before the network is touched; whatever
//! is marked and not recorded after a crash is uncertain, and is settled by asking WhatsApp for
//! its id, never by sending it blindly again.

mod accept;
mod aside;
mod batch;
mod board;
mod check;
mod choose;
mod claim;
mod dispatch;
mod explain;
mod export;
mod fetch;
mod foretell;
mod idempotency;
mod incoming;
mod lanes;
mod manage;
mod outcome;
mod outlook;
mod place;
mod read;
mod recipients;
mod reconcile;
mod record;
mod release;
mod remembered;
mod settle;
pub(crate) mod store;
#[cfg(test)]
mod tests;
mod wake;
mod warn;

use crate::{
    Ctx, Result, Shared, alerts::Alerts, media::MediaRoom, sessions::Sessions, settings::SettingsRoom,
};
use std::sync::Arc;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use types::{
    AppError, Permission,
    messages::{Accept, Accepted},
};

#[derive(Clone)]
pub struct Messages {
    shared: Arc<Shared>,
    sessions: Sessions,
    media: MediaRoom,
    settings: SettingsRoom,
    alerts: Alerts,
    wake: wake::Wake,
    lanes: lanes::Lanes,
    /// What queues are expected to end at, for a moment.
    outlooks: remembered::Outlooks,
    /// Entries are counted one by one for one caller at a time: sending reads through the same few
    /// connections.
    counting: Arc<tokio::sync::Mutex<()>>,
    writer: Arc<std::sync::OnceLock<accept::Writer>>,
}

impl Messages {
    pub fn new(shared: Arc<Shared>, sessions: Sessions, media: MediaRoom, settings: SettingsRoom) -> Self {
        Self {
            alerts: Alerts::new(Arc::clone(&shared)),
            shared,
            sessions,
            media,
            settings,
            wake: wake::Wake::default(),
            lanes: lanes::Lanes::default(),
            outlooks: remembered::Outlooks::default(),
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

    /// Something of a deleted session waits.
    pub(crate) fn plan_soon(&self) {
        self.wake.deleted.notify_one();
    }

    /// When each lane of this node looks again by itself, `None` for one that works: what a test
    /// needs to move its clock from moment to moment.
    #[cfg(feature = "testing")]
    pub fn all_asleep_until(&self) -> Vec<Option<types::Timestamp>> {
        self.lanes.all_asleep_until()
    }
}

fn not_found() -> AppError {
    AppError::not_found("message")
}
