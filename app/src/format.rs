//! The one formatter of dates, numbers and phone numbers.
//!
//! Pure functions of their arguments: server and browser print the same, because neither a
//! clock nor the machine's own time zone is asked.

mod phone;

use crate::{
    i18n::fill,
    ui::text::{FormatText, text},
};
use types::{Timestamp, Zone, time::Civil};

pub use phone::phone;

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// `1,284`.
pub fn number(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + 6);
    if n < 0 {
        out.push('-');
    }
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `97.8 %` of a whole; a dash where there is no whole.
pub fn percent(part: i64, whole: i64) -> String {
    if whole <= 0 {
        return "–".into();
    }
    let tenths = (part * 1_000 + whole / 2) / whole;
    match tenths % 10 {
        0 => format!("{} %", number(tenths / 10)),
        rest => format!("{}.{rest} %", number(tenths / 10)),
    }
}

/// `820 B`, `12 kB`, `3.4 MB`, counted by 1,024 as the limits are.
pub fn bytes(n: i64) -> String {
    const UNITS: [&str; 4] = ["B", "kB", "MB", "GB"];
    let mut unit = 0;
    let mut tenths = n.max(0) * 10;
    while tenths >= 10_240 && unit + 1 < UNITS.len() {
        tenths = (tenths + 512) / 1_024;
        unit += 1;
    }
    if tenths < 100 && tenths % 10 != 0 {
        format!("{}.{} {}", tenths / 10, tenths % 10, UNITS[unit])
    } else {
        format!("{} {}", number(tenths / 10), UNITS[unit])
    }
}

/// How long: `0.3 s`, `8 s`, `4 min`, `1 h 5 min`, `3 days`.
pub fn duration(millis: i64) -> String {
    let ms = millis.max(0);
    let t = words();
    let of = |n: i64, unit: &str| format!("{} {unit}", number(n));
    if ms < 10 * SECOND && ms % SECOND != 0 {
        format!("{}.{} {}", ms / SECOND, ms % SECOND / 100, t.second)
    } else if ms < HOUR {
        small_span(ms)
    } else if ms < DAY {
        match ms % HOUR / MINUTE {
            0 => of(ms / HOUR, t.hour),
            minutes => format!("{} {}", of(ms / HOUR, t.hour), of(minutes, t.minute)),
        }
    } else {
        let days = ms / DAY;
        of(days, if days == 1 { t.day } else { t.days })
    }
}

/// In its largest unit up to hours: `8 s`, `4 min`, `2 h`.
fn small_span(ms: i64) -> String {
    let t = words();
    let (n, unit) = if ms < MINUTE {
        (ms / SECOND, t.second)
    } else if ms < HOUR {
        (ms / MINUTE, t.minute)
    } else {
        (ms / HOUR, t.hour)
    };
    format!("{n} {unit}")
}

/// What is left on a clock that runs down: `0:42`, `1:05:09`.
pub fn countdown(millis: i64) -> String {
    let seconds = (millis.max(0) + SECOND - 1) / SECOND;
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

/// `20 Nov 2026, 14:03:14`.
pub fn exact(at: Timestamp, zone: &Zone) -> String {
    format!("{}, {}", date(at, zone), clock(at, zone))
}

/// `20 Nov 2026, 14:03:14 (Asia/Jakarta)`: the whole truth, for titles.
pub fn exact_with_zone(at: Timestamp, zone: &Zone) -> String {
    format!("{} ({})", exact(at, zone), zone.name)
}

/// `14:03:14`.
pub fn clock(at: Timestamp, zone: &Zone) -> String {
    let c = zone.civil(at);
    format!("{:02}:{:02}:{:02}", c.hour, c.minute, c.second)
}

/// `14:03`.
pub fn clock_minutes(at: Timestamp, zone: &Zone) -> String {
    let c = zone.civil(at);
    format!("{:02}:{:02}", c.hour, c.minute)
}

/// `20 Nov 2026`.
pub fn date(at: Timestamp, zone: &Zone) -> String {
    let c = zone.civil(at);
    format!("{} {}", day_month(c), c.year)
}

/// `2026-11-20`, as date fields want it.
pub fn iso_date(at: Timestamp, zone: &Zone) -> String {
    let c = zone.civil(at);
    format!("{:04}-{:02}-{:02}", c.year, c.month, c.day)
}

/// `7 Nov` of `2026-11-07`; anything else as it is.
pub fn short_day(iso: &str) -> String {
    let mut parts = iso
        .splitn(3, '-')
        .skip(1)
        .filter_map(|part| part.parse::<u8>().ok());
    match (parts.next(), parts.next()) {
        (Some(month @ 1..=12), Some(day)) => format!("{day} {}", words().months[usize::from(month) - 1]),
        _ => iso.into(),
    }
}

/// The day a chat is divided by: `Today`, `Yesterday`, `Friday`, `20 Nov 2026`.
pub fn day_heading(at: Timestamp, as_of: Timestamp, zone: &Zone) -> String {
    let t = words();
    match days_between(at, as_of, zone) {
        0 => t.today.into(),
        1 => t.yesterday.into(),
        2..=6 => t.weekdays[usize::from(zone.civil(at).weekday)].into(),
        _ => date(at, zone),
    }
}

/// How long ago, or in how long, seen from `as_of`: `8 s ago`, `in 3 min`, `yesterday, 14:03`, `20 Nov`.
pub fn relative(at: Timestamp, as_of: Timestamp, zone: &Zone) -> String {
    let t = words();
    let ago = as_of - at;
    let same_day = days_between(at, as_of, zone);
    match ago {
        -999..=1_999 => t.now.into(),
        0.. if ago < 12 * HOUR => fill(t.ago, &[("span", &small_span(ago))]),
        ..0 if -ago < HOUR => fill(t.ahead, &[("span", &small_span(-ago))]),
        ..0 if -ago < 12 * HOUR => fill(t.ahead, &[("span", &duration(-ago))]),
        _ if same_day == 0 => fill(
            t.at_clock,
            &[("day", t.today_inside), ("clock", &clock_minutes(at, zone))],
        ),
        _ if same_day == 1 => fill(
            t.at_clock,
            &[("day", t.yesterday_inside), ("clock", &clock_minutes(at, zone))],
        ),
        _ if same_day == -1 => fill(
            t.at_clock,
            &[("day", t.tomorrow), ("clock", &clock_minutes(at, zone))],
        ),
        _ if zone.civil(at).year == zone.civil(as_of).year => day_month(zone.civil(at)),
        _ => date(at, zone),
    }
}

fn day_month(c: Civil) -> String {
    format!(
        "{} {}",
        c.day,
        words().months[usize::from(c.month.clamp(1, 12)) - 1]
    )
}

/// Midnights between two moments in that zone; negative where `at` is later.
fn days_between(at: Timestamp, as_of: Timestamp, zone: &Zone) -> i64 {
    let day = |t: Timestamp| (t.millis() + i64::from(zone.offset_at(t)) * SECOND).div_euclid(DAY);
    day(as_of) - day(at)
}

fn words() -> &'static FormatText {
    &text().format
}

#[cfg(test)]
mod tests;
