//! The end of a long queue, told by whole days.

use super::Lane;
use crate::{Calendar, Day};
use types::Timestamp;

/// The days that were played. Most limits are of a day, so that within one the pace says little of
/// the next, while whole days are much alike.
pub struct Days {
    /// A window leaves out days, so that only weeks are alike.
    weekly: bool,
    /// Each day with how many had left before it; the last one is still going on.
    begun: Vec<(Day, i64)>,
    /// When messages left, from the beginning of the last whole day and of this one.
    before: Vec<i64>,
    today: Vec<i64>,
}

impl Days {
    pub fn of(lanes: &[Lane<'_>]) -> Self {
        let leaves_out = |lane: &Lane<'_>| {
            let window = lane.rules.window;
            window.is_some_and(|window| (0..7).any(|day| !window.has_day(day)))
        };
        Self {
            weekly: lanes.iter().any(leaves_out),
            begun: Vec::new(),
            before: Vec::new(),
            today: Vec::new(),
        }
    }

    pub fn begin(&mut self, day: Day, gone: i64) {
        self.begun.push((day, gone));
        self.before = std::mem::take(&mut self.today);
    }

    pub fn left(&mut self, at: Timestamp) {
        if let Some((day, _)) = self.begun.last() {
            self.today.push(at - day.start);
        }
    }

    /// When the last of so many has left, if there were enough whole days to tell by. The first one
    /// was met in its middle, perhaps.
    pub fn end(&self, calendar: &Calendar, all: i64) -> Option<Timestamp> {
        let (today, gone) = *self.begun.last()?;
        let since = |(day, _): &(Day, i64)| calendar.days_between(day.start, today.start);
        let fits = |days: i64| if self.weekly { days == 7 } else { days >= 2 };
        let from = (1..self.begun.len())
            .rev()
            .find(|nth| fits(since(&self.begun[*nth])))?;
        let stretch = &self.begun[from..];
        let (first, earlier) = stretch[0];
        let rest = (all - gone - 1).max(0);
        let mut ahead = rest.checked_div(gone - earlier)? * since(&stretch[0]);
        let mut nth = rest % (gone - earlier);
        for pair in stretch.windows(2) {
            let count = pair[1].1 - pair[0].1;
            if nth < count {
                ahead += calendar.days_between(first.start, pair[0].0.start);
                break;
            }
            nth -= count;
        }
        let mut day = today;
        for _ in 0..ahead {
            day = calendar.day(day.end);
        }
        // As far into its day as the same message of the last whole day was.
        let within = self.before.get(nth as usize).or(self.before.last())?;
        Some(day.start + *within)
    }
}
