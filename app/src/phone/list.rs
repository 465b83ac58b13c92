//! The customers: each is a phone that one can hold.

use super::{
    Place,
    handset::{Clock, Handset},
    text::text,
};
use crate::{
    format,
    frame::use_zone,
    ui::{Avatar, EmptyState, LinkButton, url},
};
use leptos::prelude::*;
use types::{Timestamp, sandbox::PhoneChat};

#[component]
pub fn CustomerList(
    chats: Vec<PhoneChat>,
    /// Whose chat is open beside it.
    open: Option<String>,
    place: Place,
    as_of: Timestamp,
) -> impl IntoView {
    let t = &text().customers;
    let list = if chats.is_empty() {
        let add = url::href(&place.path(), &[("add", "1")]);
        view! {
            <EmptyState title=t.empty sentence=t.empty_why>
                <LinkButton href=add attr:data-noscroll="true">{t.add}</LinkButton>
            </EmptyState>
        }
        .into_any()
    } else {
        let entries = chats.into_iter().map(|chat| {
            let current = open.as_deref() == Some(chat.number.as_str());
            let href = place.with(&chat.number, place.mine);
            view! { <Entry chat=chat href=href current=current as_of=as_of/> }
        });
        view! { <ul class="app-list" tabindex="0" aria-label=t.head>{entries.collect_view()}</ul> }.into_any()
    };
    view! {
        <Handset label=t.label pane="list" as_of=as_of>
            <header class="app-head"><h2>{t.head}</h2></header>
            {list}
            <p class="caption">{t.caption}</p>
        </Handset>
    }
}

#[component]
fn Entry(chat: PhoneChat, href: String, current: bool, as_of: Timestamp) -> impl IntoView {
    let number = format::phone(&chat.number);
    let text = chat.last_text.unwrap_or_else(|| text().customers.no_text.into());
    view! {
        <li>
            <a href=href aria-current=current.then_some("true") data-noscroll="true">
                <Avatar name=chat.number square=number.ends_with("@g.us")/>
                <span>
                    <b class="clip ltr">{number}</b>
                    <span class="second clip">{text}</span>
                </span>
                <span class="meta"><When at=chat.last_at as_of=as_of/></span>
            </a>
        </li>
    }
}

/// The clock for today, the day for what is older.
#[component]
fn When(at: Timestamp, as_of: Timestamp) -> impl IntoView {
    let zone = use_zone();
    if format::iso_date(at, &zone) == format::iso_date(as_of, &zone) {
        view! { <Clock at=at/> }.into_any()
    } else {
        format::day_heading(at, as_of, &zone).into_any()
    }
}
