//! `/api/v1/history`: what left the queue, newest first.

use super::shape;
use crate::{
    AppState,
    api::{auth::Caller, params::Params, problem::ApiError},
};
use axum::{extract::State, response::Response};
use types::messages::{HistoryFilter, MessageState};

pub async fn list(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    params: Params,
) -> Result<Response, ApiError> {
    let filter = HistoryFilter {
        start_date: params.text("start_date"),
        end_date: params.text("end_date"),
        states: params
            .read(
                "state",
                "Write sent, delivered, read, failed or cancelled, with commas between",
                states,
            )?
            .unwrap_or_default(),
        session: params.parse("session", "There is no such session in this organization")?,
    };
    // The room names the dates as seed 002 does.
    let page = app
        .domain
        .messages
        .history(&ctx, filter, params.page()?)
        .await
        .map_err(|error| {
            ApiError::from(error).rename(|field| match field {
                "startDate" => Some("start_date"),
                "endDate" => Some("end_date"),
                _ => None,
            })
        })?;
    Ok(shape::ok(&page))
}

fn states(text: &str) -> Option<Vec<MessageState>> {
    text.split(',')
        .map(|word| {
            MessageState::from_name(word.trim())
                .filter(|state| !state.is_open() && *state != MessageState::Received)
        })
        .collect()
}
