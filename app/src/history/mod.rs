//! The history: what left the queue and what became of it.

mod form;
mod list;
pub mod server;
mod text;

use crate::{
    i18n::plural,
    live::use_live_refetch_if,
    queue::{
        EntryActions, EntryPane, Face, RetryAll, RetryFailed, SessionChoice, latest, open, queue_text,
        retry_all_href,
    },
    routes,
    ui::{EmptyState, ErrorState, Glyph, LinkButton, PageHead, Skeleton, error_sentence, url},
};
use form::{Asked, Filters};
use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};
use list::List;
use text::text;
use types::{AppError, events::EventType};

pub use server::{HistoryData, load_history};

/// What changes the list. Rows show their ticks at once; reading them again catches those that
/// came before their row did.
const CHANGES: &[EventType] = &[
    EventType::MessageQueued,
    EventType::MessageSent,
    EventType::MessageDelivered,
    EventType::MessageRead,
    EventType::MessageFailed,
    EventType::MessageCancelled,
];

type Answer = Result<HistoryData, AppError>;

/// The page's name, for links of other rooms.
pub fn title() -> &'static str {
    text().title
}

#[component]
pub fn HistoryPage() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| query.with(Asked::read));
    let selected = Memo::new(move |_| query.with(|query| query.get("entry").unwrap_or_default()));
    let actions = EntryActions::of_page();
    let retry_all = ServerAction::<RetryFailed>::new();
    let data = Resource::new(
        move || (asked.get(), actions.version(), retry_all.version().get()),
        |(asked, ..)| load_history(asked.start, asked.end, asked.state, asked.session, asked.cursor),
    );
    let entry = Resource::new(move || (selected.get(), actions.version()), |(id, _)| open(id));
    // Older pages hold still: what is new comes on the first.
    use_live_refetch_if(CHANGES, data, move || {
        asked.try_with_untracked(|asked| asked.cursor.is_empty()) == Some(true)
    });
    let close = Signal::derive(move || {
        query.with(|query| url::with(routes::HISTORY, query, &[("entry", ""), ("act", "")]))
    });
    view! {
        <div class="queue history">
            <div class="list">
                <Transition fallback=|| view! { <PageHead title=text().title/> <Skeleton rows=8/> }>
                    {Suspend::new(async move {
                        let now = latest(data.await, data);
                        view! { <Loaded query=query asked=asked selected=selected now=now retry_all=retry_all/> }
                    })}
                </Transition>
            </div>
            <EntryPane selected=selected entry=entry path=routes::HISTORY close=close actions=actions/>
        </div>
    }
}

#[component]
fn Loaded(
    query: Memo<ParamsMap>,
    asked: Memo<Asked>,
    selected: Memo<String>,
    now: Memo<Answer>,
    retry_all: ServerAction<RetryFailed>,
) -> impl IntoView {
    let failed = Memo::new(move |_| now.with(|now| now.as_ref().map_or(0, |data| data.failed)));
    let retry_link = move || {
        (failed.get() > 0).then(|| {
            view! {
                <LinkButton href=Signal::derive(move || query.with(retry_all_href)) icon=Glyph::REFRESH>
                    {plural(failed.get(), queue_text().retry_many)}
                </LinkButton>
            }
        })
    };
    let face = Memo::new(move |_| now.with(face_of));
    // What is shown is what is written; there must be something.
    let export_link = move || {
        (face.get() == Face::Rows).then(|| {
            let href = Signal::derive(move || asked.with(Asked::export));
            view! {
                <LinkButton href=href icon=Glyph::DOWNLOAD attr:download="" attr:rel="external">
                    {text().export}
                </LinkButton>
            }
        })
    };
    // A refused day takes no session away.
    let sessions = Memo::new(move |last: Option<&Vec<SessionChoice>>| {
        now.with(|now| match now {
            Ok(data) => data.sessions.clone(),
            Err(_) => last.cloned().unwrap_or_default(),
        })
    });
    let fault = Signal::derive(move || now.with(|now| now.as_ref().err().cloned()));
    view! {
        <PageHead title=text().title>{retry_link} {export_link}</PageHead>
        <Filters query=query asked=asked sessions=sessions fault=fault/>
        {move || match face.get() {
            // The form above says which day; trying the same again helps nobody.
            Face::Failed(error @ AppError::Invalid { .. }) => {
                view! { <EmptyState title=text().bad_days sentence=error_sentence(&error)/> }.into_any()
            }
            Face::Failed(error) => view! { <ErrorState error=error/> }.into_any(),
            Face::Empty => empty(asked).into_any(),
            Face::Rows => {
                let rows = Signal::derive(move || now.with(|now| now.clone().unwrap_or_else(|_| nothing())));
                view! { <List query=query asked=asked selected=selected now=rows/> }.into_any()
            }
        }}
        <RetryAll query=query action=retry_all failed=failed/>
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
fn nothing() -> HistoryData {
    HistoryData {
        page: types::Page::empty(),
        sessions: Vec::new(),
        failed: 0,
        as_of: types::Timestamp::default(),
    }
}

/// Nothing has left at all, or nothing that the filter names.
fn empty(asked: Memo<Asked>) -> impl IntoView {
    let t = text();
    let everything = asked.with(Asked::is_everything);
    let (title, why) = if everything {
        (t.empty, t.empty_why)
    } else {
        (t.empty_here, t.empty_here_why)
    };
    view! {
        <EmptyState title=title sentence=why>
            {(!everything).then(|| view! { <LinkButton href=routes::HISTORY.to_string()>{t.show_all}</LinkButton> })}
            <LinkButton href=routes::QUEUE.to_string()>{t.to_queue}</LinkButton>
        </EmptyState>
    }
}
