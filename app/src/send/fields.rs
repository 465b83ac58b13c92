//! Fields that both forms have.

use super::{server::Refusal, text::text};
use crate::{
    i18n::fill,
    queue::SessionChoice,
    ui::{Select, at, session_word},
};
use leptos::prelude::*;
use std::collections::BTreeSet;
use types::AppError;

/// What a refused form held, and what was wrong with it.
#[derive(Clone, Copy)]
pub struct Before {
    refusal: StoredValue<Option<Refusal>>,
    pub fault: Signal<Option<AppError>>,
    /// The fields that were typed in since: what was wrong with them may be right by now.
    touched: RwSignal<BTreeSet<String>>,
}

impl Before {
    pub fn of(refusal: Option<Refusal>) -> Self {
        let error = refusal.as_ref().map(|refusal| refusal.error.clone());
        Self {
            refusal: StoredValue::new(refusal),
            fault: Signal::stored(error),
            touched: RwSignal::default(),
        }
    }

    /// Somebody types in a field of the form.
    pub fn touch(self, event: &leptos::ev::Event) {
        let name = event_target::<leptos::web_sys::Element>(event).get_attribute("name");
        if let Some(name) = name
            && self.touched.with_untracked(|touched| !touched.contains(&name))
        {
            self.touched.update(|touched| {
                touched.insert(name);
            });
        }
    }

    pub fn typed(self, field: &str) -> String {
        self.refusal.with_value(|refusal| {
            let typed = refusal.as_ref().and_then(|refusal| refusal.typed.get(field));
            typed.cloned().unwrap_or_default()
        })
    }

    pub fn error(self, field: &'static str) -> Signal<Option<String>> {
        let (touched, error) = (self.touched, at(self.fault, field));
        Signal::derive(move || {
            let is_old = touched.with(|touched| touched.contains(field));
            error.get().filter(|_| !is_old)
        })
    }
}

/// Any session, or one by name. Only those that are there can be chosen; one that cannot send
/// just now may be, and says so.
#[component]
pub fn SessionField(before: Before, sessions: Vec<SessionChoice>) -> impl IntoView {
    let t = text();
    let automatic = (String::new(), t.automatic.to_owned());
    let named = sessions.into_iter().map(|session| {
        let word = if session.state.can_send() {
            session.name
        } else {
            let state = session_word(session.state);
            fill(t.session_state, &[("name", &session.name), ("state", state)])
        };
        (session.id.to_string(), word)
    });
    view! {
        <Select
            label=t.session
            name="session"
            options=std::iter::once(automatic).chain(named).collect()
            value=before.typed("session")
            hint=t.session_hint
            error=before.error("session")
        />
    }
}

/// A file of the device.
#[component]
pub fn FileField(
    #[prop(into)] label: String,
    #[prop(into)] hint: String,
    /// What the browser offers first.
    accept: &'static str,
    #[prop(into)] error: Signal<Option<String>>,
) -> impl IntoView {
    view! {
        <div class="field">
            <label for="file">{label} <span class="optional">{crate::ui::text::text().optional}</span></label>
            <input
                class="input"
                type="file"
                id="file"
                name="file"
                accept=accept
                aria-describedby="file-foot"
                aria-invalid=move || error.with(Option::is_some).then_some("true")
            />
            <div id="file-foot">
                {move || match error.get() {
                    Some(error) => view! { <p class="error" role="alert">{error}</p> }.into_any(),
                    None => view! { <p class="hint">{hint.clone()}</p> }.into_any(),
                }}
            </div>
        </div>
    }
}
