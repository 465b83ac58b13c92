//! What people do with a session: start, stop, restart, log out, delete.

use super::{Sessions, not_found, store, store_changes};
use crate::{Ctx, Result};
use tokio::sync::MutexGuard;
use transport::Transport;
use types::{
    AppError, OrganizationId, Permission, SessionId,
    sessions::{Session, SessionState},
};

const STOPPED: &str = "Stopped here. Press Start to connect.";
const LOGGED_OUT: &str = "Logged out here. Press Start to link a phone.";
const DELETED: &str = "Deleted here.";

impl Sessions {
    /// Connects, or shows a QR code where no phone is linked. A running session is left alone.
    pub async fn start_session(&self, ctx: &Ctx, id: SessionId) -> Result<Session> {
        let (organization, _turn) = self.control(ctx, id).await?;
        if !self.runners.is_running(id) {
            self.switch_on(organization, id, "Started here").await?;
        }
        self.load(organization, id).await
    }

    /// Disconnects and stays linked; what waits in its queue waits on.
    pub async fn stop_session(&self, ctx: &Ctx, id: SessionId) -> Result<Session> {
        let (organization, _turn) = self.control(ctx, id).await?;
        self.runners.halt(id).await;
        let mut tx = self.shared.begin().await?;
        store_changes::set_wanted(tx.conn(), organization, id, false).await?;
        self.change_in(&mut tx, organization, id, SessionState::Stopped, Some(STOPPED))
            .await?;
        tx.commit().await?;
        self.load(organization, id).await
    }

    pub async fn restart(&self, ctx: &Ctx, id: SessionId) -> Result<Session> {
        let (organization, _turn) = self.control(ctx, id).await?;
        self.runners.halt(id).await;
        self.switch_on(organization, id, "Restarted here").await?;
        self.load(organization, id).await
    }

    /// Ends the link: the phone must be linked again.
    pub async fn log_out(&self, ctx: &Ctx, id: SessionId) -> Result<Session> {
        let (organization, _turn) = self.control(ctx, id).await?;
        self.end_link(organization, id).await?;
        let mut tx = self.shared.begin().await?;
        store_changes::set_wanted(tx.conn(), organization, id, false).await?;
        store_changes::forget_link(tx.conn(), organization, id).await?;
        self.change_in(
            &mut tx,
            organization,
            id,
            SessionState::LoggedOut,
            Some(LOGGED_OUT),
        )
        .await?;
        tx.commit().await?;
        self.load(organization, id).await
    }

    /// Ends the link and hides the session for good. Its history stays; what waits in its queue
    /// is planned again for the sessions that are left.
    pub async fn delete(&self, ctx: &Ctx, id: SessionId) -> Result<()> {
        let (organization, _turn) = self.control(ctx, id).await?;
        // Only a node that works can plan the queue again.
        let work = self.work().ok_or(AppError::Busy { retry_after: 1 })?;
        self.end_link(organization, id).await?;
        let mut tx = self.shared.begin().await?;
        store_changes::forget_link(tx.conn(), organization, id).await?;
        self.change_in(&mut tx, organization, id, SessionState::Stopped, Some(DELETED))
            .await?;
        let now = tx.now();
        store_changes::delete(tx.conn(), organization, id, now).await?;
        work.messages.unassign_in(&mut tx, organization, id).await?;
        tx.commit().await?;
        work.messages.plan_soon();
        self.sandbox.forget_line(id);
        Ok(())
    }

    /// What each of these verbs begins with: the permission, the session, and its turn.
    async fn control(&self, ctx: &Ctx, id: SessionId) -> Result<(OrganizationId, MutexGuard<'_, ()>)> {
        let organization = ctx.require(Permission::SessionsManage)?;
        ctx.may_touch(id)?;
        let turn = self.turns.lock().await;
        store::find(self.shared.read(), organization, id)
            .await?
            .ok_or_else(not_found)?;
        Ok((organization, turn))
    }

    async fn switch_on(&self, organization: OrganizationId, id: SessionId, reason: &str) -> Result<()> {
        let mut tx = self.shared.begin().await?;
        store_changes::set_wanted(tx.conn(), organization, id, true).await?;
        self.change_in(&mut tx, organization, id, SessionState::Connecting, Some(reason))
            .await?;
        tx.commit().await?;
        self.launch(id);
        self.settled(id).await;
        Ok(())
    }

    async fn end_link(&self, organization: OrganizationId, id: SessionId) -> Result<()> {
        self.runners.halt(id).await;
        let line = Transport::Sandbox(self.sandbox.line(organization, id));
        line.log_out().await.map_err(|error| {
            tracing::error!(session = %id, ?error, "the link could not be ended");
            AppError::conflict(
                "LINE_UNREACHABLE",
                "The phone could not be reached, so the link was not ended. Try again.",
            )
        })?;
        Ok(())
    }
}
