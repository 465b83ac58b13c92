//! `/api/v1/chats`: reading along. Nothing here marks anything read.

use super::{id, shape};
use crate::{
    AppState,
    api::{auth::Caller, params::Params, problem::ApiError},
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use types::chats::ChatFilter;

pub async fn list(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    params: Params,
) -> Result<Response, ApiError> {
    let session = params
        .parse("session", "There is no such session in this organization")?
        .ok_or_else(|| ApiError::field("session", "Say whose chats: session=ses_…"))?;
    let filter = ChatFilter {
        session,
        search: params.text("search"),
    };
    Ok(shape::ok(
        &app.domain.chats.list(&ctx, filter, params.page()?).await?,
    ))
}

pub async fn one(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    Path(chat): Path<String>,
) -> Result<Response, ApiError> {
    Ok(shape::ok(&app.domain.chats.get(&ctx, id(&chat, "chat")?).await?))
}

pub async fn messages(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    Path(chat): Path<String>,
    params: Params,
) -> Result<Response, ApiError> {
    Ok(shape::ok(
        &app.domain
            .chats
            .timeline(&ctx, id(&chat, "chat")?, params.page()?)
            .await?,
    ))
}
