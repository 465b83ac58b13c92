//! New sessions.

use super::{Sessions, store_changes};
use crate::{Ctx, Result, Tx};
use types::{
    AppError, OrganizationId, Permission, SessionId,
    sessions::{Channel, CreateSession, Session, SessionState},
};

const NAME_MAX: usize = 80;

impl Sessions {
    /// Makes a sandbox session with a phone of its own that is not linked yet; the answer comes
    /// when its QR code is shown.
    pub async fn create_sandbox(&self, ctx: &Ctx, input: CreateSession) -> Result<Session> {
        const PERMISSION: Permission = Permission::SessionsManage;
        let organization = ctx.require(PERMISSION)?;
        if ctx.session.is_some() {
            // A key of one session has no business with others.
            return Err(AppError::Forbidden {
                permission: PERMISSION,
            }
            .into());
        }
        let name = checked_name(&input.name)?;
        let id = SessionId(self.shared.ids.uuid());
        let mut tx = self.shared.begin().await?;
        let now = tx.now();
        store_changes::insert(tx.conn(), organization, id, &name, Channel::Sandbox, now).await?;
        self.sandbox
            .create_phone_in(&mut tx, organization, id, None)
            .await?;
        self.change_in(&mut tx, organization, id, SessionState::Connecting, None)
            .await?;
        tx.commit().await?;
        self.launch(id);
        self.settled(id).await;
        self.load(organization, id).await
    }

    /// Makes a sandbox session whose phone is linked already, and tells the phone's number. It
    /// connects at the next [`Sessions::start`], or by [`Sessions::connect_later`].
    pub async fn create_linked_sandbox_in(
        &self,
        tx: &mut Tx,
        organization: OrganizationId,
        name: &str,
    ) -> Result<(SessionId, String)> {
        let name = checked_name(name)?;
        let id = SessionId(self.shared.ids.uuid());
        let now = tx.now();
        store_changes::insert(tx.conn(), organization, id, &name, Channel::Sandbox, now).await?;
        let mut credentials = vec![0; 32];
        self.shared.random.fill(&mut credentials);
        let number = self
            .sandbox
            .create_phone_in(tx, organization, id, Some(&credentials))
            .await?;
        let sealed = self.shared.secrets.seal(&place(id), &credentials)?;
        store_changes::save_link(tx.conn(), organization, id, &sealed, &number, now).await?;
        self.change_in(tx, organization, id, SessionState::Connecting, None)
            .await?;
        Ok((id, number))
    }

    /// Connects a session that was just made elsewhere; before the start of this node nothing
    /// is to be done, the start connects it.
    pub fn connect_later(&self, id: SessionId) {
        self.launch(id);
    }
}

/// Where the credentials of a session lie, for sealing them.
pub(super) fn place(id: SessionId) -> String {
    format!("sessions/{}", id.key())
}

fn checked_name(name: &str) -> Result<String> {
    let name: String = name.chars().filter(|c| !c.is_control()).collect();
    let name = name.trim();
    if name.is_empty() {
        return Err(AppError::field("name", "Write a name, for example Sales").into());
    }
    if name.chars().count() > NAME_MAX {
        return Err(AppError::field("name", "The name is too long: write at most 80 characters").into());
    }
    Ok(name.to_owned())
}
