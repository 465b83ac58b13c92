//! The one error that crosses the border to people: browser pages and API clients.

use crate::RequestId;
use serde::{Deserialize, Serialize};
use std::fmt;

/// One bad field: where it is, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// The path as the caller wrote it, for example `messages[3].number`.
    pub field: String,
    /// A stable word for programs, for example `VALIDATION_ERROR`.
    pub code: String,
    /// A sentence for people, with the remedy.
    pub message: String,
}

/// Everything a caller can be told. Written for that caller; causes stay in the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AppError {
    /// Nobody is logged in, or the key is missing, unknown, expired or revoked.
    Unauthenticated,
    /// Logged in, but the role or key lacks this permission.
    Forbidden { permission: crate::Permission },
    /// The organization is suspended or its subscription has ended.
    Suspended,
    /// It does not exist, or belongs to another organization. `what` names the noun.
    NotFound { what: String },
    /// One or more fields are wrong.
    Invalid { fields: Vec<FieldError> },
    /// It cannot be done in the present state; the sentence says why and what to do.
    Conflict { code: String, message: String },
    /// Too many tries; try again after that many seconds.
    RateLimited { retry_after: u32 },
    /// The server has as much as it can take; nothing was accepted.
    Busy { retry_after: u32 },
    /// The request is larger than allowed.
    TooLarge { limit_bytes: i64 },
    /// The page could not reach the server; whether it was done is not known.
    Unreachable,
    /// Our fault. The log has the cause under this id.
    Internal { request_id: Option<RequestId> },
}

impl AppError {
    /// One field is wrong.
    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::field_code(field, "VALIDATION_ERROR", message)
    }

    pub fn field_code(field: impl Into<String>, code: &str, message: impl Into<String>) -> Self {
        Self::Invalid {
            fields: vec![FieldError {
                field: field.into(),
                code: code.into(),
                message: message.into(),
            }],
        }
    }

    pub fn not_found(what: &str) -> Self {
        Self::NotFound { what: what.into() }
    }

    pub fn conflict(code: &str, message: impl Into<String>) -> Self {
        Self::Conflict {
            code: code.into(),
            message: message.into(),
        }
    }

    /// The HTTP status of this answer.
    pub fn status(&self) -> u16 {
        match self {
            Self::Unauthenticated => 401,
            Self::Forbidden { .. } | Self::Suspended => 403,
            Self::NotFound { .. } => 404,
            Self::Conflict { .. } => 409,
            Self::TooLarge { .. } => 413,
            Self::Invalid { .. } => 422,
            Self::RateLimited { .. } => 429,
            Self::Busy { .. } | Self::Unreachable => 503,
            Self::Internal { .. } => 500,
        }
    }

    /// A stable word for programs.
    pub fn code(&self) -> &str {
        match self {
            Self::Unauthenticated => "UNAUTHORIZED",
            Self::Forbidden { .. } => "FORBIDDEN",
            Self::Suspended => "ORGANIZATION_SUSPENDED",
            Self::NotFound { .. } => "NOT_FOUND",
            Self::Conflict { code, .. } => code,
            Self::TooLarge { .. } => "PAYLOAD_TOO_LARGE",
            Self::Invalid { fields } => fields.first().map_or("VALIDATION_ERROR", |f| &f.code),
            Self::RateLimited { .. } => "RATE_LIMITED",
            Self::Busy { .. } => "BUSY",
            Self::Unreachable => "UNREACHABLE",
            Self::Internal { .. } => "INTERNAL_ERROR",
        }
    }

    /// The message for that field, if it is among the bad ones.
    pub fn for_field(&self, field: &str) -> Option<&str> {
        match self {
            Self::Invalid { fields } => fields
                .iter()
                .find(|f| f.field == field)
                .map(|f| f.message.as_str()),
            _ => None,
        }
    }

    /// The first bad field's path.
    pub fn first_field(&self) -> Option<&str> {
        match self {
            Self::Invalid { fields } => fields.first().map(|f| f.field.as_str()),
            _ => None,
        }
    }

    /// Seconds to wait before the next try, where that is known.
    pub fn retry_after(&self) -> Option<u32> {
        match self {
            Self::RateLimited { retry_after } | Self::Busy { retry_after } => Some(*retry_after),
            _ => None,
        }
    }
}

/// A sentence in English for API clients; pages match on the variant and use their own language.
impl fmt::Display for AppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unauthenticated => f.write_str("Invalid API key"),
            Self::Forbidden { permission } => {
                write!(
                    f,
                    "This needs the permission {}. Ask an owner or admin of the organization for it.",
                    permission.name()
                )
            }
            Self::Suspended => f.write_str("This organization is suspended. Nothing was queued."),
            Self::NotFound { what } => write!(f, "No such {what}"),
            Self::Conflict { message, .. } => f.write_str(message),
            Self::Invalid { fields } => f.write_str(
                fields
                    .first()
                    .map_or("A field is not valid", |e| e.message.as_str()),
            ),
            Self::RateLimited { retry_after } => {
                write!(f, "Too many tries. Try again in {retry_after} s.")
            }
            Self::Busy { retry_after } => {
                write!(
                    f,
                    "The server is busy and accepted nothing. Try again in {retry_after} s."
                )
            }
            Self::TooLarge { limit_bytes } => {
                write!(f, "The request is larger than {limit_bytes} bytes")
            }
            Self::Unreachable => {
                f.write_str("The server could not be reached. Check the line and try again.")
            }
            Self::Internal { .. } => f.write_str(
                "Something broke on our side. Nothing was done; the log has the cause under the request id.",
            ),
        }
    }
}

impl std::error::Error for AppError {}
