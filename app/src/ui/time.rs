//! Moments and phone numbers as elements. The zone is the organization's, from the frame.

use super::text::text;
use crate::{browser::Elapsed, format, frame::use_zone, i18n::fill};
use leptos::prelude::*;
use types::Timestamp;

/// `4 min ago`, with the exact moment on hover. Moves on by itself.
#[component]
pub fn Time(
    at: Timestamp,
    /// When the server answered: what the distance is measured from.
    as_of: Timestamp,
) -> impl IntoView {
    let zone = use_zone();
    let elapsed = Elapsed::since_now();
    // The words change every few seconds at most, so the rows of a long list need not look oftener.
    let step = Memo::new(move |_| elapsed.get() / 5_000 * 5_000);
    let title = format::exact_with_zone(at, &zone);
    view! {
        <time datetime=at.rfc3339() title=title>
            {move || format::relative(at, as_of + step.get(), &zone)}
        </time>
    }
}

/// `20 Nov 2026, 14:03:14`.
#[component]
pub fn Exact(at: Timestamp) -> impl IntoView {
    let zone = use_zone();
    view! {
        <time datetime=at.rfc3339() title=format::exact_with_zone(at, &zone)>
            {format::exact(at, &zone)}
        </time>
    }
}

/// `As of 14:03:22`.
#[component]
pub fn AsOf(at: Timestamp) -> impl IntoView {
    let zone = use_zone();
    view! {
        <time datetime=at.rfc3339() title=format::exact_with_zone(at, &zone)>
            {fill(text().as_of, &[("time", &format::clock(at, &zone))])}
        </time>
    }
}

/// `0:42`, running down to a moment; stays at zero.
#[component]
pub fn Countdown(to: Timestamp, as_of: Timestamp) -> impl IntoView {
    let elapsed = Elapsed::since_now();
    view! { <span class="number" role="timer">{move || format::countdown(to - (as_of + elapsed.get()))}</span> }
}

/// `+62 811-0000-0142` of digits.
#[component]
pub fn Phone(#[prop(into)] number: String) -> impl IntoView {
    view! { <span class="mono">{format::phone(&number)}</span> }
}
