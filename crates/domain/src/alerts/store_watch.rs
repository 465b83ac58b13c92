//! SQL of the watcher. Every read is bounded, however much lies in the tables.
// Each query here serves every organization of this node; each row carries its own.

use crate::{Error, Result};
use db::{AssertSqlSafe, placeholders};
use sqlx::{AnyConnection, AnyPool, Row, any::AnyRow};
use std::collections::HashMap;
use types::{
    AlertId, MessageId, OrganizationId, SessionId, Timestamp, alerts::AlertKind, events::EventType,
    sessions::SessionState,
};

/// An event that the watcher looks at.
#[derive(Clone, Debug)]
pub struct Watched {
    pub organization: OrganizationId,
    pub session: SessionId,
    pub kind: EventType,
    pub at: Timestamp,
    pub data: serde_json::Value,
}

/// A session as it is now.
#[derive(Clone, Debug)]
pub struct Now {
    pub name: String,
    pub wanted: bool,
    pub deleted: bool,
    pub last_left_at: Option<Timestamp>,
}

// cross-org: the watcher serves every organization; each row carries its own.
pub const AFTER: &str = "SELECT seq, organization_id, session_id, type, at, data FROM events \
     WHERE seq + 0 > $1 AND type IN ('session.status', 'message.failed') ORDER BY seq + 0 LIMIT $2";

/// The newest failures of all sessions: few, so that a quiet session is found among them.
// cross-org: the session tells whose they are.
pub const FAILED_OF: &str = "SELECT CAST(COUNT(*) AS BIGINT) AS failed FROM \
     (SELECT session_id, type, at FROM events WHERE type IN ('session.status', 'message.failed') \
     AND seq + 0 > 0 ORDER BY seq + 0 DESC LIMIT 1000) AS newest \
     WHERE session_id = $1 AND type = 'message.failed' AND at > $2";

/// What became of an organization's newest messages, newest first.
pub const OUTCOMES: &str = "SELECT session_id, state FROM messages \
     WHERE organization_id = $1 AND settled_at IS NOT NULL ORDER BY settled_at DESC, id DESC LIMIT $2";

/// Sessions from one place on, each with the first message of its own that it could send.
// cross-org: the watcher serves every organization; each row carries its own.
pub const QUEUES: &str = "SELECT s.id, s.organization_id, s.name, s.state, s.state_since, s.last_left_at, s.deleted_at, \
     (SELECT m.id FROM messages m WHERE m.session_id = s.id AND m.state = 'pending' AND m.parked_until <= $3 \
     ORDER BY m.parked_until, m.rank, m.queue_id LIMIT 1) AS head, \
     (SELECT a.id FROM alerts a WHERE a.organization_id = s.organization_id AND a.kind = 'stalled_queue' \
     AND a.subject = s.id AND a.status <> 'resolved') AS alert \
     FROM sessions s WHERE s.id > $1 ORDER BY s.id LIMIT $2";

/// The first message that any session of the organization may take.
pub const POOL_HEAD: &str = "SELECT m.id FROM messages m WHERE m.organization_id || '' = $1 AND m.session_id IS NULL \
     AND m.state = 'pending' AND m.parked_until <= $2 ORDER BY m.parked_until, m.rank, m.queue_id LIMIT 1";

// cross-org: one log for all.
pub async fn place(pool: &AnyPool) -> Result<i64> {
    let row = sqlx::query("SELECT seq FROM alert_places WHERE name = 'events'")
        .fetch_one(pool)
        .await?;
    Ok(row.try_get("seq")?)
}

/// False when another node was there first.
// cross-org: one log for all.
pub async fn move_on(conn: &mut AnyConnection, from: i64, to: i64) -> Result<bool> {
    let done = sqlx::query("UPDATE alert_places SET seq = $1 WHERE name = 'events' AND seq = $2")
        .bind(to)
        .bind(from)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// What comes after that place, oldest first, and the place of the last one read: events of no
/// session are left out.
pub async fn after(pool: &AnyPool, place: i64, limit: i64) -> Result<(Vec<Watched>, i64, bool)> {
    let rows = sqlx::query(AFTER).bind(place).bind(limit).fetch_all(pool).await?;
    let mut last = place;
    let mut watched = Vec::with_capacity(rows.len());
    for row in &rows {
        last = row.try_get("seq")?;
        if row.try_get::<Option<&str>, _>("session_id")?.is_none() {
            continue;
        }
        // One that cannot be read must not keep the watcher from all that come after it.
        match event(row) {
            Ok(event) => watched.push(event),
            Err(error) => tracing::warn!(%error, seq = last, "the watcher passes over an event"),
        }
    }
    Ok((watched, last, rows.len() as i64 == limit))
}

fn event(row: &AnyRow) -> Result<Watched> {
    Ok(Watched {
        organization: organization(row)?,
        session: SessionId::from_key(row.try_get("session_id")?)
            .map_err(|_| Error::Damaged("an event's session"))?,
        kind: EventType::from_name(row.try_get("type")?).ok_or(Error::Damaged("an event's type"))?,
        at: Timestamp(row.try_get("at")?),
        data: serde_json::from_str(row.try_get("data")?).map_err(|_| Error::Damaged("an event's data"))?,
    })
}

// cross-org: the ids come from events, which carry their organization.
pub async fn sessions(pool: &AnyPool, ids: &[SessionId]) -> Result<HashMap<SessionId, Now>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = format!(
        "SELECT id, name, wanted, deleted_at, last_left_at FROM sessions WHERE id IN ({})",
        placeholders(1, ids.len())
    );
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for id in ids {
        query = query.bind(id.key());
    }
    let rows = query.fetch_all(pool).await?;
    rows.iter()
        .map(|row| {
            let now = Now {
                name: row.try_get("name")?,
                wanted: row.try_get::<i64, _>("wanted")? != 0,
                deleted: row.try_get::<Option<i64>, _>("deleted_at")?.is_some(),
                last_left_at: time(row, "last_left_at")?,
            };
            Ok((session(row)?, now))
        })
        .collect()
}

/// Of each message whose session is known: which, and whether it failed. What was cancelled says
/// nothing of a line.
pub async fn outcomes(
    pool: &AnyPool,
    organization: OrganizationId,
    limit: i64,
) -> Result<(Vec<(SessionId, bool)>, bool)> {
    let rows = sqlx::query(OUTCOMES)
        .bind(organization.key())
        .bind(limit)
        .fetch_all(pool)
        .await?;
    let mut outcomes = Vec::with_capacity(rows.len());
    for row in &rows {
        let state: &str = row.try_get("state")?;
        let Some(session) = row.try_get::<Option<String>, _>("session_id")? else {
            continue;
        };
        if state != "cancelled" {
            let session = SessionId::from_key(&session).map_err(|_| Error::Damaged("a message's session"))?;
            outcomes.push((session, state == "failed"));
        }
    }
    Ok((outcomes, rows.len() as i64 == limit))
}

/// How many of the newest failures are this session's and newer than that moment.
pub async fn failed_since(pool: &AnyPool, session: SessionId, since: Option<Timestamp>) -> Result<i64> {
    let row = sqlx::query(FAILED_OF)
        .bind(session.key())
        .bind(since.map_or(0, Timestamp::millis))
        .fetch_one(pool)
        .await?;
    Ok(row.try_get("failed")?)
}

pub async fn note_down(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    session: SessionId,
    since: Timestamp,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO alert_downs (session_id, organization_id, since) VALUES ($1, $2, $3) \
         ON CONFLICT (session_id) DO NOTHING",
    )
    .bind(session.key())
    .bind(organization.key())
    .bind(since.0)
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn forget_down(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    session: SessionId,
) -> Result<()> {
    sqlx::query("DELETE FROM alert_downs WHERE session_id = $1 AND organization_id = $2")
        .bind(session.key())
        .bind(organization.key())
        .execute(conn)
        .await?;
    Ok(())
}

/// A session that should be connected and has not been for too long.
pub struct Down {
    pub organization: OrganizationId,
    pub session: SessionId,
    pub name: String,
    pub reason: Option<String>,
}

/// What was held as down before that moment, still is, and was not told yet.
// cross-org: the watcher serves every organization; each row carries its own.
pub async fn down_before(pool: &AnyPool, moment: Timestamp, limit: i64) -> Result<Vec<Down>> {
    let rows = sqlx::query(
        "SELECT d.organization_id, d.session_id AS id, s.name, s.reason FROM alert_downs d \
         JOIN sessions s ON s.id = d.session_id \
         WHERE d.told = 0 AND d.since <= $1 AND s.state IN ('connecting', 'reconnecting') \
         AND s.deleted_at IS NULL ORDER BY d.since LIMIT $2",
    )
    .bind(moment.0)
    .bind(limit)
    .fetch_all(pool)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Down {
                organization: organization(row)?,
                session: session(row)?,
                name: row.try_get("name")?,
                reason: row.try_get("reason")?,
            })
        })
        .collect()
}

/// False when it came back or another node has told it.
pub async fn mark_told(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    session: SessionId,
) -> Result<bool> {
    let done = sqlx::query(
        "UPDATE alert_downs SET told = 1 WHERE session_id = $1 AND organization_id = $2 AND told = 0",
    )
    .bind(session.key())
    .bind(organization.key())
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Standing alerts of one kind about sessions, from one place on.
// cross-org: the watcher serves every organization; each row carries its own.
pub async fn standing(
    pool: &AnyPool,
    kind: AlertKind,
    after: Option<AlertId>,
    limit: i64,
) -> Result<Vec<(AlertId, OrganizationId, SessionId, Timestamp)>> {
    let rows = sqlx::query(
        "SELECT id AS alert, organization_id, session_id AS id, last_seen_at FROM alerts \
         WHERE kind = $1 AND status <> 'resolved' AND session_id IS NOT NULL AND id > $2 ORDER BY id LIMIT $3",
    )
    .bind(kind.name())
    .bind(after.map(AlertId::key).unwrap_or_default())
    .bind(limit)
    .fetch_all(pool)
    .await?;
    rows.iter()
        .map(|row| {
            let alert =
                AlertId::from_key(row.try_get("alert")?).map_err(|_| Error::Damaged("an alert's id"))?;
            Ok((
                alert,
                organization(row)?,
                session(row)?,
                Timestamp(row.try_get("last_seen_at")?),
            ))
        })
        .collect()
}

/// A session's lane, as the look for stalled ones sees it.
pub struct Queue {
    pub organization: OrganizationId,
    pub session: SessionId,
    pub name: String,
    /// Since when it is connected, if it is.
    pub connected_since: Option<Timestamp>,
    pub head: Option<MessageId>,
    pub last_left_at: Option<Timestamp>,
    /// It was told and still stands.
    pub told: bool,
}

pub async fn queues(
    pool: &AnyPool,
    after: Option<SessionId>,
    limit: i64,
    now: Timestamp,
) -> Result<Vec<Queue>> {
    let rows = sqlx::query(QUEUES)
        .bind(after.map(SessionId::key).unwrap_or_default())
        .bind(limit)
        .bind(now.0)
        .fetch_all(pool)
        .await?;
    rows.iter()
        .map(|row| {
            let connected = SessionState::from_name(row.try_get("state")?)
                .is_some_and(SessionState::can_send)
                && row.try_get::<Option<i64>, _>("deleted_at")?.is_none();
            Ok(Queue {
                organization: organization(row)?,
                session: session(row)?,
                name: row.try_get("name")?,
                connected_since: connected
                    .then(|| row.try_get("state_since").map(Timestamp))
                    .transpose()?,
                head: row
                    .try_get::<Option<String>, _>("head")?
                    .map(|key| MessageId::from_key(&key))
                    .transpose()
                    .map_err(|_| Error::Damaged("a message's id"))?,
                last_left_at: time(row, "last_left_at")?,
                told: row.try_get::<Option<String>, _>("alert")?.is_some(),
            })
        })
        .collect()
}

pub async fn pool_head(
    pool: &AnyPool,
    organization: OrganizationId,
    now: Timestamp,
) -> Result<Option<MessageId>> {
    let row = sqlx::query(POOL_HEAD)
        .bind(organization.key())
        .bind(now.0)
        .fetch_optional(pool)
        .await?;
    row.map(|row| MessageId::from_key(row.try_get("id")?).map_err(|_| Error::Damaged("a message's id")))
        .transpose()
}

fn organization(row: &AnyRow) -> Result<OrganizationId> {
    OrganizationId::from_key(row.try_get("organization_id")?)
        .map_err(|_| Error::Damaged("a watched row's organization"))
}

fn session(row: &AnyRow) -> Result<SessionId> {
    SessionId::from_key(row.try_get("id")?).map_err(|_| Error::Damaged("a watched row's session"))
}

fn time(row: &AnyRow, name: &str) -> Result<Option<Timestamp>> {
    Ok(row.try_get::<Option<i64>, _>(name)?.map(Timestamp))
}
