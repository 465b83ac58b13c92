//! SQL of batches on their way into the queue, and of what is forgotten.

use super::store::{id, session};
use crate::{Error, Result};
use sqlx::{AnyConnection, AnyPool, Row as _};
use types::{BatchId, OrganizationId, SessionId, Timestamp};

/// A batch that is being queued.
#[derive(Debug)]
pub struct Open {
    pub id: BatchId,
    pub organization: OrganizationId,
    pub pin: Option<SessionId>,
    pub valid: i64,
    pub next_row: i64,
    pub next_byte: i64,
    pub accepted: i64,
    pub problem: Option<String>,
    pub confirmed_at: Timestamp,
}

/// How far one chunk took it.
pub struct Step {
    pub next_row: i64,
    pub next_byte: i64,
    pub accepted: i64,
    pub refused: i64,
    pub ended: bool,
}

/// Writes down a chunk; not if somebody else did. A cancelled batch stays cancelled.
pub async fn advance(conn: &mut AnyConnection, open: &Open, step: &Step, now: Timestamp) -> Result<bool> {
    let done = sqlx::query(
        "UPDATE batches SET next_row = $4, next_byte = $5, accepted = accepted + $6, refused = refused + $7, \
         problem = NULL, \
         finished_at = CASE WHEN state = 'queueing' AND $8 = 1 THEN $9 ELSE finished_at END, \
         state = CASE WHEN state = 'queueing' AND $8 = 1 THEN 'queued' ELSE state END \
         WHERE organization_id = $1 AND id = $2 AND next_row = $3 AND state IN ('queueing', 'cancelled')",
    )
    .bind(open.organization.key())
    .bind(open.id.key())
    .bind(open.next_row)
    .bind(step.next_row)
    .bind(step.next_byte)
    .bind(step.accepted)
    .bind(step.refused)
    .bind(i64::from(step.ended))
    .bind(now.0)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

pub async fn problem(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    id: BatchId,
    why: &str,
    ended_at: Option<Timestamp>,
) -> Result<()> {
    let sql = if ended_at.is_some() {
        "UPDATE batches SET problem = $3, finished_at = $4, state = 'cancelled' \
         WHERE organization_id = $1 AND id = $2 AND state = 'queueing'"
    } else {
        "UPDATE batches SET problem = $3, finished_at = $4 \
         WHERE organization_id = $1 AND id = $2 AND state = 'queueing'"
    };
    sqlx::query(sql)
        .bind(organization.key())
        .bind(id.key())
        .bind(why)
        .bind(ended_at.map(Timestamp::millis))
        .execute(conn)
        .await?;
    Ok(())
}

pub async fn is_queueing(pool: &AnyPool, organization: OrganizationId, id: BatchId) -> Result<bool> {
    let row =
        sqlx::query("SELECT id FROM batches WHERE organization_id = $1 AND id = $2 AND state = 'queueing'")
            .bind(organization.key())
            .bind(id.key())
            .fetch_optional(pool)
            .await?;
    Ok(row.is_some())
}

pub async fn is_cancelled(pool: &AnyPool, organization: OrganizationId, id: BatchId) -> Result<bool> {
    let row =
        sqlx::query("SELECT id FROM batches WHERE organization_id = $1 AND id = $2 AND state = 'cancelled'")
            .bind(organization.key())
            .bind(id.key())
            .fetch_optional(pool)
            .await?;
    Ok(row.is_some())
}

/// The first few of each organization that may send, those that stand still last, so that neither
/// many batches of one nor one that cannot go on keeps others waiting.
// cross-org: this node queues for every organization; each row carries its own.
pub async fn queueing(pool: &AnyPool) -> Result<Vec<Open>> {
    let rows = sqlx::query(
        "SELECT id, organization_id, pin_session_id, valid, next_row, next_byte, accepted, problem, confirmed_at FROM \
         (SELECT b.id, b.organization_id, b.pin_session_id, b.valid, b.next_row, b.next_byte, b.accepted, b.problem, \
         b.confirmed_at, ROW_NUMBER() OVER (PARTITION BY b.organization_id \
         ORDER BY CASE WHEN b.problem IS NULL THEN 0 ELSE 1 END, b.id) AS place \
         FROM batches b JOIN organizations o ON o.id = b.organization_id \
         WHERE b.state = 'queueing' AND o.suspended_at IS NULL) AS open \
         WHERE place <= 10 ORDER BY place, id LIMIT 1000",
    )
    .fetch_all(pool)
    .await?;
    rows.iter()
        .map(|row| {
            let organization: String = row.try_get("organization_id")?;
            Ok(Open {
                id: id(row)?,
                organization: OrganizationId::from_key(&organization)
                    .map_err(|_| Error::Damaged("a batch's organization"))?,
                pin: session(row.try_get("pin_session_id")?)?,
                valid: row.try_get("valid")?,
                next_row: row.try_get("next_row")?,
                next_byte: row.try_get("next_byte")?,
                accepted: row.try_get("accepted")?,
                problem: row.try_get("problem")?,
                confirmed_at: Timestamp(row.try_get::<Option<i64>, _>("confirmed_at")?.unwrap_or_default()),
            })
        })
        .collect()
}

// cross-org: this node looks after every organization's; each row carries its own.
pub async fn cancelled_since(pool: &AnyPool, since: Timestamp) -> Result<Vec<(OrganizationId, BatchId)>> {
    let rows = sqlx::query(
        "SELECT id, organization_id FROM batches WHERE state = 'cancelled' AND finished_at > $1 LIMIT 1000",
    )
    .bind(since.0)
    .fetch_all(pool)
    .await?;
    rows.iter()
        .map(|row| {
            let organization = OrganizationId::from_key(row.try_get("organization_id")?);
            Ok((
                organization.map_err(|_| Error::Damaged("a batch's organization"))?,
                id(row)?,
            ))
        })
        .collect()
}

// cross-org: a file in the data folder names its batch alone.
pub async fn is_open(pool: &AnyPool, id: BatchId) -> Result<bool> {
    let row = sqlx::query("SELECT id FROM batches WHERE id = $1 AND state IN ('draft', 'queueing')")
        .bind(id.key())
        .fetch_optional(pool)
        .await?;
    Ok(row.is_some())
}

/// The drafts of an organization, or those made before that moment.
pub async fn drafts<'e>(
    executor: impl sqlx::Executor<'e, Database = sqlx::Any>,
    organization: OrganizationId,
    before: Option<Timestamp>,
) -> Result<Vec<BatchId>> {
    let rows = sqlx::query(
        "SELECT id FROM batches WHERE organization_id = $1 AND state = 'draft' AND created_at < $2 ORDER BY id",
    )
    .bind(organization.key())
    .bind(before.map_or(i64::MAX, Timestamp::millis))
    .fetch_all(executor)
    .await?;
    rows.iter().map(id).collect()
}

// cross-org: old drafts of every organization are forgotten together, or those of one.
pub async fn forget_drafts(
    conn: &mut AnyConnection,
    before: Timestamp,
    organization: Option<OrganizationId>,
) -> Result<()> {
    for sql in [
        "DELETE FROM batch_errors WHERE batch_id IN \
         (SELECT id FROM batches WHERE state = 'draft' AND created_at < $1 AND ($2 = '' OR organization_id = $2))",
        "DELETE FROM batches WHERE state = 'draft' AND created_at < $1 AND ($2 = '' OR organization_id = $2)",
    ] {
        let query = sqlx::query(sql)
            .bind(before.0)
            .bind(organization.map(OrganizationId::key).unwrap_or_default());
        query.execute(&mut *conn).await?;
    }
    Ok(())
}
