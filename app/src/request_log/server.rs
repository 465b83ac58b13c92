//! What the page of the request log asks the server.

use crate::queue::SessionChoice;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use types::{
    AppError, Page, Timestamp,
    request_log::{LoggedRequest, RequestDetail, RequestLogSettings},
};

#[cfg(feature = "ssr")]
use crate::{
    door::{answer, door},
    queue::server::{LIMIT, session_of, sessions},
    routes,
};
#[cfg(feature = "ssr")]
use domain::{Ctx, Domain};
#[cfg(feature = "ssr")]
use types::{
    PageRequest, Permission,
    request_log::{RequestFilter, StatusClass},
};

/// A key as the filter offers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyChoice {
    pub id: String,
    pub name: String,
}

/// A page of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestLogData {
    pub page: Page<LoggedRequest>,
    pub settings: RequestLogSettings,
    pub sessions: Vec<SessionChoice>,
    pub keys: Vec<KeyChoice>,
    pub as_of: Timestamp,
}

/// One call opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenedRequest {
    pub detail: RequestDetail,
    /// Where the API is reached, for the command that repeats the call.
    pub public_url: String,
}

/// What narrows the list, as the address says it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Asked {
    pub status: String,
    pub method: String,
    pub path: String,
    pub key: String,
    pub session: String,
    pub queue: String,
    pub from: String,
    pub to: String,
    pub cursor: String,
}

#[server(prefix = "/fn", endpoint = "load_request_log")]
pub async fn load_request_log(#[server(default)] asked: Asked) -> Result<RequestLogData, AppError> {
    let (domain, ctx) = door().await?;
    let as_of = domain.shared.now();
    let cursor = asked.cursor.clone();
    let filter = filter(asked)?;
    let request = PageRequest::of(LIMIT, Some(cursor));
    let log = &domain.request_log;
    Ok(RequestLogData {
        page: answer(&ctx, log.list(&ctx, filter, request).await)?,
        settings: answer(&ctx, log.settings(&ctx).await)?,
        sessions: sessions(&domain, &ctx).await?,
        keys: keys(&domain, &ctx).await?,
        as_of,
    })
}

#[server(prefix = "/fn", endpoint = "load_request")]
pub async fn load_request(id: String) -> Result<OpenedRequest, AppError> {
    let (domain, ctx) = door().await?;
    let id = id.parse().map_err(|_| AppError::not_found("logged request"))?;
    Ok(OpenedRequest {
        detail: answer(&ctx, domain.request_log.get(&ctx, id).await)?,
        public_url: domain.shared.config.public_url.clone(),
    })
}

/// Sets how many days calls are kept; blank inherits the platform's.
#[server(name = KeepRequests, prefix = "/fn", endpoint = "keep_requests")]
pub async fn keep_requests(#[server(default)] days: String) -> Result<(), AppError> {
    let (domain, ctx) = door().await?;
    let days = match days.trim() {
        "" => None,
        // What is no number is refused by the room, which says what would be one.
        text => Some(text.parse().unwrap_or(-1)),
    };
    answer(&ctx, domain.request_log.keep_for(&ctx, days).await)?;
    leptos_axum::redirect(routes::REQUEST_LOG);
    Ok(())
}

#[cfg(feature = "ssr")]
fn filter(asked: Asked) -> Result<RequestFilter, AppError> {
    let given = |text: String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let key = match given(asked.key) {
        None => None,
        Some(key) => Some(key.parse().map_err(|_| AppError::not_found("key"))?),
    };
    Ok(RequestFilter {
        status: StatusClass::from_name(&asked.status),
        method: given(asked.method),
        path: given(asked.path),
        key,
        session: session_of(&asked.session)?,
        queue_id: asked.queue.parse().ok(),
        from: given(asked.from),
        to: given(asked.to),
    })
}

/// The organization's keys; none for somebody who may not see them.
#[cfg(feature = "ssr")]
async fn keys(domain: &Domain, ctx: &Ctx) -> Result<Vec<KeyChoice>, AppError> {
    if !ctx.permissions.has(Permission::KeysView) {
        return Ok(Vec::new());
    }
    let keys = answer(ctx, domain.keys.list(ctx).await)?;
    Ok(keys
        .into_iter()
        .map(|key| KeyChoice {
            id: key.id.to_string(),
            name: format!("{} ({})", key.name, key.prefix),
        })
        .collect())
}
