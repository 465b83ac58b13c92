//! The dialog that makes a key.

use super::{in_query, server::MakeKey, text::text};
use crate::{
    frame::can,
    routes,
    ui::{
        Button, Check, Dialog, DialogFoot, Field, FormError, Kind, LinkButton, at, fault, permission_word,
        text::text as shared_text,
    },
};
use leptos::prelude::*;
use types::Permission;

#[component]
pub fn AddDialog() -> impl IntoView {
    let t = &text().add;
    let make = ServerAction::<MakeKey>::new();
    let fault = fault(make);
    let asked = in_query("add");
    let close = Signal::stored(routes::KEYS.to_string());
    view! {
        <Dialog open=Signal::derive(move || asked.with(|add| !add.is_empty())) close=close title=t.title id="add">
            <ActionForm action=make>
                <div class="body stack">
                    <FormError fault=fault fields=&["name", "scopes", "expires_in_days"]/>
                    <Field
                        label=t.name
                        name="name"
                        hint=t.name_hint
                        maxlength=80_u32
                        autocomplete="off"
                        error=at(fault, "name")
                    />
                    <Scopes error=at(fault, "scopes")/>
                    <Field
                        label=t.days
                        name="expires_in_days"
                        kind="number"
                        required=false
                        hint=t.days_hint
                        min="1"
                        max="3650"
                        error=at(fault, "expires_in_days")
                    />
                </div>
                <DialogFoot>
                    <LinkButton href=close kind=Kind::Quiet attr:data-noscroll="true">
                        {shared_text().cancel}
                    </LinkButton>
                    <Button kind=Kind::Primary submit=true busy=make.pending()>{t.submit}</Button>
                </DialogFoot>
            </ActionForm>
        </Dialog>
    }
}

/// What one may do oneself, everything ticked at first.
#[component]
fn Scopes(error: Signal<Option<String>>) -> impl IntoView {
    let t = &text().add;
    let own = Permission::ALL
        .iter()
        .copied()
        .filter(|permission| can(*permission));
    let checks = own.map(|permission| {
        view! { <Check label=permission_word(permission) name="scopes[]" value=permission.name() checked=true/> }
    });
    view! {
        <fieldset class="field">
            <legend class="label">{t.scopes}</legend>
            <div class="scope-grid">{checks.collect_view()}</div>
            {move || match error.get() {
                Some(error) => view! { <p class="error" role="alert">{error}</p> }.into_any(),
                None => view! { <p class="hint">{t.scopes_hint}</p> }.into_any(),
            }}
        </fieldset>
    }
}
