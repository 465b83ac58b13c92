//! Sessions: WhatsApp numbers that are linked here, and the lines that keep them connected.
//!
//! Each session that should be connected has a runner: a task that drives its line and writes
//! every change of state into the table, the transitions and the event log at once. Verbs of
//! people end or begin runners; they never touch a line that a runner drives. Messages are not
//! sent here: the dispatcher takes a connected line with [`Sessions::line`].

mod control;
mod create;
mod inbox;
mod pairing;
mod qr;
mod runner;
mod runners;
mod state;
mod store;
mod store_changes;
#[cfg(test)]
mod tests;

pub(crate) use pairing::refusal;

use crate::{Ctx, Result, Shared, messages::Messages, sandbox::Sandbox, time};
use runners::Runners;
use std::sync::{Arc, Mutex, PoisonError};
pub(crate) use store::{Brief, Change};
use tokio::sync::watch;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use transport::Transport;
use types::{
    AppError, OrganizationId, Permission, SessionId,
    sessions::{Session, SessionName, Transition},
};

#[derive(Clone)]
pub struct Sessions {
    shared: Arc<Shared>,
    sandbox: Sandbox,
    runners: Arc<Runners>,
    /// What a node that works has; `None` before [`Sessions::start`] and after its end, so that
    /// rooms that know each other do not keep each other alive.
    work: Arc<Mutex<Option<Work>>>,
    /// Verbs that end or begin runners take turns.
    turns: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Clone)]
struct Work {
    messages: Messages,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Sessions {
    pub fn new(shared: Arc<Shared>, sandbox: Sandbox) -> Self {
        Self {
            shared,
            sandbox,
            runners: Arc::default(),
            work: Arc::default(),
            turns: Arc::default(),
        }
    }

    /// Connects every session that was running when the server ended, and keeps it so.
    pub fn start(&self, messages: Messages, tasks: &TaskTracker, stop: CancellationToken) {
        let work = Work {
            messages,
            tasks: tasks.clone(),
            stop: stop.clone(),
        };
        *self.work.lock().unwrap_or_else(PoisonError::into_inner) = Some(work);
        let room = self.clone();
        tasks.spawn(async move {
            room.connect_all(&stop).await;
            stop.cancelled().await;
            *room.work.lock().unwrap_or_else(PoisonError::into_inner) = None;
        });
    }

    /// All sessions of the organization, oldest first.
    pub async fn list(&self, ctx: &Ctx) -> Result<Vec<Session>> {
        let organization = ctx.require(Permission::SessionsView)?;
        let today = self.today(organization).await?;
        store::list(self.shared.read(), organization, ctx.session, &today).await
    }

    /// What they are called, for menus: nothing that must be counted. Oldest first.
    pub async fn named(&self, ctx: &Ctx) -> Result<Vec<SessionName>> {
        let organization = ctx.require(Permission::SessionsView)?;
        let all = store::briefs(self.shared.read(), organization).await?;
        let mine = all
            .into_iter()
            .filter(|session| ctx.session.is_none_or(|own| own == session.id));
        Ok(mine
            .map(|session| SessionName {
                id: session.id,
                name: session.name,
                number: session.number,
                state: session.state,
                channel: session.channel,
            })
            .collect())
    }

    /// What other rooms show of the organization's sessions; they have checked who asks.
    pub(crate) async fn all_of(&self, organization: OrganizationId) -> Result<Vec<Brief>> {
        store::briefs(self.shared.read(), organization).await
    }

    pub async fn get(&self, ctx: &Ctx, id: SessionId) -> Result<Session> {
        let organization = ctx.require(Permission::SessionsView)?;
        ctx.may_touch(id)?;
        self.load(organization, id).await
    }

    /// The newest 50 changes of state, newest first.
    pub async fn transitions(&self, ctx: &Ctx, id: SessionId) -> Result<Vec<Transition>> {
        let organization = ctx.require(Permission::SessionsView)?;
        ctx.may_touch(id)?;
        store::find(self.shared.read(), organization, id)
            .await?
            .ok_or_else(not_found)?;
        store::transitions(self.shared.read(), organization, id).await
    }

    /// The newest changes of state of all sessions that say something of themselves: not the steps
    /// on the way to another.
    pub(crate) async fn last_changes(&self, ctx: &Ctx, limit: u32) -> Result<Vec<Change>> {
        let organization = ctx.require(Permission::SessionsView)?;
        store::last_changes(self.shared.read(), organization, ctx.session, i64::from(limit)).await
    }

    /// The line of a session, while it is connected and may send.
    pub fn line(&self, id: SessionId) -> Option<Transport> {
        self.runners.line(id)
    }

    /// The sessions that may send now.
    pub fn connected(&self) -> Vec<(OrganizationId, SessionId)> {
        self.runners.connected()
    }

    /// Whose session it is, while it runs on this node.
    pub(crate) fn organization_of(&self, id: SessionId) -> Option<OrganizationId> {
        self.runners.driven(id).map(|(organization, _)| organization)
    }

    /// Changes with every change of state on this node.
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.runners.watch()
    }

    async fn load(&self, organization: OrganizationId, id: SessionId) -> Result<Session> {
        let today = self.today(organization).await?;
        let mut found = store::list(self.shared.read(), organization, Some(id), &today).await?;
        Ok(found.pop().ok_or_else(not_found)?)
    }

    async fn today(&self, organization: OrganizationId) -> Result<String> {
        let zone = store::time_zone(self.shared.read(), organization).await?;
        Ok(time::day_of(&zone, self.shared.now()))
    }

    fn work(&self) -> Option<Work> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn not_found() -> AppError {
    AppError::not_found("session")
}
