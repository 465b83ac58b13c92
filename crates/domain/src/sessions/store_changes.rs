//! SQL of sessions: what changes them.

use super::store::TRANSITIONS;
use crate::Result;
use sqlx::{AnyConnection, Row};
use types::{
    OrganizationId, SessionId, Timestamp,
    sessions::{Channel, SessionState},
};

/// A session as its events name it.
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
    .map(|row| {
        Ok(Named {
            name: row.try_get("name")?,
            number: row.try_get("number")?,
        })
    })
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
