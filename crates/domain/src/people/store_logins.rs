//! SQL of logins. A login belongs to a person; the organization is only where they are now.

use super::{
    logins::LoginRecord,
    store::{role_of, user_id},
};
use crate::{Error, Result};
use sqlx::{AnyConnection, AnyPool, Row as _};
use types::{LoginId, OrganizationId, Role, Timestamp, UserId};

/// A login with the person behind it and their role where they are.
pub struct Found {
    pub login: LoginId,
    pub user: UserId,
    pub super_admin: bool,
    pub organization: Option<OrganizationId>,
    pub role: Option<Role>,
    pub seen_at: Timestamp,
}

pub struct Listed {
    pub id: LoginId,
    pub ip: String,
    pub user_agent: String,
    pub created_at: Timestamp,
    pub seen_at: Timestamp,
}

/// False when the hash is taken.
pub async fn insert(
    conn: &mut AnyConnection,
    id: LoginId,
    hash: &str,
    record: &LoginRecord,
    now: Timestamp,
) -> Result<bool> {
    let done = sqlx::query(
        "INSERT INTO logins \
         (id, token_hash, user_id, organization_id, data, ip, user_agent, created_at, seen_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9) ON CONFLICT (token_hash) DO NOTHING",
    )
    .bind(id.key())
    .bind(hash)
    .bind(record.user.map(UserId::key))
    .bind(record.organization.map(OrganizationId::key))
    .bind(record.data.as_str())
    .bind(record.ip.as_str())
    .bind(record.user_agent.as_str())
    .bind(now.0)
    .bind(record.expires_at.0)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

pub async fn update(conn: &mut AnyConnection, hash: &str, record: &LoginRecord) -> Result<()> {
    sqlx::query(
        "UPDATE logins SET \
         organization_id = CASE WHEN user_id = $2 THEN COALESCE(organization_id, $3) ELSE $3 END, \
         user_id = $2, data = $4, expires_at = $5, \
         ip = CASE WHEN $6 = '' THEN ip ELSE $6 END, \
         user_agent = CASE WHEN $7 = '' THEN user_agent ELSE $7 END \
         WHERE token_hash = $1",
    )
    .bind(hash)
    .bind(record.user.map(UserId::key))
    .bind(record.organization.map(OrganizationId::key))
    .bind(record.data.as_str())
    .bind(record.expires_at.0)
    .bind(record.ip.as_str())
    .bind(record.user_agent.as_str())
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn load(pool: &AnyPool, hash: &str, now: Timestamp) -> Result<Option<LoginRecord>> {
    let row = sqlx::query(
        "SELECT user_id, organization_id, data, ip, user_agent, expires_at FROM logins \
         WHERE token_hash = $1 AND expires_at > $2",
    )
    .bind(hash)
    .bind(now.0)
    .fetch_optional(pool)
    .await?;
    row.map(|row| {
        Ok(LoginRecord {
            user: row
                .try_get::<Option<String>, _>("user_id")?
                .map(|key| user_id(&key))
                .transpose()?,
            organization: organization(row.try_get("organization_id")?)?,
            data: row.try_get("data")?,
            ip: row.try_get("ip")?,
            user_agent: row.try_get("user_agent")?,
            expires_at: Timestamp(row.try_get("expires_at")?),
        })
    })
    .transpose()
}

/// Nobody is found behind a login that has expired or whose person is disabled.
pub async fn find(pool: &AnyPool, hash: &str, now: Timestamp) -> Result<Option<Found>> {
    let row = sqlx::query(
        "SELECT l.id, l.user_id, l.organization_id, l.seen_at, u.super_admin, m.role \
         FROM logins l JOIN users u ON u.id = l.user_id \
         LEFT JOIN members m ON m.user_id = l.user_id AND m.organization_id = l.organization_id \
         WHERE l.token_hash = $1 AND l.expires_at > $2 AND u.disabled_at IS NULL",
    )
    .bind(hash)
    .bind(now.0)
    .fetch_optional(pool)
    .await?;
    row.map(|row| {
        Ok(Found {
            login: login_id(row.try_get("id")?)?,
            user: user_id(row.try_get("user_id")?)?,
            super_admin: row.try_get::<i64, _>("super_admin")? != 0,
            organization: organization(row.try_get("organization_id")?)?,
            role: row
                .try_get::<Option<String>, _>("role")?
                .map(|name| role_of(&name))
                .transpose()?,
            seen_at: Timestamp(row.try_get("seen_at")?),
        })
    })
    .transpose()
}

// cross-org: a login is a person's, wherever they are.
pub async fn of_user(pool: &AnyPool, user: UserId, now: Timestamp) -> Result<Vec<Listed>> {
    sqlx::query(
        "SELECT id, ip, user_agent, created_at, seen_at FROM logins \
         WHERE user_id = $1 AND expires_at > $2 ORDER BY seen_at DESC, id DESC LIMIT 200",
    )
    .bind(user.key())
    .bind(now.0)
    .fetch_all(pool)
    .await?
    .iter()
    .map(|row| {
        Ok(Listed {
            id: login_id(row.try_get("id")?)?,
            ip: row.try_get("ip")?,
            user_agent: row.try_get("user_agent")?,
            created_at: Timestamp(row.try_get("created_at")?),
            seen_at: Timestamp(row.try_get("seen_at")?),
        })
    })
    .collect()
}

// cross-org: a login is a person's, wherever they are.
pub async fn touch(conn: &mut AnyConnection, hash: &str, now: Timestamp, expires: Timestamp) -> Result<()> {
    sqlx::query("UPDATE logins SET seen_at = $2, expires_at = $3 WHERE token_hash = $1")
        .bind(hash)
        .bind(now.0)
        .bind(expires.0)
        .execute(conn)
        .await?;
    Ok(())
}

pub async fn switch(
    conn: &mut AnyConnection,
    login: LoginId,
    user: UserId,
    organization: OrganizationId,
) -> Result<()> {
    sqlx::query("UPDATE logins SET organization_id = $3 WHERE id = $1 AND user_id = $2")
        .bind(login.key())
        .bind(user.key())
        .bind(organization.key())
        .execute(conn)
        .await?;
    Ok(())
}

// cross-org: a login is a person's, wherever they are.
pub async fn delete(conn: &mut AnyConnection, hash: &str) -> Result<()> {
    sqlx::query("DELETE FROM logins WHERE token_hash = $1")
        .bind(hash)
        .execute(conn)
        .await?;
    Ok(())
}

// cross-org: a login is a person's, wherever they are.
pub async fn end(conn: &mut AnyConnection, user: UserId, login: LoginId) -> Result<bool> {
    let done = sqlx::query("DELETE FROM logins WHERE id = $1 AND user_id = $2")
        .bind(login.key())
        .bind(user.key())
        .execute(conn)
        .await?;
    Ok(done.rows_affected() > 0)
}

// cross-org: a login is a person's, wherever they are.
pub async fn delete_others(conn: &mut AnyConnection, user: UserId, keep: Option<LoginId>) -> Result<()> {
    sqlx::query("DELETE FROM logins WHERE user_id = $1 AND id <> $2")
        .bind(user.key())
        .bind(keep.map(LoginId::key).unwrap_or_default())
        .execute(conn)
        .await?;
    Ok(())
}

// cross-org: expired logins of everybody.
pub async fn delete_expired(conn: &mut AnyConnection, now: Timestamp) -> Result<()> {
    sqlx::query("DELETE FROM logins WHERE expires_at <= $1")
        .bind(now.0)
        .execute(conn)
        .await?;
    Ok(())
}

fn login_id(key: &str) -> Result<LoginId> {
    LoginId::from_key(key).map_err(|_| Error::Damaged("a login's id"))
}

fn organization(key: Option<String>) -> Result<Option<OrganizationId>> {
    key.map(|key| OrganizationId::from_key(&key))
        .transpose()
        .map_err(|_| Error::Damaged("a login's organization"))
}
