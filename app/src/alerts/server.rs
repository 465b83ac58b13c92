//! What the alerts page and the frame ask the server.

use crate::queue::SessionChoice;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use types::{
    AppError, Page, Timestamp,
    alerts::{Alert, AlertCounts},
};

#[cfg(feature = "ssr")]
use crate::{
    door::{answer, door},
    queue::server::{LIMIT, session_of, sessions},
    routes,
    ui::url,
};
#[cfg(feature = "ssr")]
use domain::{Ctx, Domain};
#[cfg(feature = "ssr")]
use types::{
    AlertId, PageRequest, Permission,
    alerts::{AlertFilter, AlertKind, AlertStatus, Severity},
};

/// A page of alerts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertsData {
    pub page: Page<Alert>,
    pub counts: AlertCounts,
    pub sessions: Vec<SessionChoice>,
    pub as_of: Timestamp,
}

#[server(prefix = "/fn", endpoint = "load_alerts")]
pub async fn load_alerts(
    #[server(default)] status: String,
    #[server(default)] severity: String,
    #[server(default)] kind: String,
    #[server(default)] session: String,
    #[server(default)] cursor: String,
) -> Result<AlertsData, AppError> {
    let (domain, ctx) = door().await?;
    let as_of = domain.shared.now();
    let filter = filter(&status, &severity, &kind, &session)?;
    let request = PageRequest::of(LIMIT, Some(cursor));
    let page = answer(&ctx, domain.alerts.list(&ctx, filter, request).await)?;
    let counts = answer(&ctx, domain.alerts.counts(&ctx).await)?;
    let sessions = sessions(&domain, &ctx).await?;
    Ok(AlertsData {
        page,
        counts,
        sessions,
        as_of,
    })
}

/// How many stand open, for the rail.
#[server(prefix = "/fn", endpoint = "count_alerts")]
pub async fn count_alerts() -> Result<i64, AppError> {
    let (domain, ctx) = door().await?;
    Ok(answer(&ctx, domain.alerts.counts(&ctx).await)?.open())
}

#[server(name = AcknowledgeAlert, prefix = "/fn", endpoint = "acknowledge_alert")]
pub async fn acknowledge_alert(id: String) -> Result<(), AppError> {
    let (domain, ctx) = door().await?;
    answer(&ctx, domain.alerts.acknowledge(&ctx, alert_id(&id)?).await).map(drop)
}

#[server(name = ResolveAlert, prefix = "/fn", endpoint = "resolve_alert")]
pub async fn resolve_alert(id: String) -> Result<(), AppError> {
    let (domain, ctx) = door().await?;
    answer(&ctx, domain.alerts.resolve(&ctx, alert_id(&id)?).await).map(drop)
}

/// Resolves everything that the page's filter shows, on all its pages; answers how many.
#[server(name = ResolveAlerts, prefix = "/fn", endpoint = "resolve_alerts")]
pub async fn resolve_alerts(
    #[server(default)] status: String,
    #[server(default)] severity: String,
    #[server(default)] kind: String,
    #[server(default)] session: String,
) -> Result<i64, AppError> {
    let (domain, ctx) = door().await?;
    let shown = filter(&status, &severity, &kind, &session)?;
    let count = answer(&ctx, domain.alerts.resolve_many(&ctx, shown).await)?;
    let query = [
        ("status", status.as_str()),
        ("severity", &severity),
        ("type", &kind),
        ("session", &session),
    ];
    leptos_axum::redirect(&url::href(routes::ALERTS, &query));
    Ok(count)
}

/// For whoever draws the frame: nothing to those who may not see alerts.
#[cfg(feature = "ssr")]
pub(crate) async fn open_alerts(domain: &Domain, ctx: &Ctx) -> Result<i64, AppError> {
    if ctx.organization.is_none() || !ctx.permissions.has(Permission::AlertsView) {
        return Ok(0);
    }
    Ok(answer(ctx, domain.alerts.counts(ctx).await)?.open())
}

/// What the address asks for; without a word of ours the tab is the open ones, and the rest
/// narrows nothing.
#[cfg(feature = "ssr")]
fn filter(status: &str, severity: &str, kind: &str, session: &str) -> Result<AlertFilter, AppError> {
    Ok(AlertFilter {
        status: Some(AlertStatus::from_name(status).unwrap_or(AlertStatus::Open)),
        severity: Severity::from_name(severity),
        kind: AlertKind::from_name(kind),
        session: session_of(session)?,
    })
}

#[cfg(feature = "ssr")]
fn alert_id(text: &str) -> Result<AlertId, AppError> {
    text.parse().map_err(|_| AppError::not_found("alert"))
}
