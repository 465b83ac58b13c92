//! SQL of alerts: what changes them.

use super::{
    store::{id, session, severity, status},
    words::NewAlert,
};
use crate::{Error, Result, Tx};
use db::{AssertSqlSafe, Statement, in_order, placeholders};
use sqlx::{AnyConnection, Row, any::AnyRow};
use types::{
    AlertId, OrganizationId, SessionId, Timestamp,
    alerts::{AlertKind, AlertStatus, Severity},
};

/// An alert as an event tells of it and a kept number counts it.
#[derive(Clone, Debug)]
pub struct Told {
    pub id: AlertId,
    pub kind: AlertKind,
    pub severity: Severity,
    pub session: Option<SessionId>,
    pub happened: String,
    pub times_seen: i64,
    /// Somebody looked after it before this change.
    pub acknowledged: bool,
    pub status: AlertStatus,
    /// When open pages last heard of it.
    pub heard_at: Timestamp,
}

const TOLD: &str =
    "RETURNING id, kind, severity, session_id, happened, times_seen, acknowledged_at, status, told_at";

fn told(row: &AnyRow) -> Result<Told> {
    Ok(Told {
        id: id(row)?,
        kind: AlertKind::from_name(row.try_get("kind")?).ok_or(Error::Damaged("an alert's kind"))?,
        severity: severity(row)?,
        session: session(row)?,
        happened: row.try_get("happened")?,
        times_seen: row.try_get("times_seen")?,
        acknowledged: row.try_get::<Option<i64>, _>("acknowledged_at")?.is_some(),
        status: status(row)?,
        heard_at: Timestamp(row.try_get("told_at")?),
    })
}

/// Inserts it, or counts the one that stands. `quiet`: how long open pages need not hear of it
/// again.
pub async fn raise(
    conn: &mut AnyConnection,
    id: AlertId,
    new: &NewAlert,
    at: Timestamp,
    quiet: i64,
) -> Result<Told> {
    let sql = format!(
        "INSERT INTO alerts (id, organization_id, session_id, kind, subject, severity, status, happened, means, advice, \
         raised_at, last_seen_at, told_at, times_seen) \
         VALUES ($1, $2, $3, $4, $5, $6, 'open', $7, $8, $9, $10, $10, $10, 1) \
         ON CONFLICT (organization_id, kind, subject) WHERE status <> 'resolved' DO UPDATE SET \
         times_seen = alerts.times_seen + 1, happened = excluded.happened, means = excluded.means, \
         advice = excluded.advice, \
         last_seen_at = CASE WHEN excluded.last_seen_at > alerts.last_seen_at THEN excluded.last_seen_at \
         ELSE alerts.last_seen_at END, \
         told_at = CASE WHEN excluded.told_at - alerts.told_at >= $11 THEN excluded.told_at \
         ELSE alerts.told_at END {TOLD}"
    );
    let row = sqlx::query(AssertSqlSafe(sql))
        .bind(id.key())
        .bind(new.organization.key())
        .bind(new.subject.whose().map(SessionId::key))
        .bind(new.kind.name())
        .bind(new.subject.key())
        .bind(new.severity.name())
        .bind(new.details.happened.as_str())
        .bind(new.details.means.as_str())
        .bind(new.details.advice.as_str())
        .bind(at.0)
        .bind(quiet)
        .fetch_one(conn)
        .await?;
    told(&row)
}

/// What stands of these kinds about that subject is over.
pub async fn clear(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    kinds: &[AlertKind],
    subject: &str,
    at: Timestamp,
    resolution: &str,
) -> Result<Vec<Told>> {
    let kinds: Vec<String> = kinds.iter().map(|kind| format!("'{}'", kind.name())).collect();
    let sql = format!(
        "UPDATE alerts SET status = 'resolved', resolved_at = $1, resolution = $2 \
         WHERE organization_id = $3 AND subject = $4 AND status <> 'resolved' AND kind IN ({}) {TOLD}",
        kinds.join(", ")
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(at.0)
        .bind(resolution)
        .bind(organization.key())
        .bind(subject)
        .fetch_all(conn)
        .await?;
    rows.iter().map(told).collect()
}

/// Everything that stands about a session and its limits is over.
pub async fn clear_session(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    session: SessionId,
    at: Timestamp,
    resolution: &str,
) -> Result<Vec<Told>> {
    let sql = format!(
        "UPDATE alerts SET status = 'resolved', resolved_at = $1, resolution = $2 \
         WHERE organization_id = $3 AND session_id = $4 AND status <> 'resolved' {TOLD}"
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(at.0)
        .bind(resolution)
        .bind(organization.key())
        .bind(session.key())
        .fetch_all(conn)
        .await?;
    rows.iter().map(told).collect()
}

/// `None` when it is not open.
pub async fn acknowledge(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    id: AlertId,
    by: &str,
    at: Timestamp,
) -> Result<Option<Told>> {
    let sql = format!(
        "UPDATE alerts SET status = 'acknowledged', acknowledged_at = $1, acknowledged_by = $2 \
         WHERE organization_id = $3 AND id = $4 AND status = 'open' {TOLD}"
    );
    sqlx::query(AssertSqlSafe(sql))
        .bind(at.0)
        .bind(by)
        .bind(organization.key())
        .bind(id.key())
        .fetch_optional(conn)
        .await?
        .as_ref()
        .map(told)
        .transpose()
}

/// By hand; those that are over already stay as they are.
pub async fn resolve(
    tx: &mut Tx,
    organization: OrganizationId,
    ids: &[AlertId],
    by: &str,
    at: Timestamp,
) -> Result<Vec<Told>> {
    let sql = format!(
        "UPDATE alerts SET status = 'resolved', resolved_at = $1, resolved_by = $2 \
         WHERE organization_id = $3 AND status <> 'resolved' AND id IN ({}) {TOLD}",
        placeholders(4, ids.len())
    );
    let mut query = sqlx::query(AssertSqlSafe(in_order(tx.engine(), sql)))
        .bind(at.0)
        .bind(by)
        .bind(organization.key());
    for id in ids {
        query = query.bind(id.key());
    }
    let rows = query.fetch_all(tx.conn()).await?;
    rows.iter().map(told).collect()
}

/// The kept numbers move at the commit: they are rows that everybody wants.
pub fn count(tx: &mut Tx, organization: OrganizationId, severity: Severity, open: i64, acknowledged: i64) {
    tx.at_commit(
        Statement::new(
            "INSERT INTO alert_counters (organization_id, severity, open, acknowledged) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (organization_id, severity) DO UPDATE SET open = alert_counters.open + excluded.open, \
             acknowledged = alert_counters.acknowledged + excluded.acknowledged",
        )
        .bind(organization.key())
        .bind(severity.name())
        .bind(open)
        .bind(acknowledged),
    );
}
