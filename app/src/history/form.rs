//! What the history page was asked for in its address, and the form and links that change it.

use super::text::text;
use crate::{
    queue::{SessionChoice, SessionMenu},
    routes,
    ui::{Button, FilterField, Kind, LinkButton, Segment, Segments, Toolbar, at, message_word, url},
};
use leptos::prelude::*;
use leptos_router::{components::Form, params::ParamsMap};
use types::{AppError, messages::MessageState};

/// What a message that has left the queue can be.
pub const STATES: [MessageState; 5] = [
    MessageState::Sent,
    MessageState::Delivered,
    MessageState::Read,
    MessageState::Failed,
    MessageState::Cancelled,
];

/// The list that is wanted. The entry that is opened is not part of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    pub start: String,
    pub end: String,
    pub state: String,
    pub session: String,
    pub cursor: String,
}

impl Asked {
    pub fn read(query: &ParamsMap) -> Self {
        let get = |key| query.get(key).unwrap_or_default();
        Self {
            start: get("start"),
            end: get("end"),
            state: get("state"),
            session: get("session"),
            cursor: get("cursor"),
        }
    }

    /// The same as a file, all pages of it.
    pub fn export(&self) -> String {
        url::href(
            routes::HISTORY_EXPORT,
            &[
                ("start", &self.start),
                ("end", &self.end),
                ("state", &self.state),
                ("session", &self.session),
            ],
        )
    }

    /// Nothing narrows the list.
    pub fn is_everything(&self) -> bool {
        *self == Self::default()
    }
}

#[component]
pub fn Filters(
    query: Memo<ParamsMap>,
    asked: Memo<Asked>,
    #[prop(into)] sessions: Signal<Vec<SessionChoice>>,
    /// Why the days were refused, if they were.
    fault: Signal<Option<AppError>>,
) -> impl IntoView {
    let states = move || {
        let now = asked.get().state;
        let link = |name: &str| {
            query.with(|query| {
                url::with(
                    routes::HISTORY,
                    query,
                    &[("state", name), ("cursor", ""), ("entry", "")],
                )
            })
        };
        let known = STATES.iter().any(|state| state.name() == now);
        let others =
            STATES.map(|state| Segment::new(message_word(state), link(state.name()), now == state.name()));
        let all = Segment::new(text().all, link(""), !known);
        view! { <Segments label=text().state segments=std::iter::once(all).chain(others).collect()/> }
    };
    view! {
        <Toolbar>
            {states}
            <SessionMenu path=routes::HISTORY query=query sessions=sessions/>
            <Days query=query asked=asked fault=fault/>
        </Toolbar>
    }
}

/// From one day to another, both included: an ordinary form that asks for another address.
#[component]
fn Days(query: Memo<ParamsMap>, asked: Memo<Asked>, fault: Signal<Option<AppError>>) -> impl IntoView {
    let t = text();
    let start = Memo::new(move |_| asked.with(|asked| asked.start.clone()));
    let end = Memo::new(move |_| asked.with(|asked| asked.end.clone()));
    let any = Memo::new(move |_| start.with(|start| !start.is_empty()) || end.with(|end| !end.is_empty()));
    let every_day = Signal::derive(move || {
        query.with(|query| {
            url::with(
                routes::HISTORY,
                query,
                &[("start", ""), ("end", ""), ("cursor", ""), ("entry", "")],
            )
        })
    });
    view! {
        <Form method="get" action=routes::HISTORY attr:class="days">
            {move || asked.with(|asked| {
                [("state", asked.state.clone()), ("session", asked.session.clone())]
                    .into_iter()
                    .filter(|(_, value)| !value.is_empty())
                    .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
                    .collect_view()
            })}
            <FilterField label=t.from name="start" kind="date" value=start error=at(fault, "startDate")/>
            <FilterField label=t.until name="end" kind="date" value=end error=at(fault, "endDate")/>
            <Button submit=true>{t.show}</Button>
            {move || any.get().then(|| {
                view! { <LinkButton href=every_day kind=Kind::Quiet>{t.every_day}</LinkButton> }
            })}
        </Form>
    }
}
