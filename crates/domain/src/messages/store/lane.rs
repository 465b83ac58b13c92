//! SQL of a lane's past and of what it may take next.

use super::{FETCHING, row};
use crate::{Error, Result, Tx, messages::record::Lane};
use db::{AssertSqlSafe, Statement, placeholders};
use sqlx::{Any, AnyConnection, AnyPool, Executor, Row};
use types::{MessageId, OrganizationId, SessionId, Timestamp};

/// What a session must remember.
pub struct Past {
    pub linked_at: Option<Timestamp>,
    pub last_left_at: Option<Timestamp>,
    pub held_until: Option<Timestamp>,
    pub cold_until: Option<Timestamp>,
    pub paused_until: Option<Timestamp>,
    pub in_row: i64,
    pub outcomes: String,
    /// Of that day.
    pub used: i64,
    pub cold: i64,
}

pub async fn past(pool: &AnyPool, lane: Lane, day: &str) -> Result<Option<Past>> {
    let row = sqlx::query(
        "SELECT s.linked_at, s.last_left_at, s.held_until, s.cold_until, s.paused_until, s.in_row, s.outcomes, \
         COALESCE(d.used, 0) AS used, COALESCE(d.cold, 0) AS cold FROM sessions s \
         LEFT JOIN day_counters d ON d.organization_id = s.organization_id AND d.day = $3 AND d.session_id = s.id \
         WHERE s.organization_id = $1 AND s.id = $2",
    )
    .bind(lane.organization.key())
    .bind(lane.session.key())
    .bind(day)
    .fetch_optional(pool)
    .await?;
    row.map(|row| {
        Ok(Past {
            linked_at: row::time(&row, "linked_at")?,
            last_left_at: row::time(&row, "last_left_at")?,
            held_until: row::time(&row, "held_until")?,
            cold_until: row::time(&row, "cold_until")?,
            paused_until: row::time(&row, "paused_until")?,
            in_row: row.try_get("in_row")?,
            outcomes: row.try_get("outcomes")?,
            used: row.try_get("used")?,
            cold: row.try_get("cold")?,
        })
    })
    .transpose()
}

/// What went on the wire since then, oldest first, with its text where that is asked for.
pub async fn last_hour(
    pool: &AnyPool,
    lane: Lane,
    since: Timestamp,
    texts: bool,
) -> Result<Vec<(Timestamp, Option<String>)>> {
    let body = if texts { "body" } else { "NULL" };
    // Settled ones by the history's index, the others by those of the wire and of what is held.
    let sql = format!(
        "SELECT wire_at, {body} AS body FROM messages WHERE organization_id = $1 AND settled_at >= $3 \
         AND settled_at IS NOT NULL AND session_id = $2 AND wire_at >= $3 \
         UNION ALL SELECT wire_at, {body} AS body FROM messages WHERE organization_id = $1 AND session_id = $2 \
         AND state IN ('processing', 'uncertain') AND wire_at >= $3 \
         UNION ALL SELECT wire_at, {body} AS body FROM messages WHERE organization_id = $1 AND session_id = $2 \
         AND held > 0 AND state = 'pending' AND wire_at >= $3 \
         ORDER BY wire_at LIMIT 200000"
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(lane.organization.key())
        .bind(lane.session.key())
        .bind(since.0)
        .fetch_all(pool)
        .await?;
    rows.iter()
        .map(|row| Ok((Timestamp(row.try_get("wire_at")?), row.try_get("body")?)))
        .collect()
}

/// The most and the least urgent rank that takes its turn, and when the next parked one may.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hints {
    pub first: Option<i64>,
    pub last: Option<i64>,
    pub parked: Option<Timestamp>,
}

impl Hints {
    pub fn has(&self, rank: i64) -> bool {
        self.first.is_some_and(|first| first <= rank) && self.last.is_some_and(|last| rank <= last)
    }

    /// Both together.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        let least = |a: Option<i64>, b: Option<i64>| a.into_iter().chain(b).min();
        Self {
            first: least(self.first, other.first),
            last: self.last.max(other.last),
            parked: self.parked.into_iter().chain(other.parked).min(),
        }
    }
}

/// Whose messages: one session's, or those that any session of the organization may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    Own(SessionId),
    Pool,
}

impl Whose {
    /// Names the rows by the index that serves; `$1` is the organization, `$2` the session.
    const fn rows(self) -> &'static str {
        match self {
            Self::Own(_) => "m.organization_id = $1 AND m.session_id = $2",
            Self::Pool => "m.organization_id || '' = $1 AND m.session_id IS NULL AND '' = $2",
        }
    }

    fn key(self) -> String {
        match self {
            Self::Own(session) => session.key(),
            Self::Pool => String::new(),
        }
    }
}

pub async fn hints(pool: &AnyPool, organization: OrganizationId, whose: Whose) -> Result<Hints> {
    let rows = whose.rows();
    // cross-org: not at all; `rows` names the organization in the words of the index that serves.
    let sql = format!(
        "SELECT (SELECT m.rank FROM messages m WHERE {rows} AND m.state = 'pending' AND m.parked_until = 0 \
         ORDER BY m.rank LIMIT 1) AS first_rank, \
         (SELECT m.rank FROM messages m WHERE {rows} AND m.state = 'pending' AND m.parked_until = 0 \
         ORDER BY m.rank DESC LIMIT 1) AS last_rank, \
         (SELECT m.parked_until FROM messages m WHERE {rows} AND m.state = 'pending' AND m.parked_until > 0 \
         ORDER BY m.parked_until LIMIT 1) AS parked"
    );
    let row = sqlx::query(AssertSqlSafe(sql))
        .bind(organization.key())
        .bind(whose.key())
        .fetch_one(pool)
        .await?;
    Ok(Hints {
        first: row.try_get("first_rank")?,
        last: row.try_get("last_rank")?,
        parked: row::time(&row, "parked")?,
    })
}

/// Parked messages take their turn again: those whose time has come, or all that wait for anything
/// but their attachment and another try. At most `limit`; answers how many.
pub async fn unpark(
    tx: &mut Tx,
    organization: OrganizationId,
    whose: Whose,
    until: Option<Timestamp>,
    limit: i64,
) -> Result<u64> {
    let rows = whose.rows();
    let held = if until.is_some() { "" } else { " AND m.held = 0" };
    // cross-org: not at all; `rows` names the organization in the words of the index that serves.
    let sql = format!(
        "UPDATE messages SET parked_until = 0 WHERE id IN \
         (SELECT m.id FROM messages m WHERE {rows} \
         AND m.state = 'pending' AND m.parked_until > 0 AND m.parked_until <= $3{held} ORDER BY m.parked_until LIMIT $4)"
    );
    let done = sqlx::query(AssertSqlSafe(sql))
        .bind(organization.key())
        .bind(whose.key())
        .bind(until.map_or(FETCHING - 1, Timestamp::millis))
        .bind(limit)
        .execute(tx.conn())
        .await?;
    Ok(done.rows_affected())
}

/// Messages to somebody who just wrote to us are held against the gates anew.
pub async fn unpark_recipient(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    jid: &str,
) -> Result<u64> {
    let done = sqlx::query(
        "UPDATE messages SET parked_until = 0 WHERE organization_id = $1 AND recipient = $2 AND state = 'pending' \
         AND parked_until > 0 AND held = 0",
    )
    .bind(organization.key())
    .bind(jid)
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// They step aside until then.
pub async fn park(tx: &mut Tx, organization: OrganizationId, ids: &[MessageId], until: i64) -> Result<()> {
    for chunk in ids.chunks(256) {
        let sql = format!(
            "UPDATE messages SET parked_until = $1 WHERE organization_id || '' = $2 AND state = 'pending' AND id IN ({})",
            placeholders(3, chunk.len())
        );
        let mut query = sqlx::query(AssertSqlSafe(sql))
            .bind(until)
            .bind(organization.key());
        for id in chunk {
            query = query.bind(id.key());
        }
        query.execute(tx.conn()).await?;
    }
    Ok(())
}

/// What was claimed on the organization's day. A day nobody has asked for begins with what its
/// sessions have used.
pub async fn organization_day(
    conn: impl Executor<'_, Database = Any>,
    organization: OrganizationId,
    day: &str,
) -> Result<i64> {
    let row = sqlx::query(
        "SELECT COALESCE((SELECT o.used FROM organization_days o WHERE o.organization_id = $1 AND o.day = $2), \
         (SELECT CAST(COALESCE(SUM(d.used), 0) AS BIGINT) FROM day_counters d WHERE d.organization_id = $1 AND d.day = $2)) AS used",
    )
    .bind(organization.key())
    .bind(day)
    .fetch_one(conn)
    .await?;
    Ok(row.try_get("used")?)
}

/// Takes so many of the organization's day, in the transaction of the claim; `false` when others
/// were faster and the limit would be passed.
pub async fn reserve_day(
    tx: &mut Tx,
    organization: OrganizationId,
    day: &str,
    count: i64,
    limit: i64,
) -> Result<bool> {
    sqlx::query(
        "INSERT INTO organization_days (organization_id, day, used) \
         VALUES ($1, $2, (SELECT CAST(COALESCE(SUM(d.used), 0) AS BIGINT) FROM day_counters d \
         WHERE d.organization_id = $3 AND d.day = $4)) ON CONFLICT (organization_id, day) DO NOTHING",
    )
    .bind(organization.key())
    .bind(day)
    .bind(organization.key())
    .bind(day)
    .execute(tx.conn())
    .await?;
    let done = sqlx::query(
        "UPDATE organization_days SET used = used + $1 WHERE organization_id = $2 AND day = $3 AND used + $4 <= $5",
    )
    .bind(count)
    .bind(organization.key())
    .bind(day)
    .bind(count)
    .bind(limit)
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Gives back what did not go on the wire after all. Nothing happens where nothing was reserved.
pub fn give_back_day(tx: &mut Tx, organization: OrganizationId, day: &str, count: i64) {
    tx.at_commit(
        Statement::new(
            "UPDATE organization_days SET used = used - $1 WHERE organization_id = $2 AND day = $3 AND used >= $4",
        )
        .bind(count)
        .bind(organization.key())
        .bind(day)
        .bind(count),
    );
}

/// WhatsApp's own requests to wait.
pub async fn hold_session(
    tx: &mut Tx,
    lane: Lane,
    held_until: Option<Timestamp>,
    cold_until: Option<Timestamp>,
) -> Result<()> {
    sqlx::query(
        "UPDATE sessions SET held_until = $1, cold_until = $2 WHERE organization_id = $3 AND id = $4",
    )
    .bind(held_until.map(Timestamp::millis))
    .bind(cold_until.map(Timestamp::millis))
    .bind(lane.organization.key())
    .bind(lane.session.key())
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// What is known of a recipient, over all sessions of the organization.
pub struct Known {
    pub jid: String,
    pub session: SessionId,
    pub left_at: Option<Timestamp>,
    pub wrote: bool,
}

pub async fn known(
    conn: impl Executor<'_, Database = Any>,
    organization: OrganizationId,
    jids: &[String],
) -> Result<Vec<Known>> {
    let sql = format!(
        "SELECT jid, session_id, left_at, in_at FROM chats WHERE organization_id = $1 AND jid IN ({}) ORDER BY last_at DESC",
        placeholders(2, db::padded_len(jids.len()))
    );
    let mut query = sqlx::query(AssertSqlSafe(sql)).bind(organization.key());
    for jid in super::padded(jids) {
        query = query.bind(jid.as_str());
    }
    let rows = query.fetch_all(conn).await?;
    rows.iter()
        .map(|row| {
            Ok(Known {
                jid: row.try_get("jid")?,
                session: SessionId::from_key(row.try_get("session_id")?)
                    .map_err(|_| Error::Damaged("a chat's session"))?,
                left_at: row::time(row, "left_at")?,
                wrote: row::time(row, "in_at")?.is_some(),
            })
        })
        .collect()
}

/// What is on the wire or uncertain in any lane of the organization: recipient, since when, and
/// whether it is on the wire just now.
pub async fn on_wire(
    conn: impl Executor<'_, Database = Any>,
    organization: OrganizationId,
) -> Result<Vec<(String, SessionId, Timestamp, bool)>> {
    let rows = sqlx::query(
        "SELECT m.recipient, m.session_id, m.wire_at, m.state FROM sessions s JOIN messages m ON m.session_id = s.id \
         AND m.state IN ('processing', 'uncertain') WHERE s.organization_id = $1 AND m.organization_id = $1 LIMIT 5000",
    )
    .bind(organization.key())
    .fetch_all(conn)
    .await?;
    rows.iter()
        .map(|row| {
            Ok((
                row.try_get("recipient")?,
                SessionId::from_key(row.try_get("session_id")?)
                    .map_err(|_| Error::Damaged("a message's session"))?,
                row::time(row, "wire_at")?.unwrap_or_default(),
                row.try_get::<String, _>("state")? == "processing",
            ))
        })
        .collect()
}

/// After the clock was set back: nothing lies ahead, and no other try is further away than the
/// longest pause before one.
pub async fn straighten(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    now: Timestamp,
) -> Result<()> {
    sqlx::query(
        "UPDATE messages SET parked_until = $1, held_at = $2 WHERE organization_id = $3 AND held = 2 \
         AND held > 0 AND state = 'pending' AND parked_until > $4",
    )
    .bind(now.0)
    .bind(now.0)
    .bind(organization.key())
    .bind(now.0 + 600_000)
    .execute(&mut *conn)
    .await?;
    sqlx::query("UPDATE chats SET left_at = $1 WHERE organization_id = $2 AND left_at > $3")
        .bind(now.0)
        .bind(organization.key())
        .bind(now.0)
        .execute(conn)
        .await?;
    Ok(())
}
