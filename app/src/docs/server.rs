//! What the API page asks the server: the list, one endpoint, and the sessions to choose from.

#[cfg(feature = "ssr")]
mod description;
#[cfg(feature = "ssr")]
mod text;

use super::model::{Endpoint, Group, Section};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use types::AppError;

#[cfg(feature = "ssr")]
pub use description::Description;

#[cfg(feature = "ssr")]
use crate::door::{answer, door};
#[cfg(feature = "ssr")]
use types::{
    Permission,
    sessions::{Channel, SessionName, SessionState},
};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocsData {
    /// Where the API is reached.
    pub base: String,
    pub groups: Vec<Group>,
    /// Told where no endpoint is chosen.
    pub sections: Vec<Section>,
    pub endpoint: Option<Endpoint>,
    /// Sandbox phones first, so that trying something bothers nobody.
    pub sessions: Vec<SessionOption>,
}

/// A session that a call may name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionOption {
    pub id: String,
    pub name: String,
    pub sandbox: bool,
}

/// Reading needs a login only: what stands here is known to everybody who has the program.
#[server(prefix = "/fn", endpoint = "load_docs")]
pub async fn load_docs(#[server(default)] op: String) -> Result<DocsData, AppError> {
    let (domain, ctx) = door().await?;
    let description = use_context::<Description>().ok_or(AppError::Internal { request_id: None })?;
    let endpoint = if op.is_empty() {
        None
    } else {
        Some(
            description
                .endpoint(&op)
                .ok_or_else(|| AppError::not_found("endpoint"))?,
        )
    };
    let sessions = if endpoint.is_some() && ctx.permissions.has(Permission::SessionsView) {
        answer(&ctx, domain.sessions.named(&ctx).await)?
    } else {
        Vec::new()
    };
    Ok(DocsData {
        base: description.base(),
        groups: description.groups(),
        sections: if endpoint.is_none() {
            description.sections()
        } else {
            Vec::new()
        },
        endpoint,
        sessions: options(sessions),
    })
}

#[cfg(feature = "ssr")]
fn options(mut sessions: Vec<SessionName>) -> Vec<SessionOption> {
    sessions.sort_by_key(|session| {
        (
            session.channel != Channel::Sandbox,
            session.state != SessionState::Connected,
        )
    });
    sessions
        .into_iter()
        .map(|session| SessionOption {
            id: session.id.to_string(),
            name: session.name,
            sandbox: session.channel == Channel::Sandbox,
        })
        .collect()
}
