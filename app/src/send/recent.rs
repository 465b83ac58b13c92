//! The batches there were.

use super::text::text;
use crate::{
    format,
    i18n::fill,
    routes,
    ui::{Mark, Pager, StateMark, Table, Time, url},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use types::{
    Page, Timestamp,
    batches::{Batch, BatchState},
};

/// How far a batch is, in a mark and a word.
pub fn state(batch: &Batch) -> (Mark, &'static str) {
    let t = text();
    match batch.state {
        BatchState::Draft => (Mark::Wait, t.draft),
        BatchState::Queueing if batch.problem.is_some() => (Mark::Warn, t.stalled),
        BatchState::Queueing => (Mark::Work, t.queueing),
        BatchState::Queued => (Mark::Ok, t.all_queued),
        BatchState::Cancelled => (Mark::Off, t.cancelled_batch),
    }
}

#[component]
pub fn Recent(recent: Memo<(Page<Batch>, Timestamp)>) -> impl IntoView {
    let t = text();
    let query = use_query_map();
    let rows = move || {
        let (page, as_of) = recent.get();
        page.data
            .into_iter()
            .map(|batch| view! { <Row batch=batch as_of=as_of/> })
            .collect_view()
    };
    let pager = move || {
        let (shown, next) = recent.with(|(page, _)| (page.data.len(), page.next.clone()));
        let first = query.with(|query| query.get("cursor").is_some());
        let first = first.then(|| routes::SEND_MANY.to_owned());
        let next = next.map(|next| url::href(routes::SEND_MANY, &[("cursor", &next)]));
        let shown = fill(t.shown, &[("n", &format::number(shown as i64))]);
        (first.is_some() || next.is_some())
            .then(|| view! { <Pager shown=shown first=first next=next label=t.batches/> })
    };
    view! {
        <section class="stack" hidden=move || recent.with(|(page, _)| page.data.is_empty())>
            <h2>{t.batches}</h2>
            <Table label=t.batches>
                <thead>
                    <tr>
                        <th>{t.name}</th>
                        <th>{t.state}</th>
                        <th class="number">{t.rows}</th>
                        <th class="number roomy-only">{t.accepted}</th>
                        <th class="roomy-only">{t.made_by}</th>
                        <th class="middle-only">{t.made}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </Table>
            {pager}
        </section>
    }
}

#[component]
fn Row(batch: Batch, as_of: Timestamp) -> impl IntoView {
    let (mark, word) = state(&batch);
    view! {
        <tr>
            <td class="grow"><a class="row-link" href=routes::batch(batch.id)>{batch.name}</a></td>
            <td><StateMark mark=mark word=word/></td>
            <td class="number">{format::number(batch.rows)}</td>
            <td class="number roomy-only">{format::number(batch.accepted)}</td>
            <td class="roomy-only">{batch.made_by.unwrap_or_else(|| crate::ui::text::text().none.to_owned())}</td>
            <td class="middle-only"><Time at=batch.created_at as_of=as_of/></td>
        </tr>
    }
}
