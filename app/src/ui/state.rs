//! State: always a shape and a word; colour only agrees with them.

use super::{Glyph, Icon};
use leptos::prelude::*;

/// The seven states that serve sessions, messages, gates and everything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It works, it is done.
    Ok,
    /// Happening now.
    Work,
    /// Will happen by itself.
    Wait,
    /// Look at this.
    Warn,
    /// Broken; somebody must act.
    Bad,
    /// Switched off, cancelled.
    Off,
    /// We do not know.
    Unsure,
}

impl Mark {
    /// The word of the `data-state` attribute.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Work => "work",
            Self::Wait => "wait",
            Self::Warn => "warn",
            Self::Bad => "bad",
            Self::Off => "off",
            Self::Unsure => "unsure",
        }
    }
}

/// A state inside text or a table.
#[component]
pub fn StateMark(
    mark: Mark,
    /// What the shape says, in words.
    #[prop(into)]
    word: String,
) -> impl IntoView {
    view! { <span class="state" data-state=mark.name()>{word}</span> }
}

/// A state beside a title.
#[component]
pub fn Pill(
    mark: Mark,
    /// What the shape says, in words.
    #[prop(into)]
    word: String,
) -> impl IntoView {
    view! { <span class="state pill" data-state=mark.name()>{word}</span> }
}

/// One thing worth saying, framed by its state.
#[component]
pub fn Note(
    /// Without one the note is grey.
    #[prop(optional_no_strip, into)]
    mark: Option<Mark>,
    /// Screen readers say it at once: for what just went wrong.
    #[prop(optional)]
    alert: bool,
    children: Children,
) -> impl IntoView {
    let glyph = match mark {
        Some(Mark::Warn | Mark::Bad | Mark::Unsure) => Glyph::ALERT,
        Some(Mark::Ok) => Glyph::CHECK,
        _ => Glyph::INFO,
    };
    view! {
        <div class="note" data-state=mark.map(Mark::name) role=alert.then_some("alert")>
            <Icon glyph=glyph/>
            <div class="body">{children()}</div>
        </div>
    }
}
