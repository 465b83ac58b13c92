//! One entry opened, beside the list it came from: why it waits, its times, what it carries.
//! The history opens the same panel.

use super::{
    answer::Answer,
    facts::{Facts, Steps},
    gates::Gates,
    latest::{is_about, latest},
    server::{CancelEntry, RetryEntry},
    text::text,
    words,
};
use crate::{
    frame::can,
    i18n::fill,
    live::{Message, use_refetch_on},
    ui::{
        Button, ErrorState, FormError, Glyph, Kind, LinkButton, Mark, fault, text::text as shared_text,
        use_toasts,
    },
};
use leptos::{ev, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use types::{
    AppError, Permission,
    events::EventType,
    messages::{MessageState, QueueDetail},
};

/// The opened entry, if one is.
pub type Opened = Option<Result<QueueDetail, AppError>>;

/// What people do to one entry.
#[derive(Clone, Copy)]
pub struct EntryActions {
    pub cancel: ServerAction<CancelEntry>,
    pub retry: ServerAction<RetryEntry>,
}

impl EntryActions {
    /// Belongs to the page that calls it.
    pub fn of_page() -> Self {
        Self {
            cancel: ServerAction::new(),
            retry: ServerAction::new(),
        }
    }

    /// Counts up with each thing done.
    pub fn version(self) -> usize {
        self.cancel.version().get() + self.retry.version().get()
    }
}

/// The panel; nothing while no entry is opened.
#[component]
pub fn EntryPane(
    selected: Memo<String>,
    entry: Resource<Opened>,
    /// Where one is when it is closed.
    close: Signal<String>,
    actions: EntryActions,
) -> impl IntoView {
    let says = move |message: &Message| match message {
        Message::Event(event) => {
            event.kind == EventType::SessionStatus || selected.with_untracked(|id| is_about(event, id))
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
            actions.cancel.clear();
            actions.retry.clear();
        }
        id
    });
    view! {
        <Transition>
            {Suspend::new(async move {
                let now = latest(entry.await, entry);
                view! {
                    {move || now.get().map(|answer| {
                        view! { <Panel answer=answer close=close actions=actions/> }
                    })}
                }
            })}
        </Transition>
    }
}

fn close_on_escape(selected: Memo<String>, close: Signal<String>) {
    let navigate = use_navigate();
    Effect::new(move |_| {
        let navigate = navigate.clone();
        let listener = window_event_listener(ev::keydown, move |event| {
            let open = selected.try_get_untracked().is_some_and(|id| !id.is_empty());
            if open && event.key() == "Escape" && !event.default_prevented() {
                let stay = NavigateOptions {
                    scroll: false,
                    ..NavigateOptions::default()
                };
                navigate(&close.get_untracked(), stay);
            }
        });
        on_cleanup(move || listener.remove());
    });
}

fn say_what_was_done(actions: EntryActions) {
    let toasts = use_toasts();
    Effect::new(move |_| {
        if let Some(Ok(())) = actions.cancel.value().get() {
            toasts.say(Mark::Ok, text().cancelled);
        }
    });
    Effect::new(move |_| {
        if let Some(Ok(())) = actions.retry.value().get() {
            toasts.say(Mark::Ok, text().retried);
        }
    });
}

#[component]
fn Panel(
    answer: Result<QueueDetail, AppError>,
    close: Signal<String>,
    actions: EntryActions,
) -> impl IntoView {
    let t = text();
    let title = match &answer {
        Ok(detail) => fill(t.to, &[("recipient", &words::recipient(&detail.entry.recipient))]),
        Err(_) => t.entry.into(),
    };
    let number = answer
        .as_ref()
        .ok()
        .map(|detail| format!("#{}", detail.entry.queue_id));
    let body = match answer {
        Ok(detail) => view! { <Entry detail=detail actions=actions/> }.into_any(),
        Err(error) => view! { <div class="scroll"><ErrorState error=error/></div> }.into_any(),
    };
    view! {
        <aside class="panel entry" aria-labelledby="entry-title">
            <header>
                <span class="back">
                    <LinkButton
                        href=close
                        kind=Kind::Quiet
                        icon=Glyph::BACK
                        label=t.back_to_list
                        attr:data-noscroll="true"
                    />
                </span>
                <div class="clip">
                    <h2 id="entry-title" class="clip">{title}</h2>
                    <p class="meta mono">{number}</p>
                </div>
                <span class="push">
                    <LinkButton
                        href=close
                        kind=Kind::Quiet
                        icon=Glyph::CLOSE
                        label=shared_text().close
                        attr:data-noscroll="true"
                    />
                </span>
            </header>
            {body}
        </aside>
    }
}

#[component]
fn Entry(detail: QueueDetail, actions: EntryActions) -> impl IntoView {
    let t = text();
    let state = detail.entry.state;
    let id = detail.entry.id.to_string();
    let gates =
        (!detail.gates.is_empty()).then(|| view! { <Gates gates=detail.gates.clone() as_of=detail.as_of/> });
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=t.entry>
            <FormError fault=fault(actions.cancel)/>
            <FormError fault=fault(actions.retry)/>
            <Answer detail=detail.clone()/>
            {gates}
            <h3>{t.times}</h3>
            <Steps entry=detail.entry.clone() as_of=detail.as_of/>
            <h3>{t.payload}</h3>
            <Facts detail=detail/>
        </div>
        <Verbs id=id state=state actions=actions/>
    }
}

/// What can be done to it now, for those who may.
#[component]
fn Verbs(id: String, state: MessageState, actions: EntryActions) -> impl IntoView {
    let t = text();
    if !can(Permission::QueueManage) {
        return ().into_any();
    }
    match state {
        MessageState::Pending => view! {
            <footer>
                <ActionForm action=actions.cancel attr:class="push">
                    <input type="hidden" name="id" value=id/>
                    <Button kind=Kind::Danger submit=true busy=actions.cancel.pending()>{t.cancel_entry}</Button>
                </ActionForm>
            </footer>
        }
        .into_any(),
        MessageState::Failed => view! {
            <footer>
                <ActionForm action=actions.retry>
                    <input type="hidden" name="id" value=id/>
                    <Button icon=Glyph::REFRESH submit=true busy=actions.retry.pending()>{t.retry_entry}</Button>
                </ActionForm>
            </footer>
        }
        .into_any(),
        _ => ().into_any(),
    }
}
