//! The linked phone while it is not linked: its screen "Link a device".

use super::{Place, forms::Forms, handset::Handset, text::text};
use crate::{
    format, routes,
    ui::{Button, Field, FormError, Glyph, Kind, LinkButton, url},
};
use leptos::prelude::*;
use types::sandbox::Phone;

#[component]
pub fn LinkScreen(phone: Phone, place: Place, forms: Forms) -> impl IntoView {
    let t = &text().link;
    let number = format::phone(&phone.number);
    let dialog = url::href(
        routes::SESSIONS,
        &[("id", &place.session), ("pair", &place.session)],
    );
    let id = phone.session;
    view! {
        <Handset label=t.label pane="list" as_of=phone.as_of>
            <header class="app-head"><h2>{t.head}</h2></header>
            <div class="link-screen stack">
                <h3>{t.title}</h3>
                <p class="second">{t.why}</p>
                <FormError fault=forms.pair_fault fields=&["code"]/>
                <ActionForm action=forms.pair attr:class="stack">
                    <input type="hidden" name="id" value=id.to_string()/>
                    <Button kind=Kind::Primary wide=true submit=true icon=Glyph::CAMERA busy=forms.pair.pending()>
                        {t.scan}
                    </Button>
                    <p class="meta">{t.scan_hint}</p>
                </ActionForm>
                <p class="day">{t.or}</p>
                <ActionForm action=forms.pair attr:class="stack">
                    <input type="hidden" name="id" value=id.to_string()/>
                    <Field
                        label=t.code
                        name="code"
                        hint=t.code_hint
                        maxlength=16_u32
                        autocomplete="off"
                        error=forms.code_error
                    />
                    <Button wide=true submit=true icon=Glyph::KEY busy=forms.pair.pending()>{t.submit}</Button>
                </ActionForm>
                <LinkButton href=dialog kind=Kind::Quiet icon=Glyph::QR>{t.dialog}</LinkButton>
            </div>
            <p class="caption">{t.caption} <br/> <span class="ltr">{number}</span></p>
        </Handset>
    }
}
