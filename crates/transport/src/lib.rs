//! WhatsApp itself: one arm for each road to it, one vocabulary for all of them.
//!
//! Owns what goes out ([`Outgoing`]), what comes of it ([`SendOutcome`], [`Lookup`]), what comes
//! in ([`LineEvent`]), and how a line is linked and kept ([`LineChange`]). Knows no room and no
//! database: what an arm must remember is handed in ([`sandbox::PhoneStore`]), and so are time
//! and chance ([`Surroundings`]).

mod inbox;
mod line;
mod outgoing;
pub mod sandbox;

pub use inbox::{BoxError, Inbox, IncomingMessage, LineEvent, ReceiptKind};
pub use line::{Code, LineChange, LineError, Link, PairError, Qr, Shown, Surroundings};
pub use outgoing::{Lookup, Outgoing, OutgoingMedia, SendOutcome};
pub use sandbox::SandboxLine;

use types::{Recipient, Timestamp};

/// One line to WhatsApp. Cheap to clone; all clones are the same line.
#[derive(Clone)]
pub enum Transport {
    Sandbox(SandboxLine),
}

impl Transport {
    /// Sends a batch. The outcomes are in its order, and are given only after the other side has
    /// taken (or refused) every message for good.
    pub async fn send(&self, batch: Vec<Outgoing>) -> Vec<SendOutcome> {
        match self {
            Self::Sandbox(line) => line.send(batch).await,
        }
    }

    /// Shows the recipient that somebody is typing, until that moment at most. A courtesy: nobody
    /// hears whether it arrived.
    #[expect(
        clippy::unused_async,
        reason = "the sandbox shows it at once; WhatsApp is a network away"
    )]
    pub async fn show_typing(&self, to: &Recipient, until: Timestamp) {
        match self {
            Self::Sandbox(line) => line.show_typing(to, until),
        }
    }

    /// Marks what that person wrote as read. A courtesy, too.
    pub async fn mark_read(&self, from: &Recipient) {
        match self {
            Self::Sandbox(line) => line.mark_read(from).await,
        }
    }

    /// What became of messages whose outcome was lost, in the order of the ids.
    pub async fn lookup(&self, message_ids: Vec<String>) -> Vec<Lookup> {
        match self {
            Self::Sandbox(line) => line.lookup(message_ids).await,
        }
    }

    /// Goes online with the credentials of an earlier link, or waits to be linked without them.
    /// How it went is the first [`Transport::next`].
    pub async fn connect(&self, credentials: Option<&[u8]>) -> Result<(), LineError> {
        match self {
            Self::Sandbox(line) => line.connect(credentials).await,
        }
    }

    /// Waits for the next change of the line. One caller at a time; may be dropped and called again.
    pub async fn next(&self) -> LineChange {
        match self {
            Self::Sandbox(line) => line.next().await,
        }
    }

    /// Goes offline and stays linked. Gives back a link that was made and that nobody has
    /// heard of yet, so that it is not lost.
    pub async fn disconnect(&self) -> Option<Link> {
        match self {
            Self::Sandbox(line) => line.disconnect().await,
        }
    }

    /// Ends the link from our side and goes offline.
    pub async fn log_out(&self) -> Result<(), LineError> {
        match self {
            Self::Sandbox(line) => line.log_out().await,
        }
    }

    /// What a phone can be linked with now; `None` when the line does not wait for one.
    pub fn shown(&self) -> Option<Shown> {
        match self {
            Self::Sandbox(line) => line.shown(),
        }
    }

    /// Shows a fresh QR code, the first of a new series.
    pub fn refresh_qr(&self) -> Result<(), PairError> {
        match self {
            Self::Sandbox(line) => line.refresh_qr(),
        }
    }

    /// Asks for a code that the phone with that number (digits) can type instead of scanning.
    pub async fn request_code(&self, number: &str) -> Result<(), PairError> {
        match self {
            Self::Sandbox(line) => line.request_code(number).await,
        }
    }
}
