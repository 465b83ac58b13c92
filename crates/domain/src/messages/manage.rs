//! What people do to queue entries: cancel, cancel many, try a failed one again.

use super::{
    Messages,
    choose::Book,
    not_found,
    record::{event_data, record_queued},
    store,
};
use crate::{Actor, Ctx, NewEvent, Result, Tx, chats};
use std::collections::BTreeSet;
use types::{
    AppError, MessageId, OrganizationId, Permission, SessionId,
    events::EventType,
    messages::{MessageState, QueueEntry, QueueFilter},
};

/// Entries that one transaction cancels.
pub(super) const CHUNK: i64 = 500;

impl Messages {
    /// Takes a pending entry out of the queue. What is on the wire cannot be called back.
    pub async fn cancel(&self, ctx: &Ctx, id: &str) -> Result<QueueEntry> {
        let organization = ctx.require(Permission::QueueManage)?;
        let entry = self.touchable(ctx, organization, id).await?;
        let _planning = self.planning.lock().await;
        let mut tx = self.shared.begin().await?;
        let cancelled = self.cancel_in(&mut tx, ctx, organization, &[entry.id]).await?;
        if cancelled == 0 {
            return Err(AppError::conflict("NOT_PENDING", not_pending(entry.state)).into());
        }
        tx.commit().await?;
        self.touchable(ctx, organization, id).await
    }

    /// Cancels every pending entry that the filter names; answers how many.
    pub async fn cancel_many(&self, ctx: &Ctx, filter: QueueFilter) -> Result<i64> {
        let organization = ctx.require(Permission::QueueManage)?;
        if filter.state.is_some_and(|state| state != MessageState::Pending) {
            return Err(AppError::field("state", "Only pending messages can be cancelled").into());
        }
        if let Some(session) = filter.session {
            ctx.may_touch(session)?;
        }
        let session = ctx.session.or(filter.session);
        let mut total = 0;
        loop {
            let _planning = self.planning.lock().await;
            let mut tx = self.shared.begin().await?;
            let ids = store::read::pending_ids(tx.conn(), organization, session, CHUNK).await?;
            if ids.is_empty() {
                return Ok(total);
            }
            let cancelled = self.cancel_in(&mut tx, ctx, organization, &ids).await?;
            tx.commit().await?;
            total += cancelled;
            // Nothing of what was found was still pending: leave the rest to who took it.
            if cancelled == 0 {
                return Ok(total);
            }
        }
    }

    /// Puts a failed message into the queue again, at the end of the lane it was in: its session was
    /// named, or talks with this recipient. Only when that session is gone another may be chosen.
    pub async fn retry(&self, ctx: &Ctx, id: &str) -> Result<QueueEntry> {
        let organization = ctx.require(Permission::QueueManage)?;
        let entry = self.touchable(ctx, organization, id).await?;
        let found = self.find(organization, id).await?.ok_or_else(not_found)?;
        let delay_ms = found.delay_ms;
        let _planning = self.planning.lock().await;
        let mut tx = self.shared.begin().await?;
        let mut book = Book::empty();
        book.add(&mut tx, organization).await?;
        let now = tx.now();
        let place = match entry
            .session
            .filter(|session| book.has_session(organization, *session))
        {
            None => None,
            Some(session) => {
                let chat = chats::id_of(session, &entry.recipient.jid());
                book.place_again(organization, Some(session), &entry.recipient, delay_ms, now)
                    .map(|(session, due_at)| (session, chat, due_at))
            }
        };
        let fetch = entry.media_url.is_some() && entry.media.is_none();
        if !store::manage::retry(tx.conn(), organization, entry.id, fetch, place, now).await? {
            let message = format!(
                "Only a failed message can be tried again; this one is {}.",
                entry.state.name()
            );
            return Err(AppError::conflict("NOT_FAILED", message).into());
        }
        book.save(&mut tx);
        let add = store::record::Counted {
            waiting: 1,
            sent: 0,
            failed: -1,
        };
        store::record::count(&mut tx, organization, add);
        let session = place.map(|(session, ..)| session);
        let queue_id = i64::from(entry.queue_id);
        record_queued(
            &mut tx,
            organization,
            session,
            entry.id,
            queue_id,
            &entry.recipient,
        );
        tx.commit().await?;
        match session {
            Some(session) => self.wake.notify(session),
            None => self.wake.unassigned.notify_one(),
        }
        self.wake.fetch.notify_one();
        let found = self.find(organization, id).await?.ok_or_else(not_found)?;
        Ok(found.entry)
    }

    pub(super) async fn cancel_in(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        organization: OrganizationId,
        ids: &[MessageId],
    ) -> Result<i64> {
        let why = match ctx.actor {
            Actor::User(_) => "Cancelled by a member",
            Actor::Key(_) => "Cancelled by an API client",
            Actor::System => "Cancelled by the system",
        };
        let now = tx.now();
        let changed = store::manage::cancel(tx.conn(), organization, ids, why, now).await?;
        let count = changed.len() as i64;
        let add = store::record::Counted {
            waiting: -count,
            sent: 0,
            failed: 0,
        };
        store::record::count(tx, organization, add);
        let lanes: BTreeSet<SessionId> = changed.iter().filter_map(|change| change.session).collect();
        for session in lanes {
            store::claim::shorten_lane(tx, organization, session);
        }
        for change in &changed {
            tx.record(NewEvent {
                organization,
                session: change.session,
                kind: EventType::MessageCancelled,
                data: event_data(
                    change.id,
                    change.queue_id,
                    &change.recipient.jid(),
                    "cancelled",
                    Some((None, Some(why))),
                ),
            });
        }
        Ok(count)
    }

    async fn touchable(
        &self,
        ctx: &Ctx,
        organization: OrganizationId,
        id: &str,
    ) -> Result<QueueEntry, crate::Error> {
        let found = self.find(organization, id).await?.ok_or_else(not_found)?;
        match ctx.session {
            Some(own) if found.entry.session != Some(own) => Err(not_found().into()),
            _ => Ok(found.entry),
        }
    }
}

fn not_pending(state: MessageState) -> String {
    match state {
        MessageState::Processing | MessageState::Uncertain | MessageState::Pending => {
            "This message is on its way to WhatsApp just now and cannot be called back.".into()
        }
        state => format!("This message is {} already.", state.name()),
    }
}
