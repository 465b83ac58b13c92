//! SQL of what waits, for forecasts.

use super::rank;
use crate::{Error, Result};
use db::AssertSqlSafe;
use sqlx::{AnyPool, Row};
use types::{MessageId, OrganizationId, SessionId, messages::Class};

/// Waiting messages of one rank in one lane, or in the pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Group {
    pub session: Option<SessionId>,
    pub rank: i64,
    pub count: i64,
    /// Mean length of their texts.
    pub chars: i64,
}

/// Above so many waiting messages a count is not worth its time; the rest is told by the kept
/// number.
pub const COUNTED: i64 = 100_000;

/// The first hundred thousand waiting messages, by lane and rank.
pub async fn groups(pool: &AnyPool, organization: OrganizationId) -> Result<Vec<Group>> {
    let rows = sqlx::query(
        "SELECT session_id, rank, COUNT(*) AS waiting, CAST(AVG(chars) AS BIGINT) AS chars FROM \
         (SELECT session_id, rank, chars FROM messages WHERE organization_id = $1 \
         AND state IN ('pending', 'processing', 'uncertain') AND state = 'pending' ORDER BY queue_id LIMIT $2) AS waiting \
         GROUP BY session_id, rank",
    )
    .bind(organization.key())
    .bind(COUNTED)
    .fetch_all(pool)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Group {
                session: super::session(row, "session_id")?,
                rank: row.try_get("rank")?,
                count: row.try_get("waiting")?,
                chars: row.try_get::<Option<i64>, _>("chars")?.unwrap_or(0),
            })
        })
        .collect()
}

/// How many go before that entry in its lane, or in the pool: those more urgent, and those of its
/// rank that were queued earlier. Parked ones step aside.
pub async fn ahead(
    pool: &AnyPool,
    organization: OrganizationId,
    session: Option<SessionId>,
    entry_rank: i64,
    queue_id: i64,
) -> Result<Vec<(i64, i64)>> {
    let whose = match session {
        Some(_) => "organization_id = $1 AND session_id = $2",
        None => "organization_id || '' = $1 AND session_id IS NULL AND '' = $2",
    };
    let sql = format!(
        "SELECT rank, COUNT(*) AS before_it FROM (SELECT rank FROM messages WHERE {whose} AND state = 'pending' \
         AND parked_until = 0 AND (rank < $3 OR (rank = $3 AND queue_id < $4)) ORDER BY rank, queue_id LIMIT $5) AS earlier \
         GROUP BY rank"
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(organization.key())
        .bind(session.map_or_else(String::new, SessionId::key))
        .bind(entry_rank)
        .bind(queue_id)
        .bind(COUNTED)
        .fetch_all(pool)
        .await?;
    rows.iter()
        .map(|row| Ok((row.try_get("rank")?, row.try_get("before_it")?)))
        .collect()
}

/// The message that takes the next turn in a lane.
pub async fn next(
    pool: &AnyPool,
    organization: OrganizationId,
    session: SessionId,
) -> Result<Option<(MessageId, Class)>> {
    let row = sqlx::query(
        "SELECT id, rank FROM messages WHERE organization_id = $1 AND session_id = $2 AND state = 'pending' \
         AND parked_until = 0 ORDER BY rank, queue_id LIMIT 1",
    )
    .bind(organization.key())
    .bind(session.key())
    .fetch_optional(pool)
    .await?;
    row.map(|row| {
        let id = MessageId::from_key(row.try_get("id")?).map_err(|_| Error::Damaged("a message's id"))?;
        let class = match row.try_get::<i64, _>("rank")? {
            1 => Class::Reply,
            3 => Class::Bulk,
            _ => Class::Single,
        };
        debug_assert!(rank(class) > 0);
        Ok((id, class))
    })
    .transpose()
}
