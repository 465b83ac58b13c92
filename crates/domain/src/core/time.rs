//! Time zones: which day it is somewhere, and a zone as data for the browser.

use jiff::{Timestamp as Instant, civil::Date, tz::TimeZone};
use types::{Timestamp, Zone};

/// The zone of that IANA name, if there is one.
pub fn find(name: &str) -> Option<TimeZone> {
    TimeZone::get(name).ok()
}

/// Every name a person may choose, for the select of the set-up form.
pub fn names() -> Vec<String> {
    let mut names: Vec<String> = jiff::tz::db()
        .available()
        .map(|name| name.as_str().to_owned())
        .filter(|name| name.contains('/') && !name.starts_with("Etc/") && !name.starts_with("posix"))
        .collect();
    names.push("UTC".into());
    names.sort();
    names.dedup();
    names
}

/// The calendar day there, as `YYYY-MM-DD`.
pub fn day_of(zone: &str, at: Timestamp) -> String {
    date_of(zone, at).to_string()
}

/// The calendar day there.
pub fn date_of(zone: &str, at: Timestamp) -> Date {
    let zone = find(zone).unwrap_or(TimeZone::UTC);
    instant(at).to_zoned(zone).date()
}

/// The moment as a clock there shows it, as `2026-11-20 14:03:22`.
pub fn written(zone: &str, at: Timestamp) -> String {
    let zone = find(zone).unwrap_or(TimeZone::UTC);
    instant(at)
        .to_zoned(zone)
        .strftime("%Y-%m-%d %H:%M:%S")
        .to_string()
}

/// The first moment of that day there and the first moment of the next; the day may have 23 or
/// 25 hours.
pub fn day_bounds(zone: &str, day: Date) -> Option<(Timestamp, Timestamp)> {
    let zone = find(zone).unwrap_or(TimeZone::UTC);
    let start = day.to_zoned(zone.clone()).ok()?;
    let end = day.tomorrow().ok()?.to_zoned(zone).ok()?;
    Some((
        Timestamp(start.timestamp().as_millisecond()),
        Timestamp(end.timestamp().as_millisecond()),
    ))
}

/// The zone as data: its changes from ten years before to two years after that moment.
pub fn zone(name: &str, now: Timestamp) -> Zone {
    const YEAR: i64 = 366 * 86_400_000;
    let Some(tz) = find(name) else { return Zone::utc() };
    let (from, until) = (now + (-10 * YEAR), now + 2 * YEAR);
    let mut offsets = vec![(from, tz.to_offset(instant(from)).seconds())];
    for change in tz.following(instant(from)) {
        let at = Timestamp(change.timestamp().as_millisecond());
        if at > until {
            break;
        }
        offsets.push((at, change.offset().seconds()));
    }
    Zone {
        name: name.into(),
        offsets,
    }
}

fn instant(at: Timestamp) -> Instant {
    Instant::from_millisecond(at.0).unwrap_or(Instant::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_of_23_hours_is_a_day() {
        let spring = jiff::civil::date(2026, 3, 29);
        let (start, end) = day_bounds("Europe/Berlin", spring).unwrap();
        assert_eq!(end - start, 23 * 3_600_000);
        assert_eq!(day_of("Europe/Berlin", start), "2026-03-29");
        assert_eq!(day_of("Europe/Berlin", start + -1), "2026-03-28");
    }

    #[test]
    fn the_data_agrees_with_the_library() {
        let now = Timestamp(1_790_000_000_000);
        let zone = zone("America/New_York", now);
        let tz = find("America/New_York").unwrap();
        for days in -300..300 {
            let at = now + days * 86_400_000;
            assert_eq!(zone.offset_at(at), tz.to_offset(instant(at)).seconds());
        }
    }
}
