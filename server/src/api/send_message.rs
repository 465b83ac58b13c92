//! `POST /api/send-message` of seed 004: one text or attachment to one or many.

mod read;

use super::{
    auth::Caller,
    body::{Body, MEDIA},
    problem::ApiError,
    reply,
};
use crate::AppState;
use axum::{extract::State, response::Response};
use read::Call;
use serde::Serialize;
use serde_json::{Map, json};
use std::collections::HashSet;
use types::{
    AppError, Recipient,
    messages::{Accept, Accepted, AcceptedRow, Class, MessageState},
};
use utoipa::ToSchema;

/// A body of more is read on a thread that may take its time.
const LARGE: usize = 256 << 10;

pub async fn send_message(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    body: Body<MEDIA>,
) -> Result<Response, ApiError> {
    let Body {
        bytes,
        idempotency,
        room: _room,
    } = body;
    let call = if bytes.len() > LARGE {
        let read = tokio::task::spawn_blocking(move || Call::read(bytes)).await;
        read.map_err(|_| AppError::Internal {
            request_id: Some(ctx.request),
        })??
    } else {
        Call::read(bytes)?
    };
    let Call { rows, reference_id } = call;
    let class = if rows.len() > 1 {
        Class::Bulk
    } else {
        Class::Single
    };
    let (numbers, drafts): (Vec<_>, Vec<_>) = rows.into_iter().map(|row| (row.to.clone(), row)).unzip();
    let Accepted { rows, replayed } = app
        .domain
        .messages
        .accept(
            &ctx,
            Accept {
                once: true,
                drafts,
                class,
                idempotency,
            },
        )
        .await?;
    let response = answer(numbers, rows, reference_id)?;
    Ok(reply::replayed(response, replayed))
}

fn answer(
    numbers: Vec<String>,
    rows: Vec<Result<AcceptedRow, AppError>>,
    reference_id: Option<String>,
) -> Result<Response, ApiError> {
    // `main` and the main number's own digits are one recipient, and one message.
    let mut seen = HashSet::new();
    let (numbers, rows): (Vec<String>, Vec<_>) = numbers
        .into_iter()
        .zip(rows)
        .filter(|(_, row)| row.as_ref().map_or(true, |row| seen.insert(row.id)))
        .unzip();
    let results: Vec<Outcome> = numbers
        .into_iter()
        .zip(&rows)
        .map(|(number, row)| Outcome::of(number, row))
        .collect();
    let queued = rows.iter().filter(|row| row.is_ok()).count();
    let Some(id) = results.iter().find_map(|row| row.id.clone()) else {
        let first = rows
            .into_iter()
            .find_map(Result::err)
            .unwrap_or(AppError::Internal { request_id: None });
        let mut extra = Map::new();
        extra.insert("results".into(), json!(results));
        return Err(ApiError::from(first).with(extra));
    };
    let response = reply::ok(&Sent {
        success: true,
        message: "Message queued",
        id,
        reference_id,
        status: MessageState::Pending.seed_004(),
        state: MessageState::Pending.name(),
        queued,
        rejected: rows.len() - queued,
        results,
    });
    Ok(reply::of_entries(response, rows.iter().flatten()))
}

/// What became of each recipient of the call.
#[derive(Serialize, ToSchema)]
#[schema(as = SendMessageAnswer)]
pub struct Sent {
    success: bool,
    message: &'static str,
    /// The UUID of the first message that is saved.
    id: String,
    reference_id: Option<String>,
    status: &'static str,
    state: &'static str,
    /// How many are saved.
    queued: usize,
    /// How many were refused.
    rejected: usize,
    /// Every recipient, in the order sent.
    results: Vec<Outcome>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = SendMessageOutcome)]
struct Outcome {
    number: String,
    /// Digits before @c.us, or the group's id; null where the number cannot be read.
    #[serde(rename = "chatId")]
    chat_id: Option<String>,
    id: Option<String>,
    #[serde(rename = "queueId", skip_serializing_if = "Option::is_none")]
    queue_id: Option<i32>,
    /// pending or rejected.
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
}

impl Outcome {
    fn of(number: String, row: &Result<AcceptedRow, AppError>) -> Self {
        match row {
            Ok(row) => Self {
                number: row.recipient.number(),
                chat_id: Some(row.recipient.chat_id()),
                id: Some(row.id.plain()),
                queue_id: Some(row.queue_id),
                status: "pending",
                code: None,
                error: None,
                field: None,
            },
            Err(error) => Self {
                chat_id: number
                    .parse()
                    .ok()
                    .map(|recipient: Recipient| recipient.chat_id()),
                number,
                id: None,
                queue_id: None,
                status: "rejected",
                code: Some(error.code().to_owned()),
                error: Some(error.to_string()),
                field: error.first_field().map(str::to_owned),
            },
        }
    }
}
