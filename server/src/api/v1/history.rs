//! `/api/v1/history`: what left the queue, newest first, as a list or as a file.

use super::shape;
use crate::{
    AppState,
    api::{
        auth::{self, Caller},
        params::Params,
        problem::ApiError,
    },
    export,
};
use axum::{extract::State, response::Response};
use http::HeaderMap;
use types::{
    AppError,
    messages::{HistoryFilter, MessageState},
};

pub async fn list(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    params: Params,
) -> Result<Response, ApiError> {
    let page = app
        .domain
        .messages
        .history(&ctx, filter(&params)?, params.page()?)
        .await
        .map_err(named)?;
    Ok(shape::ok(&page))
}

/// The whole of it as a file.
pub async fn csv(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    headers: HeaderMap,
    params: Params,
) -> Result<Response, ApiError> {
    let filter = filter(&params)?;
    let key = auth::secret(&headers).ok_or(AppError::Unauthenticated)?;
    let by = export::By::Key(key.to_owned());
    export::history(&app, ctx, by, filter).await.map_err(named)
}

fn filter(params: &Params) -> Result<HistoryFilter, ApiError> {
    Ok(HistoryFilter {
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
    })
}

/// The room names the dates as seed 002 does.
fn named(error: domain::Error) -> ApiError {
    ApiError::from(error).rename(|field| match field {
        "startDate" => Some("start_date"),
        "endDate" => Some("end_date"),
        _ => None,
    })
}

fn states(text: &str) -> Option<Vec<MessageState>> {
    text.split(',')
        .map(|word| {
            MessageState::from_name(word.trim())
                .filter(|state| !state.is_open() && *state != MessageState::Received)
        })
        .collect()
}
