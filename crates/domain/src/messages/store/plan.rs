//! SQL of planning: an organization's rules, its sessions, their lanes, its queue numbers.

use crate::{Error, Result, Tx};
use db::{AssertSqlSafe, Engine, Statement, placeholders};
use sqlx::{AnyConnection, Row};
use types::{OrganizationId, SessionId, sessions::SessionState};

pub struct OrganizationRow {
    pub suspended: bool,
    pub main_number: Option<String>,
    pub allow_list: String,
    pub has_opt_outs: bool,
    /// `None` before the first message.
    pub next_queue_id: Option<i64>,
}

/// A session that may be named.
pub type SessionRow = (SessionId, SessionState);

/// Everything about an organization and its sessions, oldest first, in one statement: each is a
/// trip to another thread or machine. The list of allowed recipients may be long and stands in
/// one row only.
// cross-org: the id is the organization itself.
pub async fn organization(
    conn: &mut AnyConnection,
    id: OrganizationId,
) -> Result<Option<(OrganizationRow, Vec<SessionRow>)>> {
    let rows = sqlx::query(
        "WITH org AS MATERIALIZED (SELECT o.id, o.suspended_at, o.main_number, o.allow_list, \
         (SELECT q.next_queue_id FROM queue_counters q WHERE q.organization_id = o.id) AS next_queue_id, \
         (SELECT x.jid FROM opt_outs x WHERE x.organization_id = o.id LIMIT 1) AS opt_out, \
         (SELECT MIN(f.id) FROM sessions f WHERE f.organization_id = o.id AND f.deleted_at IS NULL) AS first_session \
         FROM organizations o WHERE o.id = $1) \
         SELECT org.suspended_at, org.main_number, org.next_queue_id, org.opt_out, s.id AS session, s.state, \
         CASE WHEN s.id IS NULL OR s.id = org.first_session THEN org.allow_list END AS allow_list \
         FROM org LEFT JOIN sessions s ON s.organization_id = org.id AND s.deleted_at IS NULL \
         ORDER BY s.created_at, s.id",
    )
    .bind(id.key())
    .fetch_all(conn)
    .await?;
    let Some(row) = rows.first() else {
        return Ok(None);
    };
    let mut organization = OrganizationRow {
        suspended: row.try_get::<Option<i64>, _>("suspended_at")?.is_some(),
        main_number: row.try_get("main_number")?,
        allow_list: String::new(),
        has_opt_outs: row.try_get::<Option<String>, _>("opt_out")?.is_some(),
        next_queue_id: row.try_get("next_queue_id")?,
    };
    let mut sessions = Vec::with_capacity(rows.len());
    for row in &rows {
        if let Some(list) = row.try_get::<Option<String>, _>("allow_list")? {
            organization.allow_list = list;
        }
        let Some(session) = row.try_get::<Option<String>, _>("session")? else {
            continue;
        };
        sessions.push((
            SessionId::from_key(&session).map_err(|_| Error::Damaged("a session's id"))?,
            SessionState::from_name(row.try_get("state")?).ok_or(Error::Damaged("a session's state"))?,
        ));
    }
    Ok(Some((organization, sessions)))
}

/// Which sessions have a chat with each of those recipients, newest first.
pub async fn talks(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    recipients: &[String],
) -> Result<Vec<(String, SessionId)>> {
    let mut found = Vec::new();
    for chunk in recipients.chunks(256) {
        let sql = format!(
            "SELECT jid, session_id FROM chats WHERE organization_id = $1 AND jid IN ({}) ORDER BY last_at DESC",
            placeholders(2, chunk.len())
        );
        let mut query = sqlx::query(AssertSqlSafe(sql)).bind(organization.key());
        for jid in chunk {
            query = query.bind(jid.as_str());
        }
        for row in query.fetch_all(&mut *conn).await? {
            let session: String = row.try_get("session_id")?;
            found.push((
                row.try_get("jid")?,
                SessionId::from_key(&session).map_err(|_| Error::Damaged("a chat's session"))?,
            ));
        }
    }
    Ok(found)
}

/// The next free queue id; the row stays ours until the transaction ends.
pub async fn next_queue_id(tx: &mut Tx, organization: OrganizationId) -> Result<i64> {
    const SQLITE: &str = "SELECT next_queue_id FROM queue_counters WHERE organization_id = $1";
    const POSTGRES: &str = "SELECT next_queue_id FROM queue_counters WHERE organization_id = $1 FOR UPDATE";
    let sql = if tx.engine() == Engine::Postgres {
        POSTGRES
    } else {
        SQLITE
    };
    for _ in 0..2 {
        let row = sqlx::query(sql)
            .bind(organization.key())
            .fetch_optional(tx.conn())
            .await?;
        if let Some(row) = row {
            return Ok(row.try_get("next_queue_id")?);
        }
        sqlx::query(
            "INSERT INTO queue_counters (organization_id, next_queue_id, waiting, sent, failed) \
             VALUES ($1, 1, 0, 0, 0) ON CONFLICT (organization_id) DO NOTHING",
        )
        .bind(organization.key())
        .execute(tx.conn())
        .await?;
    }
    Err(Error::Damaged("an organization's queue counters"))
}

pub fn take_queue_ids(tx: &mut Tx, organization: OrganizationId, count: i64) {
    tx.at_commit(
        Statement::new(
            "UPDATE queue_counters SET next_queue_id = next_queue_id + $1, waiting = waiting + $2 \
             WHERE organization_id = $3",
        )
        .bind(count)
        .bind(count)
        .bind(organization.key()),
    );
}

pub async fn has_session(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    session: SessionId,
) -> Result<bool> {
    let row =
        sqlx::query("SELECT id FROM sessions WHERE organization_id = $1 AND id = $2 AND deleted_at IS NULL")
            .bind(organization.key())
            .bind(session.key())
            .fetch_optional(conn)
            .await?;
    Ok(row.is_some())
}
