//! `/api/v1`: everything the pages can do, as resources.

mod alerts;
pub(super) mod batches;
mod chats;
pub(super) mod dashboard;
mod events;
mod history;
pub(super) mod keys;
mod media;
pub(super) mod messages;
pub(super) mod queue;
mod request_log;
mod sandbox;
mod sessions;
mod settings;
mod shape;

use super::{Route, problem::ApiError};
use crate::AppState;
use axum::{
    handler::Handler,
    routing::{delete, get, patch, post},
};
use http::Method;
use std::str::FromStr;
use types::{AppError, Permission, Permission as P};

pub fn routes() -> Vec<Route> {
    vec![
        read("/api/v1/dashboard", P::QueueView, dashboard::get),
        read("/api/v1/sessions", P::SessionsView, sessions::list),
        make("/api/v1/sessions", P::SessionsManage, sessions::create),
        read("/api/v1/sessions/{id}", P::SessionsView, sessions::one),
        end("/api/v1/sessions/{id}", P::SessionsManage, sessions::delete),
        make("/api/v1/sessions/{id}/start", P::SessionsManage, sessions::start),
        make("/api/v1/sessions/{id}/stop", P::SessionsManage, sessions::stop),
        make(
            "/api/v1/sessions/{id}/restart",
            P::SessionsManage,
            sessions::restart,
        ),
        make(
            "/api/v1/sessions/{id}/log-out",
            P::SessionsManage,
            sessions::log_out,
        ),
        read(
            "/api/v1/sessions/{id}/transitions",
            P::SessionsView,
            sessions::transitions,
        ),
        read(
            "/api/v1/sessions/{id}/pairing",
            P::SessionsManage,
            sessions::pairing,
        ),
        make(
            "/api/v1/sessions/{id}/pairing/refresh",
            P::SessionsManage,
            sessions::refresh,
        ),
        make(
            "/api/v1/sessions/{id}/pairing/code",
            P::SessionsManage,
            sessions::code,
        ),
        read("/api/v1/sessions/{id}/limits", P::SessionsView, sessions::limits),
        Route::new(
            Method::PATCH,
            "/api/v1/sessions/{id}/limits",
            P::SessionsManage,
            patch(sessions::patch_limits),
        ),
        make("/api/v1/messages", P::MessagesSend, messages::create),
        read("/api/v1/messages/{id}", P::QueueView, messages::one),
        make("/api/v1/batches", P::MessagesSend, batches::create),
        read("/api/v1/batches", P::QueueView, batches::list),
        read("/api/v1/batches/{id}", P::QueueView, batches::one),
        read("/api/v1/batches/{id}/errors.csv", P::QueueView, batches::errors),
        make("/api/v1/batches/{id}/confirm", P::MessagesSend, batches::confirm),
        make("/api/v1/batches/{id}/cancel", P::QueueManage, batches::cancel),
        read("/api/v1/queue", P::QueueView, queue::list),
        make("/api/v1/queue/cancel", P::QueueManage, queue::cancel_many),
        make("/api/v1/queue/retry", P::QueueManage, queue::retry_many),
        read("/api/v1/queue/lanes", P::QueueView, queue::lanes),
        read("/api/v1/queue/balance", P::QueueView, queue::balance),
        make("/api/v1/queue/what-if", P::QueueView, queue::what_if),
        read("/api/v1/queue/{id}", P::QueueView, messages::one),
        make("/api/v1/queue/{id}/cancel", P::QueueManage, queue::cancel),
        make("/api/v1/queue/{id}/retry", P::QueueManage, queue::retry),
        make("/api/v1/queue/{id}/send-now", P::QueueManage, queue::send_now),
        make("/api/v1/queue/{id}/reassign", P::QueueManage, queue::reassign),
        make("/api/v1/queue/{id}/settle", P::QueueManage, queue::settle),
        read("/api/v1/history", P::QueueView, history::list),
        read("/api/v1/history.csv", P::QueueView, history::csv),
        read("/api/v1/chats", P::ChatsView, chats::list),
        read("/api/v1/chats/{id}", P::ChatsView, chats::one),
        read("/api/v1/chats/{id}/messages", P::ChatsView, chats::messages),
        read("/api/v1/media/{id}/content", P::ChatsView, media::content),
        read("/api/v1/keys", P::KeysView, keys::list),
        make("/api/v1/keys", P::KeysManage, keys::create),
        end("/api/v1/keys/{id}", P::KeysManage, keys::revoke),
        read("/api/v1/request-log", P::RequestLogView, request_log::list),
        read("/api/v1/request-log/{id}", P::RequestLogView, request_log::one),
        read(
            "/api/v1/request-log/settings",
            P::RequestLogView,
            request_log::settings,
        ),
        Route::new(
            Method::PATCH,
            "/api/v1/request-log/settings",
            P::SettingsManage,
            patch(request_log::keep),
        ),
        read("/api/v1/settings", P::SettingsView, settings::get),
        Route::new(
            Method::PATCH,
            "/api/v1/settings",
            P::SettingsManage,
            patch(settings::patch),
        ),
        // Which events a key hears of depends on each event's own permission.
        Route::new(Method::GET, "/api/v1/events", None, get(events::list)),
        read("/api/v1/alerts", P::AlertsView, alerts::list),
        make("/api/v1/alerts/resolve", P::AlertsManage, alerts::resolve_many),
        read("/api/v1/alerts/{id}", P::AlertsView, alerts::one),
        make(
            "/api/v1/alerts/{id}/acknowledge",
            P::AlertsManage,
            alerts::acknowledge,
        ),
        make("/api/v1/alerts/{id}/resolve", P::AlertsManage, alerts::resolve),
        read("/api/v1/sandbox/{session}/phone", P::SandboxUse, sandbox::phone),
        read("/api/v1/sandbox/{session}/chats", P::SandboxUse, sandbox::chats),
        read(
            "/api/v1/sandbox/{session}/phones/{number}/messages",
            P::SandboxUse,
            sandbox::messages,
        ),
        make(
            "/api/v1/sandbox/{session}/incoming",
            P::SandboxUse,
            sandbox::incoming,
        ),
        make("/api/v1/sandbox/{session}/pair", P::SandboxUse, sandbox::pair),
        make("/api/v1/sandbox/{session}/faults", P::SandboxUse, sandbox::arm),
        end("/api/v1/sandbox/{session}/faults", P::SandboxUse, sandbox::disarm),
    ]
}

fn read<H: Handler<T, AppState>, T: 'static>(path: &'static str, needs: Permission, handler: H) -> Route {
    Route::new(Method::GET, path, needs, get(handler))
}

fn make<H: Handler<T, AppState>, T: 'static>(path: &'static str, needs: Permission, handler: H) -> Route {
    Route::new(Method::POST, path, needs, post(handler))
}

fn end<H: Handler<T, AppState>, T: 'static>(path: &'static str, needs: Permission, handler: H) -> Route {
    Route::new(Method::DELETE, path, needs, delete(handler))
}

/// An id in a path; one that cannot be read is one that does not exist.
fn id<T: FromStr>(text: &str, noun: &str) -> Result<T, ApiError> {
    text.parse().map_err(|_| AppError::not_found(noun).into())
}
