//! Where an opened entry stands, in one line: when it leaves and what decides that, or what
//! became of it.

use super::{gates::deciding, latest::PageClock, list::LeavesAt, text::text, words::Leaves};
use crate::{
    format,
    frame::use_zone,
    i18n::{fill, plural},
    ui::{Pill, message_mark, message_word},
};
use leptos::prelude::*;
use types::{
    Timestamp, Zone,
    messages::{MessageState, QueueDetail},
};

/// The one line a person came for.
#[component]
pub fn Answer(detail: QueueDetail) -> impl IntoView {
    let t = text();
    let (zone, as_of) = (use_zone(), detail.as_of);
    let entry = &detail.entry;
    let decides = deciding(&detail.gates).map(|gate| gate.why.clone());
    let (label, when, sentence) = match entry.state {
        MessageState::Pending => match entry.leaves_at {
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
    let ahead = (detail.ahead > 0).then(|| plural(detail.ahead, t.ahead));
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
        </div>
    }
}

/// `14:22:08` today, else with its day.
pub fn moment(at: Timestamp, as_of: Timestamp, zone: &Zone) -> String {
    if format::iso_date(at, zone) == format::iso_date(as_of, zone) {
        format::clock(at, zone)
    } else {
        format::exact(at, zone)
    }
}
