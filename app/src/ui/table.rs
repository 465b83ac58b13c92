//! Tables and their pages.

use super::{Glyph, Icon, text::text};
use crate::i18n::fill;
use leptos::prelude::*;

/// A table that scrolls inside its place. Children: `<thead>` and `<tbody>`; never leave them out.
#[component]
pub fn Table(
    /// What it lists.
    #[prop(into)]
    label: String,
    /// Inside a card: its edges are the card's.
    #[prop(optional)]
    plain: bool,
    children: Children,
) -> impl IntoView {
    let class = if plain { "table plain" } else { "table" };
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label=label>
            <table class=class>{children()}</table>
        </div>
    }
}

/// How many a list shows, where that is not all of them.
pub fn of_page(shown: String, first: Option<&String>, next: Option<&String>) -> String {
    if first.is_none() && next.is_none() {
        return shown;
    }
    fill(text().on_this_page, &[("shown", &shown)])
}

/// Under a list: how many, back to the newest, on to older ones. Lists page by cursor, so there
/// is no page number and no last page.
#[component]
pub fn Pager(
    /// `1–100 of 212`, `212 messages`.
    #[prop(into)]
    shown: String,
    /// The address without a cursor; `None` on the first page.
    first: Option<String>,
    /// The address with the next cursor; `None` on the last page.
    next: Option<String>,
    /// What is paged, for screen readers.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let first = first.map(|href| {
        view! { <a class="button small" href=href><Icon glyph=Glyph::LEFT flip=true/>{text().first_page}</a> }
    });
    let next = next.map(|href| {
        view! { <a class="button small" href=href rel="next">{text().older}<Icon glyph=Glyph::RIGHT flip=true/></a> }
    });
    view! {
        <nav class="pager" aria-label=label>
            <span>{shown}</span>
            <span class="button-group push">{first}{next}</span>
        </nav>
    }
}
