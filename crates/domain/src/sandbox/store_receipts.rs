//! SQL of what is due and is told row by row: what customers write, and ticks that faults or
//! people want otherwise. Plain ticks are in `store_marks`.

use crate::{Result, Tx};
use db::{AssertSqlSafe, placeholders, rows_per_statement};
use sqlx::{AnyConnection, AnyPool, Row, any::AnyRow};
use types::{OrganizationId, SessionId, Timestamp, media::MediaKind};

/// One row that a session must hear of.
pub(super) struct Due {
    pub seq: i64,
    pub kind: Kind,
    pub message_id: String,
    pub number: String,
    pub from_me: bool,
    pub name: Option<String>,
    pub text: Option<String>,
    pub media_kind: Option<MediaKind>,
    pub at: Timestamp,
    pub doubled: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Delivered,
    Read,
    Incoming,
}

pub(super) async fn due(
    pool: &AnyPool,
    organization: OrganizationId,
    session: SessionId,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Due>> {
    sqlx::query(
        "SELECT seq, message_id, number, direction, name, media_kind, at, tick, doubled, \
         CASE WHEN direction = 'to_customer' THEN NULL ELSE body END AS body \
         FROM sandbox_messages WHERE session_id = $1 AND organization_id = $2 AND next_at <= $3 \
         ORDER BY next_at, seq LIMIT $4",
    )
    .bind(session.key())
    .bind(organization.key())
    .bind(now.0)
    .bind(limit)
    .fetch_all(pool)
    .await?
    .iter()
    .map(row)
    .collect()
}

fn row(row: &AnyRow) -> Result<Due> {
    let direction: &str = row.try_get("direction")?;
    let kind = match (direction, row.try_get::<&str, _>("tick")?) {
        ("to_customer", "sent") => Kind::Delivered,
        ("to_customer", _) => Kind::Read,
        _ => Kind::Incoming,
    };
    Ok(Due {
        seq: row.try_get("seq")?,
        kind,
        message_id: row.try_get("message_id")?,
        number: row.try_get("number")?,
        from_me: direction == "from_phone",
        name: row.try_get("name")?,
        text: row.try_get("body")?,
        media_kind: row
            .try_get::<Option<&str>, _>("media_kind")?
            .and_then(MediaKind::from_name),
        at: Timestamp(row.try_get("at")?),
        doubled: row.try_get::<i64, _>("doubled")? != 0,
    })
}

/// When the session must hear of such a row next.
pub(super) async fn next_due(
    pool: &AnyPool,
    organization: OrganizationId,
    session: SessionId,
) -> Result<Option<Timestamp>> {
    sqlx::query(
        "SELECT next_at FROM sandbox_messages WHERE session_id = $1 AND organization_id = $2 \
         AND next_at IS NOT NULL ORDER BY next_at LIMIT 1",
    )
    .bind(session.key())
    .bind(organization.key())
    .fetch_optional(pool)
    .await?
    .map(|row| Ok(Timestamp(row.try_get("next_at")?)))
    .transpose()
}

/// Moves rows on: a delivered tick makes the read tick due, after the others nothing is.
pub(super) async fn told(
    tx: &mut Tx,
    organization: OrganizationId,
    session: SessionId,
    kind: Kind,
    seqs: &[i64],
    now: Timestamp,
) -> Result<()> {
    let set = match kind {
        Kind::Delivered => {
            "tick = 'delivered', next_at = CASE WHEN read_after_ms = -1 THEN NULL \
             ELSE $3 + COALESCE(read_after_ms, 1000) END"
        }
        // The moment is bound in all three, so that the list begins at the same place.
        Kind::Read => "tick = 'read', next_at = CASE WHEN $3 < 0 THEN next_at ELSE NULL END",
        Kind::Incoming => "tick = 'delivered', next_at = CASE WHEN $3 < 0 THEN next_at ELSE NULL END",
    };
    let limit = tx.engine().bind_limit();
    let mut rest = seqs;
    while !rest.is_empty() {
        let (chunk, after) = rest.split_at(rows_per_statement(rest.len(), 1, limit));
        let sql = format!(
            "UPDATE sandbox_messages SET {set} WHERE session_id = $1 AND organization_id = $2 AND seq IN ({})",
            placeholders(4, chunk.len())
        );
        let mut query = sqlx::query(AssertSqlSafe(sql))
            .bind(session.key())
            .bind(organization.key())
            .bind(now.0);
        for seq in chunk {
            query = query.bind(*seq);
        }
        query.execute(tx.conn()).await?;
        rest = after;
    }
    Ok(())
}

/// Makes every tick of that chat due that has not come yet, also those that never would; the
/// rows are told one by one from now on.
pub(super) async fn read_now(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    session: SessionId,
    number: &str,
    now: Timestamp,
) -> Result<i64> {
    let done = sqlx::query(
        "UPDATE sandbox_messages SET next_at = $1, read_after_ms = 0, plain = 0, \
         tick = CASE WHEN plain = 0 THEN tick WHEN seq <= (SELECT delivered_upto FROM sandbox_phones p \
         WHERE p.session_id = sandbox_messages.session_id) THEN 'delivered' ELSE 'sent' END \
         WHERE session_id = $2 AND organization_id = $3 AND number = $4 AND direction = 'to_customer' \
         AND ((plain = 0 AND tick <> 'read') OR (plain = 1 AND seq > (SELECT read_upto FROM sandbox_phones p \
         WHERE p.session_id = sandbox_messages.session_id)))",
    )
    .bind(now.0)
    .bind(session.key())
    .bind(organization.key())
    .bind(number)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() as i64)
}
