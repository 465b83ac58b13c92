//! `GET /api/message-status/{id}` of seed 004: by UUID, queue id or the caller's reference.

use super::{auth::Caller, problem::ApiError, reply};
use crate::AppState;
use axum::{
    extract::{Path, State},
    response::Response,
};
use serde::Serialize;
use types::{
    AppError, Timestamp,
    messages::{MessageState, QueueEntry},
};
use utoipa::ToSchema;

pub async fn message_status(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    let id = id.replace('\0', "");
    match app.domain.messages.get(&ctx, &id).await.map_err(ApiError::from) {
        Ok(detail) => return Ok(reply::ok(&Told::from(detail.entry))),
        Err(error) if !error.is_not_found() => return Err(error),
        Err(_) => {}
    }
    let entries = app.domain.messages.by_reference(&ctx, &id).await?;
    let mut all: Vec<Told> = entries.into_iter().map(Told::from).collect();
    if all.len() > 1 {
        let first = all[0].clone();
        return Ok(reply::ok(&Several { first, entries: all }));
    }
    match all.pop() {
        Some(status) => Ok(reply::ok(&status)),
        None => Err(AppError::not_found("message").into()),
    }
}

/// The first recipient of the newest call, and beside it everything with that reference.
#[derive(Serialize, ToSchema)]
#[schema(as = MessageStatusAnswer)]
pub struct Several {
    #[serde(flatten)]
    first: Told,
    /// Only where several messages have the reference.
    #[schema(required = false)]
    entries: Vec<Told>,
}

#[derive(Clone, Serialize, ToSchema)]
#[schema(as = MessageStatus)]
struct Told {
    /// A UUID.
    id: String,
    reference_id: Option<String>,
    /// Digits, or the group's id.
    number: String,
    #[serde(rename = "chatId")]
    chat_id: String,
    message: Option<String>,
    /// pending, sending, sent or failed.
    status: &'static str,
    error: Option<String>,
    /// Milliseconds since 1970 in UTC, as all moments here.
    #[serde(rename = "createdAt")]
    #[schema(value_type = i64)]
    created_at: Timestamp,
    #[serde(rename = "sentAt")]
    #[schema(value_type = Option<i64>)]
    sent_at: Option<Timestamp>,
    /// pending, processing, sent, delivered, read, failed, cancelled or uncertain.
    state: &'static str,
    #[serde(rename = "queueId")]
    queue_id: i32,
    #[serde(rename = "sessionId")]
    session_id: Option<String>,
    #[serde(rename = "deliveredAt")]
    #[schema(value_type = Option<i64>)]
    delivered_at: Option<Timestamp>,
    #[serde(rename = "readAt")]
    #[schema(value_type = Option<i64>)]
    read_at: Option<Timestamp>,
}

impl From<QueueEntry> for Told {
    fn from(entry: QueueEntry) -> Self {
        let unsent = matches!(entry.state, MessageState::Failed | MessageState::Cancelled);
        Self {
            id: entry.id.plain(),
            reference_id: entry.reference_id,
            number: entry.recipient.number(),
            chat_id: entry.recipient.chat_id(),
            message: entry.text,
            status: entry.state.seed_004(),
            error: entry.error,
            created_at: entry.created_at,
            sent_at: entry.sent_at.filter(|_| !unsent),
            state: entry.state.name(),
            queue_id: entry.queue_id,
            session_id: entry.session.map(types::SessionId::plain),
            delivered_at: entry.delivered_at,
            read_at: entry.read_at,
        }
    }
}
