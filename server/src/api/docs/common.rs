//! What holds for every operation.

use super::op::Named;
use serde::Serialize;
use types::{FieldError, RequestId};
use utoipa::{PartialSchema, ToSchema};

/// The introduction: everything that one needs to know once.
pub const ABOUT: &str = "\
Queue WhatsApp messages, follow them, and run everything else that the pages can do.

## Keys
Every call carries an API key in the header X-API-Key, or as Authorization: Bearer. A key is made on the \
page API keys, is shown once, and has scopes: each operation names the one it needs. A browser's login \
never counts here.

## Bodies and answers
Bodies are JSON in UTF-8 with Content-Type: application/json. A field that is null is a field left out, and \
unknown fields are ignored, except in the settings. Moments are RFC 3339 in UTC with milliseconds, unless a \
field says otherwise; durations say their unit in their name. Answers carry X-Request-Id; the request's \
cause for an error of ours is in the server's log under it.

## Accepted, then sent
Sending answers as soon as the message is saved. It leaves when its session's pace allows; \
GET /api/v1/queue/{id} says when, and what holds it until then. A sending limit never refuses a message: it \
waits.

## Repeats
A call that queues messages may carry an Idempotency-Key. The same call under the same key within 24 hours \
queues nothing new and gets the same answer.

## Lists
Lists come in pages: data and next. Give next back as cursor to read on; it is null on the last page.

## Errors
An error has a code for programs, a sentence for people with the remedy, the field where one is wrong, and \
the request's id. Under /api/v1 it is application/problem+json; elsewhere it is \
{\"success\": false, \"error\", \"code\", \"field\", \"requestId\"}. An address that does not exist is 404 \
NOT_FOUND, and one that does not take the method is 405 METHOD_NOT_ALLOWED with the header Allow. 503 carries \
Retry-After in seconds.";

/// The error of the older addresses.
#[derive(Serialize, ToSchema)]
#[schema(as = Error)]
struct SeedError {
    /// Always false.
    success: bool,
    /// A sentence for people, with the remedy.
    error: String,
    /// A word for programs; it does not change.
    code: String,
    /// The path of the first wrong field as it was sent, such as messages[3].number.
    #[schema(required = false)]
    field: Option<String>,
    /// To be found in the server's log.
    #[serde(rename = "requestId")]
    request_id: RequestId,
}

/// The error of /api/v1, after RFC 9457.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
struct ProblemError {
    /// Always about:blank: the code says which problem it is.
    #[serde(rename = "type")]
    kind: String,
    /// The status in words.
    title: String,
    status: u16,
    /// A sentence for people, with the remedy.
    detail: String,
    /// A word for programs; it does not change.
    code: String,
    /// The path of the first wrong field as it was sent, such as media.url.
    #[schema(required = false)]
    field: Option<String>,
    /// Every wrong field.
    #[schema(required = false)]
    errors: Option<Vec<FieldError>>,
    /// To be found in the server's log.
    request_id: RequestId,
}

/// Both errors, and what they are made of.
pub fn schemas() -> Vec<Named> {
    let mut schemas = vec![
        ("Error".to_owned(), SeedError::schema()),
        ("Problem".to_owned(), ProblemError::schema()),
    ];
    SeedError::schemas(&mut schemas);
    ProblemError::schemas(&mut schemas);
    schemas
}
