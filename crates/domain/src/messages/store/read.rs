//! SQL that shows messages: one entry, a chat's timeline, what is done to many. The lists of the
//! queue and of the history have files of their own.

use super::row;
pub use super::row::Planned;
use crate::{Error, Result};
use db::AssertSqlSafe;
use sqlx::{AnyConnection, AnyPool, Row};
use std::collections::HashMap;
use types::{
    ChatId, MessageId, OrganizationId, Recipient, SessionId, Timestamp,
    messages::{MessageState, QueueEntry, TimelineMessage},
};

pub use super::{
    open::{Which, queue, queue_count},
    past::{Past, history, history_count},
};

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

/// One entry with what its explanation needs.
pub struct Found {
    pub entry: QueueEntry,
    pub planned: Planned,
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
        "SELECT {}, s.name AS session_name, s.state AS session_state, s.reason AS session_reason \
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
    Ok(Some(Found {
        entry: row::entry(&row)?,
        planned: row::planned(&row)?,
        session_name: row.try_get("session_name")?,
        session_state: row.try_get("session_state")?,
        session_reason: row.try_get("session_reason")?,
    }))
}

/// The earliest message to each of those recipients that holds the later ones.
pub async fn holding(
    pool: &AnyPool,
    organization: OrganizationId,
    jids: &[String],
    now: Timestamp,
) -> Result<HashMap<String, i64>> {
    let sql = format!(
        "SELECT recipient, CAST(MIN(queue_id) AS BIGINT) AS first FROM messages WHERE organization_id = $1 AND held > 0 \
         AND COALESCE(held_at, created_at) > $2 AND recipient IN ({}) GROUP BY recipient",
        db::placeholders(3, db::padded_len(jids.len()))
    );
    let mut query = sqlx::query(AssertSqlSafe(sql))
        .bind(organization.key())
        .bind(now.0 - super::claim::HOLDS);
    for jid in super::padded(jids) {
        query = query.bind(jid.as_str());
    }
    let rows = query.fetch_all(pool).await?;
    rows.iter()
        .map(|row| Ok((row.try_get("recipient")?, row.try_get("first")?)))
        .collect()
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
        "SELECT {} {} WHERE m.organization_id || '' = $1 AND m.settled_at < $2 \
         AND m.queue_id IS NOT NULL AND m.state = 'failed' AND m.state IN ('failed', 'cancelled')",
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
