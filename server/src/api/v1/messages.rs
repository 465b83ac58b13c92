//! `/api/v1/messages`: queue one, see one.

use super::shape;
use crate::{
    AppState,
    api::{
        attachment,
        auth::Caller,
        body::{Body, MEDIA},
        fields::Fields,
        problem::ApiError,
        reply,
    },
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use http::StatusCode;
use serde::Serialize;
use types::{
    AppError, MessageId, Recipient, SessionId,
    messages::{Accept, Class, Draft, FieldNames, MessageState},
};
use utoipa::ToSchema;

/// What was queued, as of that moment; a repeat under the same idempotency key says the same.
#[derive(Serialize, ToSchema)]
pub struct Queued {
    id: MessageId,
    /// Counted per organization from 1.
    queue_id: i32,
    reference_id: Option<String>,
    state: &'static str,
    recipient: Recipient,
    session: Option<SessionId>,
    /// The planned moment; null while no session can send.
    #[schema(format = DateTime)]
    leaves_at: Option<String>,
    /// Earliest and latest, from then on.
    #[schema(value_type = Option<Vec<i64>>)]
    leaves_in_seconds: Option<(i64, i64)>,
}

pub async fn create(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    body: Body<MEDIA>,
) -> Result<Response, ApiError> {
    let (draft, reply_to) = draft(&body.bytes)?;
    let reference_id = draft.reference_id.clone();
    let class = match reply_to {
        Some(received) => {
            app.domain.messages.answers(&ctx, &draft.to, &received).await?;
            Class::Reply
        }
        None => Class::Single,
    };
    let input = Accept {
        once: false,
        drafts: vec![draft],
        class,
        idempotency: body.idempotency,
    };
    let mut accepted = app.domain.messages.accept(&ctx, input).await?;
    let row = accepted.rows.pop().unwrap_or(Err(AppError::Internal {
        request_id: Some(ctx.request),
    }))?;
    let accepted_row = row.clone();
    let queued = Queued {
        id: row.id,
        queue_id: row.queue_id,
        reference_id,
        state: MessageState::Pending.name(),
        recipient: row.recipient,
        session: row.session,
        leaves_at: row.estimate.at.map(types::Timestamp::rfc3339),
        leaves_in_seconds: row.estimate.seconds,
    };
    Ok(reply::replayed(
        reply::of_entries(reply::json(StatusCode::CREATED, &queued), [&accepted_row]),
        accepted.replayed,
    ))
}

/// The draft, and the received message that it answers.
fn draft(body: &[u8]) -> Result<(Draft, Option<String>), ApiError> {
    let mut fields = Fields::parse(body)?;
    let to = fields.required("to", "Say whom it is for: a number, a group's id, or main");
    let text = fields.text("text");
    let attachment = attachment::take(&mut fields, "mime");
    let session = fields.text("session");
    let reference_id = fields.text("reference_id");
    let reply_to = fields.text("reply_to");
    if text.is_none() && attachment.is_none() && fields.problems_mut().is_empty() {
        fields.refuse::<()>("text", "Give a text, or media, or both");
    }
    fields.finish()?;
    let draft = Draft {
        to: to.unwrap_or_default(),
        text,
        attachment,
        session,
        reference_id,
        names: FieldNames::native(),
    };
    Ok((draft, reply_to))
}

pub async fn one(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    Path(message): Path<String>,
) -> Result<Response, ApiError> {
    let detail = app.domain.messages.get(&ctx, &message.replace('\0', "")).await?;
    Ok(shape::ok(&super::queue::Detail::from(detail)))
}
