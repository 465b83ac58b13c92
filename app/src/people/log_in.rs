//! The log-in page.

use super::{
    board::Door,
    server::{LogIn, load_door},
    text::text,
};
use crate::ui::{
    Button, EmptyState, ErrorState, Field, FormError, Kind, Mark, Note, PageTitle, PasswordField, StateMark,
    at, fault, typed,
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use types::AppError;

#[component]
pub fn LoginPage() -> impl IntoView {
    let t = text();
    let data = Resource::new(|| (), |()| load_door());
    view! {
        <PageTitle title=t.log_in/>
        <Door>
            <Suspense>
                {move || Suspend::new(async move {
                    match data.await {
                        Ok(data) if data.empty => {
                            view! { <EmptyState title=t.empty_title sentence=t.empty_why lone=true/> }.into_any()
                        }
                        Ok(_) => view! { <LogInForm/> }.into_any(),
                        Err(error) => view! { <ErrorState error=error lone=true/> }.into_any(),
                    }
                })}
            </Suspense>
        </Door>
    }
}

#[component]
fn LogInForm() -> impl IntoView {
    let t = text();
    let action = ServerAction::<LogIn>::new();
    let fault = fault(action);
    // Wrong e-mail or password is answered like any other missing login; here it needs other words.
    let no_match = move || fault.with(|fault| matches!(fault, Some(AppError::Unauthenticated)));
    let other = Signal::derive(move || {
        fault
            .get()
            .filter(|error| !matches!(error, AppError::Unauthenticated))
    });
    let query = use_query_map();
    let next = query.with_untracked(|query| query.get("next").unwrap_or_default());
    view! {
        <ActionForm action=action attr:class="stack">
            <div>
                <h1>{t.log_in}</h1>
                <p class="second">{t.log_in_hint}</p>
            </div>
            {move || {
                no_match()
                    .then(|| {
                        view! {
                            <Note mark=Mark::Bad alert=true>
                                <StateMark mark=Mark::Bad word=t.no_match/>
                                " "
                                {t.no_match_why}
                            </Note>
                        }
                    })
            }}
            <FormError fault=other fields=&["email", "password"]/>
            <input type="hidden" name="next" value=next/>
            <Field
                label=t.email
                name="email"
                value=typed("email")
                kind="email"
                autocomplete="username"
                maxlength=254_u32
                error=at(fault, "email")
            />
            <PasswordField
                label=t.password
                name="password"
                autocomplete="current-password"
                error=at(fault, "password")
            />
            <Button kind=Kind::Primary wide=true submit=true busy=action.pending()>
                {t.log_in}
            </Button>
        </ActionForm>
    }
}
