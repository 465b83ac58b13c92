//! What the forms of pages send, and what a page without script is told when one is refused.
//!
//! Such a page is told in its address: `__path` says which form, `__err` what was wrong. Addresses
//! are written by anybody, so a page shows one only to the browser that was just refused: it
//! carries a mark of exactly that refusal in a cookie for a minute. Any other is dropped, and
//! nobody puts words into our mouth with a link.

use crate::{
    AppState,
    api::{PATIENCE, is_too_long},
};
use axum::{
    body::{Body, Bytes, HttpBody as _, to_bytes},
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use leptos::server_fn::error::{FromServerFnError as _, SERVER_FN_ERROR_HEADER, ServerFnUrlError};
use sha2::{Digest as _, Sha256};
use types::AppError;
use url::form_urlencoded;

/// Most bytes of a form; Leptos itself reads no more.
const LIMIT: usize = 2 << 20;
/// How long a refusal is remembered, in seconds: the browser comes back at once.
const MINUTE: u32 = 60;

/// Around pages and server functions.
pub async fn refusals(State(app): State<AppState>, request: Request, next: Next) -> Response {
    if request.uri().path().starts_with("/fn/") {
        let mut response = function(request, next).await;
        let mark = response
            .headers()
            .get(header::LOCATION)
            .and_then(mark_of_location);
        if let Some(cookie) = mark.and_then(|mark| cookie(&app, &mark)) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        return response;
    }
    match clean(&app, &request) {
        Some(address) if request.method() == Method::GET || request.method() == Method::HEAD => {
            (StatusCode::SEE_OTHER, [(header::LOCATION, address)]).into_response()
        }
        _ => next.run(request).await,
    }
}

/// Reads a form to its end first, so that one that is too large is refused in our words.
async fn function(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    match read(body).await {
        Ok(bytes) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Err(error) => refuse(parts.uri.path(), &parts.headers, error),
    }
}

async fn read(body: Body) -> Result<Bytes, AppError> {
    let too_large = AppError::TooLarge {
        limit_bytes: LIMIT as i64,
    };
    if body.size_hint().lower() > LIMIT as u64 {
        return Err(too_large);
    }
    match tokio::time::timeout(PATIENCE, to_bytes(body, LIMIT)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(error)) if is_too_long(&error) => Err(too_large),
        // Nobody is there any more to read this.
        _ => Err(AppError::Unreachable),
    }
}

/// Answers in place of the server function at that path, as it would itself.
fn refuse(path: &str, headers: &HeaderMap, error: AppError) -> Response {
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let by_form = text(header::ACCEPT).is_some_and(|accept| accept.contains("text/html"));
    if let (true, Some(page)) = (by_form, text(header::REFERER)) {
        let mut page = page.to_owned();
        ServerFnUrlError::<AppError>::strip_error_info(&mut page);
        let address = ServerFnUrlError::new(path, error.clone()).to_url(&page);
        if let Some(address) = address
            .ok()
            .and_then(|url| HeaderValue::try_from(String::from(url)).ok())
        {
            return (StatusCode::FOUND, [(header::LOCATION, address)]).into_response();
        }
    }
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, Body::from(error.ser())).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Ok(path) = HeaderValue::try_from(path) {
        headers.insert(SERVER_FN_ERROR_HEADER, path);
    }
    response
}

/// What a browser must bring so that the refusal in that query is shown to it.
fn mark(query: &str) -> Option<String> {
    let all = |wanted: &str| -> Vec<String> {
        form_urlencoded::parse(query.as_bytes())
            .filter(|(name, _)| name == wanted)
            .map(|(_, value)| value.into_owned())
            .collect()
    };
    // One of each: of several, who knows which one a page would read.
    let (paths, errors) = (all("__path"), all("__err"));
    let ([path], [error]) = (paths.as_slice(), errors.as_slice()) else {
        return None;
    };
    Some(crate::hex(&Sha256::digest(format!("{path}\n{error}"))))
}

fn mark_of_location(location: &HeaderValue) -> Option<String> {
    let (_, query) = location.to_str().ok()?.split_once('?')?;
    mark(query.split('#').next().unwrap_or_default())
}

/// The address without its refusal, where it has one that is not this browser's.
fn clean(app: &AppState, request: &Request) -> Option<HeaderValue> {
    let query = request.uri().query()?;
    // Nearly every address ends here. The underscores may be written as `%5F`.
    if !query.contains(['_', '%']) {
        return None;
    }
    let pairs = || form_urlencoded::parse(query.as_bytes());
    if !pairs().any(|(name, _)| name == "__err" || name == "__path") {
        return None;
    }
    let brought = brought(request.headers(), name(app));
    if brought.is_some() && brought == mark(query).as_deref() {
        return None;
    }
    let rest = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs().filter(|(name, _)| !name.starts_with("__")))
        .finish();
    // Two slashes at the front would be another host.
    let path = request.uri().path().trim_start_matches(['/', '\\']);
    let question = if rest.is_empty() { "" } else { "?" };
    HeaderValue::try_from(format!("/{path}{question}{rest}")).ok()
}

fn brought<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

/// The prefix keeps other hosts from setting it, but browsers want TLS for it.
fn name(app: &AppState) -> &'static str {
    if app.is_secure() {
        "__Host-switchboard-refused"
    } else {
        "switchboard-refused"
    }
}

fn cookie(app: &AppState, mark: &str) -> Option<HeaderValue> {
    let name = name(app);
    let secure = if app.is_secure() { "; Secure" } else { "" };
    HeaderValue::try_from(format!(
        "{name}={mark}; Path=/; HttpOnly; SameSite=Strict; Max-Age={MINUTE}{secure}"
    ))
    .ok()
}
