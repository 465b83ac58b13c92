//! SQL of the dashboard: kept numbers only.

use crate::{Error, Result};
use sqlx::{AnyPool, Row};
use types::{OrganizationId, SessionId};

pub struct DayRow {
    pub day: String,
    /// `None` for what failed before a session was chosen.
    pub session: Option<SessionId>,
    pub sent: i64,
    pub delivered: i64,
    pub read: i64,
    pub failed: i64,
}

/// The numbers of each day and session since that day.
pub async fn days(pool: &AnyPool, organization: OrganizationId, since: &str) -> Result<Vec<DayRow>> {
    let rows = sqlx::query(
        "SELECT day, session_id, sent, delivered, read, failed FROM day_counters \
         WHERE organization_id = $1 AND day >= $2",
    )
    .bind(organization.key())
    .bind(since)
    .fetch_all(pool)
    .await?;
    rows.iter()
        .map(|row| {
            let session: &str = row.try_get("session_id")?;
            Ok(DayRow {
                day: row.try_get("day")?,
                session: match session {
                    "" => None,
                    key => Some(SessionId::from_key(key).map_err(|_| Error::Damaged("a counter's session"))?),
                },
                sent: row.try_get("sent")?,
                delivered: row.try_get("delivered")?,
                read: row.try_get("read")?,
                failed: row.try_get("failed")?,
            })
        })
        .collect()
}

#[derive(Clone, Copy, Debug, Default)]
pub struct Totals {
    pub waiting: i64,
    pub sent: i64,
}

pub async fn totals(pool: &AnyPool, organization: OrganizationId) -> Result<Totals> {
    let row = sqlx::query("SELECT waiting, sent FROM queue_counters WHERE organization_id = $1")
        .bind(organization.key())
        .fetch_optional(pool)
        .await?;
    match row {
        Some(row) => Ok(Totals {
            waiting: row.try_get("waiting")?,
            sent: row.try_get("sent")?,
        }),
        None => Ok(Totals::default()),
    }
}

/// Few by nature: what was on the wire when something broke.
pub async fn uncertain(pool: &AnyPool, organization: OrganizationId) -> Result<i64> {
    let row = sqlx::query(
        "SELECT CAST(COUNT(*) AS BIGINT) AS count FROM messages \
         WHERE organization_id = $1 AND state = 'uncertain' AND state IN ('processing', 'uncertain') AND session_id IN \
         (SELECT id FROM sessions WHERE organization_id = $1)",
    )
    .bind(organization.key())
    .fetch_one(pool)
    .await?;
    Ok(row.try_get("count")?)
}

pub async fn key_used(pool: &AnyPool, organization: OrganizationId) -> Result<bool> {
    let row = sqlx::query(
        "SELECT id FROM api_keys WHERE organization_id = $1 AND last_used_at IS NOT NULL LIMIT 1",
    )
    .bind(organization.key())
    .fetch_optional(pool)
    .await?;
    Ok(row.is_some())
}

// cross-org: the id is the organization itself.
pub async fn time_zone(pool: &AnyPool, organization: OrganizationId) -> Result<String> {
    let row = sqlx::query("SELECT time_zone FROM organizations WHERE id = $1")
        .bind(organization.key())
        .fetch_optional(pool)
        .await?
        .ok_or(Error::Damaged("an organization"))?;
    Ok(row.try_get("time_zone")?)
}
