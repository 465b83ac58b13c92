//! The left pane: which session, a search, and its chats.

use super::{
    Place,
    server::{ChatsData, Picked},
    text::text,
};
use crate::{
    format,
    i18n::plural,
    routes,
    ui::{
        Avatar, EmptyState, Glyph, Icon, LinkButton, Menu, MenuLook, Pager, StateMark, Time, session_mark,
        session_word, url,
    },
};
use leptos::{html, prelude::*};
use leptos_router::components::Form;
use types::{Timestamp, chats::Chat};

#[component]
pub fn ChatsPane(
    data: ChatsData,
    place: Place,
    /// The search, which outlives the answers.
    input: NodeRef<html::Input>,
) -> impl IntoView {
    let t = text();
    let ChatsData {
        sessions,
        chosen,
        chats,
        as_of,
    } = data;
    let session = chosen
        .as_ref()
        .map(|session| session.id.to_string())
        .unwrap_or_default();
    let name = chosen
        .as_ref()
        .map(|session| session.name.clone())
        .unwrap_or_default();
    let at = |from: &str| {
        url::href(
            routes::VIEWER,
            &[
                ("session", &session),
                ("chat", &place.chat),
                ("q", &place.search),
                ("from", from),
            ],
        )
    };
    let first = (!place.from.is_empty()).then(|| at(""));
    let next = chats.next.as_deref().map(&at);
    let shown = plural(chats.data.len() as i64, t.count);
    let list = if chats.data.is_empty() {
        view! { <NoChat session=session.clone() searched=!place.search.is_empty()/> }.into_any()
    } else {
        let entries = chats.data.into_iter().map(|chat| {
            let current = chat.id.to_string() == place.chat;
            view! { <Entry chat=chat current=current place=place.clone() as_of=as_of/> }
        });
        view! { <ul class="chat-list" tabindex="0" aria-label=t.chats>{entries.collect_view()}</ul> }
            .into_any()
    };
    let picked = session.clone();
    let choices = sessions
        .into_iter()
        .map(move |one| view! { <Choice one=one session=picked.clone()/> })
        .collect_view();
    view! {
        <header>
            <div class="row">
                <Menu id="pick-session" label=name look=MenuLook::Word(Some(Glyph::PHONE))>
                    <p class="title">{t.session}</p>
                    {choices}
                </Menu>
            </div>
            <Search session=session.clone() search=place.search.clone() input=input/>
        </header>
        {list}
        <Pager shown=shown first=first next=next label=t.chats/>
    }
}

#[component]
fn Choice(one: Picked, session: String) -> impl IntoView {
    let id = one.id.to_string();
    let current = id == session;
    view! {
        <a href=url::href(routes::VIEWER, &[("session", &id)]) aria-current=current.then_some("true")>
            {one.name}
            <span class="push"><StateMark mark=session_mark(one.state) word=session_word(one.state)/></span>
        </a>
    }
}

/// Sent with the return key; without script the button says so.
#[component]
fn Search(session: String, search: String, input: NodeRef<html::Input>) -> impl IntoView {
    let t = text();
    view! {
        <Form method="GET" action=routes::VIEWER>
            <input type="hidden" name="session" value=session/>
            <label class="input-box soft">
                <span class="out-of-sight">{t.search}</span>
                <Icon glyph=Glyph::SEARCH/>
                <input
                    type="search"
                    name="q"
                    value=search
                    placeholder=t.search_hint
                    maxlength="100"
                    autocomplete="off"
                    node_ref=input
                />
            </label>
        </Form>
    }
}

#[component]
fn NoChat(session: String, searched: bool) -> impl IntoView {
    let t = text();
    if searched {
        let all = url::href(routes::VIEWER, &[("session", &session)]);
        return view! {
            <EmptyState title=t.nothing_found sentence=t.nothing_found_why>
                <LinkButton href=all>{t.show_all}</LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    view! { <EmptyState title=t.no_chat sentence=t.no_chat_why/> }.into_any()
}

/// The name somebody gave themselves, or their number.
pub fn name_of(chat: &Chat) -> String {
    chat.name
        .clone()
        .unwrap_or_else(|| format::phone(&chat.with.number()))
}

#[component]
fn Entry(chat: Chat, current: bool, place: Place, as_of: Timestamp) -> impl IntoView {
    let t = text();
    let (session, id) = (chat.session.to_string(), chat.id.to_string());
    let href = url::href(
        routes::VIEWER,
        &[
            ("session", &session),
            ("chat", &id),
            ("q", &place.search),
            ("from", &place.from),
        ],
    );
    let name = name_of(&chat);
    let named = chat.name.is_some();
    let text = chat.last_text.clone().unwrap_or_else(|| t.attachment.into());
    view! {
        <li>
            <a class="chat" href=href aria-current=current.then_some("true") data-noscroll="true">
                <Avatar name=name.clone() square=chat.with.is_group()/>
                <span class="who clip" class:ltr=!named>{name}</span>
                <span class="wait"><Time at=chat.last_at as_of=as_of/></span>
                <span class="snippet clip">
                    {chat.last_from_me.then(|| view! { <b>{t.you}</b> " " })}
                    {text}
                </span>
                {named.then(|| view! { <span class="via clip ltr">{format::phone(&chat.with.number())}</span> })}
            </a>
        </li>
    }
}
