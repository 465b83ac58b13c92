//! Toasts: say that it is done, and leave by themselves.

use super::{Button, Glyph, Kind, Mark, StateMark, text::text};
use leptos::prelude::*;
use std::time::Duration;

#[derive(Clone, Debug, PartialEq, Eq)]
struct Toast {
    id: u64,
    mark: Mark,
    sentence: String,
}

/// The toasts of the page, from context.
#[derive(Clone, Copy)]
pub struct Toasts(RwSignal<Vec<Toast>>);

impl Toasts {
    pub fn provide() {
        provide_context(Self(RwSignal::new(Vec::new())));
    }

    /// Shows a sentence for six seconds.
    pub fn say(self, mark: Mark, sentence: impl Into<String>) {
        let id = self
            .0
            .with_untracked(|all| all.last().map_or(0, |last| last.id + 1));
        self.0.update(|all| {
            all.push(Toast {
                id,
                mark,
                sentence: sentence.into(),
            });
        });
        set_timeout(move || self.dismiss(id), Duration::from_secs(6));
    }

    fn dismiss(self, id: u64) {
        self.0.try_update(|all| all.retain(|toast| toast.id != id));
    }
}

/// For saying what became of an action: `use_toasts().say(Mark::Ok, "Cancelled 2 messages")`.
/// Call it in the body of a component, not in an effect.
pub fn use_toasts() -> Toasts {
    use_context().unwrap_or_else(|| Toasts(RwSignal::new(Vec::new())))
}

/// Where toasts appear; once, in the frame.
#[component]
pub fn ToastRack() -> impl IntoView {
    let toasts = use_toasts();
    view! {
        <div class="toasts" role="status" aria-live="polite">
            <For each=move || toasts.0.get() key=|toast| toast.id let:toast>
                <div class="toast">
                    <StateMark mark=toast.mark word=toast.sentence/>
                    <Button
                        kind=Kind::Quiet
                        small=true
                        icon=Glyph::CLOSE
                        label=text().dismiss
                        on:click=move |_| toasts.dismiss(toast.id)
                    />
                </div>
            </For>
        </div>
    }
}
