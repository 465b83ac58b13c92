//! Messages: accepted, queued, sent, and what became of them.

use crate::{
    AppError, ChatId, MessageId, Recipient, SessionId, Timestamp,
    media::{Media, MediaKind},
    pacing::{Balance, Gate, GateKind, LaneStatus},
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A message's life. Incoming ones are `Received`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MessageState {
    /// Accepted and waiting.
    Pending,
    /// On its way to WhatsApp.
    Processing,
    /// WhatsApp has it.
    Sent,
    /// It is on the recipient's phone.
    Delivered,
    Read,
    Failed,
    Cancelled,
    /// It was on the wire when the line or the server broke; being settled by its id.
    Uncertain,
    /// A customer wrote it.
    Received,
}

impl MessageState {
    pub const ALL: &'static [Self] = &[
        Self::Pending,
        Self::Processing,
        Self::Sent,
        Self::Delivered,
        Self::Read,
        Self::Failed,
        Self::Cancelled,
        Self::Uncertain,
        Self::Received,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Processing => "processing",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Uncertain => "uncertain",
            Self::Received => "received",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|s| s.name() == name)
    }

    /// Still in the queue.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Pending | Self::Processing | Self::Uncertain)
    }

    /// Seed 002's word (`compat-api.md`, status words).
    pub const fn seed_002(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Processing | Self::Uncertain => "processing",
            Self::Sent | Self::Delivered | Self::Read | Self::Received => "sent",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Seed 004's word.
    pub const fn seed_004(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Processing | Self::Uncertain => "sending",
            Self::Sent | Self::Delivered | Self::Read | Self::Received => "sent",
            Self::Failed | Self::Cancelled => "failed",
        }
    }
}

/// How urgent, and which protections hold it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Class {
    Reply,
    Single,
    Bulk,
}

impl Class {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reply => "reply",
            Self::Single => "single",
            Self::Bulk => "bulk",
        }
    }

    pub fn from_name(name: &str) -> Self {
        match name {
            "reply" => Self::Reply,
            "bulk" => Self::Bulk,
            _ => Self::Single,
        }
    }
}

/// An attachment as a caller hands it over.
#[derive(Clone, PartialEq, Eq)]
pub enum AttachmentInput {
    /// Fetched after accept, by the guarded client.
    Url { url: String, kind: Option<MediaKind> },
    /// Checked at accept.
    Bytes {
        /// Shared: one file may go to a thousand recipients of a call.
        data: Arc<[u8]>,
        mime: String,
        filename: Option<String>,
    },
}

/// Which fields a problem is named by: each API spells them differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldNames {
    pub recipient: String,
    pub text: String,
    pub media_url: String,
    pub media_data: String,
    pub media_mime: String,
    pub session: String,
    pub reference: String,
}

impl FieldNames {
    /// Seed 002 with a prefix such as `messages[3].`.
    pub fn seed_002(prefix: &str) -> Self {
        Self {
            recipient: format!("{prefix}number"),
            text: format!("{prefix}message"),
            media_url: format!("{prefix}mediaUrl"),
            media_data: format!("{prefix}mediaUrl"),
            media_mime: format!("{prefix}mediaType"),
            session: format!("{prefix}sessionId"),
            reference: format!("{prefix}reference_id"),
        }
    }

    /// Seed 004; the recipient is `number` or `recipients[n]`.
    pub fn seed_004(recipient: String) -> Self {
        Self {
            recipient,
            text: "message".into(),
            media_url: "media.url".into(),
            media_data: "media.data".into(),
            media_mime: "media.mimetype".into(),
            session: "sessionId".into(),
            reference: "reference_id".into(),
        }
    }

    /// `/api/v1` and the pages.
    pub fn native() -> Self {
        Self {
            recipient: "to".into(),
            text: "text".into(),
            media_url: "media.url".into(),
            media_data: "media.data".into(),
            media_mime: "media.mime".into(),
            session: "session".into(),
            reference: "reference_id".into(),
        }
    }
}

/// One message that should be sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Draft {
    /// As the caller wrote it; `main` stands for the main number.
    pub to: String,
    pub text: Option<String>,
    pub attachment: Option<AttachmentInput>,
    /// As the caller wrote it; `None` lets the balancer choose.
    pub session: Option<String>,
    pub reference_id: Option<String>,
    pub names: FieldNames,
}

/// Messages that are accepted together, in one commit; rows stand alone.
#[derive(Clone, PartialEq, Eq)]
pub struct Accept {
    pub drafts: Vec<Draft>,
    /// Who is named twice, under whatever spelling, gets one message; the second row is answered
    /// with the first one's.
    pub once: bool,
    pub class: Class,
    pub idempotency: Option<Idempotency>,
}

/// A caller's `Idempotency-Key` and a digest of method, path and raw body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idempotency {
    pub key: String,
    pub fingerprint: String,
}

/// The answer to [`Accept`], given after the commit. Stored under the idempotency key, so
/// that a repeat gets the same answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// In the order of the drafts.
    pub rows: Vec<Result<AcceptedRow, AppError>>,
    /// This is the remembered answer of an earlier call.
    #[serde(skip, default)]
    pub replayed: bool,
}

/// One message that is now in the queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcceptedRow {
    pub id: MessageId,
    /// Counted per organization from 1.
    pub queue_id: i32,
    pub recipient: Recipient,
    pub session: Option<SessionId>,
    pub estimate: Estimate,
}

/// When a message will leave, as far as can be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Estimate {
    /// Whole seconds from when it was asked, earliest and latest; `None` while no session can send.
    pub seconds: Option<(i64, i64)>,
    /// The planned moment.
    pub at: Option<Timestamp>,
}

/// A message on its way out, as the queue and the history show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QueueEntry {
    pub id: MessageId,
    pub queue_id: i32,
    pub reference_id: Option<String>,
    pub recipient: Recipient,
    pub text: Option<String>,
    pub media: Option<Media>,
    pub media_url: Option<String>,
    pub media_kind: Option<MediaKind>,
    pub session: Option<SessionId>,
    pub class: Class,
    pub state: MessageState,
    /// A sentence, where it failed or was cancelled, or why it is uncertain.
    pub error: Option<String>,
    pub attempts: i32,
    pub created_at: Timestamp,
    /// The planned moment, while pending.
    pub leaves_at: Option<Timestamp>,
    /// What holds it alone while others may leave, where something does.
    pub held_by: Option<GateKind>,
    pub sent_at: Option<Timestamp>,
    pub delivered_at: Option<Timestamp>,
    pub read_at: Option<Timestamp>,
    /// When it became sent, failed or cancelled; orders the history.
    pub settled_at: Option<Timestamp>,
}

/// One entry with everything that holds it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QueueDetail {
    pub entry: QueueEntry,
    pub gates: Vec<Gate>,
    /// Messages that go first, while it waits.
    pub ahead: i64,
    /// The sessions that may take it, by score; empty where one was named or it does not wait.
    pub candidates: Vec<Balance>,
    pub session_name: Option<String>,
    pub as_of: Timestamp,
}

/// The lanes of an organization, and what waits for whichever is free first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Lanes {
    pub lanes: Vec<LaneStatus>,
    /// Waiting for no particular session.
    pub pool: i64,
    /// When all that can leave has left, by expectation; `None` when nothing can.
    pub ends_at: Option<Timestamp>,
    /// How many cannot leave as things are: no session that may send them does.
    pub stays: i64,
    /// What the organization has used of its day.
    pub used_today: i64,
    pub organization_limit: Option<i64>,
    pub as_of: Timestamp,
}

/// When a queue would end if limits were others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WhatIf {
    pub waiting: i64,
    /// When all that can leave has left as things are; `None` when nothing can.
    pub ends_at: Option<Timestamp>,
    /// How many cannot.
    pub stays: i64,
    /// Both with the change.
    pub would_end_at: Option<Timestamp>,
    pub would_stay: i64,
    pub as_of: Timestamp,
}

/// What a person found out about an uncertain message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Settled {
    /// It arrived.
    Sent,
    /// It did not.
    Failed,
}

impl Settled {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Failed => "failed",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Sent, Self::Failed]
            .into_iter()
            .find(|one| one.name() == name)
    }
}

/// What the queue page asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueFilter {
    /// `None`: pending, processing and uncertain.
    #[serde(default)]
    pub state: Option<MessageState>,
    #[serde(default)]
    pub session: Option<SessionId>,
}

/// What the history asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryFilter {
    /// `YYYY-MM-DD`, a day of the organization's time zone, included.
    #[serde(default)]
    pub start_date: Option<String>,
    #[serde(default)]
    pub end_date: Option<String>,
    /// Empty: sent (with delivered and read) and failed.
    #[serde(default)]
    pub states: Vec<MessageState>,
    #[serde(default)]
    pub session: Option<SessionId>,
}

/// A message in a chat's timeline, incoming or outgoing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TimelineMessage {
    pub id: MessageId,
    pub chat: ChatId,
    /// Written by us (through here or on the linked phone).
    pub from_me: bool,
    pub text: Option<String>,
    pub media: Option<Media>,
    /// The kind of an attachment that is announced but not stored (yet).
    pub media_kind: Option<MediaKind>,
    pub state: MessageState,
    pub error: Option<String>,
    /// When it was sent or received.
    pub at: Timestamp,
}
