//! What waits without a session: it gets one as soon as one can send.

use super::{Messages, choose::Book, record::record_queued, store};
use crate::{Result, chats};
use std::collections::{BTreeSet, HashSet};
use types::{MessageId, OrganizationId};

/// Entries without a session that are planned in one transaction.
const PLANNED: i64 = 500;

impl Messages {
    /// Gives waiting messages that have no session a place, now that one can send.
    pub(super) async fn plan_unassigned(&self) -> Result<bool> {
        let organizations: BTreeSet<OrganizationId> = self
            .sessions
            .connected()
            .into_iter()
            .map(|(organization, _)| organization)
            .collect();
        let mut more = false;
        for organization in organizations {
            if store::claim::has_unassigned(self.shared.read(), organization).await? {
                more |= self.plan_organization(organization).await?;
            }
        }
        Ok(more)
    }

    async fn plan_organization(&self, organization: OrganizationId) -> Result<bool> {
        let _planning = self.planning.lock().await;
        let mut tx = self.shared.begin().await?;
        let now = tx.now();
        let mut book = Book::empty();
        book.add(&mut tx, organization).await?;
        let rows = store::claim::unassigned(tx.conn(), organization, PLANNED).await?;
        let recipients = rows.iter().map(|row| row.recipient.jid()).collect();
        book.learn_talks(&mut tx, organization, recipients).await?;
        let mut woken = HashSet::new();
        for row in &rows {
            if let Some((session, due_at)) =
                book.place_again(organization, None, &row.recipient, row.delay_ms, now)
            {
                let chat = chats::id_of(session, &row.recipient.jid());
                store::claim::assign(tx.conn(), organization, row.id, session, chat, due_at).await?;
                record_queued(
                    &mut tx,
                    organization,
                    Some(session),
                    row.id,
                    row.queue_id,
                    &row.recipient,
                );
                woken.insert(session);
            }
        }
        book.save(&mut tx);
        tx.commit().await?;
        let placed = !woken.is_empty();
        for session in woken {
            self.wake.notify(session);
        }
        Ok(placed && rows.len() as i64 == PLANNED)
    }

    /// What a session still had when it was deleted waits for another one; what was on its wire
    /// can no longer be settled by anybody.
    pub(super) async fn take_from_deleted(&self) -> Result<()> {
        let left = store::claim::of_deleted(self.shared.read()).await?;
        if left.is_empty() {
            return Ok(());
        }
        let _planning = self.planning.lock().await;
        let mut tx = self.shared.begin().await?;
        let now = tx.now();
        for (organization, session) in left {
            store::claim::unassign(tx.conn(), organization, session).await?;
            let lost: Vec<MessageId> =
                store::record::uncertain_of(self.shared.read(), organization, session, 500)
                    .await?
                    .into_iter()
                    .map(|(id, _)| id)
                    .collect();
            let why = "The session was deleted while this message was on the wire; whether it arrived is not known.";
            self.failed_in(&mut tx, organization, &lost, why, now).await?;
        }
        tx.commit().await
    }
}
