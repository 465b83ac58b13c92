//! SQL of the messages of a batch.

use super::row;
use crate::{Error, Result};
use sqlx::{AnyConnection, AnyPool, Row};
use types::{BatchId, MessageId, OrganizationId, messages::MessageState};

/// Answered by one index alone, however many there are.
pub async fn states(
    pool: &AnyPool,
    organization: OrganizationId,
    batch: BatchId,
) -> Result<Vec<(MessageState, i64)>> {
    let rows = sqlx::query(
        "SELECT state, COUNT(*) AS many FROM messages WHERE organization_id = $1 AND batch_id = $2 GROUP BY state",
    )
    .bind(organization.key())
    .bind(batch.key())
    .fetch_all(pool)
    .await?;
    rows.iter()
        .map(|row| {
            let state = MessageState::from_name(row.try_get("state")?);
            Ok((
                state.ok_or(Error::Damaged("a message's state"))?,
                row.try_get("many")?,
            ))
        })
        .collect()
}

pub async fn pending_ids(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    batch: BatchId,
    limit: i64,
) -> Result<Vec<MessageId>> {
    let rows = sqlx::query(
        "SELECT id FROM messages WHERE organization_id = $1 AND batch_id = $2 AND state = 'pending' \
         ORDER BY queue_id LIMIT $3",
    )
    .bind(organization.key())
    .bind(batch.key())
    .bind(limit)
    .fetch_all(conn)
    .await?;
    rows.iter().map(row::id).collect()
}
