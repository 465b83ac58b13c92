//! What the queue page was asked for in its address, and the links that change it.

use super::{
    server::{OpenCounts, SessionChoice},
    text::text,
};
use crate::{
    routes,
    ui::{Glyph, Menu, MenuLook, Segment, Segments, Toolbar, message_word, url},
};
use leptos::prelude::*;
use leptos_router::params::ParamsMap;
use types::messages::MessageState;

/// The list that is wanted. The entry that is opened is not part of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    pub state: String,
    pub session: String,
    pub cursor: String,
    /// The lanes alone, with what could be otherwise.
    pub lanes: bool,
}

impl Asked {
    pub fn read(query: &ParamsMap) -> Self {
        let get = |key| query.get(key).unwrap_or_default();
        Self {
            state: get("state"),
            session: get("session"),
            cursor: get("cursor"),
            lanes: get("view") == "lanes",
        }
    }

    /// Nothing narrows the list.
    pub fn is_everything(&self) -> bool {
        self.state.is_empty() && self.session.is_empty() && self.cursor.is_empty()
    }
}

/// The states of the queue as links, and the sessions as a menu of links.
#[component]
pub fn Filters(
    query: Memo<ParamsMap>,
    asked: Memo<Asked>,
    /// How many are in the queue in all, where that is known.
    #[prop(into)]
    total: Signal<Option<i64>>,
    #[prop(into)] counts: Signal<OpenCounts>,
    #[prop(into)] sessions: Signal<Vec<SessionChoice>>,
) -> impl IntoView {
    let states = move || {
        let now = asked.get().state;
        let link = |name: &str| {
            query.with(|query| {
                url::with(
                    routes::QUEUE,
                    query,
                    &[("state", name), ("cursor", ""), ("entry", "")],
                )
            })
        };
        let open = [
            MessageState::Pending,
            MessageState::Processing,
            MessageState::Uncertain,
        ];
        let others = open.map(|state| {
            let word = if state == MessageState::Processing {
                text().on_the_wire
            } else {
                message_word(state)
            };
            let mut segment = Segment::new(word, link(state.name()), now == state.name());
            segment.count = match state {
                MessageState::Pending => Some(counts.get().pending),
                MessageState::Processing => counts.get().processing,
                _ => counts.get().uncertain,
            };
            segment
        });
        let known = open.iter().any(|state| state.name() == now);
        let mut all = Segment::new(text().all_open, link(""), !known);
        all.count = total.get();
        view! { <Segments label=text().state segments=std::iter::once(all).chain(others).collect()/> }
    };
    let views = move || {
        let lanes = asked.with(|asked| asked.lanes);
        let link = |view: &str| {
            query.with(|query| url::with(routes::QUEUE, query, &[("view", view), ("entry", "")]))
        };
        let both = vec![
            Segment::new(text().view_messages, link(""), !lanes),
            Segment::new(text().view_lanes, link("lanes"), lanes),
        ];
        view! { <Segments label=text().view segments=both/> }
    };
    let of_list = move || {
        (!asked.with(|asked| asked.lanes))
            .then(|| view! { {states} <SessionMenu path=routes::QUEUE query=query sessions=sessions/> })
    };
    view! { <Toolbar>{views} {of_list}</Toolbar> }
}

/// Which session's messages: a menu of links, so that it opens and works without script.
#[component]
pub fn SessionMenu(
    path: &'static str,
    query: Memo<ParamsMap>,
    #[prop(into)] sessions: Signal<Vec<SessionChoice>>,
) -> impl IntoView {
    move || {
        let all = sessions.get();
        if all.is_empty() {
            return None;
        }
        let chosen = query.with(|query| query.get("session").unwrap_or_default());
        let link = move |id: &str| {
            query.with(|query| url::with(path, query, &[("session", id), ("cursor", ""), ("entry", "")]))
        };
        let name = all
            .iter()
            .find(|session| session.id.to_string() == chosen)
            .map_or_else(|| text().all_sessions.to_string(), |session| session.name.clone());
        // Made here and not inside the menu, where nothing would notice that the address changed.
        let every = (link(""), chosen.is_empty().then_some("true"));
        let entries = all
            .into_iter()
            .map(move |session| {
                let id = session.id.to_string();
                let current = (id == chosen).then_some("true");
                view! { <a href=link(&id) aria-current=current>{session.name}</a> }
            })
            .collect_view();
        Some(view! {
            <Menu id="session-filter" label=name look=MenuLook::Word(Some(Glyph::FILTER))>
                <a href=every.0 aria-current=every.1>{text().all_sessions}</a>
                {entries}
            </Menu>
        })
    }
}
