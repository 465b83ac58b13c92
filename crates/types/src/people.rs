//! Users, their logins, and the first run.

use crate::{LoginId, OrganizationId, Permissions, Role, Timestamp, UserId, Zone};
use serde::{Deserialize, Serialize};

/// What the log-in form sends.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogIn {
    pub email: String,
    pub password: String,
}

/// What the one-time set-up form sends: everything a first message needs.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetUp {
    /// From the link that `serve` printed.
    pub token: String,
    pub name: String,
    pub email: String,
    /// 12 to 128 characters.
    pub password: String,
    pub organization: String,
    /// IANA name, for example `Asia/Jakarta`.
    pub time_zone: String,
    /// Make a connected sandbox session too.
    #[serde(default)]
    pub sandbox: bool,
}

/// What set-up made. The key is shown this once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetUpDone {
    pub organization: OrganizationId,
    pub user: UserId,
    pub api_key: String,
    pub session: Option<crate::SessionId>,
    /// Digits.
    pub session_number: Option<String>,
}

/// Who is looking at the page, and as whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    pub user: UserId,
    pub name: String,
    pub email: String,
    pub super_admin: bool,
    pub theme: Theme,
    /// The active organization; `None` for a person who belongs to none yet.
    pub organization: Option<OrganizationSummary>,
    /// Every organization this person may switch to, by name.
    pub organizations: Vec<Membership>,
    pub permissions: Permissions,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationSummary {
    pub id: OrganizationId,
    pub name: String,
    pub zone: Zone,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    pub organization: OrganizationId,
    pub name: String,
    pub role: Role,
}

/// Light, dark, or as the device says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    pub const fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Reads a stored word; an unknown one is `System`.
    pub fn from_name(name: &str) -> Self {
        match name {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }
}

/// The profile page: what a person says of themselves, and where they are logged in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    pub name: String,
    pub email: String,
    pub theme: Theme,
    pub logins: Vec<Login>,
    pub as_of: Timestamp,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaveProfile {
    pub name: String,
    pub theme: Theme,
}

#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangePassword {
    pub current: String,
    /// 12 to 128 characters.
    pub new: String,
}

/// One browser that is logged in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Login {
    pub id: LoginId,
    /// "Firefox on Linux", from the User-Agent.
    pub device: String,
    pub ip: String,
    pub created_at: Timestamp,
    pub seen_at: Timestamp,
    /// The login this list was asked with.
    pub current: bool,
}
