//! The table of sessions.

use super::{
    menu::SessionMenu,
    server::{OrderSession, SessionsData, Usage},
    text::text,
    usage::{AgeCell, UsageCell},
};
use crate::{
    format,
    frame::can,
    routes,
    ui::{
        EmptyState, Glyph, Kind, LinkButton, Phone, StateMark, Table, Time, session_mark, session_word, url,
    },
};
use leptos::prelude::*;
use types::{
    Permission, Timestamp,
    sessions::{Session, SessionState},
};

#[component]
pub fn SessionTable(
    data: SessionsData,
    chosen: Memo<String>,
    order: ServerAction<OrderSession>,
) -> impl IntoView {
    let t = text();
    if data.sessions.is_empty() {
        return view! { <NoSession/> }.into_any();
    }
    let as_of = data.as_of;
    let usage = data.usage;
    let rows = data
        .sessions
        .into_iter()
        .map(|session| {
            let usage = usage.iter().find(|usage| usage.session == session.id).cloned();
            view! { <Row session=session usage=usage as_of=as_of chosen=chosen order=order/> }
        })
        .collect_view();
    view! {
        <Table label=t.list>
            <thead>
                <tr>
                    <th>{t.number}</th>
                    <th>{t.state}</th>
                    <th class="middle-only">{t.today_of}</th>
                    <th class="number roomy-only">{t.sent}</th>
                    <th class="number roomy-only">{t.failed}</th>
                    <th class="number middle-only">{t.queued}</th>
                    <th class="roomy-only">{t.age}</th>
                    <th class="wide-only">{t.last_sent}</th>
                    <th><span class="out-of-sight">{t.actions}</span></th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </Table>
    }
    .into_any()
}

#[component]
fn NoSession() -> impl IntoView {
    let t = text();
    view! {
        <EmptyState title=t.empty sentence=t.empty_why>
            {can(Permission::SessionsManage)
                .then(|| {
                    view! {
                        <LinkButton href=url::href(routes::SESSIONS, &[("add", "1")]) icon=Glyph::PLUS>
                            {t.add.open}
                        </LinkButton>
                    }
                })}
        </EmptyState>
    }
}

#[component]
fn Row(
    session: Session,
    usage: Option<Usage>,
    as_of: Timestamp,
    chosen: Memo<String>,
    order: ServerAction<OrderSession>,
) -> impl IntoView {
    let t = text();
    let id = session.id.to_string();
    let href = url::href(routes::SESSIONS, &[("id", &id)]);
    let last = match session.last_sent_at {
        Some(at) => view! { <Time at=at as_of=as_of/> }.into_any(),
        None => view! { <span class="quiet-text">{t.never}</span> }.into_any(),
    };
    view! {
        <tr aria-selected=move || chosen.with(|chosen| *chosen == id).then_some("true")>
            <td>
                <a class="row-link" href=href data-noscroll="true">{session.name.clone()}</a>
                <br/>
                <Number number=session.number.clone()/>
            </td>
            <td><StateCell session=session.clone() as_of=as_of/></td>
            <td class="middle-only"><UsageCell session=session.clone() usage=usage/></td>
            <td class="number roomy-only">{format::number(session.sent)}</td>
            <td class="number roomy-only">{format::number(session.failed)}</td>
            <td class="number middle-only">{format::number(session.queued)}</td>
            <td class="roomy-only"><AgeCell session=session.clone() as_of=as_of/></td>
            <td class="wide-only">{last}</td>
            <td><RowActions session=session order=order/></td>
        </tr>
    }
}

#[component]
fn Number(number: Option<String>) -> impl IntoView {
    match number {
        Some(number) => view! { <span class="quiet-text"><Phone number=number/></span> }.into_any(),
        None => view! { <span class="quiet-text">{text().not_linked}</span> }.into_any(),
    }
}

/// The state in words, since when, and why.
#[component]
fn StateCell(session: Session, as_of: Timestamp) -> impl IntoView {
    let reason = session.reason.map(|reason| {
        view! {
            " · "
            {reason}
        }
    });
    view! {
        <StateMark mark=session_mark(session.state) word=session_word(session.state)/>
        <p class="meta why">
            <Time at=session.state_since as_of=as_of/> {reason}
        </p>
    }
}

/// The one thing to do next where there is one, and the menu.
#[component]
fn RowActions(session: Session, order: ServerAction<OrderSession>) -> impl IntoView {
    let id = session.id.to_string();
    let waits = session.state == SessionState::Linking && can(Permission::SessionsManage);
    view! {
        <span class="row">
            {waits
                .then(|| {
                    view! {
                        <LinkButton
                            href=url::href(routes::SESSIONS, &[("id", &id), ("pair", &id)])
                            kind=Kind::Plain
                            small=true
                            attr:data-noscroll="true"
                        >
                            {text().link_phone}
                        </LinkButton>
                    }
                })} <SessionMenu session=session order=order/>
        </span>
    }
}
