//! Browsers that are logged in.
//!
//! `tower-sessions` carries the cookie; the records lie in `domain::people`, under a hash of the
//! cookie's value, so that a copy of the database lets nobody in. Visitors who do not log in leave
//! no row and get no such cookie.

use crate::{AppState, client};
use async_trait::async_trait;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::{
    Domain,
    people::{LoginRecord, login_hash},
};
use http::{Method, StatusCode, header};
use serde_json::Value;
use std::{collections::HashMap, fmt};
use tower_sessions::{
    Expiry, Session, SessionManagerLayer, SessionStore,
    cookie::{
        SameSite,
        time::{Duration, OffsetDateTime},
    },
    session::{Id, Record},
    session_store,
};
use types::{RequestId, Timestamp};

/// A login that nobody uses ends after that.
const IDLE: Duration = Duration::days(30);
/// The day on which the cookie was sent last; a new day sends it again, with thirty new days.
const DAY: &str = "day";

pub fn layer(app: &AppState) -> SessionManagerLayer<Store> {
    let secure = app.is_secure();
    // The prefix makes browsers refuse the cookie from other hosts, but they want TLS for it.
    let name = if secure {
        "__Host-switchboard"
    } else {
        "switchboard"
    };
    SessionManagerLayer::new(Store(app.domain.clone()))
        .with_name(name)
        .with_secure(secure)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(IDLE))
}

/// The hash under which the present login is kept, for those who look again later.
#[derive(Clone, Debug)]
pub struct LoginHash(pub String);

/// Puts the [`domain::Ctx`] of a valid login into the request, for pages, server functions, the live
/// stream and attachments.
pub async fn known(State(app): State<AppState>, mut request: Request, next: Next) -> Response {
    let id = RequestId(app.domain.shared.ids.uuid());
    request.extensions_mut().insert(id);
    let is_page = request.method() == Method::GET && wants_html(&request);
    let is_function = request.uri().path().starts_with("/fn/");
    let session = request.extensions().get::<Session>().cloned();
    if let Some(session) = session
        && let Some(cookie) = session.id()
    {
        let hash = login_hash(&cookie.to_string());
        match app.domain.people.ctx_for_login(&hash, id).await {
            Ok(Some(ctx)) => {
                if is_page {
                    keep_cookie(&session, app.domain.shared.now()).await;
                    if let Ok(viewer) = app.domain.people.viewer(&ctx).await {
                        request.extensions_mut().insert(viewer.theme);
                    }
                }
                request.extensions_mut().insert(LoginHash(hash));
                request.extensions_mut().insert(ctx);
            }
            // Loading the record is what makes the layer take an ended login's cookie away.
            Ok(None) => {
                let _ = session.get_value(DAY).await;
            }
            Err(error) => {
                let error = error.into_app(id);
                let status =
                    StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                return (status, format!("{error} ({id})")).into_response();
            }
        }
    }
    let response = next.run(request).await;
    if is_function {
        app::door::with_status(response).await
    } else {
        response
    }
}

fn wants_html(request: &Request) -> bool {
    let accept = request
        .headers()
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

/// A cookie's thirty days begin anew on each day the login is used.
async fn keep_cookie(session: &Session, now: Timestamp) {
    if let Err(error) = session.insert(DAY, now.0 / 86_400_000).await {
        tracing::warn!(%error, "a login's cookie could not be prolonged");
    }
}

/// Keeps the layer's records where people's logins are.
#[derive(Clone)]
pub struct Store(Domain);

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Store")
    }
}

#[async_trait]
impl SessionStore for Store {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        while !self
            .0
            .people
            .create_login(&hash(&record.id), kept(record)?)
            .await
            .map_err(failed)?
        {
            record.id = Id::default();
        }
        Ok(())
    }

    async fn save(&self, record: &Record) -> session_store::Result<()> {
        self.0
            .people
            .save_login(&hash(&record.id), kept(record)?)
            .await
            .map_err(failed)
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        let Some(login) = self.0.people.load_login(&hash(id)).await.map_err(failed)? else {
            return Ok(None);
        };
        let data: HashMap<String, Value> = serde_json::from_str(&login.data)
            .map_err(|error| session_store::Error::Decode(error.to_string()))?;
        let expiry_date = OffsetDateTime::from_unix_timestamp(login.expires_at.0.div_euclid(1_000))
            .map_err(|error| session_store::Error::Decode(error.to_string()))?;
        Ok(Some(Record {
            id: *id,
            data,
            expiry_date,
        }))
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        self.0.people.delete_login(&hash(id)).await.map_err(failed)
    }
}

fn hash(id: &Id) -> String {
    login_hash(&id.to_string())
}

/// The record as the room keeps it: whose login it is stands beside the text, so that logins can
/// be listed and ended.
fn kept(record: &Record) -> session_store::Result<LoginRecord> {
    let text = |key: &str| record.data.get(key).and_then(Value::as_str);
    let origin = client::current();
    Ok(LoginRecord {
        user: text("user").and_then(|id| id.parse().ok()),
        organization: text("organization").and_then(|id| id.parse().ok()),
        data: serde_json::to_string(&record.data)
            .map_err(|error| session_store::Error::Encode(error.to_string()))?,
        ip: origin.ip,
        user_agent: origin.user_agent,
        expires_at: Timestamp(record.expiry_date.unix_timestamp().saturating_mul(1_000)),
    })
}

fn failed(error: domain::Error) -> session_store::Error {
    tracing::error!(?error, "a login could not be read or written");
    session_store::Error::Backend("the login could not be read or written".into())
}
