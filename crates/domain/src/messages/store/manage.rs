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

/// Failed becomes pending, in that lane, or in the pool when its session is gone.
pub async fn retry(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    id: MessageId,
    fetch: bool,
    place: Option<(SessionId, ChatId)>,
    now: Timestamp,
) -> Result<bool> {
    let changed = sqlx::query(
        "UPDATE messages SET state = 'pending', error = NULL, settled_at = NULL, wire_at = NULL, attempts = 0, \
         held = $3, session_id = $4, chat_id = $5, parked_until = $6, held_at = $7, \
         named = CASE WHEN $8 = 1 THEN named ELSE 0 END \
         WHERE organization_id = $1 AND id = $2 AND state = 'failed'",
    )
    .bind(organization.key())
    .bind(id.key())
    .bind(i64::from(fetch))
    .bind(place.map(|(session, _)| session.key()))
    .bind(place.map(|(_, chat)| chat.key()))
    .bind(if fetch { super::FETCHING } else { 0 })
    .bind(now.0)
    .bind(i64::from(place.is_some()))
    .execute(conn)
    .await?
    .rows_affected();
    Ok(changed > 0)
}

/// A waiting message goes past the protections; `false` when it does not wait any more. One that
/// waits for its attachment or another try keeps waiting for that.
pub async fn rush(conn: &mut AnyConnection, organization: OrganizationId, id: MessageId) -> Result<bool> {
    let changed = sqlx::query(
        "UPDATE messages SET rank = $3, parked_until = CASE WHEN held = 0 THEN 0 ELSE parked_until END \
         WHERE organization_id = $1 AND id = $2 AND state = 'pending'",
    )
    .bind(organization.key())
    .bind(id.key())
    .bind(super::RUSH)
    .execute(conn)
    .await?
    .rows_affected();
    Ok(changed > 0)
}

/// A waiting message goes through that session, or through whichever is free first. Another session
/// than the one that had it on the wire has not counted it yet.
pub async fn reassign(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    id: MessageId,
    place: Option<(SessionId, ChatId)>,
) -> Result<bool> {
    let changed = sqlx::query(
        "UPDATE messages SET session_id = $3, chat_id = $4, named = $5, \
         wire_at = CASE WHEN session_id = $6 THEN wire_at END, parked_until = CASE WHEN held = 0 THEN 0 ELSE parked_until END \
         WHERE organization_id = $1 AND id = $2 AND state = 'pending'",
    )
    .bind(organization.key())
    .bind(id.key())
    .bind(place.map(|(session, _)| session.key()))
    .bind(place.map(|(_, chat)| chat.key()))
    .bind(i64::from(place.is_some()))
    .bind(place.map(|(session, _)| session.key()))
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
        "UPDATE messages SET media_id = $3, media_kind = $4, held = 0, parked_until = 0 \
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
