//! Two tabs on one line, with what is said between them held back and mixed up.

use super::*;

/// A leading tab that has heard the events at these places.
fn leading(start: i64, places: impl IntoIterator<Item = i64>) -> Place {
    let mut leader = Place::at(start);
    leader.lead();
    for place in places {
        assert!(leader.heard(place, &place.to_string()).is_some());
    }
    leader
}

/// What the leading tab answers to one that has seen that place, told to it.
fn answered(leader: &Place, asked: i64, tab: &mut Place) -> Vec<i64> {
    let mut new = Vec::new();
    for (before, json) in leader.missed(asked) {
        let place = json.parse().unwrap();
        if tab.told(before, place) == Told::New {
            new.push(place);
        }
    }
    new
}

#[test]
fn what_a_tab_is_told() {
    for (seen, before, place, expect, then) in [
        // The next one, also when the page was drawn between two events.
        (10, 10, 11, Told::New, 11),
        (10, 8, 12, Told::New, 12),
        // Known already, from the page or from another tab that led.
        (10, 9, 10, Told::Nothing, 10),
        (10, 3, 4, Told::Nothing, 10),
        // One was missed: it does not go on.
        (10, 11, 12, Told::Missing(10), 10),
        (0, 11, 12, Told::Missing(0), 0),
    ] {
        let mut tab = Place::at(seen);
        assert_eq!(tab.told(before, place), expect, "{seen} {before} {place}");
        assert_eq!(tab.seen(), then, "{seen} {before} {place}");
    }
}

#[test]
fn a_joining_tab_loses_nothing_that_was_told_too_early() {
    // Drawn at 10. 11 was told before its channel was open, 12 before its asking was heard.
    let mut leader = leading(10, [11]);
    let mut tab = Place::at(10);
    let asked = tab.seen();
    let before = leader.heard(12, "12").unwrap();
    assert_eq!(tab.told(before, 12), Told::Missing(10));
    let before = leader.heard(13, "13").unwrap();
    assert_eq!(tab.told(before, 13), Told::Nothing, "it is asked once");
    assert!(!tab.stands(leader.start()));
    assert_eq!(answered(&leader, asked, &mut tab), [11, 12, 13]);
    // The second answer says nothing new, and the line goes on.
    assert_eq!(answered(&leader, 10, &mut tab), [0; 0]);
    assert_eq!(tab.told(13, 14), Told::New);
}

#[test]
fn it_is_asked_again_once_the_leading_tab_has_spoken() {
    let mut tab = Place::at(10);
    assert_eq!(tab.told(11, 12), Told::Missing(10));
    assert_eq!(tab.told(12, 13), Told::Nothing);
    assert!(!tab.stands(5));
    assert_eq!(tab.told(13, 14), Told::Missing(10));
}

#[test]
fn who_comes_too_late_for_the_leading_tab_reads_anew() {
    for (seen, start, anew, then) in [(10, 11, true, 11), (10, 10, false, 10), (10, 4, false, 10)] {
        let mut tab = Place::at(seen);
        assert_eq!(tab.stands(start), anew, "{seen} {start}");
        assert_eq!(tab.seen(), then, "{seen} {start}");
    }
    let leader = leading(20, [21, 25]);
    let mut tab = Place::at(10);
    assert!(tab.stands(leader.start()));
    assert_eq!(answered(&leader, 10, &mut tab), [21, 25]);
}

#[test]
fn only_so_many_are_kept() {
    let kept = i64::try_from(KEPT).unwrap();
    let mut leader = leading(0, 1..=kept);
    assert_eq!(leader.start(), 0);
    assert_eq!(leader.missed(0).len(), KEPT);
    leader.heard(kept + 1, "one more");
    leader.heard(kept + 2, "another");
    assert_eq!(leader.start(), 2);
    let missed = leader.missed(0);
    assert_eq!(missed.len(), KEPT);
    assert_eq!(missed[0], (2, "3".into()));
    assert_eq!(
        leader.missed(kept),
        [(kept, "one more".into()), (kept + 1, "another".into())]
    );
    let mut late = Place::at(1);
    assert!(late.stands(leader.start()));
    let mut early = Place::at(2);
    assert!(!early.stands(leader.start()));
}

#[test]
fn a_reset_begins_anew_also_further_back() {
    let mut leader = leading(10, [11, 12]);
    let mut tab = Place::at(12);
    for place in [500, 3] {
        leader.reset(place);
        tab.reset(place);
        assert_eq!((leader.start(), leader.seen(), tab.seen()), (place, place, place));
        assert_eq!(leader.missed(0), []);
        let before = leader.heard(place + 1, "next").unwrap();
        assert_eq!(before, place);
        assert_eq!(tab.told(before, place + 1), Told::New);
    }
}

#[test]
fn the_next_leading_tab_goes_on_where_it_is() {
    let leader = leading(10, [11, 12]);
    let (mut next, mut other) = (Place::at(10), Place::at(10));
    answered(&leader, 10, &mut next);
    assert_eq!(other.told(10, 11), Told::New);
    // The first one is gone before the other tab was told of 12.
    next.lead();
    assert_eq!(next.heard(12, "12"), None, "twice at the change");
    assert!(other.stands(next.start()));
    let before = next.heard(13, "13").unwrap();
    assert_eq!(other.told(before, 13), Told::New);
    next.follow();
    assert_eq!(next.missed(0), []);
    assert_eq!(next.start(), 13);
}

#[test]
fn a_tab_with_a_stream_of_its_own_keeps_nothing_and_comes_back() {
    let mut leader = leading(10, [11]);
    let mut tab = Place::at(11);
    assert_eq!(tab.heard(12, "12"), Some(11));
    assert_eq!(tab.heard(13, "13"), Some(12));
    assert_eq!(tab.missed(0), []);
    // The leading tab wakes up and is behind.
    let before = leader.heard(12, "12").unwrap();
    assert!(!tab.stands(leader.start()));
    assert_eq!(tab.told(before, 12), Told::Nothing);
    leader.heard(13, "13");
    let before = leader.heard(14, "14").unwrap();
    assert_eq!(tab.told(before, 14), Told::New);
}
