//! Send many: the form, and the batches there were.

use super::{
    Ways,
    fields::{Before, FileField, SessionField},
    recent::Recent,
    server::{SendManyData, load_send_many},
    text::text,
};
use crate::{
    browser,
    live::use_live_refetch,
    queue::{SessionChoice, latest},
    routes,
    ui::{Button, ErrorState, Field, FormError, Glyph, Kind, LinkButton, PageHead, Skeleton, TextArea},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use types::{batches::MAX_BYTES, events::EventType};

const FIELDS: &[&str] = &["name", "session", "text", "list", "file"];

#[component]
pub fn SendManyPage() -> impl IntoView {
    let query = use_query_map();
    let cursor = Memo::new(move |_| query.with(|query| query.get("cursor").unwrap_or_default()));
    let data = Resource::new(move || cursor.get(), load_send_many);
    use_live_refetch(&[EventType::BatchChanged], data);
    view! {
        <PageHead title=text().title/>
        <div class="scroll send">
            <div class="section">
                <Ways many=true/>
                <Transition fallback=|| view! { <Skeleton/> }>
                    {Suspend::new(async move {
                        // The form stays as it is while the list below it moves.
                        match data.await {
                            Ok(first) => {
                                let now = latest(Ok(first.clone()), data);
                                view! { <Loaded first=first now=now/> }.into_any()
                            }
                            Err(error) => view! { <ErrorState error=error/> }.into_any(),
                        }
                    })}
                </Transition>
            </div>
        </div>
    }
}

#[component]
fn Loaded(first: SendManyData, now: Memo<Result<SendManyData, types::AppError>>) -> impl IntoView {
    let before = Before::of(first.refusal.clone());
    let sessions = first.sessions.clone();
    let recent = Memo::new(move |_| {
        now.with(|now| match now {
            Ok(data) => (data.recent.clone(), data.as_of),
            Err(_) => (first.recent.clone(), first.as_of),
        })
    });
    view! {
        <ListForm before=before sessions=sessions/>
        <Recent recent=recent/>
    }
}

#[component]
fn ListForm(before: Before, sessions: Vec<SessionChoice>) -> impl IntoView {
    let t = text();
    let busy = RwSignal::new(false);
    let too_large = RwSignal::new(false);
    let submit = move |event: leptos::ev::SubmitEvent| {
        let large = browser::chosen_bytes("file").is_some_and(|bytes| bytes > MAX_BYTES);
        too_large.set(large);
        if large {
            event.prevent_default();
        } else {
            busy.set(true);
        }
    };
    let file_error = before.error("file");
    let file_error = Signal::derive(move || {
        too_large
            .get()
            .then(|| t.list_too_large.to_owned())
            .or_else(|| file_error.get())
    });
    view! {
        <form
            class="split"
            method="post"
            action=routes::SEND_MANY
            enctype="multipart/form-data"
            on:input=move |event| before.touch(&event)
            on:submit=submit
        >
            <div class="stack">
                <FormError fault=before.fault fields=FIELDS/>
                <Field
                    label=t.name
                    name="name"
                    hint=t.name_hint
                    value=before.typed("name")
                    required=false
                    maxlength=80_u32
                    autocomplete="off"
                    error=before.error("name")
                />
                <SessionField before=before sessions=sessions/>
                <TextArea
                    label=t.common
                    name="text"
                    hint=t.common_hint
                    value=before.typed("text")
                    required=false
                    error=before.error("text")
                />
            </div>
            <div class="stack">
                <TextArea
                    label=t.list
                    name="list"
                    hint=t.list_hint
                    value=before.typed("list")
                    required=false
                    error=before.error("list")
                />
                <FileField label=t.csv hint=t.csv_hint accept=".csv,.txt,text/csv" error=file_error/>
                <p class="row">
                    <LinkButton
                        href="/send/sample.csv".to_string()
                        icon=Glyph::DOWNLOAD
                        kind=Kind::Quiet
                        small=true
                        attr:rel="external"
                        attr:download=""
                    >
                        {t.sample}
                    </LinkButton>
                </p>
                <p class="meta">{t.nothing_is_queued}</p>
                <div><Button kind=Kind::Primary submit=true busy=busy>{t.look}</Button></div>
            </div>
        </form>
    }
}
