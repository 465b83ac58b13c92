//! What goes out, and what comes of it.

use types::{MediaId, Recipient, Timestamp, media::MediaKind};

/// One message for the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// Chosen before the wire, so that a lost outcome can be asked for: the upper-case
    /// hexadecimal digits of our `MessageId`.
    pub message_id: String,
    pub to: Recipient,
    pub text: Option<String>,
    pub media: Option<OutgoingMedia>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutgoingMedia {
    pub id: MediaId,
    pub kind: MediaKind,
    pub mime: String,
    pub filename: Option<String>,
}

/// What became of one message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendOutcome {
    Sent,
    /// Refused; `retry` says whether the same message may have more luck later.
    Failed {
        reason: String,
        retry: bool,
    },
    /// It never left, and nobody judged it: it waits for the line.
    Held {
        reason: String,
    },
    /// WhatsApp takes nothing from this number until then: the message waits, and so do the others.
    Limited {
        reason: String,
        /// `None`: it did not say.
        until: Option<Timestamp>,
    },
    /// WhatsApp takes nothing to people who never wrote to this number until then.
    ColdLimited {
        reason: String,
        until: Option<Timestamp>,
    },
    /// It may have left; [`crate::Transport::lookup`] tells.
    Ambiguous {
        reason: String,
    },
}

/// What the other side knows of a message id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lookup {
    Arrived {
        at: Timestamp,
    },
    NotArrived,
    /// It cannot be told now; ask again.
    Unknown,
}
