//! SQL of sessions.

use crate::{Error, Result};
use db::AssertSqlSafe;
use sqlx::{AnyConnection, AnyPool, Row, any::AnyRow};
use types::{
    AppError, OrganizationId, SessionId, Timestamp,
    sessions::{Channel, Session, SessionState, Transition},
};

/// How many changes of state are kept of each session.
const TRANSITIONS: i64 = 50;

pub(super) struct Found {
    pub state: SessionState,
}

/// What a runner needs.
pub(super) struct ToRun {
    pub organization: OrganizationId,
    pub channel: Channel,
    pub credentials: Option<String>,
}

pub(super) struct Named {
    pub name: String,
    pub number: Option<String>,
}

pub(super) async fn insert(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    id: SessionId,
    name: &str,
    channel: Channel,
    now: Timestamp,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO sessions (id, organization_id, name, channel, state, state_since, created_at) \
         VALUES ($1, $2, $3, $4, 'new', $5, $6)",
    )
    .bind(id.key())
    .bind(organization.key())
    .bind(name)
    .bind(channel.name())
    .bind(now.0)
    .bind(now.0)
    .execute(conn)
    .await?;
    Ok(())
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
        .map(|row| Ok(Found { state: state(row.try_get("state")?)? }))
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
    let mut query = sqlx::query(AssertSqlSafe(sql)).bind(organization.key()).bind(today);
    if let Some(id) = only {
        query = query.bind(id.key());
    }
    query.fetch_all(pool).await?.iter().map(session).collect()
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

/// `None` when it was in that state for that reason already, or is gone.
pub(super) async fn set_state(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    id: SessionId,
    state: SessionState,
    reason: Option<&str>,
    now: Timestamp,
) -> Result<Option<Named>> {
    sqlx::query(
        "UPDATE sessions SET reason = $1, state_since = CASE WHEN state = $2 THEN state_since ELSE $3 END, \
         state = $4 WHERE id = $5 AND organization_id = $6 AND deleted_at IS NULL \
         AND (state <> $7 OR COALESCE(reason, '') <> $8) RETURNING name, number",
    )
    .bind(reason)
    .bind(state.name())
    .bind(now.0)
    .bind(state.name())
    .bind(id.key())
    .bind(organization.key())
    .bind(state.name())
    .bind(reason.unwrap_or_default())
    .fetch_optional(conn)
    .await?
    .map(|row| Ok(Named { name: row.try_get("name")?, number: row.try_get("number")? }))
    .transpose()
}

pub(super) async fn add_transition(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    session: SessionId,
    id: &str,
    state: SessionState,
    reason: Option<&str>,
    now: Timestamp,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO session_transitions (id, session_id, organization_id, at, state, reason) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(id)
    .bind(session.key())
    .bind(organization.key())
    .bind(now.0)
    .bind(state.name())
    .bind(reason)
    .execute(&mut *conn)
    .await?;
    sqlx::query(
        "DELETE FROM session_transitions WHERE session_id = $1 AND organization_id = $2 AND id < \
         (SELECT id FROM session_transitions WHERE session_id = $3 ORDER BY id DESC LIMIT 1 OFFSET $4)",
    )
    .bind(session.key())
    .bind(organization.key())
    .bind(session.key())
    .bind(TRANSITIONS - 1)
    .execute(conn)
    .await?;
    Ok(())
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

pub(super) async fn set_wanted(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    id: SessionId,
    wanted: bool,
) -> Result<()> {
    sqlx::query("UPDATE sessions SET wanted = $1 WHERE id = $2 AND organization_id = $3")
        .bind(i64::from(wanted))
        .bind(id.key())
        .bind(organization.key())
        .execute(conn)
        .await?;
    Ok(())
}

pub(super) async fn save_link(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    id: SessionId,
    sealed: &str,
    number: &str,
    now: Timestamp,
) -> Result<()> {
    sqlx::query(
        "UPDATE sessions SET credentials = $1, number = $2, linked_at = COALESCE(linked_at, $3) \
         WHERE id = $4 AND organization_id = $5",
    )
    .bind(sealed)
    .bind(number)
    .bind(now.0)
    .bind(id.key())
    .bind(organization.key())
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn forget_link(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    id: SessionId,
) -> Result<()> {
    sqlx::query("UPDATE sessions SET credentials = NULL WHERE id = $1 AND organization_id = $2")
        .bind(id.key())
        .bind(organization.key())
        .execute(conn)
        .await?;
    Ok(())
}

pub(super) async fn delete(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    id: SessionId,
    now: Timestamp,
) -> Result<()> {
    sqlx::query("UPDATE sessions SET deleted_at = $1, wanted = 0 WHERE id = $2 AND organization_id = $3")
        .bind(now.0)
        .bind(id.key())
        .bind(organization.key())
        .execute(conn)
        .await?;
    Ok(())
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
