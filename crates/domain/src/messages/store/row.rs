//! Reads message rows in the forms that callers see.

use crate::{Error, Result};
use sqlx::{Row, any::AnyRow};
use types::{
    ChatId, MediaId, MessageId, Recipient, Timestamp,
    media::{Media, MediaKind},
    messages::{Class, MessageState, QueueEntry, TimelineMessage},
};

/// The columns of [`entry`] and [`timeline`]; `m` is the message, `a` its attachment.
pub const COLUMNS: &str = "m.id, m.queue_id, m.reference_id, m.recipient, m.body, m.media_url, m.media_kind, m.session_id, \
     m.chat_id, m.from_me, m.class, m.state, m.error, m.attempts, m.created_at, m.held, m.rank, m.parked_until, m.chance, m.chars, m.named, m.wire_at, \
     m.sent_at, m.delivered_at, m.read_at, m.settled_at, m.chat_at, \
     a.id AS attachment_id, a.kind AS attachment_kind, a.mime AS attachment_mime, \
     a.filename AS attachment_filename, a.bytes AS attachment_bytes";

pub const FROM: &str = "FROM messages m LEFT JOIN media a ON a.id = m.media_id";

pub fn entry(row: &AnyRow) -> Result<QueueEntry> {
    let state = state(row)?;
    Ok(QueueEntry {
        id: id(row)?,
        queue_id: row.try_get::<Option<i64>, _>("queue_id")?.unwrap_or_default() as i32,
        reference_id: row.try_get("reference_id")?,
        recipient: recipient(row)?,
        text: row.try_get("body")?,
        media: media(row)?,
        media_url: row.try_get("media_url")?,
        media_kind: kind(row)?,
        session: super::session(row, "session_id")?,
        class: Class::from_name(row.try_get("class")?),
        state,
        error: row.try_get("error")?,
        attempts: row.try_get::<i64, _>("attempts")? as i32,
        created_at: Timestamp(row.try_get("created_at")?),
        // Foretold by the reader, who knows the whole queue.
        leaves_at: None,
        held_by: None,
        sent_at: time(row, "sent_at")?,
        delivered_at: time(row, "delivered_at")?,
        read_at: time(row, "read_at")?,
        settled_at: time(row, "settled_at")?,
    })
}

/// What a waiting message has of its own that its gates look at.
#[derive(Clone, Copy, Debug, Default)]
pub struct Planned {
    /// 1: its attachment is being fetched, 2: it waits for another try.
    pub held: i64,
    /// Its session has had it on the wire before.
    pub counted: bool,
    pub rank: i64,
    pub parked_until: i64,
    pub chance: u32,
    pub chars: i64,
}

pub fn planned(row: &AnyRow) -> Result<Planned> {
    Ok(Planned {
        held: row.try_get("held")?,
        counted: row.try_get::<i64, _>("attempts")? > 0 && time(row, "wire_at")?.is_some(),
        rank: row.try_get("rank")?,
        parked_until: row.try_get("parked_until")?,
        chance: row.try_get::<i64, _>("chance")? as u32,
        chars: row.try_get("chars")?,
    })
}

pub fn timeline(row: &AnyRow) -> Result<TimelineMessage> {
    let chat: Option<String> = row.try_get("chat_id")?;
    Ok(TimelineMessage {
        id: id(row)?,
        chat: chat
            .and_then(|key| ChatId::from_key(&key).ok())
            .ok_or(Error::Damaged("a message's chat"))?,
        from_me: row.try_get::<i64, _>("from_me")? != 0,
        text: row.try_get("body")?,
        media: media(row)?,
        media_kind: kind(row)?,
        state: state(row)?,
        error: row.try_get("error")?,
        at: time(row, "chat_at")?.unwrap_or_default(),
    })
}

pub fn id(row: &AnyRow) -> Result<MessageId> {
    MessageId::from_key(row.try_get("id")?).map_err(|_| Error::Damaged("a message's id"))
}

pub fn recipient(row: &AnyRow) -> Result<Recipient> {
    row.try_get::<&str, _>("recipient")?
        .parse()
        .map_err(|_| Error::Damaged("a message's recipient"))
}

pub fn state(row: &AnyRow) -> Result<MessageState> {
    MessageState::from_name(row.try_get("state")?).ok_or(Error::Damaged("a message's state"))
}

pub fn time(row: &AnyRow, column: &str) -> Result<Option<Timestamp>> {
    Ok(row.try_get::<Option<i64>, _>(column)?.map(Timestamp))
}

fn kind(row: &AnyRow) -> Result<Option<MediaKind>> {
    Ok(row
        .try_get::<Option<String>, _>("media_kind")?
        .as_deref()
        .and_then(MediaKind::from_name))
}

pub fn media(row: &AnyRow) -> Result<Option<Media>> {
    let Some(id) = row.try_get::<Option<String>, _>("attachment_id")? else {
        return Ok(None);
    };
    Ok(Some(Media {
        id: MediaId::from_key(&id).map_err(|_| Error::Damaged("an attachment's id"))?,
        kind: row
            .try_get::<Option<String>, _>("attachment_kind")?
            .as_deref()
            .and_then(MediaKind::from_name)
            .ok_or(Error::Damaged("an attachment's kind"))?,
        mime: row
            .try_get::<Option<String>, _>("attachment_mime")?
            .unwrap_or_default(),
        filename: row.try_get("attachment_filename")?,
        bytes: row
            .try_get::<Option<i64>, _>("attachment_bytes")?
            .unwrap_or_default(),
    }))
}
