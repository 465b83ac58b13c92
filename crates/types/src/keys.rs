//! Keys of the REST API.

use crate::{ApiKeyId, Permission, SessionId, Timestamp};
use serde::{Deserialize, Serialize};

/// A key as lists show it; the key itself is shown once, when it is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApiKey {
    pub id: ApiKeyId,
    pub name: String,
    /// The first characters, for telling keys apart: `sb_3kf9a1c2`.
    pub prefix: String,
    pub scopes: Vec<Permission>,
    /// A key of one session may act for that session alone.
    pub session: Option<SessionId>,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    /// To the minute.
    pub last_used_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
}

/// What makes a key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreateKey {
    /// 1 to 80 characters.
    pub name: String,
    /// Empty: every scope its maker has.
    #[serde(default)]
    pub scopes: Vec<Permission>,
    /// 1 to 3,650; `None` does not expire.
    #[serde(default)]
    pub expires_in_days: Option<i64>,
    #[serde(default)]
    pub session: Option<SessionId>,
}

/// The one answer that carries the key.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatedKey {
    pub key: ApiKey,
    pub secret: String,
}
