//! The sandbox: made-up phones that can be held in the browser.

use crate::{FaultId, MediaId, SessionId, Timestamp, media::MediaKind, sessions::SessionState};
use serde::{Deserialize, Serialize};

/// The linked phone and its customers, as the phone page shows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Phone {
    pub session: SessionId,
    pub session_name: String,
    pub state: SessionState,
    pub reason: Option<String>,
    /// Digits of the linked phone; made up when the session was made.
    pub number: String,
    pub linked: bool,
    /// The customers who see "typing" now.
    pub typing: Vec<String>,
    pub faults: Vec<Fault>,
    pub as_of: Timestamp,
}

/// One chat on a phone: the last bubble of each customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PhoneChat {
    /// The customer's digits, or a group's JID.
    pub number: String,
    pub last_text: Option<String>,
    pub last_at: Timestamp,
    pub last_from_customer: bool,
}

/// One arrival on a customer's phone, or one message the customer wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PhoneMessage {
    /// Counts up per deployment; also the cursor.
    pub seq: i64,
    /// WhatsApp's message id, chosen by the sender. A second arrival of the same id is a second row.
    pub message_id: String,
    pub number: String,
    pub from_customer: bool,
    /// Typed on the linked phone itself.
    pub from_linked_phone: bool,
    pub text: Option<String>,
    pub media_kind: Option<MediaKind>,
    pub media: Option<MediaId>,
    pub filename: Option<String>,
    pub at: Timestamp,
    pub tick: Tick,
}

/// What the sender sees beside the bubble.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Tick {
    Sent,
    Delivered,
    Read,
}

impl Tick {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Read => "read",
        }
    }

    pub fn from_name(name: &str) -> Self {
        match name {
            "read" => Self::Read,
            "delivered" => Self::Delivered,
            _ => Self::Sent,
        }
    }
}

/// The customer (or the linked phone) writes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Incoming {
    /// The customer's number.
    pub from: String,
    /// 1 to 4,096 characters.
    #[serde(default)]
    pub text: Option<String>,
    /// The name the customer gave themselves.
    #[serde(default)]
    pub name: Option<String>,
    /// Typed on the linked phone: comes back as our own message.
    #[serde(default)]
    pub from_me: bool,
}

/// What can be made to go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// WhatsApp refuses the next messages.
    Fail,
    /// They leave but never arrive: no delivered tick.
    Drop,
    /// The answer to each comes `delay_ms` late.
    Delay,
    /// The delivered tick comes `delay_ms` late, or never without `delay_ms`.
    Delivered,
    /// The read tick comes `delay_ms` later than the usual second, or never without `delay_ms`.
    Read,
    /// The phone ends the link, at once.
    Logout,
    /// WhatsApp restricts the number for `delay_ms` (default 60,000), at once.
    Restrict,
    /// They arrive, but the answer is lost: the entry becomes uncertain. With a `delay_ms` of 0
    /// they do not arrive either, and are found to be missing.
    Ambiguous,
    /// Each receipt comes twice.
    DuplicateReceipt,
    /// WhatsApp refuses the next messages, and would take them later.
    TryLater,
    /// WhatsApp asks the number to send nothing for `delay_ms` (default 60,000).
    RateLimit,
    /// WhatsApp takes no messages to people who never wrote to the number for `delay_ms`, or
    /// until the day is over.
    NewChatQuota,
}

impl FaultKind {
    pub const ALL: &'static [Self] = &[
        Self::Fail,
        Self::Drop,
        Self::Delay,
        Self::Delivered,
        Self::Read,
        Self::Logout,
        Self::Restrict,
        Self::Ambiguous,
        Self::DuplicateReceipt,
        Self::TryLater,
        Self::RateLimit,
        Self::NewChatQuota,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Drop => "drop",
            Self::Delay => "delay",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Logout => "logout",
            Self::Restrict => "restrict",
            Self::Ambiguous => "ambiguous",
            Self::DuplicateReceipt => "duplicate_receipt",
            Self::TryLater => "try_later",
            Self::RateLimit => "rate_limit",
            Self::NewChatQuota => "new_chat_quota",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|k| k.name() == name)
    }
}

/// Arms a fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ArmFault {
    pub kind: FaultKind,
    /// How many messages it hits, 1 to 1,000,000; default 1. Not for `logout` and `restrict`.
    #[serde(default)]
    pub count: Option<i64>,
    /// 0 to 86,400,000.
    #[serde(default)]
    pub delay_ms: Option<i64>,
}

/// A fault that still waits to happen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Fault {
    pub id: FaultId,
    pub kind: FaultKind,
    pub left: i64,
    pub delay_ms: Option<i64>,
}

/// How the phone links itself: by the QR code that is shown now, or by a pairing code.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Pair {
    /// The text of the scanned QR code; `None` with no code either scans what is shown now.
    #[serde(default)]
    pub qr: Option<String>,
    /// The pairing code as typed; case, spaces and hyphens do not matter.
    #[serde(default)]
    pub code: Option<String>,
}
