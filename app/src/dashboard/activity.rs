//! What happened last, newest first, each with a way to it.

use super::text::text;
use crate::{
    alerts::{severity_mark, severity_word},
    format,
    frame::use_zone,
    i18n::fill,
    routes,
    send::batch_state,
    ui::{Mark, StateMark, session_mark, session_word, url},
};
use leptos::prelude::*;
use types::{
    Timestamp,
    batches::Batch,
    chats::Chat,
    dashboard::{Happening, Recent},
};

/// What this part shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Feed {
    pub recent: Vec<Recent>,
    /// The day it is, `YYYY-MM-DD`.
    pub today: String,
}

#[component]
pub fn Activity(feed: Feed) -> impl IntoView {
    let t = text();
    if feed.recent.is_empty() {
        return view! { <p class="body second">{t.nothing_happened}</p> }.into_any();
    }
    let today = feed.today;
    let lines = feed
        .recent
        .into_iter()
        .map(|one| view! { <Line one=one today=today.clone()/> });
    view! { <ul class="feed">{lines.collect_view()}</ul> }.into_any()
}

/// One line: who or what, a sentence, and at its end what kind of thing it is or how it stands.
struct Told {
    href: String,
    /// What the link is called.
    name: String,
    sentence: String,
    state: Option<(Mark, &'static str)>,
    kind: &'static str,
}

#[component]
fn Line(one: Recent, today: String) -> impl IntoView {
    let told = match one.what {
        Happening::Chat(chat) => of_chat(&chat),
        Happening::Batch(batch) => of_batch(&batch),
        Happening::Session {
            session,
            name,
            state,
            reason,
        } => Told {
            href: url::href(routes::SESSIONS, &[("id", &session.to_string())]),
            name,
            sentence: reason.unwrap_or_default(),
            state: Some((session_mark(state), session_word(state))),
            kind: text().session,
        },
        Happening::Alert {
            severity,
            happened,
            action,
            stands,
        } => {
            let state = if stands {
                (severity_mark(severity), severity_word(severity))
            } else {
                (Mark::Ok, text().over)
            };
            Told {
                href: action.href,
                name: happened,
                sentence: String::new(),
                state: Some(state),
                kind: text().alert,
            }
        }
    };
    let title = Some(told.sentence.clone()).filter(|sentence| !sentence.is_empty());
    let end = match told.state {
        Some((mark, word)) => view! { <StateMark mark=mark word=word/> }.into_any(),
        None => view! { <span class="meta">{told.kind}</span> }.into_any(),
    };
    view! {
        <li>
            <When at=one.at today=today/>
            <span class="clip" title=title>
                <a href=told.href>{told.name}</a> " " <span class="second">{told.sentence}</span>
            </span>
            {end}
        </li>
    }
}

/// The clock of today, the day of anything else.
#[component]
fn When(at: Timestamp, today: String) -> impl IntoView {
    let zone = use_zone();
    let day = format::iso_date(at, &zone);
    let word = if day == today {
        format::clock_minutes(at, &zone)
    } else {
        format::short_day(&day)
    };
    view! {
        <time class="meta" datetime=at.rfc3339() title=format::exact_with_zone(at, &zone)>{word}</time>
    }
}

fn of_chat(chat: &Chat) -> Told {
    let t = text();
    let name = chat
        .name
        .clone()
        .unwrap_or_else(|| format::phone(&chat.with.number()));
    let (with_text, without) = if chat.last_from_me {
        (t.was_written, t.was_sent)
    } else {
        (t.wrote, t.sent_something)
    };
    let sentence = match chat.last_text.as_deref().filter(|words| !words.trim().is_empty()) {
        Some(words) => fill(with_text, &[("text", words)]),
        None => without.into(),
    };
    let (session, id) = (chat.session.to_string(), chat.id.to_string());
    Told {
        href: url::href(routes::VIEWER, &[("session", &session), ("chat", &id)]),
        name,
        sentence,
        state: None,
        kind: t.chat,
    }
}

fn of_batch(batch: &Batch) -> Told {
    let t = text();
    let number = format::number;
    let values = [("n", &*number(batch.accepted)), ("all", &*number(batch.valid))];
    Told {
        href: routes::batch(batch.id),
        name: batch.name.clone(),
        sentence: match &batch.problem {
            Some(problem) => problem.clone(),
            None => fill(t.queued_of, &values),
        },
        state: Some(batch_state(batch)),
        kind: t.batch,
    }
}
