//! SQL of what alerts say of a lane.

use crate::{Error, Result};
use sqlx::{AnyConnection, AnyPool, Row};
use types::{OrganizationId, SessionId, alerts::AlertKind};

/// The kind of an alert and what it is about.
pub type Told = (AlertKind, String);

/// What stands about a session, or about the whole organization.
pub async fn standing(pool: &AnyPool, organization: OrganizationId, session: SessionId) -> Result<Vec<Told>> {
    let rows = sqlx::query(
        "SELECT kind, subject FROM alerts WHERE organization_id = $1 AND status <> 'resolved' \
         AND kind IN ('limit_near', 'limit_reached', 'repeated_text', 'cold_quota', 'session_restricted') \
         AND (session_id IS NULL OR session_id = $2)",
    )
    .bind(organization.key())
    .bind(session.key())
    .fetch_all(pool)
    .await?;
    rows.iter()
        .map(|row| {
            let kind = AlertKind::from_name(row.try_get("kind")?).ok_or(Error::Damaged("an alert's kind"))?;
            Ok((kind, row.try_get("subject")?))
        })
        .collect()
}

/// `None` when it was deleted.
pub async fn name(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    session: SessionId,
) -> Result<Option<String>> {
    let row = sqlx::query(
        "SELECT name FROM sessions WHERE organization_id = $1 AND id = $2 AND deleted_at IS NULL",
    )
    .bind(organization.key())
    .bind(session.key())
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| row.try_get("name")).transpose()?)
}
