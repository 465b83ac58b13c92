//! The rooms: rules, SQL and events of every feature. Knows nothing of HTTP or pages.
//!
//! One feature is one room: `mod.rs` holds its verbs (each begins with its permission),
//! `store.rs` all of its SQL. A room may call another room's verbs, never its store. A change
//! and its event are written in one transaction ([`Tx::record`]).

mod core;

pub mod alerts;
pub mod batches;
pub mod chats;
pub mod dashboard;
pub mod events;
pub mod keys;
pub mod media;
pub mod messages;
pub mod orgs;
pub mod people;
pub mod request_log;
pub mod sandbox;
pub mod sessions;
pub mod settings;

#[cfg(feature = "testing")]
pub mod testing;

pub use crate::core::{
    Actor, Clock, Config, Ctx, Error, IdGen, NewEvent, Random, Result, Secrets, Shared, Tx, make_private,
    time,
};
use std::sync::Arc;

/// Every room, ready for use. Cheap to clone.
#[derive(Clone)]
pub struct Domain {
    pub shared: Arc<Shared>,
    pub people: people::People,
    pub orgs: orgs::Orgs,
    pub keys: keys::Keys,
    pub settings: settings::SettingsRoom,
    pub sessions: sessions::Sessions,
    pub messages: messages::Messages,
    pub batches: batches::Batches,
    pub chats: chats::Chats,
    pub sandbox: sandbox::Sandbox,
    pub events: events::Events,
    pub media: media::MediaRoom,
    pub dashboard: dashboard::DashboardRoom,
    pub alerts: alerts::Alerts,
    pub request_log: request_log::RequestLog,
}

impl Domain {
    /// Builds the rooms over what they share. Starts no background work; see [`Domain::start`].
    pub fn new(shared: Shared) -> Self {
        let shared = Arc::new(shared);
        let alerts = alerts::Alerts::new(Arc::clone(&shared));
        let media = media::MediaRoom::new(Arc::clone(&shared));
        let sandbox = sandbox::Sandbox::new(Arc::clone(&shared), media.clone());
        let sessions = sessions::Sessions::new(Arc::clone(&shared), sandbox.clone());
        let settings = settings::SettingsRoom::new(Arc::clone(&shared));
        let messages = messages::Messages::new(
            Arc::clone(&shared),
            sessions.clone(),
            media.clone(),
            settings.clone(),
        );
        let chats = chats::Chats::new(Arc::clone(&shared), messages.clone());
        let batches = batches::Batches::new(Arc::clone(&shared), messages.clone());
        let orgs = orgs::Orgs::new(Arc::clone(&shared));
        let keys = keys::Keys::new(Arc::clone(&shared));
        Self {
            people: people::People::new(Arc::clone(&shared), orgs.clone(), keys.clone(), sessions.clone()),
            settings,
            chats: chats.clone(),
            events: events::Events::new(Arc::clone(&shared)),
            dashboard: dashboard::DashboardRoom::new(
                Arc::clone(&shared),
                dashboard::Rooms {
                    sessions: sessions.clone(),
                    messages: messages.clone(),
                    chats,
                    batches: batches.clone(),
                    alerts: alerts.clone(),
                },
            ),
            batches,
            request_log: request_log::RequestLog::new(Arc::clone(&shared), keys.clone()),
            orgs,
            keys,
            sessions,
            messages,
            sandbox,
            media,
            alerts,
            shared,
        }
    }

    /// Starts the background work of this node: sessions connect, the queue is sent, receipts
    /// come in. Ends when `stop` is cancelled; what is on the wire is finished first.
    pub fn start(&self, stop: tokio_util::sync::CancellationToken) -> tokio_util::task::TaskTracker {
        let tasks = tokio_util::task::TaskTracker::new();
        self.sessions.start(self.messages.clone(), &tasks, stop.clone());
        self.sandbox.start(self.sessions.clone(), &tasks, stop.clone());
        self.messages.start(&tasks, stop.clone());
        self.alerts.start(self.messages.clone(), &tasks, stop.clone());
        self.batches.start(&tasks, stop.clone());
        self.people.start(&tasks, stop.clone());
        self.request_log.start(&tasks, stop.clone());
        self.keys.start(&tasks, stop);
        tasks.close();
        tasks
    }
}
