//! One call opened, beside the list it came from.

use super::{server::OpenedRequest, text::text, words};
use crate::{
    format,
    i18n::fill,
    queue::latest,
    routes,
    ui::{CodeBlock, ErrorState, Exact, Pill, SidePanel, Time, close_on_escape, url},
};
use leptos::prelude::*;
use types::{
    AppError,
    request_log::{LoggedBody, LoggedRequest},
};

/// The opened call, if one is.
pub type Opened = Option<Result<OpenedRequest, AppError>>;

#[component]
pub fn RequestPane(
    selected: Memo<String>,
    opened: Resource<Opened>,
    /// Where one is when it is closed.
    close: Signal<String>,
) -> impl IntoView {
    close_on_escape(selected, close);
    view! {
        <Transition>
            {Suspend::new(async move {
                let now = latest(opened.await, opened);
                view! {
                    {move || now.get().map(|answer| view! { <Panel answer=answer close=close/> })}
                }
            })}
        </Transition>
    }
}

#[component]
fn Panel(answer: Result<OpenedRequest, AppError>, close: Signal<String>) -> impl IntoView {
    let t = text();
    let title = answer.as_ref().map_or_else(
        |_| t.one.to_string(),
        |one| format!("{} {}", one.detail.request.method, one.detail.request.url),
    );
    let id = answer.as_ref().ok().map(|one| one.detail.request.id.to_string());
    let body = match answer {
        Ok(one) => view! { <Call one=one/> }.into_any(),
        Err(error) => view! { <div class="scroll"><ErrorState error=error/></div> }.into_any(),
    };
    view! {
        <SidePanel id="request-title" title=title number=id close=close>
            {body}
        </SidePanel>
    }
}

#[component]
fn Call(one: OpenedRequest) -> impl IntoView {
    let t = text();
    let curl = words::curl(&one.detail, &one.public_url);
    let whole = words::is_whole(&one.detail.request_body) && !one.detail.request.url.contains("[masked]");
    let detail = one.detail;
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=t.one>
            <Facts request=detail.request as_of=detail.as_of/>
            <Headers title=t.request_headers headers=detail.request_headers/>
            <Body title=t.request_body id="request-body" body=detail.request_body/>
            <Headers title=t.response_headers headers=detail.response_headers/>
            <Body title=t.response_body id="response-body" body=detail.response_body/>
            <CodeBlock name=t.repeat code=curl id="curl"/>
            {(!whole).then(|| view! { <p class="meta">{t.repeat_why}</p> })}
        </div>
    }
}

#[component]
fn Facts(request: LoggedRequest, as_of: types::Timestamp) -> impl IntoView {
    let t = text();
    let entries = words::entries(&request)
        .zip(request.first_queue_id)
        .map(|(words, first)| {
            let href = url::href(routes::QUEUE, &[("entry", &first.to_string())]);
            view! { <dt>{t.entries}</dt> <dd><a href=href>{words}</a></dd> }
        });
    let key = request.key_prefix.map(|prefix| {
        let href = request
            .key
            .map(|key| url::href(routes::REQUEST_LOG, &[("key", &key.to_string())]));
        view! { <dt>{t.key}</dt> <dd class="mono"><a href=href>{prefix}</a></dd> }
    });
    let session = request.session.map(|session| {
        view! { <dt>{t.session}</dt> <dd class="mono">{session.to_string()}</dd> }
    });
    let ip = (!request.ip.is_empty()).then(|| view! { <dt>{t.ip}</dt> <dd class="mono">{request.ip}</dd> });
    view! {
        <dl class="facts">
            <dt>{t.status}</dt>
            <dd><Pill mark=words::mark(request.status) word=words::status(request.status)/></dd>
            <dt>{t.duration}</dt>
            <dd>{fill(t.milliseconds, &[("n", &format::number(request.duration_ms))])}</dd>
            <dt>{t.when}</dt>
            <dd><Exact at=request.at/>" · "<Time at=request.at as_of=as_of/></dd>
            {entries}
            {key}
            {session}
            {ip}
            <dt>{t.id}</dt>
            <dd class="mono">{request.id.to_string()}</dd>
        </dl>
    }
}

#[component]
pub fn Headers(title: &'static str, headers: Vec<(String, String)>) -> impl IntoView {
    let all = if headers.is_empty() {
        view! { <p class="meta">{text().no_headers}</p> }.into_any()
    } else {
        let rows = headers
            .into_iter()
            .map(|(name, value)| view! { <dt class="mono">{name}</dt> <dd class="mono">{value}</dd> })
            .collect_view();
        view! { <dl class="facts headers">{rows}</dl> }.into_any()
    };
    view! {
        <h3>{title}</h3>
        {all}
    }
}

#[component]
pub fn Body(title: &'static str, id: &'static str, body: LoggedBody) -> impl IntoView {
    match body.text {
        Some(text) if !text.is_empty() => {
            let name = format!("{title} · {}", format::bytes(body.bytes));
            view! { <CodeBlock name=name code=words::laid_out(&text) id=id/> }.into_any()
        }
        _ => {
            let why = if body.bytes == 0 {
                text().no_body.to_string()
            } else {
                fill(text().body_not_kept, &[("size", &format::bytes(body.bytes))])
            };
            view! { <h3>{title}</h3> <p class="meta">{why}</p> }.into_any()
        }
    }
}
