//! Fields: label, control, hint, error, always in this order, so that the error stands beside
//! what it is about. What was typed stays where it is: nothing here sets a value again.

use super::{Glyph, Icon, follow, text::text};
use leptos::prelude::*;

/// The line under a control: its error if it has one, else its hint.
#[component]
fn Foot(id: String, hint: Option<String>, error: Signal<Option<String>>) -> impl IntoView {
    move || match error.get() {
        Some(error) => view! { <p class="error" id=format!("{id}-foot") role="alert">{error}</p> }.into_any(),
        None => hint
            .clone()
            .map(|hint| view! { <p class="hint" id=format!("{id}-foot")>{hint}</p> })
            .into_any(),
    }
}

#[component]
fn Label(id: String, label: String, required: bool) -> impl IntoView {
    view! {
        <label for=id>
            {label} {(!required).then(|| view! { <span class="optional">{text().optional}</span> })}
        </label>
    }
}

/// A line of text. `attr:…` goes on the input's frame, so everything an input needs is a property.
#[component]
pub fn Field(
    #[prop(into)] label: String,
    /// The form's name for it; also its id unless `id` is given.
    #[prop(into)]
    name: String,
    /// Needed where two forms of one page have the same name.
    #[prop(optional, into)]
    id: Option<String>,
    /// `text`, `email`, `date`, `number`, `search`, `tel`, `url`.
    #[prop(default = "text")]
    kind: &'static str,
    /// What it holds at first.
    #[prop(optional, into)]
    value: String,
    #[prop(optional, into)] hint: Option<String>,
    /// From [`super::at`]; stands beside the field.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    #[prop(optional, into)] placeholder: Option<String>,
    #[prop(default = true)] required: bool,
    #[prop(optional)] disabled: bool,
    #[prop(optional, into)] autocomplete: Option<&'static str>,
    #[prop(optional, into)] inputmode: Option<&'static str>,
    #[prop(optional, into)] maxlength: Option<u32>,
    #[prop(optional, into)] min: Option<String>,
    #[prop(optional, into)] max: Option<String>,
    #[prop(optional, into)] list: Option<String>,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| name.clone());
    let foot = (hint.is_some(), format!("{id}-foot"));
    view! {
        <div class="field">
            <Label id=id.clone() label=label required=required || disabled/>
            <input
                class="input"
                id=id.clone()
                name=name
                type=kind
                value=value
                placeholder=placeholder
                required=required
                disabled=disabled
                autocomplete=autocomplete
                inputmode=inputmode
                maxlength=maxlength
                min=min
                max=max
                list=list
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=move || (foot.0 || error.with(Option::is_some)).then(|| foot.1.clone())
            />
            <Foot id=id hint=hint error=error/>
        </div>
    }
}

/// A password, with a button that shows it once script runs.
#[component]
pub fn PasswordField(
    #[prop(into)] label: String,
    #[prop(into)] name: String,
    #[prop(optional, into)] id: Option<String>,
    /// `current-password` or `new-password`.
    autocomplete: &'static str,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional, into)] minlength: Option<u32>,
    #[prop(default = 128)] maxlength: u32,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| name.clone());
    let foot = (hint.is_some(), format!("{id}-foot"));
    let shown = RwSignal::new(false);
    let word = move || {
        if shown.get() {
            text().hide_password
        } else {
            text().show_password
        }
    };
    view! {
        <div class="field">
            <Label id=id.clone() label=label required=true/>
            <div class="input-box">
                <input
                    id=id.clone()
                    name=name
                    type=move || if shown.get() { "text" } else { "password" }
                    required=true
                    autocomplete=autocomplete
                    minlength=minlength
                    maxlength=maxlength
                    aria-invalid=move || error.with(Option::is_some).then_some("true")
                    aria-describedby=move || (foot.0 || error.with(Option::is_some)).then(|| foot.1.clone())
                />
                <button
                    class="button quiet small icon-only needs-script"
                    type="button"
                    title=word
                    aria-label=word
                    aria-pressed=move || shown.get().to_string()
                    on:click=move |_| shown.update(|shown| *shown = !*shown)
                >
                    <Icon glyph=Glyph::EYE/>
                </button>
            </div>
            <Foot id=id hint=hint error=error/>
        </div>
    }
}

/// Several lines of text.
#[component]
pub fn TextArea(
    #[prop(into)] label: String,
    #[prop(into)] name: String,
    #[prop(optional, into)] id: Option<String>,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(default = true)] required: bool,
    #[prop(optional, into)] maxlength: Option<u32>,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| name.clone());
    view! {
        <div class="field">
            <Label id=id.clone() label=label required=required/>
            <textarea
                class="textarea"
                id=id.clone()
                name=name
                required=required
                maxlength=maxlength
                aria-invalid=move || error.with(Option::is_some).then_some("true")
            >
                {value}
            </textarea>
            <Foot id=id hint=hint error=error/>
        </div>
    }
}

/// One of a list.
#[component]
pub fn Select(
    #[prop(into)] label: String,
    #[prop(into)] name: String,
    #[prop(optional, into)] id: Option<String>,
    /// `(value, word)` in the order shown.
    options: Vec<(String, String)>,
    /// The value chosen at first.
    #[prop(optional, into)]
    value: String,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional, into)] error: Signal<Option<String>>,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| name.clone());
    let options = options
        .into_iter()
        .map(|(key, word)| {
            let chosen = key == value;
            view! { <option value=key selected=chosen>{word}</option> }
        })
        .collect_view();
    view! {
        <div class="field">
            <Label id=id.clone() label=label required=true/>
            <select
                class="select"
                id=id.clone()
                name=name
                aria-invalid=move || error.with(Option::is_some).then_some("true")
            >
                {options}
            </select>
            <Foot id=id hint=hint error=error/>
        </div>
    }
}

/// An input of a filter. Unlike the fields of other forms it follows the address, so that Back brings
/// its value back too.
#[component]
pub fn FilterField(
    label: &'static str,
    name: &'static str,
    kind: &'static str,
    #[prop(optional)] example: Option<&'static str>,
    value: Memo<String>,
    error: Signal<Option<String>>,
) -> impl IntoView {
    let foot = format!("{name}-error");
    let described = foot.clone();
    let input = NodeRef::new();
    follow(input, value);
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <input
                class="input"
                id=name
                name=name
                type=kind
                placeholder=example
                // Without script the browser would bring back what was typed over what the address says.
                autocomplete="off"
                value=value.get_untracked()
                node_ref=input
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=move || error.with(Option::is_some).then(|| described.clone())
            />
            {move || error.get().map(|error| {
                view! { <p class="error" id=foot.clone() role="alert">{error}</p> }
            })}
        </div>
    }
}
