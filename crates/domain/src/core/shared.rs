//! What all rooms share.

use super::{Clock, IdGen, Random, Result, Secrets, Tx};
use db::Db;
use std::{path::PathBuf, sync::Arc};
use tokio::sync::watch;
use types::Timestamp;

/// Read once in `main`.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where attachments and the encryption key lie.
    pub data: PathBuf,
    /// What people type into their browser, without a slash at the end.
    pub public_url: String,
    pub node: String,
    /// Private networks that media may be fetched from.
    pub allow_net: Vec<String>,
}

#[derive(Debug)]
pub struct Shared {
    pub db: Db,
    pub clock: Clock,
    pub random: Random,
    pub ids: IdGen,
    pub secrets: Secrets,
    pub config: Config,
    /// Counts up at each commit that wrote events; the table is the truth, this is the wake-up.
    pub(crate) events_committed: Arc<watch::Sender<u64>>,
}

impl Shared {
    pub fn new(db: Db, clock: Clock, random: Random, secrets: Secrets, config: Config) -> Self {
        Self {
            ids: IdGen::new(clock.clone(), random.clone()),
            db,
            clock,
            random,
            secrets,
            config,
            events_committed: Arc::new(watch::Sender::new(0)),
        }
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Begins a transaction that may write and record events.
    pub async fn begin(&self) -> Result<Tx> {
        Ok(Tx::new(
            self.db.begin().await?,
            self.ids.clone(),
            self.clock.clone(),
            Arc::clone(&self.events_committed),
        ))
    }

    /// For statements that only read.
    pub fn read(&self) -> &sqlx::AnyPool {
        self.db.read()
    }
}
