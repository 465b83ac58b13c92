//! SQL of messages that customers write, and of those typed on the linked phone.

use crate::{Result, Tx};
use types::{ChatId, MessageId, OrganizationId, SessionId, Timestamp, media::MediaKind};

pub struct NewIncoming<'a> {
    pub id: MessageId,
    pub wire_id: &'a str,
    pub from_me: bool,
    pub chat: ChatId,
    pub jid: &'a str,
    pub text: Option<&'a str>,
    pub media_kind: Option<MediaKind>,
    pub at: Timestamp,
}

/// Whether it was new: WhatsApp repeats what we did not acknowledge in time.
pub async fn insert(
    tx: &mut Tx,
    organization: OrganizationId,
    session: SessionId,
    message: &NewIncoming<'_>,
    now: Timestamp,
) -> Result<bool> {
    let row = sqlx::query(
        "INSERT INTO messages (id, organization_id, session_id, chat_id, wire_id, from_me, recipient, body, \
         media_kind, class, state, created_at, chat_at, sent_at) \
         VALUES ($1, $2, $3, $13, $4, $5, $6, $7, $8, \
         'single', $9, $10, $11, $12) \
         ON CONFLICT (session_id, wire_id) WHERE wire_id IS NOT NULL DO NOTHING RETURNING id",
    )
    .bind(message.id.key())
    .bind(organization.key())
    .bind(session.key())
    .bind(message.wire_id)
    .bind(i64::from(message.from_me))
    .bind(message.jid)
    .bind(message.text)
    .bind(message.media_kind.map(MediaKind::name))
    .bind(if message.from_me { "sent" } else { "received" })
    .bind(now.0)
    .bind(message.at.0)
    .bind(message.from_me.then_some(message.at.0))
    .bind(message.chat.key())
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.is_some())
}

pub async fn is_known(
    tx: &mut Tx,
    organization: OrganizationId,
    session: SessionId,
    wire_id: &str,
) -> Result<bool> {
    let row = sqlx::query(
        "SELECT id FROM messages WHERE organization_id = $1 AND session_id = $2 AND wire_id = $3",
    )
    .bind(organization.key())
    .bind(session.key())
    .bind(wire_id)
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.is_some())
}
