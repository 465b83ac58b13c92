//! SQL of the witness: rows are appended, never removed.

use crate::{Error, Result, Tx};
use db::{AssertSqlSafe, insert_sql, placeholders, rows_per_statement};
use sqlx::{AnyConnection, Row};
use std::collections::HashMap;
use transport::sandbox::{Arrival, ReadTick, Spent};
use types::{OrganizationId, SessionId, Timestamp};

/// One message that a customer or the linked phone wrote.
pub(super) struct Written<'a> {
    pub message_id: &'a str,
    pub number: &'a str,
    pub from_me: bool,
    pub name: Option<&'a str>,
    pub text: &'a str,
    pub at: Timestamp,
}

/// Takes the phone's row for this transaction; `false` when it must be linked and is not.
pub(super) async fn lock(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    session: SessionId,
    linked: bool,
) -> Result<bool> {
    let sql = if linked {
        "UPDATE sandbox_phones SET number = number WHERE session_id = $1 AND organization_id = $2 \
         AND credentials_hash IS NOT NULL"
    } else {
        "UPDATE sandbox_phones SET number = number WHERE session_id = $1 AND organization_id = $2"
    };
    let done = sqlx::query(sql)
        .bind(session.key())
        .bind(organization.key())
        .execute(conn)
        .await?;
    Ok(done.rows_affected() > 0)
}

pub(super) async fn append(
    tx: &mut Tx,
    organization: OrganizationId,
    session: SessionId,
    arrivals: &[Arrival],
) -> Result<()> {
    const INTO: &str = "sandbox_messages (organization_id, session_id, message_id, number, direction, body, \
                        media_kind, media_id, filename, at, plain, tick, next_at, read_after_ms, \
                        doubled)";
    const COLUMNS: usize = 15;
    let (organization, session) = (organization.key(), session.key());
    let limit = tx.engine().bind_limit();
    let mut rest = arrivals;
    while !rest.is_empty() {
        let (chunk, after) = rest.split_at(rows_per_statement(rest.len(), COLUMNS, limit));
        let mut query = sqlx::query(AssertSqlSafe(insert_sql(
            tx.engine(),
            INTO,
            COLUMNS,
            chunk.len(),
            "",
        )));
        for arrival in chunk {
            let media = arrival.message.media.as_ref();
            let plain = arrival.is_plain();
            query = query
                .bind(organization.as_str())
                .bind(session.as_str())
                .bind(arrival.message.message_id.as_str())
                .bind(arrival.message.to.number())
                .bind("to_customer")
                .bind(arrival.message.text.as_deref())
                .bind(media.map(|media| media.kind.name()))
                .bind(media.map(|media| media.id.key()))
                .bind(media.and_then(|media| media.filename.as_deref()))
                .bind(arrival.at.0)
                .bind(i64::from(plain))
                .bind("sent")
                .bind(arrival.delivered_at.filter(|_| !plain).map(|at| at.0))
                .bind(match arrival.read {
                    ReadTick::Usual => None,
                    ReadTick::After(millis) => Some(millis),
                    ReadTick::Never => Some(-1),
                })
                .bind(i64::from(arrival.doubled));
        }
        query.execute(tx.conn()).await?;
        rest = after;
    }
    Ok(())
}

/// Takes from the faults what has just hit.
pub(super) async fn spend(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    session: SessionId,
    spent: &[Spent],
) -> Result<()> {
    for Spent { fault, count } in spent {
        sqlx::query(
            "UPDATE sandbox_faults SET left_count = left_count - $1 \
             WHERE id = $2 AND session_id = $3 AND organization_id = $4",
        )
        .bind(*count)
        .bind(fault.key())
        .bind(session.key())
        .bind(organization.key())
        .execute(&mut *conn)
        .await?;
    }
    if !spent.is_empty() {
        sqlx::query(
            "DELETE FROM sandbox_faults WHERE session_id = $1 AND organization_id = $2 AND left_count <= 0",
        )
        .bind(session.key())
        .bind(organization.key())
        .execute(conn)
        .await?;
    }
    Ok(())
}

/// When each of those messages first arrived; the others are not in the answer.
pub(super) async fn first_arrivals(
    tx: &mut Tx,
    organization: OrganizationId,
    session: SessionId,
    message_ids: &[String],
) -> Result<HashMap<String, Timestamp>> {
    let mut found = HashMap::new();
    let limit = tx.engine().bind_limit();
    let mut rest = message_ids;
    while !rest.is_empty() {
        let (chunk, after) = rest.split_at(rows_per_statement(rest.len(), 1, limit));
        let sql = format!(
            "SELECT message_id, MIN(at) AS at FROM sandbox_messages WHERE session_id = $1 \
             AND organization_id = $2 AND direction = 'to_customer' AND message_id IN ({}) GROUP BY message_id",
            placeholders(3, chunk.len())
        );
        let mut query = sqlx::query(AssertSqlSafe(sql))
            .bind(session.key())
            .bind(organization.key());
        for id in chunk {
            query = query.bind(id.as_str());
        }
        for row in query.fetch_all(tx.conn()).await? {
            found.insert(row.try_get("message_id")?, Timestamp(row.try_get("at")?));
        }
        rest = after;
    }
    Ok(found)
}

/// Appends what a person wrote, due at once; answers its number.
pub(super) async fn write(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    session: SessionId,
    message: &Written<'_>,
) -> Result<i64> {
    let row = sqlx::query(
        "INSERT INTO sandbox_messages (organization_id, session_id, message_id, number, direction, name, body, \
         at, plain, tick, next_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 'sent', $9) RETURNING seq",
    )
    .bind(organization.key())
    .bind(session.key())
    .bind(message.message_id)
    .bind(message.number)
    .bind(if message.from_me { "from_phone" } else { "from_customer" })
    .bind(message.name)
    .bind(message.text)
    .bind(message.at.0)
    .bind(message.at.0)
    .fetch_one(conn)
    .await?;
    row.try_get("seq").map_err(Error::from)
}

/// The newest messages of a customer show that they were read on our side.
pub(super) async fn read_by_us(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    session: SessionId,
    number: &str,
) -> Result<u64> {
    let done = sqlx::query(
        "UPDATE sandbox_messages SET tick = 'read' WHERE seq IN (SELECT seq FROM sandbox_messages \
         WHERE session_id = $1 AND organization_id = $2 AND number = $3 ORDER BY seq DESC LIMIT 100) \
         AND direction = 'from_customer' AND tick <> 'read' AND next_at IS NULL",
    )
    .bind(session.key())
    .bind(organization.key())
    .bind(number)
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}
