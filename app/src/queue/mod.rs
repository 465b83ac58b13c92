//! The queue: what waits, why, and taking it out again.

mod acts;
mod answer;
mod balancer;
mod balancer_words;
mod cancel_all;
mod candidates;
mod detail;
mod facts;
mod filter;
mod first_message;
mod gates;
mod lanes;
mod lanes_server;
mod latest;
mod list;
mod origin;
mod retry_all;
pub mod server;
mod settle;
mod text;
mod text_lanes;
mod verbs;
mod what_if;
mod words;

use crate::{
    frame::can,
    i18n::plural,
    live::use_live_refetch,
    routes,
    ui::{EmptyState, ErrorState, Glyph, Kind, LinkButton, Mark, Note, PageHead, Skeleton, url},
};
use cancel_all::CancelAll;
use filter::{Asked, Filters};
use lanes::LaneList;
use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};
use list::List;
use text::text;
use types::{
    AppError, Permission,
    events::EventType,
    messages::{Lanes, MessageState},
};
use what_if::{WhatIfPanel, Worked, use_what_if};

pub use acts::{CancelPending, ReassignEntry, RetryFailed, SendEntryNow, SettleEntry};
pub use balancer::BalancerPage;
pub use detail::{EntryPane, Opened};
pub use filter::SessionMenu;
pub use first_message::FirstMessage;
pub use latest::{Face, PageClock, Patches, latest};
pub use retry_all::{RetryAll, href as retry_all_href};
pub use server::{QueueData, SessionChoice, load_entry, load_queue};
pub use text::text as queue_text;
pub use verbs::EntryActions;
pub use words::{kind_word, message as message_line, recipient as recipient_words, session as session_name};

/// What changes the list. Receipts come to messages that have left it.
const CHANGES: &[EventType] = &[
    EventType::MessageQueued,
    EventType::MessageSent,
    EventType::MessageFailed,
    EventType::MessageUncertain,
    EventType::MessageCancelled,
    EventType::SessionStatus,
    EventType::SettingsChanged,
];

type Answer = Result<QueueData, AppError>;

/// The opened entry, by the address.
pub async fn open(id: String) -> Opened {
    if id.is_empty() {
        None
    } else {
        Some(load_entry(id).await)
    }
}

#[component]
pub fn QueuePage() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| query.with(Asked::read));
    let selected = Memo::new(move |_| query.with(|query| query.get("entry").unwrap_or_default()));
    let actions = EntryActions::of_page();
    let cancel_all = ServerAction::<CancelPending>::new();
    let data = Resource::new(
        move || (asked.get(), actions.version(), cancel_all.version().get()),
        |(asked, ..)| load_queue(asked.state, asked.session, asked.cursor),
    );
    let entry = Resource::new(move || (selected.get(), actions.version()), |(id, _)| open(id));
    let what_if = use_what_if(query);
    use_live_refetch(CHANGES, data);
    let close = Signal::derive(move || {
        query.with(|query| url::with(routes::QUEUE, query, &[("entry", ""), ("act", "")]))
    });
    view! {
        <div class="queue">
            <div class="list">
                <Transition fallback=|| view! { <PageHead title=text().title/> <Skeleton rows=8/> }>
                    {Suspend::new(async move {
                        let now = latest(data.await, data);
                        let worked = latest(what_if.await, what_if);
                        view! {
                            <Loaded
                                query=query
                                asked=asked
                                selected=selected
                                now=now
                                worked=worked
                                cancel_all=cancel_all
                            />
                        }
                    })}
                </Transition>
            </div>
            <EntryPane selected=selected entry=entry path=routes::QUEUE close=close actions=actions/>
        </div>
    }
}

#[component]
fn Loaded(
    query: Memo<ParamsMap>,
    asked: Memo<Asked>,
    selected: Memo<String>,
    now: Memo<Answer>,
    worked: Memo<Worked>,
    cancel_all: ServerAction<CancelPending>,
) -> impl IntoView {
    let t = text();
    let face = Memo::new(move |_| now.with(face_of));
    let part = move |of: fn(&QueueData) -> i64| now.with(|now| now.as_ref().map_or(0, of));
    let total = Memo::new(move |_| now.with(|now| now.as_ref().ok().and_then(|data| data.page.total)));
    let pending = Memo::new(move |_| part(|data| data.pending));
    let sessions = Memo::new(move |_| {
        now.with(|now| {
            now.as_ref()
                .map_or_else(|_| Vec::new(), |data| data.sessions.clone())
        })
    });
    let counts = Memo::new(move |_| now.with(|now| now.as_ref().map(|data| data.counts).unwrap_or_default()));
    let lanes = Signal::derive(move || {
        now.with(|now| {
            now.as_ref()
                .map_or_else(|_| nothing().lanes, |data| data.lanes.clone())
        })
    });
    let lanes_alone = Memo::new(move |_| asked.with(|asked| asked.lanes));
    let uncertain = Memo::new(move |_| asked.with(|asked| asked.state == MessageState::Uncertain.name()));
    view! {
        <Head query=query total=total pending=pending/>
        <div class="strip">{move || (!lanes_alone.get()).then(|| view! { <LaneList lanes=lanes/> })}</div>
        <Filters query=query asked=asked total=total counts=counts sessions=sessions/>
        {move || uncertain.get().then(|| {
            view! { <div class="about"><Note mark=Mark::Unsure>{t.uncertain_list}</Note></div> }
        })}
        {move || match face.get() {
            Face::Failed(error) => view! { <ErrorState error=error/> }.into_any(),
            _ if lanes_alone.get() => view! {
                <div class="scroll all-lanes">
                    <LaneList lanes=lanes/>
                    <WhatIfPanel query=query sessions=sessions now=worked/>
                </div>
            }
            .into_any(),
            Face::Empty => empty(asked, now).into_any(),
            Face::Rows => {
                let rows = Signal::derive(move || now.with(|now| now.clone().unwrap_or_else(|_| nothing())));
                view! { <List query=query asked=asked selected=selected now=rows/> }.into_any()
            }
        }}
        <CancelAll query=query asked=asked action=cancel_all pending=pending sessions=sessions/>
    }
}

/// The title, how many there are, and the way to cancel them all.
#[component]
fn Head(query: Memo<ParamsMap>, total: Memo<Option<i64>>, pending: Memo<i64>) -> impl IntoView {
    let t = text();
    let meta = ViewFn::from(move || {
        view! { <span role="status">{move || total.get().filter(|n| *n > 0).map(|n| plural(n, t.in_queue))}</span> }
    });
    let may_cancel = can(Permission::QueueManage);
    let cancel_link = move || {
        let count = pending.get();
        (may_cancel && count > 0).then(|| {
            view! {
                <LinkButton href=Signal::derive(move || query.with(cancel_all::href)) kind=Kind::Danger>
                    {plural(count, t.cancel_many)}
                </LinkButton>
            }
        })
    };
    let failed = url::href(routes::HISTORY, &[("state", "failed")]);
    view! {
        <PageHead title=t.title meta=meta>
            <LinkButton href=failed>{t.failed_messages}</LinkButton>
            {cancel_link}
            {can(Permission::MessagesSend).then(|| {
                view! {
                    <LinkButton href=routes::SEND.to_string() kind=Kind::Primary icon=Glyph::SEND>
                        {t.send_one}
                    </LinkButton>
                }
            })}
        </PageHead>
    }
}

fn face_of(answer: &Answer) -> Face {
    match answer {
        Err(error) => Face::Failed(error.clone()),
        Ok(data) if data.page.data.is_empty() => Face::Empty,
        Ok(_) => Face::Rows,
    }
}

/// What a list holds in the moment between an error and the face that shows it.
fn nothing() -> QueueData {
    QueueData {
        page: types::Page::empty(),
        sessions: Vec::new(),
        lanes: Lanes {
            stays: 0,
            lanes: Vec::new(),
            pool: 0,
            ends_at: None,
            used_today: 0,
            organization_limit: None,
            as_of: types::Timestamp::default(),
        },
        counts: server::OpenCounts::default(),
        pending: 0,
        public_url: String::new(),
        as_of: types::Timestamp::default(),
    }
}

/// Nothing waits at all, or nothing that the filter names.
fn empty(asked: Memo<Asked>, now: Memo<Answer>) -> impl IntoView {
    let t = text();
    if !asked.with(Asked::is_everything) {
        return view! {
            <EmptyState title=t.empty_here sentence=t.empty_here_why>
                <LinkButton href=routes::QUEUE.to_string()>{t.show_all}</LinkButton>
                <LinkButton href=routes::HISTORY.to_string() kind=Kind::Quiet>{crate::history::title()}</LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    let public_url = now.with_untracked(|now| {
        now.as_ref()
            .map_or_else(|_| String::new(), |data| data.public_url.clone())
    });
    view! {
        <EmptyState title=t.empty sentence=t.empty_why/>
        <div class="first-message"><FirstMessage public_url=public_url id="queue-curl"/></div>
    }
    .into_any()
}
