//! SQL of attachments.

use crate::{Error, Result};
use db::{AssertSqlSafe, placeholders};
use sqlx::{AnyConnection, AnyPool, Row, any::AnyRow};
use std::collections::HashSet;
use types::{
    MediaId, OrganizationId, Timestamp,
    media::{Media, MediaKind},
};

/// An attachment and the name of its file.
pub struct MediaRow {
    pub media: Media,
    pub sha256: String,
}

pub async fn insert(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    sha256: &str,
    media: &Media,
    now: Timestamp,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO media (id, organization_id, sha256, kind, mime, filename, bytes, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(media.id.key())
    .bind(organization.key())
    .bind(sha256)
    .bind(media.kind.name())
    .bind(media.mime.as_str())
    .bind(media.filename.as_deref())
    .bind(media.bytes)
    .bind(now.0)
    .execute(conn)
    .await?;
    Ok(())
}

/// A row that says the same of the same file.
pub async fn same(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    sha256: &str,
    media: &Media,
) -> Result<Option<MediaId>> {
    let row = sqlx::query(
        "SELECT id FROM media WHERE organization_id = $1 AND sha256 = $2 AND kind = $3 AND mime = $4 \
         AND COALESCE(filename, '') = $5 ORDER BY id LIMIT 1",
    )
    .bind(organization.key())
    .bind(sha256)
    .bind(media.kind.name())
    .bind(media.mime.as_str())
    .bind(media.filename.as_deref().unwrap_or_default())
    .fetch_optional(conn)
    .await?;
    row.map(|row| id(&row)).transpose()
}

pub async fn many(pool: &AnyPool, organization: OrganizationId, ids: &[MediaId]) -> Result<Vec<MediaRow>> {
    let mut found = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(500) {
        let list = placeholders(2, chunk.len());
        let sql = format!(
            "SELECT id, sha256, kind, mime, filename, bytes FROM media \
             WHERE organization_id = $1 AND id IN ({list})"
        );
        let mut query = sqlx::query(AssertSqlSafe(sql)).bind(organization.key());
        for id in chunk {
            query = query.bind(id.key());
        }
        for row in query.fetch_all(pool).await? {
            found.push(media(&row)?);
        }
    }
    Ok(found)
}

/// The files of that range that anything names, by their content.
// cross-org: a file lies on disk once for every organization.
pub async fn named(pool: &AnyPool, first: &str, end: &str) -> Result<HashSet<String>> {
    let rows = sqlx::query("SELECT DISTINCT sha256 FROM media WHERE sha256 >= $1 AND sha256 < $2")
        .bind(first)
        .bind(end)
        .fetch_all(pool)
        .await?;
    rows.iter().map(|row| Ok(row.try_get("sha256")?)).collect()
}

fn id(row: &AnyRow) -> Result<MediaId> {
    MediaId::from_key(row.try_get("id")?).map_err(|_| Error::Damaged("an attachment's id"))
}

fn media(row: &AnyRow) -> Result<MediaRow> {
    let kind = MediaKind::from_name(row.try_get("kind")?).ok_or(Error::Damaged("an attachment's kind"))?;
    let media = Media {
        id: id(row)?,
        kind,
        mime: row.try_get("mime")?,
        filename: row.try_get("filename")?,
        bytes: row.try_get("bytes")?,
    };
    Ok(MediaRow {
        media,
        sha256: row.try_get("sha256")?,
    })
}
