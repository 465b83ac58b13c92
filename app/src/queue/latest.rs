//! Lists that stay where they are while their data changes.
//!
//! A page waits for its first answer once; what comes afterwards flows through these signals, so
//! that rows, focus and scroll position survive every refetch.

use crate::browser::Elapsed;
use leptos::prelude::*;
use std::collections::BTreeMap;
use types::{
    AppError, MessageId, Timestamp,
    events::Event,
    messages::{MessageState, QueueEntry},
};

/// The newest answer of a resource, beginning with the one that was awaited.
pub fn latest<T>(first: T, data: Resource<T>) -> Memo<T>
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    Memo::new(move |_| data.get().unwrap_or_else(|| first.clone()))
}

/// Which of its faces a list shows.
#[derive(Clone, Debug, PartialEq)]
pub enum Face {
    Rows,
    Empty,
    Failed(AppError),
}

/// The server's clock, carried on by the page since the last answer.
#[derive(Clone, Copy)]
pub struct PageClock {
    base: Memo<(Timestamp, i64)>,
    elapsed: Signal<i64>,
}

impl PageClock {
    pub fn new(as_of: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        let elapsed = Elapsed::since_now();
        let base = Memo::new(move |_| (as_of(), elapsed.get_untracked()));
        Self { base, elapsed }
    }

    /// Now; moves once a second.
    pub fn now(self) -> Timestamp {
        let (as_of, at) = self.base.get();
        as_of + (self.elapsed.get() - at)
    }

    /// Now, for what moves on by itself afterwards.
    pub fn started(self) -> Timestamp {
        let (as_of, at) = self.base.get_untracked();
        as_of + (self.elapsed.get_untracked() - at)
    }
}

/// What events said of a message since the list was read.
#[derive(Clone, Debug, Default, PartialEq)]
struct Patch {
    state: Option<MessageState>,
    error: Option<String>,
    /// When the last of them happened.
    at: Timestamp,
    sent_at: Option<Timestamp>,
    delivered_at: Option<Timestamp>,
    read_at: Option<Timestamp>,
}

impl Patch {
    fn add(&mut self, state: MessageState, error: Option<String>, at: Timestamp) {
        match state {
            MessageState::Sent => self.sent_at = Some(at),
            MessageState::Delivered => self.delivered_at = Some(at),
            MessageState::Read => self.read_at = Some(at),
            _ => {}
        }
        self.state = Some(state);
        self.error = error;
        self.at = at;
    }

    /// Whether a list read at `as_of`, which says `known`, does not know this yet. Ticks are
    /// compared as such: an event carries the moment its transaction began, and that may lie
    /// before a list which could not see it.
    fn is_news_to(&self, known: MessageState, as_of: Timestamp) -> bool {
        match (self.state.and_then(ticks), ticks(known)) {
            (Some(said), Some(known)) => said > known,
            _ => self.at >= as_of,
        }
    }
}

/// The rows of a list as events have changed them.
#[derive(Clone, Copy)]
pub struct Patches(RwSignal<BTreeMap<MessageId, Patch>>);

impl Patches {
    /// Listens for as long as the caller is on the page. `shown` says which messages are in the
    /// list; what happens to others is not kept.
    pub fn listen(shown: impl Fn(MessageId) -> bool + Send + Sync + 'static) -> Self {
        let patches = RwSignal::new(BTreeMap::<MessageId, Patch>::new());
        crate::live::use_live(move |event| {
            if let Some((id, state, error)) = read(event).filter(|(id, ..)| shown(*id)) {
                patches.update(|all| all.entry(id).or_default().add(state, error, event.timestamp));
            }
        });
        Self(patches)
    }

    /// The entry as it is now.
    pub fn apply(self, mut entry: QueueEntry, as_of: Timestamp) -> QueueEntry {
        self.0.with(|all| {
            let Some(patch) = all.get(&entry.id) else { return };
            if !patch.is_news_to(entry.state, as_of) {
                return;
            }
            entry.state = patch.state.unwrap_or(entry.state);
            entry.error.clone_from(&patch.error);
            entry.sent_at = entry.sent_at.or(patch.sent_at);
            entry.delivered_at = entry.delivered_at.or(patch.delivered_at);
            entry.read_at = entry.read_at.or(patch.read_at);
        });
        entry
    }

    /// Forgets what the list has surely read since.
    pub fn forget_before(self, as_of: Timestamp) {
        const SURELY: i64 = 60_000;
        let old = |patch: &Patch| patch.at + SURELY < as_of;
        if self.0.with_untracked(|all| all.values().any(old)) {
            self.0.update(|all| all.retain(|_, patch| !old(patch)));
        }
    }
}

/// How far a sent message has come; it never goes back.
const fn ticks(state: MessageState) -> Option<u8> {
    match state {
        MessageState::Sent => Some(1),
        MessageState::Delivered => Some(2),
        MessageState::Read => Some(3),
        _ => None,
    }
}

/// The message an event is about, its new state, and why.
fn read(event: &Event) -> Option<(MessageId, MessageState, Option<String>)> {
    let text = |key: &str| event.data.get(key).and_then(serde_json::Value::as_str);
    let id = text("id")?.parse().ok()?;
    let state = MessageState::from_name(text("state")?)?;
    Some((id, state, text("error").map(String::from)))
}

/// Whether the event is about that message, by its id or its number in the queue.
pub fn is_about(event: &Event, id: &str) -> bool {
    let number = event.data.get("queue_id").and_then(serde_json::Value::as_i64);
    if number.is_some_and(|number| id.parse() == Ok(number)) {
        return true;
    }
    let said = event.data.get("id").and_then(serde_json::Value::as_str);
    said.is_some_and(|said| said == id || id.parse::<MessageId>().is_ok_and(|id| said.parse() == Ok(id)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use types::{EventId, OrganizationId, events::EventType};

    fn event(data: serde_json::Value) -> Event {
        Event {
            seq: 1,
            id: EventId::from_key(&"0".repeat(32)).unwrap(),
            kind: EventType::MessageFailed,
            timestamp: Timestamp(5),
            organization: OrganizationId::from_key(&"0".repeat(32)).unwrap(),
            session: None,
            data,
        }
    }

    #[test]
    fn an_event_says_what_became_of_which_message() {
        let id = MessageId::from_key(&"0".repeat(32)).unwrap();
        let told =
            json!({"id": id.to_string(), "queue_id": 18, "state": "failed", "error": "No such number"});
        let event = event(told);
        assert_eq!(
            read(&event),
            Some((id, MessageState::Failed, Some("No such number".into())))
        );
        assert!(is_about(&event, &id.to_string()) && is_about(&event, &id.plain()));
        assert!(is_about(&event, "18") && !is_about(&event, "17"));
    }

    #[test]
    fn ticks_never_go_back_and_other_news_goes_by_its_time() {
        let mut patch = Patch::default();
        patch.add(MessageState::Delivered, None, Timestamp(5));
        assert!(patch.is_news_to(MessageState::Sent, Timestamp(9)));
        assert!(!patch.is_news_to(MessageState::Read, Timestamp(1)));
        patch.add(MessageState::Failed, None, Timestamp(5));
        assert!(patch.is_news_to(MessageState::Pending, Timestamp(5)));
        assert!(!patch.is_news_to(MessageState::Pending, Timestamp(9)));
    }

    #[test]
    fn other_events_change_no_row() {
        assert_eq!(read(&event(json!({"session": "ses_1"}))), None);
        assert_eq!(read(&event(json!({"id": "msg_x", "state": "sent"}))), None);
    }
}
