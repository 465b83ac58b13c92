//! The event log, read: live pages follow it from a place they know.
//!
//! Writing goes through [`crate::Tx::record`]; nobody else inserts events.

mod store;

use crate::{Ctx, Result, Shared};
use std::sync::Arc;
use tokio::sync::watch;
use types::{AppError, events::Event};

#[derive(Clone)]
pub struct Events {
    shared: Arc<Shared>,
}

impl Events {
    pub fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// The newest place in the log: follow from here to hear only of what comes.
    pub async fn latest(&self, ctx: &Ctx) -> Result<i64> {
        let organization = ctx
            .organization
            .ok_or_else(|| AppError::not_found("organization"))?;
        store::latest(self.shared.read(), organization).await
    }

    /// Up to `limit` events after that place, oldest first, and the place to go on from. Events
    /// that the caller may not see are left out, which is why the place is told apart.
    pub async fn after(&self, ctx: &Ctx, after: i64, limit: u32) -> Result<(Vec<Event>, i64)> {
        let organization = ctx
            .organization
            .ok_or_else(|| AppError::not_found("organization"))?;
        let rows = store::after(self.shared.read(), organization, after, limit).await?;
        let place = rows.last().map_or(after, |event| event.seq);
        let seen = rows
            .into_iter()
            .filter(|event| ctx.permissions.has(event.kind.permission()))
            .filter(|event| ctx.session.is_none() || ctx.session == event.session)
            .collect();
        Ok((seen, place))
    }

    /// Changes whenever events were committed on this node.
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.shared.events_committed.subscribe()
    }
}
