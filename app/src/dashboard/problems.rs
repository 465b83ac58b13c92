//! The first line of the page: is anything wrong?

use super::text::text;
use crate::{
    alerts::{severity_mark, severity_word, verb_word},
    i18n::{fill, plural},
    routes,
    ui::{Glyph, Icon, Mark, StateMark, message_mark, message_word, session_mark, session_word, url},
};
use leptos::prelude::*;
use types::{
    dashboard::{Dashboard, Problem},
    messages::MessageState,
};

/// What this part shows, so that it is drawn again only when that changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Health {
    problems: Vec<Problem>,
    sessions: i64,
    connected: i64,
}

impl From<&Dashboard> for Health {
    fn from(all: &Dashboard) -> Self {
        Self {
            problems: all.problems.clone(),
            sessions: all.numbers.sessions,
            connected: all.numbers.connected,
        }
    }
}

#[component]
pub fn Problems(health: Health) -> impl IntoView {
    if health.problems.is_empty() {
        view! { <Calm sessions=health.sessions connected=health.connected/> }.into_any()
    } else {
        let count = plural(health.problems.len() as i64, text().problems);
        let lines = health
            .problems
            .into_iter()
            .map(|problem| view! { <Line problem=problem/> });
        view! {
            <section class="wrong" aria-labelledby="wrong">
                <h2 id="wrong">
                    <StateMark mark=Mark::Warn word=count/>
                </h2>
                <ul>{lines.collect_view()}</ul>
            </section>
        }
        .into_any()
    }
}

/// All is well, or there is nothing yet that could be.
#[component]
fn Calm(sessions: i64, connected: i64) -> impl IntoView {
    let t = text();
    let (mark, word, sentence) = if connected > 0 {
        (Mark::Ok, t.well, plural(connected, t.well_why))
    } else if sessions > 0 {
        (Mark::Off, t.idle, t.idle_why.into())
    } else {
        (Mark::Off, t.fresh, t.fresh_why.into())
    };
    view! {
        <section class="well" aria-label=t.state>
            <StateMark mark=mark word=word/>
            <span class="second">{sentence}</span>
        </section>
    }
}

#[component]
fn Line(problem: Problem) -> impl IntoView {
    let t = text();
    let (href, mark, word, name, what, action) = match problem {
        Problem::SessionDown {
            session,
            name,
            state,
            reason,
        } => (
            url::href(routes::SESSIONS, &[("id", &session.to_string())]),
            session_mark(state),
            session_word(state),
            Some(name),
            reason.unwrap_or_else(|| t.session_down.into()),
            t.see_session,
        ),
        Problem::Uncertain { count } => (
            url::href(routes::QUEUE, &[("state", MessageState::Uncertain.name())]),
            message_mark(MessageState::Uncertain),
            message_word(MessageState::Uncertain),
            None,
            plural(count, t.uncertain),
            t.see_queue,
        ),
        Problem::Failed { count, day } => (
            url::href(
                routes::HISTORY,
                &[("start", &day), ("state", MessageState::Failed.name())],
            ),
            message_mark(MessageState::Failed),
            message_word(MessageState::Failed),
            None,
            plural(count, t.failed_today),
            t.see_failed,
        ),
        Problem::NobodySends { waiting } => (
            routes::SESSIONS.into(),
            Mark::Bad,
            t.stalled,
            None,
            plural(waiting, t.nobody_sends),
            t.see_sessions,
        ),
        Problem::Alert {
            severity,
            happened,
            action,
            ..
        } => (
            action.href,
            severity_mark(severity),
            severity_word(severity),
            None,
            happened,
            verb_word(action.verb),
        ),
    };
    let name = name.map(|name| fill(t.named, &[("name", &name)]));
    view! {
        <li>
            <a href=href>
                <StateMark mark=mark word=word/>
                <span class="what">{name.map(|name| view! { <b>{name}</b> " " })} {what}</span>
                <span class="do">{action} <Icon glyph=Glyph::ARROW small=true flip=true/></span>
            </a>
        </li>
    }
}
