//! `/api/v1/queue`: what waits, why, and ending it.

use super::shape;
use crate::{
    AppState,
    api::{
        auth::Caller,
        body::{Body, SMALL},
        fields::Fields,
        params::Params,
        problem::ApiError,
        reply,
    },
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use serde::Serialize;
use types::{
    Timestamp,
    messages::{MessageState, QueueDetail, QueueEntry, QueueFilter},
    pacing::Gate,
};
use utoipa::ToSchema;

const STATE: &str = "Write pending, processing or uncertain";
const SESSION: &str = "There is no such session in this organization";

/// One entry with everything that holds it, as one object.
#[derive(Serialize, ToSchema)]
#[schema(as = QueueDetail)]
pub struct Detail {
    #[serde(flatten)]
    entry: QueueEntry,
    session_name: Option<String>,
    gates: Vec<Gate>,
    as_of: Timestamp,
}

impl From<QueueDetail> for Detail {
    fn from(detail: QueueDetail) -> Self {
        let QueueDetail {
            entry,
            gates,
            session_name,
            as_of,
        } = detail;
        Self {
            entry,
            session_name,
            gates,
            as_of,
        }
    }
}

pub async fn list(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    params: Params,
) -> Result<Response, ApiError> {
    let filter = QueueFilter {
        state: params.read("state", STATE, open_state)?,
        session: params.parse("session", SESSION)?,
    };
    Ok(shape::ok(
        &app.domain.messages.queue(&ctx, filter, params.page()?).await?,
    ))
}

pub async fn cancel(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    Path(message): Path<String>,
) -> Result<Response, ApiError> {
    Ok(shape::ok(
        &app.domain
            .messages
            .cancel(&ctx, &message.replace('\0', ""))
            .await?,
    ))
}

pub async fn retry(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    Path(message): Path<String>,
) -> Result<Response, ApiError> {
    Ok(shape::ok(
        &app.domain
            .messages
            .retry(&ctx, &message.replace('\0', ""))
            .await?,
    ))
}

/// Cancels everything that waits, or what the filter in the body names.
pub async fn cancel_many(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    body: Body<SMALL>,
) -> Result<Response, ApiError> {
    let mut fields = Fields::parse_or_empty(&body.bytes)?;
    let filter = QueueFilter {
        state: fields.word("state", STATE, open_state),
        session: fields.word("session", SESSION, |text| text.parse().ok()),
    };
    fields.finish()?;
    let cancelled = app.domain.messages.cancel_many(&ctx, filter).await?;
    Ok(reply::ok(&serde_json::json!({ "cancelled": cancelled })))
}

fn open_state(text: &str) -> Option<MessageState> {
    MessageState::from_name(text).filter(|state| state.is_open())
}
