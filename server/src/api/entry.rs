//! A queue entry in the words of seed 002.

use serde::Serialize;
use types::{
    Page, Timestamp,
    messages::{MessageState, QueueEntry},
};
use utoipa::ToSchema;

/// A message of the queue or the history.
#[derive(Serialize, ToSchema)]
#[schema(as = SeedEntry)]
pub struct Entry {
    /// Counted per organization from 1.
    #[serde(rename = "queueId")]
    queue_id: i32,
    /// A UUID.
    id: String,
    reference_id: Option<String>,
    /// Digits, or the group's id.
    number: String,
    message: Option<String>,
    #[serde(rename = "mediaUrl")]
    media_url: Option<String>,
    #[serde(rename = "mediaType")]
    media_type: Option<&'static str>,
    #[serde(rename = "sessionId")]
    session_id: Option<String>,
    /// pending, processing, sent, failed or cancelled.
    status: &'static str,
    /// pending, processing, sent, delivered, read, failed, cancelled or uncertain.
    state: &'static str,
    /// Why it failed, for people.
    error: Option<String>,
    attempts: i32,
    #[serde(rename = "createdAt")]
    #[schema(format = DateTime)]
    created_at: String,
    #[serde(rename = "sentAt")]
    #[schema(format = DateTime)]
    sent_at: Option<String>,
    /// The planned moment, while it waits.
    #[serde(rename = "estimatedAt")]
    #[schema(format = DateTime)]
    estimated_at: Option<String>,
}

impl From<QueueEntry> for Entry {
    fn from(entry: QueueEntry) -> Self {
        let kind = entry.media_kind.or(entry.media.as_ref().map(|media| media.kind));
        Self {
            queue_id: entry.queue_id,
            id: entry.id.plain(),
            reference_id: entry.reference_id,
            number: entry.recipient.number(),
            message: entry.text,
            media_url: entry.media_url,
            media_type: kind.map(types::media::MediaKind::name),
            session_id: entry.session.map(types::SessionId::plain),
            status: entry.state.seed_002(),
            state: entry.state.name(),
            error: entry.error,
            attempts: entry.attempts,
            created_at: entry.created_at.rfc3339(),
            sent_at: entry.sent_at.map(Timestamp::rfc3339),
            estimated_at: entry.leaves_at.map(Timestamp::rfc3339),
        }
    }
}

/// The envelope of both lists.
#[derive(Serialize, ToSchema)]
#[schema(as = SeedList)]
pub struct List {
    success: bool,
    /// How many there are in all.
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<i64>,
    data: Vec<Entry>,
    /// Give this back as cursor to read on; null on the last page.
    next: Option<String>,
}

impl From<Page<QueueEntry>> for List {
    fn from(page: Page<QueueEntry>) -> Self {
        Self {
            success: true,
            total: page.total,
            data: page.data.into_iter().map(Entry::from).collect(),
            next: page.next,
        }
    }
}

/// The native states behind a status word of seed 002.
pub fn states(status: &str) -> Vec<MessageState> {
    MessageState::ALL
        .iter()
        .copied()
        .filter(|state| *state != MessageState::Received && state.seed_002() == status)
        .collect()
}
