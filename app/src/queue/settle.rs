//! An uncertain message: what is known, when WhatsApp is asked again, and settling it by hand.

use super::{server::SessionChoice, text::text, verbs::EntryActions};
use crate::{
    frame::can,
    i18n::fill,
    routes,
    ui::{Button, LinkButton, Mark, Note, session_word, url},
};
use leptos::prelude::*;
use types::{
    Permission,
    messages::{MessageState, QueueEntry, Settled},
};

/// Nothing for an entry in any other state.
#[component]
pub fn Settle(entry: QueueEntry, sessions: Vec<SessionChoice>, actions: EntryActions) -> impl IntoView {
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
    // WhatsApp can be asked only through a session that is connected.
    let session = sessions.iter().find(|session| Some(session.id) == entry.session);
    let asked = match session.filter(|session| !session.state.can_send()) {
        None => view! { <p>{t.asked_again}</p> }.into_any(),
        Some(session) => {
            let href = url::href(routes::SESSIONS, &[("id", &session.id.to_string())]);
            let words = fill(
                t.cannot_ask,
                &[("session", &session.name), ("state", session_word(session.state))],
            );
            view! {
                <p>{words}</p>
                <p><LinkButton href=href small=true>{t.see_session}</LinkButton></p>
            }
            .into_any()
        }
    };
    view! {
        <Note mark=Mark::Unsure>
            <div class="stack">
                {asked}
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
