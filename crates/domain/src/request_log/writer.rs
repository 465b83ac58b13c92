//! The task that writes lines: many in one transaction, and with pauses.

use super::{Dropped, Job, Record, RequestLog, Whose, keep::SWEEP_EVERY_MS, record::Owner, store};
use crate::Result;
use std::{collections::HashMap, sync::PoisonError, time::Duration};
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, sleep, timeout_at},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use types::OrganizationId;

/// Few enough that a message which waits for its turn to be written does not notice.
const BATCH: usize = 256;
/// How long the first line of a batch waits for others.
const GATHER: Duration = Duration::from_millis(200);
/// After each batch the writer rests so many times as long as it took, waiting for its turn
/// included: the busier the database, the less of it goes into the log.
const REST: u32 = 15;

impl RequestLog {
    /// Writes what is handed over and sweeps out what is too old, until `stop`; then writes what
    /// is left.
    pub fn start(&self, tasks: &TaskTracker, stop: CancellationToken) {
        let receiver = self
            .inner
            .receiver
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(receiver) = receiver {
            tasks.spawn(self.clone().run(receiver, stop.clone()));
        }
        let log = self.clone();
        tasks.spawn(async move {
            loop {
                log.look_after().await;
                tokio::select! {
                    () = stop.cancelled() => return,
                    () = log.shared.clock.sleep(SWEEP_EVERY_MS) => {}
                }
            }
        });
    }

    async fn run(self, mut receiver: mpsc::Receiver<Job>, stop: CancellationToken) {
        let mut over = false;
        while !over {
            let mut batch = Batch::default();
            tokio::select! {
                first = receiver.recv() => match first {
                    Some(job) => batch.add(job),
                    None => over = true,
                },
                () = stop.cancelled() => over = true,
            }
            if !over {
                let until = Instant::now() + GATHER;
                while !batch.is_whole() {
                    let next = tokio::select! {
                        next = timeout_at(until, receiver.recv()) => next,
                        () = stop.cancelled() => break,
                    };
                    match next {
                        Ok(Some(job)) => batch.add(job),
                        Ok(None) | Err(_) => break,
                    }
                }
            }
            let hurry = !batch.flushes.is_empty();
            let took = self.settle(batch).await;
            if !over && !hurry {
                tokio::select! {
                    () = sleep(took * REST) => {}
                    () = stop.cancelled() => {}
                }
            }
        }
        receiver.close();
        let mut batch = Batch::default();
        while let Ok(job) = receiver.try_recv() {
            batch.add(job);
            if batch.is_whole() {
                self.settle(std::mem::take(&mut batch)).await;
            }
        }
        self.settle(batch).await;
    }

    /// Writes the batch and answers how long that took. What cannot be written is lost and
    /// counted: the calls themselves were answered long ago.
    async fn settle(&self, batch: Batch) -> Duration {
        let began = Instant::now();
        let taken: Vec<_> = batch
            .records
            .iter()
            .map(|record| (record.whose.organization(), record.weight()))
            .collect();
        let dropped = self.take_dropped();
        if !batch.records.is_empty() || !dropped.is_empty() {
            let records = self.resolved(batch.records).await;
            let missed: Vec<_> = records
                .iter()
                .map(|(record, owner)| (owner.as_ref().map(|owner| owner.organization), record.at))
                .collect();
            if let Err(error) = self.commit(records, &dropped).await {
                tracing::warn!(
                    ?error,
                    lines = missed.len(),
                    "lines of the request log could not be written"
                );
                for (organization, at) in missed {
                    self.count_missed(organization, at);
                }
                self.give_back(dropped);
            }
        }
        for (whose, weight) in taken {
            self.inner.places.give_back(whose, weight);
        }
        for flush in batch.flushes {
            let _ = flush.send(());
        }
        began.elapsed()
    }

    /// Finds the owners of keys that let nobody in: a key that was revoked or has expired is still
    /// somebody's, who wants to see what uses it. Only the whole key counts, of which the name alone
    /// could be written by anybody.
    async fn resolved(&self, records: Vec<Record>) -> Vec<(Record, Option<Owner>)> {
        let mut found: HashMap<String, Option<Owner>> = HashMap::new();
        let mut all = Vec::with_capacity(records.len());
        for mut record in records {
            let owner = match std::mem::take(&mut record.whose) {
                Whose::Nobody => None,
                Whose::Known(owner) => Some(owner),
                Whose::Claimed { prefix, hash } => {
                    if !found.contains_key(&hash) {
                        let owner = self.owner_of(prefix, &hash).await;
                        found.insert(hash.clone(), owner);
                    }
                    found.get(&hash).cloned().flatten()
                }
            };
            let wanted = owner
                .as_ref()
                .is_none_or(|owner| self.is_wanted_by(owner.organization));
            if wanted {
                // Now, and not while the database waits for it.
                record.finish_bodies();
                all.push((record, owner));
            }
        }
        all
    }

    async fn owner_of(&self, prefix: String, hash: &str) -> Option<Owner> {
        let found = self.keys.owner_of(&prefix, hash).await.unwrap_or_default();
        found.map(|(organization, key, session)| Owner {
            organization,
            key: Some(key),
            prefix: Some(prefix),
            session,
        })
    }

    async fn commit(
        &self,
        records: Vec<(Record, Option<Owner>)>,
        dropped: &HashMap<Option<OrganizationId>, Dropped>,
    ) -> Result<()> {
        // In order of their names, so that two nodes never wait for each other.
        let mut numbers = std::collections::BTreeMap::<String, store::Numbers>::new();
        for (_, owner) in &records {
            let organization = owner.as_ref().map(|owner| owner.organization);
            numbers.entry(store::key(organization)).or_default().entries += 1;
        }
        for (organization, missed) in dropped {
            let numbers = numbers.entry(store::key(*organization)).or_default();
            numbers.dropped += missed.count;
            numbers.last_dropped_at = Some(missed.last);
        }
        let mut tx = self.shared.begin().await?;
        store::insert(&mut tx, records).await?;
        for (organization, more) in numbers {
            store::count(tx.conn(), &organization, more).await?;
        }
        tx.commit().await
    }

    fn take_dropped(&self) -> HashMap<Option<OrganizationId>, Dropped> {
        std::mem::take(&mut *self.inner.dropped.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn give_back(&self, lost: HashMap<Option<OrganizationId>, Dropped>) {
        let mut dropped = self.inner.dropped.lock().unwrap_or_else(PoisonError::into_inner);
        for (organization, lost) in lost {
            let missed = dropped.entry(organization).or_default();
            missed.count += lost.count;
            missed.last = missed.last.max(lost.last);
        }
    }
}

#[derive(Default)]
struct Batch {
    records: Vec<Record>,
    flushes: Vec<oneshot::Sender<()>>,
}

impl Batch {
    fn add(&mut self, job: Job) {
        match job {
            Job::Write(record) => self.records.push(*record),
            Job::Flush(answer) => self.flushes.push(answer),
        }
    }

    fn is_whole(&self) -> bool {
        self.records.len() >= BATCH || !self.flushes.is_empty()
    }
}
