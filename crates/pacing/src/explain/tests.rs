use super::*;
use crate::{DelayRange, Lane, draw_delay, plan};
use proptest::prelude::*;

const NOW: Timestamp = Timestamp(1_700_000_000_000);

fn waiting() -> Explain<'static> {
    Explain {
        state: MessageState::Pending,
        due_at: NOW + 12_400,
        delay_ms: 12_400,
        session_state: Some(SessionState::Connected),
        session_reason: None,
        fetching_media: false,
        earlier_on_wire: false,
        last_left_at: Some(NOW),
        now: NOW,
    }
}

fn check(input: Explain<'_>, kind: GateKind, is_open: bool, opens_at: Option<Timestamp>, why: &str) {
    let gates = explain(input);
    let gate = gates
        .iter()
        .find(|g| g.gate == kind)
        .unwrap_or_else(|| panic!("no {kind:?} in {gates:?}"));
    assert_eq!(
        (gate.open, gate.opens_at, gate.why.as_str()),
        (is_open, opens_at, why)
    );
}

#[test]
fn the_delay_in_words() {
    let w = waiting();
    let after = Some(NOW + 12_400);
    check(
        w,
        GateKind::Delay,
        false,
        after,
        "Random delay of 12.4 s after the message before it",
    );
    let first = Explain {
        last_left_at: None,
        ..w
    };
    check(
        first,
        GateKind::Delay,
        false,
        after,
        "Random delay of 12.4 s before the first message of this session",
    );
    let behind = Explain {
        due_at: NOW + 60_000,
        ..w
    };
    let why = "Messages that this session got earlier leave first, then a random delay of 12.4 s";
    check(behind, GateKind::Delay, false, Some(NOW + 60_000), why);
    let over = Explain {
        now: NOW + 12_400,
        ..w
    };
    check(
        over,
        GateKind::Delay,
        true,
        after,
        "The random delay of 12.4 s is over",
    );
    let none = Explain {
        due_at: NOW,
        delay_ms: 0,
        ..w
    };
    check(none, GateKind::Delay, true, Some(NOW), "No random delay is set");
    let queued = Explain {
        due_at: NOW + 1,
        delay_ms: 0,
        ..w
    };
    check(
        queued,
        GateKind::Delay,
        false,
        Some(NOW + 1),
        "Messages that this session got earlier leave first",
    );
}

#[test]
fn the_other_gates_in_words() {
    let w = waiting();
    check(w, GateKind::Session, true, Some(NOW), "The session is connected");
    let none = Explain {
        session_state: None,
        ..w
    };
    check(
        none,
        GateKind::Session,
        false,
        None,
        "No session can send yet. Link a session or start one.",
    );
    let out = Explain {
        session_state: Some(SessionState::LoggedOut),
        session_reason: Some("The phone ended the link."),
        ..w
    };
    let why = "The session is logged out. Link it again to send. The phone ended the link.";
    check(out, GateKind::Session, false, None, why);
    let held = Explain {
        fetching_media: true,
        earlier_on_wire: true,
        ..w
    };
    assert!(
        explain(held)
            .iter()
            .filter(|g| !g.open && g.opens_at.is_none())
            .count()
            == 2
    );
    assert!(
        explain(w).iter().all(|g| g.gate != GateKind::Media),
        "a text has no attachment to wait for"
    );
}

#[test]
fn every_state_but_connected_is_shut_with_a_sentence() {
    for &state in SessionState::ALL {
        let gate = explain(Explain {
            session_state: Some(state),
            ..waiting()
        })
        .remove(0);
        assert_eq!(gate.open, state.can_send(), "{state:?}");
        assert!(gate.why.len() > 10, "{state:?}");
    }
}

#[test]
fn what_does_not_wait_has_no_gates() {
    for &state in MessageState::ALL.iter().filter(|s| **s != MessageState::Pending) {
        assert!(explain(Explain { state, ..waiting() }).is_empty(), "{state:?}");
    }
}

#[test]
fn tenths_are_rounded() {
    for (ms, expect) in [
        (0, "0 s"),
        (5_000, "5 s"),
        (12_345, "12.3 s"),
        (12_350, "12.4 s"),
        (19_999, "20 s"),
    ] {
        assert_eq!(seconds(ms), expect);
    }
}

fn latest(gates: &[Gate]) -> Timestamp {
    gates.iter().filter_map(|g| g.opens_at).max().unwrap()
}

proptest! {
    #[test]
    fn the_latest_opening_is_the_plan(free in 0..100_000_i64, delay in 0..60_000_i64) {
        let mut lane = Lane { free_at: NOW + free };
        let due_at = plan(&mut lane, NOW, delay);
        let gates = explain(Explain { due_at, delay_ms: delay, last_left_at: None, ..waiting() });
        prop_assert_eq!(latest(&gates), due_at);
    }

    #[test]
    fn nothing_overflows(due: i64, delay: i64, left: Option<i64>, now: i64) {
        let input = Explain {
            due_at: Timestamp(due),
            delay_ms: delay,
            last_left_at: left.map(Timestamp),
            now: Timestamp(now),
            ..waiting()
        };
        prop_assert!(latest(&explain(input)) >= Timestamp(due));
    }

    /// A lane by the clock: messages arrive, the server is down now and then, somebody asks about
    /// every waiting message at every step. Nothing may leave before anything that was explained,
    /// nor sooner after its forerunner than its own delay, and all must have left in the end.
    #[test]
    fn never_before_it_was_explained(
        min in 0..5_000_i64, width in 0..15_000_i64,
        arrivals in prop::collection::vec((0..20_000_i64, any::<u64>()), 1..25),
        down in prop::collection::vec((0..300_000_i64, 1..200_000_i64), 0..4),
    ) {
        struct Entry { arrives: Timestamp, due_at: Timestamp, delay_ms: i64, explained: Timestamp }
        let range = DelayRange::new(min, min + width);
        let (mut lane, mut at) = (Lane::default(), NOW);
        let mut queue: std::collections::VecDeque<Entry> = arrivals
            .into_iter()
            .map(|(pause, unit)| {
                at = at + pause;
                let delay_ms = draw_delay(range, unit);
                Entry { arrives: at, due_at: plan(&mut lane, at, delay_ms), delay_ms, explained: at }
            })
            .collect();
        let is_down = |t: Timestamp| down.iter().any(|(from, long)| NOW + *from <= t && t < NOW + (from + long));
        let (mut now, mut last_left_at) = (NOW, None);
        let end = lane.free_at + 3_000_000;
        while !queue.is_empty() {
            prop_assert!(now < end, "a message starved");
            for entry in queue.iter_mut().filter(|e| e.arrives <= now) {
                let Entry { due_at, delay_ms, .. } = *entry;
                let gates = explain(Explain { due_at, delay_ms, last_left_at, now, ..waiting() });
                entry.explained = entry.explained.max(latest(&gates));
            }
            while let Some(head) = queue.front().filter(|e| !is_down(now) && e.arrives <= now) {
                if may_leave(head.due_at, last_left_at, head.delay_ms, now) > now {
                    break;
                }
                prop_assert!(head.explained <= now, "left before it was explained");
                prop_assert!(last_left_at.is_none_or(|left| now - left >= head.delay_ms), "gap too small");
                last_left_at = Some(now);
                queue.pop_front();
            }
            now = now + 250;
        }
    }
}
