//! Things to press.

use super::{Glyph, Icon};
use leptos::prelude::*;

/// How loud a button is. `Primary` at most once per view; `Danger` where something is lost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    #[default]
    Plain,
    Primary,
    Quiet,
    Danger,
    /// The last step of something that loses data.
    DangerPrimary,
}

impl Kind {
    const fn class(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Primary => " primary",
            Self::Quiet => " quiet",
            Self::Danger => " danger",
            Self::DangerPrimary => " danger primary",
        }
    }
}

fn class(kind: Kind, small: bool, wide: bool, icon_only: bool) -> String {
    let mut class = format!("button{}", kind.class());
    for (name, on) in [(" small", small), (" wide", wide), (" icon-only", icon_only)] {
        if on {
            class.push_str(name);
        }
    }
    class
}

/// A button. Listeners and further attributes go on it as on an element: `on:click`, `attr:name`,
/// `attr:value`, `attr:popovertarget`.
#[component]
pub fn Button(
    #[prop(optional)] kind: Kind,
    #[prop(optional_no_strip, into)] icon: Option<Glyph>,
    /// 24 px high, for rows and toolbars.
    #[prop(optional)]
    small: bool,
    /// As wide as what it lies in.
    #[prop(optional)]
    wide: bool,
    /// Sends the form it lies in.
    #[prop(optional)]
    submit: bool,
    /// Says what an icon alone does; with it the button shows no word.
    #[prop(optional, into)]
    label: Option<String>,
    /// At work: it shows so and cannot be pressed again.
    #[prop(optional, into)]
    busy: Signal<bool>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let class = class(kind, small, wide, children.is_none());
    view! {
        <button
            class=class
            type=if submit { "submit" } else { "button" }
            title=label.clone()
            aria-label=label
            aria-busy=move || busy.get().then_some("true")
            disabled=move || disabled.get() || busy.get()
        >
            {icon.map(|glyph| view! { <Icon glyph=glyph/> })}
            {children.map(|children| children())}
        </button>
    }
}

/// A link that looks like a button: for going somewhere, also without script.
#[component]
pub fn LinkButton(
    #[prop(into)] href: Signal<String>,
    #[prop(optional)] kind: Kind,
    #[prop(optional_no_strip, into)] icon: Option<Glyph>,
    #[prop(optional)] small: bool,
    #[prop(optional)] wide: bool,
    /// Says what an icon alone does; with it the link shows no word.
    #[prop(optional, into)]
    label: Option<String>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let class = class(kind, small, wide, children.is_none());
    view! {
        <a
            class=class
            href=move || href.get()
            title=label.clone()
            aria-label=label
        >
            {icon.map(|glyph| view! { <Icon glyph=glyph/> })}
            {children.map(|children| children())}
        </a>
    }
}
