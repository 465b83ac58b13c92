//! Choices: links that filter what is shown, and check boxes.

use crate::format;
use leptos::prelude::*;

/// One of a few ways to look at the same data; its choice lives in the address.
#[derive(Clone, Debug)]
pub struct Segment {
    pub word: String,
    pub href: String,
    pub current: bool,
    /// How many there are, where that helps.
    pub count: Option<i64>,
}

impl Segment {
    pub fn new(word: impl Into<String>, href: impl Into<String>, current: bool) -> Self {
        Self {
            word: word.into(),
            href: href.into(),
            current,
            count: None,
        }
    }

    #[must_use]
    pub fn with_count(mut self, count: i64) -> Self {
        self.count = Some(count);
        self
    }
}

fn links(all: Vec<Segment>) -> impl IntoView {
    all.into_iter()
        .map(|segment| {
            view! {
                <a href=segment.href aria-current=segment.current.then_some("page")>
                    {segment.word}
                    {segment
                        .count
                        .map(|count| view! { " " <span class="count">{format::number(count)}</span> })}
                </a>
            }
        })
        .collect_view()
}

/// A segmented control made of links.
#[component]
pub fn Segments(
    /// What is chosen, for screen readers.
    #[prop(into)]
    label: String,
    segments: Vec<Segment>,
) -> impl IntoView {
    view! { <nav class="segments" aria-label=label>{links(segments)}</nav> }
}

/// Places inside one page.
#[component]
pub fn Tabs(
    /// What is chosen, for screen readers.
    #[prop(into)]
    label: String,
    tabs: Vec<Segment>,
) -> impl IntoView {
    view! { <nav class="tabs" aria-label=label>{links(tabs)}</nav> }
}

/// A check box with its word.
#[component]
pub fn Check(
    #[prop(into)] label: String,
    #[prop(into)] name: String,
    /// What the form sends when it is ticked. Server functions read `true` into a `bool` with
    /// `#[serde(default)]`.
    #[prop(default = "true".into(), into)]
    value: String,
    #[prop(optional)] checked: bool,
    #[prop(optional)] disabled: bool,
    #[prop(optional, into)] hint: Option<String>,
) -> impl IntoView {
    view! {
        <label class="check">
            <input type="checkbox" name=name value=value checked=checked disabled=disabled/>
            <span>{label} {hint.map(|hint| view! { <span class="hint">{hint}</span> })}</span>
        </label>
    }
}
