//! Dialogs. Whether one is open lives in the address, so that Back closes it, a link opens it,
//! and it works before and without script.

use super::{Glyph, LinkButton, text::text};
use crate::browser;
use leptos::{html, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// Stops everything else, so it is short and names the thing.
///
/// Its children are the body and, at the end, a [`DialogFoot`].
#[component]
pub fn Dialog(
    /// Usually derived from the query: `Signal::derive(move || query.with(|q| q.get_str("add").is_some()))`.
    #[prop(into)]
    open: Signal<bool>,
    /// Where one is when it is closed.
    #[prop(into)]
    close: Signal<String>,
    #[prop(into)] title: Signal<String>,
    /// Unique on the page.
    id: &'static str,
    /// A class of the room beside `dialog`.
    #[prop(optional)]
    class: &'static str,
    children: ChildrenFn,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| browser::show_dialog(dialog, open.get()));
    let navigate = use_navigate();
    let dismiss = move |event: leptos::ev::Event| {
        event.prevent_default();
        navigate(
            &close.get_untracked(),
            NavigateOptions {
                scroll: false,
                ..Default::default()
            },
        );
    };
    let heading = format!("{id}-title");
    // Only what is open when the page is drawn is written as open: afterwards the browser itself
    // keeps the attribute, and a second hand on it would make it close and open again.
    let drawn_open = open.get_untracked();
    view! {
        <div class="scrim">
            <dialog
                id=id
                class=format!("dialog {class}")
                node_ref=dialog
                open=drawn_open
                aria-labelledby=heading.clone()
                on:cancel=dismiss
            >
                <header>
                    <h2 id=heading.clone()>{move || title.get()}</h2>
                    <LinkButton
                        href=close
                        kind=super::Kind::Quiet
                        icon=Glyph::CLOSE
                        label=text().close
                        attr:data-noscroll="true"
                    />
                </header>
                {move || open.get().then(|| children())}
            </dialog>
        </div>
    }
}

/// The buttons of a dialog, the one that goes on last.
#[component]
pub fn DialogFoot(children: Children) -> impl IntoView {
    view! { <footer>{children()}</footer> }
}
