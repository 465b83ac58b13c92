//! The head of a page.

use super::{Glyph, Kind, LinkButton, text::text};
use crate::browser;
use leptos::prelude::*;
use leptos_meta::Title;

/// The title of the browser's tab.
#[component]
pub fn PageTitle(#[prop(into)] title: Signal<String>) -> impl IntoView {
    view! { <Title text=move || browser::title(format!("{} · {}", title.get(), text().product))/> }
}

/// Title, what stands beside it, and the page's actions. Sets the tab's title too.
#[component]
pub fn PageHead(
    #[prop(into)] title: Signal<String>,
    /// Beside the title: a count, a state, [`super::AsOf`].
    #[prop(optional, into)]
    meta: Option<ViewFn>,
    /// A way back, on pages that lie under another.
    #[prop(optional, into)]
    back: Option<String>,
    /// The page's actions, at the end.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <PageTitle title=title/>
        <header class="page-head">
            {back
                .map(|href| {
                    view! {
                        <span class="back">
                            <LinkButton href=href kind=Kind::Quiet icon=Glyph::BACK label=text().back/>
                        </span>
                    }
                })}
            <h1 id="title">{move || title.get()}</h1>
            {meta.map(|meta| view! { <span class="meta">{move || meta.run()}</span> })}
            {children.map(|children| view! { <div class="actions">{children()}</div> })}
        </header>
    }
}

/// Filters and actions above a list.
#[component]
pub fn Toolbar(children: Children) -> impl IntoView {
    view! { <div class="toolbar">{children()}</div> }
}
