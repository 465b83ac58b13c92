//! SQL of alerts: what is read.

use super::words;
use crate::{Error, Result};
use db::AssertSqlSafe;
use sqlx::{AnyConnection, AnyPool, Row, any::AnyRow};
use std::fmt::Write as _;
use types::{
    AlertId, ApiKeyId, OrganizationId, SessionId, Timestamp, UserId,
    alerts::{Alert, AlertCounts, AlertDetails, AlertFilter, AlertKind, AlertStatus, Resolution, Severity},
};

const COLUMNS: &str = "a.id, a.session_id, s.name AS session_name, a.kind, a.severity, a.status, a.happened, a.means, \
     a.advice, a.raised_at, a.last_seen_at, a.times_seen, a.acknowledged_at, a.acknowledged_by, a.resolved_at, \
     a.resolved_by, a.resolution FROM alerts a LEFT JOIN sessions s ON s.id = a.session_id";

/// Newest first, those that come after `before` in the list.
pub async fn list(
    pool: &AnyPool,
    organization: OrganizationId,
    filter: AlertFilter,
    before: Option<AlertId>,
    limit: i64,
) -> Result<Vec<Alert>> {
    let sql = list_sql(filter);
    let mut query = sqlx::query(AssertSqlSafe(sql))
        .bind(organization.key())
        // Greater than every key.
        .bind(before.map_or_else(|| "g".to_owned(), AlertId::key))
        .bind(limit);
    if let Some(session) = filter.session {
        query = query.bind(session.key());
    }
    query.fetch_all(pool).await?.iter().map(alert).collect()
}

/// The words in it are our own; only ids come from outside, and those are bound.
pub(super) fn list_sql(filter: AlertFilter) -> String {
    let mut sql = format!("SELECT {COLUMNS} WHERE a.organization_id = $1 AND a.id < $2");
    if let Some(status) = filter.status {
        let _ = write!(sql, " AND a.status = '{}'", status.name());
    }
    if let Some(severity) = filter.severity {
        let _ = write!(sql, " AND a.severity = '{}'", severity.name());
    }
    if let Some(kind) = filter.kind {
        let _ = write!(sql, " AND a.kind = '{}'", kind.name());
    }
    if filter.session.is_some() {
        sql.push_str(" AND a.session_id = $4");
    }
    sql.push_str(" ORDER BY a.id DESC LIMIT $3");
    sql
}

pub async fn find(pool: &AnyPool, organization: OrganizationId, id: AlertId) -> Result<Option<Alert>> {
    let sql = format!("SELECT {COLUMNS} WHERE a.organization_id = $1 AND a.id = $2");
    sqlx::query(AssertSqlSafe(sql))
        .bind(organization.key())
        .bind(id.key())
        .fetch_optional(pool)
        .await?
        .as_ref()
        .map(alert)
        .transpose()
}

pub async fn counts(pool: &AnyPool, organization: OrganizationId) -> Result<AlertCounts> {
    let rows =
        sqlx::query("SELECT severity, open, acknowledged FROM alert_counters WHERE organization_id = $1")
            .bind(organization.key())
            .fetch_all(pool)
            .await?;
    let mut counts = AlertCounts::default();
    for row in &rows {
        let open: i64 = row.try_get("open")?;
        match severity(row)? {
            Severity::Info => counts.info = open,
            Severity::Warning => counts.warning = open,
            Severity::Critical => counts.critical = open,
        }
        counts.acknowledged += row.try_get::<i64, _>("acknowledged")?;
    }
    Ok(counts)
}

/// What a person is called.
// cross-org: a user belongs to no organization.
pub async fn user_name(conn: &mut AnyConnection, user: UserId) -> Result<Option<String>> {
    let row = sqlx::query("SELECT name FROM users WHERE id = $1")
        .bind(user.key())
        .fetch_optional(conn)
        .await?;
    Ok(row.map(|row| row.try_get("name")).transpose()?)
}

pub async fn key_name(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    key: ApiKeyId,
) -> Result<Option<String>> {
    let row = sqlx::query("SELECT name FROM api_keys WHERE organization_id = $1 AND id = $2")
        .bind(organization.key())
        .bind(key.key())
        .fetch_optional(conn)
        .await?;
    Ok(row.map(|row| row.try_get("name")).transpose()?)
}

fn alert(row: &AnyRow) -> Result<Alert> {
    let kind = AlertKind::from_name(row.try_get("kind")?).ok_or(Error::Damaged("an alert's kind"))?;
    let session = session(row)?;
    let time =
        |name: &str| -> Result<Option<Timestamp>> { Ok(row.try_get::<Option<i64>, _>(name)?.map(Timestamp)) };
    let resolved_at = time("resolved_at")?;
    let resolved_by: Option<String> = row.try_get("resolved_by")?;
    let resolved_how = resolved_at.map(|_| match resolved_by {
        Some(_) => Resolution::ByHand,
        None => Resolution::ByItself,
    });
    Ok(Alert {
        id: id(row)?,
        severity: severity(row)?,
        kind,
        session,
        session_name: row.try_get("session_name")?,
        details: AlertDetails {
            happened: row.try_get("happened")?,
            means: row.try_get("means")?,
            advice: row.try_get("advice")?,
        },
        action: words::action(kind, session),
        status: status(row)?,
        raised_at: Timestamp(row.try_get("raised_at")?),
        last_seen_at: Timestamp(row.try_get("last_seen_at")?),
        times_seen: row.try_get("times_seen")?,
        acknowledged_at: time("acknowledged_at")?,
        acknowledged_by: row.try_get("acknowledged_by")?,
        resolved_at,
        resolved_by,
        resolved_how,
        resolution: row.try_get("resolution")?,
    })
}

pub(super) fn id(row: &AnyRow) -> Result<AlertId> {
    AlertId::from_key(row.try_get("id")?).map_err(|_| Error::Damaged("an alert's id"))
}

pub(super) fn session(row: &AnyRow) -> Result<Option<SessionId>> {
    row.try_get::<Option<String>, _>("session_id")?
        .map(|key| SessionId::from_key(&key))
        .transpose()
        .map_err(|_| Error::Damaged("an alert's session"))
}

pub(super) fn severity(row: &AnyRow) -> Result<Severity> {
    Severity::from_name(row.try_get("severity")?).ok_or(Error::Damaged("an alert's severity"))
}

pub(super) fn status(row: &AnyRow) -> Result<AlertStatus> {
    AlertStatus::from_name(row.try_get("status")?).ok_or(Error::Damaged("an alert's status"))
}
