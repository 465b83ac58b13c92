//! SQL that takes messages off a lane and marks them as being on the wire.

use super::row;
use crate::{Error, Result, Tx};
use db::{AssertSqlSafe, Statement, in_order, padded_len, placeholders};
use sqlx::{AnyConnection, AnyPool, Row};
use types::{ChatId, MediaId, MessageId, OrganizationId, Recipient, SessionId, Timestamp, media::MediaKind};

/// A message that is first in its lane, or close behind.
#[derive(Clone, Debug)]
#[expect(clippy::struct_field_names, reason = "named like the column")]
pub struct Due {
    pub id: MessageId,
    pub recipient: Recipient,
    pub text: Option<String>,
    pub media: Option<MediaId>,
    pub media_kind: Option<MediaKind>,
    pub due_at: Timestamp,
    pub delay_ms: i64,
    pub attempts: i64,
}

/// How long a message that is being fetched or tried again holds later ones to the same
/// recipient, in milliseconds.
pub(super) const HOLDS: i64 = 600_000;

/// The head of a session's lane in order, at most `limit`; locked against other nodes.
pub async fn head(
    tx: &mut Tx,
    organization: OrganizationId,
    session: SessionId,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Due>> {
    let lock = tx.engine().claim_suffix();
    // Handing over a row costs the drivers more than reading it, and each column again: what has
    // no spaces travels as one text.
    let sql = format!(
        "SELECT m.id || ' ' || m.due_at || ' ' || m.delay_ms || ' ' || m.attempts || ' ' || \
         COALESCE(m.media_id, '-') || ' ' || COALESCE(m.media_kind, '-') || ' ' || m.recipient AS head, m.body \
         FROM messages m \
         WHERE m.session_id = $1 AND m.organization_id = $2 AND m.state = 'pending' AND m.due_at <= $3 AND m.held <> 1 \
         AND NOT EXISTS (SELECT 1 FROM messages e WHERE e.session_id = m.session_id AND e.recipient = m.recipient \
         AND e.held > 0 AND e.queue_id < m.queue_id AND COALESCE(e.held_at, e.created_at) > $4) \
         ORDER BY m.due_at, m.queue_id LIMIT $5{lock}"
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(session.key())
        .bind(organization.key())
        .bind(now.0)
        .bind(now.0 - HOLDS)
        .bind(limit)
        .fetch_all(tx.conn())
        .await?;
    rows.iter()
        .map(|row| {
            let mut due = due(row.try_get("head")?).ok_or(Error::Damaged("the head of a lane"))?;
            due.text = row.try_get("body")?;
            Ok(due)
        })
        .collect()
}

fn due(head: &str) -> Option<Due> {
    let mut parts = head.splitn(7, ' ');
    let mut next = || parts.next();
    Some(Due {
        id: MessageId::from_key(next()?).ok()?,
        due_at: Timestamp(next()?.parse().ok()?),
        delay_ms: next()?.parse().ok()?,
        attempts: next()?.parse().ok()?,
        media: MediaId::from_key(next()?).ok(),
        media_kind: MediaKind::from_name(next()?),
        recipient: next()?.parse().ok()?,
        text: None,
    })
}

/// Marks messages as being on the wire. Commits before the network is touched.
pub async fn mark(
    tx: &mut Tx,
    organization: OrganizationId,
    ids: &[MessageId],
    now: Timestamp,
) -> Result<()> {
    let sql = format!(
        "UPDATE messages SET state = 'processing', wire_at = $1, attempts = attempts + 1 \
         WHERE organization_id || '' = $2 AND id IN ({})",
        placeholders(3, padded_len(ids.len()))
    );
    let mut query = sqlx::query(AssertSqlSafe(in_order(tx.engine(), sql)))
        .bind(now.0)
        .bind(organization.key());
    for id in super::padded(ids) {
        query = query.bind(id.key());
    }
    query.execute(tx.conn()).await?;
    Ok(())
}

/// When the next message of a lane is due, and when the last one left.
pub async fn next_due(
    pool: &AnyPool,
    organization: OrganizationId,
    session: SessionId,
) -> Result<(Option<Timestamp>, Option<Timestamp>)> {
    let row = sqlx::query(
        "SELECT (SELECT MIN(m.due_at) FROM messages m WHERE m.session_id = s.id AND m.state = 'pending' AND m.held <> 1) AS due_at, \
         s.last_left_at FROM sessions s WHERE s.id = $1 AND s.organization_id = $2",
    )
    .bind(session.key())
    .bind(organization.key())
    .fetch_optional(pool)
    .await?;
    match row {
        Some(row) => Ok((row::time(&row, "due_at")?, row::time(&row, "last_left_at")?)),
        None => Ok((None, None)),
    }
}

pub async fn unassign(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    session: SessionId,
) -> Result<u64> {
    Ok(sqlx::query(
        "UPDATE messages SET session_id = NULL, chat_id = NULL, due_at = NULL \
         WHERE organization_id = $1 AND session_id = $2 AND state = 'pending'",
    )
    .bind(organization.key())
    .bind(session.key())
    .execute(conn)
    .await?
    .rows_affected())
}

/// A waiting message without a session.
pub struct Unassigned {
    pub id: MessageId,
    pub queue_id: i64,
    pub recipient: Recipient,
    pub delay_ms: i64,
}

pub async fn has_unassigned(pool: &AnyPool, organization: OrganizationId) -> Result<bool> {
    let row = sqlx::query(
        "SELECT id FROM messages WHERE organization_id || '' = $1 AND state = 'pending' AND session_id IS NULL LIMIT 1",
    )
    .bind(organization.key())
    .fetch_optional(pool)
    .await?;
    Ok(row.is_some())
}

/// An organization's oldest waiting messages without a session.
pub async fn unassigned(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    limit: i64,
) -> Result<Vec<Unassigned>> {
    let rows = sqlx::query(
        "SELECT id, queue_id, recipient, delay_ms FROM messages \
         WHERE organization_id || '' = $1 AND state = 'pending' AND session_id IS NULL ORDER BY queue_id LIMIT $2",
    )
    .bind(organization.key())
    .bind(limit)
    .fetch_all(conn)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Unassigned {
                id: row::id(row)?,
                queue_id: row.try_get("queue_id")?,
                recipient: row::recipient(row)?,
                delay_ms: row.try_get("delay_ms")?,
            })
        })
        .collect()
}

/// Deleted sessions that still have something waiting or uncertain.
// cross-org: the planner serves every organization of this node; each row carries its own.
pub async fn of_deleted(pool: &AnyPool) -> Result<Vec<(OrganizationId, SessionId)>> {
    let rows = sqlx::query(
        // With `EXISTS` PostgreSQL would rather gather the sessions of all pending messages first.
        "SELECT s.organization_id, s.id FROM sessions s WHERE s.deleted_at IS NOT NULL AND COALESCE(\
         (SELECT m.id FROM messages m WHERE m.session_id = s.id AND m.state = 'pending' LIMIT 1), \
         (SELECT m.id FROM messages m WHERE m.session_id = s.id AND m.state = 'uncertain' \
         AND m.state IN ('processing', 'uncertain') LIMIT 1)) IS NOT NULL",
    )
    .fetch_all(pool)
    .await?;
    rows.iter()
        .map(|row| {
            let organization: String = row.try_get("organization_id")?;
            let session: String = row.try_get("id")?;
            Ok((
                OrganizationId::from_key(&organization)
                    .map_err(|_| Error::Damaged("a session's organization"))?,
                SessionId::from_key(&session).map_err(|_| Error::Damaged("a session's id"))?,
            ))
        })
        .collect()
}

/// After messages left a lane without being sent: it ends where its last one does.
pub fn shorten_lane(tx: &mut Tx, organization: OrganizationId, session: SessionId) {
    tx.at_commit(
        Statement::alone(
            "UPDATE sessions SET lane_free_at = COALESCE((SELECT MAX(m.due_at) FROM messages m \
             WHERE m.session_id = sessions.id AND m.state = 'pending'), 0) WHERE organization_id = $1 AND id = $2",
        )
        .bind(organization.key())
        .bind(session.key()),
    );
}

pub async fn assign(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    id: MessageId,
    session: SessionId,
    chat: ChatId,
    due_at: Timestamp,
) -> Result<()> {
    sqlx::query(
        "UPDATE messages SET session_id = $3, due_at = $4, chat_id = $5 \
         WHERE organization_id = $1 AND id = $2 AND state = 'pending' AND session_id IS NULL",
    )
    .bind(organization.key())
    .bind(id.key())
    .bind(session.key())
    .bind(due_at.0)
    .bind(chat.key())
    .execute(conn)
    .await?;
    Ok(())
}
