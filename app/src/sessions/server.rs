//! What the sessions page asks the server, and what it tells it to do.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use types::{
    AppError, SessionId, Timestamp,
    sessions::{Pairing, Session, Transition},
};

#[cfg(feature = "ssr")]
use crate::{
    door::{answer, door},
    routes,
    ui::url,
};
#[cfg(feature = "ssr")]
use types::{
    Permission,
    pacing::LaneStatus,
    sessions::{CreateSession, SessionState},
};

/// Every session of the organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionsData {
    pub sessions: Vec<Session>,
    /// Empty for those who may not see what leaves.
    pub usage: Vec<Usage>,
    pub as_of: Timestamp,
}

/// What a session has used of its limits, and what holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    pub session: SessionId,
    pub today: i64,
    /// `None`: no limit.
    pub daily_limit: Option<i64>,
    /// The day of its warm-up, where that is what limits it.
    pub warm_up_day: Option<i64>,
    pub hour: i64,
    pub hourly_limit: Option<i64>,
    /// Why nothing leaves through it now.
    pub held: Option<String>,
}

/// One session with its last changes, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionDetail {
    pub session: Session,
    pub transitions: Vec<Transition>,
    pub as_of: Timestamp,
}

/// What the pairing dialog is about, and what it shows now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairingData {
    pub session: Session,
    pub pairing: Pairing,
    /// The number of the sandbox phone: the one that its pairing code is for.
    pub phone: Option<String>,
}

#[server(prefix = "/fn", endpoint = "load_sessions")]
pub async fn load_sessions() -> Result<SessionsData, AppError> {
    let (domain, ctx) = door().await?;
    let sessions = answer(&ctx, domain.sessions.list(&ctx).await)?;
    let usage = if ctx.require(Permission::QueueView).is_ok() {
        let lanes = answer(&ctx, domain.messages.lanes(&ctx).await)?;
        lanes.lanes.into_iter().map(usage).collect()
    } else {
        Vec::new()
    };
    Ok(SessionsData {
        sessions,
        usage,
        as_of: domain.shared.now(),
    })
}

#[cfg(feature = "ssr")]
fn usage(lane: LaneStatus) -> Usage {
    Usage {
        session: lane.session,
        today: lane.used_today,
        daily_limit: lane.daily_limit,
        warm_up_day: lane.warm_up_day,
        hour: lane.used_hour,
        hourly_limit: lane.hourly_limit,
        // A session that is not connected says so in its state.
        held: lane
            .state
            .can_send()
            .then(|| lane.held.into_iter().next().map(|gate| gate.why))
            .flatten(),
    }
}

#[server(prefix = "/fn", endpoint = "load_session")]
pub async fn load_session(id: String) -> Result<SessionDetail, AppError> {
    let (domain, ctx) = door().await?;
    let id = session_id(&id)?;
    let session = answer(&ctx, domain.sessions.get(&ctx, id).await)?;
    let transitions = answer(&ctx, domain.sessions.transitions(&ctx, id).await)?;
    Ok(SessionDetail {
        session,
        transitions,
        as_of: domain.shared.now(),
    })
}

#[server(prefix = "/fn", endpoint = "load_pairing")]
pub async fn load_pairing(id: String) -> Result<PairingData, AppError> {
    let (domain, ctx) = door().await?;
    let id = session_id(&id)?;
    let session = answer(&ctx, domain.sessions.get(&ctx, id).await)?;
    let pairing = answer(&ctx, domain.sessions.pairing(&ctx, id).await)?;
    // Who may link a number need not be one who holds sandbox phones.
    let phone = domain
        .sandbox
        .phone(&ctx, id)
        .await
        .ok()
        .map(|phone| phone.number);
    Ok(PairingData {
        session,
        pairing,
        phone,
    })
}

/// Makes a sandbox phone and leads to linking it.
#[server(name = AddSandboxPhone, prefix = "/fn", endpoint = "add_sandbox_phone")]
pub async fn add_sandbox_phone(name: String) -> Result<(), AppError> {
    let (domain, ctx) = door().await?;
    let made = answer(
        &ctx,
        domain.sessions.create_sandbox(&ctx, CreateSession { name }).await,
    )?;
    let id = made.id.to_string();
    leptos_axum::redirect(&url::href(routes::SESSIONS, &[("id", &id), ("pair", &id)]));
    Ok(())
}

/// Starts, stops or restarts: what can be taken back at once.
#[server(name = OrderSession, prefix = "/fn", endpoint = "order_session")]
pub async fn order_session(id: String, order: String) -> Result<(), AppError> {
    let (domain, ctx) = door().await?;
    let id = session_id(&id)?;
    let done = match order.as_str() {
        "start" => domain.sessions.start_session(&ctx, id).await.map(drop),
        "stop" => domain.sessions.stop_session(&ctx, id).await.map(drop),
        "restart" => domain.sessions.restart(&ctx, id).await.map(drop),
        _ => return Err(AppError::field("order", "Choose start, stop or restart")),
    };
    answer(&ctx, done)
}

/// Ends the link; the phone must be linked again afterwards.
#[server(name = LogOutSession, prefix = "/fn", endpoint = "log_out_session")]
pub async fn log_out_session(id: String) -> Result<(), AppError> {
    let (domain, ctx) = door().await?;
    answer(
        &ctx,
        domain.sessions.log_out(&ctx, session_id(&id)?).await.map(drop),
    )?;
    leptos_axum::redirect(&url::href(routes::SESSIONS, &[("id", &id)]));
    Ok(())
}

#[server(name = DeleteSession, prefix = "/fn", endpoint = "delete_session")]
pub async fn delete_session(id: String) -> Result<(), AppError> {
    let (domain, ctx) = door().await?;
    answer(
        &ctx,
        domain.sessions.delete(&ctx, session_id(&id)?).await.map(drop),
    )?;
    leptos_axum::redirect(routes::SESSIONS);
    Ok(())
}

/// Shows a fresh QR code; a session that does not wait for a phone is started first.
#[server(name = RefreshQr, prefix = "/fn", endpoint = "refresh_qr")]
pub async fn refresh_qr(id: String) -> Result<(), AppError> {
    let (domain, ctx) = door().await?;
    let id = session_id(&id)?;
    let state = answer(&ctx, domain.sessions.get(&ctx, id).await)?.state;
    match state {
        SessionState::Stopped | SessionState::LoggedOut => {
            answer(&ctx, domain.sessions.start_session(&ctx, id).await.map(drop))
        }
        _ => answer(&ctx, domain.sessions.refresh_qr(&ctx, id).await.map(drop)),
    }
}

/// Asks for the code that is typed on that phone.
#[server(name = RequestPairingCode, prefix = "/fn", endpoint = "request_pairing_code")]
pub async fn request_pairing_code(id: String, number: String) -> Result<(), AppError> {
    let (domain, ctx) = door().await?;
    answer(
        &ctx,
        domain
            .sessions
            .request_code(&ctx, session_id(&id)?, number)
            .await
            .map(drop),
    )
}

#[cfg(feature = "ssr")]
fn session_id(text: &str) -> Result<SessionId, AppError> {
    text.parse().map_err(|_| AppError::not_found("session"))
}
