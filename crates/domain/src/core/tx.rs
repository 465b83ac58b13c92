//! A transaction of the rooms: a write transaction plus the events of what it changes.

use super::{Clock, IdGen, Result};
use db::{Statement, log_sql, rows_per_statement};
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

    /// Runs just before the events are inserted; see [`db::Tx::at_commit`].
    pub fn at_commit(&mut self, statement: Statement) {
        self.inner.at_commit(statement);
    }

    /// Writes an event into the log together with the change it tells of.
    pub fn record(&mut self, event: NewEvent) {
        self.events.push(event);
    }

    /// Inserts the recorded events last and commits; then wakes whoever follows the log.
    pub async fn commit(mut self) -> Result<()> {
        let events = std::mem::take(&mut self.events);
        if !events.is_empty() {
            self.insert_events(&events);
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

    fn insert_events(&mut self, events: &[NewEvent]) {
        const COLUMNS: usize = 6;
        const INTO: &str = "events (id, organization_id, session_id, type, at, data)";
        let now = self.clock.now();
        let engine = self.inner.engine();
        let mut rest = events;
        while !rest.is_empty() {
            let (chunk, after) = rest.split_at(rows_per_statement(rest.len(), COLUMNS, engine.bind_limit()));
            let mut statement = Statement::new(log_sql(engine, INTO, COLUMNS, chunk.len()));
            for event in chunk {
                statement = statement
                    .bind(self.ids.uuid().simple().to_string())
                    .bind(event.organization.key())
                    .bind(event.session.map(SessionId::key))
                    .bind(event.kind.name())
                    .bind(now.0)
                    .bind(event.data.as_str());
            }
            self.inner.at_commit(statement);
            rest = after;
        }
    }
}
