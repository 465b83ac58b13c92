//! SQL that shows messages: the queue, the history, one entry, a chat's timeline.

use super::row;
use crate::{Error, Result};
use db::AssertSqlSafe;
use sqlx::{AnyConnection, AnyPool, Row};
use std::fmt::Write as _;
use types::{
    ChatId, MessageId, OrganizationId, Recipient, SessionId, Timestamp,
    messages::{MessageState, QueueEntry, TimelineMessage},
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
) -> Result<Vec<QueueEntry>> {
    let mut sql = format!(
        "SELECT {} {} WHERE m.organization_id = $1 AND m.queue_id > $2",
        row::COLUMNS,
        row::FROM
    );
    // The three states are written out so that the partial index of open entries serves.
    sql.push_str(" AND m.state IN ('pending', 'processing', 'uncertain')");
    if which.state.is_some() {
        sql.push_str(" AND m.state = $4");
    }
    if which.session.is_some() {
        let _ = write!(
            sql,
            " AND m.session_id = ${}",
            if which.state.is_some() { 5 } else { 4 }
        );
    }
    sql.push_str(" ORDER BY m.queue_id LIMIT $3");
    let mut query = sqlx::query(AssertSqlSafe(sql))
        .bind(organization.key())
        .bind(after)
        .bind(limit);
    if let Some(state) = which.state {
        query = query.bind(state.name());
    }
    if let Some(session) = which.session {
        query = query.bind(session.key());
    }
    query.fetch_all(pool).await?.iter().map(row::entry).collect()
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

/// How many are on the wire, and how many uncertain.
pub async fn on_the_way(
    pool: &AnyPool,
    organization: OrganizationId,
    session: Option<SessionId>,
) -> Result<(i64, i64)> {
    let rows = sqlx::query(
        "SELECT m.state, COUNT(*) AS entries FROM sessions s JOIN messages m ON m.session_id = s.id \
         AND m.state IN ('processing', 'uncertain') WHERE s.organization_id = $1 AND m.organization_id = $2 \
         AND ($3 = '' OR s.id = $4) GROUP BY m.state",
    )
    .bind(organization.key())
    .bind(organization.key())
    .bind(session.map_or_else(String::new, SessionId::key))
    .bind(session.map_or_else(String::new, SessionId::key))
    .fetch_all(pool)
    .await?;
    let mut counts = (0, 0);
    for row in rows {
        let entries = row.try_get("entries")?;
        match row::state(&row)? {
            MessageState::Processing => counts.0 = entries,
            _ => counts.1 = entries,
        }
    }
    Ok(counts)
}

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

/// Settled entries, newest first.
pub async fn history(
    pool: &AnyPool,
    organization: OrganizationId,
    past: &Past,
    limit: i64,
) -> Result<Vec<QueueEntry>> {
    // The words are our own; the state of a row never comes from outside.
    let states: Vec<String> = past
        .states
        .iter()
        .map(|state| format!("'{}'", state.name()))
        .collect();
    let (at, id) = past
        .before
        .map_or((past.until, "g".to_owned()), |(at, id)| (at, id.key()));
    let mut sql = format!(
        "SELECT {} {} WHERE m.organization_id = $1 AND m.settled_at >= $2 AND m.settled_at < $3 AND m.settled_at <= $4 \
         AND (m.settled_at < $4 OR (m.settled_at = $4 AND m.id < $5)) AND m.queue_id IS NOT NULL AND m.state IN ({})",
        row::COLUMNS,
        row::FROM,
        states.join(",")
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

/// How many settled entries a filter names, on all pages together.
pub async fn history_count(pool: &AnyPool, organization: OrganizationId, past: &Past) -> Result<i64> {
    let states: Vec<String> = past
        .states
        .iter()
        .map(|state| format!("'{}'", state.name()))
        .collect();
    let session = past.session.map_or_else(String::new, SessionId::key);
    let sql = format!(
        "SELECT COUNT(*) AS entries FROM messages WHERE organization_id = $1 AND settled_at >= $2 AND settled_at < $3 \
         AND queue_id IS NOT NULL AND state IN ({}) AND ($4 = '' OR session_id = $5)",
        states.join(",")
    );
    let row = sqlx::query(AssertSqlSafe(sql))
        .bind(organization.key())
        .bind(past.from.0)
        .bind(past.until.0)
        .bind(session.as_str())
        .bind(session.as_str())
        .fetch_one(pool)
        .await?;
    Ok(row.try_get("entries")?)
}

/// One entry with what its explanation needs.
pub struct Found {
    pub entry: QueueEntry,
    /// Its session has had it on the wire before.
    pub counted: bool,
    /// 1: its attachment is being fetched, 2: it waits for another try.
    pub held: i64,
    pub rank: i64,
    pub parked_until: i64,
    pub chance: u32,
    pub chars: i64,
    pub session_name: Option<String>,
    pub session_state: Option<String>,
    pub session_reason: Option<String>,
}

/// By id or by queue id; only messages that were in the queue.
pub async fn find(
    pool: &AnyPool,
    organization: OrganizationId,
    id: Option<MessageId>,
    queue_id: Option<i64>,
) -> Result<Option<Found>> {
    let by = if id.is_some() {
        "m.id = $2"
    } else {
        "m.queue_id = $2"
    };
    let sql = format!(
        "SELECT {}, m.wire_at, s.name AS session_name, s.state AS session_state, s.reason AS session_reason \
         {} LEFT JOIN sessions s ON s.id = m.session_id \
         WHERE m.organization_id = $1 AND {by} AND m.queue_id IS NOT NULL",
        row::COLUMNS,
        row::FROM
    );
    let query = sqlx::query(AssertSqlSafe(sql)).bind(organization.key());
    let query = match id {
        Some(id) => query.bind(id.key()),
        None => query.bind(queue_id),
    };
    let Some(row) = query.fetch_optional(pool).await? else {
        return Ok(None);
    };
    let entry = row::entry(&row)?;
    Ok(Some(Found {
        counted: entry.attempts > 0 && row::time(&row, "wire_at")?.is_some(),
        entry,
        held: row.try_get("held")?,
        rank: row.try_get("rank")?,
        parked_until: row.try_get("parked_until")?,
        chance: row.try_get::<i64, _>("chance")? as u32,
        chars: row.try_get("chars")?,
        session_name: row.try_get("session_name")?,
        session_state: row.try_get("session_state")?,
        session_reason: row.try_get("session_reason")?,
    }))
}

/// Whether an earlier message to the same recipient goes first.
pub async fn earlier_held(
    pool: &AnyPool,
    organization: OrganizationId,
    entry: &QueueEntry,
    now: Timestamp,
) -> Result<bool> {
    let row = sqlx::query(
        "SELECT id FROM messages WHERE organization_id = $1 AND recipient = $2 AND held > 0 AND queue_id < $3 \
         AND COALESCE(held_at, created_at) > $4 LIMIT 1",
    )
    .bind(organization.key())
    .bind(entry.recipient.jid())
    .bind(i64::from(entry.queue_id))
    .bind(now.0 - super::claim::HOLDS)
    .fetch_optional(pool)
    .await?;
    Ok(row.is_some())
}

/// Messages that failed before that moment, oldest first.
pub async fn failed(
    pool: &AnyPool,
    organization: OrganizationId,
    session: Option<SessionId>,
    before: Timestamp,
    limit: i64,
) -> Result<Vec<QueueEntry>> {
    let mut sql = format!(
        "SELECT {} {} WHERE m.organization_id = $1 AND m.settled_at < $2 AND m.settled_at IS NOT NULL \
         AND m.queue_id IS NOT NULL AND m.state = 'failed'",
        row::COLUMNS,
        row::FROM
    );
    if session.is_some() {
        sql.push_str(" AND m.session_id = $4");
    }
    sql.push_str(" ORDER BY m.settled_at, m.id LIMIT $3");
    let mut query = sqlx::query(AssertSqlSafe(sql))
        .bind(organization.key())
        .bind(before.0)
        .bind(limit);
    if let Some(session) = session {
        query = query.bind(session.key());
    }
    query.fetch_all(pool).await?.iter().map(row::entry).collect()
}

/// Newest call first; within a call in its own order.
pub async fn by_reference(
    pool: &AnyPool,
    organization: OrganizationId,
    reference: &str,
    limit: i64,
) -> Result<Vec<QueueEntry>> {
    let sql = format!(
        "SELECT {} {} WHERE m.organization_id = $1 AND m.reference_id = $2 AND m.queue_id IS NOT NULL \
         ORDER BY m.created_at DESC, m.queue_id LIMIT $3",
        row::COLUMNS,
        row::FROM
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(organization.key())
        .bind(reference)
        .bind(limit)
        .fetch_all(pool)
        .await?;
    rows.iter().map(row::entry).collect()
}

/// A message that somebody wrote to us.
pub struct Received {
    pub from: Recipient,
    pub session: SessionId,
    pub at: Timestamp,
}

pub async fn received(
    pool: &AnyPool,
    organization: OrganizationId,
    id: MessageId,
) -> Result<Option<Received>> {
    let row = sqlx::query(
        "SELECT recipient, session_id, COALESCE(chat_at, created_at) AS at FROM messages \
         WHERE organization_id = $1 AND id = $2 AND from_me = 0 AND session_id IS NOT NULL",
    )
    .bind(organization.key())
    .bind(id.key())
    .fetch_optional(pool)
    .await?;
    row.map(|row| {
        Ok(Received {
            from: row::recipient(&row)?,
            session: super::session(&row, "session_id")?.ok_or(Error::Damaged("a message's session"))?,
            at: Timestamp(row.try_get("at")?),
        })
    })
    .transpose()
}

/// A chat's messages, newest first.
pub async fn timeline(
    pool: &AnyPool,
    organization: OrganizationId,
    chat: ChatId,
    before: Option<(Timestamp, MessageId)>,
    limit: i64,
) -> Result<Vec<TimelineMessage>> {
    let (at, id) = before.map_or((Timestamp(i64::MAX), "g".to_owned()), |(at, id)| (at, id.key()));
    let sql = format!(
        "SELECT {} {} WHERE m.organization_id = $1 AND m.chat_id = $2 \
         AND m.chat_at <= $3 AND (m.chat_at < $3 OR (m.chat_at = $3 AND m.id < $4)) ORDER BY m.chat_at DESC, m.id DESC LIMIT $5",
        row::COLUMNS,
        row::FROM
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(organization.key())
        .bind(chat.key())
        .bind(at.0)
        .bind(id)
        .bind(limit)
        .fetch_all(pool)
        .await?;
    rows.iter().map(row::timeline).collect()
}

// cross-org: the id is the organization itself.
pub async fn time_zone(conn: &mut AnyConnection, organization: OrganizationId) -> Result<String> {
    let row = sqlx::query("SELECT time_zone FROM organizations WHERE id = $1")
        .bind(organization.key())
        .fetch_optional(conn)
        .await?
        .ok_or(Error::Damaged("an organization"))?;
    Ok(row.try_get("time_zone")?)
}

/// An organization's kept numbers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Kept {
    pub waiting: i64,
    pub sent: i64,
    pub failed: i64,
}

pub async fn kept(pool: &AnyPool, organization: OrganizationId) -> Result<Kept> {
    let row = sqlx::query("SELECT waiting, sent, failed FROM queue_counters WHERE organization_id = $1")
        .bind(organization.key())
        .fetch_optional(pool)
        .await?;
    let Some(row) = row else {
        return Ok(Kept::default());
    };
    Ok(Kept {
        waiting: row.try_get("waiting")?,
        sent: row.try_get("sent")?,
        failed: row.try_get("failed")?,
    })
}

/// Pending entries that a filter names, for what is done to many at once.
pub async fn pending_ids(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    session: Option<SessionId>,
    limit: i64,
) -> Result<Vec<MessageId>> {
    let mut sql = String::from(
        "SELECT id FROM messages WHERE organization_id = $1 AND state = 'pending' \
         AND state IN ('pending', 'processing', 'uncertain')",
    );
    if session.is_some() {
        sql.push_str(" AND session_id = $3");
    }
    sql.push_str(" ORDER BY queue_id LIMIT $2");
    let mut query = sqlx::query(AssertSqlSafe(sql))
        .bind(organization.key())
        .bind(limit);
    if let Some(session) = session {
        query = query.bind(session.key());
    }
    query.fetch_all(conn).await?.iter().map(row::id).collect()
}

/// A message whose attachment must still be fetched.
pub struct Fetching {
    pub organization: OrganizationId,
    pub id: MessageId,
    pub url: String,
    pub kind: Option<types::media::MediaKind>,
}

/// The first few of each organization, so that none fills the list.
// cross-org: one worker fetches for every organization of this node; each row carries its own.
pub async fn fetching(pool: &AnyPool, limit: i64, per_organization: i64) -> Result<Vec<Fetching>> {
    let rows = sqlx::query(
        "SELECT organization_id, id, media_url, media_kind FROM \
         (SELECT organization_id, id, media_url, media_kind, created_at, \
         ROW_NUMBER() OVER (PARTITION BY organization_id ORDER BY created_at, id) AS place \
         FROM messages WHERE held = 1 AND state = 'pending') AS waiting \
         WHERE place <= $2 ORDER BY place, created_at LIMIT $1",
    )
    .bind(limit)
    .bind(per_organization)
    .fetch_all(pool)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Fetching {
                organization: OrganizationId::from_key(row.try_get("organization_id")?)
                    .map_err(|_| Error::Damaged("a message's organization"))?,
                id: row::id(row)?,
                url: row.try_get::<Option<String>, _>("media_url")?.unwrap_or_default(),
                kind: row
                    .try_get::<Option<String>, _>("media_kind")?
                    .as_deref()
                    .and_then(types::media::MediaKind::from_name),
            })
        })
        .collect()
}
