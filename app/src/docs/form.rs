//! The form that is drawn from an endpoint's parameters. Its fields have no names and lie in no
//! form of the browser's, so that nothing, the key least of all, can end up in an address.

use super::{
    call::{self, Slip},
    endpoint::hint,
    model::{Input, Kind},
    tester::{Desk, Sent},
    text::text,
};
use crate::{
    frame::can,
    i18n::fill,
    routes,
    ui::{Button, Glyph, Icon, Kind as Look, url},
};
use leptos::prelude::*;
use types::Permission;

#[component]
pub fn Form(desk: Desk) -> impl IntoView {
    let t = &text().tester;
    let inputs = desk.endpoint.with_value(|endpoint| endpoint.inputs.clone());
    let often = |input: &Input| input.required || !input.start.is_empty() || input.kind == Kind::Session;
    let (first, more): (Vec<_>, Vec<_>) = inputs.into_iter().partition(often);
    let draw = move |inputs: Vec<Input>| {
        inputs
            .into_iter()
            .map(|input| view! { <InputField input=input desk=desk/> })
            .collect_view()
    };
    let more = (!more.is_empty()).then(|| {
        view! {
            <details class="more">
                <summary><Icon glyph=Glyph::RIGHT small=true flip=true/>{t.more}</summary>
                <div class="stack">{draw(more)}</div>
            </details>
        }
    });
    view! {
        <section class="stack needs-script" role="group" aria-labelledby="try">
            <h2 id="try">{t.title}</h2>
            <KeyField desk=desk/>
            {draw(first)}
            {more}
            <SendButton desk=desk/>
        </section>
    }
}

#[component]
fn SendButton(desk: Desk) -> impl IntoView {
    let t = &text().tester;
    let word = move || {
        if desk.sandbox().is_some() {
            t.send_sandbox
        } else {
            t.send
        }
    };
    let busy = Signal::derive(move || desk.sent.get() == Sent::Waiting);
    let fix = move || {
        (desk.tried.get() && !desk.is_complete()).then(|| view! { <p class="error" role="alert">{t.fix}</p> })
    };
    let changes = desk.endpoint.with_value(|endpoint| endpoint.line.method != "GET");
    view! {
        {fix}
        <div class="row wrap">
            <Button kind=Look::Primary icon=Glyph::PLAY busy=busy on:click=move |_| desk.send()>{word}</Button>
            {changes.then(|| view! { <span class="meta">{t.real}</span> })}
        </div>
    }
}

#[component]
fn KeyField(desk: Desk) -> impl IntoView {
    let t = &text().tester;
    let missing = move || desk.tried.get() && desk.key.with(|key| key.trim().is_empty());
    let make = can(Permission::KeysManage).then(|| {
        view! { " " <a href=url::href(routes::KEYS, &[("add", "1")])>{t.make_key}</a> }
    });
    view! {
        <div class="field">
            <label for="docs-key">{t.key}</label>
            <input
                class="input mono"
                id="docs-key"
                type="password"
                autocomplete="off"
                spellcheck="false"
                value=desk.key.get_untracked()
                aria-describedby="docs-key-foot"
                aria-invalid=move || missing().then_some("true")
                on:input=move |event| desk.key.set(event_target_value(&event))
            />
            {move || missing().then(|| view! { <p class="error" role="alert">{t.key_missing}</p> })}
            <p class="hint" id="docs-key-foot">{t.key_hint} {make}</p>
        </div>
        <label class="check">
            <input type="checkbox" on:change=move |event| desk.show_key.set(event_target_checked(&event))/>
            <span>{t.show_key}</span>
        </label>
    }
}

fn sentence(slip: Slip) -> &'static str {
    let t = &text().tester;
    match slip {
        Slip::Missing => t.missing,
        Slip::NoNumber => t.no_number,
        Slip::NoJson => t.no_json,
    }
}

#[component]
fn InputField(input: Input, desk: Desk) -> impl IntoView {
    let key = StoredValue::new(input.key());
    let id = input.key();
    let foot = format!("{id}-foot");
    let slip = Memo::new(move |_| {
        let slips = desk
            .endpoint
            .with_value(|endpoint| desk.values.with(|values| call::slips(endpoint, values)));
        key.with_value(|key| slips.get(key).copied())
            .filter(|_| desk.tried.get())
    });
    let error = {
        let foot = format!("{id}-error");
        move || {
            slip.get()
                .map(|slip| view! { <p class="error" id=foot.clone() role="alert">{sentence(slip)}</p> })
        }
    };
    let required = input.required.then_some(text().required);
    let about = hint(&input);
    let name = input.name.clone();
    let word = input.word.clone();
    view! {
        <div class="field">
            <label for=id.clone()>
                {name} " " <span class="type">{word} {required.map(|required| view! { ", " {required} })}</span>
            </label>
            {control(input, id, foot.clone(), desk, slip)}
            {error}
            <p class="hint" id=foot>{about}</p>
        </div>
    }
}

fn control(input: Input, id: String, foot: String, desk: Desk, slip: Memo<Option<Slip>>) -> AnyView {
    let t = &text().tester;
    let key = input.key();
    let start = desk
        .values
        .with_untracked(|values| values.get(&key).cloned().unwrap_or_default());
    let put = move |value: String| {
        desk.values.update(|values| {
            values.insert(key.clone(), value);
        });
    };
    let invalid = move || slip.get().map(|_| "true");
    let choices = match &input.kind {
        Kind::Choice(words) => Some(words.iter().map(|word| (word.clone(), word.clone())).collect()),
        Kind::Flag => Some(vec![("true".into(), t.yes.into()), ("false".into(), t.no.into())]),
        Kind::Session => sessions(desk),
        _ => None,
    };
    if let Some(choices) = choices {
        let none = match input.kind {
            Kind::Session if input.required => t.choose,
            Kind::Session if input.place == super::model::Place::Body => t.balancer,
            Kind::Session => t.every,
            _ => t.leave_out,
        };
        return view! { <Choices id=id foot=foot none=none choices=choices start=start put=Callback::new(put)/> }
            .into_any();
    }
    match input.kind {
        Kind::Long | Kind::Lines | Kind::Json => view! {
            <textarea
                class="textarea"
                id=id
                rows="3"
                aria-describedby=foot
                aria-invalid=invalid
                on:input=move |event| put(event_target_value(&event))
            >
                {start}
            </textarea>
        }
        .into_any(),
        _ => view! {
            <input
                class="input"
                id=id
                autocomplete="off"
                inputmode=(input.kind == Kind::Number).then_some("numeric")
                placeholder=input.example
                value=start
                aria-describedby=foot
                aria-invalid=invalid
                on:input=move |event| put(event_target_value(&event))
            />
        }
        .into_any(),
    }
}

/// Nothing where the viewer may not see sessions: then an id is typed.
fn sessions(desk: Desk) -> Option<Vec<(String, String)>> {
    let t = &text().tester;
    desk.sessions.with_value(|sessions| {
        let words = sessions.iter().map(|session| {
            let word = if session.sandbox {
                fill(t.sandbox, &[("name", &session.name)])
            } else {
                session.name.clone()
            };
            (session.id.clone(), word)
        });
        (!sessions.is_empty()).then(|| words.collect())
    })
}

#[component]
fn Choices(
    id: String,
    foot: String,
    /// The word for no choice.
    none: &'static str,
    choices: Vec<(String, String)>,
    start: String,
    put: Callback<String>,
) -> impl IntoView {
    let options = choices
        .into_iter()
        .map(|(value, word)| {
            let chosen = value == start;
            view! { <option value=value selected=chosen>{word}</option> }
        })
        .collect_view();
    view! {
        <select class="select" id=id aria-describedby=foot on:change=move |event| put.run(event_target_value(&event))>
            <option value="">{none}</option>
            {options}
        </select>
    }
}
