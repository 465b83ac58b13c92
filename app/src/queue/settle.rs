//! An uncertain message: what is known, when WhatsApp is asked again, and settling it by hand.

use super::{text::text, verbs::EntryActions};
use crate::{
    frame::can,
    ui::{Button, Mark, Note},
};
use leptos::prelude::*;
use types::{
    Permission,
    messages::{MessageState, QueueEntry, Settled},
};

/// Nothing for an entry in any other state.
#[component]
pub fn Settle(entry: QueueEntry, actions: EntryActions) -> impl IntoView {
    let t = text();
    if entry.state != MessageState::Uncertain {
        return ().into_any();
    }
    let id = entry.id.to_string();
    let by_hand = can(Permission::QueueManage).then(|| {
        view! {
            <p>{t.settle_why}</p>
            <div class="row wrap">
                <Outcome id=id.clone() outcome=Settled::Sent word=t.settle_sent actions=actions/>
                <Outcome id=id outcome=Settled::Failed word=t.settle_failed actions=actions/>
            </div>
        }
    });
    view! {
        <Note mark=Mark::Unsure>
            <div class="stack">
                <p>{t.asked_again}</p>
                {by_hand}
            </div>
        </Note>
    }
    .into_any()
}

#[component]
fn Outcome(id: String, outcome: Settled, word: &'static str, actions: EntryActions) -> impl IntoView {
    view! {
        <ActionForm action=actions.settle>
            <input type="hidden" name="id" value=id/>
            <input type="hidden" name="outcome" value=outcome.name()/>
            <Button submit=true busy=actions.settle.pending()>{word}</Button>
        </ActionForm>
    }
}
