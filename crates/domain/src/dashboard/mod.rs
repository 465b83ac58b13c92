//! The first numbers: what is wrong, what was sent, what waits. Everything comes from kept
//! numbers; nothing is counted over messages, so that the page is quick with a million of them.

mod alerts;
mod store;

use crate::{Ctx, Result, Shared, alerts::Alerts, sessions::Sessions, time};
use std::sync::Arc;
use types::{
    Permission,
    dashboard::{Checklist, Dashboard, DayCount, Problem, SessionCount},
    sessions::{Session, SessionState},
};

#[derive(Clone)]
pub struct DashboardRoom {
    shared: Arc<Shared>,
    sessions: Sessions,
    alerts: Alerts,
}

/// Days that the chart shows.
const DAYS: i32 = 7;

impl DashboardRoom {
    pub fn new(shared: Arc<Shared>, sessions: Sessions, alerts: Alerts) -> Self {
        Self {
            shared,
            sessions,
            alerts,
        }
    }

    pub async fn get(&self, ctx: &Ctx) -> Result<Dashboard> {
        let organization = ctx.require(Permission::QueueView)?;
        let now = self.shared.now();
        let pool = self.shared.read();
        let sessions = self.sessions.list(ctx).await?;
        let zone = store::time_zone(pool, organization).await?;
        let today = time::date_of(&zone, now);
        let days: Vec<String> = (0..DAYS)
            .rev()
            .filter_map(|back| today.checked_sub(jiff::Span::new().days(back)).ok())
            .map(|day| day.to_string())
            .collect();
        let counted = store::days(pool, organization, days.first().map_or("", String::as_str)).await?;
        let day_sum = |day: &str, of: fn(&store::DayRow) -> i64| {
            counted.iter().filter(|row| row.day == day).map(of).sum::<i64>()
        };
        let today = today.to_string();
        let totals = store::totals(pool, organization).await?;
        let uncertain = store::uncertain(pool, organization).await?;
        let mut problems = problems(&sessions, totals.waiting, uncertain);
        problems.extend(self.open_alerts(ctx, &sessions).await?);
        Ok(Dashboard {
            problems,
            sessions: sessions.len() as i64,
            connected: sessions
                .iter()
                .filter(|s| s.state == SessionState::Connected)
                .count() as i64,
            sent_today: day_sum(&today, |row| row.sent),
            delivered_today: day_sum(&today, |row| row.delivered),
            read_today: day_sum(&today, |row| row.read),
            failed_today: day_sum(&today, |row| row.failed),
            sent_ever: totals.sent,
            in_queue: totals.waiting,
            by_session: sessions
                .iter()
                .map(|session| SessionCount {
                    session: session.id,
                    name: session.name.clone(),
                    sent: counted
                        .iter()
                        .filter(|row| row.session == Some(session.id))
                        .map(|row| row.sent)
                        .sum(),
                })
                .collect(),
            days: days
                .into_iter()
                .map(|day| DayCount {
                    sent: day_sum(&day, |row| row.sent),
                    failed: day_sum(&day, |row| row.failed),
                    day,
                })
                .collect(),
            checklist: Checklist {
                session_connected: sessions.iter().any(|s| s.linked_at.is_some()),
                key_used: store::key_used(pool, organization).await?,
                first_message_sent: totals.sent > 0,
            },
            as_of: now,
        })
    }
}

/// What a person should look at, worst first.
fn problems(sessions: &[Session], waiting: i64, uncertain: i64) -> Vec<Problem> {
    let mut problems = Vec::new();
    if waiting > 0 && !sessions.iter().any(|s| s.state.can_send()) {
        problems.push(Problem::NobodySends { waiting });
    }
    for session in sessions {
        let broken = matches!(
            session.state,
            SessionState::LoggedOut | SessionState::Restricted | SessionState::Reconnecting
        );
        // One that a person stopped is no problem until something waits for it.
        if broken || (!session.state.can_send() && session.queued > 0) {
            problems.push(Problem::SessionDown {
                session: session.id,
                name: session.name.clone(),
                state: session.state,
                reason: session.reason.clone(),
            });
        }
    }
    if uncertain > 0 {
        problems.push(Problem::Uncertain { count: uncertain });
    }
    problems
}
