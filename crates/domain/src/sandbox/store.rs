//! SQL of the phones: accounts, faults, and what their screens show.

use crate::{Error, Result};
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use sqlx::{AnyConnection, AnyPool, Row, any::AnyRow};
use transport::sandbox::{Account, Digest};
use types::{
    FaultId, MediaId, OrganizationId, SessionId, Timestamp,
    media::MediaKind,
    sandbox::{Fault, FaultKind, PhoneChat, PhoneMessage, Tick},
    sessions::SessionState,
};

const CHATS: i64 = 200;
const MESSAGE: &str = "SELECT seq, message_id, number, direction, body, media_kind, media_id, filename, at, tick \
                       FROM sandbox_messages WHERE session_id = $1 AND organization_id = $2 AND number = $3";

/// A phone beside its session.
pub(super) struct PhoneRow {
    pub number: String,
    pub session_name: String,
    pub state: SessionState,
    pub reason: Option<String>,
    /// Both sides know of the link.
    pub linked: bool,
}

/// `false` when the number is taken.
pub(super) async fn insert_phone(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    session: SessionId,
    number: &str,
    digest: Option<&Digest>,
) -> Result<bool> {
    let done = sqlx::query(
        "INSERT INTO sandbox_phones (session_id, organization_id, number, credentials_hash) \
         VALUES ($1, $2, $3, $4) ON CONFLICT (number) DO NOTHING",
    )
    .bind(session.key())
    .bind(organization.key())
    .bind(number)
    .bind(digest.map(|digest| STANDARD_NO_PAD.encode(digest)))
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

pub(super) async fn phone(
    pool: &AnyPool,
    organization: OrganizationId,
    session: SessionId,
) -> Result<Option<PhoneRow>> {
    sqlx::query(
        "SELECT p.number, s.name, s.state, s.reason, CASE WHEN p.credentials_hash IS NOT NULL \
         AND s.credentials IS NOT NULL THEN 1 ELSE 0 END AS linked \
         FROM sandbox_phones p JOIN sessions s ON s.id = p.session_id \
         WHERE p.session_id = $1 AND p.organization_id = $2 AND s.organization_id = $3 \
         AND s.channel = 'sandbox' AND s.deleted_at IS NULL",
    )
    .bind(session.key())
    .bind(organization.key())
    .bind(organization.key())
    .fetch_optional(pool)
    .await?
    .map(|row| {
        Ok(PhoneRow {
            number: row.try_get("number")?,
            session_name: row.try_get("name")?,
            state: SessionState::from_name(row.try_get("state")?)
                .ok_or(Error::Damaged("a session's state"))?,
            reason: row.try_get("reason")?,
            linked: row.try_get::<i64, _>("linked")? != 0,
        })
    })
    .transpose()
}

pub(super) async fn account(
    pool: &AnyPool,
    organization: OrganizationId,
    session: SessionId,
) -> Result<Option<Account>> {
    sqlx::query(
        "SELECT number, credentials_hash, restricted_until FROM sandbox_phones \
         WHERE session_id = $1 AND organization_id = $2",
    )
    .bind(session.key())
    .bind(organization.key())
    .fetch_optional(pool)
    .await?
    .map(|row| {
        let hash: Option<String> = row.try_get("credentials_hash")?;
        let digest = hash
            .map(|text| {
                let bytes = STANDARD_NO_PAD.decode(text).ok();
                bytes
                    .and_then(|bytes| Digest::try_from(bytes).ok())
                    .ok_or(Error::Damaged("a phone's link"))
            })
            .transpose()?;
        Ok(Account {
            number: row.try_get("number")?,
            digest,
            restricted_until: row.try_get::<Option<i64>, _>("restricted_until")?.map(Timestamp),
        })
    })
    .transpose()
}

pub(super) async fn save_digest(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    session: SessionId,
    digest: Option<&Digest>,
) -> Result<()> {
    sqlx::query(
        "UPDATE sandbox_phones SET credentials_hash = $1 WHERE session_id = $2 AND organization_id = $3",
    )
    .bind(digest.map(|digest| STANDARD_NO_PAD.encode(digest)))
    .bind(session.key())
    .bind(organization.key())
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn save_restriction(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    session: SessionId,
    until: Timestamp,
) -> Result<()> {
    sqlx::query(
        "UPDATE sandbox_phones SET restricted_until = $1 WHERE session_id = $2 AND organization_id = $3",
    )
    .bind(until.0)
    .bind(session.key())
    .bind(organization.key())
    .execute(conn)
    .await?;
    Ok(())
}

/// Oldest first: the order in which they hit.
pub(super) async fn faults(
    pool: &AnyPool,
    organization: OrganizationId,
    session: SessionId,
) -> Result<Vec<Fault>> {
    sqlx::query(
        "SELECT id, kind, left_count, delay_ms FROM sandbox_faults \
         WHERE session_id = $1 AND organization_id = $2 ORDER BY id",
    )
    .bind(session.key())
    .bind(organization.key())
    .fetch_all(pool)
    .await?
    .iter()
    .map(|row| {
        Ok(Fault {
            id: FaultId::from_key(row.try_get("id")?).map_err(|_| Error::Damaged("a fault's id"))?,
            kind: FaultKind::from_name(row.try_get("kind")?).ok_or(Error::Damaged("a fault's kind"))?,
            left: row.try_get("left_count")?,
            delay_ms: row.try_get("delay_ms")?,
        })
    })
    .collect()
}

pub(super) async fn insert_fault(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    session: SessionId,
    fault: &Fault,
    now: Timestamp,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO sandbox_faults (id, organization_id, session_id, kind, left_count, delay_ms, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(fault.id.key())
    .bind(organization.key())
    .bind(session.key())
    .bind(fault.kind.name())
    .bind(fault.left)
    .bind(fault.delay_ms)
    .bind(now.0)
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn delete_faults(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    session: SessionId,
) -> Result<()> {
    sqlx::query("DELETE FROM sandbox_faults WHERE session_id = $1 AND organization_id = $2")
        .bind(session.key())
        .bind(organization.key())
        .execute(conn)
        .await?;
    Ok(())
}

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
        "{MESSAGE} AND seq > $4 ORDER BY seq LIMIT $5"
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
    sqlx::query(db::AssertSqlSafe(format!("{MESSAGE} ORDER BY seq DESC LIMIT $4")))
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
