//! What is done to one entry: cancel, send now, reassign, try again. All but the last are asked for in
//! dialogs that say what they will do.

use super::{
    acts::{CancelEntry, ReassignEntry, RetryEntry, SendEntryNow, SettleEntry},
    detail::Opened,
    gates::{gate_line, passable},
    server::EntryData,
    text::text,
    words,
};
use crate::{
    frame::can,
    i18n::fill,
    ui::{Button, Dialog, DialogFoot, FormError, Glyph, Kind, LinkButton, Select, at, fault, url},
};
use leptos::prelude::*;
use leptos_router::params::ParamsMap;
use types::{Permission, messages::MessageState, pacing::Gate};

/// The query's key that opens a dialog about the opened entry, and its values.
const ACT: &str = "act";
const SEND_NOW: &str = "send-now";
const REASSIGN: &str = "reassign";
const CANCEL: &str = "cancel";

/// What people do to one entry.
#[derive(Clone, Copy)]
pub struct EntryActions {
    pub cancel: ServerAction<CancelEntry>,
    pub retry: ServerAction<RetryEntry>,
    pub send_now: ServerAction<SendEntryNow>,
    pub reassign: ServerAction<ReassignEntry>,
    pub settle: ServerAction<SettleEntry>,
}

impl EntryActions {
    /// Belongs to the page that calls it.
    pub fn of_page() -> Self {
        Self {
            cancel: ServerAction::new(),
            retry: ServerAction::new(),
            send_now: ServerAction::new(),
            reassign: ServerAction::new(),
            settle: ServerAction::new(),
        }
    }

    /// Counts up with each thing done.
    pub fn version(self) -> usize {
        self.cancel.version().get()
            + self.retry.version().get()
            + self.send_now.version().get()
            + self.reassign.version().get()
            + self.settle.version().get()
    }

    /// Forgets what was answered.
    pub fn clear(self) {
        self.cancel.clear();
        self.retry.clear();
        self.send_now.clear();
        self.reassign.clear();
        self.settle.clear();
    }
}

/// What can be done to it now, for those who may.
#[component]
pub fn Verbs(
    id: String,
    state: MessageState,
    query: Memo<ParamsMap>,
    path: &'static str,
    actions: EntryActions,
) -> impl IntoView {
    let t = text();
    if !can(Permission::QueueManage) {
        return ().into_any();
    }
    let to = move |act: &'static str| {
        Signal::derive(move || query.with(|query| url::with(path, query, &[(ACT, act)])))
    };
    match state {
        MessageState::Pending => view! {
            <footer>
                <LinkButton href=to(SEND_NOW) attr:data-noscroll="true">{t.send_now}</LinkButton>
                <LinkButton href=to(REASSIGN) attr:data-noscroll="true">{t.reassign}</LinkButton>
                <span class="push">
                    <LinkButton href=to(CANCEL) kind=Kind::Danger attr:data-noscroll="true">{t.cancel_entry}</LinkButton>
                </span>
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

/// The opened entry while it waits and the address asks for that dialog.
fn asked(now: Memo<Opened>, query: Memo<ParamsMap>, act: &'static str) -> Memo<Option<EntryData>> {
    let allowed = can(Permission::QueueManage);
    Memo::new(move |_| {
        let wanted = allowed && query.with(|query| query.get_str(ACT) == Some(act));
        now.with(|now| now.as_ref().and_then(|now| now.as_ref().ok()).cloned())
            .filter(|data| wanted && data.detail.entry.state == MessageState::Pending)
    })
}

/// Says which protections the message passes, and that this is written down.
#[component]
pub fn SendNowDialog(
    now: Memo<Opened>,
    query: Memo<ParamsMap>,
    path: &'static str,
    actions: EntryActions,
) -> impl IntoView {
    let t = text();
    let asked = asked(now, query, SEND_NOW);
    let open = Memo::new(move |_| asked.with(Option::is_some));
    let id =
        Memo::new(move |_| asked.with(|asked| asked.as_ref().map(|data| data.detail.entry.id.to_string())));
    let closed = Memo::new(move |_| {
        asked.with(|asked| {
            let gates = asked.iter().flat_map(|data| data.detail.gates.iter());
            gates.filter(|gate| !gate.open).cloned().collect::<Vec<_>>()
        })
    });
    let close = Signal::derive(move || query.with(|query| url::with(path, query, &[(ACT, "")])));
    let list = move |of: fn(&Gate) -> bool, title: &'static str| {
        let lines: Vec<_> = closed
            .get()
            .iter()
            .filter(|gate| of(gate))
            .map(|gate| view! { <li>{gate_line(gate)}</li> })
            .collect();
        (!lines.is_empty()).then(|| view! { <p>{title}</p> <ul class="passes">{lines}</ul> })
    };
    let nothing = move || closed.with(Vec::is_empty).then_some(t.send_now_nothing);
    // What cannot be passed holds it all the same: it only goes to the front.
    let word = move || {
        let held = closed.with(|closed| closed.iter().any(|gate| !passable(gate)));
        if held { t.put_it_first } else { t.send_it_now }
    };
    view! {
        <Dialog open=open close=close title=t.send_now_question id="send-now">
            <div class="body stack">
                <FormError fault=fault(actions.send_now)/>
                <p>{nothing}</p>
                {move || list(passable, t.send_now_passes)}
                {move || list(|gate| !passable(gate), t.send_now_still)}
            </div>
            <DialogFoot>
                <LinkButton href=close>{t.let_it_wait}</LinkButton>
                <ActionForm action=actions.send_now>
                    <input type="hidden" name="id" value=move || id.get()/>
                    <input type="hidden" name="back" value=move || close.get()/>
                    <Button kind=Kind::Primary submit=true busy=actions.send_now.pending()>{word}</Button>
                </ActionForm>
            </DialogFoot>
        </Dialog>
    }
}

/// Another session, or whichever is free first.
#[component]
pub fn ReassignDialog(
    now: Memo<Opened>,
    query: Memo<ParamsMap>,
    path: &'static str,
    actions: EntryActions,
) -> impl IntoView {
    let t = text();
    let asked = asked(now, query, REASSIGN);
    let open = Memo::new(move |_| asked.with(Option::is_some));
    let id =
        Memo::new(move |_| asked.with(|asked| asked.as_ref().map(|data| data.detail.entry.id.to_string())));
    // Only what the select shows: with every second's answer it would lose what was chosen.
    let choices = Memo::new(move |_| {
        asked.with(|asked| {
            let mut all = vec![(String::new(), t.any_session.to_owned())];
            let mut chosen = String::new();
            if let Some(data) = asked {
                chosen = data
                    .detail
                    .entry
                    .session
                    .map(|id| id.to_string())
                    .unwrap_or_default();
                let others = data.sessions.iter();
                all.extend(others.map(|session| (session.id.to_string(), session.name.clone())));
            }
            (all, chosen)
        })
    });
    let close = Signal::derive(move || query.with(|query| url::with(path, query, &[(ACT, "")])));
    let fault = fault(actions.reassign);
    view! {
        <Dialog open=open close=close title=t.reassign_question id="reassign">
            <ActionForm action=actions.reassign>
                <div class="body stack">
                    <FormError fault=fault fields=&["session"]/>
                    <input type="hidden" name="id" value=move || id.get()/>
                    <input type="hidden" name="back" value=move || close.get()/>
                    {move || {
                        let (all, chosen) = choices.get();
                        view! {
                            <Select
                                label=t.session
                                name="session"
                                options=all
                                value=chosen
                                hint=t.reassign_hint
                                error=at(fault, "session")
                            />
                        }
                    }}
                </div>
                <DialogFoot>
                    <LinkButton href=close>{t.keep_session}</LinkButton>
                    <Button kind=Kind::Primary submit=true busy=actions.reassign.pending()>{t.reassign_do}</Button>
                </DialogFoot>
            </ActionForm>
        </Dialog>
    }
}

/// Cancelling is for good, so it is asked.
#[component]
pub fn CancelDialog(
    now: Memo<Opened>,
    query: Memo<ParamsMap>,
    path: &'static str,
    actions: EntryActions,
) -> impl IntoView {
    let t = text();
    let asked = asked(now, query, CANCEL);
    let open = Memo::new(move |_| asked.with(Option::is_some));
    let id =
        Memo::new(move |_| asked.with(|asked| asked.as_ref().map(|data| data.detail.entry.id.to_string())));
    let to = Memo::new(move |_| {
        asked.with(|asked| {
            let entry = asked.as_ref().map(|data| &data.detail.entry);
            entry.map(|entry| fill(t.to, &[("recipient", &words::recipient(&entry.recipient))]))
        })
    });
    let close = Signal::derive(move || query.with(|query| url::with(path, query, &[(ACT, "")])));
    view! {
        <Dialog open=open close=close title=t.cancel_question id="cancel-one">
            <div class="body stack">
                <FormError fault=fault(actions.cancel)/>
                <p><b>{move || to.get()}</b></p>
                <p>{t.cancel_what}</p>
            </div>
            <DialogFoot>
                <LinkButton href=close>{t.keep_it}</LinkButton>
                <ActionForm action=actions.cancel>
                    <input type="hidden" name="id" value=move || id.get()/>
                    <input type="hidden" name="back" value=move || close.get()/>
                    <Button kind=Kind::Danger submit=true busy=actions.cancel.pending()>{t.cancel_entry}</Button>
                </ActionForm>
            </DialogFoot>
        </Dialog>
    }
}
