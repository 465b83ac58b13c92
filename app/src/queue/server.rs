//! What the queue page asks the server: the list with its lanes, and one entry.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use types::{
    AppError, Page, SessionId, Timestamp,
    messages::{Lanes, QueueDetail, QueueEntry},
    request_log::RequestDetail,
    sessions::SessionState,
};

#[cfg(feature = "ssr")]
use crate::{
    door::{answer, door},
    routes,
};
#[cfg(feature = "ssr")]
use domain::{Ctx, Domain};
#[cfg(feature = "ssr")]
use types::{
    PageRequest, Permission,
    messages::{MessageState, QueueFilter},
    pacing::{Limit, LimitValue, Unit},
    request_log::LoggedBody,
};

/// A session as a filter offers it and a row names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionChoice {
    pub id: SessionId,
    pub name: String,
    pub state: SessionState,
}

/// How many open entries there are of the sessions that are looked at; `None` where counting them
/// would take longer than the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenCounts {
    pub pending: i64,
    pub processing: Option<i64>,
    pub uncertain: Option<i64>,
}

/// A page of the queue, and the lanes above it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QueueData {
    pub page: Page<QueueEntry>,
    pub sessions: Vec<SessionChoice>,
    pub lanes: Lanes,
    pub counts: OpenCounts,
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
    let lanes = answer(&ctx, domain.messages.lanes(&ctx).await)?;
    let pending = pending(&domain, &ctx, &filter, &page, first, &lanes).await?;
    let counts = counts(&domain, &ctx, &filter, &lanes).await?;
    Ok(QueueData {
        page,
        sessions,
        lanes,
        counts,
        pending,
        public_url: domain.shared.config.public_url.clone(),
        as_of,
    })
}

/// One entry with everything that holds it, and where else it could go.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EntryData {
    pub detail: QueueDetail,
    /// The sessions that could take it, while it is open; empty for somebody who may not see them.
    pub sessions: Vec<SessionChoice>,
    /// The call that queued it.
    pub request: Origin,
}

/// Where an entry came from, as far as the request log knows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Origin {
    /// The viewer may not see the log.
    Hidden,
    /// No call of the API is kept for it.
    Unknown,
    Call {
        request: Box<RequestDetail>,
        /// Only the beginning of its body is here.
        shortened: bool,
    },
}

#[server(prefix = "/fn", endpoint = "load_entry")]
pub async fn load_entry(id: String) -> Result<EntryData, AppError> {
    let (domain, ctx) = door().await?;
    let detail = answer(&ctx, domain.messages.get(&ctx, &id).await)?;
    let sessions = if matches!(
        detail.entry.state,
        MessageState::Pending | MessageState::Uncertain
    ) {
        sessions(&domain, &ctx).await?
    } else {
        Vec::new()
    };
    let request = origin(&domain, &ctx, detail.entry.queue_id).await?;
    Ok(EntryData {
        detail,
        sessions,
        request,
    })
}

#[cfg(feature = "ssr")]
async fn origin(domain: &Domain, ctx: &Ctx, queue_id: i32) -> Result<Origin, AppError> {
    /// Characters of a body in the panel; a bulk call may have megabytes.
    const SHOWN: usize = 4_000;
    if !ctx.permissions.has(Permission::RequestLogView) {
        return Ok(Origin::Hidden);
    }
    let found = answer(ctx, domain.request_log.of_entry(ctx, queue_id).await)?;
    let Some(mut request) = found else {
        return Ok(Origin::Unknown);
    };
    request.response_headers.clear();
    request.response_body = LoggedBody::default();
    let end = request
        .request_body
        .text
        .as_ref()
        .and_then(|text| text.char_indices().nth(SHOWN));
    if let (Some((end, _)), Some(text)) = (end, &mut request.request_body.text) {
        text.truncate(end);
    }
    Ok(Origin::Call {
        request: Box::new(request),
        shortened: end.is_some(),
    })
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
pub(crate) async fn sessions(domain: &Domain, ctx: &Ctx) -> Result<Vec<SessionChoice>, AppError> {
    if !ctx.permissions.has(Permission::SessionsView) {
        return Ok(Vec::new());
    }
    let named = answer(ctx, domain.sessions.named(ctx).await)?;
    let choices = named.into_iter().map(|session| SessionChoice {
        id: session.id,
        name: session.name,
        state: session.state,
    });
    Ok(choices.collect())
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
    lanes: &Lanes,
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
        return Ok(lanes
            .lanes
            .iter()
            .find(|lane| lane.session == id)
            .map_or(0, |lane| lane.waiting));
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

/// How many of those that the filter's session has are in each open state.
#[cfg(feature = "ssr")]
async fn counts(
    domain: &Domain,
    ctx: &Ctx,
    filter: &QueueFilter,
    lanes: &Lanes,
) -> Result<OpenCounts, AppError> {
    let pending: i64 = match filter.session {
        Some(session) => lanes
            .lanes
            .iter()
            .filter(|lane| lane.session == session)
            .map(|lane| lane.waiting)
            .sum(),
        None => lanes.pool + lanes.lanes.iter().map(|lane| lane.waiting).sum::<i64>(),
    };
    let on_the_way = domain.messages.on_the_way(ctx, filter.session).await;
    let (processing, uncertain) = answer(ctx, on_the_way)?;
    Ok(OpenCounts {
        pending,
        processing: Some(processing),
        uncertain: Some(uncertain),
    })
}

/// Closes the dialog that a form lay in, also without script.
#[cfg(feature = "ssr")]
pub(crate) fn go_back(back: &str, say: &str) {
    if back.is_empty() {
        return;
    }
    let back = routes::safe_next(back);
    let sign = match (say.is_empty(), back.contains('?')) {
        (true, _) => "",
        (_, true) => "&",
        (_, false) => "?",
    };
    leptos_axum::redirect(&format!("{back}{sign}{say}"));
}

/// Times are written in seconds here, as people say them.
#[cfg(feature = "ssr")]
pub(crate) fn written(limit: Limit, value: &str) -> LimitValue {
    let value = value.trim();
    match (limit.unit(), value.parse::<f64>()) {
        (Unit::Milliseconds, Ok(seconds)) if seconds.is_finite() => {
            LimitValue::Number((seconds * 1_000.0) as i64)
        }
        _ => LimitValue::Text(value.into()),
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_in_seconds() {
        assert_eq!(written(Limit::DelayMin, " 2.5 "), LimitValue::Number(2_500));
        assert_eq!(written(Limit::Hourly, "20"), LimitValue::Text("20".into()));
        assert_eq!(
            written(Limit::Pause, "a while"),
            LimitValue::Text("a while".into())
        );
    }
}
