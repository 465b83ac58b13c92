//! Whether this node lives, and whether it can work.

use crate::AppState;
use axum::{Router, extract::State, routing::get};
use http::StatusCode;

pub fn router() -> Router<AppState> {
    Router::new()
        .route("/health/live", get(async || "ok\n"))
        .route("/health/ready", get(ready))
}

/// Not ready while the database does not answer, nor once the server is about to end.
async fn ready(State(app): State<AppState>) -> (StatusCode, &'static str) {
    if app.stop.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    match app.domain.people.is_empty().await {
        Ok(_) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::warn!(?error, "not ready: the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
    }
}
