//! Confirmed batches into the queue, some rows per commit, each organization in turn.
//!
//! A chunk has an idempotency key, and its rows carry the batch: after a crash between the
//! queue's commit and ours the same chunk is offered again and answered as before.

use super::{Batches, changed, files, read, store, store_open};
use crate::{Ctx, Error, Result};
use std::{collections::HashSet, io};
use tokio_util::sync::CancellationToken;
use types::{
    AppError, RequestId,
    batches::{BatchRow, RowError},
    messages::{Accept, Class, Idempotency},
};

/// Rows per commit: so few that messages of others do not wait long behind them.
const CHUNK: usize = 2_000;
/// Between two looks for what another node confirmed, and after a failure, in milliseconds.
const LOOK: i64 = 5_000;
/// For how long the queue surely remembers its answer to a chunk, in milliseconds.
const REMEMBERED: i64 = 23 * 3_600_000;

pub async fn run(batches: Batches, stop: CancellationToken) {
    if let Some(Err(error)) = stop.run_until_cancelled(batches.finish_cancelling()).await {
        tracing::warn!(%error, "what waits of cancelled batches could not be cancelled");
    }
    loop {
        let moved = match stop.run_until_cancelled(batches.queue_round()).await {
            None => return,
            Some(Ok(moved)) => moved,
            Some(Err(error)) => {
                tracing::warn!(%error, "confirmed batches could not be read; trying again");
                false
            }
        };
        if !moved {
            let rest = async {
                tokio::select! {
                    () = batches.wake.notified() => {}
                    () = batches.shared.clock.sleep(LOOK) => {}
                }
            };
            if stop.run_until_cancelled(rest).await.is_none() {
                return;
            }
        }
    }
}

impl Batches {
    /// After a crash, rows that came into the queue while their batch was being cancelled.
    async fn finish_cancelling(&self) -> Result<()> {
        let since = self.shared.now() + -REMEMBERED;
        for (organization, id) in store_open::cancelled_since(self.shared.read(), since).await? {
            let ctx = Ctx::system(organization, RequestId(self.shared.ids.uuid()));
            self.messages.cancel_of(&ctx, organization, id).await?;
        }
        Ok(())
    }

    /// One chunk of each organization; whether anything moved.
    pub(super) async fn queue_round(&self) -> Result<bool> {
        let mut moved = HashSet::new();
        for open in store_open::queueing(self.shared.read()).await? {
            if moved.contains(&open.organization) {
                continue;
            }
            match self.queue_chunk(&open).await {
                Ok(()) => {
                    moved.insert(open.organization);
                }
                Err(error) => self.note(&open, error).await?,
            }
        }
        Ok(!moved.is_empty())
    }

    pub(super) async fn queue_chunk(&self, open: &store_open::Open) -> Result<()> {
        let _turn = self.turn.lock().await;
        // It may have been cancelled while this waited its turn.
        if !store_open::is_queueing(self.shared.read(), open.organization, open.id).await? {
            return Ok(());
        }
        let data = &self.shared.config.data;
        let (rows, next_byte) = match files::read(data, open.id, open.next_byte, CHUNK).await {
            Ok(read) => read,
            Err(Error::Io(error)) if error.kind() == io::ErrorKind::NotFound => {
                return self.give_up(open).await;
            }
            Err(error) => return Err(error),
        };
        let offered = rows.len() as i64;
        let (accepted, errors) = self.offer(open, rows).await?;
        let mut tx = self.shared.begin().await?;
        let now = tx.now();
        let step = store_open::Step {
            next_row: open.next_row + offered,
            next_byte,
            accepted,
            refused: offered - accepted,
            ended: offered < CHUNK as i64 || open.next_row + offered >= open.valid,
        };
        if !store_open::advance(tx.conn(), open, &step, now).await? {
            // Another node was faster, and wrote down the same.
            return Ok(());
        }
        store::insert_errors(&mut tx, open.organization, open.id, &errors, 1_000);
        changed(&mut tx, open.organization, open.id);
        tx.commit().await?;
        if step.ended {
            files::remove(data, open.id).await;
        }
        // Whoever cancelled it meanwhile on another node did not see these rows in the queue yet.
        if store_open::is_cancelled(self.shared.read(), open.organization, open.id).await? {
            let ctx = Ctx::system(open.organization, RequestId(self.shared.ids.uuid()));
            self.messages.cancel_of(&ctx, open.organization, open.id).await?;
        }
        Ok(())
    }

    /// Hands rows to the queue: how many it took, and why not the others.
    async fn offer(&self, open: &store_open::Open, rows: Vec<BatchRow>) -> Result<(i64, Vec<RowError>)> {
        if rows.is_empty() {
            return Ok((0, Vec::new()));
        }
        // After a day the queue has forgotten its answers, but not which messages are of a batch.
        if self.shared.now() - open.confirmed_at > REMEMBERED {
            let states = self.messages.states_of(open.organization, open.id).await?;
            let there = states.iter().map(|(_, n)| n).sum::<i64>() - open.accepted;
            if there > 0 {
                return Ok((there.min(rows.len() as i64), Vec::new()));
            }
        }
        let input = Accept {
            once: false,
            drafts: rows.iter().cloned().map(read::draft).collect(),
            class: Class::Bulk,
            idempotency: Some(Idempotency {
                key: format!("{} {}", open.id, open.next_row),
                fingerprint: open.id.key(),
            }),
        };
        // As the system, whoever confirmed: the same caller after a restart, and a key that was
        // revoked in between has said its word.
        let mut ctx = Ctx::system(open.organization, RequestId(self.shared.ids.uuid()));
        ctx.session = open.pin;
        let answer = self.messages.accept_of(&ctx, input, open.id).await?;
        let mut errors = Vec::new();
        let mut accepted = 0;
        for (row, answer) in rows.iter().zip(answer.rows) {
            match answer {
                Ok(_) => accepted += 1,
                Err(AppError::Invalid { fields }) => {
                    errors.extend(fields.into_iter().map(|field| RowError {
                        row: row.row,
                        value: if field.field == "number" {
                            row.to.clone()
                        } else {
                            String::new()
                        },
                        column: field.field,
                        message: field.message,
                    }));
                }
                Err(error) => errors.push(RowError {
                    row: row.row,
                    column: String::new(),
                    value: row.to.clone(),
                    message: error.to_string(),
                }),
            }
        }
        Ok((accepted, errors))
    }

    /// Says on the batch why it stands; it is tried again.
    async fn note(&self, open: &store_open::Open, error: Error) -> Result<()> {
        let request = RequestId(self.shared.ids.uuid());
        let why = match error {
            Error::App(AppError::Busy { .. }) => return Ok(()),
            other => other.into_app(request).to_string(),
        };
        self.write_problem(open, &why, false).await
    }

    /// The rows are gone from the disk: what is queued stays, the rest cannot be known.
    async fn give_up(&self, open: &store_open::Open) -> Result<()> {
        tracing::error!(batch = %open.id, "the rows of a batch are missing in the data folder");
        let why = "The rest of this list is no longer on the server. Upload the rows that are missing again.";
        self.write_problem(open, why, true).await
    }

    async fn write_problem(&self, open: &store_open::Open, why: &str, end: bool) -> Result<()> {
        if open.problem.as_deref() == Some(why) && !end {
            return Ok(());
        }
        let mut tx = self.shared.begin().await?;
        let now = tx.now();
        store_open::problem(tx.conn(), open.organization, open.id, why, end.then_some(now)).await?;
        changed(&mut tx, open.organization, open.id);
        tx.commit().await
    }
}
