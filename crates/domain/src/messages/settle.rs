//! An uncertain message that a person settles: somebody looked at the phone and knows what became
//! of it, before WhatsApp could be asked.

use super::{Messages, not_found, record::Lane, store};
use crate::{Actor, Ctx, NewEvent, Result, Tx};
use types::{
    AppError, OrganizationId, Permission,
    events::EventType,
    messages::{MessageState, QueueEntry, Settled},
};

impl Messages {
    /// Marks an uncertain message as sent or as failed. It counts against the limits already, as
    /// everything that was on the wire; who settled it stands in the event log.
    pub async fn settle(&self, ctx: &Ctx, id: &str, outcome: Settled) -> Result<QueueEntry> {
        let organization = ctx.require(Permission::QueueManage)?;
        let found = self.find(organization, id).await?.ok_or_else(not_found)?;
        let entry = found.entry;
        if ctx.session.is_some() && ctx.session != entry.session {
            return Err(not_found().into());
        }
        let mut tx = self.shared.begin().await?;
        let now = tx.now();
        let why = reason(ctx, outcome);
        // From here on the row is ours: what WhatsApp answers meanwhile finds it settled.
        if !store::settle::take(&mut tx, organization, entry.id, why).await? {
            return Err(AppError::conflict("NOT_UNCERTAIN", not_uncertain(entry.state)).into());
        }
        note(&mut tx, ctx, organization, &entry, outcome);
        match (outcome, entry.session) {
            (Settled::Sent, Some(session)) => {
                let lane = Lane {
                    organization,
                    session,
                };
                self.sent_by_id_in(&mut tx, lane, &[entry.id], now).await?;
            }
            // Without its session there is no chat in which it could stand.
            (Settled::Sent, None) => {
                let message = "The session of this message is gone. Mark it as failed instead.";
                return Err(AppError::conflict("NO_SESSION", message).into());
            }
            (Settled::Failed, _) => {
                self.failed_in(&mut tx, organization, &[entry.id], why, now)
                    .await?;
            }
        }
        tx.commit().await?;
        if let Some(session) = entry.session {
            self.wake.notify(session);
        }
        let found = self.find(organization, id).await?.ok_or_else(not_found)?;
        Ok(found.entry)
    }
}

const fn reason(ctx: &Ctx, outcome: Settled) -> &'static str {
    match (outcome, &ctx.actor) {
        (Settled::Sent, _) => "Settled by hand: it arrived",
        (Settled::Failed, Actor::User(_)) => "A member settled it by hand: it did not arrive",
        (Settled::Failed, Actor::Key(_)) => "An API client settled it by hand: it did not arrive",
        (Settled::Failed, Actor::System) => "Settled by the system: it did not arrive",
    }
}

/// Tells the log who settled it, and as what; what became of it is told by the event after this one.
fn note(tx: &mut Tx, ctx: &Ctx, organization: OrganizationId, entry: &QueueEntry, outcome: Settled) {
    let by = match ctx.actor {
        Actor::User(user) => user.to_string(),
        Actor::Key(key) => key.to_string(),
        Actor::System => "system".into(),
    };
    let data = serde_json::json!({
        "id": entry.id, "queue_id": entry.queue_id, "recipient": entry.recipient.jid(), "state": "uncertain",
        "change": format!("settled as {}", outcome.name()), "by": by,
    });
    tx.record(NewEvent {
        organization,
        session: entry.session,
        kind: EventType::MessageUncertain,
        data: data.to_string(),
    });
}

fn not_uncertain(state: MessageState) -> String {
    format!(
        "Only an uncertain message can be settled by hand; this one is {}.",
        state.name()
    )
}
