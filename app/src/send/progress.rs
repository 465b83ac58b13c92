//! How far a batch is. Every valid row is in exactly one of these numbers.

use super::{server::BatchData, text::text};
use crate::{
    format,
    i18n::fill,
    ui::{AsOf, Mark, Note, Progress as Bar, StateMark, message_mark, message_word},
};
use leptos::prelude::*;
use types::{
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
        }
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
                    <dt><StateMark mark=mark word=word/></dt>
                    <dd>{format::number(n)}</dd>
                </div>
            }
        })
        .collect_view()
}
