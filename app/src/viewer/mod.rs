//! The viewer: chats and timelines of a session, live and read-only.
//!
//! Session, chat, search and page live in the address. Nothing here writes: looking marks
//! nothing as read.

mod attachment;
mod chats;
mod server;
mod text;
mod thread;

use crate::{
    live::{use_live_refetch, use_live_refetch_if},
    routes,
    ui::{EmptyState, ErrorState, LinkButton, PageTitle, Skeleton, follow},
};
use chats::ChatsPane;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server::{load_chats, load_thread};
use text::text;
use thread::Thread;
use types::{AppError, events::EventType};

pub use attachment::{Attachment, Gone};
pub use server::{ChatsData, LoadChats, LoadThread, Picked, ThreadData};

/// What moves a timeline; sent ones also reorder the chats.
const EVENTS: &[EventType] = &[
    EventType::MessageReceived,
    EventType::MessageQueued,
    EventType::MessageSent,
    EventType::MessageDelivered,
    EventType::MessageRead,
    EventType::MessageFailed,
    EventType::MessageUncertain,
    EventType::MessageCancelled,
];

/// Where one is on this page; empty where the address does not say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    pub session: String,
    pub chat: String,
    pub search: String,
    /// The page of the list of chats.
    pub from: String,
    /// The page of the timeline.
    pub before: String,
}

#[component]
pub fn ViewerPage() -> impl IntoView {
    let query = use_query_map();
    let place = Memo::new(move |_| {
        query.with(|query| {
            let value = |key: &str| query.get(key).unwrap_or_default();
            Place {
                session: value("session"),
                chat: value("chat"),
                search: value("q"),
                from: value("from"),
                before: value("before"),
            }
        })
    });
    let search = NodeRef::new();
    follow(
        search,
        Memo::new(move |_| place.with(|place| place.search.clone())),
    );
    let chats = Resource::new(
        move || place.with(|place| (place.session.clone(), place.search.clone(), place.from.clone())),
        |(session, search, from)| load_chats(session, search, from),
    );
    let thread = Resource::new(
        move || place.with(|place| (place.chat.clone(), place.before.clone())),
        |(chat, before)| optional(chat, before),
    );
    use_live_refetch(
        &[
            EventType::MessageReceived,
            EventType::MessageSent,
            EventType::SessionStatus,
        ],
        chats,
    );
    use_live_refetch_if(EVENTS, thread, move || {
        place.with_untracked(|place| !place.chat.is_empty())
    });
    let pane = move || {
        if place.with(|place| place.chat.is_empty()) {
            "list"
        } else {
            "thread"
        }
    };
    view! {
        <PageTitle title=text().title/>
        <h1 class="out-of-sight" id="title">{text().title}</h1>
        <div class="viewer" data-pane=pane>
            <section class="chats" aria-label=text().chats>
                <Transition fallback=|| view! { <Skeleton/> }>
                    {move || {
                        let place = place.get();
                        Suspend::new(async move {
                            match chats.await {
                                Ok(data) if data.chosen.is_none() => view! { <NoSession/> }.into_any(),
                                Ok(data) => view! { <ChatsPane data=data place=place input=search/> }.into_any(),
                                Err(error) => view! { <ErrorState error=error/> }.into_any(),
                            }
                        })
                    }}
                </Transition>
            </section>
            <Transition fallback=|| view! { <Skeleton/> }>
                {move || {
                    let place = place.get();
                    Suspend::new(async move {
                        match thread.await {
                            Ok(Some(data)) => view! { <Thread data=data place=place/> }.into_any(),
                            Ok(None) => view! { <Choose/> }.into_any(),
                            Err(error) => view! {
                                <section class="thread"><ErrorState error=error/></section>
                            }
                            .into_any(),
                        }
                    })
                }}
            </Transition>
        </div>
    }
}

#[component]
fn NoSession() -> impl IntoView {
    let t = text();
    view! {
        <EmptyState title=t.no_session sentence=t.no_session_why>
            <LinkButton href=routes::SESSIONS.to_string()>{t.to_sessions}</LinkButton>
        </EmptyState>
    }
}

#[component]
fn Choose() -> impl IntoView {
    let t = text();
    view! {
        <section class="thread nothing">
            <EmptyState title=t.choose sentence=t.choose_why/>
        </section>
    }
}

async fn optional(chat: String, before: String) -> Result<Option<ThreadData>, AppError> {
    if chat.is_empty() {
        Ok(None)
    } else {
        load_thread(chat, before).await.map(Some)
    }
}
