//! SQL of the queue: what has not left it.

use super::row::{self, Planned};
use crate::Result;
use db::AssertSqlSafe;
use sqlx::{AnyPool, Row};
use types::{
    OrganizationId, SessionId,
    messages::{MessageState, QueueEntry},
};

/// Which entries of the queue.
#[derive(Clone, Copy, Debug, Default)]
pub struct Which {
    pub state: Option<MessageState>,
    pub session: Option<SessionId>,
}

/// Open entries, oldest first, after that queue id.
pub async fn queue(
    pool: &AnyPool,
    organization: OrganizationId,
    which: Which,
    after: i64,
    limit: i64,
) -> Result<Vec<(QueueEntry, Planned)>> {
    let sql = format!(
        "SELECT {} {} WHERE m.organization_id = $1 {} ORDER BY m.queue_id LIMIT $3",
        row::COLUMNS,
        row::FROM,
        which.narrowed()
    );
    let mut query = sqlx::query(AssertSqlSafe(sql))
        .bind(organization.key())
        .bind(after)
        .bind(limit);
    if let Some(session) = which.session {
        query = query.bind(session.key());
    }
    let rows = query.fetch_all(pool).await?;
    rows.iter()
        .map(|row| Ok((row::entry(row)?, row::planned(row)?)))
        .collect()
}

impl Which {
    /// The rest of a condition. What is rare among a hundred thousand open entries is first found by
    /// its number, in the indexes of lanes and of the wire: the organization's queue would be read
    /// from its beginning to its end for it.
    fn narrowed(self) -> String {
        const OPEN: &str = "m.state IN ('pending', 'processing', 'uncertain')";
        const OWN: &str =
            "n.session_id = (SELECT s.id FROM sessions s WHERE s.organization_id = $1 AND s.id = $4)";
        const ANY: &str = "n.session_id IN (SELECT s.id FROM sessions s WHERE s.organization_id = $1)";
        let pending = || {
            format!(
                "SELECT number FROM (SELECT n.queue_id AS number FROM messages n WHERE {OWN} AND n.state = 'pending' \
                 AND n.queue_id > $2 ORDER BY n.queue_id LIMIT $3) AS waiting"
            )
        };
        let on_the_wire = |states: &str, whose: &str| {
            format!(
                "SELECT n.queue_id FROM messages n WHERE {whose} AND n.state IN ({states}) \
                 AND n.state IN ('processing', 'uncertain') AND n.organization_id || '' = $1 AND n.queue_id > $2"
            )
        };
        let whose = if self.session.is_some() { OWN } else { ANY };
        let numbers = match (self.state, self.session) {
            (None, None) => return format!("AND {OPEN} AND m.queue_id > $2"),
            (Some(MessageState::Pending), None) => {
                return format!("AND {OPEN} AND m.queue_id > $2 AND m.state = 'pending'");
            }
            (Some(MessageState::Pending), Some(_)) => pending(),
            (None, Some(_)) => format!(
                "{} UNION ALL {}",
                pending(),
                on_the_wire("'processing', 'uncertain'", OWN)
            ),
            (Some(MessageState::Processing), _) => on_the_wire("'processing'", whose),
            (Some(MessageState::Uncertain), _) => on_the_wire("'uncertain'", whose),
            // No other state is open.
            (Some(_), _) => return "AND m.queue_id < 0 AND m.queue_id > $2".into(),
        };
        let of_session = self.session.map_or("", |_| "AND m.session_id = $4");
        format!("AND m.queue_id IN ({numbers}) {of_session}")
    }
}

/// How many open entries a filter names.
pub async fn queue_count(pool: &AnyPool, organization: OrganizationId, which: Which) -> Result<i64> {
    let row = sqlx::query(
        "SELECT COUNT(*) AS entries FROM messages WHERE organization_id = $1 \
         AND state IN ('pending', 'processing', 'uncertain') \
         AND ($2 = '' OR state = $3) AND ($4 = '' OR session_id = $5)",
    )
    .bind(organization.key())
    .bind(which.state.map_or("", MessageState::name))
    .bind(which.state.map_or("", MessageState::name))
    .bind(which.session.map_or_else(String::new, SessionId::key))
    .bind(which.session.map_or_else(String::new, SessionId::key))
    .fetch_one(pool)
    .await?;
    Ok(row.try_get("entries")?)
}
