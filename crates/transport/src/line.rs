//! How a line is linked and kept, in words that every arm shares.

use crate::BoxError;
use async_trait::async_trait;
use std::fmt;
use types::Timestamp;

/// Time and chance, passed in.
#[async_trait]
pub trait Surroundings: Send + Sync {
    fn now(&self) -> Timestamp;
    async fn sleep_until(&self, at: Timestamp);
    /// Fills with chance that is fit for secrets.
    fn fill(&self, bytes: &mut [u8]);
}

/// A change of the line, in the order it happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineChange {
    /// It waits for a phone; a QR code is shown.
    Linking,
    /// What is shown for linking is another now.
    Shown,
    /// The last QR code of the series ran out; somebody must ask for more.
    QrExpired,
    /// A phone was linked, and the line is online.
    Linked(Link),
    Connected,
    Restricted {
        until: Timestamp,
        reason: String,
    },
    /// The link is over; the credentials are worth nothing any more.
    LoggedOut {
        reason: String,
    },
}

/// A fresh link: what it takes to connect again without a phone.
#[derive(Clone, PartialEq, Eq)]
pub struct Link {
    pub credentials: Vec<u8>,
    /// Digits of the phone.
    pub number: String,
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Link {{ number: {:?}, … }}", self.number)
    }
}

/// What a phone can be linked with now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// `None` once the series ran out.
    pub qr: Option<Qr>,
    pub code: Option<Code>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Qr {
    pub text: String,
    pub expires_at: Timestamp,
    /// No other follows by itself.
    pub last: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// `XXXX-XXXX`.
    pub code: String,
    /// Digits of the phone it was asked for.
    pub number: String,
    pub expires_at: Timestamp,
}

/// The line could not do it now; the same may work later.
#[derive(Debug, thiserror::Error)]
pub enum LineError {
    #[error("WhatsApp could not be reached")]
    Unreachable(#[source] BoxError),
}

/// Why a phone was not linked.
#[derive(Debug, thiserror::Error)]
pub enum PairError {
    #[error("the line does not wait for a phone")]
    NotLinking,
    #[error("the QR code has expired")]
    QrExpired,
    #[error("the QR code is not one of this line")]
    QrUnknown,
    #[error("no pairing code was asked for")]
    NoCode,
    #[error("the pairing code has expired")]
    CodeExpired,
    #[error("the pairing code is wrong")]
    CodeWrong,
    #[error("the phone that can be linked has the number {phone}")]
    OtherNumber { phone: String },
    #[error(transparent)]
    Line(#[from] LineError),
}
