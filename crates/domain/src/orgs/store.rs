//! SQL of organizations.

use crate::{Error, Result};
use sqlx::{AnyConnection, AnyPool, Row as _};
use types::{OrganizationId, Timestamp};

pub struct Row {
    pub name: String,
    pub time_zone: String,
}

pub async fn insert(
    conn: &mut AnyConnection,
    id: OrganizationId,
    name: &str,
    time_zone: &str,
    now: Timestamp,
) -> Result<()> {
    sqlx::query("INSERT INTO organizations (id, name, time_zone, created_at) VALUES ($1, $2, $3, $4)")
        .bind(id.key())
        .bind(name)
        .bind(time_zone)
        .bind(now.0)
        .execute(conn)
        .await?;
    Ok(())
}

pub async fn get(pool: &AnyPool, id: OrganizationId) -> Result<Option<Row>> {
    sqlx::query("SELECT name, time_zone FROM organizations WHERE id = $1")
        .bind(id.key())
        .fetch_optional(pool)
        .await?
        .map(|row| {
            Ok(Row {
                name: row.try_get("name")?,
                time_zone: row.try_get("time_zone")?,
            })
        })
        .transpose()
}

// cross-org: the command line names an organization by its name.
pub async fn by_name(pool: &AnyPool, name: &str) -> Result<Vec<OrganizationId>> {
    sqlx::query("SELECT id FROM organizations WHERE name = $1 ORDER BY created_at LIMIT 2")
        .bind(name)
        .fetch_all(pool)
        .await?
        .iter()
        .map(|row| {
            OrganizationId::from_key(row.try_get("id")?).map_err(|_| Error::Damaged("an organization's id"))
        })
        .collect()
}
