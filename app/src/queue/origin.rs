//! The call of the API that queued an entry, as it came.

use super::{server::Origin, text::text};
use crate::{
    i18n::fill,
    request_log::{
        detail::{Body, Headers},
        words,
    },
    routes,
    ui::{Exact, Pill, url},
};
use leptos::prelude::*;
use types::request_log::RequestDetail;

#[component]
pub fn OriginalRequest(
    origin: Origin,
    queue_id: i32,
    /// Whether headers and body are shown too.
    unfolded: RwSignal<bool>,
) -> impl IntoView {
    let t = text();
    let body = match origin {
        Origin::Hidden => return ().into_any(),
        Origin::Unknown => view! { <p class="meta">{t.no_request}</p> }.into_any(),
        Origin::Call { request, shortened } => {
            view! { <Call detail=*request shortened=shortened queue_id=queue_id unfolded=unfolded/> }
                .into_any()
        }
    };
    view! {
        <h3>{t.original}</h3>
        {body}
    }
    .into_any()
}

#[component]
fn Call(detail: RequestDetail, shortened: bool, queue_id: i32, unfolded: RwSignal<bool>) -> impl IntoView {
    let t = text();
    let request = detail.request;
    let href = url::href(
        routes::REQUEST_LOG,
        &[
            ("queue", &queue_id.to_string()),
            ("request", &request.id.to_string()),
        ],
    );
    let name = fill(
        t.method_and_url,
        &[("method", &request.method), ("url", &request.url)],
    );
    let key = request.key_prefix.map(|prefix| format!(" · {prefix}"));
    view! {
        <p class="original">
            <a class="mono clip" href=href.clone()>{name}</a>
            <Pill mark=words::mark(request.status) word=words::status(request.status)/>
            <span class="meta"><Exact at=request.at/>{key}</span>
        </p>
        <details class="original-parts" open=unfolded.get_untracked()>
            <summary class="button quiet small" on:click=move |_| unfolded.update(|open| *open = !*open)>
                {t.headers_and_body}
            </summary>
            <Headers title=t.headers headers=detail.request_headers/>
            <Body title=t.body id="original-body" body=detail.request_body/>
            {shortened.then(|| view! { <p class="meta">{t.shortened} " " <a href=href>{t.whole_call}</a></p> })}
        </details>
    }
}
