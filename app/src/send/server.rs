//! What the pages of "send one" and "send many" ask the server. Their forms carry files and are
//! posted to the pages' own addresses; a refused one comes back by [`Refusal`].

use crate::queue::SessionChoice;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use types::{
    AppError, Page, Timestamp,
    batches::{Batch, BatchDetail},
};

#[cfg(feature = "ssr")]
use crate::{
    door::{answer, door},
    queue::server::sessions,
    routes,
};
#[cfg(feature = "ssr")]
use types::{BatchId, PageRequest, Permission, RequestId};

/// A form that was refused: what was wrong, and what was typed. The server that draws the page
/// anew puts it into the context.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    pub error: AppError,
    pub typed: BTreeMap<String, String>,
}

/// What "send one" needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendData {
    /// Belongs to this form alone: sent twice with it, a message is queued once.
    pub token: String,
    pub sessions: Vec<SessionChoice>,
    pub refusal: Option<Refusal>,
}

/// What "send many" needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendManyData {
    pub sessions: Vec<SessionChoice>,
    pub refusal: Option<Refusal>,
    /// Batches, newest first; none for somebody who may not see the queue.
    pub recent: Page<Batch>,
    pub as_of: Timestamp,
}

/// A batch, with the names of the sessions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchData {
    pub detail: BatchDetail,
    pub sessions: Vec<SessionChoice>,
}

/// Batches on one page.
#[cfg(feature = "ssr")]
const LIMIT: u32 = 20;

#[server(prefix = "/fn", endpoint = "load_send")]
pub async fn load_send() -> Result<SendData, AppError> {
    let refusal = use_context::<Refusal>();
    let (domain, ctx) = door().await?;
    answer(&ctx, ctx.require(Permission::MessagesSend))?;
    Ok(SendData {
        token: RequestId(domain.shared.ids.uuid()).to_string(),
        sessions: sessions(&domain, &ctx).await?,
        refusal,
    })
}

#[server(prefix = "/fn", endpoint = "load_send_many")]
pub async fn load_send_many(#[server(default)] cursor: String) -> Result<SendManyData, AppError> {
    let refusal = use_context::<Refusal>();
    let (domain, ctx) = door().await?;
    answer(&ctx, ctx.require(Permission::MessagesSend))?;
    let recent = if ctx.permissions.has(Permission::QueueView) {
        let request = PageRequest::of(LIMIT, Some(cursor));
        answer(&ctx, domain.batches.list(&ctx, request).await)?
    } else {
        Page::empty()
    };
    Ok(SendManyData {
        sessions: sessions(&domain, &ctx).await?,
        refusal,
        recent,
        as_of: domain.shared.now(),
    })
}

#[server(prefix = "/fn", endpoint = "load_batch")]
pub async fn load_batch(id: String) -> Result<BatchData, AppError> {
    let (domain, ctx) = door().await?;
    let detail = answer(&ctx, domain.batches.get(&ctx, batch(&id)?).await)?;
    Ok(BatchData {
        detail,
        sessions: sessions(&domain, &ctx).await?,
    })
}

#[server(name = ConfirmBatch, prefix = "/fn", endpoint = "confirm_batch")]
pub async fn confirm_batch(id: String) -> Result<(), AppError> {
    let (domain, ctx) = door().await?;
    let confirmed = answer(&ctx, domain.batches.confirm(&ctx, batch(&id)?).await)?;
    leptos_axum::redirect(&routes::batch(confirmed.id));
    Ok(())
}

/// Answers how many messages are not sent because of it.
#[server(name = CancelBatch, prefix = "/fn", endpoint = "cancel_batch")]
pub async fn cancel_batch(id: String) -> Result<i64, AppError> {
    let (domain, ctx) = door().await?;
    let id = batch(&id)?;
    let count = answer(&ctx, domain.batches.cancel(&ctx, id).await)?;
    leptos_axum::redirect(&routes::batch(id));
    Ok(count)
}

#[cfg(feature = "ssr")]
fn batch(id: &str) -> Result<BatchId, AppError> {
    id.parse().map_err(|_| AppError::not_found("batch"))
}
