//! What limits come to: plain arithmetic on the values that hold.

use super::{span, text::text};
use crate::{format, i18n::fill};
use types::pacing::{Limit, Limits, Window};

const HOUR: i64 = 3_600_000;

/// A sentence, where a limit's value means more than it says.
pub fn effect(limit: Limit, holds: &Limits) -> Option<String> {
    let t = &text().effect;
    let value = |limit| holds.get(limit).filter(|value| *value > 0);
    match limit {
        Limit::DelayMax => {
            let n = HOUR / mean_delay(holds)?;
            let (least, most) = (value(Limit::DelayMin).unwrap_or(0), value(limit)?);
            let values = [
                ("least", &*span::write(least, span::Counted::Seconds)),
                ("most", &*span::say(most)),
                ("n", &*format::number(n)),
            ];
            Some(fill(t.delay, &values))
        }
        Limit::Hourly => Some(fill(
            t.hourly,
            &[("span", &span::say(rounded(HOUR / value(limit)?)))],
        )),
        Limit::Daily => {
            let (daily, hourly) = (value(limit)?, value(Limit::Hourly)?);
            let reached = daily.checked_mul(HOUR)? / hourly;
            let values = [
                ("hourly", &*format::number(hourly)),
                ("span", &*format::duration(reached)),
            ];
            (reached < 24 * HOUR).then(|| fill(t.daily, &values))
        }
        Limit::Typing => {
            let span = (value(limit)? * 100).min(value(Limit::TypingMax).unwrap_or(0));
            (span > 0).then(|| fill(t.typing, &[("span", &span::say(span))]))
        }
        Limit::Pause => match (value(Limit::PauseAfter), value(limit)) {
            (Some(after), Some(pause)) => {
                let round = after * mean_delay(holds).unwrap_or(0) + pause;
                let n = after.checked_mul(HOUR)? / round.max(1);
                Some(fill(t.pause, &[("n", &format::number(n))]))
            }
            (None, None) => None,
            _ => Some(t.half.into()),
        },
        Limit::RepeatedPause => {
            let half = value(Limit::RepeatedAfter).is_some() != value(limit).is_some();
            half.then(|| t.half.into())
        }
        Limit::Window => {
            let minutes = open_minutes(Window::decode(value(limit)?)?);
            Some(fill(t.week, &[("span", &span_of_week(minutes))]))
        }
        _ => None,
    }
}

/// The expectation of the random delay; `None` without one.
fn mean_delay(holds: &Limits) -> Option<i64> {
    let max = holds.get(Limit::DelayMax).filter(|max| *max > 0)?;
    let min = holds.get(Limit::DelayMin).unwrap_or(0).clamp(0, max);
    Some(i64::midpoint(min, max).max(1))
}

fn rounded(millis: i64) -> i64 {
    if millis < 1_000 {
        millis
    } else {
        (millis + 500) / 1_000 * 1_000
    }
}

fn open_minutes(window: Window) -> i64 {
    let (start, end) = (i64::from(window.start), i64::from(window.end));
    let day = if end > start {
        end - start
    } else {
        end + 1_440 - start
    };
    day * i64::from(window.days.count_ones())
}

/// In hours, because a week has no days of 24 open hours.
fn span_of_week(minutes: i64) -> String {
    let hours = format!("{} h", format::number(minutes / 60));
    match minutes % 60 {
        0 => hours,
        rest => format!("{hours} {rest} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_come_to() {
        let limits = Limits::defaults();
        for (limit, expect) in [
            (Limit::DelayMax, "With 5–20 s about 288 an hour at most."),
            (Limit::Hourly, "Spread evenly, one every 36 s."),
            (Limit::Daily, "At 100 an hour it is reached after 10 h."),
            (Limit::Typing, "100 characters show as typing for 5 s."),
            (Limit::Pause, "Together with the delay about 130 an hour at most."),
        ] {
            assert_eq!(effect(limit, &limits).as_deref(), Some(expect));
        }
        for limit in Limit::ALL {
            assert_eq!(effect(*limit, &Limits::off()), None, "{limit:?}");
            assert_eq!(effect(*limit, &Limits::default()), None, "{limit:?}");
        }
    }

    #[test]
    fn the_greatest_values_do_not_break() {
        let mut limits = Limits::default();
        for limit in Limit::ALL {
            limits.set(*limit, Some((*limit).max()));
        }
        for limit in Limit::ALL {
            let _ = effect(*limit, &limits);
        }
    }

    #[test]
    fn a_window_past_midnight_is_open_till_then() {
        let open = |text: &str| open_minutes(text.parse().unwrap());
        assert_eq!(open("09:00-17:30 mon-fri"), 5 * 510);
        assert_eq!(open("22:00-06:00"), 7 * 480);
        assert_eq!(span_of_week(5 * 510), "42 h 30 min");
    }
}
