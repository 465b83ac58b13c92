//! The right pane: one chat's messages, with days between them.

use super::{Attachment, Place, chats::name_of, server::ThreadData, text::text};
use crate::{
    format,
    frame::use_zone,
    i18n::fill,
    routes,
    ui::{Avatar, Glyph, Icon, Kind, LinkButton, Rich, StateMark, message_mark, message_word, url},
};
use leptos::prelude::*;
use types::{
    Page, Timestamp,
    chats::Chat,
    messages::{MessageState, TimelineMessage},
};

#[component]
pub fn Thread(data: ThreadData, place: Place) -> impl IntoView {
    let t = text();
    let ThreadData {
        chat,
        messages,
        as_of,
    } = data;
    let session = chat.session.to_string();
    let id = chat.id.to_string();
    let at = |chat: &str, before: &str| {
        url::href(
            routes::VIEWER,
            &[
                ("session", &session),
                ("chat", chat),
                ("q", &place.search),
                ("from", &place.from),
                ("before", before),
            ],
        )
    };
    let newest = (!place.before.is_empty()).then(|| at(&id, ""));
    let older = messages.next.as_deref().map(|before| at(&id, before));
    let label = fill(t.thread, &[("name", &name_of(&chat))]);
    view! {
        <section class="thread" aria-label=label>
            <Head chat=chat back=at("", "")/>
            <Messages messages=messages older=older as_of=as_of/>
            <footer>
                <p class="meta"><b>{t.read_only}</b> " " {t.marks_nothing}</p>
                {newest
                    .map(|href| {
                        view! { <span class="push"><LinkButton href=href small=true>{t.newest}</LinkButton></span> }
                    })}
            </footer>
        </section>
    }
}

#[component]
fn Head(chat: Chat, back: String) -> impl IntoView {
    let name = name_of(&chat);
    let number = format::phone(&chat.with.number());
    view! {
        <header>
            <span class="back">
                <LinkButton href=back kind=Kind::Quiet icon=Glyph::BACK label=text().back attr:data-noscroll="true"/>
            </span>
            <Avatar name=name.clone() square=chat.with.is_group()/>
            <div class="title">
                <h2 class="clip">{name.clone()}</h2>
                {(name != number).then(|| view! { <p class="meta clip ltr">{number}</p> })}
            </div>
        </header>
    }
}

#[component]
fn Messages(messages: Page<TimelineMessage>, older: Option<String>, as_of: Timestamp) -> impl IntoView {
    let t = text();
    let zone = use_zone();
    let empty = messages
        .data
        .is_empty()
        .then(|| view! { <p class="event">{t.no_message}</p> });
    let mut day = String::new();
    let bubbles: Vec<_> = messages
        .data
        .into_iter()
        .rev()
        .map(|message| {
            let heading = format::day_heading(message.at, as_of, &zone);
            let separator = (heading != day).then(|| view! { <p class="day">{heading.clone()}</p> });
            day = heading;
            view! {
                {separator}
                <Bubble message=message/>
            }
        })
        .collect();
    view! {
        <div class="messages" tabindex="0" role="log" aria-label=t.messages>
            <div>
                {older
                    .map(|href| {
                        view! { <p class="event"><LinkButton href=href small=true>{t.older}</LinkButton></p> }
                    })}
                {empty}
                {bubbles}
            </div>
        </div>
    }
}

#[component]
fn Bubble(message: TimelineMessage) -> impl IntoView {
    let zone = use_zone();
    let (media, filename) = message
        .media
        .as_ref()
        .map_or((None, None), |media| (Some(media.id), media.filename.clone()));
    let kind = message
        .media
        .as_ref()
        .map(|media| media.kind)
        .or(message.media_kind);
    let attachment = kind.map(|kind| view! { <Attachment kind=kind media=media filename=filename/> });
    view! {
        <div class="message" class:ours=message.from_me data-message=message.id.to_string()>
            {attachment}
            {message.text.map(|text| view! { <p class="bubble"><Rich text=text/></p> })}
            <p class="fate">
                <time datetime=message.at.rfc3339() title=format::exact_with_zone(message.at, &zone)>
                    {format::clock_minutes(message.at, &zone)}
                </time>
                <Fate state=message.state error=message.error/>
            </p>
        </div>
    }
}

/// How far it got: ticks and a word once it is out, a state with its reason before and otherwise.
#[component]
fn Fate(state: MessageState, error: Option<String>) -> impl IntoView {
    let glyph = match state {
        MessageState::Received => return ().into_any(),
        MessageState::Sent => Glyph::TICK,
        MessageState::Delivered | MessageState::Read => Glyph::TICKS,
        _ => {
            return view! {
                <StateMark mark=message_mark(state) word=message_word(state)/>
                {error.map(|error| view! { <span>{error}</span> })}
            }
            .into_any();
        }
    };
    view! {
        <span class="row" class:read=state == MessageState::Read>
            <Icon glyph=glyph/>
            {message_word(state)}
        </span>
    }
    .into_any()
}
