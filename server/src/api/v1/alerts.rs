//! `/api/v1/alerts`: what a person should know of, and saying that it is looked after or over.

use super::{id, shape};
use crate::{
    AppState,
    api::{
        auth::Caller,
        body::{Body, SMALL},
        fields::Fields,
        params::Params,
        problem::ApiError,
        reply,
    },
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use types::alerts::{AlertFilter, AlertKind, AlertStatus, Severity};

const STATUS: &str = "Write open, acknowledged or resolved";
const SEVERITY: &str = "Write info, warning or critical";
const TYPE: &str = "Write session_down, session_logged_out, session_restricted, failures, limit_near, limit_reached, \
     repeated_text, cold_quota or stalled_queue";
const SESSION: &str = "There is no such session in this organization";

pub async fn list(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    params: Params,
) -> Result<Response, ApiError> {
    let filter = AlertFilter {
        status: params.read("status", STATUS, AlertStatus::from_name)?,
        severity: params.read("severity", SEVERITY, Severity::from_name)?,
        kind: params.read("type", TYPE, AlertKind::from_name)?,
        session: params.parse("session", SESSION)?,
    };
    Ok(shape::ok(
        &app.domain.alerts.list(&ctx, filter, params.page()?).await?,
    ))
}

pub async fn one(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    Path(alert): Path<String>,
) -> Result<Response, ApiError> {
    let alert = id(&alert, "alert")?;
    Ok(shape::ok(&app.domain.alerts.get(&ctx, alert).await?))
}

pub async fn acknowledge(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    Path(alert): Path<String>,
) -> Result<Response, ApiError> {
    let alert = id(&alert, "alert")?;
    Ok(shape::ok(&app.domain.alerts.acknowledge(&ctx, alert).await?))
}

pub async fn resolve(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    Path(alert): Path<String>,
) -> Result<Response, ApiError> {
    let alert = id(&alert, "alert")?;
    Ok(shape::ok(&app.domain.alerts.resolve(&ctx, alert).await?))
}

/// Resolves everything that stands, or what the filter in the body names.
pub async fn resolve_many(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    body: Body<SMALL>,
) -> Result<Response, ApiError> {
    let mut fields = Fields::parse_or_empty(&body.bytes)?;
    let filter = AlertFilter {
        status: fields.word("status", STATUS, AlertStatus::from_name),
        severity: fields.word("severity", SEVERITY, Severity::from_name),
        kind: fields.word("type", TYPE, AlertKind::from_name),
        session: fields.word("session", SESSION, |text| text.parse().ok()),
    };
    fields.finish()?;
    let resolved = app.domain.alerts.resolve_many(&ctx, filter).await?;
    Ok(reply::ok(&serde_json::json!({ "resolved": resolved })))
}
