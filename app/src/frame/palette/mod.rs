//! The search of the top bar, and the keys that work on every page.

mod find;
mod list;
mod shortcuts;

use super::text::text;
use crate::{
    browser,
    ui::{Glyph, Icon},
};
use leptos::{
    ev::{self, KeyboardEvent},
    html::Dialog,
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::Event,
};
use list::Palette;
use shortcuts::{Shortcuts, single_keys};

/// Which of the two dialogs is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Shown {
    #[default]
    Nothing,
    Palette,
    Shortcuts,
}

/// The place of the search. Without script nothing of it could work, so only the place itself
/// comes from the server, and nothing moves when the page wakes up.
#[component]
pub fn Search() -> impl IntoView {
    let awake = RwSignal::new(false);
    Effect::new(move |_| awake.set(true));
    view! { <div class="search">{move || awake.get().then(|| view! { <Awake/> })}</div> }
}

#[component]
fn Awake() -> impl IntoView {
    let t = text();
    let wanted = RwSignal::new(Shown::Nothing);
    let shown = Memo::new(move |_| wanted.get());
    let (palette, shortcuts) = (NodeRef::<Dialog>::new(), NodeRef::<Dialog>::new());
    Effect::new(move |_| {
        let now = shown.get();
        // What closes does so first: it gives the keyboard back to where it was before.
        let mut both = [(palette, Shown::Palette), (shortcuts, Shown::Shortcuts)];
        both.sort_by_key(|(_, of)| *of == now);
        for (dialog, of) in both {
            browser::show_dialog(dialog, of == now);
        }
    });
    listen(wanted);
    let command = browser::has_command_key();
    view! {
        <button
            class="search-button"
            type="button"
            aria-haspopup="dialog"
            aria-keyshortcuts=if command { "Meta+K" } else { "Control+K" }
            on:click=move |_| wanted.set(Shown::Palette)
        >
            <Icon glyph=Glyph::SEARCH small=true/>
            <span>{t.search}</span>
            <kbd class="key" aria-hidden="true">{modifier()}</kbd>
            <kbd class="key" aria-hidden="true">{t.key_k}</kbd>
        </button>
        <dialog
            class="dialog palette"
            node_ref=palette
            aria-label=t.search
            closedby="any"
            on:keydown=move |event| close_on_escape(&event, wanted)
            on:close=move |_| closed(Shown::Palette, wanted)
        >
            <Palette shown=shown wanted=wanted/>
        </dialog>
        <dialog
            class="dialog"
            node_ref=shortcuts
            aria-labelledby="shortcuts-title"
            closedby="any"
            on:keydown=move |event| close_on_escape(&event, wanted)
            on:close=move |_| closed(Shown::Shortcuts, wanted)
        >
            <Shortcuts shown=shown wanted=wanted/>
        </dialog>
    }
}

/// The key that is held with another.
fn modifier() -> &'static str {
    if browser::has_command_key() {
        text().key_command
    } else {
        text().key_control
    }
}

/// Here and not left to the browser, so that the page below knows that the key was for us.
fn close_on_escape(event: &KeyboardEvent, wanted: RwSignal<Shown>) {
    if event.key() == "Escape" && !event.is_composing() {
        event.prevent_default();
        wanted.set(Shown::Nothing);
    }
}

/// The browser closed one of them; the other may be open by now.
fn closed(which: Shown, wanted: RwSignal<Shown>) {
    if wanted.get_untracked() == which {
        wanted.set(Shown::Nothing);
    }
}

/// Listens on the whole page.
fn listen(wanted: RwSignal<Shown>) {
    Effect::new(move |_| {
        let listener = window_event_listener(ev::keydown, move |event| {
            // A browser that fills in a form sends such events without any key.
            let real = AsRef::<Event>::as_ref(&event).is_instance_of::<KeyboardEvent>();
            if !real || event.default_prevented() {
                return;
            }
            let open = wanted.get_untracked();
            let next = if opens_search(&event) {
                match open {
                    Shown::Palette => Shown::Nothing,
                    Shown::Nothing | Shown::Shortcuts => Shown::Palette,
                }
            } else if asks_for_help(&event) {
                Shown::Shortcuts
            } else {
                return;
            };
            if open == Shown::Nothing && is_there("dialog:modal") {
                // That one has to be answered first.
                return;
            }
            event.prevent_default();
            wanted.set(next);
        });
        on_cleanup(move || listener.remove());
    });
}

fn opens_search(event: &KeyboardEvent) -> bool {
    let held = if browser::has_command_key() {
        event.meta_key() && !event.ctrl_key()
    } else {
        event.ctrl_key() && !event.meta_key()
    };
    held && !event.alt_key() && !event.shift_key() && event.key().eq_ignore_ascii_case("k")
}

/// One key alone, so only where nobody types and who wants it.
fn asks_for_help(event: &KeyboardEvent) -> bool {
    const FIELD: &str = ":is(input, select, textarea, [contenteditable]):focus";
    let alone = !event.ctrl_key() && !event.meta_key() && !event.alt_key();
    alone && event.key() == "?" && !is_there(FIELD) && single_keys()
}

fn is_there(selector: &str) -> bool {
    document()
        .query_selector(selector)
        .is_ok_and(|found| found.is_some())
}
