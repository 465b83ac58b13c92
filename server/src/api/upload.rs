//! A body that is a table: CSV as it is, or JSON.

use super::{
    body::{PATIENCE, is_too_long, room_for},
    problem::ApiError,
};
use axum::{
    body::HttpBody as _,
    extract::{FromRequest, Request},
};
use bytes::Bytes;
use http::{StatusCode, header};
use tokio::sync::SemaphorePermit;
use types::{AppError, batches::MAX_BYTES};

#[derive(Debug)]
pub struct Upload {
    pub bytes: Bytes,
    pub is_csv: bool,
    /// Held for as long as the call is worked on.
    _room: Option<SemaphorePermit<'static>>,
}

impl<S: Sync> FromRequest<S> for Upload {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
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
        let too_large = || {
            ApiError::from(AppError::TooLarge {
                limit_bytes: MAX_BYTES,
            })
        };
        if body.size_hint().lower() > MAX_BYTES as u64 {
            return Err(too_large());
        }
        let room = room_for(body.size_hint().lower(), MAX_BYTES as usize).await?;
        let read = tokio::time::timeout(PATIENCE, axum::body::to_bytes(body, MAX_BYTES as usize)).await;
        let bytes = match read {
            Ok(Ok(bytes)) => bytes,
            Ok(Err(error)) if is_too_long(&error) => return Err(too_large()),
            Ok(Err(_)) => {
                return Err(ApiError::http(
                    StatusCode::BAD_REQUEST,
                    "INCOMPLETE_BODY",
                    "The body ended before it was complete",
                ));
            }
            Err(_) => {
                return Err(ApiError::http(
                    StatusCode::REQUEST_TIMEOUT,
                    "TOO_SLOW",
                    "The body took more than two minutes to arrive",
                ));
            }
        };
        Ok(Self {
            bytes,
            is_csv,
            _room: room,
        })
    }
}
