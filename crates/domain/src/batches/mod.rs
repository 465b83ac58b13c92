//! Send many: a list of recipients is read and shown first, and queued when somebody says so.
//!
//! Owns the reading of lists ([`read`]), the batches, their errors and the rows that wait in a
//! file. Never decides when a message leaves: its rows go through [`Messages`] like any other,
//! as bulk. Between the look and the confirmation nothing is queued and nothing is in the
//! browser; a batch that was being queued when the server ended is finished at the next start.

mod export;
mod files;
mod preview;
mod queueing;
pub mod read;
mod room;
mod store;
mod store_open;
#[cfg(test)]
mod tests;

use crate::{Ctx, NewEvent, Result, Shared, Tx, messages::Messages};
use serde_json::json;
use std::sync::Arc;
use tokio::sync::{Mutex, Notify, Semaphore};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use types::{
    AppError, BatchId, OrganizationId, Page, PageRequest, Permission, Timestamp,
    batches::{Batch, BatchCounts, BatchDetail, BatchState, Found, Through},
    events::EventType,
};

pub use export::SAMPLE;
pub use preview::NewBatch;

/// How many errors an opened batch shows; the download has all.
const SHOWN_ERRORS: i64 = 100;
/// How many lists are read at the same time: each may take a hundred megabytes while it is.
const READINGS: usize = 2;

#[derive(Clone)]
pub struct Batches {
    shared: Arc<Shared>,
    messages: Messages,
    /// Rung when something is confirmed.
    wake: Arc<Notify>,
    reading: Arc<Semaphore>,
    /// Held while rows go into the queue. Who stops a batch waits for it, and counts afterwards.
    turn: Arc<Mutex<()>>,
}

impl Batches {
    pub fn new(shared: Arc<Shared>, messages: Messages) -> Self {
        Self {
            shared,
            messages,
            wake: Arc::default(),
            reading: Arc::new(Semaphore::new(READINGS)),
            turn: Arc::default(),
        }
    }

    /// Queues in the background what was confirmed, also before this start, and forgets drafts
    /// after a day.
    pub fn start(&self, tasks: &TaskTracker, stop: CancellationToken) {
        tasks.spawn(queueing::run(self.clone(), stop.clone()));
        tasks.spawn(files::sweep(self.clone(), stop));
    }

    /// Lets a draft be queued. Said twice it is done once.
    pub async fn confirm(&self, ctx: &Ctx, id: BatchId) -> Result<Batch> {
        let organization = ctx.require(Permission::MessagesSend)?;
        let batch = self.find(ctx, organization, id).await?;
        match batch.state {
            BatchState::Draft if batch.valid == 0 => {
                let why = "No row of this list can be sent. Mend the rows and upload the list again.";
                return Err(AppError::conflict("NOTHING_TO_SEND", why).into());
            }
            BatchState::Cancelled => {
                let why = "This batch was cancelled. Upload the list again to send it.";
                return Err(AppError::conflict("CANCELLED", why).into());
            }
            BatchState::Draft => {
                let mut tx = self.shared.begin().await?;
                let now = tx.now();
                if store::confirm(tx.conn(), organization, id, now).await? {
                    changed(&mut tx, organization, id);
                    tx.commit().await?;
                    self.wake.notify_one();
                }
            }
            BatchState::Queueing | BatchState::Queued => {}
        }
        self.find(ctx, organization, id).await
    }

    /// Stops a batch: what is not queued stays out, what waits is cancelled, what has left has
    /// left. Answers how many messages will not be sent because of it.
    pub async fn cancel(&self, ctx: &Ctx, id: BatchId) -> Result<i64> {
        let organization = ctx.require(Permission::QueueManage)?;
        self.find(ctx, organization, id).await?;
        let mut tx = self.shared.begin().await?;
        let now = tx.now();
        let stopped = store::cancel(tx.conn(), organization, id, now).await?;
        changed(&mut tx, organization, id);
        tx.commit().await?;
        // Rows that are on their way into the queue arrive first; after them come no more.
        let _turn = self.turn.lock().await;
        let cancelled = self.messages.cancel_of(ctx, organization, id).await?;
        let left_out = if stopped {
            files::remove(&self.shared.config.data, id).await;
            let batch = self.find(ctx, organization, id).await?;
            self.counts(organization, &batch).await?.left_out
        } else {
            0
        };
        Ok(cancelled + left_out)
    }

    /// Newest first. Drafts are in the list too: one may have been left by mistake.
    pub async fn list(&self, ctx: &Ctx, page: PageRequest) -> Result<Page<Batch>> {
        let organization = ctx.require(Permission::QueueView)?;
        let before = page
            .cursor
            .as_deref()
            .map(|cursor| {
                cursor.parse::<BatchId>().map_err(|_| {
                    AppError::field(
                        "cursor",
                        "This cursor is not one that a list gave out. Leave it out to begin at the first page.",
                    )
                })
            })
            .transpose()?;
        let limit = i64::from(page.limit) + 1;
        let rows = store::list(self.shared.read(), organization, ctx.session, before, limit).await?;
        Ok(Page::cut(rows, page.limit, |batch| batch.id.to_string()))
    }

    /// One batch with its counts, its first errors and, while it is a draft, its first rows.
    pub async fn get(&self, ctx: &Ctx, id: BatchId) -> Result<BatchDetail> {
        let organization = ctx.require(Permission::QueueView)?;
        self.detail(ctx, organization, id).await
    }

    /// Every row that is not sent and why, as a file.
    pub async fn errors_csv(&self, ctx: &Ctx, id: BatchId) -> Result<String> {
        let organization = ctx.require(Permission::QueueView)?;
        self.find(ctx, organization, id).await?;
        let errors = store::errors(self.shared.read(), organization, id, i64::MAX).await?;
        Ok(export::errors(&errors))
    }

    async fn detail(&self, ctx: &Ctx, organization: OrganizationId, id: BatchId) -> Result<BatchDetail> {
        let pool = self.shared.read();
        let as_of = self.shared.now();
        let batch = self.find(ctx, organization, id).await?;
        let counts = self.counts(organization, &batch).await?;
        let found = store::found(pool, organization, id).await?;
        let sample = if batch.state == BatchState::Draft {
            files::sample(&self.shared.config.data, id).await?
        } else {
            Vec::new()
        };
        Ok(BatchDetail {
            ends_at: self.ends_at(organization, &batch, &counts, &found).await?,
            counts,
            found,
            sample,
            errors: store::errors(pool, organization, id, SHOWN_ERRORS).await?,
            error_count: store::error_count(pool, organization, id).await?,
            batch,
            as_of,
        })
    }

    /// Bulk goes last and in its order, so that a batch ends with the queue as it is now.
    async fn ends_at(
        &self,
        organization: OrganizationId,
        batch: &Batch,
        counts: &BatchCounts,
        found: &Found,
    ) -> Result<Option<Timestamp>> {
        let more = match batch.state {
            BatchState::Draft => found.through.clone(),
            _ => vec![Through {
                session: batch.session,
                rows: counts.to_queue,
            }],
        };
        if counts.waiting() == 0 {
            return Ok(None);
        }
        self.messages.ends_with(organization, &more, found.chars).await
    }

    async fn counts(&self, organization: OrganizationId, batch: &Batch) -> Result<BatchCounts> {
        let states = if batch.confirmed_at.is_some() {
            self.messages.states_of(organization, batch.id).await?
        } else {
            Vec::new()
        };
        Ok(BatchCounts::of(batch, &states))
    }

    /// A key of one session sees what such keys made, no other batch.
    async fn find(&self, ctx: &Ctx, organization: OrganizationId, id: BatchId) -> Result<Batch> {
        let found = store::one(self.shared.read(), organization, ctx.session, id).await?;
        Ok(found.ok_or_else(|| AppError::not_found("batch"))?)
    }
}

fn changed(tx: &mut Tx, organization: OrganizationId, id: BatchId) {
    tx.record(NewEvent {
        organization,
        session: None,
        kind: EventType::BatchChanged,
        data: json!({ "id": id }).to_string(),
    });
}
