//! The dashboard: what is wrong, what was sent, what waits, what happened last. Everything comes
//! from kept numbers and from the ends of indexes; nothing is counted over messages, so that the
//! page is quick with a million of them.

mod activity;
mod engagement;
mod period;
mod problems;
mod store;
#[cfg(test)]
mod tests;

pub use period::Asked;

use crate::{
    Ctx, Result, Shared, alerts::Alerts, batches::Batches, chats::Chats, messages::Messages,
    sessions::Sessions, time,
};
use jiff::civil::Date;
use period::Span;
use std::sync::Arc;
use store::{Counted, Of};
use types::{
    Permission,
    dashboard::{Checklist, Dashboard, DayCount, Numbers, SessionCount},
    sessions::SessionState,
};

#[derive(Clone)]
pub struct DashboardRoom {
    shared: Arc<Shared>,
    rooms: Rooms,
    engagements: engagement::Known,
}

/// Whom the dashboard asks.
#[derive(Clone)]
pub struct Rooms {
    pub sessions: Sessions,
    pub messages: Messages,
    pub chats: Chats,
    pub batches: Batches,
    pub alerts: Alerts,
}

impl DashboardRoom {
    pub fn new(shared: Arc<Shared>, rooms: Rooms) -> Self {
        Self {
            shared,
            rooms,
            engagements: engagement::Known::default(),
        }
    }

    /// The numbers of a period, and what is wrong now. A key of one session hears of that session
    /// alone.
    pub async fn get(&self, ctx: &Ctx, asked: &Asked) -> Result<Dashboard> {
        let organization = ctx.require(Permission::QueueView)?;
        let of = Of {
            organization,
            session: ctx.session,
        };
        let now = self.shared.now();
        let pool = self.shared.read();
        let facts = store::facts(pool, organization).await?;
        let span = Span::read(asked, time::date_of(&facts.zone, now))?;
        let sessions = store::sessions(pool, of).await?;
        let days = self.days(of, &span).await?;
        let by_session = store::by_session(pool, of, span.from, span.until).await?;
        let sum = |from: Date, until: Date| days.sum(from, until);
        let whole = sum(span.from, span.until);
        let earlier = span.earlier();
        let totals = match ctx.session {
            None => (facts.waiting, facts.sent),
            Some(own) => (
                store::waiting_of(pool, organization, own).await?,
                sessions.iter().map(|session| session.sent).sum(),
            ),
        };
        let failed_today = sum(span.today, span.today).failed;
        Ok(Dashboard {
            problems: self
                .problems(ctx, &sessions, totals.0, (failed_today, span.today))
                .await?,
            period: span.told(),
            numbers: Numbers {
                sessions: sessions.len() as i64,
                connected: sessions
                    .iter()
                    .filter(|session| session.state == SessionState::Connected)
                    .count() as i64,
                sent: whole.sent,
                sent_before: Some(sum(earlier.0, earlier.1).sent).filter(|sent| *sent > 0),
                delivered: whole.delivered,
                read: whole.read,
                failed: whole.failed,
                received: whole.received,
                sent_ever: totals.1,
                in_queue: totals.0,
            },
            days: span
                .charted()
                .into_iter()
                .map(|(from, until)| {
                    let counted = sum(from, until);
                    DayCount {
                        day: from.to_string(),
                        until: until.to_string(),
                        sent: counted.sent,
                        received: counted.received,
                        failed: counted.failed,
                    }
                })
                .collect(),
            checklist: Checklist {
                session_connected: sessions.iter().any(|session| session.linked),
                key_used: facts.key_used,
                first_message_sent: facts.sent > 0,
            },
            by_session: shares(&sessions, &by_session),
            as_of: now,
        })
    }

    /// Every day that any of the numbers needs, in one reading; today apart where the period ended
    /// long ago.
    async fn days(&self, of: Of, span: &Span) -> Result<store::Days> {
        let pool = self.shared.read();
        let charted = span.charted().first().map_or(span.from, |(from, _)| *from);
        let first = span.earlier().0.min(charted);
        let mut days = store::days(pool, of, first, span.until).await?;
        if !span.ends_today() {
            days.add(store::days(pool, of, span.today, span.today).await?);
        }
        Ok(days)
    }
}

/// The sessions' parts of the whole, oldest session first; last what no present session did.
fn shares(sessions: &[store::Brief], counted: &[(String, Counted)]) -> Vec<SessionCount> {
    let share = |session, name, counted: Counted| SessionCount {
        session,
        name,
        sent: counted.sent,
        delivered: counted.delivered,
        read: counted.read,
        failed: counted.failed,
        received: counted.received,
    };
    let mut rest = Counted::default();
    for (key, counted) in counted {
        if !sessions.iter().any(|session| session.id.key() == *key) {
            rest += *counted;
        }
    }
    let mut all: Vec<SessionCount> = sessions
        .iter()
        .map(|session| {
            let key = session.id.key();
            let own = counted.iter().find(|(of, _)| *of == key);
            let own = own.map(|(_, counted)| *counted).unwrap_or_default();
            share(Some(session.id), Some(session.name.clone()), own)
        })
        .collect();
    if rest != Counted::default() {
        all.push(share(None, None, rest));
    }
    all
}
