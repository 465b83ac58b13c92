//! Attachments for pages.

use crate::AppState;
use axum::{
    Extension, Router,
    body::Body,
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::get,
};
use domain::Ctx;
use http::{HeaderValue, StatusCode, header};
use std::fmt::Write as _;
use types::{
    AppError, MediaId,
    media::{Media, MediaKind},
};

pub fn router() -> Router<AppState> {
    Router::new().route("/media/{id}", get(content))
}

async fn content(
    State(app): State<AppState>,
    ctx: Option<Extension<Ctx>>,
    Path(id): Path<String>,
) -> Response {
    match open(&app, ctx.map(|ctx| ctx.0), &id).await {
        Ok((media, bytes)) => response(&media, bytes),
        Err(error) => {
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, error.to_string()).into_response()
        }
    }
}

async fn open(app: &AppState, ctx: Option<Ctx>, id: &str) -> Result<(Media, Vec<u8>), AppError> {
    let ctx = ctx.ok_or(AppError::Unauthenticated)?;
    let id: MediaId = id.parse().map_err(|_| AppError::not_found("attachment"))?;
    app.domain
        .media
        .open(&ctx, id)
        .await
        .map_err(|error| error.into_app(ctx.request))
}

/// The content with its type. It never changes, but who may see it does: only the browser of who
/// asked keeps it, for five minutes.
pub fn response(media: &Media, bytes: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    let unknown = HeaderValue::from_static("application/octet-stream");
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::try_from(&media.mime).unwrap_or(unknown),
    );
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, max-age=300"),
    );
    // A document is somebody else's file: it is saved, never opened as if it were ours.
    let way = match media.kind {
        MediaKind::Document => "attachment",
        _ => "inline",
    };
    if let Ok(value) = HeaderValue::try_from(disposition(way, media.filename.as_deref())) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

/// A table as a file to save, never to open as a page.
pub fn table(name: &str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/csv; charset=utf-8"),
    );
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    if let Ok(value) = HeaderValue::try_from(disposition("attachment", Some(name))) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

/// RFC 6266 with the name in UTF-8 as RFC 8187 writes it.
fn disposition(way: &str, filename: Option<&str>) -> String {
    let mut text = way.to_owned();
    if let Some(name) = filename {
        text.push_str("; filename*=UTF-8''");
        for byte in name.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                text.push(char::from(byte));
            } else {
                let _ = write!(text, "%{byte:02X}");
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_safely() {
        assert_eq!(disposition("inline", None), "inline");
        assert_eq!(
            disposition("attachment", Some("Größe\"1.pdf")),
            "attachment; filename*=UTF-8''Gr%C3%B6%C3%9Fe%221.pdf"
        );
    }
}
