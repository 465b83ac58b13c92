//! SQL of what people do to queue entries, and of attachments that have arrived.

use crate::Result;
use db::{AssertSqlSafe, placeholders};
use sqlx::AnyConnection;
use types::{ChatId, MediaId, MessageId, OrganizationId, SessionId, Timestamp, media::MediaKind};

/// Those that were still pending; what is on the wire cannot be called back.
pub async fn cancel(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    ids: &[MessageId],
    why: &str,
    at: Timestamp,
) -> Result<Vec<super::record::Changed>> {
    let sql = format!(
        "UPDATE messages SET state = 'cancelled', held = 0, error = $2, settled_at = $3 \
         WHERE organization_id = $1 AND state = 'pending' AND id IN ({}) \
         {}",
        placeholders(4, ids.len()),
        super::record::CHANGED
    );
    let mut query = sqlx::query(AssertSqlSafe(sql))
        .bind(organization.key())
        .bind(why)
        .bind(at.0);
    for id in ids {
        query = query.bind(id.key());
    }
    let rows = query.fetch_all(conn).await?;
    rows.iter().map(super::record::changed).collect()
}

/// Failed becomes pending, at that place, or without one when no session can be named: then the
/// planner gives it one.
pub async fn retry(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    id: MessageId,
    fetch: bool,
    place: Option<(SessionId, ChatId, Timestamp)>,
    now: Timestamp,
) -> Result<bool> {
    let changed = sqlx::query(
        "UPDATE messages SET state = 'pending', error = NULL, settled_at = NULL, wire_at = NULL, attempts = 0, \
         held = $3, session_id = $4, chat_id = $5, due_at = $6, held_at = $7 \
         WHERE organization_id = $1 AND id = $2 AND state = 'failed'",
    )
    .bind(organization.key())
    .bind(id.key())
    .bind(i64::from(fetch))
    .bind(place.map(|(session, ..)| session.key()))
    .bind(place.map(|(_, chat, _)| chat.key()))
    .bind(place.map(|(.., due_at)| due_at.0))
    .bind(now.0)
    .execute(conn)
    .await?
    .rows_affected();
    Ok(changed > 0)
}

/// The attachment is here; the message may leave.
pub async fn fetched(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    id: MessageId,
    media: MediaId,
    kind: MediaKind,
) -> Result<Option<super::record::Changed>> {
    let sql = format!(
        "UPDATE messages SET media_id = $3, media_kind = $4, held = 0 \
         WHERE organization_id = $1 AND id = $2 AND state = 'pending' {}",
        super::record::CHANGED
    );
    let row = sqlx::query(AssertSqlSafe(sql))
        .bind(organization.key())
        .bind(id.key())
        .bind(media.key())
        .bind(kind.name())
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(super::record::changed).transpose()
}
