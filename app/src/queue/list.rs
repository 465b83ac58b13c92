//! The open entries as a table whose rows follow the events.

use super::{
    filter::Asked,
    latest::{PageClock, Patches},
    server::{QueueData, SessionChoice},
    text::text,
    words::{self, Leaves},
};
use crate::{
    format,
    frame::use_zone,
    i18n::{fill, plural},
    routes,
    ui::{Glyph, Icon, StateMark, Table, Time, message_mark, message_word, text::text as shared_text, url},
};
use leptos::prelude::*;
use leptos_router::params::ParamsMap;
use types::{Timestamp, messages::QueueEntry, pacing::LaneStatus};

/// What every row reads.
#[derive(Clone, Copy)]
struct Around {
    query: Memo<ParamsMap>,
    selected: Memo<String>,
    sessions: Memo<Vec<SessionChoice>>,
    lanes: Memo<Vec<LaneStatus>>,
    as_of: Memo<Timestamp>,
    clock: PageClock,
    patches: Patches,
}

#[component]
pub fn List(
    query: Memo<ParamsMap>,
    asked: Memo<Asked>,
    selected: Memo<String>,
    now: Signal<QueueData>,
) -> impl IntoView {
    let t = text();
    let as_of = Memo::new(move |_| now.with(|now| now.as_of));
    let sessions = Memo::new(move |_| now.with(|now| now.sessions.clone()));
    let lanes = Memo::new(move |_| now.with(|now| now.lanes.lanes.clone()));
    let rows = Memo::new(move |_| now.with(|now| now.page.data.clone()));
    let patches = Patches::listen(move |id| rows.with_untracked(|rows| rows.iter().any(|row| row.id == id)));
    Effect::new(move |_| patches.forget_before(as_of.get()));
    let around = Around {
        query,
        selected,
        sessions,
        lanes,
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
                    <th scope="col" class="number roomy-only">{t.queue_id}</th>
                    <th scope="col" class="full-only">{t.reference}</th>
                    <th scope="col" class="roomy-only">{t.session}</th>
                    <th scope="col" class="state-cell">{t.state}</th>
                    <th scope="col" class="wait-cell">{t.waiting_for}</th>
                    <th scope="col" class="number roomy-only">{t.attempts}</th>
                    <th scope="col" class="full-only">{t.created}</th>
                    <th scope="col" class="number" aria-sort="ascending">{t.leaves}</th>
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
    let line = words::message(&first);
    let id = first.id.to_string();
    let href = {
        let id = id.clone();
        move || {
            around
                .query
                .with(|query| url::with(routes::QUEUE, query, &[("entry", &id)]))
        }
    };
    let is_open = Memo::new(move |_| around.selected.with(|selected| *selected == id));
    let state = Memo::new(move |_| entry.with(|entry| entry.state));
    let waits = Memo::new(move |_| {
        let now = around.clock.now();
        around.sessions.with(|sessions| {
            around
                .lanes
                .with(|lanes| entry.with(|entry| words::waiting_for(entry, sessions, lanes, now)))
        })
    });
    let leaves = Memo::new(move |_| {
        let now = around.clock.now();
        around
            .sessions
            .with(|sessions| entry.with(|entry| words::leaves(entry, sessions, now)))
    });
    let session = move || {
        around
            .sessions
            .with(|all| entry.with(|entry| words::session(entry.session, all)))
    };
    view! {
        <tr aria-selected=move || is_open.get().then_some("true")>
            <td class="first-cell">
                <a class="row-link" href=href aria-current=move || is_open.get().then_some("true")>
                    <span class="mono">{words::recipient(&first.recipient)}</span>
                </a>
                <span class="under meta" dir="auto">{line.clone()}</span>
            </td>
            <td class="grow wide-only second" dir="auto">{line}</td>
            <td class="number roomy-only second">{first.queue_id}</td>
            <td class="full-only second mono clip-cell">
                {first.reference_id.unwrap_or_else(|| shared_text().none.into())}
            </td>
            <td class="roomy-only second clip-cell">{session}</td>
            <td class="state-cell">
                {move || {
                    let state = state.get();
                    view! { <StateMark mark=message_mark(state) word=message_word(state)/> }
                }}
            </td>
            <td class="wait-cell">
                {move || {
                    let (mark, word) = waits.get();
                    view! { <StateMark mark=mark word=word/> }
                }}
            </td>
            <td class="number roomy-only second">{move || entry.with(|entry| entry.attempts)}</td>
            <td class="full-only second"><Time at=first.created_at as_of=around.clock.started()/></td>
            <td class="number">{move || view! { <LeavesAt leaves=leaves.get() clock=around.clock/> }}</td>
        </tr>
    }
}

/// `in 8 s`, `now`, or that nobody can say; counts down each second.
#[component]
pub fn LeavesAt(leaves: Leaves, clock: PageClock) -> impl IntoView {
    match leaves {
        Leaves::At(at) => {
            let zone = use_zone();
            let title = format::exact_with_zone(at, &zone);
            let word = move || match clock.now() {
                now if at - now < 1_000 => text().leaves_now.into(),
                now => format::relative(at, now, &zone),
            };
            view! { <time datetime=at.rfc3339() title=title>{word}</time> }.into_any()
        }
        Leaves::Now => text().leaves_now.into_any(),
        Leaves::Unknown => text().leaves_unknown.into_any(),
        Leaves::Later => text().leaves_later.into_any(),
        Leaves::Never => shared_text().none.into_any(),
    }
}

/// Under the list. It begins with what leaves first, so the shared words "newer" and "older"
/// would say the opposite.
fn pages(query: Memo<ParamsMap>, asked: Memo<Asked>, now: Signal<QueueData>) -> impl IntoView {
    let t = text();
    let (shown, total, next) =
        now.with(|now| (now.page.data.len() as i64, now.page.total, now.page.next.clone()));
    let link = |cursor: &str| {
        query.with(|query| url::with(routes::QUEUE, query, &[("cursor", cursor), ("entry", "")]))
    };
    let first = (!asked.with(|asked| asked.cursor.is_empty())).then(|| link(""));
    let next = next.map(|cursor| link(&cursor));
    let words = match total.filter(|total| *total > shown) {
        Some(total) => fill(
            t.shown_of,
            &[("n", &format::number(shown)), ("total", &format::number(total))],
        ),
        None => plural(shown, t.shown),
    };
    view! {
        <nav class="pager" aria-label=t.pages>
            <span>{words}</span>
            <span class="button-group push">
                {first.map(|href| {
                    view! { <a class="button small" href=href><Icon glyph=Glyph::LEFT flip=true/>{t.first_page}</a> }
                })}
                {next.map(|href| {
                    view! {
                        <a class="button small" href=href rel="next">
                            {t.next_page}
                            <Icon glyph=Glyph::RIGHT flip=true/>
                        </a>
                    }
                })}
            </span>
        </nav>
    }
}
