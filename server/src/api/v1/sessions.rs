//! `/api/v1/sessions`.

use super::{id, shape};
use crate::{
    AppState,
    api::{
        auth::Caller,
        body::{Body, SMALL},
        fields::Fields,
        problem::ApiError,
        reply,
    },
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use serde_json::{Map, Value, json};
use types::{
    pacing::{Limit, Limits},
    sessions::CreateSession,
    settings::LevelLimits,
};

type Answer = Result<Response, ApiError>;

pub async fn list(State(app): State<AppState>, Caller(ctx): Caller) -> Answer {
    Ok(shape::list(&app.domain.sessions.list(&ctx).await?))
}

pub async fn one(State(app): State<AppState>, Caller(ctx): Caller, Path(session): Path<String>) -> Answer {
    Ok(shape::ok(
        &app.domain.sessions.get(&ctx, id(&session, "session")?).await?,
    ))
}

pub async fn create(State(app): State<AppState>, Caller(ctx): Caller, body: Body<SMALL>) -> Answer {
    let mut fields = Fields::parse(&body.bytes)?;
    let name = fields.required("name", "Give the session a name");
    fields.finish()?;
    let input = CreateSession {
        name: name.unwrap_or_default(),
    };
    Ok(shape::created(
        &app.domain.sessions.create_sandbox(&ctx, input).await?,
    ))
}

pub async fn delete(State(app): State<AppState>, Caller(ctx): Caller, Path(session): Path<String>) -> Answer {
    app.domain.sessions.delete(&ctx, id(&session, "session")?).await?;
    Ok(reply::nothing())
}

pub async fn start(State(app): State<AppState>, Caller(ctx): Caller, Path(session): Path<String>) -> Answer {
    Ok(shape::ok(
        &app.domain
            .sessions
            .start_session(&ctx, id(&session, "session")?)
            .await?,
    ))
}

pub async fn stop(State(app): State<AppState>, Caller(ctx): Caller, Path(session): Path<String>) -> Answer {
    Ok(shape::ok(
        &app.domain
            .sessions
            .stop_session(&ctx, id(&session, "session")?)
            .await?,
    ))
}

pub async fn restart(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    Path(session): Path<String>,
) -> Answer {
    Ok(shape::ok(
        &app.domain
            .sessions
            .restart(&ctx, id(&session, "session")?)
            .await?,
    ))
}

pub async fn log_out(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    Path(session): Path<String>,
) -> Answer {
    Ok(shape::ok(
        &app.domain
            .sessions
            .log_out(&ctx, id(&session, "session")?)
            .await?,
    ))
}

pub async fn transitions(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    Path(session): Path<String>,
) -> Answer {
    Ok(shape::list(
        &app.domain
            .sessions
            .transitions(&ctx, id(&session, "session")?)
            .await?,
    ))
}

pub async fn pairing(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    Path(session): Path<String>,
) -> Answer {
    Ok(shape::ok(
        &app.domain
            .sessions
            .pairing(&ctx, id(&session, "session")?)
            .await?,
    ))
}

pub async fn refresh(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    Path(session): Path<String>,
) -> Answer {
    Ok(shape::ok(
        &app.domain
            .sessions
            .refresh_qr(&ctx, id(&session, "session")?)
            .await?,
    ))
}

pub async fn code(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    Path(session): Path<String>,
    body: Body<SMALL>,
) -> Answer {
    let session = id(&session, "session")?;
    let mut fields = Fields::parse(&body.bytes)?;
    let number = fields.required("number", "Give the number of the phone that will take the code");
    fields.finish()?;
    let pairing = app
        .domain
        .sessions
        .request_code(&ctx, session, number.unwrap_or_default())
        .await?;
    Ok(shape::ok(&pairing))
}

/// The session's own limits, `null` where it has none, and beside each what holds then.
pub async fn limits(State(app): State<AppState>, Caller(ctx): Caller, Path(session): Path<String>) -> Answer {
    let limits = app
        .domain
        .settings
        .session(&ctx, id(&session, "session")?)
        .await?;
    Ok(shape::ok(&flat(limits)))
}

pub async fn patch_limits(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    Path(session): Path<String>,
    body: Body<SMALL>,
) -> Answer {
    let change = super::settings::read_limits(Fields::parse(&body.bytes)?)?;
    let limits = app
        .domain
        .settings
        .patch_session(&ctx, id(&session, "session")?, change)
        .await?;
    Ok(shape::ok(&flat(limits)))
}

fn flat(level: LevelLimits) -> Map<String, Value> {
    let mut object = Map::from_iter([("session".to_owned(), json!(level.session))]);
    for limit in Limit::ALL.iter().filter(|limit| limit.per_session()) {
        let value = |limits: &Limits| json!(limit.write(limits.get(*limit)));
        object.insert(limit.name().into(), value(&level.limits));
        object.insert(format!("inherited_{}", limit.name()), value(&level.inherited));
    }
    object
}
