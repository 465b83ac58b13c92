//! The calls, newest first.

use super::{
    filter::link,
    server::{Asked, RequestLogData},
    text::text,
    words,
};
use crate::{
    format,
    i18n::{fill, plural},
    routes,
    ui::{Pager, StateMark, Table, Time, of_page, text::text as shared_text, url},
};
use leptos::prelude::*;
use leptos_router::params::ParamsMap;
use types::{Timestamp, request_log::LoggedRequest};

#[component]
pub fn List(
    query: Memo<ParamsMap>,
    asked: Memo<Asked>,
    selected: Memo<String>,
    now: Signal<RequestLogData>,
) -> impl IntoView {
    let t = text();
    let rows = Memo::new(move |_| now.with(|now| now.page.data.clone()));
    let row = move |request: LoggedRequest| {
        let as_of = now.with_untracked(|now| now.as_of);
        view! { <Row request=request query=query selected=selected as_of=as_of/> }
    };
    view! {
        <Table label=t.title>
            <thead>
                <tr>
                    <th scope="col">{t.request}</th>
                    <th scope="col" class="state-cell">{t.status}</th>
                    <th scope="col" class="number wide-only">{t.duration}</th>
                    <th scope="col" class="roomy-only">{t.ip}</th>
                    <th scope="col" class="roomy-only">{t.key}</th>
                    <th scope="col" class="number roomy-only">{t.entries}</th>
                    <th scope="col" class="number" aria-sort="descending">{t.when}</th>
                </tr>
            </thead>
            <tbody>
                <For each=move || rows.get() key=|request| request.id children=row/>
            </tbody>
        </Table>
        {move || pages(query, asked, now)}
    }
}

#[component]
fn Row(
    request: LoggedRequest,
    query: Memo<ParamsMap>,
    selected: Memo<String>,
    as_of: Timestamp,
) -> impl IntoView {
    let none = || shared_text().none.to_string();
    let id = request.id.to_string();
    let href = {
        let id = id.clone();
        move || query.with(|query| url::with(routes::REQUEST_LOG, query, &[("request", &id)]))
    };
    let is_open = Memo::new(move |_| selected.with(|selected| *selected == id));
    let took = fill(
        text().milliseconds,
        &[("n", &format::number(request.duration_ms))],
    );
    let entries = words::entries(&request);
    let under = [Some(took.clone()), request.key_prefix.clone(), entries.clone()]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ");
    view! {
        <tr aria-selected=move || is_open.get().then_some("true")>
            <td class="first-cell grow">
                <a class="row-link" href=href aria-current=move || is_open.get().then_some("true")>
                    <span class="verb">{request.method}</span>
                    " "
                    <span class="mono">{request.url}</span>
                </a>
                <span class="under meta">{under}</span>
            </td>
            <td class="state-cell">
                <StateMark mark=words::mark(request.status) word=words::status(request.status)/>
            </td>
            <td class="number wide-only second">{took}</td>
            <td class="roomy-only second mono">{if request.ip.is_empty() { none() } else { request.ip }}</td>
            <td class="roomy-only second mono">{request.key_prefix.unwrap_or_else(none)}</td>
            <td class="number roomy-only second">{entries.unwrap_or_else(none)}</td>
            <td class="number"><Time at=request.at as_of=as_of/></td>
        </tr>
    }
}

fn pages(query: Memo<ParamsMap>, asked: Memo<Asked>, now: Signal<RequestLogData>) -> impl IntoView {
    let (shown, next) = now.with(|now| (now.page.data.len() as i64, now.page.next.clone()));
    let to = |cursor: &str| query.with(|query| link(query, &[("cursor", cursor)]));
    let first = (!asked.with(|asked| asked.cursor.is_empty())).then(|| to(""));
    let next = next.map(|cursor| to(&cursor));
    let shown = of_page(plural(shown, text().shown), first.as_ref(), next.as_ref());
    view! { <Pager shown=shown first=first next=next label=text().pages/> }
}
