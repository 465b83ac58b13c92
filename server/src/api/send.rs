//! `POST /api/send` of seed 002.

use super::{
    attachment,
    auth::Caller,
    body::{Body, SMALL},
    fields::Fields,
    problem::ApiError,
    reply,
};
use crate::AppState;
use axum::{extract::State, response::Response};
use serde::Serialize;
use types::{
    AppError, FieldError, Recipient,
    messages::{Accept, AcceptedRow, AttachmentInput, Class, Draft, Estimate, FieldNames, MessageState},
};
use utoipa::ToSchema;

pub async fn send(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    body: Body<SMALL>,
) -> Result<Response, ApiError> {
    let draft = draft(Fields::parse(&body.bytes)?.folded(), "", None)?;
    let input = Accept {
        once: false,
        drafts: vec![draft],
        class: Class::Single,
        idempotency: body.idempotency,
    };
    let mut accepted = app.domain.messages.accept(&ctx, input).await?;
    let row = accepted.rows.pop().unwrap_or(Err(AppError::Internal {
        request_id: Some(ctx.request),
    }))?;
    let response = reply::of_entries(reply::ok(&Sent::of(&row)), [&row]);
    Ok(reply::replayed(response, accepted.replayed))
}

/// A message that is saved and waits.
#[derive(Serialize, ToSchema)]
#[schema(as = SendAnswer)]
pub struct Sent {
    success: bool,
    message: &'static str,
    /// Counted per organization from 1.
    #[serde(rename = "queueId")]
    queue_id: i32,
    /// pending.
    status: &'static str,
    /// Whole seconds from now, earliest and latest, such as 5-20 seconds; unknown while no session can send.
    #[serde(rename = "estimatedDelivery")]
    estimated_delivery: String,
    /// A UUID.
    id: String,
    /// pending.
    state: &'static str,
    /// The planned moment.
    #[serde(rename = "estimatedAt")]
    #[schema(format = DateTime)]
    estimated_at: Option<String>,
}

impl Sent {
    fn of(row: &AcceptedRow) -> Self {
        Self {
            success: true,
            message: "Message queued successfully",
            queue_id: row.queue_id,
            status: MessageState::Pending.seed_002(),
            estimated_delivery: delivery(row.estimate),
            id: row.id.plain(),
            state: MessageState::Pending.name(),
            estimated_at: row.estimate.at.map(types::Timestamp::rfc3339),
        }
    }
}

fn delivery(estimate: Estimate) -> String {
    match estimate.seconds {
        Some((earliest, latest)) => format!("{earliest}-{latest} seconds"),
        None => "unknown".into(),
    }
}

/// Reads one message of seed 002; `session` is what the call as a whole names, and holds where the
/// message names none.
pub fn draft(mut fields: Fields, prefix: &str, session: Option<&str>) -> Result<Draft, AppError> {
    let number = fields.required("number", "Phone number is required");
    let text = fields.required("message", "Message text is required");
    let url = fields.text("mediaUrl");
    let kind = fields.word("mediaType", "Write image, video, audio or document", |text| {
        attachment::kind(text).map(|kind| (kind, url.is_some()))
    });
    if let Some((_, false)) = kind {
        fields.refuse::<()>(
            "mediaUrl",
            "Give the address of the media file, or leave mediaType out",
        );
    }
    let own = fields.text("sessionId");
    let mut names = FieldNames::seed_002(prefix);
    if own.is_none() && session.is_some() {
        names.session = "sessionId".into();
    }
    let session = own.or_else(|| session.map(str::to_owned));
    // A verb names every bad field, but never sees this call when one is bad already.
    if !fields.problems_mut().is_empty()
        && let Some(problem) = number.as_deref().and_then(|number| bad_recipient(number, &names))
    {
        fields.problems_mut().insert(0, problem);
    }
    fields.finish()?;
    Ok(Draft {
        to: number.unwrap_or_default(),
        text,
        attachment: url.map(|url| AttachmentInput::Url {
            url,
            kind: kind.map(|(kind, _)| kind),
        }),
        session,
        reference_id: None,
        names,
    })
}

fn bad_recipient(number: &str, names: &FieldNames) -> Option<FieldError> {
    if number.trim().eq_ignore_ascii_case("main") {
        return None;
    }
    let error = number.parse::<Recipient>().err()?;
    Some(FieldError {
        field: names.recipient.clone(),
        code: "VALIDATION_ERROR".into(),
        message: error.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, expect: Result<(), &[&str]>) {
        let fields = Fields::parse(body.as_bytes()).unwrap().folded();
        let result = draft(fields, "", None);
        let names = match &result {
            Err(AppError::Invalid { fields }) => fields.iter().map(|f| f.field.as_str()).collect(),
            _ => Vec::new(),
        };
        assert_eq!(result.is_ok(), expect.is_ok(), "{body}");
        assert_eq!(names, expect.err().unwrap_or_default(), "{body}");
    }

    #[test]
    fn bodies_of_seed_002() {
        check(r#"{"number":"923001234567","message":"Hello"}"#, Ok(()));
        check(
            r#"{"Number":"923001234567","Message":"Hello","MediaUrl":null,"MediaType":null}"#,
            Ok(()),
        );
        check("{}", Err(&["number", "message"]));
        check(r#"{"number":923001234567,"message":"Hello"}"#, Err(&["number"]));
        check(r#"{"number":"12","message":" "}"#, Err(&["number", "message"]));
        check(r#"{"number":"main","message":""}"#, Err(&["message"]));
        check(
            r#"{"number":"923001234567","message":"a","mediaType":"image"}"#,
            Err(&["mediaUrl"]),
        );
        check(
            r#"{"number":"923001234567","message":"a","mediaUrl":"https://a.example/x","mediaType":"gif"}"#,
            Err(&["mediaType"]),
        );
    }
}
