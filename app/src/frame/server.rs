//! What the frame asks the server.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use types::{
    AppError,
    people::{Theme, Viewer},
};

/// Who is looking, and from where on the live stream tells what changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrameData {
    pub viewer: Viewer,
    /// The last event that was there before the page was drawn.
    pub live_after: i64,
}

#[server(prefix = "/fn", endpoint = "frame")]
pub async fn frame() -> Result<FrameData, AppError> {
    use crate::door::{answer, door};
    let (domain, ctx) = door().await?;
    // Read before everything else on the page: what happens meanwhile comes again by the stream.
    let live_after = match ctx.organization {
        Some(_) => answer(&ctx, domain.events.latest(&ctx).await)?,
        None => 0,
    };
    let viewer = answer(&ctx, domain.people.viewer(&ctx).await)?;
    Ok(FrameData { viewer, live_after })
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
