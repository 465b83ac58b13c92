//! What the queue page asks the server: the list, one entry, and what is done to entries.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use types::{
    AppError, Page, SessionId, Timestamp,
    messages::{QueueDetail, QueueEntry},
    sessions::SessionState,
};

#[cfg(feature = "ssr")]
use crate::{
    door::{answer, door},
    routes,
    ui::url,
};
#[cfg(feature = "ssr")]
use domain::{Ctx, Domain};
#[cfg(feature = "ssr")]
use types::{
    PageRequest, Permission,
    messages::{MessageState, QueueFilter},
    sessions::Session,
};

/// A session as a filter offers it and a row names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionChoice {
    pub id: SessionId,
    pub name: String,
    pub state: SessionState,
}

/// A page of the queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueData {
    pub page: Page<QueueEntry>,
    pub sessions: Vec<SessionChoice>,
    /// How many a person would cancel who cancels everything that this filter shows.
    pub pending: i64,
    /// Where the API is reached, for the first command.
    pub public_url: String,
    pub as_of: Timestamp,
}

/// Entries on one page.
#[cfg(feature = "ssr")]
pub(crate) const LIMIT: u32 = 50;

#[server(prefix = "/fn", endpoint = "load_queue")]
pub async fn load_queue(
    #[server(default)] state: String,
    #[server(default)] session: String,
    #[server(default)] cursor: String,
) -> Result<QueueData, AppError> {
    let (domain, ctx) = door().await?;
    // Taken first, so that an event which comes while the list is read counts as newer than it.
    let as_of = domain.shared.now();
    let filter = QueueFilter {
        state: open_state(&state),
        session: session_of(&session)?,
    };
    let first = cursor.is_empty();
    let request = PageRequest::of(LIMIT, Some(cursor));
    let page = answer(&ctx, domain.messages.queue(&ctx, filter.clone(), request).await)?;
    let sessions = sessions(&domain, &ctx).await?;
    let pending = pending(&domain, &ctx, &filter, &page, first, &sessions).await?;
    Ok(QueueData {
        page,
        sessions: choices(&sessions),
        pending,
        public_url: domain.shared.config.public_url.clone(),
        as_of,
    })
}

#[server(prefix = "/fn", endpoint = "load_entry")]
pub async fn load_entry(id: String) -> Result<QueueDetail, AppError> {
    let (domain, ctx) = door().await?;
    answer(&ctx, domain.messages.get(&ctx, &id).await)
}

#[server(name = CancelEntry, prefix = "/fn", endpoint = "cancel_entry")]
pub async fn cancel_entry(id: String) -> Result<(), AppError> {
    let (domain, ctx) = door().await?;
    answer(&ctx, domain.messages.cancel(&ctx, &id).await).map(drop)
}

#[server(name = RetryEntry, prefix = "/fn", endpoint = "retry_entry")]
pub async fn retry_entry(id: String) -> Result<(), AppError> {
    let (domain, ctx) = door().await?;
    answer(&ctx, domain.messages.retry(&ctx, &id).await).map(drop)
}

/// Cancels everything that waits, of one session or of all; answers how many.
#[server(name = CancelPending, prefix = "/fn", endpoint = "cancel_pending")]
pub async fn cancel_pending(#[server(default)] session: String) -> Result<i64, AppError> {
    let (domain, ctx) = door().await?;
    let filter = QueueFilter {
        state: Some(MessageState::Pending),
        session: session_of(&session)?,
    };
    let count = answer(&ctx, domain.messages.cancel_many(&ctx, filter).await)?;
    leptos_axum::redirect(&url::href(routes::QUEUE, &[("session", &session)]));
    Ok(count)
}

/// The three states of the queue; any other word shows all of them.
#[cfg(feature = "ssr")]
fn open_state(name: &str) -> Option<MessageState> {
    MessageState::from_name(name).filter(|state| state.is_open())
}

#[cfg(feature = "ssr")]
pub(crate) fn session_of(text: &str) -> Result<Option<SessionId>, AppError> {
    match text {
        "" => Ok(None),
        id => id.parse().map(Some).map_err(|_| AppError::not_found("session")),
    }
}

/// The organization's sessions; none for somebody who may not see them.
#[cfg(feature = "ssr")]
pub(crate) async fn sessions(domain: &Domain, ctx: &Ctx) -> Result<Vec<Session>, AppError> {
    if !ctx.permissions.has(Permission::SessionsView) {
        return Ok(Vec::new());
    }
    answer(ctx, domain.sessions.list(ctx).await)
}

#[cfg(feature = "ssr")]
pub(crate) fn choices(sessions: &[Session]) -> Vec<SessionChoice> {
    sessions
        .iter()
        .map(|session| SessionChoice {
            id: session.id,
            name: session.name.clone(),
            state: session.state,
        })
        .collect()
}

/// How many pending entries the filter names: counted where the page shows them all, else from
/// the kept numbers.
#[cfg(feature = "ssr")]
async fn pending(
    domain: &Domain,
    ctx: &Ctx,
    filter: &QueueFilter,
    page: &Page<QueueEntry>,
    first: bool,
    sessions: &[Session],
) -> Result<i64, AppError> {
    if filter.state.is_some_and(|state| state != MessageState::Pending) {
        return Ok(0);
    }
    if first && page.next.is_none() {
        return Ok(page
            .data
            .iter()
            .filter(|entry| entry.state == MessageState::Pending)
            .count() as i64);
    }
    if let Some(id) = filter.session {
        return Ok(sessions
            .iter()
            .find(|session| session.id == id)
            .map_or(0, |session| session.queued));
    }
    if let Some(total) = page.total {
        return Ok(total);
    }
    let all = domain
        .messages
        .queue(ctx, QueueFilter::default(), PageRequest::of(1, None))
        .await;
    Ok(answer(ctx, all)?.total.unwrap_or(0))
}
