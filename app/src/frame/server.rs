//! What the frame asks the server.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use types::{
    AppError, SessionId,
    people::{Theme, Viewer},
};

#[cfg(feature = "ssr")]
use crate::door::{answer, door};
#[cfg(feature = "ssr")]
use types::sessions::Channel;

/// Who is looking, and from where on the live stream tells what changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrameData {
    pub viewer: Viewer,
    /// The last event that was there before the page was drawn.
    pub live_after: i64,
    pub open_alerts: i64,
}

#[server(prefix = "/fn", endpoint = "frame")]
pub async fn frame() -> Result<FrameData, AppError> {
    let (domain, ctx) = door().await?;
    // Read before everything else on the page: what happens meanwhile comes again by the stream.
    let live_after = match ctx.organization {
        Some(_) => answer(&ctx, domain.events.latest(&ctx).await)?,
        None => 0,
    };
    let viewer = answer(&ctx, domain.people.viewer(&ctx).await)?;
    let open_alerts = crate::alerts::server::open_alerts(&domain, &ctx).await?;
    Ok(FrameData {
        viewer,
        live_after,
        open_alerts,
    })
}

/// A session, as far as one needs to know it to go there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedSession {
    pub id: SessionId,
    pub name: String,
    /// Digits; `None` until a phone was linked.
    pub number: Option<String>,
    /// It has a phone of its own that can be opened.
    pub sandbox: bool,
}

/// The organization's sessions, for the search of the top bar.
#[server(prefix = "/fn", endpoint = "name_sessions")]
pub async fn name_sessions() -> Result<Vec<NamedSession>, AppError> {
    let (domain, ctx) = door().await?;
    let sessions = answer(&ctx, domain.sessions.named(&ctx).await)?;
    let named = sessions.into_iter().map(|session| NamedSession {
        id: session.id,
        name: session.name,
        number: session.number,
        sandbox: session.channel == Channel::Sandbox,
    });
    Ok(named.collect())
}

/// How the person who asked for this document likes it. The document is drawn before any data is
/// there, so the server's middleware leaves it with the request.
pub fn asked_theme() -> Theme {
    #[cfg(feature = "ssr")]
    {
        crate::door::extension().unwrap_or_default()
    }
    #[cfg(not(feature = "ssr"))]
    {
        Theme::default()
    }
}

/// Gives the page that is being drawn the status 404.
pub fn answer_not_found() {
    #[cfg(feature = "ssr")]
    crate::door::set_status(404);
}
