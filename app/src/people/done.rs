//! After set-up: the first key, shown once, and the first message as a command.

use super::{
    board::Door,
    server::{WhatWasMade, take_made},
    text::text,
};
use crate::{
    routes,
    ui::{CodeBlock, CopyLine, EmptyState, ErrorState, Glyph, Kind, LinkButton, PageTitle},
};
use leptos::prelude::*;

#[component]
pub fn SetUpDonePage() -> impl IntoView {
    let t = &text().done;
    let data = Resource::new(|| (), |()| take_made());
    view! {
        <PageTitle title=t.title/>
        <Door first=true>
            <Suspense>
                {move || Suspend::new(async move {
                    match data.await {
                        Ok(Some(made)) => view! { <Made made=made/> }.into_any(),
                        Ok(None) => view! {
                            <EmptyState title=t.gone sentence=t.gone_why lone=true>
                                <LinkButton href=routes::KEYS.to_string()>{t.key}</LinkButton>
                                <LinkButton href=routes::DASHBOARD.to_string() kind=Kind::Primary>
                                    {t.dashboard}
                                </LinkButton>
                            </EmptyState>
                        }
                        .into_any(),
                        Err(error) => view! { <ErrorState error=error lone=true/> }.into_any(),
                    }
                })}
            </Suspense>
        </Door>
    }
}

#[component]
fn Made(made: WhatWasMade) -> impl IntoView {
    let t = &text().done;
    let curl = format!(
        "curl {}/api/send \\\n  -H 'X-API-Key: {}' \\\n  -H 'Content-Type: application/json' \\\n  \
         -d '{{\"number\": \"6281234567890\", \"message\": \"{}\"}}'",
        made.url, made.api_key, t.first_message
    );
    let phone = made.session.map(|session| {
        view! {
            <LinkButton href=routes::phone(session) kind=Kind::Primary icon=Glyph::PHONE>
                {t.phone}
            </LinkButton>
        }
    });
    let rest = if phone.is_some() {
        Kind::Plain
    } else {
        Kind::Primary
    };
    view! {
        <div class="stack made">
            <div>
                <h1>{t.head}</h1>
                <p class="second">{t.intro}</p>
            </div>
            <div class="field">
                <span class="label">{t.key}</span>
                <CopyLine value=made.api_key id="api-key"/>
                <p class="hint">{t.key_hint}</p>
            </div>
            <CodeBlock name=t.try_it code=curl id="first-message"/>
            <div class="row wrap">
                {phone}
                <LinkButton href=routes::DASHBOARD.to_string() kind=rest>{t.dashboard}</LinkButton>
            </div>
        </div>
    }
}
