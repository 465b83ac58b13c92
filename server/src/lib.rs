//! The server: command line, wiring, REST API, live stream, and the pages' way to the rooms.
//!
//! Holds no rules: a handler reads the request, asks one verb of `domain`, and writes the answer.
//! Whoever calls is made into a [`domain::Ctx`] in one of two places, `api::auth` for keys and
//! [`login`] for browsers, and nowhere else.

mod accept;
pub mod api;
mod assets;
pub mod cli;
mod client;
mod config;
mod export;
mod forms;
mod health;
mod live;
pub mod login;
pub mod media;
mod multipart;
mod password;
mod security;
mod send;
mod serve;
mod site;
mod state;

pub use state::{AppState, Site};

use axum::{Router, middleware};

/// Everything that is served.
pub fn router(app: AppState) -> Router {
    Router::new()
        .merge(pages(&app))
        .merge(api::router(&app))
        .merge(api::docs::router())
        .merge(health::router())
        .with_state(app)
}

/// What browsers see: pages, their server functions, the live stream and attachments.
fn pages(app: &AppState) -> Router<AppState> {
    site::router(app)
        .merge(live::router())
        .merge(media::router())
        .merge(send::router())
        .merge(export::router())
        .layer(middleware::from_fn_with_state(app.clone(), login::known))
        .layer(login::layer(app))
        .layer(middleware::from_fn_with_state(app.clone(), forms::refusals))
        .layer(middleware::from_fn_with_state(app.clone(), client::origin))
        .layer(middleware::from_fn_with_state(app.clone(), assets::files))
        .layer(middleware::from_fn_with_state(app.clone(), security::guard))
}

/// Lower-case hexadecimal digits.
fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}
