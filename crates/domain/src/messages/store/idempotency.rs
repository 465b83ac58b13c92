//! SQL of idempotency keys.

use crate::Result;
use sqlx::{AnyConnection, Row};
use types::{AppError, OrganizationId, Timestamp};

/// Fingerprint and answer under a key, if it was used after `since`.
pub async fn find(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    caller: &str,
    key: &str,
    since: Timestamp,
) -> Result<Option<(String, String)>> {
    let row = sqlx::query(
        "SELECT fingerprint, answer FROM idempotency_keys \
         WHERE organization_id = $1 AND api_key_id = $2 AND key = $3 AND created_at > $4",
    )
    .bind(organization.key())
    .bind(caller)
    .bind(key)
    .bind(since.0)
    .fetch_optional(conn)
    .await?;
    row.map(|row| Ok((row.try_get("fingerprint")?, row.try_get("answer")?)))
        .transpose()
}

/// Keeps an answer. A key that another node took in the meantime makes the group start again.
pub async fn keep(
    conn: &mut AnyConnection,
    (organization, caller, key): (OrganizationId, &str, &str),
    fingerprint: &str,
    answer: &str,
    now: Timestamp,
) -> Result<()> {
    let kept = sqlx::query(
        "INSERT INTO idempotency_keys (organization_id, api_key_id, key, fingerprint, answer, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (organization_id, api_key_id, key) DO UPDATE \
         SET fingerprint = excluded.fingerprint, answer = excluded.answer, created_at = excluded.created_at \
         WHERE idempotency_keys.created_at <= $7",
    )
    .bind(organization.key())
    .bind(caller)
    .bind(key)
    .bind(fingerprint)
    .bind(answer)
    .bind(now.0)
    .bind(now.0 - 24 * 3_600_000)
    .execute(conn)
    .await?
    .rows_affected();
    if kept == 0 {
        Err(AppError::Busy { retry_after: 1 }.into())
    } else {
        Ok(())
    }
}

// cross-org: old keys of every organization are forgotten together.
pub async fn forget(conn: &mut AnyConnection, before: Timestamp) -> Result<()> {
    sqlx::query("DELETE FROM idempotency_keys WHERE created_at <= $1")
        .bind(before.0)
        .execute(conn)
        .await?;
    Ok(())
}
