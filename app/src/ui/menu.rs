//! Menus: verbs on one thing, behind a button. The browser opens and closes them.

use super::{Glyph, Icon};
use leptos::prelude::*;

/// How the button of a menu looks.
#[derive(Clone, Debug)]
pub enum MenuLook {
    /// An icon alone; the label names it.
    Icon(Glyph),
    /// A button with the label as its word.
    Word(Option<Glyph>),
}

impl Default for MenuLook {
    fn default() -> Self {
        Self::Icon(Glyph::MORE)
    }
}

/// A button that opens a menu. Children: `<a>`, `<button>`, forms of one button, `<hr/>`.
#[component]
pub fn Menu(
    /// Unique on the page.
    #[prop(into)]
    id: String,
    /// What it is for: `Actions for Outlet Dago`.
    #[prop(into)]
    label: String,
    #[prop(optional)] look: MenuLook,
    children: Children,
) -> impl IntoView {
    let (class, icon, word) = match look {
        MenuLook::Icon(glyph) => ("button quiet icon-only", Some(glyph), false),
        MenuLook::Word(glyph) => ("button", glyph, true),
    };
    view! {
        <button
            class=class
            type="button"
            popovertarget=id.clone()
            title=(!word).then(|| label.clone())
            aria-label=(!word).then(|| label.clone())
        >
            {icon.map(|glyph| view! { <Icon glyph=glyph/> })}
            {word.then(|| label.clone())}
        </button>
        <div
            class="float menu"
            id=id
            popover="auto"
            aria-label=label
            on:click=move |event| crate::browser::close_popover(&event)
        >
            {children()}
        </div>
    }
}
