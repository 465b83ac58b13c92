//! A message as WhatsApp will show it, and how long it is.

use super::text::{text, text as text_of};
use crate::{
    format,
    i18n::fill,
    ui::{Mark, Rich},
};
use leptos::prelude::*;

/// Longest text of a message, and of a caption, in characters.
pub const TEXT: i64 = 4_096;
pub const CAPTION: i64 = 1_024;

/// Our bubble with that text; a hint in its place while there is none.
#[component]
pub fn Bubble(
    #[prop(into)] text: Signal<String>,
    /// What is attached, in words.
    #[prop(into)]
    attached: Signal<Option<String>>,
) -> impl IntoView {
    view! {
        <div class="message ours">
            {move || {
                let (body, file) = (text.get(), attached.get());
                if body.trim().is_empty() && file.is_none() {
                    return view! { <p class="bubble meta">{text_of().nothing_yet}</p> }.into_any();
                }
                view! {
                    {file.map(|file| view! { <p class="bubble"><span class="clip">{file}</span></p> })}
                    {(!body.trim().is_empty()).then(|| view! { <p class="bubble"><Rich text=body/></p> })}
                }
                .into_any()
            }}
        </div>
    }
}

/// `12 / 4,096`, in words too once it is too long.
#[component]
pub fn Counter(#[prop(into)] length: Signal<i64>, #[prop(into)] limit: Signal<i64>) -> impl IntoView {
    let state = move || {
        let (length, limit) = (length.get(), limit.get());
        if length > limit {
            Some(Mark::Bad.name())
        } else {
            (length * 10 > limit * 9).then_some(Mark::Warn.name())
        }
    };
    let words = move || {
        let (length, limit) = (length.get(), limit.get());
        let [n, most] = [length, limit].map(format::number);
        let t = text();
        let template = if length > limit { t.too_long } else { t.counter };
        fill(
            template,
            &[
                ("n", &n),
                ("most", &most),
                ("over", &format::number(length - limit)),
            ],
        )
    };
    view! { <span class="counter" data-state=state role="status">{words}</span> }
}
