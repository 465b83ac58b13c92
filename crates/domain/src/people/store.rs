//! SQL of users, memberships and the first run. Users belong to no organization.

use super::email::Email;
use crate::{Error, Result};
use sqlx::{AnyConnection, AnyPool, Row as _};
use types::{
    AppError, OrganizationId, Role, Timestamp, UserId,
    people::{Membership, Theme},
};

pub struct User {
    pub name: String,
    pub email: String,
    pub theme: Theme,
    pub password_hash: String,
    pub last_organization: Option<OrganizationId>,
}

pub struct NewUser<'a> {
    pub id: UserId,
    pub email: &'a Email,
    pub name: &'a str,
    pub password_hash: &'a str,
    pub super_admin: bool,
}

pub struct Credentials {
    /// `None` for a disabled user.
    pub user: Option<UserId>,
    pub password_hash: String,
}

// cross-org: asks for the whole deployment.
pub async fn no_users(pool: &AnyPool) -> Result<bool> {
    Ok(sqlx::query("SELECT id FROM users LIMIT 1")
        .fetch_optional(pool)
        .await?
        .is_none())
}

pub async fn user(pool: &AnyPool, id: UserId) -> Result<Option<User>> {
    let row = sqlx::query(
        "SELECT name, email, theme, password_hash, last_organization_id FROM users WHERE id = $1",
    )
    .bind(id.key())
    .fetch_optional(pool)
    .await?;
    row.map(|row| {
        Ok(User {
            name: row.try_get("name")?,
            email: row.try_get("email")?,
            theme: Theme::from_name(row.try_get("theme")?),
            password_hash: row.try_get("password_hash")?,
            last_organization: row
                .try_get::<Option<String>, _>("last_organization_id")?
                .and_then(|key| OrganizationId::from_key(&key).ok()),
        })
    })
    .transpose()
}

// cross-org: who logs in is in no organization yet.
pub async fn credentials(pool: &AnyPool, email_key: &str) -> Result<Option<Credentials>> {
    let row = sqlx::query("SELECT id, password_hash, disabled_at FROM users WHERE email_key = $1")
        .bind(email_key)
        .fetch_optional(pool)
        .await?;
    row.map(|row| {
        let id = user_id(row.try_get("id")?)?;
        let enabled = row.try_get::<Option<i64>, _>("disabled_at")?.is_none();
        Ok(Credentials {
            user: enabled.then_some(id),
            password_hash: row.try_get("password_hash")?,
        })
    })
    .transpose()
}

// cross-org: a person is not of one organization.
pub async fn insert_user(conn: &mut AnyConnection, new: &NewUser<'_>, now: Timestamp) -> Result<()> {
    let done = sqlx::query(
        "INSERT INTO users (id, email, email_key, name, password_hash, super_admin, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (email_key) DO NOTHING",
    )
    .bind(new.id.key())
    .bind(new.email.written.as_str())
    .bind(new.email.key.as_str())
    .bind(new.name)
    .bind(new.password_hash)
    .bind(i64::from(new.super_admin))
    .bind(now.0)
    .execute(conn)
    .await?;
    if done.rows_affected() == 0 {
        return Err(AppError::field(
            "email",
            "Somebody already has this e-mail address. Use another one.",
        )
        .into());
    }
    Ok(())
}

// cross-org: a person is not of one organization.
pub async fn save_profile(conn: &mut AnyConnection, id: UserId, name: &str, theme: Theme) -> Result<()> {
    sqlx::query("UPDATE users SET name = $2, theme = $3 WHERE id = $1")
        .bind(id.key())
        .bind(name)
        .bind(theme.name())
        .execute(conn)
        .await?;
    Ok(())
}

/// False when the password is not the old one any more.
// cross-org: a person is not of one organization.
pub async fn set_password(conn: &mut AnyConnection, id: UserId, old: &str, new: &str) -> Result<bool> {
    let done = sqlx::query("UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash = $2")
        .bind(id.key())
        .bind(old)
        .bind(new)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() > 0)
}

pub async fn set_last_organization(
    conn: &mut AnyConnection,
    id: UserId,
    organization: OrganizationId,
) -> Result<()> {
    sqlx::query("UPDATE users SET last_organization_id = $2 WHERE id = $1")
        .bind(id.key())
        .bind(organization.key())
        .execute(conn)
        .await?;
    Ok(())
}

pub async fn put_member(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    user: UserId,
    role: Role,
    now: Timestamp,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO members (organization_id, user_id, role, created_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (organization_id, user_id) DO UPDATE SET role = excluded.role",
    )
    .bind(organization.key())
    .bind(user.key())
    .bind(role.name())
    .bind(now.0)
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn role(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    user: UserId,
) -> Result<Option<Role>> {
    sqlx::query("SELECT role FROM members WHERE organization_id = $1 AND user_id = $2")
        .bind(organization.key())
        .bind(user.key())
        .fetch_optional(conn)
        .await?
        .map(|row| role_of(row.try_get("role")?))
        .transpose()
}

// cross-org: a person may belong to several organizations.
pub async fn memberships(pool: &AnyPool, user: UserId) -> Result<Vec<Membership>> {
    sqlx::query(
        "SELECT o.id, o.name, m.role FROM members m JOIN organizations o ON o.id = m.organization_id \
         WHERE m.user_id = $1",
    )
    .bind(user.key())
    .fetch_all(pool)
    .await?
    .iter()
    .map(|row| {
        Ok(Membership {
            organization: OrganizationId::from_key(row.try_get("id")?)
                .map_err(|_| Error::Damaged("an organization's id"))?,
            name: row.try_get("name")?,
            role: role_of(row.try_get("role")?)?,
        })
    })
    .collect()
}

// cross-org: the deployment's own.
pub async fn put_setup_token(conn: &mut AnyConnection, hash: &str) -> Result<()> {
    sqlx::query(
        "INSERT INTO platform (key, value) VALUES ('setup_token', $1) \
         ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    )
    .bind(hash)
    .execute(conn)
    .await?;
    Ok(())
}

/// Comparing hashes tells a guesser nothing of the token, whatever time it takes.
// cross-org: the deployment's own.
pub async fn setup_token_is(pool: &AnyPool, hash: &str) -> Result<bool> {
    let row = sqlx::query("SELECT key FROM platform WHERE key = 'setup_token' AND value = $1")
        .bind(hash)
        .fetch_optional(pool)
        .await?;
    Ok(row.is_some())
}

/// Deletes the token. False when one was asked for and it is not that one.
// cross-org: the deployment's own.
pub async fn take_setup_token(conn: &mut AnyConnection, hash: Option<&str>) -> Result<bool> {
    let hash = hash.unwrap_or_default();
    let done = sqlx::query("DELETE FROM platform WHERE key = 'setup_token' AND ($1 = '' OR value = $1)")
        .bind(hash)
        .execute(conn)
        .await?;
    Ok(hash.is_empty() || done.rows_affected() > 0)
}

/// False when the deployment was set up before.
// cross-org: the deployment's own.
pub async fn claim_set_up(conn: &mut AnyConnection, now: Timestamp) -> Result<bool> {
    let done = sqlx::query(
        "INSERT INTO platform (key, value) VALUES ('set_up_at', $1) ON CONFLICT (key) DO NOTHING",
    )
    .bind(now.0.to_string())
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

pub fn user_id(key: &str) -> Result<UserId> {
    UserId::from_key(key).map_err(|_| Error::Damaged("a user's id"))
}

pub fn role_of(name: &str) -> Result<Role> {
    name.parse().map_err(|_| Error::Damaged("a member's role"))
}
