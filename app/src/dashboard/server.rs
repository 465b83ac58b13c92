//! What the dashboard asks the server.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use types::{
    AppError, SessionId, Timestamp,
    dashboard::{Dashboard, Engagement, Recent},
    sessions::SessionState,
};

#[cfg(feature = "ssr")]
use crate::door::{answer, door};
#[cfg(feature = "ssr")]
use domain::dashboard::Asked;
#[cfg(feature = "ssr")]
use types::messages::Lanes;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DashboardData {
    pub dashboard: Dashboard,
    /// Why the days that were asked for cannot be; the numbers are those of the usual ones then.
    pub refused: Option<AppError>,
    pub used: Used,
    /// Newest first.
    pub recent: Vec<Recent>,
    /// Where the API is reached, for the first command.
    pub public_url: String,
}

/// What is used up of today's limits, and when the queue ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Used {
    pub sessions: Vec<UsedBy>,
    pub all: i64,
    /// `None`: no limit, here and below.
    pub limit: Option<i64>,
    /// To the minute; `None` while nothing waits or it cannot be said.
    pub queue_ends_at: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsedBy {
    pub session: SessionId,
    pub name: String,
    /// Digits; `None` until a phone was linked.
    pub number: Option<String>,
    pub state: SessionState,
    pub used: i64,
    pub limit: Option<i64>,
    /// The day of its warm-up, where that is what limits it.
    pub warm_up_day: Option<i64>,
}

#[server(prefix = "/fn", endpoint = "load_dashboard")]
pub async fn load_dashboard(
    #[server(default)] period: String,
    #[server(default)] from: String,
    #[server(default)] until: String,
) -> Result<DashboardData, AppError> {
    let (domain, ctx) = door().await?;
    let room = &domain.dashboard;
    let (dashboard, refused) = match answer(&ctx, room.get(&ctx, &asked(period, from, until)).await) {
        // What is wrong now and what happened last are there all the same.
        Err(error @ AppError::Invalid { .. }) => (
            answer(&ctx, room.get(&ctx, &Asked::default()).await)?,
            Some(error),
        ),
        told => (told?, None),
    };
    Ok(DashboardData {
        dashboard,
        refused,
        used: used(answer(&ctx, domain.messages.lanes(&ctx).await)?),
        recent: answer(&ctx, room.recent(&ctx).await)?,
        public_url: domain.shared.config.public_url.clone(),
    })
}

/// How many people wrote back. By itself, because it looks at many chats; up to a minute old.
#[server(prefix = "/fn", endpoint = "load_engagement")]
pub async fn load_engagement(
    #[server(default)] period: String,
    #[server(default)] from: String,
    #[server(default)] until: String,
) -> Result<Option<Engagement>, AppError> {
    let (domain, ctx) = door().await?;
    let room = &domain.dashboard;
    match answer(&ctx, room.engagement(&ctx, &asked(period, from, until)).await) {
        Err(AppError::Invalid { .. }) => answer(&ctx, room.engagement(&ctx, &Asked::default()).await),
        told => told,
    }
}

#[cfg(feature = "ssr")]
fn asked(period: String, from: String, until: String) -> Asked {
    // The form is open and no day is written yet.
    let opened = period == "custom" && from.is_empty() && until.is_empty();
    Asked {
        period: Some(period).filter(|_| !opened),
        from: Some(from),
        until: Some(until),
    }
}

#[cfg(feature = "ssr")]
fn used(lanes: Lanes) -> Used {
    Used {
        all: lanes.used_today,
        limit: lanes.organization_limit,
        queue_ends_at: lanes.ends_at.map(|at| Timestamp(at.0 / 60_000 * 60_000)),
        sessions: lanes
            .lanes
            .into_iter()
            .map(|lane| UsedBy {
                session: lane.session,
                name: lane.name,
                number: lane.number,
                state: lane.state,
                used: lane.used_today,
                limit: lane.daily_limit,
                warm_up_day: lane.warm_up_day,
            })
            .collect(),
    }
}
