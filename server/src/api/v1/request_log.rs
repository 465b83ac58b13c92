//! `/api/v1/request-log`: the calls of this API, and how long they are kept.

use super::{id, shape};
use crate::{
    AppState,
    api::{
        auth::Caller,
        body::{Body, SMALL},
        fields::Fields,
        params::Params,
        problem::ApiError,
    },
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use serde_json::Value;
use types::{
    FieldError,
    request_log::{RequestFilter, StatusClass},
};

const DAYS: &str = "request_log_days";

pub async fn list(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    params: Params,
) -> Result<Response, ApiError> {
    let filter = RequestFilter {
        status: params.read("status", "Write 2xx, 4xx or 5xx", StatusClass::from_name)?,
        method: params.text("method").map(|method| method.to_ascii_uppercase()),
        path: params.text("path"),
        key: params.parse("key", "There is no such key in this organization")?,
        session: params.parse("session", "There is no such session in this organization")?,
        queue_id: params.parse("queue_id", "Write the number of a queue entry")?,
        from: params.text("from"),
        to: params.text("to"),
    };
    Ok(shape::ok(
        &app.domain.request_log.list(&ctx, filter, params.page()?).await?,
    ))
}

pub async fn one(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    Path(request): Path<String>,
) -> Result<Response, ApiError> {
    let request = id(&request, "logged request")?;
    Ok(shape::ok(&app.domain.request_log.get(&ctx, request).await?))
}

pub async fn settings(State(app): State<AppState>, Caller(ctx): Caller) -> Result<Response, ApiError> {
    Ok(shape::ok(&app.domain.request_log.settings(&ctx).await?))
}

/// One field, of which `null` inherits the platform's value.
pub async fn keep(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    body: Body<SMALL>,
) -> Result<Response, ApiError> {
    let mut object = Fields::parse(&body.bytes)?.rest();
    let days = match object.remove(DAYS) {
        Some(Value::Null) => Ok(None),
        Some(value) => value.as_i64().map(Some).ok_or(()),
        None => Err(()),
    };
    let mut bad: Vec<FieldError> = object
        .keys()
        .map(|name| problem(name, "There is no such setting here"))
        .collect();
    if days.is_err() {
        bad.push(problem(
            DAYS,
            "Give a whole number of days, 0 to 90, or null to inherit the platform's value",
        ));
    }
    match days {
        Ok(days) if bad.is_empty() => Ok(shape::ok(&app.domain.request_log.keep_for(&ctx, days).await?)),
        _ => Err(ApiError::invalid(bad)),
    }
}

fn problem(field: &str, message: &str) -> FieldError {
    FieldError {
        field: field.into(),
        code: "VALIDATION_ERROR".into(),
        message: message.into(),
    }
}
