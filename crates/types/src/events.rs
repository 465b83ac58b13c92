//! The event log's vocabulary: one for live pages, webhooks and the log itself.

use crate::{EventId, OrganizationId, Permission, SessionId, Timestamp};
use serde::{Deserialize, Serialize};

macro_rules! event_types {
    ($($variant:ident = $name:literal needs $permission:ident,)*) => {
        /// What happened.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum EventType {
            $(#[serde(rename = $name)] $variant,)*
        }

        impl EventType {
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What one must be allowed to see to hear of it.
            pub const fn permission(self) -> Permission {
                match self { $(Self::$variant => Permission::$permission,)* }
            }
        }
    };
}

event_types! {
    MessageReceived = "message.received" needs ChatsView,
    MessageQueued = "message.queued" needs QueueView,
    MessageSent = "message.sent" needs QueueView,
    MessageDelivered = "message.delivered" needs QueueView,
    MessageRead = "message.read" needs QueueView,
    MessageFailed = "message.failed" needs QueueView,
    MessageUncertain = "message.uncertain" needs QueueView,
    MessageCancelled = "message.cancelled" needs QueueView,
    BatchChanged = "batch.changed" needs QueueView,
    SessionStatus = "session.status" needs SessionsView,
    SessionQr = "session.qr" needs SessionsView,
    SandboxChanged = "sandbox.changed" needs SandboxUse,
    KeyChanged = "key.changed" needs KeysView,
    SettingsChanged = "settings.changed" needs SettingsView,
    AlertRaised = "alert.raised" needs AlertsView,
    AlertAcknowledged = "alert.acknowledged" needs AlertsView,
    AlertResolved = "alert.resolved" needs AlertsView,
}

impl EventType {
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|t| t.name() == name)
    }
}

/// An entry of the log, as the live stream carries it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Event {
    /// Place in the log; later events have larger ones. Also the `Last-Event-ID`.
    pub seq: i64,
    pub id: EventId,
    #[serde(rename = "type")]
    pub kind: EventType,
    pub timestamp: Timestamp,
    pub organization: OrganizationId,
    pub session: Option<SessionId>,
    /// The subject's id and whatever a page needs to patch itself.
    pub data: serde_json::Value,
}
