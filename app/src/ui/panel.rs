//! One thing opened beside the list it came from.

use super::{Glyph, Kind, LinkButton, text::text};
use leptos::{ev, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// The panel with its head; on a phone it covers the list and leads back to it.
#[component]
pub fn SidePanel(
    /// Names the panel; its heading's id.
    id: &'static str,
    title: String,
    /// Under the title: the thing's own id or number.
    number: Option<String>,
    /// Where one is when it is closed.
    close: Signal<String>,
    children: Children,
) -> impl IntoView {
    let t = text();
    let button = move |icon, label| {
        view! {
            <LinkButton href=close kind=Kind::Quiet icon=icon label=label attr:data-noscroll="true"/>
        }
    };
    view! {
        <aside class="panel entry" aria-labelledby=id>
            <header>
                <span class="back">{button(Glyph::BACK, t.back_to_list)}</span>
                <div class="clip">
                    <h2 id=id class="clip">{title}</h2>
                    <p class="meta mono clip">{number}</p>
                </div>
                <span class="push">{button(Glyph::CLOSE, t.close)}</span>
            </header>
            {children()}
        </aside>
    }
}

/// Escape closes it, while something is opened.
pub fn close_on_escape(selected: Memo<String>, close: Signal<String>) {
    let navigate = use_navigate();
    Effect::new(move |_| {
        let navigate = navigate.clone();
        let listener = window_event_listener(ev::keydown, move |event| {
            let open = selected.try_get_untracked().is_some_and(|id| !id.is_empty());
            // Escape closes what lies on top, and that alone.
            let covered = document().query_selector("dialog[open]").ok().flatten().is_some();
            if open && !covered && event.key() == "Escape" && !event.default_prevented() {
                let stay = NavigateOptions {
                    scroll: false,
                    ..NavigateOptions::default()
                };
                navigate(&close.get_untracked(), stay);
            }
        });
        on_cleanup(move || listener.remove());
    });
}
