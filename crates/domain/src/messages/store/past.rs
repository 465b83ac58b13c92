//! SQL of the history: what has left the queue.

use super::row;
use crate::{Result, time};
use db::AssertSqlSafe;
use sqlx::{AnyPool, Row};
use types::{
    MessageId, OrganizationId, SessionId, Timestamp,
    messages::{MessageState, QueueEntry},
};

/// What the history asks for.
#[derive(Clone, Debug)]
pub struct Past {
    pub from: Timestamp,
    /// Not included.
    pub until: Timestamp,
    pub states: Vec<MessageState>,
    pub session: Option<SessionId>,
    /// Only what comes after that entry in the list.
    pub before: Option<(Timestamp, MessageId)>,
}

/// The organization's messages in those states, in the words of the index that serves: failed and
/// cancelled ones are few and have one of their own. The words are ours; the state of a row never
/// comes from outside.
fn in_states(states: &[MessageState]) -> String {
    let few = |state: &MessageState| matches!(state, MessageState::Failed | MessageState::Cancelled);
    let names: Vec<String> = states.iter().map(|state| format!("'{}'", state.name())).collect();
    let names = names.join(",");
    if states.iter().all(few) {
        format!(
            "m.organization_id || '' = $1 AND m.state IN ({names}) AND m.state IN ('failed', 'cancelled')"
        )
    } else {
        format!("m.organization_id = $1 AND m.state IN ({names})")
    }
}

/// Settled entries, newest first.
pub async fn history(
    pool: &AnyPool,
    organization: OrganizationId,
    past: &Past,
    limit: i64,
) -> Result<Vec<QueueEntry>> {
    let Some(session) = past.session else {
        return history_in(pool, organization, past, limit).await;
    };
    // A session that sent little, or long ago, would be looked for in everybody's messages: the kept
    // days say between which of them its own lie. They count all but what was cancelled.
    let is_cancelled = |state: &MessageState| *state == MessageState::Cancelled;
    let (cancelled, others): (Vec<_>, Vec<_>) = past.states.iter().copied().partition(is_cancelled);
    let mut rows = Vec::new();
    if !others.is_empty()
        && let Some((from, until)) = days_of(pool, organization, session).await?
    {
        let own = Past {
            from: past.from.max(from),
            until: past.until.min(until),
            states: others,
            ..past.clone()
        };
        rows.extend(history_in(pool, organization, &own, limit).await?);
    }
    if !cancelled.is_empty() {
        let own = Past {
            states: cancelled,
            ..past.clone()
        };
        rows.extend(history_in(pool, organization, &own, limit).await?);
        rows.sort_by_key(|entry| std::cmp::Reverse((entry.settled_at, entry.id)));
        rows.truncate(limit as usize);
    }
    Ok(rows)
}

async fn history_in(
    pool: &AnyPool,
    organization: OrganizationId,
    past: &Past,
    limit: i64,
) -> Result<Vec<QueueEntry>> {
    let (at, id) = past
        .before
        .map_or((past.until, "g".to_owned()), |(at, id)| (at, id.key()));
    let mut sql = format!(
        "SELECT {} {} WHERE {} AND m.settled_at >= $2 AND m.settled_at < $3 AND m.settled_at <= $4 \
         AND (m.settled_at < $4 OR (m.settled_at = $4 AND m.id < $5)) AND m.queue_id IS NOT NULL",
        row::COLUMNS,
        row::FROM,
        in_states(&past.states)
    );
    if past.session.is_some() {
        sql.push_str(" AND m.session_id = $7");
    }
    sql.push_str(" ORDER BY m.settled_at DESC, m.id DESC LIMIT $6");
    let mut query = sqlx::query(AssertSqlSafe(sql))
        .bind(organization.key())
        .bind(past.from.0)
        .bind(past.until.0)
        .bind(at.0)
        .bind(id)
        .bind(limit);
    if let Some(session) = past.session {
        query = query.bind(session.key());
    }
    query.fetch_all(pool).await?.iter().map(row::entry).collect()
}

/// Between which moments everything lies that a session sent and failed to send; `None`: nowhere.
async fn days_of(
    pool: &AnyPool,
    organization: OrganizationId,
    session: SessionId,
) -> Result<Option<(Timestamp, Timestamp)>> {
    // Wherever a day was counted, it was the same one or a neighbour in every other zone.
    const ZONES: i64 = 27 * 3_600_000;
    let row = sqlx::query(
        "SELECT MIN(day) AS first_day, MAX(day) AS last_day FROM day_counters \
         WHERE organization_id = $1 AND session_id = $2 AND (sent > 0 OR failed > 0)",
    )
    .bind(organization.key())
    .bind(session.key())
    .fetch_one(pool)
    .await?;
    let bounds = |column: &str| -> Result<_> {
        let day: Option<String> = row.try_get(column)?;
        Ok(day.and_then(|day| time::day_bounds("UTC", day.parse().ok()?)))
    };
    Ok(match (bounds("first_day")?, bounds("last_day")?) {
        (Some((from, _)), Some((_, until))) => Some((from + -ZONES, until + ZONES)),
        _ => None,
    })
}

/// How many settled entries a filter names, on all pages together.
///
/// Everything that was settled is counted by the history's own index, and what failed or was
/// cancelled by another; what was sent is the difference, and no message is read for it.
pub async fn history_count(pool: &AnyPool, organization: OrganizationId, past: &Past) -> Result<i64> {
    use MessageState as S;
    let has = |state: &S| past.states.contains(state);
    let sent = [S::Sent, S::Delivered, S::Read];
    let ended = [S::Failed, S::Cancelled];
    if !sent.iter().all(has) {
        return count_in(pool, organization, past, &in_states(&past.states)).await;
    }
    if let Some(session) = past.session {
        let everything = past.from == Timestamp(0) && past.until == Timestamp(i64::MAX);
        if !everything {
            return count_in(pool, organization, past, &in_states(&past.states)).await;
        }
        // What a session has sent in all is a kept number.
        let others: Vec<S> = ended.into_iter().filter(has).collect();
        let mut count = sent_ever(pool, organization, session).await?;
        if !others.is_empty() {
            count += count_in(pool, organization, past, &in_states(&others)).await?;
        }
        return Ok(count);
    }
    let all = count_in(pool, organization, past, "m.organization_id = $1").await?;
    let others: Vec<S> = ended.into_iter().filter(|state| !has(state)).collect();
    if others.is_empty() {
        return Ok(all);
    }
    Ok(all - count_in(pool, organization, past, &in_states(&others)).await?)
}

async fn sent_ever(pool: &AnyPool, organization: OrganizationId, session: SessionId) -> Result<i64> {
    let row = sqlx::query("SELECT sent FROM sessions WHERE organization_id = $1 AND id = $2")
        .bind(organization.key())
        .bind(session.key())
        .fetch_optional(pool)
        .await?;
    Ok(row.map_or(Ok(0), |row| row.try_get("sent"))?)
}

async fn count_in(pool: &AnyPool, organization: OrganizationId, past: &Past, condition: &str) -> Result<i64> {
    let mut sql = format!(
        "SELECT COUNT(*) AS entries FROM messages m WHERE {condition} AND m.settled_at >= $2 AND m.settled_at < $3"
    );
    if past.session.is_some() {
        sql.push_str(" AND m.session_id = $4");
    }
    let mut query = sqlx::query(AssertSqlSafe(sql))
        .bind(organization.key())
        .bind(past.from.0)
        .bind(past.until.0);
    if let Some(session) = past.session {
        query = query.bind(session.key());
    }
    Ok(query.fetch_one(pool).await?.try_get("entries")?)
}
