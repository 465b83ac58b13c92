//! What the history page asks the server.

use crate::queue::SessionChoice;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use types::{AppError, Page, Timestamp, messages::QueueEntry};

#[cfg(feature = "ssr")]
use crate::{
    door::{answer, door},
    queue::server::{LIMIT, session_of, sessions},
};
#[cfg(feature = "ssr")]
use domain::{Ctx, Domain};
#[cfg(feature = "ssr")]
use types::{
    PageRequest, Permission,
    messages::{HistoryFilter, MessageState},
};

/// A page of the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryData {
    pub page: Page<QueueEntry>,
    pub sessions: Vec<SessionChoice>,
    /// How many would be tried again; 0 unless the list shows exactly those, to somebody who may.
    pub failed: i64,
    pub as_of: Timestamp,
}

#[server(prefix = "/fn", endpoint = "load_history")]
pub async fn load_history(
    #[server(default)] start: String,
    #[server(default)] end: String,
    #[server(default)] state: String,
    #[server(default)] session: String,
    #[server(default)] cursor: String,
) -> Result<HistoryData, AppError> {
    let (domain, ctx) = door().await?;
    // Taken first, so that an event which comes while the list is read counts as newer than it.
    let as_of = domain.shared.now();
    let day = |text: String| Some(text).filter(|text| !text.is_empty());
    let filter = HistoryFilter {
        start_date: day(start),
        end_date: day(end),
        states: settled_states(&state),
        session: session_of(&session)?,
    };
    let request = PageRequest::of(LIMIT, Some(cursor));
    let page = answer(&ctx, domain.messages.history(&ctx, filter.clone(), request).await)?;
    let failed = failed(&domain, &ctx, &filter).await?;
    let sessions = sessions(&domain, &ctx).await?;
    Ok(HistoryData {
        page,
        sessions,
        failed,
        as_of,
    })
}

/// Trying again knows sessions and no days, so it is offered where no day is asked for.
#[cfg(feature = "ssr")]
async fn failed(domain: &Domain, ctx: &Ctx, filter: &HistoryFilter) -> Result<i64, AppError> {
    let exactly = filter.states == [MessageState::Failed]
        && filter.start_date.is_none()
        && filter.end_date.is_none()
        && ctx.permissions.has(Permission::QueueManage);
    if !exactly {
        return Ok(0);
    }
    let mut request = PageRequest::of(1, None);
    request.total = true;
    let page = answer(ctx, domain.messages.history(ctx, filter.clone(), request).await)?;
    Ok(page.total.unwrap_or(0))
}

/// The one state that is wanted; any other word means all that a message can end in.
#[cfg(feature = "ssr")]
pub fn settled_states(name: &str) -> Vec<MessageState> {
    match MessageState::from_name(name) {
        Some(state) if super::form::STATES.contains(&state) => vec![state],
        _ => super::form::STATES.to_vec(),
    }
}
