//! SQL that puts new messages into the queue.

use crate::Tx;
use db::{Statement, insert_sql, rows_per_statement};
use types::{
    BatchId, ChatId, MediaId, MessageId, OrganizationId, SessionId, Timestamp, media::MediaKind,
    messages::Class,
};

pub struct NewMessage {
    pub id: MessageId,
    pub organization: OrganizationId,
    pub session: Option<SessionId>,
    pub chat: Option<ChatId>,
    pub queue_id: i32,
    pub reference: Option<String>,
    /// JID.
    pub recipient: String,
    pub body: Option<String>,
    pub media: Option<MediaId>,
    pub media_url: Option<String>,
    pub media_kind: Option<MediaKind>,
    pub fetching: bool,
    pub class: Class,
    pub batch: Option<BatchId>,
    pub chance: u32,
    pub chars: i64,
    /// Its session was named.
    pub named: bool,
    pub created_at: Timestamp,
}

const INTO: &str = "messages (id, organization_id, session_id, chat_id, queue_id, reference_id, from_me, recipient, \
     body, media_id, media_url, media_kind, held, class, state, rank, parked_until, chance, chars, named, created_at, batch_id)";
const COLUMNS: usize = 22;

/// Puts the rows into the queue when the transaction commits.
pub fn messages(tx: &mut Tx, rows: &[NewMessage]) {
    let engine = tx.engine();
    let mut rest = rows;
    while !rest.is_empty() {
        let (chunk, after) = rest.split_at(rows_per_statement(rest.len(), COLUMNS, engine.bind_limit()));
        let mut statement = Statement::new(insert_sql(engine, INTO, COLUMNS, chunk.len(), ""));
        for row in chunk {
            statement = statement
                .bind(row.id.key())
                .bind(row.organization.key())
                .bind(row.session.map(SessionId::key))
                .bind(row.chat.map(ChatId::key))
                .bind(i64::from(row.queue_id))
                .bind(row.reference.as_deref())
                .bind(1_i64)
                .bind(row.recipient.as_str())
                .bind(row.body.as_deref())
                .bind(row.media.map(MediaId::key))
                .bind(row.media_url.as_deref())
                .bind(row.media_kind.map(MediaKind::name))
                .bind(i64::from(row.fetching))
                .bind(row.class.name())
                .bind("pending")
                .bind(super::rank(row.class))
                .bind(if row.fetching { super::FETCHING } else { 0 })
                .bind(i64::from(row.chance))
                .bind(row.chars)
                .bind(i64::from(row.named))
                .bind(row.created_at.0)
                .bind(row.batch.map(BatchId::key));
        }
        tx.at_commit(statement);
        rest = after;
    }
}
