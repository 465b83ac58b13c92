//! What a person should look at, worst first, and each thing once.

use super::{DashboardRoom, store::Brief};
use crate::{Ctx, Result};
use jiff::civil::Date;
use types::{
    PageRequest, Permission,
    alerts::{Alert, AlertFilter, AlertKind, AlertStatus, Severity},
    dashboard::Problem,
    sessions::SessionState,
};

/// Of each severity; the page of alerts has them all.
const SHOWN: u32 = 5;

impl DashboardRoom {
    pub(super) async fn problems(
        &self,
        ctx: &Ctx,
        sessions: &[Brief],
        waiting: i64,
        failed: (i64, Date),
    ) -> Result<Vec<Problem>> {
        let (_, uncertain) = self.rooms.messages.on_the_way(ctx, None).await?;
        let alerts = self.open_alerts(ctx, sessions).await?;
        let mut problems = Vec::new();
        if waiting > 0 && !sessions.iter().any(|session| session.state.can_send()) {
            problems.push(Problem::NobodySends { waiting });
        }
        problems.extend(sessions.iter().filter(|session| is_down(session)).map(|session| {
            Problem::SessionDown {
                session: session.id,
                name: session.name.clone(),
                state: session.state,
                reason: session.reason.clone(),
            }
        }));
        let told = |alert: &Alert| Problem::Alert {
            id: alert.id,
            severity: alert.severity,
            happened: alert.details.happened.clone(),
            action: alert.action.clone(),
        };
        let (minor, grave): (Vec<&Alert>, Vec<&Alert>) =
            alerts.iter().partition(|alert| alert.severity == Severity::Info);
        problems.extend(grave.into_iter().map(told));
        if uncertain > 0 {
            problems.push(Problem::Uncertain { count: uncertain });
        }
        let (count, day) = failed;
        if count > 0 && !alerts.iter().any(|alert| alert.kind == AlertKind::Failures) {
            let day = day.to_string();
            problems.push(Problem::Failed { count, day });
        }
        problems.extend(minor.into_iter().map(told));
        Ok(problems)
    }

    /// Critical ones first. What the state of a session says already is left out.
    async fn open_alerts(&self, ctx: &Ctx, sessions: &[Brief]) -> Result<Vec<Alert>> {
        if !ctx.permissions.has(Permission::AlertsView) {
            return Ok(Vec::new());
        }
        let open = self.rooms.alerts.counts(ctx).await?;
        let mut alerts = Vec::new();
        for (severity, open) in [
            (Severity::Critical, open.critical),
            (Severity::Warning, open.warning),
            (Severity::Info, open.info),
        ] {
            if open == 0 {
                continue;
            }
            let filter = AlertFilter {
                status: Some(AlertStatus::Open),
                severity: Some(severity),
                ..AlertFilter::default()
            };
            let page = self
                .rooms
                .alerts
                .list(ctx, filter, PageRequest::of(SHOWN, None))
                .await?;
            alerts.extend(page.data.into_iter().filter(|alert| !is_told(alert, sessions)));
        }
        Ok(alerts)
    }
}

/// One that a person stopped is no problem until something waits for it.
fn is_down(session: &Brief) -> bool {
    let broken = matches!(
        session.state,
        SessionState::LoggedOut | SessionState::Restricted | SessionState::Reconnecting
    );
    broken || (!session.state.can_send() && session.waits)
}

fn is_told(alert: &Alert, sessions: &[Brief]) -> bool {
    let about_its_state = matches!(
        alert.kind,
        AlertKind::SessionDown | AlertKind::SessionLoggedOut | AlertKind::SessionRestricted
    );
    about_its_state
        && sessions
            .iter()
            .any(|session| Some(session.id) == alert.session && !session.state.can_send())
}
