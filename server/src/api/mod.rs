//! The REST API: one table of routes, from which the router is built.
//!
//! A handler reads the call, asks one verb of a room and writes the answer; it holds no rules.

mod attachment;
mod auth;
mod body;
pub mod docs;
mod entry;
mod fields;
mod history;
mod message_status;
pub(crate) mod params;
mod problem;
mod queue_002;
mod record;
mod reply;
mod send;
mod send_bulk;
mod send_message;
mod upload;
mod v1;

pub use auth::Caller;
pub(crate) use body::{PATIENCE, is_too_long, room_for};

use crate::AppState;
use auth::Needs;
use axum::{
    Router,
    extract::{Request, State},
    middleware::{self, Next},
    response::Response,
    routing::{MethodRouter, get, post},
};
use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use problem::{ApiError, Shape};
use std::sync::Arc;
use types::{Permission, RequestId};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// One operation of the API.
pub struct Route {
    pub method: Method,
    pub path: &'static str,
    /// The scope a key must have; `None` asks for a valid key only.
    pub needs: Option<Permission>,
    handler: MethodRouter<AppState>,
}

impl Route {
    fn new(
        method: Method,
        path: &'static str,
        needs: impl Into<Option<Permission>>,
        handler: MethodRouter<AppState>,
    ) -> Self {
        Self {
            method,
            path,
            needs: needs.into(),
            handler,
        }
    }
}

/// Every operation. The denial table of the tests is held against this list.
pub fn routes() -> Vec<Route> {
    use Permission as P;
    let mut routes = vec![
        Route::new(Method::POST, "/api/send", P::MessagesSend, post(send::send)),
        Route::new(
            Method::POST,
            "/api/send-bulk",
            P::MessagesSend,
            post(send_bulk::send_bulk),
        ),
        Route::new(Method::GET, "/api/queue", P::QueueView, get(queue_002::queue)),
        Route::new(Method::GET, "/api/history", P::QueueView, get(history::history)),
        Route::new(
            Method::POST,
            "/api/send-message",
            P::MessagesSend,
            post(send_message::send_message),
        ),
        Route::new(
            Method::GET,
            "/api/message-status/{id}",
            P::QueueView,
            get(message_status::message_status),
        ),
    ];
    routes.extend(v1::routes());
    routes
}

pub fn router(app: &AppState) -> Router<AppState> {
    let mut router = Router::new();
    for Route {
        path, needs, handler, ..
    } in routes()
    {
        router = router.route(path, handler.route_layer(axum::Extension(Needs(needs))));
    }
    router
        .route("/api", axum::routing::any(unknown))
        .route("/api/{*path}", axum::routing::any(unknown))
        .method_not_allowed_fallback(wrong_method)
        .layer(middleware::from_fn_with_state(app.clone(), frame))
}

/// Around every call: the request's id, errors in the shape of the path, and what lets a
/// browser of any origin call with a key. Cookies are never read here, so `*` gives nothing away.
async fn frame(State(app): State<AppState>, mut call: Request, next: Next) -> Response {
    let request = RequestId(app.domain.shared.ids.uuid());
    let shape = Shape::of(call.uri().path());
    let note = record::Note::begin(&app, &mut call, request);
    let mut response = if call.method() == Method::OPTIONS {
        preflight()
    } else {
        call.extensions_mut().insert(request);
        next.run(call).await
    };
    if let Some(error) = response
        .extensions_mut()
        .remove::<Arc<ApiError>>()
        .and_then(Arc::into_inner)
    {
        let allow = response.headers_mut().remove(header::ALLOW);
        response = error.render(shape, request);
        if let Some(allow) = allow {
            response.headers_mut().insert(header::ALLOW, allow);
        }
    }
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::try_from(request.to_string()) {
        headers.insert(REQUEST_ID, id);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(
        header::ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static("X-Request-Id, Idempotent-Replayed, Retry-After"),
    );
    match note {
        Some(note) => note.finish(response).await,
        None => response,
    }
}

fn preflight() -> Response {
    let mut response = reply::nothing();
    let headers = response.headers_mut();
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_METHODS,
        HeaderValue::from_static("GET, POST, PATCH, DELETE, OPTIONS"),
    );
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_HEADERS,
        HeaderValue::from_static("X-API-Key, Authorization, Content-Type, Idempotency-Key"),
    );
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
    response
}

async fn unknown() -> ApiError {
    ApiError::http(
        StatusCode::NOT_FOUND,
        "NOT_FOUND",
        "There is nothing at this address",
    )
}

async fn wrong_method() -> ApiError {
    ApiError::http(
        StatusCode::METHOD_NOT_ALLOWED,
        "METHOD_NOT_ALLOWED",
        "This address does not take this method; the header Allow says which it takes",
    )
}
