//! What a sandbox phone must remember, and who remembers it.

use crate::{BoxError, LineError, Outgoing};
use async_trait::async_trait;
use types::{FaultId, Timestamp, sandbox::Fault};

/// SHA-256 of the credentials of a link.
pub type Digest = [u8; 32];

/// The memory of one sandbox phone.
///
/// It is the witness of what arrived: it commits in transactions of its own, appends every
/// arrival, and never removes one or notices that it had the same before.
#[async_trait]
pub trait PhoneStore: Send + Sync {
    async fn account(&self) -> Result<Account, StoreError>;
    async fn faults(&self) -> Result<Vec<Fault>, StoreError>;
    /// Appends the arrivals and takes what they used from the faults, all in one transaction.
    async fn arrive(&self, arrivals: Vec<Arrival>, spent: Vec<Spent>) -> Result<(), StoreError>;
    /// When each id first arrived. Waits for an arrival that is being committed, also by a
    /// process that has died since.
    async fn lookup(&self, message_ids: Vec<String>) -> Result<Vec<Option<Timestamp>>, StoreError>;
    async fn link(&self, digest: Digest) -> Result<(), StoreError>;
    async fn unlink(&self) -> Result<(), StoreError>;
    async fn restrict(&self, until: Timestamp) -> Result<(), StoreError>;
    /// What that customer wrote was read on our side.
    async fn read_by_us(&self, number: &str) -> Result<(), StoreError>;
    /// Something beside the bubbles of that customer's screen changed.
    fn looks_different(&self, number: &str);
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Digits.
    pub number: String,
    /// `None`: not linked.
    pub digest: Option<Digest>,
    pub restricted_until: Option<Timestamp>,
}

/// One message that reached its phone, and when its receipts are due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    pub message: Outgoing,
    pub at: Timestamp,
    /// `None`: the delivered tick never comes.
    pub delivered_at: Option<Timestamp>,
    pub read: ReadTick,
    /// Each receipt comes twice.
    pub doubled: bool,
}

impl Arrival {
    /// No fault spoils its ticks: they come in the order of the arrivals.
    pub fn is_plain(&self) -> bool {
        self.delivered_at == Some(self.at) && self.read == ReadTick::Usual && !self.doubled
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReadTick {
    /// A second after the delivered tick.
    #[default]
    Usual,
    /// That many milliseconds after the delivered tick.
    After(i64),
    Never,
}

/// How many messages a fault has just hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spent {
    pub fault: FaultId,
    pub count: i64,
}

/// Why the phone could not remember.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The link is over: nothing was written.
    #[error("the phone is not linked")]
    NotLinked,
    /// Nothing was written.
    #[error("the phone could not be reached")]
    Unreachable(#[source] BoxError),
    /// The commit did not answer: it may be written.
    #[error("the phone did not answer")]
    Unclear(#[source] BoxError),
}

impl From<StoreError> for LineError {
    fn from(error: StoreError) -> Self {
        Self::Unreachable(Box::new(error))
    }
}
