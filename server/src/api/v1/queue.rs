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
use domain::Ctx;
use serde::Serialize;
use types::{
    Timestamp,
    messages::{Lanes, MessageState, QueueDetail, QueueEntry, QueueFilter, Settled},
    pacing::{Balance, Gate},
};
use utoipa::ToSchema;

const STATE: &str = "Write pending, processing or uncertain";
const OUTCOME: &str = "Write sent when it arrived, or failed when it did not";
const SESSION: &str = "There is no such session in this organization";

/// One entry with everything that holds it, as one object.
#[derive(Serialize, ToSchema)]
#[schema(as = QueueDetail)]
pub struct Detail {
    #[serde(flatten)]
    entry: QueueEntry,
    session_name: Option<String>,
    gates: Vec<Gate>,
    /// Messages that go first, while it waits.
    ahead: i64,
    /// The sessions that may take it, by score.
    candidates: Vec<Balance>,
    as_of: Timestamp,
}

impl From<QueueDetail> for Detail {
    fn from(detail: QueueDetail) -> Self {
        let QueueDetail {
            entry,
            gates,
            ahead,
            candidates,
            session_name,
            as_of,
        } = detail;
        Self {
            entry,
            session_name,
            gates,
            ahead,
            candidates,
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

/// Lets it pass the protections that hold it; the answer names the gates that it passes.
pub async fn send_now(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    Path(message): Path<String>,
) -> Result<Response, ApiError> {
    let (entry, passes) = app
        .domain
        .messages
        .send_now(&ctx, &message.replace('\0', ""))
        .await?;
    Ok(shape::ok(&SentNow { entry, passes }))
}

#[derive(Serialize, ToSchema)]
pub struct SentNow {
    #[serde(flatten)]
    entry: QueueEntry,
    /// The gates that it passes.
    passes: Vec<&'static str>,
}

/// Another session takes it; without one whichever is free first.
pub async fn reassign(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    Path(message): Path<String>,
    body: Body<SMALL>,
) -> Result<Response, ApiError> {
    let mut fields = Fields::parse_or_empty(&body.bytes)?;
    let session = fields.word("session", SESSION, |text| text.parse().ok());
    fields.finish()?;
    let entry = app
        .domain
        .messages
        .reassign(&ctx, &message.replace('\0', ""), session)
        .await?;
    Ok(shape::ok(&entry))
}

/// A person has found out what became of an uncertain message.
pub async fn settle(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    Path(message): Path<String>,
    body: Body<SMALL>,
) -> Result<Response, ApiError> {
    let mut fields = Fields::parse_or_empty(&body.bytes)?;
    let outcome = fields
        .required("outcome", OUTCOME)
        .and_then(|text| Settled::from_name(text.trim()).or_else(|| fields.refuse("outcome", OUTCOME)));
    fields.finish()?;
    let Some(outcome) = outcome else {
        return Err(types::AppError::field("outcome", OUTCOME).into());
    };
    let entry = app
        .domain
        .messages
        .settle(&ctx, &message.replace('\0', ""), outcome)
        .await?;
    Ok(shape::ok(&entry))
}

/// Tries everything that failed again, or what failed in the session that the body names.
pub async fn retry_many(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    body: Body<SMALL>,
) -> Result<Response, ApiError> {
    let mut fields = Fields::parse_or_empty(&body.bytes)?;
    let session = fields.word("session", SESSION, |text| text.parse().ok());
    fields.finish()?;
    let retried = app.domain.messages.retry_many(&ctx, session).await?;
    Ok(reply::ok(&serde_json::json!({ "retried": retried })))
}

/// Every session's lane: what it has used of its limits, what holds it, what is next.
pub async fn lanes(State(app): State<AppState>, Caller(ctx): Caller) -> Result<Response, ApiError> {
    let lanes = app.domain.messages.lanes(&ctx).await?;
    Ok(shape::ok(&narrowed(&ctx, lanes)))
}

/// A key of one session is told of that one alone, and nothing of the organization as a whole.
fn narrowed(ctx: &Ctx, lanes: Lanes) -> Lanes {
    if ctx.session.is_none() {
        return lanes;
    }
    let ends_at = lanes.lanes.iter().filter_map(|lane| lane.ends_at).max();
    let stays = lanes.lanes.iter().filter(|lane| lane.ends_at.is_none());
    Lanes {
        pool: 0,
        ends_at,
        stays: stays.map(|lane| lane.waiting).sum(),
        used_today: 0,
        organization_limit: None,
        ..lanes
    }
}

/// How the sessions stand in the balancer's eyes.
pub async fn balance(State(app): State<AppState>, Caller(ctx): Caller) -> Result<Response, ApiError> {
    let data = app.domain.messages.balance(&ctx).await?;
    Ok(shape::ok(&serde_json::json!({ "data": data })))
}

/// When the queue would end if the limits in the body were set, for one session or for all. A key of
/// one session asks for that one's queue.
pub async fn what_if(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    body: Body<SMALL>,
) -> Result<Response, ApiError> {
    let mut fields = Fields::parse_or_empty(&body.bytes)?;
    let session = fields.word("session", SESSION, |text| text.parse().ok());
    let change = super::settings::read_limits(fields)?;
    let answer = app.domain.messages.what_if(&ctx, session, &change).await?;
    Ok(shape::ok(&answer))
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
