//! The search itself: a field, and the list of what it finds. The keyboard stays in the field.

use super::{
    super::{can, server::name_sessions, text::text},
    Shown,
    find::{self, Entry},
};
use crate::{
    i18n::{fill, plural},
    ui::{Button, Glyph, Icon, Kind, error_sentence, text::text as shared_text},
};
use leptos::{
    ev::{KeyboardEvent, MouseEvent},
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::HtmlElement,
};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use types::Permission;

/// More would not be read; typing leads to them.
const MOST: usize = 50;

const LIST: &str = "found";

fn option_id(index: usize) -> String {
    format!("{LIST}-{index}")
}

/// What the dialog shows: fresh each time it is opened.
#[component]
pub fn Palette(shown: Memo<Shown>, wanted: RwSignal<Shown>) -> impl IntoView {
    let t = text();
    let [sees_sessions, holds_phones, sees_queue] = [
        Permission::SessionsView,
        Permission::SandboxUse,
        Permission::QueueView,
    ]
    .map(can);
    let pages = StoredValue::new(find::pages());
    let open = move || shown.get() == Shown::Palette;
    let typed = RwSignal::new(String::new());
    let chosen = RwSignal::new(0_usize);
    let sessions = Action::new(|(): &()| name_sessions());
    Effect::new(move |_| {
        if open() {
            typed.set(String::new());
            chosen.set(0);
            if sees_sessions {
                sessions.dispatch(());
            }
        }
    });
    let found = Memo::new(move |_| {
        if !open() {
            return Vec::new();
        }
        let sessions = sessions.value().with(|answer| match answer {
            Some(Ok(all)) => find::sessions(all, holds_phones),
            _ => Vec::new(),
        });
        let all = pages
            .get_value()
            .into_iter()
            .chain(sessions)
            .chain([find::help()]);
        typed.with(|typed| {
            let entry = sees_queue.then(|| find::queue_entry(typed)).flatten();
            let matching = find::matching(all, typed);
            entry.into_iter().chain(matching).collect::<Vec<Entry>>()
        })
    });
    let count = move || found.with(Vec::len).min(MOST);
    let navigate = use_navigate();
    let press = move |event: KeyboardEvent| {
        let count = count();
        if count == 0 || event.is_composing() {
            return;
        }
        let at = chosen.get_untracked();
        match event.key().as_str() {
            "ArrowDown" => chosen.set((at + 1) % count),
            "ArrowUp" => chosen.set((at + count - 1) % count),
            "Enter" => match found.with_untracked(|found| found.get(at).map(|entry| entry.href.clone())) {
                Some(Some(href)) => {
                    wanted.set(Shown::Nothing);
                    navigate(&href, NavigateOptions::default());
                }
                Some(None) => wanted.set(Shown::Shortcuts),
                None => return,
            },
            _ => return,
        }
        event.prevent_default();
    };
    Effect::new(move |_| {
        if found.with(|found| !found.is_empty()) {
            reveal(chosen.get());
        }
    });
    view! {
        <div class="ask">
            <Icon glyph=Glyph::SEARCH/>
            <input
                type="text"
                role="combobox"
                aria-label=t.search
                aria-autocomplete="list"
                aria-expanded=move || (count() > 0).to_string()
                aria-controls=LIST
                aria-activedescendant=move || (count() > 0).then(|| option_id(chosen.get()))
                placeholder=t.search_example
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                enterkeyhint="go"
                prop:value=typed
                on:input=move |event| {
                    chosen.set(0);
                    typed.set(event_target_value(&event));
                }
                on:keydown=press
            />
            // Where there is no Esc.
            <Button
                kind=Kind::Quiet
                icon=Glyph::CLOSE
                label=shared_text().close
                on:click=move |_| wanted.set(Shown::Nothing)
            />
        </div>
        // Pressing beside a result must not take the keyboard out of the field.
        // A long list scrolls, and whatever scrolls can be reached by keyboard.
        <div
            class="found"
            tabindex="0"
            role="region"
            aria-label=t.results
            on:mousedown=move |event: MouseEvent| event.prevent_default()
        >
            <div id=LIST role="listbox" aria-label=t.results hidden=move || count() == 0>
                {move || found.with(|found| groups(found, chosen, wanted))}
            </div>
            {move || {
                let answer = sessions.value().get();
                let more = found.with(Vec::len).saturating_sub(MOST);
                let said = match answer {
                    Some(Err(error)) => Some(fill(t.sessions_missing, &[("why", &error_sentence(&error))])),
                    None if sees_sessions => Some(t.sessions_come.to_owned()),
                    _ if more > 0 => Some(plural(i64::try_from(more).unwrap_or(i64::MAX), t.more_found)),
                    _ if count() == 0 => Some(t.nothing.to_owned()),
                    _ => None,
                };
                said.map(|said| view! { <p class="said">{said}</p> })
            }}
        </div>
        <p class="out-of-sight" role="status">
            {move || open().then(|| plural(i64::try_from(found.with(Vec::len)).unwrap_or(i64::MAX), t.found))}
        </p>
        <footer class="meta" aria-hidden="true">
            <span><kbd class="key">{t.key_up}</kbd><kbd class="key">{t.key_down}</kbd>{t.choose}</span>
            <span><kbd class="key">{t.key_enter}</kbd>{t.open}</span>
            <span><kbd class="key">{t.key_escape}</kbd>{t.close}</span>
        </footer>
    }
}

/// The results under the names of their kinds.
fn groups(found: &[Entry], chosen: RwSignal<usize>, wanted: RwSignal<Shown>) -> impl IntoView + use<> {
    let t = text();
    let mut index = 0;
    let mut groups = Vec::new();
    for group in found[..found.len().min(MOST)].chunk_by(|a, b| a.group == b.group) {
        let Some(first) = group.first() else { continue };
        let heading = format!("{LIST}-of-{index}");
        let options: Vec<_> = group
            .iter()
            .map(|entry| {
                let at = index;
                index += 1;
                view! { <Found entry=entry.clone() at=at chosen=chosen wanted=wanted/> }
            })
            .collect();
        groups.push(view! {
            <div role="group" aria-labelledby=heading.clone()>
                <p class="title" id=heading.clone() role="presentation">{first.group.word(t)}</p>
                {options}
            </div>
        });
    }
    groups
}

/// One result. It is a link, so that it opens in another tab as any link does.
#[component]
fn Found(entry: Entry, at: usize, chosen: RwSignal<usize>, wanted: RwSignal<Shown>) -> impl IntoView {
    let after = if entry.href.is_some() {
        Shown::Nothing
    } else {
        Shown::Shortcuts
    };
    view! {
        <a
            id=option_id(at)
            role="option"
            tabindex="-1"
            href=entry.href
            aria-selected=move || (chosen.get() == at).to_string()
            on:mousemove=move |_| {
                if chosen.get_untracked() != at {
                    chosen.set(at);
                }
            }
            on:click=move |_| wanted.set(after)
        >
            <Icon glyph=entry.glyph small=true/>
            <span class="clip">{entry.word}</span>
            <span class="meta">{entry.aside}</span>
        </a>
    }
}

/// Scrolls the list just as far as the chosen result needs, and the page not at all.
fn reveal(index: usize) {
    let option = document().get_element_by_id(&option_id(index));
    let Some(option) = option.and_then(|found| found.dyn_into::<HtmlElement>().ok()) else {
        return;
    };
    let Some(pane) = option.closest(".found").ok().flatten() else {
        return;
    };
    let (top, bottom) = (option.offset_top(), option.offset_top() + option.offset_height());
    let (from, height) = (pane.scroll_top(), pane.client_height());
    if index == 0 {
        pane.set_scroll_top(0);
    } else if top < from {
        pane.set_scroll_top(top);
    } else if bottom > from + height {
        pane.set_scroll_top(bottom - height);
    }
}
