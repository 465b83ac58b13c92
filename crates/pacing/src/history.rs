//! What a session has sent, as far as a limit must know it.

use crate::{Calendar, Day, Rules, Turns};
use std::collections::{HashMap, VecDeque};
use types::{Timestamp, messages::Class};

const HOUR: i64 = 3_600_000;
/// From so many departures on, those of one second are kept as one, at the last one's moment: an
/// hour is then never more than a few thousand numbers, and a limit never opens early.
const EXACT: usize = 1_000;

const fn second(at: Timestamp) -> i64 {
    at.0.div_euclid(1_000)
}

/// One message going on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Departure {
    pub at: Timestamp,
    pub class: Class,
    /// To somebody who never wrote to us.
    pub cold: bool,
    /// It was counted at an earlier try.
    pub counted: bool,
    /// A person let it pass the protections; it counts all the same.
    pub rush: bool,
    /// Stands for its text.
    pub text: Option<u64>,
}

/// A session's past. Cheap to clone while its limits are.
///
/// It remembers only what the rules of the moment look at. Whoever changes the rules, or finds that
/// the clock was set back, reads it anew: [`History::recall`] each departure, then
/// [`History::tick`], then [`History::set_used`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// When a phone was first linked.
    pub linked_at: Option<Timestamp>,
    pub last_left_at: Option<Timestamp>,
    /// Until when WhatsApp itself asked it to wait.
    pub held_until: Option<Timestamp>,
    /// Until when WhatsApp takes no message to people who never wrote to us.
    pub cold_until: Option<Timestamp>,
    pub paused_until: Option<Timestamp>,
    /// Single and bulk messages since the last break.
    pub in_row: i64,
    pub turns: Turns,
    hour: VecDeque<(Timestamp, i64)>,
    in_hour: i64,
    day: Day,
    warm_up_day: Option<i64>,
    used_today: i64,
    cold_today: i64,
    texts: VecDeque<(Timestamp, u64)>,
    seen: Timestamp,
}

/// What an organization has sent of its day's limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Used {
    pub day: Day,
    pub today: i64,
}

impl Used {
    /// Whether another day has begun, so that the number must be looked up (0 until then).
    pub fn tick(&mut self, calendar: &Calendar, now: Timestamp) -> bool {
        if self.day.has(now) {
            return false;
        }
        *self = Self {
            day: calendar.day(now),
            today: 0,
        };
        true
    }

    /// It did not go on the wire after all: see [`History::take_back`].
    pub fn take_back(&mut self, departure: Departure) {
        if !departure.counted && self.day.has(departure.at) {
            self.today = (self.today - 1).max(0);
        }
    }
}

impl History {
    /// Brings the past up to `now`: forgets what no limit looks at any more. Answers whether
    /// another day has begun, so that [`History::set_used`] must be told its numbers (0 until then).
    ///
    /// When the clock was set back, moments that now lie ahead become now: waiting for the clock to
    /// catch up could take years, and forgetting them would let a second burst out.
    pub fn tick(&mut self, calendar: &Calendar, now: Timestamp) -> bool {
        // After a restart nothing was seen yet, but what is read back may lie ahead all the same.
        let seen = self.last_left_at.max(Some(self.seen)).unwrap_or(now);
        if now < seen {
            let back = seen - now;
            self.last_left_at = self.last_left_at.map(|at| at.min(now));
            for until in [&mut self.paused_until, &mut self.held_until, &mut self.cold_until] {
                *until = until.map(|at| at + -back);
            }
        }
        if self.hour.back().is_some_and(|(at, _)| *at > now) {
            for (at, _) in &mut self.hour {
                *at = (*at).min(now);
            }
        }
        if self.texts.back().is_some_and(|(at, _)| *at > now) {
            for (at, _) in &mut self.texts {
                *at = (*at).min(now);
            }
        }
        self.seen = now;
        while let Some((at, count)) = self.hour.front().copied()
            && at + HOUR <= now
        {
            self.in_hour -= count;
            self.hour.pop_front();
        }
        while self.texts.front().is_some_and(|(at, _)| *at + HOUR <= now) {
            self.texts.pop_front();
        }
        let fresh = !self.day.has(now);
        if fresh {
            self.day = calendar.day(now);
            self.warm_up_day = self.linked_at.map(|at| calendar.days_between(at, now) + 1);
            (self.used_today, self.cold_today) = (0, 0);
        }
        fresh
    }

    /// What was counted on the day that [`History::tick`] stands in.
    pub fn set_used(&mut self, used_today: i64, cold_today: i64) {
        (self.used_today, self.cold_today) = (used_today, cold_today);
    }

    /// A counted departure of the last hour, or of moments that now lie ahead, as it is read back;
    /// oldest first. What is public here must be set before, from the session's own row.
    pub fn recall(&mut self, at: Timestamp, text: Option<u64>) {
        self.push_hour(at);
        if let Some(text) = text {
            self.texts.push_back((at, text));
        }
    }

    /// A message goes on the wire.
    pub fn leave(&mut self, rules: &Rules, departure: Departure) {
        let at = departure.at;
        let paced = departure.class != Class::Reply;
        if let (true, Some((after, pause))) = (paced, rules.pause) {
            // A break as long as the pause is one.
            if self.last_left_at.is_none_or(|left| at - left >= pause) {
                self.in_row = 0;
            }
            self.in_row += 1;
            if self.in_row >= after {
                self.in_row = 0;
                self.paused_until = Some(at + pause);
            }
        }
        self.last_left_at = self.last_left_at.max(Some(at));
        if departure.counted {
            return;
        }
        self.used_today += 1;
        self.cold_today += i64::from(departure.cold);
        if rules.hourly.is_some() {
            self.push_hour(at);
        }
        if let (Some(_), Some(text)) = (rules.repeated, departure.text) {
            self.texts.push_back((at, text));
        }
    }

    /// It did not go on the wire after all, and nobody judged it: it does not count.
    pub fn take_back(&mut self, departure: Departure) {
        if departure.class != Class::Reply {
            self.in_row = (self.in_row - 1).max(0);
        }
        if departure.counted {
            return;
        }
        if self.day.has(departure.at) {
            self.used_today = (self.used_today - 1).max(0);
            self.cold_today = (self.cold_today - i64::from(departure.cold)).max(0);
        }
        if let Some((_, count)) = self.hour.iter_mut().rev().find(|(at, _)| *at <= departure.at)
            && *count > 0
        {
            *count -= 1;
            self.in_hour -= 1;
        }
        let same = |(at, text): &(Timestamp, u64)| *at == departure.at && Some(*text) == departure.text;
        if let Some(place) = self.texts.iter().rposition(same) {
            self.texts.remove(place);
        }
    }

    fn push_hour(&mut self, at: Timestamp) {
        self.in_hour += 1;
        let many = self.hour.len() >= EXACT;
        match self.hour.back_mut() {
            Some((last, count)) if *last == at || (many && at > *last && second(at) == second(*last)) => {
                *last = at;
                *count += 1;
            }
            _ => self.hour.push_back((at, 1)),
        }
    }

    pub const fn in_hour(&self) -> i64 {
        self.in_hour
    }

    pub const fn used_today(&self) -> i64 {
        self.used_today
    }

    pub const fn cold_today(&self) -> i64 {
        self.cold_today
    }

    pub const fn day(&self) -> Day {
        self.day
    }

    /// 1 on the day a phone was first linked.
    pub const fn warm_up_day(&self) -> Option<i64> {
        self.warm_up_day
    }

    /// When fewer than `limit` departures lie within the last 60 minutes.
    pub(crate) fn hour_opens(&self, limit: i64) -> Option<Timestamp> {
        let mut left = self.in_hour - limit;
        if left < 0 {
            return None;
        }
        // With so many and one more gone there is room for one.
        for (at, count) in &self.hour {
            left -= count;
            if left < 0 {
                return Some(*at + HOUR);
            }
        }
        None
    }

    /// When that text may leave once more, where it slows down from `after` in an hour on: after
    /// its pause, or as soon as the hour knows of fewer.
    pub(crate) fn repeat_opens(&self, text: u64, after: i64, pause: i64) -> Option<Timestamp> {
        let (count, last) = self.repeats(text);
        let more = usize::try_from(count - after).ok()?;
        let mut same = self.texts.iter().filter(|(_, other)| *other == text);
        let fewer = same.nth(more).map(|(at, _)| *at + HOUR);
        Some((last? + pause).min(fewer?))
    }

    /// A text that left so often within the last hour, if there is one.
    pub fn repeated_text(&self, after: i64) -> Option<u64> {
        let mut counts: HashMap<u64, i64> = HashMap::new();
        self.texts.iter().find_map(|(_, text)| {
            let count = counts.entry(*text).or_default();
            *count += 1;
            (*count >= after).then_some(*text)
        })
    }

    /// How often that text left within the last hour, and when last.
    pub fn repeats(&self, text: u64) -> (i64, Option<Timestamp>) {
        self.texts
            .iter()
            .filter(|(_, other)| *other == text)
            .fold((0, None), |(count, _), (at, _)| (count + 1, Some(*at)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: Timestamp = Timestamp(1_790_000_000_000);

    fn departure(at: Timestamp) -> Departure {
        Departure {
            at,
            class: Class::Bulk,
            cold: true,
            counted: false,
            rush: false,
            text: Some(7),
        }
    }

    fn rules() -> Rules {
        Rules {
            hourly: Some(3),
            pause: Some((3, 60_000)),
            repeated: Some((2, 1_000)),
            ..Rules::default()
        }
    }

    #[test]
    fn what_never_left_does_not_count() {
        let mut history = History::default();
        history.tick(&Calendar::utc(), NOW);
        history.leave(&rules(), departure(NOW));
        let before = history.clone();
        history.leave(&rules(), departure(NOW + 5));
        history.take_back(departure(NOW + 5));
        assert_eq!(
            (history.in_hour(), history.used_today(), history.cold_today()),
            (before.in_hour(), 1, 1)
        );
        assert_eq!(history.repeats(7), (1, Some(NOW)));
        assert_eq!(history.in_row, 1);
    }

    #[test]
    fn a_row_is_broken_by_a_break() {
        let mut history = History::default();
        for n in 0..10 {
            history.leave(&rules(), departure(NOW + n * 60_000));
            assert_eq!((history.in_row, history.paused_until), (1, None));
        }
        for n in 1..=2 {
            history.leave(&rules(), departure(NOW + 9 * 60_000 + n));
        }
        assert_eq!(history.paused_until, Some(NOW + 9 * 60_000 + 2 + 60_000));
    }

    #[test]
    fn a_clock_that_was_set_back_does_not_stop_the_session() {
        let mut history = History::default();
        history.tick(&Calendar::utc(), NOW);
        for n in 0..3 {
            history.leave(&rules(), departure(NOW + n));
        }
        let back = NOW + -31_536_000_000;
        assert!(history.tick(&Calendar::utc(), back), "another day");
        assert_eq!(history.last_left_at, Some(back));
        assert_eq!(history.hour_opens(3), Some(back + HOUR));
        assert!(history.paused_until <= Some(back + 60_002));
    }

    #[test]
    fn a_clock_that_was_set_back_while_nobody_looked() {
        let mut history = History {
            last_left_at: Some(NOW),
            paused_until: Some(NOW + 9),
            ..History::default()
        };
        history.recall(NOW + -5, None);
        history.recall(NOW, Some(7));
        let back = NOW + -31_536_000_000;
        history.tick(&Calendar::utc(), back);
        assert_eq!(
            (history.last_left_at, history.paused_until),
            (Some(back), Some(back + 9))
        );
        assert_eq!(history.hour_opens(1), Some(back + HOUR));
        assert_eq!(history.repeats(7), (1, Some(back)));
        // Read anew later, with moments in it that still lie ahead, it waits no shorter.
        let mut later = History {
            last_left_at: Some(back),
            paused_until: Some(back + 9),
            ..History::default()
        };
        later.recall(NOW, None);
        later.tick(&Calendar::utc(), back + 1);
        assert_eq!(later.paused_until, Some(back + 9));
        assert_eq!(later.hour_opens(1), Some(back + 1 + HOUR));
    }

    proptest! {
        #[test]
        fn the_hour_counts_like_a_list(
            gaps in prop::collection::vec(0..400_000_i64, 1..200), limit in 1..40_i64,
        ) {
            let rules = Rules { hourly: Some(limit), ..Rules::default() };
            let (mut history, mut now, mut all) = (History::default(), NOW, Vec::new());
            for gap in gaps {
                now = now + gap;
                history.tick(&Calendar::utc(), now);
                history.leave(&rules, departure(now));
                all.push(now);
                let within = |at: Timestamp| all.iter().filter(|t| **t + HOUR > at && **t <= at).count() as i64;
                prop_assert_eq!(history.in_hour(), within(now));
                match history.hour_opens(limit) {
                    None => prop_assert!(within(now) < limit),
                    Some(at) => {
                        prop_assert!(within(at) < limit, "room then");
                        prop_assert!(within(at + -1) >= limit, "and not before");
                    }
                }
            }
        }
    }

    #[test]
    fn a_fast_hour_stays_small_and_never_opens_early() {
        let rules = Rules {
            hourly: Some(50_000),
            ..Rules::default()
        };
        let mut history = History::default();
        for n in 0..100_000 {
            history.leave(&rules, departure(NOW + n * 10));
        }
        assert!(history.hour.len() < 3_000, "{}", history.hour.len());
        let opens = history.hour_opens(50_000).unwrap();
        let exact = NOW + 50_000 * 10 + HOUR;
        assert!(opens >= exact && opens - exact <= 1_000, "{}", opens - exact);
    }
}
