//! One batch: a look before it is queued, and afterwards how far it is.

use super::{
    draft::Draft,
    errors::Errors,
    progress::Progress,
    recent,
    server::{BatchData, CancelBatch, ConfirmBatch, load_batch},
    text::text,
};
use crate::{
    frame::can,
    i18n::{fill, plural},
    live::use_live_refetch,
    queue::latest,
    routes,
    ui::{
        Button, Dialog, DialogFoot, ErrorState, Exact, FormError, Kind, LinkButton, Mark, PageHead, Skeleton,
        StateMark, fault, text::text as shared_text, url, use_toasts,
    },
};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use types::{AppError, BatchId, Permission, batches::BatchState, events::EventType};

/// What moves the numbers.
const CHANGES: &[EventType] = &[
    EventType::BatchChanged,
    EventType::MessageQueued,
    EventType::MessageSent,
    EventType::MessageDelivered,
    EventType::MessageRead,
    EventType::MessageFailed,
    EventType::MessageUncertain,
    EventType::MessageCancelled,
];

#[component]
pub fn BatchPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let confirm = ServerAction::<ConfirmBatch>::new();
    let cancel = ServerAction::<CancelBatch>::new();
    let data = Resource::new(
        move || (id.get(), confirm.version().get(), cancel.version().get()),
        |(id, ..)| load_batch(id),
    );
    use_live_refetch(CHANGES, data);
    view! {
        <div class="send batch">
            <Transition fallback=|| view! { <PageHead title=text().title/> <Skeleton/> }>
                {Suspend::new(async move {
                    let now = latest(data.await, data);
                    view! { <Loaded now=now confirm=confirm cancel=cancel/> }
                })}
            </Transition>
        </div>
    }
}

#[component]
fn Loaded(
    now: Memo<Result<BatchData, AppError>>,
    confirm: ServerAction<ConfirmBatch>,
    cancel: ServerAction<CancelBatch>,
) -> impl IntoView {
    let failed = Memo::new(move |_| now.with(|now| now.as_ref().err().cloned()));
    move || match (failed.get(), now.get_untracked()) {
        (None, Ok(first)) => view! { <Opened first=first now=now confirm=confirm cancel=cancel/> }.into_any(),
        (Some(error), _) | (None, Err(error)) => view! {
            <PageHead title=text().title back=routes::SEND_MANY/>
            <div class="scroll"><ErrorState error=error/></div>
        }
        .into_any(),
    }
}

#[component]
fn Opened(
    first: BatchData,
    now: Memo<Result<BatchData, AppError>>,
    confirm: ServerAction<ConfirmBatch>,
    cancel: ServerAction<CancelBatch>,
) -> impl IntoView {
    let t = text();
    let id = first.detail.batch.id;
    let data = Memo::new(move |last: Option<&BatchData>| {
        let fresh = now.with(|now| now.as_ref().ok().cloned());
        fresh.or_else(|| last.cloned()).unwrap_or_else(|| first.clone())
    });
    let title = Memo::new(move |_| data.with(|data| data.detail.batch.name.clone()));
    let is_draft = Memo::new(move |_| data.with(|data| data.detail.batch.state == BatchState::Draft));
    let waiting = Memo::new(move |_| data.with(|data| data.detail.counts.waiting()));
    let state = move || {
        let (mark, word) = data.with(|data| recent::state(&data.detail.batch));
        view! { <StateMark mark=mark word=word/> }
    };
    let may_cancel = can(Permission::QueueManage);
    let cancel_link = move || {
        (may_cancel && !is_draft.get() && waiting.get() > 0).then(|| {
            view! {
                <LinkButton href=url::href(&routes::batch(id), &[("cancel", "1")]) kind=Kind::Danger attr:data-noscroll="true">
                    {move || plural(waiting.get(), t.cancel_waiting)}
                </LinkButton>
            }
        })
    };
    view! {
        <PageHead title=title back=routes::SEND_MANY meta=ViewFn::from(state)>{cancel_link}</PageHead>
        <div class="scroll">
            <div class="section">
                <About data=data/>
                {move || if is_draft.get() {
                    view! { <Draft data=data confirm=confirm cancel=cancel/> }.into_any()
                } else {
                    view! { <Progress data=data/> }.into_any()
                }}
                <Errors data=data/>
            </div>
        </div>
        <AskCancel id=id waiting=waiting cancel=cancel/>
    }
}

/// Who handed in what, and when.
#[component]
fn About(data: Memo<BatchData>) -> impl IntoView {
    let t = text();
    move || {
        let batch = data.with(|data| data.detail.batch.clone());
        let file = batch.file_name.unwrap_or_else(|| t.pasted.to_owned());
        let who = batch.made_by.unwrap_or_else(|| shared_text().none.to_owned());
        view! {
            <p class="meta">
                {fill(t.handed_in, &[("file", &file), ("who", &who)])} " " <Exact at=batch.created_at/>
            </p>
        }
    }
}

/// Says how many before, and how many afterwards.
#[component]
fn AskCancel(id: BatchId, waiting: Memo<i64>, cancel: ServerAction<CancelBatch>) -> impl IntoView {
    let t = text();
    let query = use_query_map();
    let toasts = use_toasts();
    Effect::new(move |_| {
        if let Some(Ok(count)) = cancel.value().get() {
            toasts.say(Mark::Ok, plural(count, t.cancelled_many));
        }
    });
    let open = Signal::derive(move || query.with(|query| query.get_str("cancel").is_some()));
    let close = Signal::stored(routes::batch(id));
    let title = Signal::derive(move || plural(waiting.get(), t.cancel_question));
    view! {
        <Dialog open=open close=close title=title id="cancel-batch">
            <div class="body stack">
                <FormError fault=fault(cancel)/>
                <p>{t.cancel_why}</p>
            </div>
            <DialogFoot>
                <LinkButton href=close attr:data-noscroll="true">{t.keep}</LinkButton>
                <ActionForm action=cancel>
                    <input type="hidden" name="id" value=id.to_string()/>
                    <Button kind=Kind::DangerPrimary submit=true busy=cancel.pending()>
                        {move || plural(waiting.get(), t.cancel_waiting)}
                    </Button>
                </ActionForm>
            </DialogFoot>
        </Dialog>
    }
}
