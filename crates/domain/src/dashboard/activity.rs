//! What happened last. A few of each kind, so that a busy chat does not hide a session that went
//! down.

use super::DashboardRoom;
use crate::{Ctx, Result};
use types::{
    PageRequest, Permission, Timestamp,
    alerts::{Alert, AlertFilter, AlertStatus},
    batches::Batch,
    dashboard::{Happening, Recent},
};

const CHATS: u32 = 4;
const BATCHES: u32 = 3;
/// Of sessions and alerts together.
const CHANGES: u32 = 4;

impl DashboardRoom {
    /// Newest first; only what the caller may see elsewhere too.
    pub async fn recent(&self, ctx: &Ctx) -> Result<Vec<Recent>> {
        ctx.require(Permission::QueueView)?;
        let may = |permission| ctx.permissions.has(permission);
        let mut all = Vec::new();
        if may(Permission::ChatsView) {
            let chats = self.rooms.chats.newest(ctx, CHATS).await?;
            all.extend(chats.into_iter().map(|chat| Recent {
                at: chat.last_at,
                what: Happening::Chat(Box::new(chat)),
            }));
        }
        let batches = self
            .rooms
            .batches
            .list(ctx, PageRequest::of(BATCHES, None))
            .await?;
        all.extend(batches.data.into_iter().map(|batch| Recent {
            at: moved(&batch),
            what: Happening::Batch(Box::new(batch)),
        }));
        let mut changes = Vec::new();
        if may(Permission::SessionsView) {
            let told = self.rooms.sessions.last_changes(ctx, CHANGES).await?;
            changes.extend(told.into_iter().map(|change| Recent {
                at: change.at,
                what: Happening::Session {
                    session: change.session,
                    name: change.name,
                    state: change.state,
                    reason: change.reason,
                },
            }));
        }
        if may(Permission::AlertsView) {
            let page = PageRequest::of(CHANGES, None);
            let alerts = self.rooms.alerts.list(ctx, AlertFilter::default(), page).await?;
            changes.extend(alerts.data.into_iter().map(raised));
        }
        changes.sort_by_key(|change| std::cmp::Reverse(change.at));
        changes.truncate(CHANGES as usize);
        all.extend(changes);
        all.sort_by_key(|one| std::cmp::Reverse(one.at));
        Ok(all)
    }
}

fn moved(batch: &Batch) -> Timestamp {
    let later = [batch.confirmed_at, batch.finished_at];
    later.into_iter().flatten().fold(batch.created_at, Timestamp::max)
}

fn raised(alert: Alert) -> Recent {
    Recent {
        at: alert.raised_at,
        what: Happening::Alert {
            severity: alert.severity,
            happened: alert.details.happened,
            action: alert.action,
            stands: alert.status != AlertStatus::Resolved,
        },
    }
}
