//! The organization itself: name, clock, main number, and who may be written to.

use super::{
    levels::locked,
    saved::SavedNote,
    server::{AboutData, Level, SaveAbout},
    text::text,
};
use crate::browser;
use crate::ui::{Button, Field, FormError, Select, TextArea, at, fault, text::text as shared_text};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use types::AppError;

/// The id of the button, which keeps the keyboard when the form is made anew after saving.
const SAVE: &str = "save-about";

const FIELDS: &[&str] = &["name", "time_zone", "main_number", "allow_list", "opt_outs"];

#[component]
pub fn AboutForm(data: AboutData, action: ServerAction<SaveAbout>) -> impl IntoView {
    let t = &text().about;
    let fault = fault(action);
    Effect::new(move |_| {
        if action
            .value()
            .with_untracked(|value| matches!(value, Some(Ok(_))))
        {
            browser::focus(SAVE);
        }
    });
    let settings = data.settings;
    let main = settings.main_number.unwrap_or_default();
    let opted_out = settings.opt_outs.join("\n");
    let lists = (settings.allow_list.join("\n"), opted_out.clone());
    let locked = locked(Level::Organization).is_some();
    view! {
        <section class="card" aria-labelledby="about-head">
            <header><h2 id="about-head">{t.head}</h2></header>
            <ActionForm action=action attr:class="body stack">
                <FormError fault=fault fields=FIELDS/>
                <input type="hidden" name="opted_out" value=opted_out/>
                <fieldset class="stack" disabled=locked>
                    <Names
                        name=settings.name
                        zone=settings.time_zone
                        zones=data.time_zones
                        main=main
                        fault=fault
                    />
                    <Lists allow=lists.0 opted_out=lists.1 fault=fault/>
                </fieldset>
                {(!locked)
                    .then(|| {
                        view! {
                            <div class="row">
                                <Button submit=true busy=action.pending() attr:id=SAVE>
                                    {shared_text().save}
                                </Button>
                            </div>
                        }
                    })}
                {move || {
                    action.value().get().and_then(Result::ok).map(|saved| view! { <SavedNote saved=saved/> })
                }}
            </ActionForm>
        </section>
    }
}

#[component]
fn Names(
    name: String,
    zone: String,
    zones: Vec<String>,
    main: String,
    fault: Signal<Option<AppError>>,
) -> impl IntoView {
    let t = &text().about;
    let zone = typed_or("time_zone", zone);
    let known = zones.contains(&zone);
    let options = (!known)
        .then(|| zone.clone())
        .into_iter()
        .chain(zones)
        .map(|zone| (zone.clone(), zone))
        .collect();
    view! {
        <div class="two">
            <Field
                label=t.name
                name="name"
                id="organization-name"
                value=typed_or("name", name)
                maxlength=80_u32
                autocomplete="off"
                error=at(fault, "name")
            />
            <Field
                label=t.main_number
                name="main_number"
                kind="tel"
                value=typed_or("main_number", main)
                required=false
                autocomplete="off"
                hint=t.main_number_hint
                error=at(fault, "main_number")
            />
        </div>
        <Select
            label=t.time_zone
            name="time_zone"
            options=options
            value=zone
            hint=t.time_zone_hint
            error=at(fault, "time_zone")
        />
    }
}

#[component]
fn Lists(allow: String, opted_out: String, fault: Signal<Option<AppError>>) -> impl IntoView {
    let t = &text().about;
    view! {
        <div class="two">
            <TextArea
                label=t.allow_list
                name="allow_list"
                value=typed_or("allow_list", allow)
                // Empty is refused by the server, beside the field and with what to write instead.
                required=false
                hint=t.allow_list_hint
                error=at(fault, "allow_list")
            />
            <TextArea
                label=t.opt_outs
                name="opt_outs"
                value=typed_or("opt_outs", opted_out)
                required=false
                hint=t.opt_outs_hint
                error=at(fault, "opt_outs")
            />
        </div>
    }
}

/// What came back with a refusal, also where it is empty; else what is stored.
fn typed_or(field: &str, stored: String) -> String {
    use_query_map().with_untracked(|query| {
        query
            .get_str("__err")
            .and_then(|_| query.get(&format!("__{field}")))
            .unwrap_or(stored)
    })
}
