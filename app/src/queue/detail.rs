//! One entry opened, beside the list it came from: why it waits, its times, what it carries.
//! The history opens the same panel.

use super::{
    acts::PASSED,
    answer::Answer,
    candidates::Candidates,
    facts::{Facts, Steps},
    gates::{Gates, passed_words},
    latest::{is_about, latest},
    origin::OriginalRequest,
    server::EntryData,
    settle::Settle,
    text::text,
    verbs::{CancelDialog, EntryActions, ReassignDialog, SendNowDialog, Verbs},
    words,
};
use crate::{
    i18n::fill,
    live::{Message, use_refetch_on},
    ui::{ErrorState, FormError, Mark, Note, SidePanel, close_on_escape, fault, use_toasts},
};
use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};
use types::{AppError, events::EventType};

/// The opened entry, if one is.
pub type Opened = Option<Result<EntryData, AppError>>;

/// What somebody has unfolded: the panel is drawn anew with every answer, and it stays so.
#[derive(Clone, Copy)]
struct Unfolded {
    gates: RwSignal<bool>,
    request: RwSignal<bool>,
}

/// The panel; nothing while no entry is opened.
#[component]
pub fn EntryPane(
    selected: Memo<String>,
    entry: Resource<Opened>,
    /// The page on which it is opened.
    path: &'static str,
    /// Where one is when it is closed.
    close: Signal<String>,
    actions: EntryActions,
) -> impl IntoView {
    let query = use_query_map();
    let passed = Memo::new(move |_| query.with(|query| query.get(PASSED)));
    let unfolded = Unfolded {
        gates: RwSignal::new(false),
        request: RwSignal::new(false),
    };
    let says = move |message: &Message| match message {
        Message::Event(event) => {
            matches!(event.kind, EventType::SessionStatus | EventType::SettingsChanged)
                || selected.with_untracked(|id| is_about(event, id))
        }
        Message::Reset => true,
    };
    use_refetch_on(says, entry, move || selected.with_untracked(|id| !id.is_empty()));
    close_on_escape(selected, close);
    say_what_was_done(actions);
    // What was refused belongs to the entry it was asked of.
    Effect::new(move |before: Option<String>| {
        let id = selected.get();
        if before.is_some_and(|before| before != id) {
            actions.clear();
            unfolded.gates.set(false);
            unfolded.request.set(false);
        }
        id
    });
    view! {
        <Transition>
            {Suspend::new(async move {
                let now = latest(entry.await, entry);
                view! {
                    {move || now.get().map(|answer| {
                        view! {
                            <Panel
                                answer=answer
                                query=query
                                path=path
                                close=close
                                actions=actions
                                passed=passed
                                unfolded=unfolded
                            />
                        }
                    })}
                    <CancelDialog now=now query=query path=path actions=actions/>
                    <SendNowDialog now=now query=query path=path actions=actions/>
                    <ReassignDialog now=now query=query path=path actions=actions/>
                }
            })}
        </Transition>
    }
}

fn say_what_was_done(actions: EntryActions) {
    let toasts = use_toasts();
    let t = text();
    Effect::new(move |_| {
        if let Some(Ok(())) = actions.cancel.value().get() {
            toasts.say(Mark::Ok, t.cancelled);
        }
    });
    Effect::new(move |_| {
        if let Some(Ok(())) = actions.retry.value().get() {
            toasts.say(Mark::Ok, t.retried);
        }
    });
    Effect::new(move |_| {
        if let Some(Ok(())) = actions.reassign.value().get() {
            toasts.say(Mark::Ok, t.reassigned);
        }
    });
    Effect::new(move |_| {
        if let Some(Ok(())) = actions.settle.value().get() {
            toasts.say(Mark::Ok, t.settled);
        }
    });
}

#[component]
fn Panel(
    answer: Result<EntryData, AppError>,
    query: Memo<ParamsMap>,
    path: &'static str,
    close: Signal<String>,
    actions: EntryActions,
    passed: Memo<Option<String>>,
    unfolded: Unfolded,
) -> impl IntoView {
    let t = text();
    let title = match &answer {
        Ok(data) => fill(
            t.to,
            &[("recipient", &words::recipient(&data.detail.entry.recipient))],
        ),
        Err(_) => t.entry.into(),
    };
    let number = answer
        .as_ref()
        .ok()
        .map(|data| format!("#{}", data.detail.entry.queue_id));
    let body = match answer {
        Ok(data) => {
            let (id, state) = (data.detail.entry.id.to_string(), data.detail.entry.state);
            view! {
                <Entry data=data actions=actions passed=passed unfolded=unfolded/>
                <Verbs id=id state=state query=query path=path actions=actions/>
            }
            .into_any()
        }
        Err(error) => view! { <div class="scroll"><ErrorState error=error/></div> }.into_any(),
    };
    view! {
        <SidePanel id="entry-title" title=title number=number close=close>
            {body}
        </SidePanel>
    }
}

#[component]
fn Entry(
    data: EntryData,
    actions: EntryActions,
    passed: Memo<Option<String>>,
    unfolded: Unfolded,
) -> impl IntoView {
    let t = text();
    let detail = data.detail;
    let gates = (!detail.gates.is_empty()).then(|| {
        view! { <Gates gates=detail.gates.clone() as_of=detail.as_of unfolded=unfolded.gates/> }
    });
    let sent_now = move || {
        passed
            .get()
            .map(|names| view! { <Note mark=Mark::Ok>{passed_words(&names)}</Note> })
    };
    let candidates = detail.candidates.clone();
    let queue_id = detail.entry.queue_id;
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=t.entry>
            <FormError fault=fault(actions.cancel)/>
            <FormError fault=fault(actions.retry)/>
            <FormError fault=fault(actions.settle)/>
            {sent_now}
            <Answer detail=detail.clone()/>
            <Settle entry=detail.entry.clone() sessions=data.sessions actions=actions/>
            {gates}
            <Candidates candidates=candidates/>
            <h3>{t.times}</h3>
            <Steps entry=detail.entry.clone() as_of=detail.as_of/>
            <h3>{t.payload}</h3>
            <Facts detail=detail/>
            <OriginalRequest origin=data.request queue_id=queue_id unfolded=unfolded.request/>
        </div>
    }
}
