//! A transaction of the rooms: a write transaction plus the events of what it changes.

use super::{Clock, IdGen, Result};
use db::{AssertSqlSafe, insert_sql, rows_per_statement};
use sqlx::AnyConnection;
use std::sync::Arc;
use tokio::sync::watch;
use types::{OrganizationId, SessionId, Timestamp, events::EventType};

/// An event that will be in the log when the transaction commits.
#[derive(Clone, Debug)]
pub struct NewEvent {
    pub organization: OrganizationId,
    pub session: Option<SessionId>,
    pub kind: EventType,
    /// A JSON object: the subject's id and what a page needs to patch itself. Never a secret.
    pub data: String,
}

/// Rolls back when dropped without [`Tx::commit`].
pub struct Tx {
    inner: db::Tx,
    events: Vec<NewEvent>,
    ids: IdGen,
    clock: Clock,
    committed: Arc<watch::Sender<u64>>,
}

impl Tx {
    pub(crate) fn new(inner: db::Tx, ids: IdGen, clock: Clock, committed: Arc<watch::Sender<u64>>) -> Self {
        Self {
            inner,
            events: Vec::new(),
            ids,
            clock,
            committed,
        }
    }

    /// The connection, for statements in stores.
    pub fn conn(&mut self) -> &mut AnyConnection {
        self.inner.conn()
    }

    pub fn engine(&self) -> db::Engine {
        self.inner.engine()
    }

    /// The moment of everything in this transaction that has no other.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Writes an event into the log together with the change it tells of.
    pub fn record(&mut self, event: NewEvent) {
        self.events.push(event);
    }

    /// Inserts the recorded events last and commits; then wakes whoever follows the log.
    pub async fn commit(mut self) -> Result<()> {
        let events = std::mem::take(&mut self.events);
        if !events.is_empty() {
            self.insert_events(&events).await?;
        }
        self.inner.commit().await?;
        if !events.is_empty() {
            self.committed.send_modify(|count| *count += 1);
        }
        Ok(())
    }

    pub async fn rollback(self) -> Result<()> {
        Ok(self.inner.rollback().await?)
    }

    async fn insert_events(&mut self, events: &[NewEvent]) -> Result<()> {
        const COLUMNS: usize = 6;
        let now = self.clock.now();
        if let Some(lock) = self.inner.engine().event_lock() {
            sqlx::query(lock).execute(self.inner.conn()).await?;
        }
        let limit = self.inner.engine().bind_limit();
        let mut rest = events;
        while !rest.is_empty() {
            let (chunk, after) = rest.split_at(rows_per_statement(rest.len(), COLUMNS, limit));
            let sql = insert_sql(
                self.inner.engine(),
                "events (id, organization_id, session_id, type, at, data)",
                COLUMNS,
                chunk.len(),
                "",
            );
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for event in chunk {
                query = query
                    .bind(self.ids.uuid().simple().to_string())
                    .bind(event.organization.key())
                    .bind(event.session.map(SessionId::key))
                    .bind(event.kind.name())
                    .bind(now.0)
                    .bind(event.data.as_str());
            }
            query.execute(self.inner.conn()).await?;
            rest = after;
        }
        Ok(())
    }
}
