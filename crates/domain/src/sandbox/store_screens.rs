//! SQL of what the phones show: chats and their bubbles.

use crate::{Error, Result};
use sqlx::{AnyPool, Row, any::AnyRow};
use types::{
    MediaId, OrganizationId, SessionId, Timestamp,
    media::MediaKind,
    sandbox::{PhoneChat, PhoneMessage, Tick},
};

const CHATS: i64 = 200;
const MESSAGE: &str = "\
    SELECT m.seq, m.message_id, m.number, m.direction, m.body, m.media_kind, m.media_id, m.filename, m.at, \
    CASE WHEN m.plain = 0 THEN m.tick WHEN m.seq <= p.read_upto THEN 'read' \
    WHEN m.seq <= p.delivered_upto THEN 'delivered' ELSE 'sent' END AS tick \
    FROM sandbox_messages m JOIN sandbox_phones p ON p.session_id = m.session_id \
    WHERE m.session_id = $1 AND m.organization_id = $2 AND m.number = $3";

/// Steps from number to number through the index: a phone may hold a million messages.
pub(super) async fn chats(
    pool: &AnyPool,
    organization: OrganizationId,
    session: SessionId,
) -> Result<Vec<PhoneChat>> {
    sqlx::query(
        "WITH RECURSIVE chats (number) AS ( \
           SELECT MIN(number) FROM sandbox_messages WHERE session_id = $1 \
           UNION ALL \
           SELECT (SELECT MIN(m.number) FROM sandbox_messages m WHERE m.session_id = $1 AND m.number > chats.number) \
           FROM chats WHERE chats.number IS NOT NULL) \
         SELECT m.number, m.body, m.at, m.direction FROM chats JOIN sandbox_messages m ON m.seq = \
           (SELECT MAX(l.seq) FROM sandbox_messages l WHERE l.session_id = $1 AND l.number = chats.number) \
         WHERE chats.number IS NOT NULL AND m.organization_id = $2 ORDER BY m.seq DESC LIMIT $3",
    )
    .bind(session.key())
    .bind(organization.key())
    .bind(CHATS)
    .fetch_all(pool)
    .await?
    .iter()
    .map(|row| {
        Ok(PhoneChat {
            number: row.try_get("number")?,
            last_text: row.try_get("body")?,
            last_at: Timestamp(row.try_get("at")?),
            last_from_customer: row.try_get::<&str, _>("direction")? == "from_customer",
        })
    })
    .collect()
}

pub(super) async fn messages_after(
    pool: &AnyPool,
    organization: OrganizationId,
    session: SessionId,
    number: &str,
    after: i64,
    limit: u32,
) -> Result<Vec<PhoneMessage>> {
    sqlx::query(db::AssertSqlSafe(format!(
        "{MESSAGE} AND m.seq > $4 ORDER BY m.seq LIMIT $5"
    )))
    .bind(session.key())
    .bind(organization.key())
    .bind(number)
    .bind(after)
    .bind(i64::from(limit))
    .fetch_all(pool)
    .await?
    .iter()
    .map(message)
    .collect()
}

/// Newest first.
pub(super) async fn latest_messages(
    pool: &AnyPool,
    organization: OrganizationId,
    session: SessionId,
    number: &str,
    limit: u32,
) -> Result<Vec<PhoneMessage>> {
    sqlx::query(db::AssertSqlSafe(format!(
        "{MESSAGE} ORDER BY m.seq DESC LIMIT $4"
    )))
    .bind(session.key())
    .bind(organization.key())
    .bind(number)
    .bind(i64::from(limit))
    .fetch_all(pool)
    .await?
    .iter()
    .map(message)
    .collect()
}

pub(super) async fn has_media(
    pool: &AnyPool,
    organization: OrganizationId,
    session: SessionId,
    media: MediaId,
) -> Result<bool> {
    let found = sqlx::query(
        "SELECT seq FROM sandbox_messages WHERE media_id = $1 AND session_id = $2 AND organization_id = $3 LIMIT 1",
    )
    .bind(media.key())
    .bind(session.key())
    .bind(organization.key())
    .fetch_optional(pool)
    .await?;
    Ok(found.is_some())
}

fn message(row: &AnyRow) -> Result<PhoneMessage> {
    let direction: &str = row.try_get("direction")?;
    Ok(PhoneMessage {
        seq: row.try_get("seq")?,
        message_id: row.try_get("message_id")?,
        number: row.try_get("number")?,
        from_customer: direction == "from_customer",
        from_linked_phone: direction == "from_phone",
        text: row.try_get("body")?,
        media_kind: row
            .try_get::<Option<&str>, _>("media_kind")?
            .and_then(MediaKind::from_name),
        media: row
            .try_get::<Option<&str>, _>("media_id")?
            .map(MediaId::from_key)
            .transpose()
            .map_err(|_| Error::Damaged("an attachment's id"))?,
        filename: row.try_get("filename")?,
        at: Timestamp(row.try_get("at")?),
        tick: Tick::from_name(row.try_get("tick")?),
    })
}
