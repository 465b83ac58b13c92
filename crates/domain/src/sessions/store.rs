//! SQL of sessions: what is read.

use crate::{Error, Result};
use db::AssertSqlSafe;
use sqlx::{AnyConnection, AnyPool, Row, any::AnyRow};
use types::{
    AppError, OrganizationId, SessionId, Timestamp,
    sessions::{Channel, Session, SessionState, Transition},
};

/// How many changes of state are kept of each session.
pub(super) const TRANSITIONS: i64 = 50;

pub(super) struct Found {
    pub state: SessionState,
}

/// What a runner needs.
pub(super) struct ToRun {
    pub organization: OrganizationId,
    pub channel: Channel,
    pub credentials: Option<String>,
}

pub(super) async fn find(
    pool: &AnyPool,
    organization: OrganizationId,
    id: SessionId,
) -> Result<Option<Found>> {
    sqlx::query("SELECT state FROM sessions WHERE id = $1 AND organization_id = $2 AND deleted_at IS NULL")
        .bind(id.key())
        .bind(organization.key())
        .fetch_optional(pool)
        .await?
        .map(|row| {
            Ok(Found {
                state: state(row.try_get("state")?)?,
            })
        })
        .transpose()
}

/// Oldest first; all of the organization's, or that one.
pub(super) async fn list(
    pool: &AnyPool,
    organization: OrganizationId,
    only: Option<SessionId>,
    today: &str,
) -> Result<Vec<Session>> {
    let mut sql = String::from(
        "SELECT s.id, s.name, s.channel, s.number, s.state, s.reason, s.state_since, s.created_at, \
         s.linked_at, s.sent, s.failed, s.last_left_at, COALESCE(d.sent, 0) AS sent_today, \
         (SELECT COUNT(*) FROM messages m WHERE m.session_id = s.id AND m.state = 'pending') AS queued \
         FROM sessions s LEFT JOIN day_counters d \
         ON d.organization_id = s.organization_id AND d.day = $2 AND d.session_id = s.id \
         WHERE s.organization_id = $1 AND s.deleted_at IS NULL",
    );
    if only.is_some() {
        sql.push_str(" AND s.id = $3");
    }
    sql.push_str(" ORDER BY s.created_at, s.id");
    let mut query = sqlx::query(AssertSqlSafe(sql))
        .bind(organization.key())
        .bind(today);
    if let Some(id) = only {
        query = query.bind(id.key());
    }
    query.fetch_all(pool).await?.iter().map(session).collect()
}

/// A session as other rooms name it.
pub(crate) struct Brief {
    pub id: SessionId,
    pub name: String,
    pub number: Option<String>,
    pub state: SessionState,
    pub reason: Option<String>,
    pub sent: i64,
    pub channel: Channel,
}

/// Oldest first, without anything that must be counted.
pub(super) async fn briefs(pool: &AnyPool, organization: OrganizationId) -> Result<Vec<Brief>> {
    let rows = sqlx::query(
        "SELECT s.name, s.id, s.number, s.state, s.reason, s.sent, s.channel FROM sessions s \
         WHERE s.organization_id = $1 AND s.deleted_at IS NULL ORDER BY s.created_at, s.id",
    )
    .bind(organization.key())
    .fetch_all(pool)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Brief {
                id: id_of(row)?,
                name: row.try_get("name")?,
                number: row.try_get("number")?,
                state: state(row.try_get("state")?)?,
                reason: row.try_get("reason")?,
                sent: row.try_get("sent")?,
                channel: channel(row.try_get("channel")?)?,
            })
        })
        .collect()
}

pub(super) async fn time_zone(pool: &AnyPool, organization: OrganizationId) -> Result<String> {
    // cross-org: the row is the organization itself.
    let row = sqlx::query("SELECT time_zone FROM organizations WHERE id = $1")
        .bind(organization.key())
        .fetch_optional(pool)
        .await?
        .ok_or_else(|| AppError::not_found("organization"))?;
    Ok(row.try_get("time_zone")?)
}

/// Every session that was running when the server ended.
pub(super) async fn running(conn: &mut AnyConnection) -> Result<Vec<(OrganizationId, SessionId)>> {
    // cross-org: a node starts the sessions of all organizations.
    sqlx::query(
        "SELECT organization_id, id FROM sessions WHERE wanted = 1 AND deleted_at IS NULL \
         AND state NOT IN ('stopped', 'logged_out') ORDER BY id",
    )
    .fetch_all(conn)
    .await?
    .iter()
    .map(|row| Ok((organization_of(row)?, id_of(row)?)))
    .collect()
}

pub(super) async fn to_run(pool: &AnyPool, id: SessionId) -> Result<Option<ToRun>> {
    // cross-org: the runner knows its session, and learns here whose it is.
    sqlx::query(
        "SELECT organization_id, channel, credentials FROM sessions \
         WHERE id = $1 AND wanted = 1 AND deleted_at IS NULL",
    )
    .bind(id.key())
    .fetch_optional(pool)
    .await?
    .map(|row| {
        Ok(ToRun {
            organization: organization_of(&row)?,
            channel: channel(row.try_get("channel")?)?,
            credentials: row.try_get("credentials")?,
        })
    })
    .transpose()
}

pub(super) async fn transitions(
    pool: &AnyPool,
    organization: OrganizationId,
    session: SessionId,
) -> Result<Vec<Transition>> {
    sqlx::query(
        "SELECT state, reason, at FROM session_transitions \
         WHERE session_id = $1 AND organization_id = $2 ORDER BY id DESC LIMIT $3",
    )
    .bind(session.key())
    .bind(organization.key())
    .bind(TRANSITIONS)
    .fetch_all(pool)
    .await?
    .iter()
    .map(|row| {
        Ok(Transition {
            state: state(row.try_get("state")?)?,
            reason: row.try_get("reason")?,
            at: Timestamp(row.try_get("at")?),
        })
    })
    .collect()
}

/// A change of state with the name of its session.
pub(crate) struct Change {
    pub session: SessionId,
    pub name: String,
    pub state: SessionState,
    pub reason: Option<String>,
    pub at: Timestamp,
}

/// Newest first, of the few that are kept of each session.
pub(super) async fn last_changes(
    pool: &AnyPool,
    organization: OrganizationId,
    own: Option<SessionId>,
    limit: i64,
) -> Result<Vec<Change>> {
    sqlx::query(
        "SELECT s.id, s.name, t.state, t.reason, t.at FROM sessions s JOIN session_transitions t ON t.session_id = s.id \
         WHERE s.organization_id = $1 AND s.deleted_at IS NULL AND ($2 = '' OR s.id = $2) \
         AND t.state NOT IN ('connecting', 'linking') ORDER BY t.id DESC LIMIT $3",
    )
    .bind(organization.key())
    .bind(own.map_or_else(String::new, SessionId::key))
    .bind(limit)
    .fetch_all(pool)
    .await?
    .iter()
    .map(|row| {
        Ok(Change {
            session: id_of(row)?,
            name: row.try_get("name")?,
            state: state(row.try_get("state")?)?,
            reason: row.try_get("reason")?,
            at: Timestamp(row.try_get("at")?),
        })
    })
    .collect()
}

fn session(row: &AnyRow) -> Result<Session> {
    let at = |column: &str| Ok::<_, sqlx::Error>(row.try_get::<Option<i64>, _>(column)?.map(Timestamp));
    Ok(Session {
        id: id_of(row)?,
        name: row.try_get("name")?,
        channel: channel(row.try_get("channel")?)?,
        number: row.try_get("number")?,
        state: state(row.try_get("state")?)?,
        reason: row.try_get("reason")?,
        state_since: Timestamp(row.try_get("state_since")?),
        created_at: Timestamp(row.try_get("created_at")?),
        linked_at: at("linked_at")?,
        sent_today: row.try_get("sent_today")?,
        sent: row.try_get("sent")?,
        failed: row.try_get("failed")?,
        queued: row.try_get("queued")?,
        last_sent_at: at("last_left_at")?,
    })
}

fn state(name: &str) -> Result<SessionState> {
    SessionState::from_name(name).ok_or(Error::Damaged("a session's state"))
}

fn channel(name: &str) -> Result<Channel> {
    match name {
        "sandbox" => Ok(Channel::Sandbox),
        _ => Err(Error::Damaged("a session's channel")),
    }
}

fn id_of(row: &AnyRow) -> Result<SessionId> {
    SessionId::from_key(row.try_get("id")?).map_err(|_| Error::Damaged("a session's id"))
}

fn organization_of(row: &AnyRow) -> Result<OrganizationId> {
    OrganizationId::from_key(row.try_get("organization_id")?)
        .map_err(|_| Error::Damaged("a session's organization"))
}
