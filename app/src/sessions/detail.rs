//! The chosen session: its numbers and its last changes of state.

use super::{
    menu::SessionButtons,
    server::{OrderSession, SessionDetail},
    text::text,
    usage::advised,
};
use crate::{
    format,
    i18n::{fill, plural},
    routes,
    ui::{
        Exact, Glyph, Kind, LinkButton, Note, Phone, Pill, Time, session_mark, session_word,
        text::text as shared_text,
    },
};
use leptos::prelude::*;
use types::{
    Timestamp,
    sessions::{Channel, Session, Transition},
};

#[component]
pub fn Detail(detail: SessionDetail, order: ServerAction<OrderSession>) -> impl IntoView {
    let t = &text().detail;
    let SessionDetail {
        session,
        transitions,
        as_of,
    } = detail;
    let label = fill(t.label, &[("name", &session.name)]);
    let reason = session
        .reason
        .clone()
        .map(|reason| view! { <Note mark=session_mark(session.state)>{reason}</Note> });
    view! {
        <aside class="panel health" aria-label=label>
            <header>
                <h2 class="clip">{session.name.clone()}</h2>
                <Pill mark=session_mark(session.state) word=session_word(session.state)/>
                <span class="push">
                    <LinkButton
                        href=routes::SESSIONS.to_string()
                        kind=Kind::Quiet
                        icon=Glyph::CLOSE
                        label=shared_text().close
                        attr:data-noscroll="true"
                    />
                </span>
            </header>
            <div class="scroll stack" tabindex="0" role="region" aria-label=t.facts>
                {reason}
                <Facts session=session.clone() as_of=as_of/>
                <Changes transitions=transitions as_of=as_of/>
            </div>
            <SessionButtons session=session order=order/>
        </aside>
    }
}

#[component]
fn Facts(session: Session, as_of: Timestamp) -> impl IntoView {
    let t = text();
    let kind = match session.channel {
        Channel::Sandbox => view! { {t.detail.sandbox} " " <span class="meta">{t.detail.sandbox_why}</span> },
    };
    let number = match session.number.clone() {
        Some(number) => view! { <Phone number=number/> }.into_any(),
        None => t.not_linked.into_any(),
    };
    let last = match session.last_sent_at {
        Some(at) => view! { <Time at=at as_of=as_of/> }.into_any(),
        None => t.never.into_any(),
    };
    let linked = session.linked_at.map(|at| {
        view! {
            <dt>{t.detail.linked}</dt>
            <dd><Exact at=at/></dd>
        }
    });
    view! {
        <dl class="facts">
            <dt>{t.number}</dt>
            <dd>{number}</dd>
            <dt>{t.detail.kind}</dt>
            <dd>{kind}</dd>
            <dt>{t.sent_today}</dt>
            <dd>{format::number(session.sent_today)}</dd>
            <dt>{t.age}</dt>
            <dd>
                {plural(session.age_days(as_of), t.age_days)} " "
                <span class="meta">{advised(&session, as_of)}</span>
            </dd>
            <dt>{t.sent}</dt>
            <dd>{format::number(session.sent)}</dd>
            <dt>{t.failed}</dt>
            <dd>{format::number(session.failed)}</dd>
            <dt>{t.queued}</dt>
            <dd>{format::number(session.queued)}</dd>
            <dt>{t.last_sent}</dt>
            <dd>{last}</dd>
            {linked}
            <dt>{t.detail.created}</dt>
            <dd><Exact at=session.created_at/></dd>
        </dl>
    }
}

#[component]
fn Changes(transitions: Vec<Transition>, as_of: Timestamp) -> impl IntoView {
    /// More are not asked for.
    const SHOWN: usize = 50;
    let t = &text().detail;
    let hint = (transitions.len() >= SHOWN).then(|| view! { <p class="meta">{t.changes_hint}</p> });
    let list = if transitions.is_empty() {
        view! { <p class="second">{t.no_changes}</p> }.into_any()
    } else {
        let steps = transitions.into_iter().map(|change| {
            let reason = change
                .reason
                .map(|reason| view! { <br/><span class="second">{reason}</span> });
            view! {
                <li data-state=session_mark(change.state).name()>
                    <b>{session_word(change.state)}</b>
                    " "
                    <span class="meta"><Time at=change.at as_of=as_of/></span>
                    {reason}
                </li>
            }
        });
        view! {
            <ol class="steps">{steps.collect_view()}</ol>
            {hint}
        }
        .into_any()
    };
    view! {
        <section class="stack">
            <h3>{t.changes}</h3>
            {list}
        </section>
    }
}
