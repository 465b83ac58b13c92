//! The dialog before a key ends. It names the key and the verb.

use super::{
    in_query,
    server::{KeysData, RevokeKey},
    text::text,
};
use crate::{
    i18n::fill,
    routes,
    ui::{
        Button, Dialog, DialogFoot, ErrorState, FormError, Kind, LinkButton, Time, fault,
        text::text as shared_text,
    },
};
use leptos::prelude::*;
use types::{AppError, Timestamp, keys::ApiKey};

#[component]
pub fn RevokeDialog(data: Resource<Result<KeysData, AppError>>) -> impl IntoView {
    let t = &text().ask;
    let revoke = ServerAction::<RevokeKey>::new();
    let fault = fault(revoke);
    let asked = in_query("revoke");
    let close = Signal::stored(routes::KEYS.to_string());
    view! {
        <Dialog
            open=Signal::derive(move || asked.with(|id| !id.is_empty()))
            close=close
            title=t.head
            id="revoke"
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
                            Ok((key, as_of)) => view! {
                                <ActionForm action=revoke>
                                    <div class="body stack">
                                        <FormError fault=fault/>
                                        <Question key=key.clone() as_of=as_of/>
                                    </div>
                                    <DialogFoot>
                                        <LinkButton href=close kind=Kind::Quiet attr:data-noscroll="true">
                                            {shared_text().cancel}
                                        </LinkButton>
                                        <Button kind=Kind::DangerPrimary submit=true busy=revoke.pending()>
                                            {fill(t.submit, &[("name", &key.name)])}
                                        </Button>
                                    </DialogFoot>
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

fn find(data: Result<KeysData, AppError>, id: &str) -> Result<(ApiKey, Timestamp), AppError> {
    let KeysData { keys, as_of } = data?;
    let found = keys.into_iter().find(|key| key.id.to_string() == id);
    found
        .map(|key| (key, as_of))
        .ok_or_else(|| AppError::not_found("key"))
}

#[component]
fn Question(key: ApiKey, as_of: Timestamp) -> impl IntoView {
    let t = &text().ask;
    let used = key.last_used_at.map(|at| {
        view! {
            <p class="second">
                {t.used}
                " "
                <Time at=at as_of=as_of/>
            </p>
        }
    });
    view! {
        <p><b>{fill(t.title, &[("name", &key.name)])}</b></p>
        <p>{fill(t.why, &[("prefix", &key.prefix)])}</p>
        {used}
        <input type="hidden" name="id" value=key.id.to_string()/>
    }
}
