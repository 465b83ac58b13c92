//! SQL that takes messages off a lane or the pool and marks them as being on the wire.

use super::lane::Whose;
use crate::{Error, Result, Tx};
use db::{AssertSqlSafe, in_order, padded_len, placeholders};
use sqlx::{AnyConnection, AnyPool, Row};
use types::{ChatId, MediaId, MessageId, OrganizationId, Recipient, SessionId, Timestamp, media::MediaKind};

/// A message that is first in its lane, or close behind.
#[derive(Clone, Debug)]
pub struct Due {
    pub id: MessageId,
    pub queue_id: i64,
    pub recipient: Recipient,
    pub text: Option<String>,
    pub media: Option<MediaId>,
    pub media_kind: Option<MediaKind>,
    pub created_at: Timestamp,
    pub chance: u32,
    pub chars: i64,
    pub attempts: i64,
    /// Its session has had it on the wire, so that it counts against that one's limits already.
    pub counted: bool,
    /// It waits for no particular session.
    pub pooled: bool,
    /// Its session was named: no other may send it.
    pub named: bool,
}

/// How long a message that is being fetched or tried again holds later ones to the same
/// recipient, in milliseconds.
pub(super) const HOLDS: i64 = 600_000;

/// The first messages of a rank in order, at most `limit`, without those that wait for an earlier
/// one to the same recipient.
pub async fn heads(
    pool: &AnyPool,
    organization: OrganizationId,
    whose: Whose,
    rank: i64,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Due>> {
    // Handing over a row costs the drivers more than reading it, and each column again: what has
    // no spaces travels as one text.
    let (rows, session) = match whose {
        Whose::Own(session) => ("m.organization_id = $1 AND m.session_id = $2", session.key()),
        Whose::Pool => (
            "m.organization_id || '' = $1 AND m.session_id IS NULL AND '' = $2",
            String::new(),
        ),
    };
    let sql = format!(
        "SELECT m.id || ' ' || m.queue_id || ' ' || m.created_at || ' ' || m.chance || ' ' || m.chars || ' ' || m.attempts \
         || CASE WHEN m.attempts > 0 AND m.wire_at IS NOT NULL THEN ' 1 ' ELSE ' 0 ' END || COALESCE(m.media_id, '-') || ' ' || COALESCE(m.media_kind, '-') || ' ' || m.named || ' ' || m.recipient AS head, m.body \
         FROM messages m WHERE {rows} AND m.state = 'pending' AND m.parked_until = 0 AND m.rank = $3 \
         AND NOT EXISTS (SELECT 1 FROM messages e WHERE e.organization_id = m.organization_id AND e.recipient = m.recipient \
         AND e.held > 0 AND e.queue_id < m.queue_id AND COALESCE(e.held_at, e.created_at) > $4) \
         ORDER BY m.queue_id LIMIT $5"
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(organization.key())
        .bind(session)
        .bind(rank)
        .bind(now.0 - HOLDS)
        .bind(limit)
        .fetch_all(pool)
        .await?;
    rows.iter()
        .map(|row| {
            let mut due = due(row.try_get("head")?).ok_or(Error::Damaged("the head of a lane"))?;
            due.text = row.try_get("body")?;
            due.pooled = whose == Whose::Pool;
            Ok(due)
        })
        .collect()
}

fn due(head: &str) -> Option<Due> {
    let mut parts = head.splitn(11, ' ');
    let mut next = || parts.next();
    Some(Due {
        id: MessageId::from_key(next()?).ok()?,
        queue_id: next()?.parse().ok()?,
        created_at: Timestamp(next()?.parse().ok()?),
        chance: next()?.parse().ok()?,
        chars: next()?.parse().ok()?,
        attempts: next()?.parse().ok()?,
        counted: next()? == "1",
        media: MediaId::from_key(next()?).ok(),
        media_kind: MediaKind::from_name(next()?),
        named: next()? == "1",
        recipient: next()?.parse().ok()?,
        text: None,
        pooled: false,
    })
}

/// Marks messages of a lane as being on the wire. Commits before the network is touched. Answers
/// how many still waited there.
pub async fn mark(
    tx: &mut Tx,
    organization: OrganizationId,
    session: SessionId,
    ids: &[MessageId],
    now: Timestamp,
) -> Result<u64> {
    if ids.is_empty() {
        return Ok(0);
    }
    let sql = format!(
        "UPDATE messages SET state = 'processing', wire_at = $1, attempts = attempts + 1, held = 0 \
         WHERE organization_id || '' = $2 AND session_id || '' = $3 AND state = 'pending' AND id IN ({})",
        placeholders(4, padded_len(ids.len()))
    );
    let mut query = sqlx::query(AssertSqlSafe(in_order(tx.engine(), sql)))
        .bind(now.0)
        .bind(organization.key())
        .bind(session.key());
    for id in super::padded(ids) {
        query = query.bind(id.key());
    }
    Ok(query.execute(tx.conn()).await?.rows_affected())
}

/// The session takes messages out of the pool; their chats follow from session and recipient.
/// Answers how many were still there.
pub async fn take(
    tx: &mut Tx,
    organization: OrganizationId,
    session: SessionId,
    messages: &[(MessageId, ChatId)],
) -> Result<u64> {
    let mut taken = 0;
    for chunk in messages.chunks(200) {
        let cases: Vec<String> = (0..chunk.len())
            .map(|n| format!("WHEN ${} THEN ${}", 3 + 2 * n, 4 + 2 * n))
            .collect();
        let ids: Vec<String> = (0..chunk.len()).map(|n| format!("${}", 3 + 2 * n)).collect();
        let sql = format!(
            "UPDATE messages SET session_id = $1, chat_id = CASE id {} END \
             WHERE organization_id || '' = $2 AND session_id IS NULL AND state = 'pending' AND id IN ({})",
            cases.join(" "),
            ids.join(",")
        );
        let mut query = sqlx::query(AssertSqlSafe(sql))
            .bind(session.key())
            .bind(organization.key());
        for (id, chat) in chunk {
            query = query.bind(id.key()).bind(chat.key());
        }
        taken += query.execute(tx.conn()).await?.rows_affected();
    }
    Ok(taken)
}

/// Waiting messages of a session go back to the pool: all of them, or those that do not insist on
/// it. At most `limit`; answers how many. For whoever takes them they are no second try.
pub async fn release(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    session: SessionId,
    all: bool,
    limit: i64,
) -> Result<u64> {
    let only = if all {
        ""
    } else {
        " AND m.named = 0 AND m.held = 0"
    };
    let sql = format!(
        "UPDATE messages SET session_id = NULL, chat_id = NULL, named = 0, wire_at = NULL WHERE id IN \
         (SELECT m.id FROM messages m WHERE m.organization_id = $1 AND m.session_id = $2 AND m.state = 'pending'{only} \
         ORDER BY m.parked_until, m.rank, m.queue_id LIMIT $3)"
    );
    Ok(sqlx::query(AssertSqlSafe(sql))
        .bind(organization.key())
        .bind(session.key())
        .bind(limit)
        .execute(conn)
        .await?
        .rows_affected())
}

/// The same for these alone; what insists on its session stays.
pub async fn give_back(
    tx: &mut Tx,
    organization: OrganizationId,
    session: SessionId,
    ids: &[MessageId],
) -> Result<u64> {
    let mut moved = 0;
    for chunk in ids.chunks(256) {
        let sql = format!(
            "UPDATE messages SET session_id = NULL, chat_id = NULL, parked_until = 0 WHERE organization_id || '' = $1 \
             AND session_id || '' = $2 AND state = 'pending' AND named = 0 AND held = 0 AND id IN ({})",
            placeholders(3, chunk.len())
        );
        let mut query = sqlx::query(AssertSqlSafe(sql))
            .bind(organization.key())
            .bind(session.key());
        for id in chunk {
            query = query.bind(id.key());
        }
        moved += query.execute(tx.conn()).await?.rows_affected();
    }
    Ok(moved)
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

/// How many messages to the same recipient wait before this one, among the first few thousand.
pub async fn earlier_to(
    pool: &AnyPool,
    organization: OrganizationId,
    recipient: &Recipient,
    queue_id: i64,
) -> Result<i64> {
    let row = sqlx::query(
        "SELECT COUNT(*) AS earlier FROM (SELECT recipient FROM messages WHERE organization_id = $1 \
         AND state IN ('pending', 'processing', 'uncertain') AND state = 'pending' AND queue_id < $2 \
         ORDER BY queue_id DESC LIMIT 5000) AS near WHERE recipient = $3",
    )
    .bind(organization.key())
    .bind(queue_id)
    .bind(recipient.jid())
    .fetch_one(pool)
    .await?;
    Ok(row.try_get("earlier")?)
}
