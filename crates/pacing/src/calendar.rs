//! Days and hours of an organization's time zone.

use jiff::{Timestamp as Instant, ToSpan, Zoned, civil::Time, tz::TimeZone};
use types::{Timestamp, pacing::Window};

/// An organization's wall clock. A day may have 23 or 25 hours, and an hour of it may not exist.
#[derive(Clone, Debug)]
pub struct Calendar {
    zone: TimeZone,
}

/// One calendar day: its first moment and that of the next day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Day {
    pub start: Timestamp,
    pub end: Timestamp,
}

impl Day {
    pub fn has(self, at: Timestamp) -> bool {
        self.start <= at && at < self.end
    }
}

impl Calendar {
    pub const fn new(zone: TimeZone) -> Self {
        Self { zone }
    }

    pub const fn utc() -> Self {
        Self::new(TimeZone::UTC)
    }

    /// The day that moment lies in.
    pub fn day(&self, at: Timestamp) -> Day {
        let zoned = self.zoned(at);
        let bound = |zoned: Result<Zoned, jiff::Error>, or: i64| {
            zoned.map_or(Timestamp(or), |zoned| {
                Timestamp(zoned.timestamp().as_millisecond())
            })
        };
        let tomorrow = zoned.date().tomorrow();
        Day {
            start: bound(zoned.start_of_day(), i64::MIN),
            end: bound(
                tomorrow.and_then(|date| date.to_zoned(self.zone.clone())),
                i64::MAX,
            ),
        }
    }

    /// Whole calendar days from one moment to another; 0 on the same day.
    pub fn days_between(&self, from: Timestamp, to: Timestamp) -> i64 {
        let (from, to) = (self.zoned(from).date(), self.zoned(to).date());
        from.until(to).map_or(0, |span| i64::from(span.get_days()))
    }

    /// `at` itself while the window is open, else its next opening; `None` when there is none
    /// within the days that a clock change can move it over.
    pub fn next_open(&self, window: Window, at: Timestamp) -> Option<Timestamp> {
        let today = self.zoned(at).date();
        // A window of yesterday may run past midnight; the next day it is meant for is at most a
        // week away, and one more where a clock change swallows it whole.
        for offset in -1_i32..=15 {
            let Ok(date) = today.checked_add(offset.days()) else {
                continue;
            };
            if !window.has_day(date.weekday().to_monday_zero_offset() as u8) {
                continue;
            }
            let start = self.moment(date, window.start)?;
            let end = if window.end > window.start {
                self.moment(date, window.end)?
            } else {
                self.moment(date.tomorrow().ok()?, window.end)?
            };
            if at < end && start < end {
                let opens = at.max(start);
                return Some(self.shown_again(date, window.start, opens).unwrap_or(opens));
            }
        }
        None
    }

    /// When the clock was set back over a window's start, it shows hours before the window once
    /// more: then the window opens when its start comes for the second time.
    fn shown_again(&self, date: jiff::civil::Date, minute: u16, at: Timestamp) -> Option<Timestamp> {
        let time = Time::new((minute / 60) as i8, (minute % 60) as i8, 0, 0).ok()?;
        let ambiguous = self.zone.to_ambiguous_timestamp(date.to_datetime(time));
        if !matches!(ambiguous.offset(), jiff::tz::AmbiguousOffset::Fold { .. }) {
            return None;
        }
        let first = ambiguous.earlier().ok()?;
        let change = self.zone.following(first).next()?.timestamp().as_millisecond();
        let again = Timestamp(ambiguous.later().ok()?.as_millisecond());
        (Timestamp(change) <= at && at < again).then_some(again)
    }

    /// That minute of that date. One that a clock change skips is the moment of the change; one
    /// that comes twice is its first.
    fn moment(&self, date: jiff::civil::Date, minute: u16) -> Option<Timestamp> {
        let (date, minute) = if minute >= 1_440 {
            (date.tomorrow().ok()?, 0)
        } else {
            (date, minute)
        };
        let time = Time::new((minute / 60) as i8, (minute % 60) as i8, 0, 0).ok()?;
        let wanted = date.to_datetime(time);
        let ambiguous = self.zone.to_ambiguous_timestamp(wanted);
        let at = match ambiguous.offset() {
            jiff::tz::AmbiguousOffset::Gap { before, .. } => {
                // The wall clock jumps over it: the change itself is when the old offset would
                // have shown the end of the old hour.
                let late = before.to_timestamp(wanted).ok()?;
                // The first minute of those that are skipped is the change itself, and counts.
                self.zone
                    .preceding(late.checked_add(1.nanosecond()).ok()?)
                    .next()
                    .map_or(late, |change| change.timestamp())
            }
            _ => ambiguous.earlier().ok()?,
        };
        Some(Timestamp(at.as_millisecond()))
    }

    fn zoned(&self, at: Timestamp) -> Zoned {
        Instant::from_millisecond(at.0)
            .unwrap_or(Instant::UNIX_EPOCH)
            .to_zoned(self.zone.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HOUR: i64 = 3_600_000;

    fn berlin() -> Calendar {
        Calendar::new(TimeZone::get("Europe/Berlin").unwrap())
    }

    fn at(text: &str) -> Timestamp {
        Timestamp(text.parse::<Instant>().unwrap().as_millisecond())
    }

    fn check(window: &str, now: &str, expect: &str) {
        let window = window.parse().unwrap();
        assert_eq!(
            berlin().next_open(window, at(now)),
            Some(at(expect)),
            "{window} {now}"
        );
    }

    #[test]
    fn days_of_23_and_25_hours() {
        let spring = berlin().day(at("2026-03-29T10:00Z"));
        assert_eq!(spring.end - spring.start, 23 * HOUR);
        let autumn = berlin().day(at("2026-10-25T10:00Z"));
        assert_eq!(autumn.end - autumn.start, 25 * HOUR);
        assert!(autumn.has(autumn.start) && !autumn.has(autumn.end));
        assert_eq!(
            berlin().days_between(at("2026-03-28T22:59Z"), at("2026-03-28T23:01Z")),
            1
        );
    }

    #[test]
    fn windows_open() {
        check("09:00-17:00", "2026-11-20T07:00Z", "2026-11-20T08:00Z");
        check("09:00-17:00", "2026-11-20T10:00Z", "2026-11-20T10:00Z");
        check("09:00-17:00", "2026-11-20T16:00Z", "2026-11-21T08:00Z");
        check("09:00-17:00 mon-fri", "2026-11-20T16:00Z", "2026-11-23T08:00Z");
        check("22:00-06:00", "2026-11-20T04:59Z", "2026-11-20T04:59Z");
        check("22:00-06:00", "2026-11-20T05:00Z", "2026-11-20T21:00Z");
        check("22:00-06:00 fri", "2026-11-21T03:00Z", "2026-11-21T03:00Z");
        check("22:00-06:00 fri", "2026-11-21T05:00Z", "2026-11-27T21:00Z");
        check("18:00-24:00", "2026-11-20T22:59Z", "2026-11-20T22:59Z");
    }

    #[test]
    fn an_hour_that_does_not_exist_does_not_open() {
        check("02:15-02:45", "2026-03-28T23:30Z", "2026-03-30T00:15Z");
        check("02:30-04:00", "2026-03-28T23:30Z", "2026-03-29T01:00Z");
        // Not from the change before on, where the first skipped minute is its start.
        check("02:00-04:00", "2026-03-28T03:30Z", "2026-03-29T01:00Z");
        check("02:00-04:00 sun", "2026-03-27T12:00Z", "2026-03-29T01:00Z");
        // It comes twice in autumn: from its first beginning to its first end.
        check("02:00-02:30", "2026-10-24T23:30Z", "2026-10-25T00:00Z");
        // Set back over its start, it shuts until the clock shows that again.
        check("02:45-04:00", "2026-10-25T00:50Z", "2026-10-25T00:50Z");
        check("02:45-04:00", "2026-10-25T01:00Z", "2026-10-25T01:45Z");
        check("02:45-04:00", "2026-10-25T02:10Z", "2026-10-25T02:10Z");
    }

    proptest! {
        #[test]
        fn an_opening_is_open_and_never_early(
            start in 0..1_440_u16, end in 1..=1_440_u16, days in 1..=127_u8, hours in 0..20_000_i64, ms in 0..HOUR,
        ) {
            prop_assume!(start != end);
            let window = Window { start, end, days };
            let now = Timestamp(1_767_225_600_000 + hours * HOUR + ms);
            let opens = berlin().next_open(window, now).unwrap();
            prop_assert!(opens >= now);
            prop_assert_eq!(berlin().next_open(window, opens), Some(opens), "it is open then");
            prop_assert!(opens - now <= 15 * 24 * HOUR);
        }
    }
}
