//! Where an opened entry stands, in one line: when it leaves and what decides that, or what
//! became of it.

use super::{gates::deciding, latest::PageClock, list::LeavesAt, text::text, words::Leaves};
use crate::{
    format,
    frame::use_zone,
    i18n::{fill, plural},
    routes,
    ui::{LinkButton, Pill, message_mark, message_word, url},
};
use leptos::prelude::*;
use types::{
    Timestamp, Zone,
    messages::{MessageState, QueueDetail},
    pacing::GateKind,
};

/// The one line a person came for.
#[component]
pub fn Answer(detail: QueueDetail) -> impl IntoView {
    let t = text();
    let (zone, as_of) = (use_zone(), detail.as_of);
    let entry = &detail.entry;
    let gate = deciding(&detail.gates);
    let kind = gate.map(|gate| gate.gate);
    let decides = gate.map(|gate| gate.why.clone());
    let (label, when, sentence) = match entry.state {
        MessageState::Pending => match entry.leaves_at {
            Some(at) if at > as_of => {
                let why = decides.unwrap_or_else(|| t.among_others.into());
                (t.leaves_at, Some(moment(at, as_of, &zone)), Some(why))
            }
            _ if decides.is_none() => (t.leaves, Some(t.leaves_now.into()), Some(t.next_turn.to_string())),
            Some(at) => (t.leaves_at, Some(moment(at, as_of, &zone)), decides),
            None => (t.leaves, Some(t.leaves_unknown.into()), decides),
        },
        MessageState::Processing => (t.on_the_wire, None, Some(t.processing_why.to_string())),
        MessageState::Uncertain => (
            message_word(entry.state),
            None,
            Some(entry.error.clone().unwrap_or_else(|| t.uncertain_why.into())),
        ),
        state => (
            message_word(state),
            entry.settled_at.map(|at| moment(at, as_of, &zone)),
            entry.error.clone(),
        ),
    };
    let through = detail
        .session_name
        .as_ref()
        .map(|name| fill(t.through, &[("session", name)]));
    let comma = if through.is_some() { ", " } else { "" };
    // The sentence of the turn says how many go first.
    let ahead = (detail.ahead > 0 && kind != Some(GateKind::Turn)).then(|| plural(detail.ahead, t.ahead));
    // What waits for a session is mended there.
    let remedy = (entry.state == MessageState::Pending && kind == Some(GateKind::Session)).then(|| {
        let (href, word) = match entry.session {
            Some(id) => (
                url::href(routes::SESSIONS, &[("id", &id.to_string())]),
                t.see_session,
            ),
            None => (routes::SESSIONS.to_owned(), t.see_sessions),
        };
        view! { <p><LinkButton href=href small=true>{word}</LinkButton></p> }
    });
    let relative = entry
        .leaves_at
        .filter(|at| entry.state == MessageState::Pending && *at > as_of)
        .map(|at| {
            let clock = PageClock::new(move || as_of);
            view! { <LeavesAt leaves=Leaves::At(at) clock=clock/> {comma} }
        });
    view! {
        <div class="answer">
            <p class="row wrap">
                <Pill mark=message_mark(entry.state) word=message_word(entry.state)/>
                <span class="meta">{(label != message_word(entry.state)).then_some(label)}</span>
            </p>
            {when.map(|when| view! { <p class="when">{when}</p> })}
            <p class="second">{relative} {through}</p>
            {ahead.map(|ahead| view! { <p class="second">{ahead}</p> })}
            {sentence.map(|sentence| view! { <p class="second">{sentence}</p> })}
            {remedy}
        </div>
    }
}

/// `14:22:08` today, `Tomorrow, 08:00:00`, else with its day.
pub fn moment(at: Timestamp, as_of: Timestamp, zone: &Zone) -> String {
    const DAY: i64 = 86_400_000;
    let day = format::iso_date(at, zone);
    if day == format::iso_date(as_of, zone) {
        format::clock(at, zone)
    } else if day == format::iso_date(as_of + DAY, zone) {
        fill(text().tomorrow, &[("time", &format::clock(at, zone))])
    } else {
        format::exact(at, zone)
    }
}
