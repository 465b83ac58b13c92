//! The form of limits as text, and back: what fields hold, and what a filled-in form means.
//!
//! Pure, and the same on both sides: the server reads a form with it, and a page shows with it what
//! somebody asked for in the address.

use super::{
    span,
    words::{counted, limit_word},
};
use crate::{format, i18n::fill, settings::text::text};
use leptos_router::params::ParamsMap;
use std::collections::BTreeMap;
use types::{
    FieldError,
    pacing::{BadWindow, Limit, Limits, Unit, Window},
};

/// The fields of a form by name. A box that is not ticked has none.
pub type Filled = BTreeMap<String, String>;

pub const FROM: &str = "window_from";
pub const TO: &str = "window_to";
pub const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// What the window's choice may be; the others are empty (inherit) and `0` (always).
pub const HOURS: &str = "hours";

/// The name that a field has in its form.
pub fn name_of(field: &str) -> String {
    format!("limits[{field}]")
}

/// What the fields hold for these limits.
pub fn fields(own: &Limits) -> Filled {
    let mut filled = Filled::new();
    for limit in Limit::ALL {
        let value = own.get(*limit);
        if limit.unit() == Unit::Window {
            window_fields(&mut filled, value);
        } else {
            filled.insert(limit.name().into(), field(*limit, value));
        }
    }
    filled
}

fn field(limit: Limit, value: Option<i64>) -> String {
    match (limit.unit(), value) {
        (_, None) => String::new(),
        (Unit::Milliseconds, Some(millis)) => span::write(millis, counted(limit)),
        (_, Some(number)) => number.to_string(),
    }
}

fn window_fields(filled: &mut Filled, value: Option<i64>) {
    let window = value.and_then(Window::decode);
    let choice = match (value, window) {
        (None, _) => "",
        (Some(_), None) => "0",
        (Some(_), Some(_)) => HOURS,
    };
    filled.insert(Limit::Window.name().into(), choice.into());
    // Something to begin with for whoever chooses hours.
    let shown = window.unwrap_or(Window {
        start: 9 * 60,
        end: 17 * 60,
        days: 0b1_1111,
    });
    let clock = |minutes: u16| format!("{:02}:{:02}", minutes / 60 % 24, minutes % 60);
    filled.insert(FROM.into(), clock(shown.start));
    filled.insert(TO.into(), clock(shown.end));
    for (weekday, name) in (0..).zip(DAYS) {
        if shown.has_day(weekday) {
            filled.insert(name.into(), "true".into());
        }
    }
}

/// What a filled-in form sets: only the limits that it has fields for. Every bad one is named.
pub fn read(filled: &Filled) -> Result<BTreeMap<Limit, Option<i64>>, Vec<FieldError>> {
    let mut limits = BTreeMap::new();
    let mut bad = Vec::new();
    for limit in Limit::ALL {
        let Some(text) = filled.get(limit.name()) else {
            continue;
        };
        match read_one(*limit, text.trim(), filled) {
            Ok(value) => {
                limits.insert(*limit, value);
            }
            Err(message) => bad.push(FieldError {
                field: limit.name().into(),
                code: "VALIDATION_ERROR".into(),
                message,
            }),
        }
    }
    if bad.is_empty() { Ok(limits) } else { Err(bad) }
}

fn read_one(limit: Limit, text: &str, filled: &Filled) -> Result<Option<i64>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let value = match limit.unit() {
        Unit::Window if text == HOURS => return window(filled).map(Some),
        Unit::Window => (text == "0").then_some(0),
        Unit::Milliseconds => span::read(text, counted(limit)),
        Unit::Messages | Unit::Characters | Unit::Switch => text.replace(',', "").parse().ok(),
    };
    value
        .filter(|value| (0..=limit.max()).contains(value))
        .map(Some)
        .ok_or_else(|| remedy(limit))
}

fn remedy(limit: Limit) -> String {
    let t = &text().bad;
    let template = match limit.unit() {
        Unit::Milliseconds => t.duration,
        Unit::Messages | Unit::Characters => t.number,
        Unit::Switch | Unit::Window => t.choice,
    };
    fill(
        template,
        &[("max", &greatest(limit)), ("unit", limit_word(limit).unit)],
    )
}

/// The end of a limit's range, in what its field counts.
pub fn greatest(limit: Limit) -> String {
    match limit.unit() {
        Unit::Milliseconds => {
            let text = span::write(limit.max(), counted(limit));
            text.parse().map_or(text, format::number)
        }
        _ => format::number(limit.max()),
    }
}

fn window(filled: &Filled) -> Result<i64, String> {
    let t = &text().bad;
    let get = |name: &str| filled.get(name).map_or("", |text| text.trim());
    let days: Vec<&str> = DAYS.into_iter().filter(|day| filled.contains_key(*day)).collect();
    if days.is_empty() {
        return Err(t.no_day.into());
    }
    // Browsers may add seconds.
    let clock = |name| get(name).split(':').take(2).collect::<Vec<_>>().join(":");
    match format!("{}-{} {}", clock(FROM), clock(TO), days.join(",")).parse::<Window>() {
        Ok(window) if window.is_always() => Ok(0),
        Ok(window) => Ok(window.encode()),
        Err(BadWindow::Empty) => Err(t.never_opens.into()),
        Err(BadWindow::Shape | BadWindow::Time | BadWindow::Day) => Err(t.times.into()),
    }
}

/// What the address says a form held: after a refusal without script, or because somebody asks
/// what would be. `None` where it says nothing.
pub fn in_address(query: &ParamsMap) -> Option<Filled> {
    let start = if query.get_str("__err").is_some() {
        "__limits["
    } else if query.get_str("ask").is_some() {
        "limits["
    } else {
        return None;
    };
    let filled: Filled = query
        .clone()
        .into_iter()
        .filter_map(|(key, value)| {
            let field = key.strip_prefix(start)?.strip_suffix(']')?;
            Some((field.to_owned(), value))
        })
        .collect();
    (!filled.is_empty()).then_some(filled)
}

/// These values where they are set, else the others.
pub fn with(own: &Limits, set: &BTreeMap<Limit, Option<i64>>) -> Limits {
    let mut limits = own.clone();
    for (limit, value) in set {
        limits.set(*limit, *value);
    }
    limits
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(pairs: &[(&str, &str)]) -> Filled {
        pairs.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect()
    }

    #[test]
    fn a_form_that_nobody_touched_changes_nothing() {
        let window = "22:00-06:00 fri-mon".parse::<Window>().unwrap().encode();
        let late = "09:00-24:00".parse::<Window>().unwrap().encode();
        for own in [
            Limits::default(),
            Limits::defaults(),
            Limits::off(),
            Limits::default().with(Limit::Window, window),
            Limits::default().with(Limit::Window, late),
            Limits::default().with(Limit::RecipientGap, 90_500),
        ] {
            let read = read(&fields(&own)).unwrap();
            assert_eq!(with(&Limits::default(), &read), own);
        }
    }

    #[test]
    fn what_is_absurd_is_named_with_a_remedy() {
        for (name, value, words) in [
            ("hourly_limit", "-1", "0 to 1,000,000"),
            ("hourly_limit", "9999999999999999999999", "0 to 1,000,000"),
            ("hourly_limit", "many", "0 to 1,000,000"),
            ("delay_min_ms", "4000", "0 to 3,600 seconds"),
            ("delay_min_ms", "-5", "0 to 3,600 seconds"),
            ("recipient_gap_ms", "99999999", "0 to 43,200 minutes"),
            ("warm_up", "7", "Choose"),
            ("window", "sometimes", "Choose"),
        ] {
            let bad = read(&filled(&[(name, value)])).unwrap_err();
            assert_eq!(bad[0].field, name);
            assert!(bad[0].message.contains(words), "{value}: {}", bad[0].message);
        }
    }

    #[test]
    fn windows_that_never_open_are_refused() {
        let t = &text().bad;
        let hours = |from, to, day| {
            let mut form = filled(&[("window", HOURS), (FROM, from), (TO, to)]);
            if day {
                form.insert("mon".into(), "true".into());
            }
            read(&form).map_err(|bad| bad[0].message.clone())
        };
        assert_eq!(hours("10:00", "10:00", true), Err(t.never_opens.into()));
        assert_eq!(hours("10:00", "12:00", false), Err(t.no_day.into()));
        assert_eq!(hours("", "12:00", true), Err(t.times.into()));
        let monday = "10:00-12:30 mon".parse::<Window>().unwrap().encode();
        assert_eq!(
            hours("10:00:00", "12:30", true).unwrap()[&Limit::Window],
            Some(monday)
        );
    }
}
