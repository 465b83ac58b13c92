//! Moments and time zones in a form that server and browser agree on to the letter.

use serde::{Deserialize, Serialize};
use std::ops::{Add, Sub};

/// A moment: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    pub const fn millis(self) -> i64 {
        self.0
    }

    /// RFC 3339 in UTC with milliseconds, as the REST API writes times.
    pub fn rfc3339(self) -> String {
        let c = Civil::from_millis(self.0);
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
            c.year, c.month, c.day, c.hour, c.minute, c.second, c.milli
        )
    }
}

impl Add<i64> for Timestamp {
    type Output = Self;
    fn add(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }
}

impl Sub for Timestamp {
    type Output = i64;
    fn sub(self, other: Self) -> i64 {
        self.0.saturating_sub(other.0)
    }
}

/// A wall-clock reading of the Gregorian calendar, without a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Civil {
    pub year: i64,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    pub hour: u8,
    pub minute: u8,
    pub second: u8,
    pub milli: u16,
    /// 0 is Monday.
    pub weekday: u8,
}

impl Civil {
    /// Reads milliseconds since the epoch as if they were local.
    pub fn from_millis(millis: i64) -> Self {
        let days = millis.div_euclid(86_400_000);
        let rest = millis.rem_euclid(86_400_000);
        // Days to civil date after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
        let z = days + 719_468;
        let era = z.div_euclid(146_097);
        let doe = z.rem_euclid(146_097);
        let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let month = if mp < 10 { mp + 3 } else { mp - 9 };
        Self {
            year: yoe + era * 400 + i64::from(month <= 2),
            month: month as u8,
            day: (doy - (153 * mp + 2) / 5 + 1) as u8,
            hour: (rest / 3_600_000) as u8,
            minute: (rest / 60_000 % 60) as u8,
            second: (rest / 1_000 % 60) as u8,
            milli: (rest % 1_000) as u16,
            weekday: (days + 3).rem_euclid(7) as u8,
        }
    }
}

/// A time zone as data: its name and when its offset changes.
///
/// The browser has no time zone database, and must print what the server printed, so the
/// server sends the few changes that matter (see `domain::time::zone`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Zone {
    /// IANA name, for example `Asia/Jakarta`.
    pub name: String,
    /// `(from, offset in seconds east of UTC)`, oldest first; the first entry also holds before it.
    pub offsets: Vec<(Timestamp, i32)>,
}

impl Zone {
    pub fn utc() -> Self {
        Self {
            name: "UTC".into(),
            offsets: vec![(Timestamp(0), 0)],
        }
    }

    /// Seconds east of UTC at that moment.
    pub fn offset_at(&self, at: Timestamp) -> i32 {
        self.offsets
            .iter()
            .rev()
            .find(|(from, _)| *from <= at)
            .or(self.offsets.first())
            .map_or(0, |(_, offset)| *offset)
    }

    /// The wall clock there at that moment.
    pub fn civil(&self, at: Timestamp) -> Civil {
        Civil::from_millis(at.0 + i64::from(self.offset_at(at)) * 1_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc3339_of_known_moments() {
        assert_eq!(Timestamp(0).rfc3339(), "1970-01-01T00:00:00.000Z");
        assert_eq!(Timestamp(1_709_654_400_000).rfc3339(), "2024-03-05T16:00:00.000Z");
        assert_eq!(Timestamp(951_782_400_123).rfc3339(), "2000-02-29T00:00:00.123Z");
    }

    #[test]
    fn weekdays_count_from_monday() {
        assert_eq!(Civil::from_millis(0).weekday, 3, "1 January 1970 was a Thursday");
    }

    #[test]
    fn a_zone_knows_its_offset_before_and_after_a_change() {
        let zone = Zone {
            name: "Europe/Berlin".into(),
            offsets: vec![(Timestamp(0), 3_600), (Timestamp(1_000), 7_200)],
        };
        assert_eq!(zone.offset_at(Timestamp(-5)), 3_600);
        assert_eq!(zone.offset_at(Timestamp(999)), 3_600);
        assert_eq!(zone.offset_at(Timestamp(1_000)), 7_200);
    }
}
