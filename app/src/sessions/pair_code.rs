//! Linking by pairing code: ask for one, then type it on the phone.

use super::{
    pair::PairForms,
    pair_qr::{Left, Menus, left},
    text::text,
};
use crate::ui::{Button, CopyButton, Field, FormError, Mark, Note, Phone};
use leptos::prelude::*;
use types::{
    Timestamp,
    sessions::{Pairing, PairingCode},
};

#[component]
pub fn CodeWay(
    pairing: Pairing,
    /// The sandbox phone's number, where it is one.
    phone: Option<String>,
    forms: PairForms,
) -> impl IntoView {
    let t = &text().pair;
    let id = pairing.session.to_string();
    let has_code = pairing.code.is_some();
    let number = pairing
        .code
        .as_ref()
        .map(|code| code.number.clone())
        .or_else(|| phone.clone());
    let code = pairing
        .code
        .map(|code| view! { <Code code=code as_of=pairing.as_of/> });
    view! {
        <div class="way">
            <div class="code-box">
                {code}
                <Ask
                    id=id
                    number=number.unwrap_or_default()
                    sandbox=phone.is_some()
                    again=has_code
                    forms=forms
                />
            </div>
            <ol class="how">
                <li>{t.step_open}</li>
                <li><Menus/></li>
                <li>{t.step_instead}</li>
                <li>{t.step_type}</li>
            </ol>
        </div>
    }
}

/// The code in large type, as long as it is good.
#[component]
fn Code(code: PairingCode, as_of: Timestamp) -> impl IntoView {
    let t = &text().pair;
    let left = left(code.expires_at, as_of);
    let over = Memo::new(move |_| left.get() == 0);
    let spelled: Vec<String> = code
        .code
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(String::from)
        .collect();
    let spelled = spelled.join(" ");
    move || {
        if over.get() {
            return view! { <Note mark=Mark::Warn>{t.code_expired}</Note> }.into_any();
        }
        let (first, second) = code.code.split_once('-').unwrap_or((&code.code, ""));
        view! {
            <output class="pair-code" id="pairing-code" aria-label=spelled.clone()>
                <span>{first.to_string()}</span>
                <span>{second.to_string()}</span>
            </output>
            <p class="row">
                <span>
                    <Left left=left/>
                    " "
                    <span class="second">{t.left} ", " {t.code_for} " " <Phone number=code.number.clone()/></span>
                </span>
                <span class="push"><CopyButton copy=code.code.clone() of="pairing-code"/></span>
            </p>
        }
        .into_any()
    }
}

#[component]
fn Ask(
    id: String,
    number: String,
    sandbox: bool,
    /// One was asked for before.
    again: bool,
    forms: PairForms,
) -> impl IntoView {
    let t = &text().pair;
    let hint = if sandbox {
        t.phone_number_sandbox
    } else {
        t.phone_number_hint
    };
    view! {
        <ActionForm action=forms.request attr:class="stack">
            <FormError fault=forms.request_fault fields=&["number"]/>
            <input type="hidden" name="id" value=id/>
            <Field
                label=t.phone_number
                name="number"
                id="pair-number"
                kind="tel"
                inputmode="tel"
                value=number
                hint=hint
                autocomplete="off"
                maxlength=32_u32
                error=forms.number_error
            />
            <Button submit=true busy=forms.request.pending()>{if again { t.ask_again } else { t.ask }}</Button>
        </ActionForm>
    }
}
