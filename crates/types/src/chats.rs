//! Chats: what a session has with one person or group.

use crate::{ChatId, Recipient, SessionId, Timestamp};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Chat {
    pub id: ChatId,
    pub session: SessionId,
    pub with: Recipient,
    /// The name the person gave themselves, if we have heard it.
    pub name: Option<String>,
    pub last_text: Option<String>,
    pub last_from_me: bool,
    pub last_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatFilter {
    pub session: SessionId,
    /// Part of a number or name.
    #[serde(default)]
    pub search: Option<String>,
}
