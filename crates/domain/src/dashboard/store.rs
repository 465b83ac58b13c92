//! SQL of the dashboard: kept numbers and the ends of indexes.

use crate::{Error, Result};
use db::AssertSqlSafe;
use jiff::civil::Date;
use sqlx::{AnyPool, Row, any::AnyRow};
use std::{collections::BTreeMap, ops::AddAssign};
use types::{OrganizationId, SessionId, Timestamp, sessions::SessionState};

/// Whose numbers: an organization's, or those of one of its sessions.
#[derive(Clone, Copy, Debug)]
pub struct Of {
    pub organization: OrganizationId,
    pub session: Option<SessionId>,
}

impl Of {
    /// The parameter that goes with [`OWN`]; empty means every session.
    fn key(self) -> String {
        self.session.map_or_else(String::new, SessionId::key)
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    pub sent: i64,
    pub delivered: i64,
    pub read: i64,
    pub failed: i64,
    pub received: i64,
}

impl AddAssign for Counted {
    fn add_assign(&mut self, more: Self) {
        self.sent += more.sent;
        self.delivered += more.delivered;
        self.read += more.read;
        self.failed += more.failed;
        self.received += more.received;
    }
}

const SUMS: &str = "CAST(SUM(sent) AS BIGINT) AS sent, CAST(SUM(delivered) AS BIGINT) AS delivered, \
     CAST(SUM(read) AS BIGINT) AS read, CAST(SUM(failed) AS BIGINT) AS failed, \
     CAST(SUM(received) AS BIGINT) AS received";

fn counted(row: &AnyRow) -> Result<Counted> {
    Ok(Counted {
        sent: row.try_get("sent")?,
        delivered: row.try_get("delivered")?,
        read: row.try_get("read")?,
        failed: row.try_get("failed")?,
        received: row.try_get("received")?,
    })
}

/// Numbers by day.
#[derive(Debug, Default)]
pub struct Days(BTreeMap<String, Counted>);

impl Days {
    /// Of those days, both included.
    pub fn sum(&self, from: Date, until: Date) -> Counted {
        let mut sum = Counted::default();
        let (from, until) = (from.to_string(), until.to_string());
        // As texts, days before the year 0 are in no order.
        if from <= until {
            for counted in self.0.range(from..=until) {
                sum += *counted.1;
            }
        }
        sum
    }

    pub fn add(&mut self, more: Self) {
        self.0.extend(more.0);
    }
}

pub async fn days(pool: &AnyPool, of: Of, from: Date, until: Date) -> Result<Days> {
    let sql = format!(
        "SELECT day, {SUMS} FROM day_counters WHERE organization_id = $1 AND day >= $2 AND day <= $3 \
         AND ($4 = '' OR session_id = $4) GROUP BY day"
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(of.organization.key())
        .bind(from.to_string())
        .bind(until.to_string())
        .bind(of.key())
        .fetch_all(pool)
        .await?;
    let days = rows.iter().map(|row| Ok((row.try_get("day")?, counted(row)?)));
    Ok(Days(days.collect::<Result<_>>()?))
}

/// By the key of the session; empty for what failed before one was chosen.
pub async fn by_session(pool: &AnyPool, of: Of, from: Date, until: Date) -> Result<Vec<(String, Counted)>> {
    let sql = format!(
        "SELECT session_id, {SUMS} FROM day_counters WHERE organization_id = $1 AND day >= $2 AND day <= $3 \
         AND ($4 = '' OR session_id = $4) GROUP BY session_id"
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(of.organization.key())
        .bind(from.to_string())
        .bind(until.to_string())
        .bind(of.key())
        .fetch_all(pool)
        .await?;
    rows.iter()
        .map(|row| Ok((row.try_get("session_id")?, counted(row)?)))
        .collect()
}

/// What is known of the organization as a whole.
pub struct Facts {
    pub zone: String,
    pub waiting: i64,
    pub sent: i64,
    pub key_used: bool,
}

pub async fn facts(pool: &AnyPool, organization: OrganizationId) -> Result<Facts> {
    // cross-org: the row is the organization itself.
    let row = sqlx::query(
        "SELECT o.time_zone, COALESCE(q.waiting, 0) AS waiting, COALESCE(q.sent, 0) AS sent, \
         (SELECT k.id FROM api_keys k WHERE k.organization_id = o.id AND k.last_used_at IS NOT NULL LIMIT 1) AS used_key \
         FROM organizations o LEFT JOIN queue_counters q ON q.organization_id = o.id WHERE o.id = $1",
    )
    .bind(organization.key())
    .fetch_optional(pool)
    .await?
    .ok_or(Error::Damaged("an organization"))?;
    Ok(Facts {
        zone: row.try_get("time_zone")?,
        waiting: row.try_get("waiting")?,
        sent: row.try_get("sent")?,
        key_used: row.try_get::<Option<String>, _>("used_key")?.is_some(),
    })
}

/// A session as the dashboard looks at it.
pub struct Brief {
    pub id: SessionId,
    pub name: String,
    pub state: SessionState,
    pub reason: Option<String>,
    pub sent: i64,
    /// A phone was linked once.
    pub linked: bool,
    /// Something waits for it.
    pub waits: bool,
}

/// Oldest first.
pub async fn sessions(pool: &AnyPool, of: Of) -> Result<Vec<Brief>> {
    let rows = sqlx::query(
        "SELECT s.id, s.name, s.state, s.reason, s.sent, s.linked_at, \
         (SELECT m.id FROM messages m WHERE m.session_id = s.id AND m.state = 'pending' LIMIT 1) AS first_waiting \
         FROM sessions s WHERE s.organization_id = $1 AND s.deleted_at IS NULL AND ($2 = '' OR s.id = $2) \
         ORDER BY s.created_at, s.id",
    )
    .bind(of.organization.key())
    .bind(of.key())
    .fetch_all(pool)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Brief {
                id: session_id(row)?,
                name: row.try_get("name")?,
                state: SessionState::from_name(row.try_get("state")?)
                    .ok_or(Error::Damaged("a session's state"))?,
                reason: row.try_get("reason")?,
                sent: row.try_get("sent")?,
                linked: row.try_get::<Option<i64>, _>("linked_at")?.is_some(),
                waits: row.try_get::<Option<String>, _>("first_waiting")?.is_some(),
            })
        })
        .collect()
}

fn session_id(row: &AnyRow) -> Result<SessionId> {
    SessionId::from_key(row.try_get("id")?).map_err(|_| Error::Damaged("a session's id"))
}

/// How much waits for one session: that of a key which sees no other.
pub async fn waiting_of(pool: &AnyPool, organization: OrganizationId, session: SessionId) -> Result<i64> {
    let row = sqlx::query(
        "SELECT COUNT(*) AS waiting FROM messages WHERE organization_id = $1 AND session_id = $2 AND state = 'pending'",
    )
    .bind(organization.key())
    .bind(session.key())
    .fetch_one(pool)
    .await?;
    Ok(row.try_get("waiting")?)
}

/// Each session with how many of its chats moved since then, counted no further than the limit.
pub async fn moved_chats(
    pool: &AnyPool,
    of: Of,
    since: Timestamp,
    limit: i64,
) -> Result<Vec<(SessionId, i64)>> {
    let rows = sqlx::query(
        "SELECT s.id, (SELECT COUNT(*) FROM (SELECT c.id FROM chats c WHERE c.session_id = s.id AND c.last_at >= $2 \
         ORDER BY c.last_at DESC, c.id DESC LIMIT $3) AS newest) AS moved \
         FROM sessions s WHERE s.organization_id = $1 AND s.deleted_at IS NULL AND ($4 = '' OR s.id = $4)",
    )
    .bind(of.organization.key())
    .bind(since.0)
    .bind(limit)
    .bind(of.key())
    .fetch_all(pool)
    .await?;
    rows.iter()
        .map(|row| Ok((session_id(row)?, row.try_get("moved")?)))
        .collect()
}

/// Of a session's newest chats: how many were written to since then, and in how many of those the
/// other side wrote too. What was written to since then also moved since then.
pub async fn answered(
    pool: &AnyPool,
    organization: OrganizationId,
    session: SessionId,
    since: Timestamp,
    limit: i64,
) -> Result<(i64, i64)> {
    let row = sqlx::query(
        "SELECT CAST(COALESCE(SUM(CASE WHEN left_at >= $3 THEN 1 ELSE 0 END), 0) AS BIGINT) AS written, \
         CAST(COALESCE(SUM(CASE WHEN left_at >= $3 AND in_at >= $3 THEN 1 ELSE 0 END), 0) AS BIGINT) AS replied \
         FROM (SELECT left_at, in_at FROM chats WHERE organization_id = $1 AND session_id = $2 AND last_at >= $3 \
         ORDER BY last_at DESC, id DESC LIMIT $4) AS newest",
    )
    .bind(organization.key())
    .bind(session.key())
    .bind(since.0)
    .bind(limit)
    .fetch_one(pool)
    .await?;
    Ok((row.try_get("written")?, row.try_get("replied")?))
}
