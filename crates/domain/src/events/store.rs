//! SQL of the event log.

use crate::{Error, Result};
use sqlx::{AnyPool, Row, any::AnyRow};
use types::{
    EventId, OrganizationId, SessionId, Timestamp,
    events::{Event, EventType},
};

pub async fn latest(pool: &AnyPool, organization: OrganizationId) -> Result<i64> {
    let row = sqlx::query(
        "SELECT CAST(COALESCE(MAX(seq), 0) AS BIGINT) AS seq FROM events WHERE organization_id = $1",
    )
    .bind(organization.key())
    .fetch_one(pool)
    .await?;
    Ok(row.try_get("seq")?)
}

pub async fn after(
    pool: &AnyPool,
    organization: OrganizationId,
    after: i64,
    limit: u32,
) -> Result<Vec<Event>> {
    let rows = sqlx::query(
        "SELECT seq, id, session_id, type, at, data FROM events \
         WHERE organization_id = $1 AND seq > $2 ORDER BY seq LIMIT $3",
    )
    .bind(organization.key())
    .bind(after)
    .bind(i64::from(limit))
    .fetch_all(pool)
    .await?;
    rows.iter().map(|row| event(row, organization)).collect()
}

fn event(row: &AnyRow, organization: OrganizationId) -> Result<Event> {
    let kind = EventType::from_name(row.try_get("type")?).ok_or(Error::Damaged("an event's type"))?;
    Ok(Event {
        seq: row.try_get("seq")?,
        id: EventId::from_key(row.try_get("id")?).map_err(|_| Error::Damaged("an event's id"))?,
        kind,
        timestamp: Timestamp(row.try_get("at")?),
        organization,
        session: row
            .try_get::<Option<String>, _>("session_id")?
            .map(|key| SessionId::from_key(&key))
            .transpose()
            .map_err(|_| Error::Damaged("an event's session"))?,
        data: serde_json::from_str(row.try_get("data")?).map_err(|_| Error::Damaged("an event's data"))?,
    })
}
