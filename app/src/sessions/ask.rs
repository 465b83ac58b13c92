//! The two dialogs before something is lost. They name the thing and the verb.

use super::{
    here, in_query,
    server::{DeleteSession, LogOutSession, SessionsData},
    text::text,
};
use crate::{
    i18n::{fill, plural},
    ui::{
        Button, Dialog, DialogFoot, ErrorState, FormError, Kind, LinkButton, fault, text::text as shared_text,
    },
};
use leptos::prelude::*;
use types::{AppError, sessions::Session};

type Sessions = Resource<Result<SessionsData, AppError>>;

#[component]
pub fn LogOutDialog(data: Sessions) -> impl IntoView {
    let t = &text().ask;
    let asked = in_query("log_out");
    let close = here(&[("log_out", "")]);
    let log_out = ServerAction::<LogOutSession>::new();
    let fault = fault(log_out);
    view! {
        <Dialog
            open=Signal::derive(move || asked.with(|id| !id.is_empty()))
            close=close
            title=t.log_out_head
            id="log-out"
        >
            <Transition>
                {move || {
                    let id = asked.get();
                    Suspend::new(async move {
                        // The dialog is closing.
                        if id.is_empty() {
                            return ().into_any();
                        }
                    match find(data.await, &id) {
                        Ok(session) => view! {
                            <ActionForm action=log_out>
                                <div class="body stack">
                                    <FormError fault=fault/>
                                    <Question session=session.clone() title=t.log_out_title why=t.log_out_why/>
                                </div>
                                <Foot session=session close=close word=t.log_out busy=log_out.pending().into()/>
                            </ActionForm>
                        }
                        .into_any(),
                        Err(error) => view! { <ErrorState error=error/> }.into_any(),
                    }
                })
                }}
            </Transition>
        </Dialog>
    }
}

#[component]
pub fn DeleteDialog(data: Sessions) -> impl IntoView {
    let t = &text().ask;
    let asked = in_query("delete");
    let close = here(&[("delete", "")]);
    let delete = ServerAction::<DeleteSession>::new();
    let fault = fault(delete);
    view! {
        <Dialog
            open=Signal::derive(move || asked.with(|id| !id.is_empty()))
            close=close
            title=t.delete_head
            id="delete"
        >
            <Transition>
                {move || {
                    let id = asked.get();
                    Suspend::new(async move {
                        // The dialog is closing.
                        if id.is_empty() {
                            return ().into_any();
                        }
                    match find(data.await, &id) {
                        Ok(session) => view! {
                            <ActionForm action=delete>
                                <div class="body stack">
                                    <FormError fault=fault/>
                                    <Question session=session.clone() title=t.delete_title why=t.delete_why/>
                                </div>
                                <Foot session=session close=close word=t.delete busy=delete.pending().into()/>
                            </ActionForm>
                        }
                        .into_any(),
                        Err(error) => view! { <ErrorState error=error/> }.into_any(),
                    }
                })
                }}
            </Transition>
        </Dialog>
    }
}

fn find(data: Result<SessionsData, AppError>, id: &str) -> Result<Session, AppError> {
    let found = data?
        .sessions
        .into_iter()
        .find(|session| session.id.to_string() == id);
    found.ok_or_else(|| AppError::not_found("session"))
}

#[component]
fn Question(session: Session, title: &'static str, why: &'static str) -> impl IntoView {
    let waiting = (session.queued > 0).then(|| plural(session.queued, text().ask.queued));
    view! {
        <p><b>{fill(title, &[("name", &session.name)])}</b></p>
        <p>{why}</p>
        {waiting.map(|waiting| view! { <p class="second">{waiting}</p> })}
        <input type="hidden" name="id" value=session.id.to_string()/>
    }
}

#[component]
fn Foot(session: Session, close: Signal<String>, word: &'static str, busy: Signal<bool>) -> impl IntoView {
    view! {
        <DialogFoot>
            <LinkButton href=close kind=Kind::Quiet attr:data-noscroll="true">{shared_text().cancel}</LinkButton>
            <Button kind=Kind::DangerPrimary submit=true busy=busy>
                {fill(word, &[("name", &session.name)])}
            </Button>
        </DialogFoot>
    }
}
