//! One limit: its field, what it does, what it inherits, what it comes to.

use super::{
    effect::effect,
    form::{greatest, name_of},
    limits::{Form, source},
    server::{Level, LimitsData},
    text::text,
    words::{limit_word, say},
};
use crate::{
    i18n::{fill, plural},
    ui::at,
};
use leptos::prelude::*;
use types::pacing::{Limit, Unit};

/// A number or a duration.
#[component]
pub fn NumberField(limit: Limit, form: Form) -> impl IntoView {
    let t = text();
    let word = limit_word(limit);
    let name = limit.name();
    let error = at(form.fault, name);
    let value = form
        .filled
        .with_value(|filled| filled.get(name).cloned().unwrap_or_default());
    let range = fill(t.range, &[("max", &greatest(limit)), ("unit", word.unit)]);
    let decimal = if limit.unit() == Unit::Milliseconds {
        "decimal"
    } else {
        "numeric"
    };
    view! {
        <div class="field">
            <label for=name>{word.label} <span class="optional">{range}</span></label>
            <div class="input-box" class:bad=move || error.with(Option::is_some)>
                <input
                    id=name
                    name=name_of(name)
                    value=value
                    inputmode=decimal
                    autocomplete="off"
                    maxlength="40"
                    aria-invalid=move || error.with(Option::is_some).then_some("true")
                    aria-describedby=format!("{name}-foot")
                />
                <span class="affix" aria-hidden="true">{word.unit}</span>
            </div>
            <Foot limit=limit form=form/>
        </div>
    }
}

/// On, off, or as above.
#[component]
pub fn SwitchField(limit: Limit, form: Form) -> impl IntoView {
    let t = text();
    let word = limit_word(limit);
    let name = limit.name();
    let error = at(form.fault, name);
    let value = form
        .filled
        .with_value(|filled| filled.get(name).cloned().unwrap_or_default());
    let above = form.data.with_value(|data| above(limit, data));
    // At the platform nothing is above: empty is off there.
    let nothing = if value == "0" { "0" } else { "" };
    let options = match above {
        Some(above) => vec![("", above), ("1", t.turn_on.into()), ("0", t.turn_off.into())],
        None => vec![("1", t.turn_on.into()), (nothing, t.turn_off.into())],
    };
    let options = options
        .into_iter()
        .map(|(key, word)| view! { <option value=key selected=key == value>{word}</option> })
        .collect_view();
    view! {
        <div class="field">
            <label for=name>{word.label}</label>
            <select
                class="select"
                id=name
                name=name_of(name)
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=format!("{name}-foot")
            >
                {options}
            </select>
            <Foot limit=limit form=form/>
        </div>
    }
}

/// The error if there is one, and what stands under every limit.
#[component]
pub fn Foot(limit: Limit, form: Form) -> impl IntoView {
    let name = limit.name();
    let error = at(form.fault, name);
    let Form { data, holds, .. } = form;
    let (about, advice) = data.with_value(|data| (about(limit, data), advice(limit, data)));
    view! {
        <div class="about" id=format!("{name}-foot")>
            {move || error.get().map(|error| view! { <p class="error" role="alert">{error}</p> })}
            <p class="hint">{about}</p>
            {advice.map(|advice| view! { <p class="hint">{advice}</p> })}
            {move || {
                holds
                    .with(|holds| effect(limit, holds))
                    .map(|effect| view! { <p class="hint effect">{effect}</p> })
            }}
        </div>
    }
}

/// What it does, what 0 means, its default, and what it is when it is left empty.
fn about(limit: Limit, data: &LimitsData) -> String {
    let t = text();
    let word = limit_word(limit);
    let default = say(limit, limit.default());
    let mut sentences = vec![word.does.to_owned(), word.zero.to_owned()];
    sentences.push(fill(t.default, &[("value", &default)]));
    if matches!(limit.unit(), Unit::Switch | Unit::Window) {
        // The choice itself says what is above.
    } else if data.level == Level::Platform {
        sentences.push(fill(t.empty_is_none, &[("value", word.none)]));
    } else {
        let inherited = say(limit, data.inherited.get(limit));
        let values = [("value", &*inherited), ("source", source(limit, data))];
        sentences.push(fill(t.empty_is, &values));
    }
    sentences.retain(|sentence| !sentence.is_empty());
    sentences.join(" ")
}

/// The choice to inherit, with what that is; none at the platform.
pub fn above(limit: Limit, data: &LimitsData) -> Option<String> {
    if data.level == Level::Platform {
        return None;
    }
    let value = say(limit, data.inherited.get(limit));
    let values = [("value", &*value), ("source", source(limit, data))];
    Some(fill(text().inherit, &values))
}

/// How many a day are advised: a hint, never forced.
fn advice(limit: Limit, data: &LimitsData) -> Option<String> {
    let t = text();
    if limit != Limit::Daily {
        return None;
    }
    let Some(session) = &data.session else {
        return Some(t.advice_all.into());
    };
    let (least, most) = session.advised_daily(data.as_of);
    let values = [
        ("age", &*plural(session.age_days(data.as_of), t.age)),
        ("least", &*least.to_string()),
        ("most", &*most.to_string()),
    ];
    Some(fill(t.advice, &values))
}
