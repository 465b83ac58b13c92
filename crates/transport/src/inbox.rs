//! What comes in, and to whom it is handed.

use async_trait::async_trait;
use types::{Recipient, SessionId, Timestamp, media::MediaKind};

/// Whatever went wrong on the side that was handed in.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Takes what a line brings.
#[async_trait]
pub trait Inbox: Send + Sync {
    /// Returns once everything is stored for good: only then is it acknowledged to WhatsApp.
    /// After an error, or a crash in between, the same events come again.
    async fn deliver(&self, session: SessionId, events: Vec<LineEvent>) -> Result<(), BoxError>;
}

/// Something that WhatsApp tells, to be stored before it is acknowledged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineEvent {
    /// Each id may be told more than once, and before the answer to its sending was heard.
    Receipt {
        message_ids: Vec<String>,
        kind: ReceiptKind,
        at: Timestamp,
    },
    Incoming(IncomingMessage),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReceiptKind {
    Delivered,
    Read,
}

/// A message that somebody else wrote, or our own phone (`from_me`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncomingMessage {
    /// WhatsApp's id; the same message may come more than once.
    pub message_id: String,
    /// The other side of the chat, also where our phone wrote it.
    pub from: Recipient,
    /// The name the customer gave themselves.
    pub name: Option<String>,
    pub text: Option<String>,
    pub media_kind: Option<MediaKind>,
    pub at: Timestamp,
    pub from_me: bool,
}
