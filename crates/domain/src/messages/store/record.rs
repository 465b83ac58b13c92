//! SQL that writes down what became of messages.

use super::{super::record::Lane, row};
use crate::{Error, Result, Tx};
use db::{AssertSqlSafe, Statement, in_order, insert_sql, padded_len, placeholders};
use sqlx::{AnyPool, Row, any::AnyRow};
use types::{ChatId, MessageId, OrganizationId, Recipient, SessionId, Timestamp, messages::MessageState};

/// A message whose state changed just now.
#[derive(Clone, Debug)]
pub struct Changed {
    pub id: MessageId,
    pub queue_id: Option<i64>,
    pub recipient: Recipient,
    pub session: Option<SessionId>,
    pub settled_at: Option<Timestamp>,
}

/// One column instead of six: handing over a row costs the drivers more than reading it, and each
/// column again. None of these has a space in it.
pub const CHANGED: &str = "RETURNING id || ' ' || COALESCE(queue_id, 0) || ' ' || COALESCE(settled_at, 0) || ' ' || \
     COALESCE(session_id, '-') || ' ' || recipient AS changed";

pub fn changed(row: &AnyRow) -> Result<Changed> {
    read_changed(row.try_get("changed")?).ok_or(Error::Damaged("a changed message"))
}

fn read_changed(text: &str) -> Option<Changed> {
    let mut parts = text.splitn(5, ' ');
    let mut next = || parts.next();
    Some(Changed {
        id: MessageId::from_key(next()?).ok()?,
        queue_id: next()?.parse().ok().filter(|id| *id > 0),
        settled_at: next()?.parse().ok().filter(|at| *at > 0).map(Timestamp),
        session: SessionId::from_key(next()?).ok(),
        recipient: next()?.parse().ok()?,
    })
}

/// The organization as a check on rows that their ids have found. As a bare column it would invite
/// the planner to walk an index of the organization's whole queue instead.
const OWN: &str = "organization_id || ''";

/// Whose messages are changed: of one session where that session's line has told of them. Until it
/// did, a person may have given the message to another session, on whose wire it is now.
#[derive(Clone, Copy)]
struct Whose {
    organization: OrganizationId,
    session: Option<SessionId>,
}

impl From<OrganizationId> for Whose {
    fn from(organization: OrganizationId) -> Self {
        Self {
            organization,
            session: None,
        }
    }
}

impl From<Lane> for Whose {
    fn from(lane: Lane) -> Self {
        Self {
            organization: lane.organization,
            session: Some(lane.session),
        }
    }
}

/// Runs an update whose parameters are the given times, the given values, the organization, the
/// session where there is one, and the ids, in this order.
async fn update(
    tx: &mut Tx,
    set: &str,
    only: &str,
    whose: impl Into<Whose>,
    values: &[Option<&str>],
    times: &[i64],
    ids: &[MessageId],
) -> Result<Vec<Changed>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let engine = tx.engine();
    let whose: Whose = whose.into();
    let first = 1 + times.len() + values.len();
    let (session, next) = match whose.session {
        Some(_) => (format!("AND session_id || '' = ${} ", first + 1), first + 2),
        None => (String::new(), first + 1),
    };
    let sql = format!(
        "UPDATE messages SET {set} WHERE {OWN} = ${first} {session}AND state IN ({only}) AND id IN ({}) {CHANGED}",
        placeholders(next, padded_len(ids.len()))
    );
    let mut query = sqlx::query(AssertSqlSafe(in_order(engine, sql)));
    for time in times {
        query = query.bind(*time);
    }
    for value in values {
        query = query.bind(*value);
    }
    query = query.bind(whose.organization.key());
    if let Some(session) = whose.session {
        query = query.bind(session.key());
    }
    for id in super::padded(ids) {
        query = query.bind(id.key());
    }
    let rows = query.fetch_all(tx.conn()).await?;
    rows.iter().map(changed).collect()
}

/// On the wire, or uncertain, becomes sent. Their chats must be there already.
pub async fn sent(tx: &mut Tx, lane: Lane, ids: &[MessageId], at: Timestamp) -> Result<Vec<Changed>> {
    update(
        tx,
        "state = 'sent', error = NULL, held = 0, sent_at = $1, settled_at = $2, chat_at = $3",
        "'processing', 'uncertain'",
        lane,
        &[],
        &[at.0, at.0, at.0],
        ids,
    )
    .await
}

pub async fn failed(
    tx: &mut Tx,
    organization: OrganizationId,
    ids: &[MessageId],
    error: &str,
    at: Timestamp,
) -> Result<Vec<Changed>> {
    update(
        tx,
        "state = 'failed', held = 0, settled_at = $1, error = $2",
        "'pending', 'processing', 'uncertain'",
        organization,
        &[Some(error)],
        &[at.0],
        ids,
    )
    .await
}

/// How a message goes back into the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Back {
    /// Nothing went on the wire; it does not count as a try.
    Untouched,
    /// It is known not to have arrived.
    Lost,
    /// It was refused and is tried again then; later ones to the same recipient wait for it.
    Again(Timestamp),
}

pub async fn back(
    tx: &mut Tx,
    lane: Lane,
    ids: &[MessageId],
    how: Back,
    error: Option<&str>,
) -> Result<Vec<Changed>> {
    const BOTH: &str = "'processing', 'uncertain'";
    let (held, parked, untried, only) = match how {
        Back::Untouched => (0, 0, 1, BOTH),
        // What was asked for was uncertain. What is on the wire by now is another try.
        Back::Lost => (0, 0, 0, "'uncertain'"),
        Back::Again(at) => (2, at.0, 0, BOTH),
    };
    let held_at = if held > 0 { tx.now().0 } else { 0 };
    update(
        tx,
        // Another try remembers when it was on the wire: it counts already.
        "state = 'pending', wire_at = CASE WHEN $1 = 1 AND attempts <= 1 THEN NULL ELSE wire_at END, held = $2, held_at = $3, \
         parked_until = $4, attempts = attempts - $5, error = $6",
        only,
        lane,
        &[error],
        &[untried, held, held_at, parked, untried],
        ids,
    )
    .await
}

pub async fn uncertain(
    tx: &mut Tx,
    organization: OrganizationId,
    ids: &[MessageId],
    why: &str,
) -> Result<Vec<Changed>> {
    update(
        tx,
        "state = 'uncertain', error = $1",
        "'processing'",
        organization,
        &[Some(why)],
        &[],
        ids,
    )
    .await
}

/// A receipt: sent becomes delivered, delivered becomes read. Repeats change nothing. The phone's
/// moment may lie just before the one at which we heard that it was sent; it is shown as that one,
/// so that a message's times are in order.
pub async fn receipt(
    tx: &mut Tx,
    lane: Lane,
    ids: &[MessageId],
    to: MessageState,
    at: Timestamp,
) -> Result<Vec<Changed>> {
    let (set, only) = match to {
        MessageState::Read => (
            "state = 'read', read_at = CASE WHEN delivered_at > $1 THEN delivered_at ELSE $2 END",
            "'delivered'",
        ),
        _ => (
            "state = 'delivered', delivered_at = CASE WHEN sent_at > $1 THEN sent_at ELSE $2 END",
            "'sent'",
        ),
    };
    update(tx, set, only, lane, &[], &[at.0, at.0], ids).await
}

/// What a chat's row needs of the newest message to it.
pub struct ChatTouch {
    pub id: ChatId,
    pub jid: String,
    pub name: Option<String>,
    pub text: Option<String>,
    pub from_me: bool,
    /// It left through the queue.
    pub ours: bool,
    pub at: Timestamp,
}

/// Makes the chats that are new and moves the others up.
pub async fn touch_chats(
    tx: &mut Tx,
    organization: OrganizationId,
    session: SessionId,
    chats: &[ChatTouch],
) -> Result<()> {
    const COLUMNS: usize = 10;
    let mut rest = chats;
    while !rest.is_empty() {
        let (chunk, after) = rest.split_at(db::rows_per_statement(rest.len(), COLUMNS, 8_000));
        let sql = insert_sql(
            tx.engine(),
            "chats (id, organization_id, session_id, jid, name, last_text, last_from_me, last_at, left_at, in_at)",
            COLUMNS,
            chunk.len(),
            "ON CONFLICT (session_id, jid) DO UPDATE SET \
             last_text = CASE WHEN excluded.last_at >= chats.last_at THEN excluded.last_text ELSE chats.last_text END, \
             last_from_me = CASE WHEN excluded.last_at >= chats.last_at THEN excluded.last_from_me ELSE chats.last_from_me END, \
             last_at = CASE WHEN excluded.last_at >= chats.last_at THEN excluded.last_at ELSE chats.last_at END, \
             left_at = COALESCE(excluded.left_at, chats.left_at), in_at = COALESCE(excluded.in_at, chats.in_at), \
             name = COALESCE(excluded.name, chats.name)",
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for chat in chunk {
            query = query
                .bind(chat.id.key())
                .bind(organization.key())
                .bind(session.key())
                .bind(chat.jid.as_str())
                .bind(chat.name.as_deref())
                .bind(chat.text.as_deref())
                .bind(i64::from(chat.from_me))
                .bind(chat.at.0)
                .bind(chat.ours.then_some(chat.at.0))
                .bind((!chat.from_me).then_some(chat.at.0));
        }
        query.execute(tx.conn()).await?;
        rest = after;
    }
    Ok(())
}

/// What is added to the kept numbers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counted {
    pub waiting: i64,
    pub sent: i64,
    pub failed: i64,
}

pub fn count(tx: &mut Tx, organization: OrganizationId, add: Counted) {
    tx.at_commit(
        Statement::new(
            "UPDATE queue_counters SET waiting = waiting + $1, sent = sent + $2, failed = failed + $3 \
             WHERE organization_id = $4",
        )
        .bind(add.waiting)
        .bind(add.sent)
        .bind(add.failed)
        .bind(organization.key()),
    );
}

/// What is added to the numbers of a session's day.
#[derive(Clone, Copy, Debug, Default)]
pub struct CountedDay {
    pub sent: i64,
    pub delivered: i64,
    pub read: i64,
    pub failed: i64,
    /// Written to us.
    pub received: i64,
    /// Went on the wire, and how much of it to people who never wrote to us.
    pub used: i64,
    pub cold: i64,
}

/// Without a session it is kept under an empty id.
pub fn count_day(
    tx: &mut Tx,
    organization: OrganizationId,
    session: Option<SessionId>,
    day: &str,
    add: CountedDay,
) {
    tx.at_commit(
        Statement::new(
            "INSERT INTO day_counters (organization_id, session_id, day, sent, delivered, read, failed, used, cold, received) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
             ON CONFLICT (organization_id, day, session_id) DO UPDATE SET \
             sent = day_counters.sent + excluded.sent, delivered = day_counters.delivered + excluded.delivered, \
             read = day_counters.read + excluded.read, failed = day_counters.failed + excluded.failed, \
             used = day_counters.used + excluded.used, cold = day_counters.cold + excluded.cold, \
             received = day_counters.received + excluded.received",
        )
        .bind(organization.key())
        .bind(session.map_or_else(String::new, SessionId::key))
        .bind(day)
        .bind(add.sent)
        .bind(add.delivered)
        .bind(add.read)
        .bind(add.failed)
        .bind(add.used)
        .bind(add.cold)
        .bind(add.received),
    );
}

/// What a session must remember for its limits and for the balancer.
#[derive(Clone, Debug)]
pub struct Past {
    pub in_row: i64,
    pub paused_until: Option<Timestamp>,
    pub outcomes: String,
}

/// What is added to a session's own numbers, and what its lane remembers.
pub fn count_session(
    tx: &mut Tx,
    organization: OrganizationId,
    session: SessionId,
    add: Counted,
    left_at: Option<Timestamp>,
    past: Option<&Past>,
) {
    let left_at = left_at.map_or(0, Timestamp::millis);
    let remember = if past.is_some() {
        ", in_row = $5, paused_until = $6, outcomes = $7"
    } else {
        ""
    };
    let next = if past.is_some() { 8 } else { 5 };
    let mut statement = Statement::new(format!(
        "UPDATE sessions SET sent = sent + $1, failed = failed + $2, \
         last_left_at = CASE WHEN $3 > COALESCE(last_left_at, 0) THEN $4 ELSE last_left_at END{remember} \
         WHERE organization_id = ${next} AND id = ${}",
        next + 1
    ))
    .bind(add.sent)
    .bind(add.failed)
    .bind(left_at)
    .bind(left_at);
    if let Some(past) = past {
        statement = statement
            .bind(past.in_row)
            .bind(past.paused_until.map(Timestamp::millis))
            .bind(past.outcomes.as_str());
    }
    tx.at_commit(statement.bind(organization.key()).bind(session.key()));
}

/// What was on the wire and not recorded.
pub struct Unrecorded {
    pub session: SessionId,
    pub wire_at: Timestamp,
    pub attempts: i64,
    /// The recipient has written to us.
    pub wrote: bool,
}

pub async fn unrecorded(
    tx: &mut Tx,
    organization: OrganizationId,
    ids: &[MessageId],
) -> Result<Vec<Unrecorded>> {
    let sql = format!(
        "SELECT session_id, wire_at, attempts, (SELECT MAX(c.in_at) FROM chats c \
         WHERE c.organization_id = messages.organization_id AND c.jid = messages.recipient) AS wrote \
         FROM messages WHERE {OWN} = $1 AND state = 'processing' AND session_id IS NOT NULL AND id IN ({})",
        placeholders(2, padded_len(ids.len()))
    );
    let mut query = sqlx::query(AssertSqlSafe(sql)).bind(organization.key());
    for id in super::padded(ids) {
        query = query.bind(id.key());
    }
    let rows = query.fetch_all(tx.conn()).await?;
    rows.iter()
        .map(|row| {
            Ok(Unrecorded {
                session: SessionId::from_key(row.try_get("session_id")?)
                    .map_err(|_| Error::Damaged("a message's session"))?,
                wire_at: row::time(row, "wire_at")?.unwrap_or_default(),
                attempts: row.try_get("attempts")?,
                wrote: row::time(row, "wrote")?.is_some(),
            })
        })
        .collect()
}

/// What is marked as on the wire, of one session or of all.
// cross-org: recovery at start looks at every organization; each row carries its own.
pub async fn on_the_wire(
    pool: &AnyPool,
    session: Option<SessionId>,
) -> Result<Vec<(OrganizationId, MessageId)>> {
    let rows = match session {
        None => sqlx::query(
            "SELECT id, organization_id FROM messages WHERE state = 'processing' AND state IN ('processing', 'uncertain')",
        ),
        Some(session) => sqlx::query(
            "SELECT id, organization_id FROM messages WHERE state = 'processing' \
             AND state IN ('processing', 'uncertain') AND session_id = $1",
        )
        .bind(session.key()),
    };
    let rows = rows.fetch_all(pool).await?;
    rows.iter()
        .map(|row| {
            let organization = OrganizationId::from_key(row.try_get("organization_id")?)
                .map_err(|_| Error::Damaged("a message's organization"))?;
            Ok((organization, row::id(row)?))
        })
        .collect()
}

/// The uncertain messages of a session and when each went on the wire, oldest first.
pub async fn uncertain_of(
    pool: &AnyPool,
    organization: OrganizationId,
    session: SessionId,
    limit: i64,
) -> Result<Vec<(MessageId, Timestamp)>> {
    let rows = sqlx::query(
        "SELECT id, wire_at FROM messages \
         WHERE organization_id = $1 AND session_id = $2 AND state = 'uncertain' \
         AND state IN ('processing', 'uncertain') ORDER BY wire_at, queue_id LIMIT $3",
    )
    .bind(organization.key())
    .bind(session.key())
    .bind(limit)
    .fetch_all(pool)
    .await?;
    rows.iter()
        .map(|row| Ok((row::id(row)?, row::time(row, "wire_at")?.unwrap_or_default())))
        .collect()
}

/// Recipient and text of a session's messages, for the chats they go to.
pub async fn bodies(
    tx: &mut Tx,
    lane: Lane,
    ids: &[MessageId],
) -> Result<Vec<(MessageId, Recipient, Option<String>)>> {
    let sql = format!(
        "SELECT id, recipient, body FROM messages WHERE {OWN} = $1 AND session_id || '' = $2 \
         AND state IN ('processing', 'uncertain') AND id IN ({})",
        placeholders(3, padded_len(ids.len()))
    );
    let mut query = sqlx::query(AssertSqlSafe(in_order(tx.engine(), sql)))
        .bind(lane.organization.key())
        .bind(lane.session.key());
    for id in super::padded(ids) {
        query = query.bind(id.key());
    }
    let rows = query.fetch_all(tx.conn()).await?;
    rows.iter()
        .map(|row| Ok((row::id(row)?, row::recipient(row)?, row.try_get("body")?)))
        .collect()
}
