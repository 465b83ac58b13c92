//! The memory of one phone, as its line asks for it.

use super::{
    agenda::Agenda,
    screen::{Chat, Screen},
    store, store_arrivals,
};
use crate::{Error, Result, Shared, Tx};
use async_trait::async_trait;
use std::sync::Arc;
use transport::{
    Surroundings,
    sandbox::{Account, Arrival, Digest, PhoneStore, Spent, StoreError},
};
use types::{OrganizationId, SessionId, Timestamp, sandbox::Fault};

pub(super) struct PhoneOf {
    pub shared: Arc<Shared>,
    pub agenda: Arc<Agenda>,
    pub screen: Arc<Screen>,
    pub organization: OrganizationId,
    pub session: SessionId,
}

/// The shared clock and chance, in the words of the transport.
pub(super) struct Around(pub Arc<Shared>);

#[async_trait]
impl Surroundings for Around {
    fn now(&self) -> Timestamp {
        self.0.now()
    }

    async fn sleep_until(&self, at: Timestamp) {
        self.0.clock.sleep_until(at).await;
    }

    fn fill(&self, bytes: &mut [u8]) {
        self.0.random.fill(bytes);
    }
}

#[async_trait]
impl PhoneStore for PhoneOf {
    async fn account(&self) -> Result<Account, StoreError> {
        let row = store::account(self.shared.read(), self.organization, self.session)
            .await
            .map_err(unreachable)?;
        row.ok_or_else(|| unreachable(Error::Damaged("a sandbox session without a phone")))
    }

    async fn faults(&self) -> Result<Vec<Fault>, StoreError> {
        store::faults(self.shared.read(), self.organization, self.session)
            .await
            .map_err(unreachable)
    }

    async fn arrive(&self, arrivals: Vec<Arrival>, spent: Vec<Spent>) -> Result<(), StoreError> {
        let mut tx = self.shared.begin().await.map_err(unreachable)?;
        if !self.lock_in(&mut tx, true).await.map_err(unreachable)? {
            return Err(StoreError::NotLinked);
        }
        store_arrivals::append(&mut tx, self.organization, self.session, &arrivals)
            .await
            .map_err(unreachable)?;
        store_arrivals::spend(tx.conn(), self.organization, self.session, &spent)
            .await
            .map_err(unreachable)?;
        tx.commit()
            .await
            .map_err(|error| StoreError::Unclear(Box::new(error)))?;
        if let Some(due) = arrivals.iter().filter_map(|arrival| arrival.delivered_at).min() {
            self.agenda.put(self.session, due);
        }
        let numbers: Vec<String> = arrivals
            .iter()
            .map(|arrival| arrival.message.to.number())
            .collect();
        self.screen.change(
            self.organization,
            self.session,
            Chat::of(numbers.iter().map(String::as_str)),
        );
        Ok(())
    }

    async fn lookup(&self, message_ids: Vec<String>) -> Result<Vec<Option<Timestamp>>, StoreError> {
        let look = async {
            let mut tx = self.shared.begin().await?;
            self.lock_in(&mut tx, false).await?;
            let found =
                store_arrivals::first_arrivals(&mut tx, self.organization, self.session, &message_ids)
                    .await?;
            tx.rollback().await?;
            Ok::<_, Error>(found)
        };
        let found = look.await.map_err(unreachable)?;
        Ok(message_ids.iter().map(|id| found.get(id).copied()).collect())
    }

    async fn link(&self, digest: Digest) -> Result<(), StoreError> {
        self.save_digest(Some(&digest)).await.map_err(unreachable)
    }

    async fn unlink(&self) -> Result<(), StoreError> {
        self.save_digest(None).await.map_err(unreachable)
    }

    async fn restrict(&self, until: Timestamp) -> Result<(), StoreError> {
        let save = async {
            let mut tx = self.shared.begin().await?;
            store::save_restriction(tx.conn(), self.organization, self.session, until).await?;
            tx.commit().await
        };
        save.await.map_err(unreachable)
    }

    async fn read_by_us(&self, number: &str) -> Result<(), StoreError> {
        let save = async {
            let mut tx = self.shared.begin().await?;
            let changed =
                store_arrivals::read_by_us(tx.conn(), self.organization, self.session, number).await?;
            if changed > 0 {
                tx.commit().await?;
                self.looks_different(number);
            }
            Ok::<_, Error>(())
        };
        save.await.map_err(unreachable)
    }

    fn looks_different(&self, number: &str) {
        self.screen
            .change(self.organization, self.session, Chat::One(number.to_owned()));
    }
}

impl PhoneOf {
    /// Takes the phone for this transaction; `false` when it must be linked and is not.
    ///
    /// Arrivals on one phone commit one after the other, so their numbers rise with their
    /// commits and a reader that pages by them misses none. A lookup that takes the same lock
    /// waits for an arrival that a killed process was just committing on PostgreSQL.
    pub(super) async fn lock_in(&self, tx: &mut Tx, linked: bool) -> Result<bool> {
        store_arrivals::lock(tx.conn(), self.organization, self.session, linked).await
    }

    async fn save_digest(&self, digest: Option<&Digest>) -> Result<()> {
        let mut tx = self.shared.begin().await?;
        store::save_digest(tx.conn(), self.organization, self.session, digest).await?;
        tx.commit().await
    }
}

fn unreachable(error: Error) -> StoreError {
    StoreError::Unreachable(Box::new(error))
}
