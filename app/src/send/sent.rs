//! The message that was just queued: where it is now and when it leaves.

use super::text::text;
use crate::{
    i18n::fill,
    live::use_live_refetch_if,
    queue::{open, recipient_words},
    routes,
    ui::{Countdown, LinkButton, Mark, Note, StateMark, message_mark, message_word, url},
};
use leptos::prelude::*;
use types::{
    events::EventType,
    messages::{MessageState, QueueDetail},
};

const CHANGES: &[EventType] = &[
    EventType::MessageQueued,
    EventType::MessageSent,
    EventType::MessageDelivered,
    EventType::MessageRead,
    EventType::MessageFailed,
    EventType::MessageUncertain,
    EventType::MessageCancelled,
];

#[component]
pub fn Sent(id: Memo<String>) -> impl IntoView {
    let entry = Resource::new(move || id.get(), open);
    use_live_refetch_if(CHANGES, entry, move || {
        id.try_with_untracked(|id| !id.is_empty()) == Some(true)
    });
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match entry.await {
                    Some(Ok(data)) => view! { <Queued detail=data.detail/> }.into_any(),
                    // It is in the queue, whether or not one may look there.
                    Some(Err(_)) => view! { <Note mark=Mark::Ok>{text().queued}</Note> }.into_any(),
                    None => ().into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Queued(detail: QueueDetail) -> impl IntoView {
    let t = text();
    let entry = detail.entry;
    let number = entry.queue_id.to_string();
    let to = recipient_words(&entry.recipient);
    let words = fill(t.queued_for, &[("number", &number), ("recipient", &to)]);
    let mark = match entry.state {
        MessageState::Failed => Mark::Bad,
        MessageState::Uncertain | MessageState::Cancelled => Mark::Warn,
        _ => Mark::Ok,
    };
    let now = match (entry.state, entry.leaves_at) {
        (MessageState::Pending, Some(at)) if at > detail.as_of => {
            view! { {t.leaves_in} " " <Countdown to=at as_of=detail.as_of/> }.into_any()
        }
        (MessageState::Pending, Some(_)) => t.leaves_now.into_any(),
        (MessageState::Pending, None) => t.leaves_later.into_any(),
        (state, _) => view! { <StateMark mark=message_mark(state) word=message_word(state)/> }.into_any(),
    };
    let link = if entry.state.is_open() {
        t.see_why
    } else {
        t.see_entry
    };
    let page = if entry.state.is_open() {
        routes::QUEUE
    } else {
        routes::HISTORY
    };
    let href = url::href(page, &[("entry", &entry.id.to_string())]);
    view! {
        <Note mark=mark>
            <p role="status"><b>{words}</b> " " {now}</p>
            {entry.error.map(|error| view! { <p>{error}</p> })}
            <p class="row"><LinkButton href=href small=true>{link}</LinkButton></p>
        </Note>
    }
}
