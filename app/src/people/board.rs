//! The desk with the product's name, and the board that gave it: cords that join two points.

use crate::ui::{Logo, text::text};
use leptos::prelude::*;

/// A point on the board.
type Jack = (i32, i32);

/// Where each cord begins and ends, how deep it hangs, and its tint.
const CORDS: [(Jack, Jack, i32, &str); 6] = [
    ((108, 132), (364, 276), 150, "a"),
    ((492, 60), (236, 420), 190, "b"),
    ((172, 492), (492, 348), 160, "c"),
    ((44, 348), (300, 708), 130, "b"),
    ((428, 564), (556, 708), 100, "a"),
    ((108, 636), (428, 780), 80, "c"),
];

/// A page before one is inside: the form at a desk beside the board.
#[component]
pub fn Door(
    /// The wider desk of the first run.
    #[prop(optional)]
    first: bool,
    /// What lies in front of the board.
    #[prop(optional, into)]
    hello: Option<ViewFn>,
    children: Children,
) -> impl IntoView {
    view! {
        <main class="door" class:first=first>
            <div class="desk">
                <p class="brand"><Logo/>{text().product}</p>
                {children()}
            </div>
            <div class="art">
                <Board/>
                {hello.map(|hello| hello.run())}
            </div>
        </main>
    }
}

/// Drawn from a grid and six cords, so that it costs no more than this.
#[component]
fn Board() -> impl IntoView {
    let ends: Vec<(i32, i32)> = CORDS.iter().flat_map(|(from, to, _, _)| [*from, *to]).collect();
    let cords = CORDS.iter().map(|((x1, y1), (x2, y2), depth, tint)| {
        let line = format!("M{x1} {y1}C{x1} {} {x2} {} {x2} {y2}", y1 + depth, y2 + depth);
        view! {
            <path class="cord shade" d=line.clone()></path>
            <path class=format!("cord {tint}") d=line></path>
        }
    });
    let plugs = ends.iter().map(|(x, y)| {
        view! {
            <circle class="plug" cx=x.to_string() cy=y.to_string() r="9"></circle>
            <circle class="lamp" cx=x.to_string() cy=(y - 22).to_string() r="3"></circle>
        }
    });
    view! {
        <svg class="board" viewBox="0 0 600 840" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
            <defs>
                <pattern id="jacks" width="64" height="72" x="12" y="24" patternUnits="userSpaceOnUse">
                    <circle class="jack" cx="32" cy="36" r="9"></circle>
                    <circle class="hole" cx="32" cy="36" r="3.5"></circle>
                </pattern>
            </defs>
            <rect width="600" height="840" fill="url(#jacks)"></rect>
            {cords.collect_view()}
            {plugs.collect_view()}
        </svg>
    }
}
