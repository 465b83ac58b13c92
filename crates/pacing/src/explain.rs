//! Why a message waits, gate by gate, in sentences.

use crate::may_leave;
use types::{
    Timestamp,
    messages::MessageState,
    pacing::{Gate, GateKind},
    sessions::SessionState,
};

/// What is known about a waiting message at the moment somebody asks.
#[derive(Clone, Copy, Debug)]
pub struct Explain<'a> {
    pub state: MessageState,
    /// As [`plan`](crate::plan) answered at accept.
    pub due_at: Timestamp,
    /// As drawn at accept.
    pub delay_ms: i64,
    /// `None` while no session is chosen for it.
    pub session_state: Option<SessionState>,
    /// The session's own sentence for its state.
    pub session_reason: Option<&'a str>,
    /// Its attachment has still to be fetched.
    pub fetching_media: bool,
    /// An earlier message to the same recipient is on the wire, fetching media or in retry.
    pub earlier_on_wire: bool,
    /// When the session's lane last let a message out.
    pub last_left_at: Option<Timestamp>,
    pub now: Timestamp,
}

/// The gates in the order in which people look at them. Only a pending message has any: what is
/// on the wire or settled is held by nothing.
///
/// While no gate is without an opening time, the latest of them is when the message leaves.
pub fn explain(input: Explain<'_>) -> Vec<Gate> {
    if input.state != MessageState::Pending {
        return Vec::new();
    }
    let mut gates = vec![session(&input), delay(&input)];
    if input.fetching_media {
        let why = "Its attachment is being fetched first; if that fails, the message fails with it";
        gates.push(shut(GateKind::Media, None, why));
    }
    gates.push(if input.earlier_on_wire {
        let why =
            "An earlier message to the same recipient is on its way and goes first, for at most 10 minutes";
        shut(GateKind::Order, None, why)
    } else {
        open(
            GateKind::Order,
            input.now,
            "No earlier message to the same recipient is on its way",
        )
    });
    gates
}

fn session(input: &Explain<'_>) -> Gate {
    let what = match input.session_state {
        Some(state) if state.can_send() => {
            return open(GateKind::Session, input.now, "The session is connected");
        }
        None => "No session can send yet. Link a session or start one.",
        Some(SessionState::Stopped) => "The session is stopped. Start it to send.",
        Some(SessionState::Connecting) => "The session is connecting",
        // Its own sentence says how.
        Some(SessionState::Linking) if input.session_reason.is_some() => {
            "The session waits for a phone to link"
        }
        Some(SessionState::Linking) => "The session waits for a phone to link. Scan its QR code.",
        Some(SessionState::Reconnecting) => "The session lost its connection and is reconnecting",
        Some(SessionState::LoggedOut) => "The session is logged out. Link it again to send.",
        Some(SessionState::Restricted) => "WhatsApp lets this session send nothing for now",
        Some(SessionState::Connected) => "The session is not ready",
    };
    let why = match input
        .session_reason
        .map(str::trim)
        .filter(|reason| !reason.is_empty())
    {
        Some(reason) => format!("{}. {reason}", what.trim_end_matches('.')),
        None => what.into(),
    };
    shut(GateKind::Session, None, why)
}

fn delay(input: &Explain<'_>) -> Gate {
    let delay_ms = input.delay_ms.max(0);
    let opens_at = may_leave(input.due_at, input.last_left_at, delay_ms, input.now);
    let length = seconds(delay_ms);
    if opens_at <= input.now {
        let why = if delay_ms == 0 {
            "No random delay is set".into()
        } else {
            format!("The random delay of {length} is over")
        };
        return open(GateKind::Delay, opens_at, why);
    }
    // Its own delay begins when the message before it leaves.
    let runs = opens_at - input.now <= delay_ms;
    let why = match (delay_ms, runs, input.last_left_at) {
        (0, ..) => "Messages that this session got earlier leave first".into(),
        (_, false, _) => {
            format!("Messages that this session got earlier leave first, then a random delay of {length}")
        }
        (_, true, Some(_)) => format!("Random delay of {length} after the message before it"),
        (_, true, None) => format!("Random delay of {length} before the first message of this session"),
    };
    shut(GateKind::Delay, Some(opens_at), why)
}

fn open(gate: GateKind, since: Timestamp, why: impl Into<String>) -> Gate {
    Gate {
        gate,
        open: true,
        opens_at: Some(since),
        why: why.into(),
    }
}

fn shut(gate: GateKind, opens_at: Option<Timestamp>, why: impl Into<String>) -> Gate {
    Gate {
        gate,
        open: false,
        opens_at,
        why: why.into(),
    }
}

/// `12.4 s`, `5 s`; tenths are enough for a person.
fn seconds(ms: i64) -> String {
    let tenths = ms / 100 + i64::from(ms % 100 >= 50);
    if tenths % 10 == 0 {
        format!("{} s", tenths / 10)
    } else {
        format!("{}.{} s", tenths / 10, tenths % 10)
    }
}

#[cfg(test)]
mod tests;
