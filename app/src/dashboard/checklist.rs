//! The first steps, until they are done.

use super::text::text;
use crate::{
    i18n::fill,
    queue::FirstMessage,
    routes,
    ui::{Mark, StateMark},
};
use leptos::prelude::*;
use types::dashboard::Checklist;

pub fn is_done(list: Checklist) -> bool {
    list.session_connected && list.key_used && list.first_message_sent
}

fn count(list: Checklist) -> usize {
    [list.session_connected, list.key_used, list.first_message_sent]
        .into_iter()
        .filter(|done| *done)
        .count()
}

#[component]
pub fn FirstSteps(list: Checklist, public_url: String) -> impl IntoView {
    let t = text();
    let done = fill(t.steps_done, &[("n", &count(list).to_string()), ("all", "3")]);
    let command = (!(list.first_message_sent && list.key_used)).then(|| {
        view! {
            <p class="second">
                {t.step_message_how} " " <a href=routes::KEYS>{t.to_keys}</a>
            </p>
            <FirstMessage public_url=public_url id="first-curl"/>
        }
    });
    view! {
        <section class="card first-steps" aria-labelledby="first-steps">
            <header>
                <h2 id="first-steps">{t.steps}</h2>
                <span class="meta push">{done}</span>
            </header>
            <ol class="body stack">
                <Step done=list.session_connected word=t.step_session>
                    {(!list.session_connected).then(|| {
                        view! {
                            <p class="second">
                                {t.step_session_how} " " <a href=routes::SESSIONS>{t.to_sessions}</a>
                            </p>
                        }
                    })}
                </Step>
                <Step done=list.key_used word=t.step_key>
                    {(!list.key_used && list.first_message_sent).then(|| {
                        view! { <p class="second">{t.step_key_how}</p> }
                    })}
                </Step>
                <Step done=list.first_message_sent word=t.step_message>{command}</Step>
            </ol>
        </section>
    }
}

#[component]
fn Step(done: bool, word: &'static str, children: Children) -> impl IntoView {
    let t = text();
    let (mark, state) = if done {
        (Mark::Ok, t.done)
    } else {
        (Mark::Wait, t.to_do)
    };
    view! {
        <li class="stack">
            <p class="row">
                <b>{word}</b>
                <span class="push"><StateMark mark=mark word=state/></span>
            </p>
            {children()}
        </li>
    }
}
