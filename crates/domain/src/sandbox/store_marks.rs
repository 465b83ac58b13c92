//! SQL of the plain ticks: delivered at once and read after a second, in the order of the
//! arrivals. Two marks per phone say how far the session has heard, so that a million messages
//! cost no update of their rows.

use crate::Result;
use sqlx::{AnyConnection, AnyPool, Row};
use types::{OrganizationId, SessionId, Timestamp};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Marks {
    pub delivered_upto: i64,
    pub read_upto: i64,
}

/// A message whose tick is told by a mark.
pub(super) struct Plain {
    pub seq: i64,
    pub message_id: String,
    pub number: String,
    pub at: Timestamp,
}

pub(super) async fn marks(
    pool: &AnyPool,
    organization: OrganizationId,
    session: SessionId,
) -> Result<Option<Marks>> {
    sqlx::query(
        "SELECT delivered_upto, read_upto FROM sandbox_phones WHERE session_id = $1 AND organization_id = $2",
    )
    .bind(session.key())
    .bind(organization.key())
    .fetch_optional(pool)
    .await?
    .map(|row| {
        Ok(Marks {
            delivered_upto: row.try_get("delivered_upto")?,
            read_upto: row.try_get("read_upto")?,
        })
    })
    .transpose()
}

/// The next plain messages after that mark, in their order.
pub(super) async fn after(
    pool: &AnyPool,
    organization: OrganizationId,
    session: SessionId,
    mark: i64,
    limit: i64,
) -> Result<Vec<Plain>> {
    sqlx::query(
        "SELECT seq, message_id, number, at FROM sandbox_messages \
         WHERE session_id = $1 AND organization_id = $2 AND plain = 1 AND seq > $3 ORDER BY seq LIMIT $4",
    )
    .bind(session.key())
    .bind(organization.key())
    .bind(mark)
    .bind(limit)
    .fetch_all(pool)
    .await?
    .iter()
    .map(|row| {
        Ok(Plain {
            seq: row.try_get("seq")?,
            message_id: row.try_get("message_id")?,
            number: row.try_get("number")?,
            at: Timestamp(row.try_get("at")?),
        })
    })
    .collect()
}

pub(super) async fn save(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    session: SessionId,
    marks: Marks,
) -> Result<()> {
    sqlx::query(
        "UPDATE sandbox_phones SET delivered_upto = $1, read_upto = $2 \
         WHERE session_id = $3 AND organization_id = $4",
    )
    .bind(marks.delivered_upto)
    .bind(marks.read_upto)
    .bind(session.key())
    .bind(organization.key())
    .execute(conn)
    .await?;
    Ok(())
}
