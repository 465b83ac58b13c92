//! `POST /api/send-message` of seed 004: one text or attachment to one or many.

use super::{
    attachment,
    auth::Caller,
    body::{Body, MEDIA},
    fields::Fields,
    problem::ApiError,
    reply,
};
use crate::AppState;
use axum::{extract::State, response::Response};
use bytes::Bytes;
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::HashSet;
use types::{
    AppError, Recipient,
    messages::{Accept, Accepted, AcceptedRow, AttachmentInput, Class, Draft, FieldNames, MessageState},
};

/// Most recipients of one call.
const MOST: usize = 1_000;
/// A body of more is read on a thread that may take its time.
const LARGE: usize = 256 << 10;
/// One attachment is held once per recipient until it is stored; more than this is refused.
const COPIES: usize = 512 << 20;

pub async fn send_message(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    body: Body<MEDIA>,
) -> Result<Response, ApiError> {
    let Body { bytes, idempotency } = body;
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
                drafts,
                class,
                idempotency,
            },
        )
        .await?;
    let response = answer(numbers, rows, reference_id)?;
    Ok(reply::replayed(response, replayed))
}

/// What was asked, one draft per recipient.
struct Call {
    rows: Vec<Draft>,
    reference_id: Option<String>,
}

impl Call {
    fn read(body: Bytes) -> Result<Self, ApiError> {
        let mut fields = Fields::parse(&body)?;
        drop(body);
        let recipients = recipients(&mut fields);
        let text = fields.text("message");
        let attachment = attachment::take(&mut fields, "mimetype");
        let reference_id = fields.text("reference_id");
        let session = fields.text("sessionId");
        if text.is_none() && attachment.is_none() && fields.problems_mut().is_empty() {
            fields.refuse::<()>("message", "Give a message, or media, or both");
        }
        if let Some(AttachmentInput::Bytes { data, .. }) = &attachment
            && data.len().saturating_mul(recipients.len()) > COPIES
        {
            fields.refuse::<()>(
                "recipients",
                "This attachment is too large for so many at once; send to fewer per call, or give media.url",
            );
        }
        fields.finish()?;
        let rows = recipients
            .into_iter()
            .map(|(field, to)| Draft {
                to,
                text: text.clone(),
                attachment: attachment.clone(),
                session: session.clone(),
                reference_id: reference_id.clone(),
                names: FieldNames::seed_004(field),
            })
            .collect();
        Ok(Self { rows, reference_id })
    }
}

/// The recipients with the name of the field each stands in; one that comes twice counts once.
fn recipients(fields: &mut Fields) -> Vec<(String, String)> {
    let number = fields.text("number");
    let list = fields.list("recipients");
    let list = match (number, list) {
        (Some(_), Some(_)) => {
            fields.refuse::<()>("recipients", "Give number or recipients, not both");
            return Vec::new();
        }
        (Some(number), None) => return vec![("number".into(), number)],
        (None, None) => {
            if fields.problems_mut().is_empty() {
                fields.refuse::<()>("number", "Phone number is required");
            }
            return Vec::new();
        }
        (None, Some(list)) => list,
    };
    if !(1..=MOST).contains(&list.len()) {
        fields.refuse::<()>("recipients", format!("Give 1 to {MOST} recipients"));
        return Vec::new();
    }
    let mut seen = HashSet::new();
    let mut recipients = Vec::with_capacity(list.len());
    for (index, value) in list.into_iter().enumerate() {
        let field = format!("recipients[{index}]");
        let Value::String(text) = value else {
            fields.refuse::<()>(&field, "This must be text in quotes");
            continue;
        };
        let text = text.replace('\0', "");
        let same = text
            .parse()
            .map_or_else(|_| text.trim().to_lowercase(), |who: Recipient| who.jid());
        if seen.insert(same) {
            recipients.push((field, text));
        }
    }
    recipients
}

fn answer(
    numbers: Vec<String>,
    rows: Vec<Result<AcceptedRow, AppError>>,
    reference_id: Option<String>,
) -> Result<Response, ApiError> {
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
    Ok(reply::ok(&Queued {
        success: true,
        message: "Message queued",
        id,
        reference_id,
        status: MessageState::Pending.seed_004(),
        state: MessageState::Pending.name(),
        queued,
        rejected: rows.len() - queued,
        results,
    }))
}

#[derive(Serialize)]
struct Queued {
    success: bool,
    message: &'static str,
    id: String,
    reference_id: Option<String>,
    status: &'static str,
    state: &'static str,
    queued: usize,
    rejected: usize,
    results: Vec<Outcome>,
}

#[derive(Serialize)]
struct Outcome {
    number: String,
    #[serde(rename = "chatId")]
    chat_id: Option<String>,
    id: Option<String>,
    #[serde(rename = "queueId", skip_serializing_if = "Option::is_none")]
    queue_id: Option<i32>,
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

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, expect: Result<&[&str], &[&str]>) {
        match Call::read(Bytes::copy_from_slice(body.as_bytes())) {
            Ok(call) => {
                let names: Vec<_> = call.rows.iter().map(|row| row.names.recipient.as_str()).collect();
                assert_eq!(Ok(names.as_slice()), expect, "{body}");
            }
            Err(error) => {
                let text = format!("{error:?}");
                let Err(fields) = expect else {
                    panic!("{body}: {text}")
                };
                assert!(
                    fields
                        .iter()
                        .all(|field| text.contains(&format!("field: \"{field}\""))),
                    "{body}: {text}"
                );
            }
        }
    }

    #[test]
    fn bodies_of_seed_004() {
        check(
            r#"{"number":"6282146727409","message":"Hello!"}"#,
            Ok(&["number"]),
        );
        check(
            r#"{"recipients":["6282146727409","628xxx","+62 821-4672-7409"],"message":"a"}"#,
            Ok(&["recipients[0]", "recipients[1]"]),
        );
        check(
            r#"{"number":"6282146727409","media":{"url":"https://example.com/photo.jpg"}}"#,
            Ok(&["number"]),
        );
        check(
            r#"{"number":"6282146727409","recipients":["1"],"message":"a"}"#,
            Err(&["recipients"]),
        );
        check(r#"{"message":"a"}"#, Err(&["number"]));
        check(r#"{"recipients":[],"message":"a"}"#, Err(&["recipients"]));
        check(r#"{"recipients":[5],"message":"a"}"#, Err(&["recipients[0]"]));
        check(r#"{"number":"6282146727409"}"#, Err(&["message"]));
        check(r#"{"number":"6282146727409","media":{}}"#, Err(&["media"]));
        check(
            r#"{"number":"6282146727409","media":{"url":"https://a.example/","data":"eA=="}}"#,
            Err(&["media"]),
        );
        check(
            r#"{"number":"6282146727409","media":{"data":"eA=="}}"#,
            Err(&["media.mimetype"]),
        );
        check(
            r#"{"number":"6282146727409","media":{"data":"BASE64_ENCODED_DATA","mimetype":"application/pdf"}}"#,
            Err(&["media.data"]),
        );
    }
}
