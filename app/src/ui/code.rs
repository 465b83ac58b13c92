//! Code and values to take away.

use super::{Glyph, Icon, text::text};
use crate::browser;
use leptos::prelude::*;

/// Copies a text. Where the browser has no clipboard it selects the text of `of` instead.
#[component]
pub fn CopyButton(
    #[prop(into)] copy: String,
    /// The id of the element that shows the text.
    #[prop(into)]
    of: String,
) -> impl IntoView {
    let word = RwSignal::new(text().copy);
    let press = move |_| {
        let done = browser::copy(&copy);
        if !done {
            browser::select_text(&of);
        }
        word.set(if done { text().copied } else { text().press_copy });
        set_timeout(
            move || {
                word.try_set(text().copy);
            },
            std::time::Duration::from_secs(2),
        );
    };
    view! {
        <button class="button quiet small needs-script" type="button" on:click=press>
            <Icon glyph=Glyph::COPY/>
            <span aria-live="polite">{word}</span>
        </button>
    }
}

/// One value to take away: a key, a link, a pairing code.
#[component]
pub fn CopyLine(
    #[prop(into)] value: String,
    /// Unique on the page.
    #[prop(into)]
    id: String,
) -> impl IntoView {
    view! {
        <div class="copy-line">
            <code id=id.clone()>{value.clone()}</code>
            <CopyButton copy=value of=id/>
        </div>
    }
}

/// Code under its name, with a button that copies it.
#[component]
pub fn CodeBlock(
    #[prop(into)] name: String,
    #[prop(into)] code: String,
    /// Unique on the page.
    #[prop(into)]
    id: String,
) -> impl IntoView {
    view! {
        <div class="code">
            <header>{name} <CopyButton copy=code.clone() of=id.clone()/></header>
            <pre tabindex="0"><code id=id>{code}</code></pre>
        </div>
    }
}
