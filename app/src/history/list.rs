//! What left, newest first, with its ticks; rows follow the events.

use super::{form::Asked, server::HistoryData, text::text};
use crate::{
    i18n::plural,
    queue::{PageClock, Patches, SessionChoice, message_line, recipient_words, session_name},
    routes,
    ui::{
        Pager, StateMark, Table, Time, message_mark, message_word, of_page, text::text as shared_text, url,
    },
};
use leptos::prelude::*;
use leptos_router::params::ParamsMap;
use types::{Timestamp, messages::QueueEntry};

/// What every row reads.
#[derive(Clone, Copy)]
struct Around {
    query: Memo<ParamsMap>,
    selected: Memo<String>,
    sessions: Memo<Vec<SessionChoice>>,
    as_of: Memo<Timestamp>,
    clock: PageClock,
    patches: Patches,
}

#[component]
pub fn List(
    query: Memo<ParamsMap>,
    asked: Memo<Asked>,
    selected: Memo<String>,
    now: Signal<HistoryData>,
) -> impl IntoView {
    let t = text();
    let as_of = Memo::new(move |_| now.with(|now| now.as_of));
    let sessions = Memo::new(move |_| now.with(|now| now.sessions.clone()));
    let rows = Memo::new(move |_| now.with(|now| now.page.data.clone()));
    let patches = Patches::listen(move |id| rows.with_untracked(|rows| rows.iter().any(|row| row.id == id)));
    Effect::new(move |_| patches.forget_before(as_of.get()));
    let around = Around {
        query,
        selected,
        sessions,
        as_of,
        clock: PageClock::new(move || as_of.get()),
        patches,
    };
    let row = move |entry: QueueEntry| {
        let id = entry.id;
        let entry = Memo::new(move |last: Option<&QueueEntry>| {
            let found = rows.with(|rows| rows.iter().find(|row| row.id == id).cloned());
            let base = found.or_else(|| last.cloned()).unwrap_or_else(|| entry.clone());
            around.patches.apply(base, around.as_of.get())
        });
        view! { <Row entry=entry around=around/> }
    };
    view! {
        <Table label=t.title>
            <thead>
                <tr>
                    <th scope="col">{t.recipient}</th>
                    <th scope="col" class="wide-only">{t.message}</th>
                    <th scope="col" class="number full-only">{t.queue_id}</th>
                    <th scope="col" class="full-only">{t.reference}</th>
                    <th scope="col" class="roomy-only">{t.session}</th>
                    <th scope="col">{t.state}</th>
                    <th scope="col" class="number roomy-only">{shared_text().message_state.delivered}</th>
                    <th scope="col" class="number roomy-only">{shared_text().message_state.read}</th>
                    <th scope="col" class="number" aria-sort="descending">{t.left}</th>
                </tr>
            </thead>
            <tbody>
                <For each=move || rows.get() key=|entry| entry.id children=row/>
            </tbody>
        </Table>
        {move || pages(query, asked, now)}
    }
}

#[component]
fn Row(entry: Memo<QueueEntry>, around: Around) -> impl IntoView {
    let first = entry.get_untracked();
    let id = first.id.to_string();
    let href = {
        let id = id.clone();
        move || {
            around
                .query
                .with(|query| url::with(routes::HISTORY, query, &[("entry", &id)]))
        }
    };
    let is_open = Memo::new(move |_| around.selected.with(|selected| *selected == id));
    let state = Memo::new(move |_| entry.with(|entry| entry.state));
    let error = Memo::new(move |_| entry.with(|entry| entry.error.clone()));
    let delivered = Memo::new(move |_| entry.with(|entry| entry.delivered_at));
    let read = Memo::new(move |_| entry.with(|entry| entry.read_at));
    let left = Memo::new(move |_| entry.with(|entry| entry.sent_at.or(entry.settled_at)));
    let line = message_line(&first);
    let session = move || {
        around
            .sessions
            .with(|all| entry.with(|entry| session_name(entry.session, all)))
    };
    view! {
        <tr aria-selected=move || is_open.get().then_some("true")>
            <td class="first-cell">
                <a class="row-link" href=href aria-current=move || is_open.get().then_some("true")>
                    <span class="mono">{recipient_words(&first.recipient)}</span>
                </a>
                <span class="under meta" dir="auto">{line.clone()}</span>
            </td>
            <td class="grow wide-only second" dir="auto">{line}</td>
            <td class="number full-only second">{first.queue_id}</td>
            <td class="full-only second mono clip-cell">
                {first.reference_id.unwrap_or_else(|| shared_text().none.into())}
            </td>
            <td class="roomy-only second clip-cell">{session}</td>
            <td class="state-cell">
                {move || {
                    let state = state.get();
                    view! { <StateMark mark=message_mark(state) word=message_word(state)/> }
                }}
                // Why it failed, or who cancelled it.
                {move || error.get().map(|why| view! { <span class="why meta" title=why.clone()>{why.clone()}</span> })}
            </td>
            <td class="number roomy-only second">{move || view! { <When at=delivered.get() clock=around.clock/> }}</td>
            <td class="number roomy-only second">{move || view! { <When at=read.get() clock=around.clock/> }}</td>
            <td class="number">{move || view! { <When at=left.get() clock=around.clock/> }}</td>
        </tr>
    }
}

#[component]
fn When(at: Option<Timestamp>, clock: PageClock) -> impl IntoView {
    match at {
        Some(at) => view! { <Time at=at as_of=clock.started()/> }.into_any(),
        None => shared_text().none.into_any(),
    }
}

fn pages(query: Memo<ParamsMap>, asked: Memo<Asked>, now: Signal<HistoryData>) -> impl IntoView {
    let (shown, next) = now.with(|now| (now.page.data.len() as i64, now.page.next.clone()));
    let link = |cursor: &str| {
        query.with(|query| url::with(routes::HISTORY, query, &[("cursor", cursor), ("entry", "")]))
    };
    let first = (!asked.with(|asked| asked.cursor.is_empty())).then(|| link(""));
    let next = next.map(|cursor| link(&cursor));
    let shown = of_page(plural(shown, text().shown), first.as_ref(), next.as_ref());
    view! { <Pager shown=shown first=first next=next label=text().pages/> }
}
