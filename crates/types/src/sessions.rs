//! Sessions: WhatsApp numbers that are linked here.

use crate::{SessionId, Timestamp};
use serde::{Deserialize, Serialize};

/// By which road a session reaches WhatsApp.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// A made-up phone; nothing leaves this server.
    Sandbox,
}

/// A session as menus name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionName {
    pub id: SessionId,
    pub name: String,
    pub number: Option<String>,
    pub state: SessionState,
    pub channel: Channel,
}

impl Channel {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sandbox => "sandbox",
        }
    }
}

/// Where a session stands. The reason beside it says why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SessionState {
    /// Switched off here; starts when told to.
    Stopped,
    Connecting,
    /// Waits for a phone to scan the QR code or to take the pairing code.
    Linking,
    Connected,
    /// The line broke; it is being tried again.
    Reconnecting,
    /// The phone or we ended the link; must be linked again.
    LoggedOut,
    /// WhatsApp lets it send nothing for a while.
    Restricted,
}

impl SessionState {
    pub const ALL: &'static [Self] = &[
        Self::Stopped,
        Self::Connecting,
        Self::Linking,
        Self::Connected,
        Self::Reconnecting,
        Self::LoggedOut,
        Self::Restricted,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Stopped => "stopped",
            Self::Connecting => "connecting",
            Self::Linking => "linking",
            Self::Connected => "connected",
            Self::Reconnecting => "reconnecting",
            Self::LoggedOut => "logged_out",
            Self::Restricted => "restricted",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|s| s.name() == name)
    }

    /// Whether messages may leave through it now.
    pub const fn can_send(self) -> bool {
        matches!(self, Self::Connected)
    }
}

/// A session as lists and pages show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    pub id: SessionId,
    pub name: String,
    pub channel: Channel,
    /// Digits; `None` until a phone was linked.
    pub number: Option<String>,
    pub state: SessionState,
    /// A sentence: why it is in this state, for every state that somebody may wonder about.
    pub reason: Option<String>,
    pub state_since: Timestamp,
    pub created_at: Timestamp,
    pub linked_at: Option<Timestamp>,
    /// Sent since midnight in the organization's time zone.
    pub sent_today: i64,
    pub sent: i64,
    pub failed: i64,
    /// Waiting for this session.
    pub queued: i64,
    pub last_sent_at: Option<Timestamp>,
}

impl Session {
    /// Whole days since it was linked.
    pub fn age_days(&self, as_of: Timestamp) -> i64 {
        self.linked_at.map_or(0, |at| ((as_of - at) / 86_400_000).max(0))
    }

    /// How many messages a day are advised for a number of its age. WhatsApp publishes no limit, so
    /// this is experience: a hint, never forced.
    pub fn advised_daily(&self, as_of: Timestamp) -> (i64, i64) {
        if self.age_days(as_of) > 30 {
            (150, 200)
        } else {
            (60, 80)
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreateSession {
    /// 1 to 80 characters.
    pub name: String,
}

/// One change of state, newest first in lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Transition {
    pub state: SessionState,
    pub reason: Option<String>,
    pub at: Timestamp,
}

/// What the pairing dialog shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Pairing {
    pub session: SessionId,
    pub state: SessionState,
    pub qr: Option<QrCode>,
    pub code: Option<PairingCode>,
    pub as_of: Timestamp,
}

/// A QR code that a phone can scan until it expires; a new one follows by itself until
/// `last` is set, then a person must ask for more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QrCode {
    /// The text in the code.
    pub text: String,
    /// The same drawn as an SVG path for a square of `size` modules; dark modules only.
    pub path: String,
    pub size: u32,
    pub expires_at: Timestamp,
    pub last: bool,
}

/// Eight characters that a person types on the phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PairingCode {
    /// `ABCD-2345`.
    pub code: String,
    /// Digits of the phone it was asked for.
    pub number: String,
    pub expires_at: Timestamp,
}
