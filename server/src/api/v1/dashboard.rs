//! `/api/v1/dashboard`: the numbers of a period.

use super::shape;
use crate::{
    AppState,
    api::{auth::Caller, params::Params, problem::ApiError},
};
use axum::{extract::State, response::Response};
use domain::dashboard::Asked;
use serde::Serialize;
use types::{
    Timestamp,
    dashboard::{DayCount, Engagement, Numbers, Period, SessionCount},
};
use utoipa::ToSchema;

/// What the page shows, without its advice to people.
#[derive(Serialize, ToSchema)]
#[schema(as = Dashboard)]
pub struct Told {
    period: Period,
    numbers: Numbers,
    /// How many people wrote back; null for a period that ended before today.
    engagement: Option<Engagement>,
    /// Oldest first: the days of the period, its weeks where it has more than 62 days, and the
    /// last seven days where it is today alone.
    days: Vec<DayCount>,
    /// What each session did in the period, the oldest session first.
    by_session: Vec<SessionCount>,
    as_of: Timestamp,
}

pub async fn get(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    params: Params,
) -> Result<Response, ApiError> {
    let asked = Asked {
        period: params.text("period"),
        from: params.text("from"),
        until: params.text("until"),
    };
    let room = &app.domain.dashboard;
    let told = room.get(&ctx, &asked).await?;
    let engagement = room.engagement(&ctx, &asked).await?;
    Ok(shape::ok(&Told {
        period: told.period,
        numbers: told.numbers,
        engagement,
        days: told.days,
        by_session: told.by_session,
        as_of: told.as_of,
    }))
}
