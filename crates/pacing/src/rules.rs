//! What platform, organization and session set, resolved to plain numbers.

use types::{
    messages::Class,
    pacing::{Limit, Limits, Window},
};

/// A random delay's bounds in milliseconds, both included. 0–0 is off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DelayRange {
    pub min_ms: i64,
    pub max_ms: i64,
}

/// Everything that holds the messages of one session. `None` and 0 are off.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    pub delay: DelayRange,
    pub hourly: Option<i64>,
    pub daily: Option<i64>,
    pub organization_daily: Option<i64>,
    pub window: Option<Window>,
    pub gap_ms: i64,
    /// After so many in a row, and how long in milliseconds.
    pub pause: Option<(i64, i64)>,
    pub warm_up: bool,
    pub cold_daily: Option<i64>,
    pub typing_ms: i64,
    pub typing_max_ms: i64,
    pub read_before_reply: bool,
    /// From so many of the same text in an hour on, the least milliseconds between two.
    pub repeated: Option<(i64, i64)>,
}

/// The days of a warm-up and its first and last day's messages (`rules.md` 9).
pub const WARM_UP_DAYS: i64 = 30;
const WARM_UP: (i64, i64) = (60, 200);
/// The wait of a reply before its typing, in milliseconds (`rules.md` 1).
const REPLY: DelayRange = DelayRange {
    min_ms: 1_000,
    max_ms: 3_000,
};

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

    /// Each bound inherits alone, so an inherited one can cross one that was set. Then the one
    /// that was set closer to the message is what people meant, and the other gives way.
    fn over(self, min: Option<i64>, max: Option<i64>) -> Self {
        match (min, max) {
            (None, None) => self,
            (Some(min), Some(max)) => Self::new(min, max),
            (Some(min), None) => Self::new(min, self.max_ms),
            (None, Some(max)) => Self::new(self.min_ms.min(max), max),
        }
    }

    pub const fn is_off(self) -> bool {
        self.max_ms <= 0
    }

    /// The delay that a chance stands for, every millisecond of the range equally likely.
    pub fn at(self, chance: u32) -> i64 {
        let Self { min_ms, max_ms } = Self::new(self.min_ms, self.max_ms);
        let choices = u128::from(max_ms.abs_diff(min_ms)) + 1;
        let step = (u128::from(chance) * choices) >> 32;
        min_ms.saturating_add(step as i64)
    }
}

/// What is drawn once for a message and stored with it, from 64 random bits.
pub const fn draw_chance(unit: u64) -> u32 {
    (unit >> 32) as u32
}

impl Rules {
    /// Platform, then organization, then session: blank inherits, blank at the platform is none.
    pub fn resolve(platform: &Limits, organization: &Limits, session: &Limits) -> Self {
        let own = |limit: Limit| {
            let of_session = limit.per_session().then(|| session.get(limit)).flatten();
            of_session
                .or_else(|| organization.get(limit))
                .or_else(|| platform.get(limit))
                .filter(|value| *value > 0)
        };
        let delay = [platform, organization, session]
            .into_iter()
            .fold(DelayRange::OFF, |range, level| {
                range.over(level.get(Limit::DelayMin), level.get(Limit::DelayMax))
            });
        let both = |limit, with| own(limit).zip(own(with));
        Self {
            delay,
            hourly: own(Limit::Hourly),
            daily: own(Limit::Daily),
            organization_daily: own(Limit::OrganizationDaily),
            window: own(Limit::Window).and_then(Window::decode),
            gap_ms: own(Limit::RecipientGap).unwrap_or(0),
            pause: both(Limit::PauseAfter, Limit::Pause),
            warm_up: own(Limit::WarmUp).is_some(),
            cold_daily: own(Limit::ColdDaily),
            typing_ms: own(Limit::Typing).unwrap_or(0),
            typing_max_ms: own(Limit::TypingMax).unwrap_or(0),
            read_before_reply: own(Limit::ReadBeforeReply).is_some(),
            repeated: both(Limit::RepeatedAfter, Limit::RepeatedPause),
        }
    }

    /// How long a person would type a text of so many characters, in milliseconds.
    pub fn typing(&self, chars: i64) -> i64 {
        self.typing_ms
            .saturating_mul(chars.max(0))
            .min(self.typing_max_ms)
            .max(0)
    }

    /// The wait before a message after the one before it. Typing is shown during its last part,
    /// so a delay is never shorter than the typing.
    pub fn delay(&self, class: Class, chance: u32, chars: i64) -> i64 {
        let typing = self.typing(chars);
        match class {
            Class::Reply if self.delay.is_off() => typing,
            Class::Reply => REPLY.at(chance) + typing,
            Class::Single | Class::Bulk => self.delay.at(chance).max(typing),
        }
    }

    /// The expectation of [`Rules::delay`] over all chances, for texts of that length.
    pub fn mean_delay(&self, class: Class, chars: i64) -> f64 {
        let typing = self.typing(chars) as f64;
        let (min, max) = (self.delay.min_ms as f64, self.delay.max_ms as f64);
        match class {
            Class::Reply if self.delay.is_off() => typing,
            Class::Reply => f64::midpoint(REPLY.min_ms as f64, REPLY.max_ms as f64) + typing,
            _ if typing <= min => f64::midpoint(min, max),
            _ if typing >= max => typing,
            // The part of the range under the typing becomes the typing.
            _ => (typing * (typing - min) + (max - typing) * f64::midpoint(typing, max)) / (max - min),
        }
    }

    /// The session's limit of a day, and the day of its warm-up while that is the reason.
    pub fn daily_cap(&self, warm_up_day: Option<i64>) -> Option<(i64, Option<i64>)> {
        let warm = warm_up_day
            .filter(|day| self.warm_up && (1..=WARM_UP_DAYS).contains(day))
            .map(|day| {
                (
                    WARM_UP.0 + (WARM_UP.1 - WARM_UP.0) * (day - 1) / (WARM_UP_DAYS - 1),
                    day,
                )
            });
        match (warm, self.daily) {
            (Some((cap, day)), daily) if daily.is_none_or(|daily| cap <= daily) => Some((cap, Some(day))),
            (_, daily) => daily.map(|daily| (daily, None)),
        }
    }

    /// Whether nothing paces: messages leave as fast as the line takes them.
    pub fn is_off(&self) -> bool {
        let off = Self {
            read_before_reply: self.read_before_reply,
            typing_max_ms: self.typing_max_ms,
            ..Self::default()
        };
        *self == off
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn delays(min: Option<i64>, max: Option<i64>) -> Limits {
        let mut limits = Limits::default();
        limits.set(Limit::DelayMin, min);
        limits.set(Limit::DelayMax, max);
        limits
    }

    fn check(
        platform: [Option<i64>; 2],
        organization: [Option<i64>; 2],
        session: [Option<i64>; 2],
        expect: (i64, i64),
    ) {
        let limits = |[min, max]: [Option<i64>; 2]| delays(min, max);
        let range = Rules::resolve(&limits(platform), &limits(organization), &limits(session)).delay;
        assert_eq!(
            (range.min_ms, range.max_ms),
            expect,
            "{platform:?} {organization:?} {session:?}"
        );
    }

    #[test]
    fn delays_inherit() {
        let seed = [Some(5_000), Some(20_000)];
        let blank = [None, None];
        check(blank, blank, blank, (0, 0));
        check(seed, blank, blank, (5_000, 20_000));
        check(seed, [Some(0), Some(0)], blank, (0, 0));
        check(
            seed,
            [Some(0), Some(0)],
            [Some(1_000), Some(2_000)],
            (1_000, 2_000),
        );
        check(seed, [Some(5_000), Some(5_000)], blank, (5_000, 5_000));
        check([None, Some(3_000)], blank, blank, (0, 3_000));
        check(seed, [Some(30_000), None], blank, (30_000, 30_000));
        check(seed, [None, Some(3_000)], blank, (3_000, 3_000));
        check(seed, blank, [None, Some(0)], (0, 0));
    }

    #[test]
    fn limits_inherit_and_zero_is_none() {
        let platform = Limits::defaults();
        let none = Limits::default();
        let rules = Rules::resolve(&platform, &none, &none);
        assert_eq!(
            (rules.hourly, rules.daily, rules.gap_ms),
            (Some(100), Some(1_000), 3_600_000)
        );
        assert_eq!((rules.pause, rules.window), (Some((20, 300_000)), None));
        let own = Limits::default()
            .with(Limit::Hourly, 0)
            .with(Limit::OrganizationDaily, 7);
        let session = Limits::default()
            .with(Limit::Daily, 60)
            .with(Limit::OrganizationDaily, 9);
        let rules = Rules::resolve(&platform, &own, &session);
        assert_eq!((rules.hourly, rules.daily), (None, Some(60)));
        assert_eq!(rules.organization_daily, Some(7), "not a session's to set");
        assert!(
            Rules::resolve(&platform, &none, &Limits::off())
                .organization_daily
                .is_none()
        );
        assert!(Rules::resolve(&Limits::off(), &none, &none).is_off());
    }

    #[test]
    fn warm_up_rises_from_60_to_200() {
        let rules = Rules {
            warm_up: true,
            daily: Some(150),
            ..Rules::default()
        };
        assert_eq!(rules.daily_cap(Some(1)), Some((60, Some(1))));
        assert_eq!(rules.daily_cap(Some(15)), Some((127, Some(15))));
        assert_eq!(
            rules.daily_cap(Some(30)),
            Some((150, None)),
            "the lower one holds"
        );
        assert_eq!(rules.daily_cap(Some(31)), Some((150, None)));
        assert_eq!(rules.daily_cap(None), Some((150, None)));
        let free = Rules { daily: None, ..rules };
        assert_eq!(free.daily_cap(Some(30)), Some((200, Some(30))));
        assert_eq!(free.daily_cap(Some(31)), None);
    }

    #[test]
    fn replies_wait_briefly_and_only_where_something_paces() {
        let mut rules = Rules {
            delay: DelayRange::new(5_000, 20_000),
            ..Rules::default()
        };
        assert_eq!(rules.delay(Class::Reply, 0, 10), 1_000);
        assert_eq!(rules.delay(Class::Reply, u32::MAX, 10), 3_000);
        (rules.typing_ms, rules.typing_max_ms) = (50, 8_000);
        assert_eq!(rules.delay(Class::Reply, 0, 10), 1_500);
        assert_eq!(rules.delay(Class::Single, 0, 10), 5_000);
        assert_eq!(rules.delay(Class::Single, 0, 1_000), 8_000);
        rules.delay = DelayRange::OFF;
        assert_eq!(rules.delay(Class::Reply, u32::MAX, 0), 0);
    }

    proptest! {
        #[test]
        fn a_chance_covers_both_ends_and_never_passes_them(a in 0..i64::MAX, b in 0..i64::MAX, chance: u32) {
            let range = DelayRange::new(a.min(b), a.max(b));
            prop_assert_eq!(range.at(0), range.min_ms);
            prop_assert!((range.min_ms..=range.max_ms).contains(&range.at(chance)));
        }

        #[test]
        fn the_mean_is_what_many_chances_give(
            min in 0..30_000_i64, width in 1..30_000_i64, typing_ms in 0..200_i64, chars in 0..300_i64,
        ) {
            let rules = Rules {
                delay: DelayRange::new(min, min + width),
                typing_ms,
                typing_max_ms: 20_000,
                ..Rules::default()
            };
            for class in [Class::Reply, Class::Bulk] {
                let sum: i64 = (0..1_000_u32).map(|n| rules.delay(class, n * (u32::MAX / 1_000), chars)).sum();
                let mean = sum as f64 / 1_000.0;
                prop_assert!((mean - rules.mean_delay(class, chars)).abs() < 40.0, "{mean}");
            }
        }
    }
}
