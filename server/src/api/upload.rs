//! A body that is a table: CSV as it is, or JSON.

use super::{
    arrive::{self, Room, Unread},
    body::{PATIENCE, unread},
    problem::ApiError,
};
use axum::{
    body::HttpBody as _,
    extract::{FromRequest, Request},
};
use bytes::Bytes;
use http::{StatusCode, header};
use types::batches::MAX_BYTES;

#[derive(Debug)]
pub struct Upload {
    pub bytes: Bytes,
    pub is_csv: bool,
    /// Held for as long as the call is worked on.
    _room: Room,
}

impl<S: Sync> FromRequest<S> for Upload {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        const LIMIT: usize = MAX_BYTES as usize;
        let kind = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split(';').next())
            .map(|kind| kind.trim().to_ascii_lowercase());
        let is_csv = match kind.as_deref() {
            Some("text/csv" | "text/plain" | "application/csv") => true,
            Some("application/json") => false,
            _ => {
                return Err(ApiError::http(
                    StatusCode::UNSUPPORTED_MEDIA_TYPE,
                    "UNSUPPORTED_MEDIA_TYPE",
                    "Send CSV with the header Content-Type: text/csv, or JSON with application/json",
                ));
            }
        };
        let body = request.into_body();
        if body.size_hint().lower() > LIMIT as u64 {
            return Err(unread(Unread::TooLong, LIMIT));
        }
        let read = arrive::read(body, LIMIT, PATIENCE).await;
        let (bytes, room) = read.map_err(|why| unread(why, LIMIT))?;
        Ok(Self {
            bytes,
            is_csv,
            _room: room,
        })
    }
}
