use super::*;
use crate::{Calendar, DelayRange, Departure, History, Rules, Used, opening};
use proptest::prelude::*;

/// A Friday, 07:06 in UTC.
const NOW: Timestamp = Timestamp(1_763_708_800_000);

struct World {
    rules: Rules,
    history: History,
    used: Used,
    facts: Facts,
    ahead: i64,
}

impl World {
    fn new(rules: Rules) -> Self {
        let (mut history, mut used) = (History::default(), Used::default());
        history.tick(&Calendar::utc(), NOW);
        used.tick(&Calendar::utc(), NOW);
        Self {
            rules,
            history,
            used,
            facts: Facts::new(Class::Single, NOW + -60_000, 0),
            ahead: 0,
        }
    }

    fn gates(&self, state: Option<SessionState>, reason: Option<&str>) -> Vec<Gate> {
        explain(&Explain {
            moment: self.moment(&Calendar::utc()),
            facts: self.facts,
            session_state: state,
            session_reason: reason,
            ahead: self.ahead,
            shared: false,
        })
    }

    fn moment<'a>(&'a self, calendar: &'a Calendar) -> Moment<'a> {
        Moment {
            now: NOW,
            calendar,
            rules: &self.rules,
            history: &self.history,
            used: &self.used,
        }
    }

    fn left(&mut self, ago: i64) {
        self.history.leave(
            &self.rules,
            Departure {
                at: NOW + -ago,
                class: Class::Single,
                cold: true,
                counted: false,
                rush: false,
                text: Some(1),
            },
        );
    }

    #[track_caller]
    fn check(&self, kind: GateKind, expect: Option<i64>, words: &str) {
        let gates = self.gates(Some(SessionState::Connected), None);
        let gate = gates
            .iter()
            .find(|gate| gate.gate == kind)
            .unwrap_or_else(|| panic!("{kind:?} in {gates:#?}"));
        assert_eq!(gate.opens_at.map(|at| at - NOW), expect, "{gate:?}");
        assert_eq!(gate.open, expect == Some(0), "{gate:?}");
        assert!(gate.why.contains(words), "{gate:?}");
    }
}

#[test]
fn each_gate_says_when_and_why() {
    let hour = 3_600_000;
    let mut w = World::new(Rules {
        hourly: Some(2),
        daily: Some(2),
        organization_daily: Some(5),
        cold_daily: Some(2),
        gap_ms: hour,
        pause: Some((20, 300_000)),
        window: "09:00-17:00".parse().ok(),
        repeated: Some((2, 90_000)),
        delay: DelayRange::new(5_000, 5_000),
        ..Rules::default()
    });
    let midnight = w.history.day().end - NOW;
    for kind in [
        GateKind::Pause,
        GateKind::HourlyLimit,
        GateKind::DailyLimit,
        GateKind::OrganizationLimit,
        GateKind::ColdLimit,
        GateKind::RecipientGap,
        GateKind::Delay,
        GateKind::Turn,
    ] {
        w.check(kind, Some(0), "");
    }
    let nine = (9 * 60 - 7 * 60 - 6) * 60_000 - 40_000;
    w.check(GateKind::Window, Some(nine), "09:00-17:00");
    w.left(50_000);
    w.left(2_000);
    w.used.today = 5;
    w.facts.recipient_left_at = Some(NOW + -hour / 2);
    w.facts.text = Some(1);
    w.ahead = 1_234;
    w.check(
        GateKind::HourlyLimit,
        Some(hour - 50_000),
        "2 of the last 60 minutes, and this session may send 2",
    );
    w.check(GateKind::DailyLimit, Some(midnight), "limit is reached");
    w.check(
        GateKind::OrganizationLimit,
        Some(midnight),
        "the organization may send 5",
    );
    w.check(GateKind::ColdLimit, Some(midnight), "never wrote to us");
    w.check(GateKind::RecipientGap, Some(hour / 2), "at least 1 h apart");
    w.check(GateKind::RepeatedText, Some(88_000), "2 times within an hour");
    w.check(GateKind::Delay, Some(3_000), "Random delay of 5 s");
    w.check(GateKind::Turn, None, "1,234 messages go first");
    w.history.held_until = Some(NOW + 7);
    w.check(GateKind::Restriction, Some(7), "WhatsApp asked");
    w.history.paused_until = Some(NOW + 9);
    w.check(GateKind::Pause, Some(9), "After 20 messages in a row");
    w.facts.earlier = true;
    w.check(GateKind::Order, None, "goes first");
    w.facts.allowed = false;
    w.check(GateKind::AllowList, None, "allow-list");
    w.facts.opted_out = true;
    w.check(GateKind::OptOut, None, "opted out");
    w.facts.again_at = Some(NOW + 5);
    w.check(GateKind::Retry, Some(5), "tried again");
    w.facts.fetching_media = true;
    w.check(GateKind::Media, None, "attachment");
    w.facts.suspended = true;
    w.check(GateKind::Suspended, None, "suspended");
}

#[test]
fn sessions_say_what_to_do() {
    let mut w = World::new(Rules::default());
    let why = |w: &World, state, reason| w.gates(state, reason)[0].why.clone();
    assert_eq!(
        why(&w, Some(SessionState::Connected), None),
        "The session is connected"
    );
    w.facts.can_send = false;
    assert_eq!(
        why(&w, None, None),
        "No session can send yet. Link a session or start one."
    );
    assert_eq!(
        why(
            &w,
            Some(SessionState::LoggedOut),
            Some("The phone ended the link")
        ),
        "The session is logged out. Link it again to send. The phone ended the link"
    );
}

#[test]
fn who_is_let_pass_passes_only_the_protections() {
    let mut w = World::new(Rules {
        hourly: Some(1),
        gap_ms: 60_000,
        delay: DelayRange::new(90_000, 90_000),
        ..Rules::default()
    });
    w.left(1_000);
    w.facts.rush = true;
    assert_eq!(opening(&w.moment(&Calendar::utc()), &w.facts), Some(NOW));
    w.history.held_until = Some(NOW + 5);
    assert_eq!(opening(&w.moment(&Calendar::utc()), &w.facts), Some(NOW + 5));
    w.facts.can_send = false;
    assert_eq!(opening(&w.moment(&Calendar::utc()), &w.facts), None);
}

#[test]
fn replies_are_held_by_limits_alone() {
    let mut w = World::new(Rules {
        daily: Some(1),
        gap_ms: 60_000,
        window: "23:00-23:30".parse().ok(),
        pause: Some((1, 60_000)),
        ..Rules::default()
    });
    w.facts.class = Class::Reply;
    w.facts.recipient_left_at = Some(NOW);
    assert_eq!(opening(&w.moment(&Calendar::utc()), &w.facts), Some(NOW));
    w.left(1);
    assert_eq!(
        opening(&w.moment(&Calendar::utc()), &w.facts),
        Some(w.history.day().end)
    );
    w.facts.counted = true;
    assert_eq!(
        opening(&w.moment(&Calendar::utc()), &w.facts),
        Some(NOW),
        "it counts already"
    );
}

#[test]
fn spans_and_numbers_read_well() {
    for (ms, expect) in [
        (45_000, "45 s"),
        (300_000, "5 min"),
        (90_000, "1 min 30 s"),
        (3_600_000, "1 h"),
        (5_400_000, "1 h 30 min"),
        (172_800_000, "2 d"),
        (500, "0.5 s"),
    ] {
        assert_eq!(span(ms), expect);
    }
    assert_eq!(
        [number(0), number(999), number(1_000), number(-1_234_567)],
        ["0", "999", "1,000", "-1,234,567"]
    );
}

proptest! {
    #[test]
    fn the_sentences_and_the_decision_agree(
        hourly in prop::option::of(1..4_i64), daily in prop::option::of(1..4_i64), gap_ms in 0..100_000_i64,
        ago in prop::collection::vec(0..7_200_000_i64, 0..5), delay in 0..30_000_i64, chance: u32,
        recipient in prop::option::of(0..200_000_i64), created in 0..60_000_i64,
    ) {
        let mut w = World::new(Rules {
            hourly, daily, gap_ms,
            delay: DelayRange::new(delay / 2, delay),
            ..Rules::default()
        });
        let mut ago = ago;
        ago.sort_unstable_by(|a, b| b.cmp(a));
        for ago in ago {
            w.left(ago);
        }
        w.history.tick(&Calendar::utc(), NOW);
        w.facts.chance = chance;
        w.facts.created_at = NOW + -created;
        w.facts.recipient_left_at = recipient.map(|ago| NOW + -ago);
        let gates = w.gates(Some(SessionState::Connected), None);
        let latest = gates.iter().filter_map(|gate| gate.opens_at).max();
        prop_assert_eq!(opening(&w.moment(&Calendar::utc()), &w.facts), latest);
        for gate in gates {
            prop_assert_eq!(gate.open, gate.opens_at <= Some(NOW), "{:?}", gate);
            prop_assert!(!gate.why.is_empty());
        }
    }
}
