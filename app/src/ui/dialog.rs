//! Dialogs. Whether one is open lives in the address, so that Back closes it, a link opens it,
//! and it works before and without script.

use super::{Glyph, LinkButton, text::text};
use crate::browser;
use leptos::{html, prelude::*, wasm_bindgen::JsCast, web_sys};
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
    Effect::new(move |_| {
        let open = open.get();
        // Opening what the server has drawn open takes the keyboard away from whoever types there.
        let typing = dialog.get().and_then(|dialog| find(&dialog, SOMEWHERE));
        browser::show_dialog(dialog, open);
        match (typing, dialog.get_untracked()) {
            (Some(field), _) if open => drop(field.focus()),
            (None, Some(dialog)) if open => focus_within(&dialog),
            _ => {}
        }
    });
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
    let foot = NodeRef::<html::Footer>::new();
    // Where the dialog had to wait for what it asks about, it was opened without these.
    Effect::new(move |_| {
        let dialog = foot
            .get()
            .and_then(|foot| foot.closest("dialog[open]").ok().flatten());
        if let Some(dialog) = dialog {
            focus_within(&dialog);
        }
    });
    view! { <footer node_ref=foot>{children()}</footer> }
}

/// Puts the keyboard where one goes on: into the first field, or, where there is none, on the
/// first button of the foot, which loses nothing. The browser itself takes the first thing there
/// is, which is the cross. Whoever is somewhere in the dialog already stays there.
fn focus_within(dialog: &web_sys::Element) {
    const FIELD: &str =
        "input:not([type=hidden]):not(:disabled), select:not(:disabled), textarea:not(:disabled)";
    const BUTTON: &str = "footer :is(a, button):not(:disabled)";
    if find(dialog, SOMEWHERE).is_none()
        && let Some(first) = find(dialog, FIELD).or_else(|| find(dialog, BUTTON))
    {
        drop(first.focus());
    }
}

/// What has the keyboard in a dialog, unless that is the cross.
const SOMEWHERE: &str = ":focus:not(dialog > header *)";

fn find(dialog: &web_sys::Element, selector: &str) -> Option<web_sys::HtmlElement> {
    let found = dialog.query_selector(selector).ok().flatten();
    found.and_then(|found| found.dyn_into().ok())
}
