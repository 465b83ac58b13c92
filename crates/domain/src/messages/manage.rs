//! What people do to queue entries: cancel, send now, reassign, try a failed one again; one or
//! many.

use super::{
    Messages, not_found,
    record::{event_data, record_queued},
    store,
};
use crate::{Actor, Ctx, NewEvent, Result, Tx, chats};
use types::{
    AppError, MessageId, OrganizationId, Permission, SessionId,
    events::EventType,
    messages::{MessageState, QueueEntry, QueueFilter},
};

/// Entries that one transaction changes.
pub(super) const CHUNK: i64 = 500;

impl Messages {
    /// Takes a pending entry out of the queue. What is on the wire cannot be called back.
    pub async fn cancel(&self, ctx: &Ctx, id: &str) -> Result<QueueEntry> {
        let organization = ctx.require(Permission::QueueManage)?;
        let entry = self.touchable(ctx, organization, id).await?;
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

    /// Lets a waiting message pass the protections that hold it; answers the entry and the gates
    /// that it passes, by name. What WhatsApp, the recipient or the order of the conversation asks
    /// for still holds it.
    pub async fn send_now(&self, ctx: &Ctx, id: &str) -> Result<(QueueEntry, Vec<&'static str>)> {
        let organization = ctx.require(Permission::QueueManage)?;
        let entry = self.touchable(ctx, organization, id).await?;
        let detail = self.get(ctx, id).await?;
        let passed: Vec<&'static str> = detail
            .gates
            .iter()
            .filter(|gate| !gate.open && gate.gate.is_pacing())
            .map(|gate| gate.gate.name())
            .collect();
        let mut tx = self.shared.begin().await?;
        if !store::manage::rush(tx.conn(), organization, entry.id).await? {
            return Err(AppError::conflict("NOT_PENDING", not_pending(entry.state)).into());
        }
        Self::note(&mut tx, ctx, organization, &entry, "sent now", &passed);
        tx.commit().await?;
        self.wake_entry(organization, entry.session);
        Ok((self.touchable(ctx, organization, id).await?, passed))
    }

    /// Lets a waiting message leave through another session, or with `None` through whichever is
    /// free first.
    pub async fn reassign(&self, ctx: &Ctx, id: &str, session: Option<SessionId>) -> Result<QueueEntry> {
        let organization = ctx.require(Permission::QueueManage)?;
        let entry = self.touchable(ctx, organization, id).await?;
        // A key of one session keeps its messages there.
        let session = session.or(ctx.session);
        let mut tx = self.shared.begin().await?;
        if let Some(session) = session
            && (ctx.may_touch(session).is_err()
                || !store::plan::has_session(tx.conn(), organization, session).await?)
        {
            return Err(AppError::field("session", "There is no such session in this organization").into());
        }
        let place = session.map(|session| (session, chats::id_of(session, &entry.recipient.jid())));
        if !store::manage::reassign(tx.conn(), organization, entry.id, place).await? {
            return Err(AppError::conflict("NOT_PENDING", not_pending(entry.state)).into());
        }
        Self::note(&mut tx, ctx, organization, &entry, "reassigned", &[]);
        tx.commit().await?;
        self.wake_entry(organization, session);
        self.touchable(ctx, organization, id).await
    }

    /// Puts a failed message into the queue again, into the lane it was in: its session was named,
    /// or talks with this recipient. Only when that session is gone another may take it.
    pub async fn retry(&self, ctx: &Ctx, id: &str) -> Result<QueueEntry> {
        let organization = ctx.require(Permission::QueueManage)?;
        let entry = self.touchable(ctx, organization, id).await?;
        let mut tx = self.shared.begin().await?;
        if !self.retry_in(&mut tx, organization, &entry).await? {
            let message = format!(
                "Only a failed message can be tried again; this one is {}.",
                entry.state.name()
            );
            return Err(AppError::conflict("NOT_FAILED", message).into());
        }
        tx.commit().await?;
        self.wake_entry(organization, entry.session);
        self.wake.fetch.notify_one();
        let found = self.find(organization, id).await?.ok_or_else(not_found)?;
        Ok(found.entry)
    }

    /// Tries every failed message of the filter's session again, or of all; answers how many.
    pub async fn retry_many(&self, ctx: &Ctx, session: Option<SessionId>) -> Result<i64> {
        let organization = ctx.require(Permission::QueueManage)?;
        if let Some(session) = session {
            ctx.may_touch(session)?;
        }
        let session = ctx.session.or(session);
        let before = self.shared.now();
        let mut total = 0;
        loop {
            let failed =
                store::read::failed(self.shared.read(), organization, session, before, CHUNK).await?;
            let mut tx = self.shared.begin().await?;
            let mut done = 0;
            for entry in &failed {
                done += i64::from(self.retry_in(&mut tx, organization, entry).await?);
            }
            // Only what had failed when this began: what fails again meanwhile is not tried for ever.
            if done == 0 {
                break;
            }
            tx.commit().await?;
            total += done;
        }
        self.wake.notify_pool(organization);
        self.wake.fetch.notify_one();
        Ok(total)
    }

    async fn retry_in(&self, tx: &mut Tx, organization: OrganizationId, entry: &QueueEntry) -> Result<bool> {
        let now = tx.now();
        let mut place = None;
        if let Some(session) = entry.session
            && store::plan::has_session(tx.conn(), organization, session).await?
        {
            place = Some((session, chats::id_of(session, &entry.recipient.jid())));
        }
        let fetch = entry.media_url.is_some() && entry.media.is_none();
        if !store::manage::retry(tx.conn(), organization, entry.id, fetch, place, now).await? {
            return Ok(false);
        }
        let add = store::record::Counted {
            waiting: 1,
            sent: 0,
            failed: -1,
        };
        store::record::count(tx, organization, add);
        record_queued(
            tx,
            organization,
            place.map(|(session, _)| session),
            entry.id,
            i64::from(entry.queue_id),
            &entry.recipient,
        );
        Ok(true)
    }

    /// Tells the log who did what to an entry.
    pub(super) fn note(
        tx: &mut Tx,
        ctx: &Ctx,
        organization: OrganizationId,
        entry: &QueueEntry,
        what: &str,
        passed: &[&str],
    ) {
        let by = match ctx.actor {
            Actor::User(user) => user.to_string(),
            Actor::Key(key) => key.to_string(),
            Actor::System => "system".into(),
        };
        let data = serde_json::json!({
            "id": entry.id, "queue_id": entry.queue_id, "recipient": entry.recipient.jid(), "state": "pending",
            "change": what, "by": by, "passes": passed,
        });
        tx.record(NewEvent {
            organization,
            session: entry.session,
            kind: EventType::MessageQueued,
            data: data.to_string(),
        });
    }

    fn wake_entry(&self, organization: OrganizationId, session: Option<SessionId>) {
        match session {
            Some(session) => self.wake.notify(session),
            None => self.wake.notify_pool(organization),
        }
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
