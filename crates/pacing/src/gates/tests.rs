use super::*;
use crate::{DelayRange, Departure};

const NOW: Timestamp = Timestamp(1_790_000_000_000);

fn at(rules: &Rules, history: &History, facts: &Facts) -> Option<i64> {
    let (mut history, mut used) = (history.clone(), Used::default());
    history.tick(&Calendar::utc(), NOW);
    used.tick(&Calendar::utc(), NOW);
    let moment = Moment {
        now: NOW,
        calendar: &Calendar::utc(),
        rules,
        history: &history,
        used: &used,
    };
    opening(&moment, facts).map(|at| at - NOW)
}

fn single() -> Facts {
    Facts::new(Class::Single, NOW + -100_000, 0)
}

#[test]
fn nothing_passes_the_quota_that_whatsapp_sets() {
    let mut history = History::default();
    history.cold_until = Some(NOW + 7);
    let rules = Rules::default();
    let cold = single();
    assert_eq!(at(&rules, &history, &cold), Some(7));
    assert_eq!(
        at(
            &rules,
            &history,
            &Facts {
                counted: true,
                ..cold
            }
        ),
        Some(7)
    );
    assert_eq!(at(&rules, &history, &Facts { rush: true, ..cold }), Some(7));
    assert_eq!(at(&rules, &history, &Facts { warm: true, ..cold }), Some(0));
}

#[test]
fn a_repeated_text_waits_until_its_pause_or_its_hour_is_over() {
    let rules = Rules {
        repeated: Some((2, 600_000)),
        ..Rules::default()
    };
    let leave = |history: &mut History, at| {
        let departure = Departure {
            at,
            class: Class::Bulk,
            cold: false,
            counted: false,
            rush: false,
            text: Some(1),
        };
        history.tick(&Calendar::utc(), at);
        history.leave(&rules, departure);
    };
    let text = Facts {
        text: Some(1),
        ..single()
    };
    let mut history = History::default();
    leave(&mut history, NOW + -3_590_000);
    assert_eq!(at(&rules, &history, &text), Some(0));
    leave(&mut history, NOW);
    assert_eq!(
        at(&rules, &history, &text),
        Some(10_000),
        "only one is in the hour then"
    );
    leave(&mut history, NOW);
    assert_eq!(at(&rules, &history, &text), Some(600_000));
}

#[test]
fn what_counts_already_does_not_wait_for_the_next_day() {
    let rules = Rules {
        daily: Some(1),
        window: "00:00-23:59".parse().ok(),
        ..Rules::default()
    };
    let (mut history, mut used) = (History::default(), Used::default());
    history.tick(&Calendar::utc(), NOW);
    history.set_used(1, 0);
    used.tick(&Calendar::utc(), NOW);
    let moment = Moment {
        now: NOW,
        calendar: &Calendar::utc(),
        rules: &rules,
        history: &history,
        used: &used,
    };
    assert_eq!(lane_opening(&moment, Class::Bulk), Some(history.day().end));
    assert_eq!(again_opening(&moment, Class::Bulk), Some(NOW));
}

#[test]
fn a_shared_message_is_explained_by_the_session_that_opens_first() {
    let slow = Rules {
        delay: DelayRange::new(200_000, 200_000),
        ..Rules::default()
    };
    let (fast, history, used) = (Rules::default(), History::default(), Used::default());
    let calendar = Calendar::utc();
    let moment = |rules| Moment {
        now: NOW,
        calendar: &calendar,
        rules,
        history: &history,
        used: &used,
    };
    let shut = Facts {
        can_send: false,
        opted_out: true,
        ..single()
    };
    assert_eq!(
        soonest([moment(&slow), moment(&fast), moment(&fast)], &shut),
        Some(1)
    );
    assert_eq!(soonest([], &shut), None);
}
