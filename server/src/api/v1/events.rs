//! `/api/v1/events`: the event log, read from a place.

use super::shape;
use crate::{
    AppState,
    api::{auth::Caller, params::Params, problem::ApiError, reply},
};
use axum::{extract::State, response::Response};

pub async fn list(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    params: Params,
) -> Result<Response, ApiError> {
    let after = params
        .parse("after", "Write the seq of the last event you know, or 0")?
        .unwrap_or(0);
    let limit = params.limit(100)?;
    let (events, place) = app.domain.events.after(&ctx, after, limit).await?;
    // `next` moves on even past events that this key may not see.
    let next = (place > after).then(|| place.to_string());
    Ok(reply::ok(
        &serde_json::json!({ "data": shape::value(&events), "next": next }),
    ))
}
