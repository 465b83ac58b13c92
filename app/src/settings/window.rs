//! The sending window: always, as above, or between two times on some days.

use super::{
    field::{Foot, above},
    form::{DAYS, FROM, HOURS, TO, name_of},
    limits::Form,
    text::text,
    words::{limit_word, short_day},
};
use leptos::prelude::*;
use types::pacing::Limit;

#[component]
pub fn WindowField(form: Form) -> impl IntoView {
    let t = text();
    let name = Limit::Window.name();
    let filled = form.filled;
    let chosen = filled.with_value(|filled| filled.get(name).cloned().unwrap_or_default());
    let above = form.data.with_value(|data| above(Limit::Window, data));
    // At the platform nothing is above: empty is always there.
    let always = if above.is_none() && chosen.is_empty() {
        ""
    } else {
        "0"
    };
    let mut choices = Vec::new();
    choices.extend(above.map(|above| ("", above)));
    choices.push((always, t.always.to_owned()));
    choices.push((HOURS, t.in_hours.to_owned()));
    let choices = choices
        .into_iter()
        .map(|(value, word)| {
            view! {
                <label class="check">
                    <input type="radio" name=name_of(name) value=value checked=value == chosen/>
                    <span>{word}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset
            class="field window"
            id=name
            aria-describedby=format!("{name}-foot")
        >
            <legend class="label">{limit_word(Limit::Window).label}</legend>
            <div>{choices}</div>
            <Hours filled=filled/>
            <Foot limit=Limit::Window form=form/>
        </fieldset>
    }
}

/// Two times and the days; they count when “only in these hours” is chosen.
#[component]
fn Hours(filled: StoredValue<super::form::Filled>) -> impl IntoView {
    let t = text();
    let get = |name: &str| filled.with_value(|filled| filled.get(name).cloned().unwrap_or_default());
    let time = |name: &'static str, label: &'static str| {
        view! {
            <label class="row">
                {label} <input class="input" type="time" name=name_of(name) value=get(name)/>
            </label>
        }
    };
    let days = (0..)
        .zip(DAYS)
        .map(|(weekday, name)| {
            let ticked = filled.with_value(|filled| filled.contains_key(name));
            view! {
                <label class="check">
                    <input type="checkbox" name=name_of(name) value="true" checked=ticked/>
                    <span>{short_day(weekday)}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <div class="row wrap hours">
            {time(FROM, t.from)} {time(TO, t.to)}
            <div class="row wrap" role="group" aria-label=t.days>{days}</div>
        </div>
    }
}
