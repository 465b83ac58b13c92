//! SQL of the phones: accounts and faults.

use crate::{Error, Result};
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use sqlx::{AnyConnection, AnyPool, Row};
use transport::sandbox::{Account, Digest};
use types::{
    FaultId, OrganizationId, SessionId, Timestamp,
    sandbox::{Fault, FaultKind},
    sessions::SessionState,
};

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
