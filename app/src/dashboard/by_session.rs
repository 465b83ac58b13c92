//! Who sent how much in the period.

use super::text::text;
use crate::{
    format,
    i18n::plural,
    routes,
    ui::{LinkButton, Progress, Table, url},
};
use leptos::prelude::*;
use types::dashboard::{Period, SessionCount};

/// More sessions than these are in the table.
pub const SHOWN: usize = 8;

/// What this part shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Shares {
    pub sessions: Vec<SessionCount>,
    pub period: Period,
}

/// What the session is called; the rest has no name of its own.
fn name(share: &SessionCount) -> String {
    share.name.clone().unwrap_or_else(|| text().other_sessions.into())
}

#[component]
pub fn BySession(shares: Shares) -> impl IntoView {
    let t = text();
    let Shares { mut sessions, period } = shares;
    if sessions.is_empty() {
        return view! {
            <div class="body stack">
                <p class="second">{t.no_sessions}</p>
                <div class="row">
                    <LinkButton href=routes::SESSIONS.to_string()>{t.see_sessions}</LinkButton>
                </div>
            </div>
        }
        .into_any();
    }
    // The rest stays last, where it was put.
    sessions.sort_by_key(|share| (share.session.is_none(), std::cmp::Reverse(share.sent)));
    let max = sessions.iter().map(|share| share.sent).max().unwrap_or(0);
    let more = sessions.len().saturating_sub(SHOWN) as i64;
    let lines = sessions.iter().take(SHOWN).map(|share| {
        let name = name(share);
        let title = match share.session {
            Some(session) => {
                let session = session.to_string();
                let query = [
                    ("start", &*period.from),
                    ("end", &*period.until),
                    ("session", &*session),
                ];
                view! { <a class="clip" href=url::href(routes::HISTORY, &query)>{name.clone()}</a> }
                    .into_any()
            }
            None => view! { <span class="clip second">{name.clone()}</span> }.into_any(),
        };
        view! {
            <li class="limit">
                {title}
                <span>{format::number(share.sent)}</span>
                <Progress value=share.sent max=max label=name/>
            </li>
        }
    });
    view! {
        <ul class="body stack">{lines.collect_view()}</ul>
        {(more > 0).then(|| view! { <p class="meta more">{plural(more, t.more_in_table)}</p> })}
        <details>
            <summary class="button quiet small">{t.as_table}</summary>
            <Numbers sessions=sessions.clone()/>
        </details>
    }
    .into_any()
}

#[component]
fn Numbers(sessions: Vec<SessionCount>) -> impl IntoView {
    let t = text();
    let rows = sessions.into_iter().map(|share| {
        let delivered = format::percent(share.delivered, share.sent);
        let read = format::percent(share.read, share.sent);
        view! {
            <tr>
                <td class="grow">{name(&share)}</td>
                <td class="number">{format::number(share.sent)}</td>
                <td class="number">{delivered}</td>
                <td class="number">{read}</td>
                <td class="number">{format::number(share.failed)}</td>
                <td class="number">{format::number(share.received)}</td>
            </tr>
        }
    });
    view! {
        <Table label=t.by_session_table plain=true>
            <thead>
                <tr>
                    <th scope="col">{t.session}</th>
                    <th scope="col" class="number">{t.sent}</th>
                    <th scope="col" class="number">{t.delivered}</th>
                    <th scope="col" class="number">{t.read}</th>
                    <th scope="col" class="number">{t.failed_label}</th>
                    <th scope="col" class="number">{t.received}</th>
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </Table>
    }
}
