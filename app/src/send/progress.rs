//! How far a batch is. Every valid row is in exactly one of these numbers.

use super::{server::BatchData, text::text};
use crate::{
    format,
    i18n::fill,
    queue::session_name,
    routes,
    ui::{AsOf, Exact, LinkButton, Mark, Note, Progress as Bar, StateMark, message_mark, message_word, url},
};
use leptos::prelude::*;
use types::{
    Timestamp,
    batches::{BatchCounts, BatchState},
    messages::MessageState as S,
};

#[component]
pub fn Progress(data: Memo<BatchData>) -> impl IntoView {
    let t = text();
    move || {
        let detail = data.with(|data| data.detail.clone());
        let counts = detail.counts;
        let all = detail.batch.valid;
        let settled = all - counts.waiting() - counts.processing - counts.uncertain;
        let words = fill(
            t.settled_of,
            &[("n", &format::number(settled)), ("all", &format::number(all))],
        );
        let problem = detail.batch.problem.map(|problem| {
            let go_on = (detail.batch.state == BatchState::Queueing).then_some(t.tried_again);
            view! { <Note mark=Mark::Warn alert=true>{problem} " " {go_on}</Note> }
        });
        view! {
            {problem}
            <div class="stack">
                <p role="status">{words} " " <span class="meta"><AsOf at=detail.as_of/></span></p>
                <Bar value=settled max=all label=t.settled/>
            </div>
            <dl class="card stats">{numbers(counts)}</dl>
            {(counts.waiting() > 0).then(|| view! { <Onwards data=data/> })}
        }
    }
}

/// When the rest has left, through what, and where it can be seen one by one.
#[component]
fn Onwards(data: Memo<BatchData>) -> impl IntoView {
    let t = text();
    let BatchData { detail, sessions } = data.get();
    let session = detail.batch.session;
    let through = match session {
        Some(id) => fill(t.how_named, &[("session", &session_name(Some(id), &sessions))]),
        None => t.how_automatic.to_owned(),
    };
    let href = match session {
        Some(id) => url::href(routes::QUEUE, &[("session", &id.to_string())]),
        None => routes::QUEUE.to_owned(),
    };
    view! {
        <div class="stack">
            <p>{through}</p>
            <Ends at=detail.ends_at/>
            <p class="row"><LinkButton href=href small=true>{t.see_queue}</LinkButton></p>
        </div>
    }
}

/// When the last message leaves, by expectation.
#[component]
pub fn Ends(at: Option<Timestamp>) -> impl IntoView {
    let t = text();
    match at {
        Some(at) => view! { <p>{t.ends_about} " " <Exact at=at/></p> }.into_any(),
        None => view! { <p>{t.ends_unknown}</p> }.into_any(),
    }
}

fn numbers(counts: BatchCounts) -> impl IntoView {
    let t = text();
    let word = |state: S| (message_mark(state), message_word(state));
    let all = [
        ((Mark::Work, t.to_queue), counts.to_queue, false),
        (word(S::Pending), counts.pending, true),
        (word(S::Processing), counts.processing, false),
        (word(S::Sent), counts.sent, true),
        (word(S::Delivered), counts.delivered, true),
        (word(S::Read), counts.read, true),
        (word(S::Failed), counts.failed, true),
        (word(S::Uncertain), counts.uncertain, true),
        (word(S::Cancelled), counts.cancelled, true),
        ((Mark::Off, t.left_out), counts.left_out, false),
        ((Mark::Bad, t.refused), counts.refused, false),
    ];
    all.into_iter()
        .filter(|(_, n, always)| *always || *n > 0)
        .map(|((mark, word), n, _)| {
            view! {
                <div class="stat">
                    <dt>
                        {if n > 0 {
                            view! { <StateMark mark=mark word=word/> }.into_any()
                        } else {
                            word.into_any()
                        }}
                    </dt>
                    <dd>{format::number(n)}</dd>
                </div>
            }
        })
        .collect_view()
}
