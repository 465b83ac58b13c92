//! SQL of batches.

use crate::{Error, Result, Tx};
use db::{Statement, insert_sql, rows_per_statement};
use sqlx::{AnyConnection, AnyPool, Row as _, any::AnyRow};
use std::collections::HashSet;
use types::{
    ApiKeyId, BatchId, OrganizationId, SessionId, Timestamp, UserId,
    batches::{Batch, BatchState, Found, RowError},
};

pub async fn insert(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    pin: Option<SessionId>,
    batch: &Batch,
    found: &Found,
) -> Result<()> {
    let found = serde_json::to_string(found).map_err(|_| Error::Damaged("how a list was read"))?;
    sqlx::query(
        "INSERT INTO batches (id, organization_id, pin_session_id, session_id, name, file_name, made_by, state, \
         found, row_count, valid, duplicates, invalid, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(batch.id.key())
    .bind(organization.key())
    .bind(pin.map(SessionId::key))
    .bind(batch.session.map(SessionId::key))
    .bind(batch.name.as_str())
    .bind(batch.file_name.as_deref())
    .bind(batch.made_by.as_deref())
    .bind(batch.state.name())
    .bind(found)
    .bind(batch.rows)
    .bind(batch.valid)
    .bind(batch.duplicates)
    .bind(batch.invalid)
    .bind(batch.created_at.0)
    .execute(conn)
    .await?;
    Ok(())
}

/// `from` keeps what the queue said apart from what the look said of the same row.
pub fn insert_errors(tx: &mut Tx, organization: OrganizationId, id: BatchId, errors: &[RowError], from: i64) {
    const INTO: &str =
        "batch_errors (batch_id, organization_id, row_number, place, column_name, value, message)";
    const COLUMNS: usize = 7;
    let engine = tx.engine();
    let mut rest = errors;
    let (mut row, mut place) = (i64::MIN, from);
    while !rest.is_empty() {
        let (chunk, after) = rest.split_at(rows_per_statement(rest.len(), COLUMNS, engine.bind_limit()));
        let mut statement = Statement::new(insert_sql(engine, INTO, COLUMNS, chunk.len(), ""));
        for error in chunk {
            place = if error.row == row { place + 1 } else { from };
            row = error.row;
            statement = statement
                .bind(id.key())
                .bind(organization.key())
                .bind(error.row)
                .bind(place)
                .bind(error.column.as_str())
                .bind(error.value.as_str())
                .bind(error.message.as_str());
        }
        tx.at_commit(statement);
        rest = after;
    }
}

const COLUMNS: &str = "id, name, file_name, made_by, session_id, state, row_count, valid, duplicates, invalid, \
     accepted, refused, problem, created_at, confirmed_at, finished_at";

pub async fn one(
    pool: &AnyPool,
    organization: OrganizationId,
    pin: Option<SessionId>,
    id: BatchId,
) -> Result<Option<Batch>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM batches \
         WHERE id = $1 AND organization_id = $2 AND ($3 = '' OR pin_session_id = $3)"
    );
    sqlx::query(db::AssertSqlSafe(sql))
        .bind(id.key())
        .bind(organization.key())
        .bind(pin.map(SessionId::key).unwrap_or_default())
        .fetch_optional(pool)
        .await?
        .as_ref()
        .map(batch)
        .transpose()
}

pub async fn list(
    pool: &AnyPool,
    organization: OrganizationId,
    pin: Option<SessionId>,
    before: Option<BatchId>,
    limit: i64,
) -> Result<Vec<Batch>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM batches \
         WHERE organization_id = $1 AND ($2 = '' OR pin_session_id = $2) AND id < $3 ORDER BY id DESC LIMIT $4"
    );
    let before = before.map_or_else(|| "g".into(), BatchId::key);
    sqlx::query(db::AssertSqlSafe(sql))
        .bind(organization.key())
        .bind(pin.map(SessionId::key).unwrap_or_default())
        .bind(before)
        .bind(limit)
        .fetch_all(pool)
        .await?
        .iter()
        .map(batch)
        .collect()
}

pub async fn found(pool: &AnyPool, organization: OrganizationId, id: BatchId) -> Result<Found> {
    let row = sqlx::query("SELECT found FROM batches WHERE organization_id = $1 AND id = $2")
        .bind(organization.key())
        .bind(id.key())
        .fetch_one(pool)
        .await?;
    serde_json::from_str(row.try_get("found")?).map_err(|_| Error::Damaged("how a list was read"))
}

pub async fn errors(
    pool: &AnyPool,
    organization: OrganizationId,
    id: BatchId,
    limit: i64,
) -> Result<Vec<RowError>> {
    let rows = sqlx::query(
        "SELECT row_number, column_name, value, message FROM batch_errors \
         WHERE organization_id = $1 AND batch_id = $2 ORDER BY row_number, place LIMIT $3",
    )
    .bind(organization.key())
    .bind(id.key())
    .bind(limit)
    .fetch_all(pool)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(RowError {
                row: row.try_get("row_number")?,
                column: row.try_get("column_name")?,
                value: row.try_get("value")?,
                message: row.try_get("message")?,
            })
        })
        .collect()
}

pub async fn error_count(pool: &AnyPool, organization: OrganizationId, id: BatchId) -> Result<i64> {
    let row =
        sqlx::query("SELECT COUNT(*) AS many FROM batch_errors WHERE organization_id = $1 AND batch_id = $2")
            .bind(organization.key())
            .bind(id.key())
            .fetch_one(pool)
            .await?;
    Ok(row.try_get("many")?)
}

/// Whether it was a draft until now.
pub async fn confirm(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    id: BatchId,
    now: Timestamp,
) -> Result<bool> {
    let done = sqlx::query(
        "UPDATE batches SET state = 'queueing', confirmed_at = $3 \
         WHERE organization_id = $1 AND id = $2 AND state = 'draft'",
    )
    .bind(organization.key())
    .bind(id.key())
    .bind(now.0)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Whether it was not in the queue as a whole.
pub async fn cancel(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    id: BatchId,
    now: Timestamp,
) -> Result<bool> {
    let done = sqlx::query(
        "UPDATE batches SET state = 'cancelled', finished_at = $3, problem = NULL \
         WHERE organization_id = $1 AND id = $2 AND state IN ('draft', 'queueing')",
    )
    .bind(organization.key())
    .bind(id.key())
    .bind(now.0)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

pub async fn sessions(pool: &AnyPool, organization: OrganizationId) -> Result<HashSet<SessionId>> {
    let rows = sqlx::query("SELECT id FROM sessions WHERE organization_id = $1 AND deleted_at IS NULL")
        .bind(organization.key())
        .fetch_all(pool)
        .await?;
    rows.iter()
        .map(|row| SessionId::from_key(row.try_get("id")?).map_err(|_| Error::Damaged("a session's id")))
        .collect()
}

// cross-org: people belong to several organizations; this one is who asks.
pub async fn user_name(pool: &AnyPool, user: UserId) -> Result<Option<String>> {
    let row = sqlx::query("SELECT name FROM users WHERE id = $1")
        .bind(user.key())
        .fetch_optional(pool)
        .await?;
    Ok(row
        .map(|row| row.try_get::<Option<String>, _>("name"))
        .transpose()?
        .flatten())
}

pub async fn key_name(pool: &AnyPool, organization: OrganizationId, key: ApiKeyId) -> Result<Option<String>> {
    let row = sqlx::query("SELECT name FROM api_keys WHERE organization_id = $1 AND id = $2")
        .bind(organization.key())
        .bind(key.key())
        .fetch_optional(pool)
        .await?;
    Ok(row.map(|row| row.try_get("name")).transpose()?)
}

fn batch(row: &AnyRow) -> Result<Batch> {
    let at = |column: &str| row.try_get::<Option<i64>, _>(column).map(|at| at.map(Timestamp));
    Ok(Batch {
        id: id(row)?,
        name: row.try_get("name")?,
        file_name: row.try_get("file_name")?,
        made_by: row.try_get("made_by")?,
        session: session(row.try_get("session_id")?)?,
        state: BatchState::from_name(row.try_get("state")?).ok_or(Error::Damaged("a batch's state"))?,
        rows: row.try_get("row_count")?,
        valid: row.try_get("valid")?,
        duplicates: row.try_get("duplicates")?,
        invalid: row.try_get("invalid")?,
        accepted: row.try_get("accepted")?,
        refused: row.try_get("refused")?,
        problem: row.try_get("problem")?,
        created_at: Timestamp(row.try_get("created_at")?),
        confirmed_at: at("confirmed_at")?,
        finished_at: at("finished_at")?,
    })
}

pub(super) fn id(row: &AnyRow) -> Result<BatchId> {
    BatchId::from_key(row.try_get("id")?).map_err(|_| Error::Damaged("a batch's id"))
}

pub(super) fn session(key: Option<String>) -> Result<Option<SessionId>> {
    key.map(|key| SessionId::from_key(&key))
        .transpose()
        .map_err(|_| Error::Damaged("a batch's session"))
}
