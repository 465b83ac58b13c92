//! Who may do what: permissions, and the built-in roles made of them.

use serde::{Deserialize, Serialize};
use std::str::FromStr;

macro_rules! permissions {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// One thing a role or an API key may do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Permission {
            $($(#[$doc])* #[serde(rename = $name)] $variant,)*
        }

        impl Permission {
            /// Every permission, in the order pages show them.
            pub const ALL: &'static [Permission] = &[$(Permission::$variant,)*];

            /// The word for it in API scopes and the permission matrix.
            pub const fn name(self) -> &'static str {
                match self { $(Permission::$variant => $name,)* }
            }
        }
    };
}

permissions! {
    /// See sessions and their state.
    SessionsView = "sessions:view",
    /// Create, link, start, stop, log out and delete sessions.
    SessionsManage = "sessions:manage",
    /// Queue messages.
    MessagesSend = "messages:send",
    /// See the queue and the history.
    QueueView = "queue:view",
    /// Cancel and retry queued messages.
    QueueManage = "queue:manage",
    /// Read chats.
    ChatsView = "chats:view",
    /// See the names and scopes of API keys, never the keys.
    KeysView = "keys:view",
    /// Create and revoke API keys.
    KeysManage = "keys:manage",
    /// See the calls of the API with their bodies, which hold what customers were written.
    RequestLogView = "request_log:view",
    /// See the organization's settings.
    SettingsView = "settings:view",
    /// Change the organization's settings.
    SettingsManage = "settings:manage",
    /// Hold sandbox phones: link, write as the customer, inject faults.
    SandboxUse = "sandbox:use",
    /// See alerts.
    AlertsView = "alerts:view",
    /// Acknowledge and resolve alerts.
    AlertsManage = "alerts:manage",
}

/// The text names no permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownPermission;

impl FromStr for Permission {
    type Err = UnknownPermission;

    fn from_str(text: &str) -> Result<Self, UnknownPermission> {
        Self::ALL
            .iter()
            .copied()
            .find(|p| p.name() == text)
            .ok_or(UnknownPermission)
    }
}

/// A set of permissions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Permissions(u64);

impl Permissions {
    pub const NONE: Self = Self(0);

    pub fn all() -> Self {
        Permission::ALL.iter().copied().collect()
    }

    pub const fn has(self, permission: Permission) -> bool {
        self.0 & (1 << permission as u64) != 0
    }

    #[must_use]
    pub const fn with(self, permission: Permission) -> Self {
        Self(self.0 | (1 << permission as u64))
    }

    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.iter().copied().filter(move |p| self.has(*p))
    }
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<I: IntoIterator<Item = Permission>>(iter: I) -> Self {
        iter.into_iter().fold(Self::NONE, Self::with)
    }
}

/// A built-in role of a member in an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything, including what ends the organization.
    Owner,
    /// Everything of day-to-day work.
    Admin,
    /// Talks with customers and sends.
    Agent,
    /// Looks on.
    Viewer,
}

impl Role {
    pub const ALL: &'static [Role] = &[Role::Owner, Role::Admin, Role::Agent, Role::Viewer];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Agent => "agent",
            Self::Viewer => "viewer",
        }
    }

    pub fn permissions(self) -> Permissions {
        use Permission as P;
        match self {
            Self::Owner | Self::Admin => Permissions::all(),
            Self::Agent => [
                P::SessionsView,
                P::MessagesSend,
                P::QueueView,
                P::QueueManage,
                P::ChatsView,
                P::AlertsView,
                P::AlertsManage,
            ]
            .into_iter()
            .collect(),
            Self::Viewer => [P::SessionsView, P::QueueView, P::ChatsView, P::AlertsView]
                .into_iter()
                .collect(),
        }
    }
}

impl FromStr for Role {
    type Err = UnknownPermission;

    fn from_str(text: &str) -> Result<Self, UnknownPermission> {
        Self::ALL
            .iter()
            .copied()
            .find(|r| r.name() == text)
            .ok_or(UnknownPermission)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip() {
        for permission in Permission::ALL {
            assert_eq!(permission.name().parse(), Ok(*permission));
        }
        for role in Role::ALL {
            assert_eq!(role.name().parse(), Ok(*role));
        }
    }

    #[test]
    fn roles_are_nested() {
        let viewer = Role::Viewer.permissions();
        let agent = Role::Agent.permissions();
        assert!(viewer.iter().all(|p| agent.has(p)));
        assert!(agent.iter().all(|p| Role::Admin.permissions().has(p)));
        assert!(!agent.has(Permission::KeysManage));
    }
}
