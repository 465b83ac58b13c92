//! SQL of settings.

use super::policy::{OfSession, Policy};
use crate::{Error, Result, Tx, time};
use db::{AssertSqlSafe, in_order, insert_sql, padded_len, placeholders};
use jiff::tz::TimeZone;
use sqlx::{Any, AnyConnection, AnyPool, Executor, Row as _, any::AnyRow};
use types::{OrganizationId, SessionId, pacing::Limits};

#[derive(Clone)]
pub struct Row {
    pub name: String,
    pub time_zone: String,
    pub main_number: Option<String>,
    pub allow_list: String,
    pub limits: Limits,
}

impl Row {
    /// The fields in which the other row differs.
    pub fn changed(&self, other: &Self) -> Vec<&'static str> {
        let mut fields: Vec<_> = [
            ("name", self.name != other.name),
            ("time_zone", self.time_zone != other.time_zone),
            ("main_number", self.main_number != other.main_number),
            ("allow_list", self.allow_list != other.allow_list),
        ]
        .into_iter()
        .filter_map(|(field, differs)| differs.then_some(field))
        .collect();
        fields.extend(super::limits::changed(&self.limits, &other.limits));
        fields
    }
}

pub async fn get(pool: &AnyPool, organization: OrganizationId) -> Result<Option<Row>> {
    sqlx::query("SELECT name, time_zone, main_number, allow_list, limits FROM organizations WHERE id = $1")
        .bind(organization.key())
        .fetch_optional(pool)
        .await?
        .as_ref()
        .map(read)
        .transpose()
}

/// Reads the row and keeps others from changing it until the transaction ends: an update that
/// changes nothing locks on both engines.
pub async fn lock(conn: &mut AnyConnection, organization: OrganizationId) -> Result<Option<Row>> {
    sqlx::query(
        "UPDATE organizations SET name = name WHERE id = $1 \
         RETURNING name, time_zone, main_number, allow_list, limits",
    )
    .bind(organization.key())
    .fetch_optional(conn)
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

pub async fn update(conn: &mut AnyConnection, organization: OrganizationId, row: &Row) -> Result<()> {
    sqlx::query(
        "UPDATE organizations SET name = $2, time_zone = $3, main_number = $4, allow_list = $5, limits = $6 \
         WHERE id = $1",
    )
    .bind(organization.key())
    .bind(row.name.as_str())
    .bind(row.time_zone.as_str())
    .bind(row.main_number.clone())
    .bind(row.allow_list.as_str())
    .bind(row.limits.to_json())
    .execute(conn)
    .await?;
    Ok(())
}

/// The platform's own values; `None` where nobody ever set any.
// cross-org: the platform's own values.
pub async fn platform(conn: impl Executor<'_, Database = Any>) -> Result<Option<Limits>> {
    let row = sqlx::query("SELECT value FROM platform WHERE key = 'limits'")
        .fetch_optional(conn)
        .await?;
    row.map(|row| Ok(Limits::from_json(row.try_get("value")?)))
        .transpose()
}

// cross-org: the platform's own values.
pub async fn set_platform(conn: &mut AnyConnection, limits: &Limits) -> Result<()> {
    sqlx::query(
        "INSERT INTO platform (key, value) VALUES ('limits', $1) \
         ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    )
    .bind(limits.to_json())
    .execute(conn)
    .await?;
    Ok(())
}

/// The session's own limits, `None` without such a session.
pub async fn session(
    conn: impl Executor<'_, Database = Any>,
    organization: OrganizationId,
    session: SessionId,
) -> Result<Option<Limits>> {
    let row = sqlx::query(
        "SELECT limits FROM sessions WHERE organization_id = $1 AND id = $2 AND deleted_at IS NULL",
    )
    .bind(organization.key())
    .bind(session.key())
    .fetch_optional(conn)
    .await?;
    row.map(|row| Ok(Limits::from_json(row.try_get("limits")?)))
        .transpose()
}

pub async fn set_session(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    session: SessionId,
    limits: &Limits,
) -> Result<()> {
    sqlx::query("UPDATE sessions SET limits = $1 WHERE organization_id = $2 AND id = $3")
        .bind(limits.to_json())
        .bind(organization.key())
        .bind(session.key())
        .execute(conn)
        .await?;
    Ok(())
}

pub async fn opt_outs(
    conn: impl Executor<'_, Database = Any>,
    organization: OrganizationId,
) -> Result<Vec<String>> {
    let rows = sqlx::query("SELECT jid FROM opt_outs WHERE organization_id = $1 ORDER BY jid")
        .bind(organization.key())
        .fetch_all(conn)
        .await?;
    rows.iter().map(|row| Ok(row.try_get("jid")?)).collect()
}

/// Which of those have opted out.
pub async fn opted_out(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    jids: &[String],
) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for chunk in jids.chunks(256) {
        let sql = format!(
            "SELECT jid FROM opt_outs WHERE organization_id = $1 AND jid IN ({})",
            placeholders(2, chunk.len())
        );
        let mut query = sqlx::query(AssertSqlSafe(sql)).bind(organization.key());
        for jid in chunk {
            query = query.bind(jid.as_str());
        }
        for row in query.fetch_all(&mut *conn).await? {
            found.push(row.try_get("jid")?);
        }
    }
    Ok(found)
}

/// How many entries the list has, and when the newest came: other numbers, another list.
pub type Mark = (i64, i64);

pub async fn opt_outs_mark(conn: &mut AnyConnection, organization: OrganizationId) -> Result<Mark> {
    let row = sqlx::query(
        "SELECT COUNT(*) AS entries, COALESCE(MAX(at), 0) AS newest FROM opt_outs WHERE organization_id = $1",
    )
    .bind(organization.key())
    .fetch_one(conn)
    .await?;
    Ok((row.try_get("entries")?, row.try_get("newest")?))
}

pub async fn add_opt_outs(tx: &mut Tx, organization: OrganizationId, jids: &[&str]) -> Result<()> {
    const COLUMNS: usize = 3;
    let (now, engine) = (tx.now(), tx.engine());
    let mut rest = jids;
    while !rest.is_empty() {
        let (chunk, after) = rest.split_at(db::rows_per_statement(rest.len(), COLUMNS, 8_000));
        let sql = insert_sql(
            engine,
            "opt_outs (organization_id, jid, at)",
            COLUMNS,
            chunk.len(),
            "ON CONFLICT (organization_id, jid) DO NOTHING",
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for jid in chunk {
            query = query.bind(organization.key()).bind(*jid).bind(now.0);
        }
        query.execute(tx.conn()).await?;
        rest = after;
    }
    Ok(())
}

pub async fn remove_opt_outs(tx: &mut Tx, organization: OrganizationId, jids: &[&str]) -> Result<()> {
    for chunk in jids.chunks(256) {
        let many = padded_len(chunk.len());
        let sql = format!(
            "DELETE FROM opt_outs WHERE organization_id = $1 AND jid IN ({})",
            placeholders(2, many)
        );
        let mut query = sqlx::query(AssertSqlSafe(in_order(tx.engine(), sql))).bind(organization.key());
        for jid in chunk.iter().chain(chunk.last().into_iter().cycle()).take(many) {
            query = query.bind(*jid);
        }
        query.execute(tx.conn()).await?;
    }
    Ok(())
}

/// Everything that holds an organization's messages, with all of its sessions.
// cross-org: the id is the organization itself.
pub async fn policy(
    conn: impl Executor<'_, Database = Any>,
    organization: OrganizationId,
) -> Result<Option<Policy>> {
    let rows = sqlx::query(
        "SELECT o.limits, o.time_zone, o.suspended_at, o.allow_list, s.id AS session, s.limits AS own, \
         (SELECT p.value FROM platform p WHERE p.key = 'limits') AS platform, \
         (SELECT x.jid FROM opt_outs x WHERE x.organization_id = o.id LIMIT 1) AS opt_out \
         FROM organizations o LEFT JOIN sessions s ON s.organization_id = o.id AND s.deleted_at IS NULL \
         WHERE o.id = $1",
    )
    .bind(organization.key())
    .fetch_all(conn)
    .await?;
    let Some(row) = rows.first() else {
        return Ok(None);
    };
    let zone: String = row.try_get("time_zone")?;
    let platform = row
        .try_get::<Option<String>, _>("platform")?
        .map_or_else(Limits::defaults, |text| Limits::from_json(&text));
    let sessions = rows
        .iter()
        .filter_map(|row| of_session(row).transpose())
        .collect::<Result<_>>()?;
    Ok(Some(Policy {
        calendar: pacing::Calendar::new(time::find(&zone).unwrap_or(TimeZone::UTC)),
        zone,
        suspended: row.try_get::<Option<i64>, _>("suspended_at")?.is_some(),
        allow_list: super::allow_list::AllowList::read(row.try_get("allow_list")?),
        has_opt_outs: row.try_get::<Option<String>, _>("opt_out")?.is_some(),
        organization: Limits::from_json(row.try_get("limits")?),
        platform,
        sessions,
    }))
}

fn of_session(row: &AnyRow) -> Result<Option<OfSession>> {
    let Some(session) = row.try_get::<Option<String>, _>("session")? else {
        return Ok(None);
    };
    Ok(Some(OfSession {
        session: SessionId::from_key(&session).map_err(|_| Error::Damaged("a session's id"))?,
        limits: Limits::from_json(&row.try_get::<Option<String>, _>("own")?.unwrap_or_default()),
    }))
}

fn read(row: &AnyRow) -> Result<Row> {
    Ok(Row {
        name: row.try_get("name")?,
        time_zone: row.try_get("time_zone")?,
        main_number: row.try_get("main_number")?,
        allow_list: row.try_get("allow_list")?,
        limits: Limits::from_json(row.try_get("limits")?),
    })
}
