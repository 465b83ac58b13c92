//! `POST /api/send-bulk` of seed 002: rows stand alone, the good ones are one commit.

use super::{
    auth::Caller,
    body::{BULK, Body},
    fields::Fields,
    problem::ApiError,
    reply, send,
};
use crate::AppState;
use axum::{extract::State, response::Response};
use serde::Serialize;
use serde_json::{Map, Value, json};
use types::{
    AppError,
    messages::{Accept, Accepted, AcceptedRow, Class, Draft},
};
use utoipa::ToSchema;

const MOST: usize = 10_000;

type Row = Result<AcceptedRow, AppError>;

pub async fn send_bulk(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    body: Body<BULK>,
) -> Result<Response, ApiError> {
    let (drafts, unreadable) = read(&body.bytes)?;
    let accepted = if drafts.is_empty() {
        Accepted {
            rows: Vec::new(),
            replayed: false,
        }
    } else {
        let input = Accept {
            once: false,
            drafts,
            class: Class::Bulk,
            idempotency: body.idempotency,
        };
        app.domain.messages.accept(&ctx, input).await?
    };
    // The verb answered the rows that could be read, in order; the others keep their places.
    let mut answered = accepted.rows.into_iter();
    let rows: Vec<Row> = unreadable
        .into_iter()
        .map(|error| match error {
            Some(error) => Err(error),
            None => answered.next().unwrap_or(Err(AppError::Internal {
                request_id: Some(ctx.request),
            })),
        })
        .collect();
    Ok(reply::replayed(answer(rows)?, accepted.replayed))
}

/// The rows that can be read, and for each row what is wrong if it cannot.
fn read(body: &[u8]) -> Result<(Vec<Draft>, Vec<Option<AppError>>), ApiError> {
    let mut fields = Fields::parse(body)?.folded();
    let session = fields.text("sessionId");
    let messages = fields.list("messages").unwrap_or_default();
    if fields.problems_mut().is_empty() && !(1..=MOST).contains(&messages.len()) {
        fields.refuse::<()>("messages", format!("Give a list of 1 to {MOST} messages"));
    }
    fields.finish()?;
    let mut drafts = Vec::with_capacity(messages.len());
    let mut unreadable = Vec::with_capacity(messages.len());
    for (index, message) in messages.into_iter().enumerate() {
        let draft = match message {
            Value::Object(object) => {
                let prefix = format!("messages[{index}].");
                send::draft(
                    Fields::of(object, prefix.clone()).folded(),
                    &prefix,
                    session.as_deref(),
                )
            }
            _ => Err(AppError::field(
                format!("messages[{index}]"),
                "This must be an object in curly brackets",
            )),
        };
        match draft {
            Ok(draft) => {
                drafts.push(draft);
                unreadable.push(None);
            }
            Err(error) => unreadable.push(Some(error)),
        }
    }
    Ok((drafts, unreadable))
}

fn answer(rows: Vec<Row>) -> Result<Response, ApiError> {
    let results: Vec<Outcome> = rows
        .iter()
        .enumerate()
        .map(|(index, row)| Outcome::of(index, row))
        .collect();
    let queue_ids: Vec<i32> = results.iter().filter_map(|row| row.queue_id).collect();
    let failed = rows.len() - queue_ids.len();
    if queue_ids.is_empty()
        && let Some(Err(first)) = rows.first().cloned()
    {
        let mut extra = Map::new();
        extra.insert("queued".into(), json!(0));
        extra.insert("failed".into(), json!(failed));
        extra.insert("queueIds".into(), json!([]));
        extra.insert("results".into(), json!(results));
        return Err(ApiError::from(first).with(extra));
    }
    let response = reply::ok(&Bulk {
        success: true,
        message: "Bulk messages queued",
        queued: queue_ids.len(),
        failed,
        queue_ids,
        results,
    });
    Ok(reply::of_entries(response, rows.iter().flatten()))
}

/// What became of each message of the call.
#[derive(Serialize, ToSchema)]
#[schema(as = SendBulkAnswer)]
pub struct Bulk {
    success: bool,
    message: &'static str,
    /// How many are saved.
    queued: usize,
    /// How many were refused.
    failed: usize,
    /// Of the saved ones, in the order sent.
    #[serde(rename = "queueIds")]
    queue_ids: Vec<i32>,
    /// Every message, in the order sent.
    results: Vec<Outcome>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = SendBulkOutcome)]
struct Outcome {
    /// Its place in messages, from 0.
    index: usize,
    /// queued or rejected.
    status: &'static str,
    #[serde(rename = "queueId")]
    queue_id: Option<i32>,
    /// Why it was refused, for programs.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    /// Why it was refused, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    /// Which field is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
}

impl Outcome {
    fn of(index: usize, row: &Row) -> Self {
        match row {
            Ok(row) => Self {
                index,
                status: "queued",
                queue_id: Some(row.queue_id),
                code: None,
                error: None,
                field: None,
            },
            Err(error) => Self {
                index,
                status: "rejected",
                queue_id: None,
                code: Some(error.code().to_owned()),
                error: Some(error.to_string()),
                field: error.first_field().map(str::to_owned),
            },
        }
    }
}
