//! Limits in words: what each is called, what it does, and its values as people say them.

use super::{
    span::{self, Counted},
    text::{LimitWord, text},
};
use crate::{format, i18n::plural, ui::text::text as shared_text};
use types::pacing::{Limit, Unit, Window};

/// The groups of the page, in its order.
pub fn groups() -> [(&'static str, &'static [Limit]); 5] {
    let t = text();
    [
        (
            t.pace,
            &[
                Limit::DelayMin,
                Limit::DelayMax,
                Limit::Typing,
                Limit::TypingMax,
                Limit::ReadBeforeReply,
            ],
        ),
        (
            t.amounts,
            &[
                Limit::Hourly,
                Limit::Daily,
                Limit::OrganizationDaily,
                Limit::ColdDaily,
                Limit::WarmUp,
            ],
        ),
        (t.hours, &[Limit::Window]),
        (t.recipients, &[Limit::RecipientGap]),
        (
            t.protection,
            &[
                Limit::PauseAfter,
                Limit::Pause,
                Limit::RepeatedAfter,
                Limit::RepeatedPause,
            ],
        ),
    ]
}

pub fn limit_word(limit: Limit) -> &'static LimitWord {
    let t = &text().limits;
    match limit {
        Limit::DelayMin => &t.delay_min,
        Limit::DelayMax => &t.delay_max,
        Limit::Hourly => &t.hourly,
        Limit::Daily => &t.daily,
        Limit::OrganizationDaily => &t.organization_daily,
        Limit::Window => &t.window,
        Limit::RecipientGap => &t.recipient_gap,
        Limit::PauseAfter => &t.pause_after,
        Limit::Pause => &t.pause,
        Limit::WarmUp => &t.warm_up,
        Limit::ColdDaily => &t.cold_daily,
        Limit::Typing => &t.typing,
        Limit::TypingMax => &t.typing_max,
        Limit::ReadBeforeReply => &t.read_before_reply,
        Limit::RepeatedAfter => &t.repeated_after,
        Limit::RepeatedPause => &t.repeated_pause,
    }
}

/// What a plain number in the field of a duration counts.
pub const fn counted(limit: Limit) -> Counted {
    match limit {
        Limit::RecipientGap => Counted::Minutes,
        _ => Counted::Seconds,
    }
}

/// A value that holds: `100 messages`, `5 s`, `no limit`.
pub fn say(limit: Limit, value: Option<i64>) -> String {
    let t = text();
    match (limit.unit(), value.filter(|value| *value > 0)) {
        (Unit::Switch, on) => if on.is_some() { t.on } else { t.off }.into(),
        (Unit::Window, code) => code
            .and_then(Window::decode)
            .map_or_else(|| t.any_time.into(), say_window),
        (_, None) => limit_word(limit).none.into(),
        (Unit::Milliseconds, Some(millis)) => span::say(millis),
        (Unit::Messages, Some(n)) => plural(n, t.messages),
        (Unit::Characters, Some(n)) => format::number(n),
    }
}

/// `09:00–17:00, Mon Tue Wed`.
fn say_window(window: Window) -> String {
    let clock = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    let times = format!("{}–{}", clock(window.start), clock(window.end));
    let days: Vec<String> = (0..7).filter(|day| window.has_day(*day)).map(short_day).collect();
    if days.len() == 7 {
        times
    } else {
        format!("{times}, {}", days.join(" "))
    }
}

/// `Mon`; 0 is Monday.
pub fn short_day(weekday: u8) -> String {
    shared_text().format.weekdays[usize::from(weekday % 7)]
        .chars()
        .take(3)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_limit_is_in_one_group() {
        let all: Vec<Limit> = groups().iter().flat_map(|(_, limits)| *limits).copied().collect();
        let set: BTreeSet<Limit> = all.iter().copied().collect();
        assert_eq!(all.len(), set.len());
        assert_eq!(set, Limit::ALL.iter().copied().collect());
    }

    #[test]
    fn values_are_said_with_their_unit() {
        let weekdays = "09:00-17:00 mon-wed".parse::<Window>().unwrap().encode();
        for (limit, value, expect) in [
            (Limit::Hourly, Some(100), "100 messages"),
            (Limit::Hourly, Some(0), "no limit"),
            (Limit::Hourly, None, "no limit"),
            (Limit::Pause, Some(300_000), "5 min"),
            (Limit::WarmUp, Some(1), "on"),
            (Limit::Window, Some(0), "at any time"),
            (Limit::Window, Some(weekdays), "09:00–17:00, Mon Tue Wed"),
        ] {
            assert_eq!(say(limit, value), expect);
        }
    }
}
