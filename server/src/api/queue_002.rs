//! `GET /api/queue` of seed 002: what waits or is on its way, oldest first.

use super::{auth::Caller, entry::List, params::Params, problem::ApiError, reply};
use crate::AppState;
use axum::{extract::State, response::Response};
use types::messages::QueueFilter;

pub async fn queue(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    params: Params,
) -> Result<Response, ApiError> {
    let page = app
        .domain
        .messages
        .queue(&ctx, QueueFilter::default(), params.page()?.with_total())
        .await?;
    Ok(reply::ok(&List::from(page)))
}
