//! Who asks, for which organization, and what they may do.

use super::Result;
use types::{
    ApiKeyId, AppError, LoginId, OrganizationId, Permission, Permissions, RequestId, SessionId, UserId,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    User(UserId),
    Key(ApiKeyId),
    /// Background work of this node.
    System,
}

/// Passed to every verb first.
#[derive(Clone, Debug)]
pub struct Ctx {
    pub actor: Actor,
    /// The super admin behind an impersonated user.
    pub impersonator: Option<UserId>,
    pub organization: Option<OrganizationId>,
    pub permissions: Permissions,
    pub super_admin: bool,
    /// A key of one session acts for that session alone.
    pub session: Option<SessionId>,
    /// The browser's login, for people.
    pub login: Option<LoginId>,
    pub request: RequestId,
}

impl Ctx {
    /// Background work for one organization; may do everything in it.
    pub fn system(organization: OrganizationId, request: RequestId) -> Self {
        Self {
            actor: Actor::System,
            impersonator: None,
            organization: Some(organization),
            permissions: Permissions::all(),
            super_admin: false,
            session: None,
            login: None,
            request,
        }
    }

    /// The first line of every verb: the permission, and the organization it holds in.
    pub fn require(&self, permission: Permission) -> Result<OrganizationId> {
        if !self.permissions.has(permission) {
            return Err(AppError::Forbidden { permission }.into());
        }
        self.organization
            .ok_or_else(|| AppError::not_found("organization").into())
    }

    /// The person behind the request; keys have no profile.
    pub fn user(&self) -> Result<UserId> {
        match self.actor {
            Actor::User(user) => Ok(user),
            _ => Err(AppError::Unauthenticated.into()),
        }
    }

    /// A key that belongs to one session sees no other: they do not exist for it.
    pub fn may_touch(&self, session: SessionId) -> Result<()> {
        match self.session {
            Some(own) if own != session => Err(AppError::not_found("session").into()),
            _ => Ok(()),
        }
    }
}
