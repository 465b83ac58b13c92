//! The dialog that adds a customer.

use super::{Place, server::AddCustomer, text::text};
use crate::ui::{
    Button, Dialog, DialogFoot, Field, FormError, Kind, LinkButton, at, fault, text::text as shared_text,
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

#[component]
pub fn AddDialog(place: Memo<Place>) -> impl IntoView {
    let t = &text().customers;
    let add = ServerAction::<AddCustomer>::new();
    let fault = fault(add);
    let query = use_query_map();
    let open = Signal::derive(move || query.with(|query| query.get("add").is_some()));
    let close = Signal::derive(move || place.with(|place| place.with(&place.with, place.mine)));
    view! {
        <Dialog open=open close=close title=t.add_title id="add">
            <ActionForm action=add>
                <div class="body stack">
                    <p class="second">{t.add_why}</p>
                    <FormError fault=fault fields=&["number"]/>
                    <input type="hidden" name="id" value=move || place.with(|place| place.session.clone())/>
                    <Field
                        label=t.number
                        name="number"
                        id="add-number"
                        kind="tel"
                        inputmode="tel"
                        hint=t.number_hint
                        maxlength=80_u32
                        autocomplete="off"
                        error=at(fault, "number")
                    />
                    <Field
                        label=t.name
                        name="name"
                        id="add-name"
                        required=false
                        hint=t.name_hint
                        maxlength=80_u32
                        autocomplete="off"
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
