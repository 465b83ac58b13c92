//! How a server function gets at the rooms, and as whom.

use axum::{
    body::{Body, to_bytes},
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::Response,
};
use domain::{Ctx, Domain};
use leptos::{
    prelude::*,
    server_fn::{ServerFn, error::ServerFnUrlError},
};
use leptos_axum::ResponseOptions;
use types::AppError;

/// The rooms, and who is asking. The server provides [`Domain`] by context and puts the [`Ctx`]
/// of a valid login into the request's extensions.
pub async fn door() -> Result<(Domain, Ctx), AppError> {
    let ctx = extension::<Ctx>().ok_or(AppError::Unauthenticated)?;
    Ok((rooms()?, ctx))
}

/// The rooms, for what may be asked before logging in.
pub fn rooms() -> Result<Domain, AppError> {
    use_context::<Domain>().ok_or(AppError::Internal { request_id: None })
}

/// What a room said, in words for the page. Causes go to the log under the request's id.
pub fn answer<T>(ctx: &Ctx, result: domain::Result<T>) -> Result<T, AppError> {
    result.map_err(|error| error.into_app(ctx.request))
}

/// Something that the server's middleware put into the request.
pub fn extension<T: Clone + Send + Sync + 'static>() -> Option<T> {
    use_context::<Parts>().and_then(|parts| parts.extensions.get::<T>().cloned())
}

/// A header of the request, where it is text.
pub fn header(name: header::HeaderName) -> Option<String> {
    let parts = use_context::<Parts>()?;
    parts.headers.get(name)?.to_str().ok().map(String::from)
}

/// Passes a refusal on. Without script the form comes back as a new page; what was typed comes
/// back with it in the address, for [`crate::ui::typed`]. Never give it a password.
pub fn refused<S: ServerFn>(error: AppError, typed: &[(&str, &str)]) -> AppError {
    let by_form = header(header::ACCEPT).is_some_and(|accept| accept.contains("text/html"));
    if let (true, Some(mut page), Some(response)) =
        (by_form, header(header::REFERER), use_context::<ResponseOptions>())
    {
        ServerFnUrlError::<AppError>::strip_error_info(&mut page);
        if let Ok(mut url) = ServerFnUrlError::new(S::PATH, error.clone()).to_url(&page) {
            let kept: Vec<(String, String)> = url
                .query_pairs()
                .map(|(key, value)| (key.into_owned(), value.into_owned()))
                .filter(|(key, _)| typed.iter().all(|(name, _)| key.strip_prefix("__") != Some(name)))
                .collect();
            url.query_pairs_mut()
                .clear()
                .extend_pairs(kept)
                .extend_pairs(typed.iter().map(|(name, value)| (format!("__{name}"), *value)));
            if let Ok(location) = HeaderValue::try_from(String::from(url)) {
                response.insert_header(header::LOCATION, location);
            }
        }
    }
    error
}

/// Sets the status of the page that is being drawn.
pub fn set_status(status: u16) {
    if let (Some(options), Ok(status)) = (use_context::<ResponseOptions>(), StatusCode::from_u16(status)) {
        options.set_status(status);
    }
}

/// Gives the refusal of a server function its proper status: Leptos itself answers 500 to every
/// error. For the server to put around all routes, because `leptos_routes` adds those
/// of server functions by itself.
pub async fn with_status(response: Response) -> Response {
    /// An [`AppError`] is small; whatever is larger is no refusal.
    const LIMIT: usize = 64 * 1_024;
    let refused = response.status() == StatusCode::INTERNAL_SERVER_ERROR
        && response
            .headers()
            .contains_key(leptos::server_fn::error::SERVER_FN_ERROR_HEADER);
    if !refused {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, LIMIT).await else {
        parts.headers.remove(header::CONTENT_LENGTH);
        return Response::from_parts(parts, Body::empty());
    };
    let status = serde_json::from_slice::<AppError>(&bytes)
        .ok()
        .map(|error| error.status());
    if let Some(status) = status.and_then(|status| StatusCode::from_u16(status).ok()) {
        parts.status = status;
    }
    Response::from_parts(parts, Body::from(bytes))
}
