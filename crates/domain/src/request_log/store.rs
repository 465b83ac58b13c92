//! SQL of the request log: writing, keeping, settings. What is looked at is in `store/read.rs`.

mod read;

use super::{
    Queued, Record,
    record::Owner,
    settings::{DAYS, ENTRIES},
};
use crate::{Error, Result, Tx};
use db::{AssertSqlSafe, insert_sql, rows_per_statement};
use sqlx::{AnyConnection, AnyPool, Row as _};
use std::collections::HashMap;
use types::{ApiKeyId, OrganizationId, SessionId, Timestamp};

pub use read::{Range, Which, id_of_entry, list, nth, one};

const COLUMNS: usize = 21;
const INTO: &str = "request_log (organization_id, id, at, method, url, status, duration_ms, ip, key_id, key_prefix, \
                    session_id, pinned, first_queue_id, last_queue_id, queued, request_bytes, response_bytes, \
                    request_headers, response_headers, request_body, response_body)";

/// What is kept of an organization instead of counted; added up by [`count`].
#[derive(Clone, Copy, Debug, Default)]
pub struct Numbers {
    pub entries: i64,
    pub dropped: i64,
    pub last_dropped_at: Option<Timestamp>,
}

/// What holds for the platform as a whole.
pub struct Platform {
    pub days: i64,
    /// The most lines of all organizations together.
    pub entries: i64,
}

/// How the table names the owner of a line; empty for nobody.
pub fn key(organization: Option<OrganizationId>) -> String {
    organization.map(OrganizationId::key).unwrap_or_default()
}

pub async fn insert(tx: &mut Tx, mut records: Vec<(Record, Option<Owner>)>) -> Result<()> {
    let engine = tx.engine();
    while !records.is_empty() {
        let rows = rows_per_statement(records.len(), COLUMNS, engine.bind_limit());
        let rest = records.split_off(rows);
        let sql = insert_sql(
            engine,
            INTO,
            COLUMNS,
            rows,
            "ON CONFLICT (organization_id, id) DO NOTHING",
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for (record, owner) in records {
            let queued = record.queued;
            let pinned = owner.as_ref().and_then(|owner| owner.session);
            let session = pinned.or(queued.and_then(|queued| queued.session));
            query = query
                .bind(key(owner.as_ref().map(|owner| owner.organization)))
                .bind(record.id.key())
                .bind(record.at.0)
                .bind(record.method)
                .bind(record.url)
                .bind(i64::from(record.status))
                .bind(record.duration_ms)
                .bind(record.ip)
                .bind(owner.as_ref().and_then(|owner| owner.key).map(ApiKeyId::key))
                .bind(owner.and_then(|owner| owner.prefix))
                .bind(session.map(SessionId::key))
                .bind(i64::from(pinned.is_some()))
                .bind(queued.map(|queued: Queued| i64::from(queued.first)))
                .bind(queued.map(|queued| i64::from(queued.last)))
                .bind(queued.map_or(0, |queued| queued.count))
                .bind(record.request.bytes)
                .bind(record.response.bytes)
                .bind(record.request.headers)
                .bind(record.response.headers)
                .bind(record.request.body.into_text())
                .bind(record.response.body.into_text());
        }
        query.execute(tx.conn()).await?;
        records = rest;
    }
    Ok(())
}

/// Adds to the kept numbers.
pub async fn count(conn: &mut AnyConnection, organization: &str, more: Numbers) -> Result<()> {
    sqlx::query(
        "INSERT INTO request_log_numbers (organization_id, entries, dropped, last_dropped_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (organization_id) DO UPDATE SET entries = request_log_numbers.entries + excluded.entries, \
         dropped = request_log_numbers.dropped + excluded.dropped, \
         last_dropped_at = COALESCE(excluded.last_dropped_at, request_log_numbers.last_dropped_at)",
    )
    .bind(organization)
    .bind(more.entries)
    .bind(more.dropped)
    .bind(more.last_dropped_at.map(|at| at.0))
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn numbers(pool: &AnyPool, organization: OrganizationId) -> Result<Numbers> {
    let row = sqlx::query(
        "SELECT entries, dropped, last_dropped_at FROM request_log_numbers WHERE organization_id = $1",
    )
    .bind(organization.key())
    .fetch_optional(pool)
    .await?;
    let Some(row) = row else {
        return Ok(Numbers::default());
    };
    Ok(Numbers {
        entries: row.try_get("entries")?,
        dropped: row.try_get("dropped")?,
        last_dropped_at: row.try_get::<Option<i64>, _>("last_dropped_at")?.map(Timestamp),
    })
}

/// Forgets that calls were not logged, when those that were logged then are gone too.
pub async fn forget_dropped(conn: &mut AnyConnection, organization: &str, before: Timestamp) -> Result<()> {
    sqlx::query(
        "UPDATE request_log_numbers SET dropped = 0, last_dropped_at = NULL \
         WHERE organization_id = $1 AND last_dropped_at < $2",
    )
    .bind(organization)
    .bind(before.0)
    .execute(conn)
    .await?;
    Ok(())
}

/// Lines of each organization that has any or misses some, and of nobody.
// cross-org: the clean-up goes through all of them, each by itself.
pub async fn entries(pool: &AnyPool) -> Result<Vec<(String, i64)>> {
    sqlx::query("SELECT organization_id, entries FROM request_log_numbers WHERE entries > 0 OR dropped > 0 ORDER BY organization_id")
        .fetch_all(pool)
        .await?
        .iter()
        .map(|row| Ok((row.try_get("organization_id")?, row.try_get("entries")?)))
        .collect()
}

/// Takes out the oldest lines from before that moment and answers how many went.
pub async fn delete_before(
    conn: &mut AnyConnection,
    organization: &str,
    before: Timestamp,
    limit: i64,
) -> Result<i64> {
    let done = sqlx::query(
        "DELETE FROM request_log WHERE organization_id = $1 AND id IN \
         (SELECT id FROM request_log WHERE organization_id = $2 AND id < $3 ORDER BY id LIMIT $4)",
    )
    .bind(organization)
    .bind(organization)
    .bind(read::first_id(before))
    .bind(limit)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() as i64)
}

// cross-org: the platform's own values.
pub async fn platform(pool: &AnyPool) -> Result<Platform> {
    let rows = sqlx::query(
        "SELECT key, value FROM platform WHERE key IN ('request_log_days', 'request_log_entries')",
    )
    .fetch_all(pool)
    .await?;
    let mut platform = Platform {
        days: DAYS,
        entries: ENTRIES,
    };
    for row in rows {
        let Ok(value) = row.try_get::<String, _>("value")?.parse() else {
            continue;
        };
        match row.try_get::<String, _>("key")?.as_str() {
            "request_log_days" => platform.days = value,
            _ => platform.entries = value,
        }
    }
    Ok(platform)
}

/// The days of those organizations that have their own.
// cross-org: every call asks, so a node knows them all.
pub async fn own_days(pool: &AnyPool) -> Result<HashMap<String, i64>> {
    sqlx::query("SELECT id, request_log_days FROM organizations WHERE request_log_days IS NOT NULL")
        .fetch_all(pool)
        .await?
        .iter()
        .map(|row| Ok((row.try_get("id")?, row.try_get("request_log_days")?)))
        .collect()
}

pub async fn days(pool: &AnyPool, organization: OrganizationId) -> Result<Option<i64>> {
    let row = sqlx::query("SELECT request_log_days FROM organizations WHERE id = $1")
        .bind(organization.key())
        .fetch_optional(pool)
        .await?
        .ok_or(Error::Damaged("an organization"))?;
    Ok(row.try_get("request_log_days")?)
}

/// Sets the organization's own days and answers what they were; `None` without the organization.
pub async fn set_days(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    days: Option<i64>,
) -> Result<Option<Option<i64>>> {
    // An update that changes nothing locks the row on both engines.
    let row = sqlx::query("UPDATE organizations SET name = name WHERE id = $1 RETURNING request_log_days")
        .bind(organization.key())
        .fetch_optional(&mut *conn)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let before = row.try_get("request_log_days")?;
    sqlx::query("UPDATE organizations SET request_log_days = $2 WHERE id = $1")
        .bind(organization.key())
        .bind(days)
        .execute(conn)
        .await?;
    Ok(Some(before))
}

pub async fn time_zone(pool: &AnyPool, organization: OrganizationId) -> Result<String> {
    let row = sqlx::query("SELECT time_zone FROM organizations WHERE id = $1")
        .bind(organization.key())
        .fetch_optional(pool)
        .await?
        .ok_or(Error::Damaged("an organization"))?;
    Ok(row.try_get("time_zone")?)
}
