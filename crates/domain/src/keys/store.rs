//! SQL of API keys.

use crate::{Error, Result};
use sqlx::{AnyConnection, AnyPool, Row as _, any::AnyRow};
use types::{ApiKeyId, OrganizationId, Permission, Permissions, SessionId, Timestamp, UserId, keys::ApiKey};

/// A key with what decides whether it lets anybody in.
pub struct Authentic {
    pub id: ApiKeyId,
    pub organization: OrganizationId,
    pub session: Option<SessionId>,
    pub hash: String,
    pub permissions: Permissions,
    pub expires_at: Option<Timestamp>,
    pub last_used_at: Option<Timestamp>,
    pub suspended: bool,
    /// Neither revoked nor of a session that was deleted.
    pub live: bool,
}

pub enum Revoked {
    Now,
    Before,
    Missing,
}

pub async fn list(
    pool: &AnyPool,
    organization: OrganizationId,
    session: Option<SessionId>,
) -> Result<Vec<ApiKey>> {
    let only = session.map(SessionId::key).unwrap_or_default();
    sqlx::query(
        "SELECT id, session_id, name, prefix, scopes, created_at, expires_at, last_used_at, revoked_at \
         FROM api_keys WHERE organization_id = $1 AND ($2 = '' OR session_id = $2) \
         ORDER BY created_at DESC, id DESC LIMIT 1000",
    )
    .bind(organization.key())
    .bind(only)
    .fetch_all(pool)
    .await?
    .iter()
    .map(key)
    .collect()
}

/// False when the prefix was taken.
pub async fn insert(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    key: &ApiKey,
    hash: &str,
    created_by: Option<UserId>,
) -> Result<bool> {
    let scopes: Vec<&str> = key.scopes.iter().map(|scope| scope.name()).collect();
    let done = sqlx::query(
        "INSERT INTO api_keys \
         (id, organization_id, session_id, name, prefix, hash, scopes, created_by, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (prefix) DO NOTHING",
    )
    .bind(key.id.key())
    .bind(organization.key())
    .bind(key.session.map(SessionId::key))
    .bind(key.name.as_str())
    .bind(key.prefix.as_str())
    .bind(hash)
    .bind(scopes.join(" "))
    .bind(created_by.map(UserId::key))
    .bind(key.created_at.0)
    .bind(key.expires_at.map(|at| at.0))
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Whether a key may be bound to that session.
/// When a key ends; `None` when it does not.
pub async fn expires_at(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    id: ApiKeyId,
) -> Result<Option<Timestamp>> {
    let row = sqlx::query("SELECT expires_at FROM api_keys WHERE organization_id = $1 AND id = $2")
        .bind(organization.key())
        .bind(id.key())
        .fetch_optional(conn)
        .await?;
    Ok(row
        .map(|row| row.try_get::<Option<i64>, _>("expires_at"))
        .transpose()?
        .flatten()
        .map(Timestamp))
}

pub async fn session_exists(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    session: SessionId,
) -> Result<bool> {
    let row =
        sqlx::query("SELECT id FROM sessions WHERE id = $1 AND organization_id = $2 AND deleted_at IS NULL")
            .bind(session.key())
            .bind(organization.key())
            .fetch_optional(conn)
            .await?;
    Ok(row.is_some())
}

pub async fn revoke(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    session: Option<SessionId>,
    id: ApiKeyId,
    now: Timestamp,
) -> Result<Revoked> {
    let only = session.map(SessionId::key).unwrap_or_default();
    let done = sqlx::query(
        "UPDATE api_keys SET revoked_at = $1 \
         WHERE id = $2 AND organization_id = $3 AND ($4 = '' OR session_id = $4) AND revoked_at IS NULL",
    )
    .bind(now.0)
    .bind(id.key())
    .bind(organization.key())
    .bind(only.as_str())
    .execute(&mut *conn)
    .await?;
    if done.rows_affected() > 0 {
        return Ok(Revoked::Now);
    }
    let row = sqlx::query(
        "SELECT id FROM api_keys WHERE id = $1 AND organization_id = $2 AND ($3 = '' OR session_id = $3)",
    )
    .bind(id.key())
    .bind(organization.key())
    .bind(only)
    .fetch_optional(conn)
    .await?;
    Ok(if row.is_some() {
        Revoked::Before
    } else {
        Revoked::Missing
    })
}

// cross-org: the key is what tells the organization.
pub async fn by_prefix(pool: &AnyPool, prefix: &str) -> Result<Option<Authentic>> {
    sqlx::query(
        "SELECT k.id, k.organization_id, k.session_id, k.hash, k.scopes, k.expires_at, k.last_used_at, \
         k.revoked_at, o.suspended_at, s.id AS live_session \
         FROM api_keys k JOIN organizations o ON o.id = k.organization_id \
         LEFT JOIN sessions s ON s.id = k.session_id AND s.deleted_at IS NULL \
         WHERE k.prefix = $1",
    )
    .bind(prefix)
    .fetch_optional(pool)
    .await?
    .as_ref()
    .map(authentic)
    .transpose()
}

pub async fn write_used(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    id: ApiKeyId,
    at: Timestamp,
) -> Result<()> {
    sqlx::query(
        "UPDATE api_keys SET last_used_at = $1 \
         WHERE id = $2 AND organization_id = $3 AND (last_used_at IS NULL OR last_used_at < $1)",
    )
    .bind(at.0)
    .bind(id.key())
    .bind(organization.key())
    .execute(conn)
    .await?;
    Ok(())
}

fn key(row: &AnyRow) -> Result<ApiKey> {
    Ok(ApiKey {
        id: id(row)?,
        name: row.try_get("name")?,
        prefix: row.try_get("prefix")?,
        scopes: scopes(row.try_get("scopes")?).iter().collect(),
        session: session(row.try_get("session_id")?)?,
        created_at: Timestamp(row.try_get("created_at")?),
        expires_at: row.try_get::<Option<i64>, _>("expires_at")?.map(Timestamp),
        last_used_at: row.try_get::<Option<i64>, _>("last_used_at")?.map(Timestamp),
        revoked_at: row.try_get::<Option<i64>, _>("revoked_at")?.map(Timestamp),
    })
}

fn authentic(row: &AnyRow) -> Result<Authentic> {
    let session = session(row.try_get("session_id")?)?;
    let session_lives = session.is_none() || row.try_get::<Option<String>, _>("live_session")?.is_some();
    Ok(Authentic {
        id: id(row)?,
        organization: OrganizationId::from_key(row.try_get("organization_id")?)
            .map_err(|_| Error::Damaged("a key's organization"))?,
        session,
        hash: row.try_get("hash")?,
        permissions: scopes(row.try_get("scopes")?),
        expires_at: row.try_get::<Option<i64>, _>("expires_at")?.map(Timestamp),
        last_used_at: row.try_get::<Option<i64>, _>("last_used_at")?.map(Timestamp),
        suspended: row.try_get::<Option<i64>, _>("suspended_at")?.is_some(),
        live: session_lives && row.try_get::<Option<i64>, _>("revoked_at")?.is_none(),
    })
}

fn id(row: &AnyRow) -> Result<ApiKeyId> {
    ApiKeyId::from_key(row.try_get("id")?).map_err(|_| Error::Damaged("a key's id"))
}

fn session(text: Option<String>) -> Result<Option<SessionId>> {
    text.map(|key| SessionId::from_key(&key))
        .transpose()
        .map_err(|_| Error::Damaged("a key's session"))
}

/// A scope that this version does not know lets nobody do anything, so it is left out.
fn scopes(text: &str) -> Permissions {
    text.split_whitespace()
        .filter_map(|name| name.parse::<Permission>().ok())
        .collect()
}
