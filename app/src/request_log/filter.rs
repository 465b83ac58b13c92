//! What the page was asked for in its address, and the form and links that change it.

use super::{
    server::{Asked, KeyChoice},
    text::text,
};
use crate::{
    i18n::fill,
    queue::{SessionChoice, SessionMenu},
    routes,
    ui::{Button, FilterField, Glyph, Kind, LinkButton, Menu, MenuLook, Segment, Segments, Toolbar, at, url},
};
use leptos::prelude::*;
use leptos_router::{components::Form, params::ParamsMap};
use types::{AppError, request_log::StatusClass};

const METHODS: [&str; 4] = ["GET", "POST", "PATCH", "DELETE"];

impl Asked {
    pub fn read(query: &ParamsMap) -> Self {
        let get = |key| query.get(key).unwrap_or_default();
        Self {
            status: get("status"),
            method: get("method"),
            path: get("path"),
            key: get("key"),
            session: get("session"),
            queue: get("queue"),
            from: get("from"),
            to: get("to"),
            cursor: get("cursor"),
        }
    }

    /// Nothing narrows the list.
    pub fn is_everything(&self) -> bool {
        *self == Self::default()
    }
}

/// The address with that changed, back at the first page and with no call opened.
pub fn link(query: &ParamsMap, changes: &[(&str, &str)]) -> String {
    let mut all = vec![("cursor", ""), ("request", "")];
    all.extend(changes);
    url::with(routes::REQUEST_LOG, query, &all)
}

#[component]
pub fn Filters(
    query: Memo<ParamsMap>,
    asked: Memo<Asked>,
    #[prop(into)] sessions: Signal<Vec<SessionChoice>>,
    #[prop(into)] keys: Signal<Vec<KeyChoice>>,
    /// Why the filter was refused, if it was.
    fault: Signal<Option<AppError>>,
) -> impl IntoView {
    let t = text();
    let methods = Signal::stored(METHODS.map(|one| (one.to_owned(), one.to_owned())).to_vec());
    let keys = Signal::derive(move || {
        keys.with(|keys| {
            keys.iter()
                .map(|key| (key.id.clone(), key.name.clone()))
                .collect::<Vec<_>>()
        })
    });
    let entry = move || {
        asked.with(|asked| (!asked.queue.is_empty()).then(|| fill(t.of_entry, &[("number", &asked.queue)])))
    };
    view! {
        <Toolbar>
            <Statuses query=query asked=asked/>
            <ChoiceMenu id="method-filter" name="method" every=t.any_method query=query choices=methods/>
            <ChoiceMenu id="key-filter" name="key" every=t.any_key query=query choices=keys/>
            <SessionMenu path=routes::REQUEST_LOG query=query sessions=sessions/>
            {move || entry().map(|word| view! { <span class="tag">{word}</span> })}
            <Lines query=query asked=asked fault=fault/>
        </Toolbar>
    }
}

#[component]
fn Statuses(query: Memo<ParamsMap>, asked: Memo<Asked>) -> impl IntoView {
    let t = text();
    move || {
        let now = asked.with(|asked| StatusClass::from_name(&asked.status));
        let to = |name: &str| query.with(|query| link(query, &[("status", name)]));
        let others = StatusClass::ALL.iter().map(|class| {
            let word = match class {
                StatusClass::Ok => t.ok,
                StatusClass::Refused => t.refused,
                StatusClass::Broken => t.broken,
            };
            Segment::new(word, to(class.name()), now == Some(*class))
        });
        let all = Segment::new(t.all, to(""), now.is_none());
        view! { <Segments label=t.status segments=std::iter::once(all).chain(others).collect()/> }
    }
}

/// One of a few values: a menu of links, so that it opens and works without script.
#[component]
fn ChoiceMenu(
    id: &'static str,
    /// The query's key.
    name: &'static str,
    /// The word for no choice.
    every: &'static str,
    query: Memo<ParamsMap>,
    /// Value and word.
    #[prop(into)]
    choices: Signal<Vec<(String, String)>>,
) -> impl IntoView {
    move || {
        let choices = choices.get();
        if choices.is_empty() {
            return None;
        }
        let chosen = query.with(|query| query.get(name).unwrap_or_default());
        let to = move |value: &str| query.with(|query| link(query, &[(name, value)]));
        let found = choices.iter().find(|(value, _)| *value == chosen);
        let label = found.map_or_else(|| every.to_string(), |(_, word)| word.clone());
        let none = (to(""), chosen.is_empty().then_some("true"));
        let links = choices
            .into_iter()
            .map(move |(value, word)| {
                let current = (value == chosen).then_some("true");
                view! { <a href=to(&value) aria-current=current>{word}</a> }
            })
            .collect_view();
        Some(view! {
            <Menu id=id label=label look=MenuLook::Word(Some(Glyph::FILTER))>
                <a href=none.0 aria-current=none.1>{every}</a>
                {links}
            </Menu>
        })
    }
}

/// The path and the days: an ordinary form that asks for another address.
#[component]
fn Lines(query: Memo<ParamsMap>, asked: Memo<Asked>, fault: Signal<Option<AppError>>) -> impl IntoView {
    let t = text();
    let of = move |part: fn(&Asked) -> &String| Memo::new(move |_| asked.with(|asked| part(asked).clone()));
    let (path, from, to) = (
        of(|asked| &asked.path),
        of(|asked| &asked.from),
        of(|asked| &asked.to),
    );
    let narrowed = Memo::new(move |_| asked.with(|asked| !asked.is_everything()));
    let kept = move || {
        query.with(|query| {
            ["status", "method", "key", "session"]
                .into_iter()
                .filter_map(|name| query.get(name).map(|value| (name, value)))
                .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
                .collect_view()
        })
    };
    view! {
        <Form method="get" action=routes::REQUEST_LOG attr:class="days">
            {kept}
            <FilterField label=t.path name="path" kind="search" example=t.path_example value=path error=at(fault, "path")/>
            <FilterField label=t.from name="from" kind="date" value=from error=at(fault, "from")/>
            <FilterField label=t.to name="to" kind="date" value=to error=at(fault, "to")/>
            <Button submit=true>{t.show}</Button>
            {move || narrowed.get().then(|| {
                view! { <LinkButton href=routes::REQUEST_LOG.to_string() kind=Kind::Quiet>{t.show_all}</LinkButton> }
            })}
        </Form>
    }
}
