//! How much of how much; and QR codes.

use super::Mark;
use crate::format;
use leptos::prelude::*;

/// A bar. Its numbers stand beside it, never only inside it.
#[component]
pub fn Progress(
    value: i64,
    max: i64,
    /// Colours the bar; the word stands elsewhere.
    #[prop(optional_no_strip, into)]
    mark: Option<Mark>,
    /// What is counted, for screen readers.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    view! {
        <progress
            class="bar"
            data-state=mark.map(Mark::name)
            value=value.to_string()
            max=max.max(1).to_string()
            aria-label=format!("{label}, {} / {}", format::number(value), format::number(max))
        ></progress>
    }
}

/// A name, `918 / 1,000`, and the bar under them.
#[component]
pub fn Limit(
    #[prop(into)] label: String,
    value: i64,
    max: i64,
    #[prop(optional_no_strip, into)] mark: Option<Mark>,
) -> impl IntoView {
    view! {
        <div class="limit">
            <span class="second">{label.clone()}</span>
            <span>{format!("{} / {}", format::number(value), format::number(max))}</span>
            <Progress value=value max=max mark=mark label=label/>
        </div>
    }
}

/// A QR code drawn on the server (`types::sessions::QrCode`), dark on white paper.
#[component]
pub fn QrSvg(
    /// The dark modules as one SVG path.
    #[prop(into)]
    path: String,
    /// Modules per side.
    size: u32,
    /// What it is for.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    // Two modules of quiet zone here, two more in the paper's padding.
    let side = size + 4;
    view! {
        <div class="qr-paper">
            <svg
                viewBox=format!("-2 -2 {side} {side}")
                role="img"
                aria-label=label
                shape-rendering="crispEdges"
            >
                <path d=path></path>
            </svg>
        </div>
    }
}
