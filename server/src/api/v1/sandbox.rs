//! `/api/v1/sandbox/{session}`: the made-up phone for scripts.

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
use types::sandbox::{ArmFault, FaultKind, Incoming, Pair};

type Answer = Result<Response, ApiError>;

pub async fn phone(State(app): State<AppState>, Caller(ctx): Caller, Path(session): Path<String>) -> Answer {
    Ok(shape::ok(
        &app.domain.sandbox.phone(&ctx, id(&session, "session")?).await?,
    ))
}

pub async fn chats(State(app): State<AppState>, Caller(ctx): Caller, Path(session): Path<String>) -> Answer {
    Ok(shape::list(
        &app.domain.sandbox.chats(&ctx, id(&session, "session")?).await?,
    ))
}

/// What the customer's phone shows, oldest first.
pub async fn messages(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    Path((session, number)): Path<(String, String)>,
    params: Params,
) -> Answer {
    let session = id(&session, "session")?;
    Ok(shape::ok(
        &app.domain
            .sandbox
            .messages(&ctx, session, &number, params.page()?)
            .await?,
    ))
}

/// The customer writes, or with `from_me` the linked phone does.
pub async fn incoming(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    Path(session): Path<String>,
    body: Body<SMALL>,
) -> Answer {
    let session = id(&session, "session")?;
    let mut fields = Fields::parse(&body.bytes)?;
    let from = fields.required("from", "Give the customer's number");
    let text = fields.required("text", "Give the text");
    let name = fields.text("name");
    let from_me = fields.flag("from_me").unwrap_or_default();
    fields.finish()?;
    let input = Incoming {
        from: from.unwrap_or_default(),
        text,
        name,
        from_me,
    };
    Ok(shape::created(
        &app.domain.sandbox.incoming(&ctx, session, input).await?,
    ))
}

/// Scans the QR code that is shown, or types a pairing code.
pub async fn pair(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    Path(session): Path<String>,
    body: Body<SMALL>,
) -> Answer {
    let session = id(&session, "session")?;
    let mut fields = Fields::parse_or_empty(&body.bytes)?;
    let input = Pair {
        qr: fields.text("qr"),
        code: fields.text("code"),
    };
    fields.finish()?;
    Ok(shape::ok(&app.domain.sandbox.pair(&ctx, session, input).await?))
}

pub async fn arm(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    Path(session): Path<String>,
    body: Body<SMALL>,
) -> Answer {
    let session = id(&session, "session")?;
    let mut fields = Fields::parse(&body.bytes)?;
    let known: Vec<_> = FaultKind::ALL.iter().map(|kind| kind.name()).collect();
    let message = format!("Kinds are {}", known.join(", "));
    let kind = match fields.required("kind", &message) {
        None => None,
        Some(word) => FaultKind::from_name(word.trim()).or_else(|| fields.refuse("kind", &message)),
    };
    let count = fields.number("count");
    let delay_ms = fields.number("delay_ms");
    fields.finish()?;
    let Some(kind) = kind else {
        return Err(ApiError::field("kind", message));
    };
    Ok(shape::created(
        &app.domain
            .sandbox
            .arm(
                &ctx,
                session,
                ArmFault {
                    kind,
                    count,
                    delay_ms,
                },
            )
            .await?,
    ))
}

pub async fn disarm(State(app): State<AppState>, Caller(ctx): Caller, Path(session): Path<String>) -> Answer {
    app.domain
        .sandbox
        .clear_faults(&ctx, id(&session, "session")?)
        .await?;
    Ok(reply::nothing())
}
