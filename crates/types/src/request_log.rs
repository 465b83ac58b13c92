//! The request log: calls of the API as they came and as they were answered, without their secrets.

use crate::{ApiKeyId, RequestId, SessionId, Timestamp};
use serde::{Deserialize, Serialize};

/// One call, as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LoggedRequest {
    /// What the answer carried as `X-Request-Id`.
    pub id: RequestId,
    pub at: Timestamp,
    pub method: String,
    /// Path and query.
    pub url: String,
    /// 0 when the caller went away before there was an answer.
    pub status: i32,
    pub duration_ms: i64,
    /// Empty where it is not known.
    pub ip: String,
    pub key: Option<ApiKeyId>,
    /// `sb_3kf9a1c2`; the rest of a key is never kept.
    pub key_prefix: Option<String>,
    /// The session that the key belongs to, or the one through which all of it was queued.
    pub session: Option<SessionId>,
    /// The queue entries that the answer names; those of one call follow each other.
    pub first_queue_id: Option<i32>,
    pub last_queue_id: Option<i32>,
    pub queued: i64,
}

/// One call with everything that was kept of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RequestDetail {
    #[serde(flatten)]
    pub request: LoggedRequest,
    /// Name and value, in the order in which they came.
    pub request_headers: Vec<(String, String)>,
    pub request_body: LoggedBody,
    pub response_headers: Vec<(String, String)>,
    pub response_body: LoggedBody,
    pub as_of: Timestamp,
}

/// A body without its secrets, shortened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LoggedBody {
    /// How long it was; of one that was refused unread, how long it said it was.
    pub bytes: i64,
    /// `None` for none, and for one that is no text or was not read.
    pub text: Option<String>,
}

/// Which calls are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestFilter {
    #[serde(default)]
    pub status: Option<StatusClass>,
    /// `GET`, `POST`, …
    #[serde(default)]
    pub method: Option<String>,
    /// The beginning of path and query.
    #[serde(default)]
    pub path: Option<String>,
    #[serde(default)]
    pub key: Option<ApiKeyId>,
    #[serde(default)]
    pub session: Option<SessionId>,
    /// The call that queued this entry.
    #[serde(default)]
    pub queue_id: Option<i32>,
    /// A day of the organization's time zone (`YYYY-MM-DD`) or a moment (RFC 3339), included.
    #[serde(default)]
    pub from: Option<String>,
    /// A day, included, or a moment, not included.
    #[serde(default)]
    pub to: Option<String>,
}

/// How calls ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum StatusClass {
    /// 2xx and 3xx.
    #[serde(rename = "2xx")]
    Ok,
    /// 4xx: the call was refused.
    #[serde(rename = "4xx")]
    Refused,
    /// 5xx, and those that never had an answer.
    #[serde(rename = "5xx")]
    Broken,
}

impl StatusClass {
    pub const ALL: &'static [Self] = &[Self::Ok, Self::Refused, Self::Broken];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Ok => "2xx",
            Self::Refused => "4xx",
            Self::Broken => "5xx",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|class| class.name() == name)
    }

    pub const fn of(status: i32) -> Self {
        match status {
            100..=399 => Self::Ok,
            400..=499 => Self::Refused,
            _ => Self::Broken,
        }
    }
}

/// How long calls are kept, and how many there are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RequestLogSettings {
    /// 0 (nothing is logged) to 90; `None` inherits the platform's.
    pub request_log_days: Option<i64>,
    pub platform_request_log_days: i64,
    /// Calls in the log now.
    pub entries: i64,
    /// Calls that were answered but not logged, because too many came at once.
    pub dropped: i64,
    pub last_dropped_at: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_is_of_one_class() {
        for (status, class) in [(0, "5xx"), (204, "2xx"), (302, "2xx"), (429, "4xx"), (500, "5xx")] {
            assert_eq!(StatusClass::of(status).name(), class, "{status}");
        }
        for class in StatusClass::ALL {
            assert_eq!(StatusClass::from_name(class.name()), Some(*class));
        }
    }
}
