//! Alerts: what a person should know of without having looked.
//!
//! Other rooms raise and clear them inside their own transaction ([`Alerts::raise_in`],
//! [`Alerts::clear_in`]). What can be seen in the event log is raised by the watcher, which
//! follows the log and delays nobody. While an alert stands, the same cause counts it up and
//! makes no second one.

mod failures;
mod manage;
mod queues;
mod store;
mod store_changes;
mod store_watch;
#[cfg(test)]
mod tests;
mod watch;
mod words;

pub use words::{Limit, Named, NewAlert, Subject};

use crate::{Ctx, NewEvent, Result, Shared, Tx, messages::Messages};
use serde_json::json;
use std::{collections::BTreeMap, sync::Arc};
use store_changes::Told;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use types::{
    AlertId, AppError, OrganizationId, Page, PageRequest, Permission, SessionId,
    alerts::{Alert, AlertCounts, AlertFilter, AlertKind, AlertStatus, Severity},
    events::EventType,
};

/// How long open pages need not hear again that the same alert was counted up.
const QUIET_MS: i64 = 5_000;

#[derive(Clone)]
pub struct Alerts {
    shared: Arc<Shared>,
}

impl Alerts {
    pub fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// Starts the watcher of this node, which asks `messages` why a queue stands still.
    pub fn start(&self, messages: Messages, tasks: &TaskTracker, stop: CancellationToken) {
        tasks.spawn(watch::run(self.clone(), messages, stop));
    }

    /// Newest first. A key of one session sees that session's alone.
    pub async fn list(&self, ctx: &Ctx, filter: AlertFilter, page: PageRequest) -> Result<Page<Alert>> {
        let organization = ctx.require(Permission::AlertsView)?;
        let filter = within(ctx, filter)?;
        let before = match &page.cursor {
            None => None,
            Some(cursor) => Some(cursor.parse::<AlertId>().map_err(|_| bad_cursor())?),
        };
        let rows = store::list(
            self.shared.read(),
            organization,
            filter,
            before,
            i64::from(page.limit) + 1,
        )
        .await?;
        Ok(Page::cut(rows, page.limit, |alert| alert.id.to_string()))
    }

    pub async fn get(&self, ctx: &Ctx, id: AlertId) -> Result<Alert> {
        let organization = ctx.require(Permission::AlertsView)?;
        self.load(ctx, organization, id).await
    }

    /// How many stand open in the whole organization, for a badge.
    pub async fn counts(&self, ctx: &Ctx) -> Result<AlertCounts> {
        let organization = ctx.require(Permission::AlertsView)?;
        store::counts(self.shared.read(), organization).await
    }

    /// Raises an alert, or counts up the one that stands about the same subject.
    pub async fn raise_in(&self, tx: &mut Tx, new: NewAlert) -> Result<AlertId> {
        let at = new.at.unwrap_or_else(|| tx.now());
        let id = AlertId(self.shared.ids.uuid());
        let raised = store_changes::raise(tx.conn(), id, &new, at, QUIET_MS).await?;
        let fresh = raised.id == id;
        if fresh {
            store_changes::count(tx, new.organization, raised.severity, 1, 0);
        }
        if fresh || raised.heard_at == at {
            tell(tx, new.organization, &raised, EventType::AlertRaised);
        }
        Ok(raised.id)
    }

    /// The cause has ended: what stands of this kind about the subject resolves by itself.
    pub async fn clear_in(
        &self,
        tx: &mut Tx,
        organization: OrganizationId,
        kind: AlertKind,
        subject: &Subject,
    ) -> Result<()> {
        self.clear_kinds_in(tx, organization, &[kind], subject, words::ended(kind))
            .await
    }

    /// A level of a limit has ended, because it is used up now or because there is room again.
    pub(crate) async fn change_of_limit_in(
        &self,
        tx: &mut Tx,
        organization: OrganizationId,
        kind: AlertKind,
        subject: &Subject,
        reached: bool,
    ) -> Result<()> {
        let how = if reached {
            "The limit is used up now."
        } else {
            words::ended(kind)
        };
        self.clear_kinds_in(tx, organization, &[kind], subject, how).await
    }

    /// The time for which WhatsApp asked a session to wait is over.
    pub(crate) async fn end_of_wait_in(&self, tx: &mut Tx, session: Named<'_>) -> Result<()> {
        let subject = NewAlert::answers(session.session);
        let how = "The time that WhatsApp asked for is over.";
        self.clear_kinds_in(
            tx,
            session.organization,
            &[AlertKind::SessionRestricted],
            &subject,
            how,
        )
        .await
    }

    /// A session sends no more: nothing that was said of its sending holds.
    async fn clear_sending_in(
        &self,
        tx: &mut Tx,
        organization: OrganizationId,
        session: SessionId,
    ) -> Result<()> {
        use AlertKind as K;
        let how = "The session sends nothing now.";
        for (kinds, subject) in [
            (
                &[K::LimitNear, K::LimitReached][..],
                Limit::Hourly.subject(Some(session)),
            ),
            (
                &[K::LimitNear, K::LimitReached],
                Limit::Daily.subject(Some(session)),
            ),
            (&[K::RepeatedText, K::ColdQuota], Subject::session(session)),
            (&[K::SessionRestricted], NewAlert::answers(session)),
        ] {
            self.clear_kinds_in(tx, organization, kinds, &subject, how)
                .await?;
        }
        Ok(())
    }

    async fn clear_kinds_in(
        &self,
        tx: &mut Tx,
        organization: OrganizationId,
        kinds: &[AlertKind],
        subject: &Subject,
        how: &str,
    ) -> Result<()> {
        let at = tx.now();
        let over = store_changes::clear(tx.conn(), organization, kinds, &subject.key(), at, how).await?;
        resolved(tx, organization, &over);
        Ok(())
    }

    /// Everything about a session that is gone.
    async fn clear_session_in(
        &self,
        tx: &mut Tx,
        organization: OrganizationId,
        session: SessionId,
        how: &str,
    ) -> Result<()> {
        let at = tx.now();
        let over = store_changes::clear_session(tx.conn(), organization, session, at, how).await?;
        resolved(tx, organization, &over);
        Ok(())
    }

    async fn load(&self, ctx: &Ctx, organization: OrganizationId, id: AlertId) -> Result<Alert> {
        let found = store::find(self.shared.read(), organization, id).await?;
        let alert = found.filter(|alert| ctx.session.is_none() || ctx.session == alert.session);
        Ok(alert.ok_or_else(|| AppError::not_found("alert"))?)
    }
}

/// The filter, narrowed to what a key of one session may see.
fn within(ctx: &Ctx, filter: AlertFilter) -> Result<AlertFilter> {
    if let Some(session) = filter.session {
        ctx.may_touch(session)?;
    }
    Ok(AlertFilter {
        session: filter.session.or(ctx.session),
        ..filter
    })
}

fn bad_cursor() -> AppError {
    AppError::field(
        "cursor",
        "This is no place in this list. Leave it out to begin at the newest, or give back `next` as it was",
    )
}

/// Kept numbers and events of alerts that were resolved just now.
fn resolved(tx: &mut Tx, organization: OrganizationId, over: &[Told]) {
    // In one order everywhere, so that two transactions never wait for each other.
    let mut counts: BTreeMap<Severity, (i64, i64)> = BTreeMap::new();
    for alert in over {
        let count = counts.entry(alert.severity).or_default();
        if alert.acknowledged {
            count.1 -= 1;
        } else {
            count.0 -= 1;
        }
        tell(tx, organization, alert, EventType::AlertResolved);
    }
    for (severity, (open, acknowledged)) in counts {
        store_changes::count(tx, organization, severity, open, acknowledged);
    }
}

fn tell(tx: &mut Tx, organization: OrganizationId, alert: &Told, kind: EventType) {
    tx.record(NewEvent {
        organization,
        session: alert.session,
        kind,
        data: json!({
            "id": alert.id,
            "type": alert.kind,
            "severity": alert.severity,
            "status": alert.status,
            "session": alert.session,
            "happened": alert.happened,
            "times_seen": alert.times_seen,
        })
        .to_string(),
    });
}

fn over_already() -> AppError {
    AppError::conflict(
        "ALREADY_RESOLVED",
        format!(
            "This alert is {} already. When the same happens again, it comes back as a new one.",
            AlertStatus::Resolved.name()
        ),
    )
}
