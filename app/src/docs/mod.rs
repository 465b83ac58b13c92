//! The API page: every endpoint from the served description, samples, and a tester.
//!
//! Which endpoint (`op`) and which language (`lang`) is open lives in the address. A key that
//! somebody pastes lives in this page's memory alone.

mod answer;
pub mod call;
mod endpoint;
mod form;
mod list;
mod model;
mod overview;
pub mod samples;
mod server;
mod tester;
mod text;
pub mod tree;

use crate::{
    routes,
    ui::{ErrorState, PageTitle, Skeleton},
};
use endpoint::Reading;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use list::Endpoints;
use overview::Overview;
use samples::Lang;
use tester::{Bench, Desk};
use text::text;

pub use model::{Endpoint, Input};
pub use server::*;

#[component]
pub fn DocsPage() -> impl IntoView {
    let query = use_query_map();
    let op = Memo::new(move |_| query.with(|query| query.get("op").unwrap_or_default()));
    let lang = Memo::new(move |_| {
        let name = query.with(|query| query.get("lang").unwrap_or_default());
        Lang::from_name(&name).unwrap_or(Lang::Curl)
    });
    let data = Resource::new(move || op.get(), load_docs);
    // Kept while one goes from endpoint to endpoint, and never anywhere else.
    let key = RwSignal::new(String::new());
    view! {
        <div class="docs">
            <Transition fallback=|| view! { <PageTitle title=text().title/> <Skeleton rows=8/> }>
                {move || Suspend::new(async move {
                    match data.await {
                        Ok(data) => view! { <Loaded data=data lang=lang key=key/> }.into_any(),
                        Err(error) => view! { <PageTitle title=text().title/> <ErrorState error=error lone=true/> }
                            .into_any(),
                    }
                })}
            </Transition>
        </div>
    }
}

#[component]
fn Loaded(data: DocsData, lang: Memo<Lang>, key: RwSignal<String>) -> impl IntoView {
    let DocsData {
        base,
        groups,
        sections,
        endpoint,
        sessions,
    } = data;
    let open = endpoint.as_ref().map(|endpoint| endpoint.line.id.clone());
    let page = match endpoint {
        None => view! { <PageTitle title=text().title/> <Overview base=base sections=sections/> }.into_any(),
        Some(endpoint) => {
            let desk = Desk::new(endpoint.clone(), base, sessions, key);
            view! {
                <PageTitle title=endpoint.line.summary.clone()/>
                <section class="tester" aria-labelledby="title">
                    <Reading endpoint=endpoint desk=desk/>
                </section>
                <section class="results" aria-label=text().results>
                    <Bench desk=desk lang=lang/>
                </section>
            }
            .into_any()
        }
    };
    view! {
        <Endpoints groups=groups open=open.unwrap_or_default()/>
        {page}
    }
}

/// The address of an endpoint.
fn href(op: &str) -> String {
    crate::ui::url::href(routes::DOCS, &[("op", op)])
}
