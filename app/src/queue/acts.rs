//! What is done to entries: one at a time, or all that a filter names.

use leptos::prelude::*;
use types::AppError;

#[server(name = CancelEntry, prefix = "/fn", endpoint = "cancel_entry")]
pub async fn cancel_entry(id: String, #[server(default)] back: String) -> Result<(), AppError> {
    use super::server::go_back;
    use crate::door::{answer, door};
    let (domain, ctx) = door().await?;
    answer(&ctx, domain.messages.cancel(&ctx, &id).await)?;
    go_back(&back, "");
    Ok(())
}

#[server(name = RetryEntry, prefix = "/fn", endpoint = "retry_entry")]
pub async fn retry_entry(id: String) -> Result<(), AppError> {
    use crate::door::{answer, door};
    let (domain, ctx) = door().await?;
    answer(&ctx, domain.messages.retry(&ctx, &id).await).map(drop)
}

/// Lets a waiting message pass the protections; the address says afterwards which ones.
#[server(name = SendEntryNow, prefix = "/fn", endpoint = "send_entry_now")]
pub async fn send_entry_now(id: String, #[server(default)] back: String) -> Result<(), AppError> {
    use super::server::go_back;
    use crate::door::{answer, door};
    let (domain, ctx) = door().await?;
    let (_, passed) = answer(&ctx, domain.messages.send_now(&ctx, &id).await)?;
    go_back(&back, &format!("{PASSED}={}", passed.join(".")));
    Ok(())
}

/// Lets a waiting message leave through that session, or through whichever is free first.
#[server(name = ReassignEntry, prefix = "/fn", endpoint = "reassign_entry")]
pub async fn reassign_entry(
    id: String,
    #[server(default)] session: String,
    #[server(default)] back: String,
) -> Result<(), AppError> {
    use super::server::{go_back, session_of};
    use crate::door::{answer, door};
    let (domain, ctx) = door().await?;
    let session = session_of(&session)?;
    answer(&ctx, domain.messages.reassign(&ctx, &id, session).await)?;
    go_back(&back, "");
    Ok(())
}

/// A person has found out what became of an uncertain message.
#[server(name = SettleEntry, prefix = "/fn", endpoint = "settle_entry")]
pub async fn settle_entry(id: String, outcome: String) -> Result<(), AppError> {
    use crate::door::{answer, door};
    use types::messages::Settled;
    let (domain, ctx) = door().await?;
    let outcome = Settled::from_name(&outcome)
        .ok_or_else(|| AppError::field("outcome", super::text::text().settle_which))?;
    answer(&ctx, domain.messages.settle(&ctx, &id, outcome).await).map(drop)
}

/// Puts everything that has failed into the queue again, of one session or of all; answers how many.
#[server(name = RetryFailed, prefix = "/fn", endpoint = "retry_failed")]
pub async fn retry_failed(#[server(default)] session: String) -> Result<i64, AppError> {
    use super::server::session_of;
    use crate::{
        door::{answer, door},
        routes,
        ui::url,
    };
    let (domain, ctx) = door().await?;
    let of = session_of(&session)?;
    let count = answer(&ctx, domain.messages.retry_many(&ctx, of).await)?;
    let rest = [("state", "failed"), ("session", &session)];
    leptos_axum::redirect(&url::href(routes::HISTORY, &rest));
    Ok(count)
}

/// The key that says which protections a message was let pass. It begins as what forms leave in an
/// address, so that no link of the page carries it on.
pub const PASSED: &str = "__passed";

/// Cancels everything that waits, of one session or of all; answers how many.
#[server(name = CancelPending, prefix = "/fn", endpoint = "cancel_pending")]
pub async fn cancel_pending(#[server(default)] session: String) -> Result<i64, AppError> {
    use super::server::session_of;
    use crate::{
        door::{answer, door},
        routes,
        ui::url,
    };
    use types::messages::{MessageState, QueueFilter};
    let (domain, ctx) = door().await?;
    let filter = QueueFilter {
        state: Some(MessageState::Pending),
        session: session_of(&session)?,
    };
    let count = answer(&ctx, domain.messages.cancel_many(&ctx, filter).await)?;
    leptos_axum::redirect(&url::href(routes::QUEUE, &[("session", &session)]));
    Ok(count)
}
