//! An entry in words, as the queue and the history say it.

use super::{gates::gate_word, server::SessionChoice, text::text};
use crate::{
    format,
    i18n::fill,
    ui::{Mark, message_mark, message_word, text::text as shared_text},
};
use types::{
    Recipient, SessionId, Timestamp,
    media::MediaKind,
    messages::{MessageState, QueueEntry},
    pacing::{Gate, GateKind, LaneStatus},
    sessions::SessionState,
};

/// `+62 811-0000-0142`, or a group's address.
pub fn recipient(recipient: &Recipient) -> String {
    format::phone(&recipient.number())
}

/// One line: the text, else what is attached.
pub fn message(entry: &QueueEntry) -> String {
    let attached =
        kind(entry).map(
            |kind| match entry.media.as_ref().and_then(|media| media.filename.as_deref()) {
                Some(name) => fill(
                    text().named_attachment,
                    &[("kind", kind_word(kind)), ("name", name)],
                ),
                None => kind_word(kind).into(),
            },
        );
    let words = entry
        .text
        .as_deref()
        .map(str::trim)
        .filter(|words| !words.is_empty())
        .map(one_line);
    match (attached, words) {
        (Some(attached), Some(words)) => format!("{attached} · {words}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) if entry.media_url.is_some() => text().attachment.into(),
        (None, None) => shared_text().none.into(),
    }
}

/// Long messages are cut here rather than by the style sheet, so that a page does not carry them.
fn one_line(words: &str) -> String {
    const LENGTH: usize = 140;
    let mut line: String = words
        .chars()
        .take(LENGTH)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if words.chars().nth(LENGTH).is_some() {
        line.push('…');
    }
    line
}

pub fn kind(entry: &QueueEntry) -> Option<MediaKind> {
    entry.media.as_ref().map(|media| media.kind).or(entry.media_kind)
}

pub fn kind_word(kind: MediaKind) -> &'static str {
    let t = text();
    match kind {
        MediaKind::Image => t.image,
        MediaKind::Audio => t.audio,
        MediaKind::Video => t.video,
        MediaKind::Document => t.document,
    }
}

/// The session's name; a word where none is chosen yet or it was deleted.
pub fn session(id: Option<SessionId>, sessions: &[SessionChoice]) -> String {
    match id {
        None => text().any_session.into(),
        Some(id) => sessions
            .iter()
            .find(|session| session.id == id)
            .map_or_else(|| text().deleted_session.into(), |session| session.name.clone()),
    }
}

/// What an open entry waits for: its first closed gate, as far as a list can tell.
pub fn waiting_for(
    entry: &QueueEntry,
    sessions: &[SessionChoice],
    lanes: &[LaneStatus],
    now: Timestamp,
) -> (Mark, String) {
    let t = text();
    if entry.state != MessageState::Pending {
        return (message_mark(entry.state), message_word(entry.state).into());
    }
    if entry.session.is_none() && !sessions.iter().any(|session| session.state.can_send()) {
        return (Mark::Warn, t.wait_any_session.into());
    }
    match state_of(entry, sessions) {
        Some(SessionState::Stopped) => return (Mark::Warn, t.wait_start.into()),
        Some(SessionState::LoggedOut) => return (Mark::Warn, t.wait_link_again.into()),
        Some(SessionState::Restricted) => return (Mark::Warn, t.wait_restriction.into()),
        Some(SessionState::Linking) => return (Mark::Wait, t.wait_link.into()),
        Some(SessionState::Connecting | SessionState::Reconnecting) => {
            return (Mark::Wait, t.wait_connect.into());
        }
        Some(SessionState::Connected) | None => {}
    }
    if is_fetching(entry) {
        return (Mark::Wait, t.wait_media.into());
    }
    if let Some(gate) = entry.held_by.or_else(|| held(entry, lanes, now)) {
        return (Mark::Wait, gate_word(gate).into());
    }
    // What is not next in its lane waits for those before it, whatever delays them.
    let behind = lanes
        .iter()
        .any(|lane| Some(lane.session) == entry.session && lane.next != Some(entry.id));
    match entry.leaves_at {
        Some(at) if at > now && !behind => (Mark::Wait, t.wait_delay.into()),
        _ => (Mark::Wait, t.wait_turn.into()),
    }
}

/// What holds the whole lane of an entry; for one that any session may take, what holds all of them.
fn held(entry: &QueueEntry, lanes: &[LaneStatus], now: Timestamp) -> Option<GateKind> {
    let gate = |lane: &LaneStatus| {
        let still = |gate: &&Gate| gate.opens_at.is_none_or(|at| at > now);
        lane.held.iter().find(still).map(|gate| gate.gate)
    };
    let mut mine = lanes.iter().filter(|lane| match entry.session {
        Some(session) => lane.session == session,
        None => lane.state.can_send(),
    });
    let first = mine.next().map(gate)?;
    mine.all(|lane| gate(lane).is_some()).then_some(first).flatten()
}

/// When an open entry leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaves {
    At(Timestamp),
    Now,
    /// Nobody can say: its session cannot send.
    Unknown,
    /// Far down a long queue: its own panel says when.
    Later,
    Never,
}

pub fn leaves(entry: &QueueEntry, sessions: &[SessionChoice], now: Timestamp) -> Leaves {
    match entry.state {
        MessageState::Pending => {
            let blocked = match state_of(entry, sessions) {
                Some(state) => !state.can_send(),
                None => !sessions.is_empty() && !sessions.iter().any(|session| session.state.can_send()),
            };
            match entry.leaves_at {
                _ if blocked || is_fetching(entry) => Leaves::Unknown,
                Some(at) if at > now => Leaves::At(at),
                Some(_) => Leaves::Now,
                None => Leaves::Later,
            }
        }
        MessageState::Processing => Leaves::Now,
        _ => Leaves::Never,
    }
}

fn state_of(entry: &QueueEntry, sessions: &[SessionChoice]) -> Option<SessionState> {
    sessions
        .iter()
        .find(|session| Some(session.id) == entry.session)
        .map(|session| session.state)
}

fn is_fetching(entry: &QueueEntry) -> bool {
    entry.media_url.is_some() && entry.media.is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use types::{MessageId, messages::Class};

    fn entry(state: MessageState, leaves_at: i64) -> QueueEntry {
        QueueEntry {
            id: MessageId::from_key(&"0".repeat(32)).unwrap(),
            queue_id: 1,
            reference_id: None,
            recipient: Recipient::Number("6281100000142".into()),
            text: Some("Hello".into()),
            media: None,
            media_url: None,
            media_kind: None,
            session: Some(SessionId::from_key(&"0".repeat(32)).unwrap()),
            class: Class::Single,
            state,
            error: None,
            attempts: 0,
            created_at: Timestamp(0),
            leaves_at: Some(Timestamp(leaves_at)),
            held_by: None,
            sent_at: None,
            delivered_at: None,
            read_at: None,
            settled_at: None,
        }
    }

    fn session_in(state: SessionState) -> Vec<SessionChoice> {
        vec![SessionChoice {
            id: SessionId::from_key(&"0".repeat(32)).unwrap(),
            name: "Main line".into(),
            state,
        }]
    }

    #[test]
    fn an_entry_waits_for_its_first_closed_gate() {
        let connected = session_in(SessionState::Connected);
        let out = session_in(SessionState::LoggedOut);
        let pending = entry(MessageState::Pending, 9);
        let why = |entry: &QueueEntry, sessions: &[SessionChoice], now| {
            waiting_for(entry, sessions, &[], Timestamp(now)).1
        };
        assert_eq!(why(&pending, &connected, 5), text().wait_delay);
        assert_eq!(why(&pending, &connected, 9), text().wait_turn);
        assert_eq!(why(&pending, &out, 5), text().wait_link_again);
        let fetching = QueueEntry {
            media_url: Some("https://example.com/a.jpg".into()),
            ..pending.clone()
        };
        assert_eq!(why(&fetching, &connected, 5), text().wait_media);
        assert_eq!(why(&entry(MessageState::Uncertain, 9), &out, 5), "Uncertain");
    }

    #[test]
    fn what_holds_a_lane_holds_its_messages() {
        let lane = |key: &str, held: Option<i64>| LaneStatus {
            session: SessionId::from_key(&key.repeat(32)).unwrap(),
            name: String::new(),
            number: None,
            state: SessionState::Connected,
            reason: None,
            waiting: 1,
            next: None,
            next_at: None,
            ends_at: None,
            last_left_at: None,
            used_hour: 0,
            hourly_limit: None,
            used_today: 0,
            daily_limit: None,
            warm_up_day: None,
            cold_today: 0,
            cold_limit: None,
            in_row: 0,
            pause_after: None,
            held: held
                .map(|at| Gate {
                    gate: GateKind::Pause,
                    open: false,
                    opens_at: Some(Timestamp(at)),
                    why: String::new(),
                })
                .into_iter()
                .collect(),
        };
        let named = entry(MessageState::Pending, 9);
        let pooled = QueueEntry {
            session: None,
            ..named.clone()
        };
        let why = |entry: &QueueEntry, lanes: &[LaneStatus], now| held(entry, lanes, Timestamp(now));
        assert_eq!(why(&named, &[lane("0", Some(9))], 5), Some(GateKind::Pause));
        assert_eq!(why(&named, &[lane("0", Some(9))], 9), None);
        assert_eq!(why(&named, &[lane("1", Some(9))], 5), None);
        assert_eq!(why(&pooled, &[lane("0", Some(9)), lane("1", None)], 5), None);
        let both = [lane("0", Some(9)), lane("1", Some(7))];
        assert_eq!(why(&pooled, &both, 5), Some(GateKind::Pause));
        assert_eq!(why(&pooled, &[], 5), None);
    }

    #[test]
    fn when_it_leaves() {
        let connected = session_in(SessionState::Connected);
        let at = |state, leaves_at, now| leaves(&entry(state, leaves_at), &connected, Timestamp(now));
        assert_eq!(at(MessageState::Pending, 9, 5), Leaves::At(Timestamp(9)));
        assert_eq!(at(MessageState::Pending, 9, 9), Leaves::Now);
        assert_eq!(at(MessageState::Processing, 9, 5), Leaves::Now);
        assert_eq!(at(MessageState::Uncertain, 9, 5), Leaves::Never);
        let untold = QueueEntry {
            leaves_at: None,
            ..entry(MessageState::Pending, 9)
        };
        assert_eq!(leaves(&untold, &connected, Timestamp(5)), Leaves::Later);
        let stopped = session_in(SessionState::Stopped);
        assert_eq!(
            leaves(&entry(MessageState::Pending, 9), &stopped, Timestamp(5)),
            Leaves::Unknown
        );
    }

    #[test]
    fn a_message_in_one_line() {
        let mut one = entry(MessageState::Pending, 0);
        one.text = Some(" two\nlines ".into());
        assert_eq!(message(&one), "two lines");
        one.media_kind = Some(MediaKind::Image);
        assert_eq!(message(&one), "Image · two lines");
        one.text = None;
        assert_eq!(message(&one), "Image");
    }
}
