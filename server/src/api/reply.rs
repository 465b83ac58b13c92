//! Good answers.

use axum::{body::Body, response::Response};
use domain::request_log::Queued;
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;
use types::messages::AcceptedRow;

const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// 200 with that JSON.
pub fn ok(value: &impl Serialize) -> Response {
    json(StatusCode::OK, value)
}

pub fn json(status: StatusCode, value: &impl Serialize) -> Response {
    json_as(status, "application/json", value)
}

pub fn json_as(status: StatusCode, content_type: &'static str, value: &impl Serialize) -> Response {
    let (status, body) = match serde_json::to_vec(value) {
        Ok(body) => (status, body),
        Err(error) => {
            // Our own structs always serialise; a map with keys that are no text would not.
            tracing::error!(%error, "an answer could not be written as JSON");
            (StatusCode::INTERNAL_SERVER_ERROR, b"{}".to_vec())
        }
    };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// 204.
pub fn nothing() -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}

/// Tells the request log which queue entries the answer names.
pub fn of_entries<'a>(mut response: Response, rows: impl IntoIterator<Item = &'a AcceptedRow>) -> Response {
    if let Some(queued) = Queued::of(rows.into_iter().map(|row| (row.queue_id, row.session))) {
        response.extensions_mut().insert(queued);
    }
    response
}

/// Marks the remembered answer of an earlier call with the same idempotency key.
pub fn replayed(mut response: Response, replayed: bool) -> Response {
    if replayed {
        response
            .headers_mut()
            .insert(REPLAYED, HeaderValue::from_static("true"));
    }
    response
}
