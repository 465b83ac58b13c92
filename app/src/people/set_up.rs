//! The first run: one form makes the first super admin, the organization and a phone to try.

use super::{
    board::Door,
    server::{SetUp, SetUpDoor, load_set_up},
    text::text,
};
use crate::{
    browser, routes,
    ui::{
        Button, EmptyState, ErrorState, Field, FormError, Glyph, Icon, Kind, LinkButton, Mark, PageTitle,
        PasswordField, Select, StateMark, at, fault, typed,
    },
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use types::AppError;

/// The id of the time zone's select, which the browser fills in for the person.
const ZONE: &str = "time_zone";

#[component]
pub fn SetUpPage() -> impl IntoView {
    let t = &text().set_up;
    let token = use_query_map().with_untracked(|query| query.get("token").unwrap_or_default());
    let data = Resource::new(
        {
            let token = token.clone();
            move || token.clone()
        },
        load_set_up,
    );
    view! {
        <PageTitle title=t.title/>
        <Door first=true hello=ViewFn::from(|| view! { <Hello/> })>
            <Suspense>
                {move || {
                    let token = token.clone();
                    Suspend::new(async move {
                        match data.await {
                            Ok(SetUpDoor::Done) => view! {
                                <EmptyState title=t.already sentence=t.already_why lone=true>
                                    <LinkButton href=routes::LOG_IN.to_string()>{text().log_in}</LinkButton>
                                </EmptyState>
                            }
                            .into_any(),
                            Ok(SetUpDoor::WrongLink) => {
                                view! { <EmptyState title=t.no_token sentence=t.no_token_why lone=true/> }.into_any()
                            }
                            Ok(SetUpDoor::Open { time_zones }) => {
                                view! { <SetUpForm time_zones=time_zones token=token/> }.into_any()
                            }
                            Err(error) => view! { <ErrorState error=error lone=true/> }.into_any(),
                        }
                    })
                }}
            </Suspense>
        </Door>
    }
}

#[component]
fn SetUpForm(time_zones: Vec<String>, token: String) -> impl IntoView {
    let t = &text().set_up;
    let action = ServerAction::<SetUp>::new();
    let fault = fault(action);
    let no_phone = typed("phone") == "none";
    view! {
        <ActionForm action=action attr:class="stack">
            <div>
                <h1>{t.head}</h1>
                <p class="second">{t.intro}</p>
            </div>
            <FormError fault=fault fields=&["name", "email", "password", "organization", "time_zone"]/>
            <input type="hidden" name="token" value=token/>
            <ol class="setup">
                <li>
                    <You fault=fault/>
                </li>
                <li>
                    <Organization fault=fault time_zones=time_zones/>
                </li>
                <li>
                    <fieldset>
                        <legend>{t.phone}</legend>
                        <Offer value="sandbox" title=t.sandbox hint=t.sandbox_hint checked=!no_phone/>
                        <Offer value="none" title=t.no_phone hint=t.no_phone_hint checked=no_phone/>
                    </fieldset>
                </li>
            </ol>
            <Button kind=Kind::Primary wide=true submit=true busy=action.pending()>
                {t.submit}
                <Icon glyph=Glyph::ARROW flip=true/>
            </Button>
        </ActionForm>
    }
}

#[component]
fn You(fault: Signal<Option<AppError>>) -> impl IntoView {
    let t = &text().set_up;
    view! {
        <fieldset>
            <legend>{t.you}</legend>
            <p class="hint meta">{t.you_hint}</p>
            <div class="two">
                <Field
                    label=t.name
                    name="name"
                    value=typed("name")
                    autocomplete="name"
                    maxlength=80_u32
                    error=at(fault, "name")
                />
                <Field
                    label=text().email
                    name="email"
                    kind="email"
                    value=typed("email")
                    autocomplete="username"
                    maxlength=254_u32
                    error=at(fault, "email")
                />
            </div>
            <PasswordField
                label=text().password
                name="password"
                autocomplete="new-password"
                minlength=12_u32
                hint=t.password_hint
                error=at(fault, "password")
            />
        </fieldset>
    }
}

#[component]
fn Organization(fault: Signal<Option<AppError>>, time_zones: Vec<String>) -> impl IntoView {
    let t = &text().set_up;
    let chosen = typed("time_zone");
    // What the person chose before a page without script came back is theirs, not the device's.
    let untouched = chosen.is_empty();
    Effect::new(move |_| {
        if untouched {
            browser::choose_own_time_zone(ZONE);
        }
    });
    let zones = time_zones.into_iter().map(|zone| (zone.clone(), zone)).collect();
    view! {
        <fieldset>
            <legend>{t.organization}</legend>
            <div class="two">
                <Field
                    label=t.organization_name
                    name="organization"
                    value=typed("organization")
                    autocomplete="organization"
                    maxlength=80_u32
                    error=at(fault, "organization")
                />
                <Select
                    label=t.time_zone
                    name=ZONE
                    options=zones
                    value=if untouched { "UTC".to_string() } else { chosen }
                    hint=t.time_zone_hint
                    error=at(fault, "time_zone")
                />
            </div>
        </fieldset>
    }
}

#[component]
fn Offer(
    value: &'static str,
    title: &'static str,
    hint: &'static str,
    #[prop(optional)] checked: bool,
) -> impl IntoView {
    view! {
        <label class="offer">
            <input type="radio" name="phone" value=value checked=checked/>
            <span><b>{title}</b><span class="hint">{hint}</span></span>
        </label>
    }
}

/// What one will see in two minutes, and what can wait.
#[component]
fn Hello() -> impl IntoView {
    let t = &text().set_up;
    view! {
        <div class="hello">
            <div class="message">
                <p class="bubble">{t.hello}</p>
                <p class="fate"><StateMark mark=Mark::Ok word=t.delivered/></p>
            </div>
            <section class="todo" aria-labelledby="todo">
                <h2 id="todo">{t.afterwards}</h2>
                <ul>{t.steps.map(|step| view! { <li>{step}</li> }).collect_view()}</ul>
            </section>
        </div>
    }
}
