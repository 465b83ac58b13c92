//! SQL of what waits, for forecasts.

use super::rank;
use crate::{Error, Result};
use db::AssertSqlSafe;
use sqlx::{AnyPool, Row, any::AnyRow};
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

/// Above so many waiting messages of one kind a count is not worth its time; the rest is told by the
/// kept number.
pub const COUNTED: i64 = 100_000;

/// So many texts tell how long those of a lane and rank are.
const SAMPLE: i64 = 100;

/// Up to so many bulk messages of the pool are counted: more of them are what the kept number says
/// beyond all others.
const FEW: i64 = 5_000;

/// What waits, by lane and rank, each counted up to [`COUNTED`].
///
/// Lanes and pool are counted apart, each rank by itself, in the words of the indexes that serve
/// them, whose entries of one lane and rank lie together: those of lanes answer alone, while
/// PostgreSQL reads each message of the pool. Grouping the organization's rows would read all.
pub async fn groups(pool: &AnyPool, organization: OrganizationId) -> Result<Vec<Group>> {
    const RANKS: &str = "(SELECT 0 AS rank UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3) AS r";
    const OWN: &str = "m.session_id = s.id AND m.state = 'pending' AND m.rank = r.rank AND m.parked_until";
    const POOL: &str = "m.organization_id || '' = $1 AND m.session_id IS NULL AND m.state = 'pending' \
                        AND m.rank = r.rank AND m.parked_until";
    let numbers = |whose: &str, most: &str| {
        format!(
            "(SELECT COUNT(*) FROM (SELECT 1 FROM messages m WHERE {whose} = 0 LIMIT {most}) AS turn) + \
             (SELECT COUNT(*) FROM (SELECT 1 FROM messages m WHERE {whose} > 0 LIMIT {most}) AS parked) AS waiting, \
             (SELECT CAST(AVG(chars) AS BIGINT) FROM \
             (SELECT m.chars FROM messages m WHERE {whose} >= 0 ORDER BY m.parked_until LIMIT {SAMPLE}) AS sample) AS chars"
        )
    };
    // The last row is all that waits: of the same moment as the others, being of one statement.
    let sql = format!(
        "SELECT s.id AS session_id, r.rank AS rank, {} FROM sessions s CROSS JOIN {RANKS} WHERE s.organization_id = $1 \
         UNION ALL SELECT NULL AS session_id, r.rank AS rank, {} FROM {RANKS} WHERE r.rank < 3 \
         UNION ALL SELECT NULL AS session_id, r.rank AS rank, {} FROM {RANKS} WHERE r.rank = 3 \
         UNION ALL SELECT NULL AS session_id, {ALL} AS rank, q.waiting - \
         (SELECT COUNT(*) FROM sessions s JOIN messages m ON m.session_id = s.id \
         AND m.state IN ('processing', 'uncertain') WHERE s.organization_id = $1) AS waiting, NULL AS chars \
         FROM queue_counters q WHERE q.organization_id = $1",
        numbers(OWN, "$2"),
        numbers(POOL, "$2"),
        numbers(POOL, "$3"),
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(organization.key())
        .bind(COUNTED)
        .bind(FEW)
        .fetch_all(pool)
        .await?;
    let group = |row: &AnyRow| {
        Ok(Group {
            session: super::session(row, "session_id")?,
            rank: row.try_get("rank")?,
            count: row.try_get("waiting")?,
            chars: row.try_get::<Option<i64>, _>("chars")?.unwrap_or(0),
        })
    };
    let all: Vec<Group> = rows.iter().map(group).collect::<Result<_>>()?;
    Ok(with_the_rest(all))
}

/// The rank under which everything that waits is counted.
const ALL: i64 = 9;

/// Bulk messages of the pool that were too many to count are what is left of the kept number.
fn with_the_rest(mut all: Vec<Group>) -> Vec<Group> {
    let kept: i64 = all
        .iter()
        .filter(|group| group.rank == ALL)
        .map(|group| group.count)
        .sum();
    all.retain(|group| group.rank != ALL && group.count > 0);
    let counted: i64 = all.iter().map(|group| group.count).sum();
    let bulk = all
        .iter_mut()
        .find(|group| group.session.is_none() && group.rank == rank(Class::Bulk));
    if let Some(bulk) = bulk
        && bulk.count >= FEW
    {
        bulk.count += (kept - counted).max(0);
    }
    all
}

/// Whose turn messages wait for. A lane's index has no organization in it: asked of each message,
/// each would be read for it.
const fn whose(session: Option<SessionId>) -> &'static str {
    match session {
        Some(_) => "session_id = (SELECT s.id FROM sessions s WHERE s.organization_id = $1 AND s.id = $2)",
        None => "organization_id || '' = $1 AND session_id IS NULL AND '' = $2",
    }
}

/// How many go before that entry in its lane, or in the pool: those more urgent, and those of its
/// rank that were queued earlier. Parked ones step aside.
// cross-org: not at all; `whose` names the organization in the words of the index that serves.
pub async fn ahead(
    pool: &AnyPool,
    organization: OrganizationId,
    session: Option<SessionId>,
    entry_rank: i64,
    queue_id: i64,
) -> Result<Vec<(i64, i64)>> {
    let sql = format!(
        "SELECT rank, COUNT(*) AS before_it FROM (SELECT rank FROM messages WHERE {} AND state = 'pending' \
         AND parked_until = 0 AND rank <= $3 AND (rank < $3 OR queue_id < $4) ORDER BY rank, queue_id LIMIT $5) AS earlier \
         GROUP BY rank",
        whose(session)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_too_much_to_count_is_the_rest() {
        let group = |rank, count| Group {
            session: None,
            rank,
            count,
            chars: 10,
        };
        let counts = |all: Vec<Group>| -> Vec<(i64, i64)> {
            let all = with_the_rest(all);
            all.iter().map(|group| (group.rank, group.count)).collect()
        };
        let few = vec![group(2, 7), group(3, 40), group(0, 0), group(ALL, 47)];
        assert_eq!(counts(few), [(2, 7), (3, 40)]);
        let many = vec![group(2, 7), group(3, FEW), group(ALL, 90_000)];
        assert_eq!(counts(many), [(2, 7), (3, 89_993)]);
    }
}
