//! Durations as people write them. They are kept in milliseconds; nobody should have to type those.

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// What a number without a unit counts in that field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    Seconds,
    Minutes,
}

impl Counted {
    const fn millis(self) -> i64 {
        match self {
            Self::Seconds => SECOND,
            Self::Minutes => MINUTE,
        }
    }
}

/// Milliseconds of `5`, `2.5`, `300 ms`, `1 h 30 min`; `None` for what is no duration. A plain
/// number counts what its field says. Less than a millisecond is refused rather than rounded.
pub fn read(text: &str, counted: Counted) -> Option<i64> {
    let text = text.trim().to_lowercase();
    if let Some(millis) = times(&text, counted.millis()) {
        return Some(millis);
    }
    let mut rest = text.as_str();
    let mut all: i64 = 0;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, after) = rest.split_at(end);
        let after = after.trim_start();
        let end = after
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(after.len());
        let (unit, after) = after.split_at(end);
        all = all.checked_add(times(number, unit_of(unit)?)?)?;
        rest = after.trim_start();
    }
    (!text.is_empty()).then_some(all)
}

fn unit_of(word: &str) -> Option<i64> {
    Some(match word {
        "ms" => 1,
        "s" | "sec" | "second" | "seconds" => SECOND,
        "m" | "min" | "minute" | "minutes" => MINUTE,
        "h" | "hour" | "hours" => HOUR,
        "d" | "day" | "days" => DAY,
        _ => return None,
    })
}

/// A number with decimals times a unit, exactly.
fn times(number: &str, unit: i64) -> Option<i64> {
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && part.is_empty()) || !digits(whole) || !digits(part) || part.len() > 9 {
        return None;
    }
    let of = |text: &str| {
        if text.is_empty() {
            Some(0)
        } else {
            text.parse::<i64>().ok()
        }
    };
    let scale = 10_i64.pow(part.len() as u32);
    let part = of(part)?.checked_mul(unit)?;
    if part % scale != 0 {
        return None;
    }
    of(whole)?.checked_mul(unit)?.checked_add(part / scale)
}

/// As a field holds it: a plain number in what it counts, or with its unit where that has no end.
pub fn write(millis: i64, counted: Counted) -> String {
    let unit = counted.millis();
    if millis % unit == 0 {
        return (millis / unit).to_string();
    }
    if counted == Counted::Seconds {
        return decimal(millis, SECOND);
    }
    format!("{} s", decimal(millis, SECOND))
}

/// `0.05` of 50 by 1,000.
fn decimal(n: i64, by: i64) -> String {
    let part = format!("{:03}", n % by * 1_000 / by);
    match part.trim_end_matches('0') {
        "" => (n / by).to_string(),
        part => format!("{}.{part}", n / by),
    }
}

/// In words, nothing left out: `5 min`, `1 h 30 min`, `0.05 s`.
pub fn say(millis: i64) -> String {
    let ms = millis.max(0);
    let mut parts = Vec::new();
    for (n, word) in [
        (ms / DAY, "d"),
        (ms % DAY / HOUR, "h"),
        (ms % HOUR / MINUTE, "min"),
    ] {
        if n > 0 {
            parts.push(format!("{n} {word}"));
        }
    }
    if ms % MINUTE > 0 || parts.is_empty() {
        parts.push(format!("{} s", decimal(ms % MINUTE, SECOND)));
    }
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_exactly() {
        for (text, counted, expect) in [
            ("5", Counted::Seconds, Some(5_000)),
            ("2.5", Counted::Seconds, Some(2_500)),
            (".05", Counted::Seconds, Some(50)),
            ("0.0005", Counted::Seconds, None),
            ("60", Counted::Minutes, Some(3_600_000)),
            ("90 s", Counted::Minutes, Some(90_000)),
            ("1 h 30 min", Counted::Seconds, Some(5_400_000)),
            ("1h30m", Counted::Minutes, Some(5_400_000)),
            ("250ms", Counted::Seconds, Some(250)),
            ("-5", Counted::Seconds, None),
            ("", Counted::Seconds, None),
            (".", Counted::Seconds, None),
            ("5 bananas", Counted::Seconds, None),
            ("1e9", Counted::Seconds, None),
            ("99999999999999999999", Counted::Seconds, None),
            ("9999999999999999", Counted::Minutes, None),
        ] {
            assert_eq!(read(text, counted), expect, "{text}");
        }
    }

    #[test]
    fn what_a_field_holds_is_read_back() {
        for counted in [Counted::Seconds, Counted::Minutes] {
            for millis in [
                0,
                50,
                1_000,
                12_345,
                59_999,
                60_000,
                90_500,
                3_600_000,
                2_592_000_000,
            ] {
                assert_eq!(read(&write(millis, counted), counted), Some(millis), "{millis}");
            }
        }
        assert_eq!(write(50, Counted::Seconds), "0.05");
        assert_eq!(write(90_500, Counted::Minutes), "90.5 s");
    }

    #[test]
    fn nothing_is_left_out() {
        for (millis, expect) in [
            (0, "0 s"),
            (50, "0.05 s"),
            (300_000, "5 min"),
            (90_500, "1 min 30.5 s"),
            (5_400_000, "1 h 30 min"),
            (86_400_000, "1 d"),
            (90_000_000, "1 d 1 h"),
        ] {
            assert_eq!(say(millis), expect);
        }
    }
}
