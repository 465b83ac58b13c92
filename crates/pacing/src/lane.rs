//! A session's lane: messages leave it one after the other, each after its own delay.

use crate::DelayRange;
use types::{Timestamp, messages::Estimate};

/// The end of a session's queue, as far as planning must know it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lane {
    /// When the last planned message of this session leaves; long past for an idle session.
    pub free_at: Timestamp,
}

/// Puts one message at the end of the lane and answers when it leaves.
///
/// The delay also stands before the first message of an idle lane: seed 002 promises
/// "5-20 seconds" to a caller whose queue is empty.
pub fn plan(lane: &mut Lane, now: Timestamp, delay_ms: i64) -> Timestamp {
    let leaves_at = now.max(lane.free_at) + delay_ms.max(0);
    lane.free_at = leaves_at;
    leaves_at
}

/// When a planned message may really leave: not before its plan, and not before its delay has
/// passed since the message before it.
///
/// The second half matters after the server or the session was down: many messages are overdue
/// then, and without it they would leave in one burst. `last_left_at` only grows, so an
/// opening time that was explained earlier is never undercut.
pub fn may_leave(
    due_at: Timestamp,
    last_left_at: Option<Timestamp>,
    delay_ms: i64,
    now: Timestamp,
) -> Timestamp {
    match last_left_at {
        // A departure "in the future" means that the clock was set back; the lane must not stand
        // still until the clock has caught up.
        Some(left) => due_at.max(left.min(now) + delay_ms.max(0)),
        None => due_at,
    }
}

/// What the caller is told: whole seconds from now, rounded outwards, and the planned moment.
///
/// `free_before` is [`Lane::free_at`] before [`plan`] added this message, `None` while no session
/// can send. The range covers any delay that might have been drawn, not the drawn one alone,
/// so that callers see the setting ("5-20 seconds") and not chance.
pub fn estimate(
    free_before: Option<Timestamp>,
    now: Timestamp,
    range: DelayRange,
    leaves_at: Timestamp,
) -> Estimate {
    let Some(free_before) = free_before else {
        return Estimate {
            seconds: None,
            at: None,
        };
    };
    let wait = (free_before - now).max(0);
    let DelayRange { min_ms, max_ms } = DelayRange::new(range.min_ms, range.max_ms);
    let latest_ms = wait.saturating_add(max_ms);
    let earliest = wait.saturating_add(min_ms) / 1_000;
    let latest = latest_ms / 1_000 + i64::from(latest_ms % 1_000 > 0);
    Estimate {
        seconds: Some((earliest, latest)),
        at: Some(leaves_at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw_delay;
    use proptest::prelude::*;

    const NOW: Timestamp = Timestamp(1_700_000_000_000);

    fn check_estimate(free_before: Option<i64>, min_ms: i64, max_ms: i64, expect: Option<(i64, i64)>) {
        let range = DelayRange::new(min_ms, max_ms);
        let free = free_before.map(|ms| NOW + ms);
        assert_eq!(
            estimate(free, NOW, range, NOW).seconds,
            expect,
            "{free_before:?} {range:?}"
        );
    }

    #[test]
    fn estimates() {
        check_estimate(Some(0), 5_000, 20_000, Some((5, 20)));
        check_estimate(Some(-86_400_000), 5_000, 20_000, Some((5, 20)));
        check_estimate(Some(10_400), 5_000, 20_000, Some((15, 31)));
        check_estimate(Some(0), 0, 0, Some((0, 0)));
        check_estimate(Some(1), 0, 0, Some((0, 1)));
        check_estimate(None, 5_000, 20_000, None);
        check_estimate(
            Some(i64::MAX),
            0,
            i64::MAX,
            Some((i64::MAX / 1_000 - 1_700_000_000, i64::MAX / 1_000 + 1)),
        );
    }

    #[test]
    fn the_first_message_of_an_idle_lane_waits_too() {
        let mut lane = Lane::default();
        assert_eq!(plan(&mut lane, NOW, 7_000), NOW + 7_000);
        assert_eq!(plan(&mut lane, NOW + 1_000, 5_000), NOW + 12_000);
    }

    #[test]
    fn overdue_messages_keep_their_gaps() {
        let back = NOW + 3_600_000;
        assert!(
            may_leave(NOW, Some(NOW + -9_000), 5_000, back) <= back,
            "the first one leaves at once"
        );
        assert_eq!(may_leave(NOW + 6_000, Some(back), 6_000, back), back + 6_000);
    }

    #[test]
    fn a_clock_that_was_set_back_does_not_stop_the_lane() {
        assert_eq!(
            may_leave(NOW, Some(NOW + 31_536_000_000), 5_000, NOW),
            NOW + 5_000
        );
    }

    proptest! {
        #[test]
        fn gaps_stay_within_the_range(
            min in 0..60_000_i64, width in 0..60_000_i64,
            arrivals in prop::collection::vec((0..30_000_i64, any::<u64>()), 1..60),
        ) {
            let range = DelayRange::new(min, min + width);
            let (mut lane, mut now) = (Lane::default(), NOW);
            for (pause, unit) in arrivals {
                now = now + pause;
                let before = lane.free_at;
                let at = plan(&mut lane, now, draw_delay(range, unit));
                let gap = at - before.max(now);
                prop_assert!((range.min_ms..=range.max_ms).contains(&gap));
                let told = estimate(Some(before), now, range, at).seconds.unwrap();
                let real = at - now;
                prop_assert!(told.0 * 1_000 <= real && real <= told.1 * 1_000, "{told:?} {real}");
            }
        }

        #[test]
        fn a_later_lane_or_a_longer_delay_never_leaves_sooner(
            free: i64, later in 0..i64::MAX, now: i64, delay: i64, longer in 0..i64::MAX,
        ) {
            let at = |free: i64, delay: i64| plan(&mut Lane { free_at: Timestamp(free) }, Timestamp(now), delay);
            prop_assert!(at(free, delay) <= at(free.saturating_add(later), delay));
            prop_assert!(at(free, delay) <= at(free, delay.saturating_add(longer)));
            prop_assert!(at(free, delay) >= Timestamp(now.max(free)), "never before its turn");
        }

        #[test]
        fn without_a_delay_an_idle_lane_leaves_at_once(free in i64::MIN..=0, now in 0..i64::MAX) {
            let mut lane = Lane { free_at: Timestamp(free) };
            prop_assert_eq!(plan(&mut lane, Timestamp(now), 0), Timestamp(now));
            prop_assert_eq!(may_leave(Timestamp(now), Some(Timestamp(now)), 0, Timestamp(now)), Timestamp(now));
        }

        #[test]
        fn nothing_overflows(free: i64, now: i64, delay: i64, min: i64, max: i64, left: Option<i64>) {
            let mut lane = Lane { free_at: Timestamp(free) };
            let at = plan(&mut lane, Timestamp(now), delay);
            let range = DelayRange { min_ms: min, max_ms: max };
            let (earliest, latest) = estimate(Some(Timestamp(free)), Timestamp(now), range, at).seconds.unwrap();
            prop_assert!(0 <= earliest && earliest <= latest);
            prop_assert!(may_leave(at, left.map(Timestamp), delay, Timestamp(now)) >= at);
        }
    }
}
