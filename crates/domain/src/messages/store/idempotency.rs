//! SQL of idempotency keys.

use crate::{Result, Tx};
use db::{AssertSqlSafe, in_order, insert_sql, padded_len, placeholders, rows_per_statement};
use sqlx::{AnyConnection, Row};
use types::{AppError, OrganizationId, Timestamp};

/// An answer under a key.
#[derive(Clone, Debug)]
pub struct Kept {
    pub key: String,
    pub fingerprint: String,
    /// JSON.
    pub answer: String,
}

/// Which of those keys a caller used after `since`, with their fingerprints.
pub async fn find(
    tx: &mut Tx,
    organization: OrganizationId,
    caller: &str,
    keys: &[&str],
    since: Timestamp,
) -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for keys in keys.chunks(256) {
        let sql = format!(
            "SELECT key, fingerprint FROM idempotency_keys \
             WHERE organization_id = $1 AND api_key_id = $2 AND created_at > $3 AND key IN ({})",
            placeholders(4, padded_len(keys.len()))
        );
        let mut query = sqlx::query(AssertSqlSafe(in_order(tx.engine(), sql)))
            .bind(organization.key())
            .bind(caller)
            .bind(since.0);
        for key in super::padded(keys) {
            query = query.bind(*key);
        }
        for row in query.fetch_all(tx.conn()).await? {
            found.push((row.try_get("key")?, row.try_get("fingerprint")?));
        }
    }
    Ok(found)
}

/// The answer under a key that was just found, as JSON.
pub async fn answer(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    caller: &str,
    key: &str,
) -> Result<String> {
    let row = sqlx::query(
        "SELECT answer FROM idempotency_keys WHERE organization_id = $1 AND api_key_id = $2 AND key = $3",
    )
    .bind(organization.key())
    .bind(caller)
    .bind(key)
    .fetch_one(conn)
    .await?;
    Ok(row.try_get("answer")?)
}

/// Keeps answers. A key that another node took in the meantime makes the group start again.
pub async fn keep(
    tx: &mut Tx,
    rows: &[(OrganizationId, &str, Kept)],
    now: Timestamp,
    kept_for: i64,
) -> Result<()> {
    const INTO: &str = "idempotency_keys (organization_id, api_key_id, key, fingerprint, answer, created_at)";
    const COLUMNS: usize = 6;
    let suffix = format!(
        "ON CONFLICT (organization_id, api_key_id, key) DO UPDATE \
         SET fingerprint = excluded.fingerprint, answer = excluded.answer, created_at = excluded.created_at \
         WHERE idempotency_keys.created_at <= excluded.created_at - {kept_for}"
    );
    let mut rest = rows;
    while !rest.is_empty() {
        let engine = tx.engine();
        let (chunk, after) = rest.split_at(rows_per_statement(rest.len(), COLUMNS, engine.bind_limit()));
        let sql = insert_sql(engine, INTO, COLUMNS, chunk.len(), &suffix);
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for (organization, caller, kept) in chunk {
            query = query
                .bind(organization.key())
                .bind(*caller)
                .bind(kept.key.as_str())
                .bind(kept.fingerprint.as_str())
                .bind(kept.answer.as_str())
                .bind(now.0);
        }
        let kept = query.execute(tx.conn()).await?.rows_affected();
        if kept < chunk.len() as u64 {
            return Err(AppError::Busy { retry_after: 1 }.into());
        }
        rest = after;
    }
    Ok(())
}

// cross-org: old keys of every organization are forgotten together.
pub async fn forget(conn: &mut AnyConnection, before: Timestamp) -> Result<()> {
    sqlx::query("DELETE FROM idempotency_keys WHERE created_at <= $1")
        .bind(before.0)
        .execute(conn)
        .await?;
    Ok(())
}
