//! SQL of settings.

use crate::Result;
use sqlx::{Any, AnyConnection, AnyPool, Executor, Row as _, any::AnyRow};
use types::OrganizationId;

#[derive(Clone)]
pub struct Row {
    pub name: String,
    pub time_zone: String,
    pub main_number: Option<String>,
    pub allow_list: String,
    pub delay_min_ms: Option<i64>,
    pub delay_max_ms: Option<i64>,
}

impl Row {
    /// The fields in which the other row differs.
    pub fn changed(&self, other: &Self) -> Vec<&'static str> {
        [
            ("name", self.name != other.name),
            ("time_zone", self.time_zone != other.time_zone),
            ("main_number", self.main_number != other.main_number),
            ("allow_list", self.allow_list != other.allow_list),
            ("delay_min_ms", self.delay_min_ms != other.delay_min_ms),
            ("delay_max_ms", self.delay_max_ms != other.delay_max_ms),
        ]
        .into_iter()
        .filter_map(|(field, differs)| differs.then_some(field))
        .collect()
    }
}

pub async fn get(pool: &AnyPool, organization: OrganizationId) -> Result<Option<Row>> {
    sqlx::query(
        "SELECT name, time_zone, main_number, allow_list, delay_min_ms, delay_max_ms \
         FROM organizations WHERE id = $1",
    )
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
         RETURNING name, time_zone, main_number, allow_list, delay_min_ms, delay_max_ms",
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
        "UPDATE organizations SET name = $2, time_zone = $3, main_number = $4, allow_list = $5, \
         delay_min_ms = $6, delay_max_ms = $7 WHERE id = $1",
    )
    .bind(organization.key())
    .bind(row.name.as_str())
    .bind(row.time_zone.as_str())
    .bind(row.main_number.clone())
    .bind(row.allow_list.as_str())
    .bind(row.delay_min_ms)
    .bind(row.delay_max_ms)
    .execute(conn)
    .await?;
    Ok(())
}

// cross-org: the platform's own values.
pub async fn platform_delay(conn: impl Executor<'_, Database = Any>) -> Result<(Option<i64>, Option<i64>)> {
    let rows = sqlx::query("SELECT key, value FROM platform WHERE key IN ('delay_min_ms', 'delay_max_ms')")
        .fetch_all(conn)
        .await?;
    let (mut min, mut max) = (None, None);
    for row in rows {
        let value = row.try_get::<String, _>("value")?.parse().ok();
        if row.try_get::<String, _>("key")? == "delay_min_ms" {
            min = value;
        } else {
            max = value;
        }
    }
    Ok((min, max))
}

// cross-org: the platform's own values.
pub async fn set_platform_delay(conn: &mut AnyConnection, min_ms: i64, max_ms: i64) -> Result<()> {
    sqlx::query(
        "INSERT INTO platform (key, value) VALUES ('delay_min_ms', $1), ('delay_max_ms', $2) \
         ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    )
    .bind(min_ms.to_string())
    .bind(max_ms.to_string())
    .execute(conn)
    .await?;
    Ok(())
}

fn read(row: &AnyRow) -> Result<Row> {
    Ok(Row {
        name: row.try_get("name")?,
        time_zone: row.try_get("time_zone")?,
        main_number: row.try_get("main_number")?,
        allow_list: row.try_get("allow_list")?,
        delay_min_ms: row.try_get("delay_min_ms")?,
        delay_max_ms: row.try_get("delay_max_ms")?,
    })
}
