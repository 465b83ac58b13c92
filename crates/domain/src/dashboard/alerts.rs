//! The open alerts among what a person should look at.

use super::DashboardRoom;
use crate::{Ctx, Result};
use types::{
    PageRequest, Permission,
    alerts::{Alert, AlertFilter, AlertKind, AlertStatus, Severity},
    dashboard::Problem,
    sessions::Session,
};

/// Of each severity; the page of alerts has them all.
const SHOWN: u32 = 5;

impl DashboardRoom {
    /// Critical ones first. What the state of a session says already is left out.
    pub(super) async fn open_alerts(&self, ctx: &Ctx, sessions: &[Session]) -> Result<Vec<Problem>> {
        if !ctx.permissions.has(Permission::AlertsView) {
            return Ok(Vec::new());
        }
        let mut problems = Vec::new();
        for severity in [Severity::Critical, Severity::Warning] {
            let filter = AlertFilter {
                status: Some(AlertStatus::Open),
                severity: Some(severity),
                ..AlertFilter::default()
            };
            let page = self
                .alerts
                .list(ctx, filter, PageRequest::of(SHOWN, None))
                .await?;
            let told = page.data.into_iter().filter(|alert| !is_told(alert, sessions));
            problems.extend(told.map(|alert| Problem::Alert {
                id: alert.id,
                severity,
                happened: alert.details.happened,
                action: alert.action,
            }));
        }
        Ok(problems)
    }
}

fn is_told(alert: &Alert, sessions: &[Session]) -> bool {
    let about_its_state = matches!(
        alert.kind,
        AlertKind::SessionDown | AlertKind::SessionLoggedOut | AlertKind::SessionRestricted
    );
    about_its_state
        && sessions
            .iter()
            .any(|session| Some(session.id) == alert.session && !session.state.can_send())
}
