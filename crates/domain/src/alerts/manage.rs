//! What people do with alerts: look after them, and say that they are over.

use super::{Alerts, over_already, resolved, store, store_changes, tell, within};
use crate::{Actor, Ctx, Result, Tx};
use types::{
    AlertId, AppError, OrganizationId, Permission,
    alerts::{Alert, AlertFilter, AlertStatus},
    events::EventType,
};

/// Resolved in one transaction.
const TOGETHER: i64 = 200;

impl Alerts {
    /// Says that somebody looks after it. It stands until its cause ends.
    pub async fn acknowledge(&self, ctx: &Ctx, id: AlertId) -> Result<Alert> {
        let organization = ctx.require(Permission::AlertsManage)?;
        self.load(ctx, organization, id).await?;
        let mut tx = self.shared.begin().await?;
        let by = name(&mut tx, ctx, organization).await?;
        let now = tx.now();
        let done = store_changes::acknowledge(tx.conn(), organization, id, &by, now).await?;
        if let Some(alert) = done {
            store_changes::count(&mut tx, organization, alert.severity, -1, 1);
            tell(&mut tx, organization, &alert, EventType::AlertAcknowledged);
        }
        tx.commit().await?;
        let alert = self.load(ctx, organization, id).await?;
        if alert.status == AlertStatus::Resolved {
            return Err(over_already().into());
        }
        Ok(alert)
    }

    /// Says that it is over. One that is over already stays as it is.
    pub async fn resolve(&self, ctx: &Ctx, id: AlertId) -> Result<Alert> {
        let organization = ctx.require(Permission::AlertsManage)?;
        self.load(ctx, organization, id).await?;
        self.resolve_these(ctx, organization, &[id]).await?;
        self.load(ctx, organization, id).await
    }

    /// Says that everything which the filter names is over; answers how many stood.
    pub async fn resolve_many(&self, ctx: &Ctx, filter: AlertFilter) -> Result<i64> {
        let organization = ctx.require(Permission::AlertsManage)?;
        let filter = within(ctx, filter)?;
        let wanted: &[AlertStatus] = match filter.status {
            None => &[AlertStatus::Open, AlertStatus::Acknowledged],
            Some(AlertStatus::Open) => &[AlertStatus::Open],
            Some(AlertStatus::Acknowledged) => &[AlertStatus::Acknowledged],
            Some(AlertStatus::Resolved) => {
                return Err(AppError::field(
                    "status",
                    "Resolved alerts are over already; write open or acknowledged, or leave it out",
                )
                .into());
            }
        };
        let mut count = 0;
        for status in wanted {
            let filter = AlertFilter {
                status: Some(*status),
                ..filter
            };
            let mut before = None;
            loop {
                let found = store::list(self.shared.read(), organization, filter, before, TOGETHER).await?;
                let ids: Vec<AlertId> = found.iter().map(|alert| alert.id).collect();
                let Some(last) = ids.last() else { break };
                before = Some(*last);
                count += self.resolve_these(ctx, organization, &ids).await?;
            }
        }
        Ok(count)
    }

    async fn resolve_these(&self, ctx: &Ctx, organization: OrganizationId, ids: &[AlertId]) -> Result<i64> {
        let mut tx = self.shared.begin().await?;
        let by = name(&mut tx, ctx, organization).await?;
        let now = tx.now();
        let over = store_changes::resolve(&mut tx, organization, ids, &by, now).await?;
        resolved(&mut tx, organization, &over);
        tx.commit().await?;
        Ok(over.len() as i64)
    }
}

/// Who does it, in words that stay true when the person or the key is gone.
async fn name(tx: &mut Tx, ctx: &Ctx, organization: OrganizationId) -> Result<String> {
    let found = match ctx.actor {
        Actor::User(user) => store::user_name(tx.conn(), user).await?,
        Actor::Key(key) => store::key_name(tx.conn(), organization, key)
            .await?
            .map(|name| format!("API key “{name}”")),
        Actor::System => None,
    };
    Ok(found.unwrap_or_else(|| "the system".into()))
}
