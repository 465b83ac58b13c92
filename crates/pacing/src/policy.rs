//! What the settings of platform and organization allow, resolved to plain numbers.

use types::messages::Class;

/// A random delay's bounds in milliseconds, both included. 0–0 is off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DelayRange {
    pub min_ms: i64,
    pub max_ms: i64,
}

/// The two settings as one level stores them; `None` is blank.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DelayLimits {
    pub min_ms: Option<i64>,
    pub max_ms: Option<i64>,
}

/// Everything that holds messages of one organization. Later limits become fields beside `delay`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    pub delay: DelayRange,
}

impl DelayRange {
    pub const OFF: Self = Self { min_ms: 0, max_ms: 0 };

    /// Bounds in order and not negative, whatever was stored.
    pub fn new(min_ms: i64, max_ms: i64) -> Self {
        let min_ms = min_ms.max(0);
        Self {
            min_ms,
            max_ms: max_ms.max(min_ms),
        }
    }

    /// Platform, then organization: blank below inherits, blank at the platform is none, 0 is none.
    ///
    /// Each bound inherits alone, so an inherited one can cross one that was set. Then the one
    /// that was set closer to the organization is what people meant, and the other gives way.
    pub fn resolve(platform: DelayLimits, organization: DelayLimits) -> Self {
        let inherited = Self::new_own(platform, Self::OFF);
        Self::new_own(organization, inherited)
    }

    fn new_own(own: DelayLimits, inherited: Self) -> Self {
        match (own.min_ms, own.max_ms) {
            (None, None) => inherited,
            (Some(min), Some(max)) => Self::new(min, max),
            (Some(min), None) => Self::new(min, inherited.max_ms),
            (None, Some(max)) => Self::new(inherited.min_ms.min(max), max),
        }
    }

    pub const fn is_off(self) -> bool {
        self.max_ms <= 0
    }
}

impl Policy {
    pub fn resolve(platform: DelayLimits, organization: DelayLimits) -> Self {
        Self {
            delay: DelayRange::resolve(platform, organization),
        }
    }

    /// The random delay that holds this class: none for replies.
    pub const fn delay_for(&self, class: Class) -> DelayRange {
        match class {
            Class::Reply => DelayRange::OFF,
            Class::Single | Class::Bulk => self.delay,
        }
    }
}

/// A delay in `range`, every millisecond of it equally likely; `unit` is 64 random bits.
pub fn draw_delay(range: DelayRange, unit: u64) -> i64 {
    let DelayRange { min_ms, max_ms } = DelayRange::new(range.min_ms, range.max_ms);
    // Multiply and shift instead of a remainder: the bias is under one in 2^40 for any delay that
    // settings accept, and no second draw is needed.
    let choices = u128::from(max_ms.abs_diff(min_ms)) + 1;
    let step = (u128::from(unit) * choices) >> 64;
    min_ms.saturating_add(step as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(platform: [Option<i64>; 2], organization: [Option<i64>; 2], expect: (i64, i64)) {
        let limits = |[min_ms, max_ms]: [Option<i64>; 2]| DelayLimits { min_ms, max_ms };
        let range = DelayRange::resolve(limits(platform), limits(organization));
        assert_eq!(
            (range.min_ms, range.max_ms),
            expect,
            "{platform:?} {organization:?}"
        );
    }

    #[test]
    fn inheritance() {
        let seed = [Some(5_000), Some(20_000)];
        check([None, None], [None, None], (0, 0));
        check(seed, [None, None], (5_000, 20_000));
        check(seed, [Some(0), Some(0)], (0, 0));
        check(seed, [Some(5_000), Some(5_000)], (5_000, 5_000));
        check([Some(0), Some(0)], [Some(1_000), Some(2_000)], (1_000, 2_000));
        check([None, Some(3_000)], [None, None], (0, 3_000));
    }

    #[test]
    fn a_bound_that_was_set_wins_over_one_that_was_inherited() {
        let seed = [Some(5_000), Some(20_000)];
        check(seed, [Some(30_000), None], (30_000, 30_000));
        check(seed, [None, Some(3_000)], (3_000, 3_000));
        check(seed, [None, Some(0)], (0, 0));
        check(seed, [Some(0), None], (0, 20_000));
    }

    #[test]
    fn replies_have_no_random_delay() {
        let policy = Policy {
            delay: DelayRange::new(5_000, 20_000),
        };
        assert!(policy.delay_for(Class::Reply).is_off());
        assert_eq!(policy.delay_for(Class::Bulk), policy.delay);
    }

    #[test]
    fn off_draws_nothing_and_nonsense_is_straightened() {
        assert_eq!(draw_delay(DelayRange::OFF, u64::MAX), 0);
        assert_eq!(draw_delay(DelayRange { min_ms: 9, max_ms: 3 }, u64::MAX), 9);
        assert_eq!(
            draw_delay(
                DelayRange {
                    min_ms: -9,
                    max_ms: -3
                },
                77
            ),
            0
        );
    }

    #[test]
    fn every_value_of_a_small_range_is_drawn_equally_often() {
        let range = DelayRange::new(5, 12);
        let mut seen = [0; 8];
        for unit in 0..8_000_u64 {
            seen[(draw_delay(range, unit * (u64::MAX / 8_000)) - 5) as usize] += 1;
        }
        assert!(seen.iter().all(|n| (999..=1_001).contains(n)), "{seen:?}");
    }

    proptest! {
        #[test]
        fn a_draw_covers_both_ends_and_never_passes_them(a in 0..i64::MAX, b in 0..i64::MAX, unit: u64) {
            let range = DelayRange::new(a.min(b), a.max(b));
            prop_assert_eq!(draw_delay(range, 0), range.min_ms);
            prop_assert_eq!(draw_delay(range, u64::MAX), range.max_ms);
            prop_assert!((range.min_ms..=range.max_ms).contains(&draw_delay(range, unit)));
        }
    }
}
