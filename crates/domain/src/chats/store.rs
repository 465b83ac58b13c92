//! SQL of chats.

use crate::{Error, Result};
use db::AssertSqlSafe;
use sqlx::{AnyPool, Row, any::AnyRow};
use types::{ChatId, OrganizationId, SessionId, Timestamp, chats::Chat};

const COLUMNS: &str = "id, session_id, jid, name, last_text, last_from_me, last_at";

pub async fn list(
    pool: &AnyPool,
    organization: OrganizationId,
    session: SessionId,
    search: Option<&str>,
    before: Option<(Timestamp, ChatId)>,
    limit: i64,
) -> Result<Vec<Chat>> {
    let (at, id) = before.map_or((Timestamp(i64::MAX), "g".to_owned()), |(at, id)| (at, id.key()));
    let narrowed = if search.is_some() {
        " AND (jid LIKE $6 OR LOWER(name) LIKE $7)"
    } else {
        ""
    };
    let sql = format!(
        "SELECT {COLUMNS} FROM chats WHERE organization_id = $1 AND session_id = $2 \
         AND last_at <= $3 AND (last_at < $3 OR (last_at = $3 AND id < $4)){narrowed} ORDER BY last_at DESC, id DESC LIMIT $5"
    );
    let mut query = sqlx::query(AssertSqlSafe(sql))
        .bind(organization.key())
        .bind(session.key())
        .bind(at.0)
        .bind(id)
        .bind(limit);
    if let Some(search) = search {
        let digits: String = search.chars().filter(char::is_ascii_digit).collect();
        // Wildcards in what a person typed stand for themselves nowhere in a number or a name.
        let plain: String = search
            .to_lowercase()
            .chars()
            .filter(|c| !matches!(c, '%' | '_'))
            .collect();
        let number = if digits.is_empty() {
            "-".to_owned()
        } else {
            format!("%{digits}%")
        };
        query = query.bind(number).bind(format!("%{plain}%"));
    }
    query.fetch_all(pool).await?.iter().map(chat).collect()
}

/// The sessions in whose chats something happened last.
pub async fn liveliest(
    pool: &AnyPool,
    organization: OrganizationId,
    own: Option<SessionId>,
    limit: i64,
) -> Result<Vec<SessionId>> {
    let rows = sqlx::query(
        "SELECT id FROM (SELECT s.id, (SELECT MAX(c.last_at) FROM chats c WHERE c.session_id = s.id) AS newest \
         FROM sessions s WHERE s.organization_id = $1 AND s.deleted_at IS NULL AND ($2 = '' OR s.id = $2)) AS lively \
         WHERE newest IS NOT NULL ORDER BY newest DESC LIMIT $3",
    )
    .bind(organization.key())
    .bind(own.map_or_else(String::new, SessionId::key))
    .bind(limit)
    .fetch_all(pool)
    .await?;
    rows.iter()
        .map(|row| SessionId::from_key(row.try_get("id")?).map_err(|_| Error::Damaged("a chat's session")))
        .collect()
}

pub async fn get(pool: &AnyPool, organization: OrganizationId, id: ChatId) -> Result<Option<Chat>> {
    let sql = format!("SELECT {COLUMNS} FROM chats WHERE organization_id = $1 AND id = $2");
    let row = sqlx::query(AssertSqlSafe(sql))
        .bind(organization.key())
        .bind(id.key())
        .fetch_optional(pool)
        .await?;
    row.as_ref().map(chat).transpose()
}

pub async fn session_exists(
    pool: &AnyPool,
    organization: OrganizationId,
    session: SessionId,
) -> Result<bool> {
    let row =
        sqlx::query("SELECT id FROM sessions WHERE organization_id = $1 AND id = $2 AND deleted_at IS NULL")
            .bind(organization.key())
            .bind(session.key())
            .fetch_optional(pool)
            .await?;
    Ok(row.is_some())
}

fn chat(row: &AnyRow) -> Result<Chat> {
    Ok(Chat {
        id: ChatId::from_key(row.try_get("id")?).map_err(|_| Error::Damaged("a chat's id"))?,
        session: SessionId::from_key(row.try_get("session_id")?)
            .map_err(|_| Error::Damaged("a chat's session"))?,
        with: row
            .try_get::<&str, _>("jid")?
            .parse()
            .map_err(|_| Error::Damaged("a chat's JID"))?,
        name: row.try_get("name")?,
        last_text: row.try_get("last_text")?,
        last_from_me: row.try_get::<i64, _>("last_from_me")? != 0,
        last_at: Timestamp(row.try_get("last_at")?),
    })
}
