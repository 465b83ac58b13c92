//! The dialog that adds a sandbox phone.

use super::{here, in_query, server::AddSandboxPhone, text::text};
use crate::ui::{
    Button, Dialog, DialogFoot, Field, FormError, Kind, LinkButton, at, fault, text::text as shared_text,
};
use leptos::prelude::*;

#[component]
pub fn AddDialog() -> impl IntoView {
    let t = &text().add;
    let add = ServerAction::<AddSandboxPhone>::new();
    let fault = fault(add);
    let asked = in_query("add");
    let close = here(&[("add", "")]);
    view! {
        <Dialog open=Signal::derive(move || asked.with(|add| !add.is_empty())) close=close title=t.title id="add">
            <ActionForm action=add>
                <div class="body stack">
                    <p class="second">{t.why}</p>
                    <FormError fault=fault fields=&["name"]/>
                    <Field
                        label=t.name
                        name="name"
                        hint=t.name_hint
                        maxlength=80_u32
                        autocomplete="off"
                        error=at(fault, "name")
                    />
                </div>
                <DialogFoot>
                    <LinkButton href=close kind=Kind::Quiet attr:data-noscroll="true">
                        {shared_text().cancel}
                    </LinkButton>
                    <Button kind=Kind::Primary submit=true busy=add.pending()>{t.submit}</Button>
                </DialogFoot>
            </ActionForm>
        </Dialog>
    }
}
