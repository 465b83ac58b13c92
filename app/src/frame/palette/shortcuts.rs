//! The list of keyboard shortcuts, and the switch for those of a single key.

use super::{super::text::text, Shown, modifier};
use crate::{
    browser,
    ui::{Button, Glyph, Kind, text::text as shared_text},
};
use leptos::prelude::*;

const SINGLE_KEYS: &str = "single-key shortcuts";
const OFF: &str = "off";

/// Whether shortcuts of a single key are wanted in this browser. Who speaks to the computer, or
/// trembles, presses them without meaning to.
pub fn single_keys() -> bool {
    browser::remembered(SINGLE_KEYS).as_deref() != Some(OFF)
}

#[component]
pub fn Shortcuts(shown: Memo<Shown>, wanted: RwSignal<Shown>) -> impl IntoView {
    let t = text();
    let on = RwSignal::new(true);
    // Another tab may have changed it since.
    Effect::new(move |_| {
        if shown.get() == Shown::Shortcuts {
            on.set(single_keys());
        }
    });
    let turn = move |event| {
        let wish = event_target_checked(&event);
        browser::remember(SINGLE_KEYS, if wish { "on" } else { OFF });
        on.set(wish);
    };
    let rows: [(&[&str], &str); 5] = [
        (&[modifier(), t.key_k], t.does_search),
        (&[t.key_up, t.key_down], t.does_choose),
        (&[t.key_enter], t.does_open),
        (&[t.key_escape], t.does_close),
        (&[t.key_help], t.does_help),
    ];
    let rows = rows.map(|(keys, does)| {
        let keys = keys.iter().map(|key| view! { <kbd class="key">{*key}</kbd> });
        view! { <div><dt>{does}</dt><dd>{keys.collect_view()}</dd></div> }
    });
    view! {
        // Outside of a page's main part a header would count as the one of the whole document.
        <header role="presentation">
            <h2 id="shortcuts-title">{t.keyboard}</h2>
            <Button
                kind=Kind::Quiet
                icon=Glyph::CLOSE
                label=shared_text().close
                on:click=move |_| wanted.set(Shown::Nothing)
            />
        </header>
        <div class="body stack">
            <dl class="shortcuts">{rows.collect_view()}</dl>
            <div>
                <label class="switch">
                    <input
                        type="checkbox"
                        role="switch"
                        autofocus=true
                        aria-describedby="single-keys-why"
                        prop:checked=on
                        on:change=turn
                    />
                    {t.single_keys}
                </label>
                <p class="meta" id="single-keys-why">{t.single_keys_why}</p>
            </div>
        </div>
    }
}
