//! The sessions that may take an entry that named none, as the balancer sees them.

use super::{balancer_words::formula, text::text};
use crate::{
    routes,
    ui::{Mark, StateMark},
};
use leptos::prelude::*;
use types::pacing::Balance;

/// Nothing where there is nothing to choose.
#[component]
pub fn Candidates(candidates: Vec<Balance>) -> impl IntoView {
    let t = text();
    if candidates.is_empty() {
        return ().into_any();
    }
    let rows = candidates
        .into_iter()
        .enumerate()
        .map(|(place, one)| {
            let formula = formula(&one);
            let (mark, word) = match &one.skipped {
                Some(_) => (Mark::Off, t.candidate_skipped),
                None if place == 0 => (Mark::Ok, t.candidate_first),
                None => (Mark::Wait, t.candidate_next),
            };
            view! {
                <li>
                    <p class="row">
                        <b class="clip">{one.name}</b>
                        <span class="push"><StateMark mark=mark word=word/></span>
                    </p>
                    <p class="meta">{formula}</p>
                    {one.skipped.map(|why| view! { <p class="meta">{why}</p> })}
                </li>
            }
        })
        .collect_view();
    view! {
        <h3>{t.candidates}</h3>
        <ol class="candidates">{rows}</ol>
        <p class="meta"><a href=routes::BALANCER>{t.to_balancer}</a></p>
    }
    .into_any()
}
