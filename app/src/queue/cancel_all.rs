//! Cancelling everything that waits: a dialog that says how many before and a toast that says
//! how many afterwards.

use super::{acts::CancelPending, filter::Asked, text::text, words};
use crate::{
    i18n::{fill, plural},
    routes,
    ui::{Button, Dialog, DialogFoot, FormError, Kind, LinkButton, Mark, fault, url, use_toasts},
};
use leptos::prelude::*;
use leptos_router::params::ParamsMap;

/// The query's key that opens the dialog.
const KEY: &str = "cancel";

/// Opens the dialog: a link, so that it works without script.
pub fn href(query: &ParamsMap) -> String {
    url::with(routes::QUEUE, query, &[(KEY, "all"), ("entry", "")])
}

#[component]
pub fn CancelAll(
    query: Memo<ParamsMap>,
    asked: Memo<Asked>,
    action: ServerAction<CancelPending>,
    #[prop(into)] pending: Signal<i64>,
    #[prop(into)] sessions: Signal<Vec<super::server::SessionChoice>>,
) -> impl IntoView {
    let t = text();
    let toasts = use_toasts();
    Effect::new(move |_| {
        if let Some(Ok(count)) = action.value().get() {
            toasts.say(Mark::Ok, plural(count, t.cancelled_many));
        }
    });
    let open = Signal::derive(move || query.with(|query| query.get_str(KEY).is_some()));
    let close = Signal::derive(move || query.with(|query| url::with(routes::QUEUE, query, &[(KEY, "")])));
    let title = Signal::derive(move || plural(pending.get(), t.cancel_many_question));
    let of_whom = move || {
        let chosen = asked.with(|asked| asked.session.parse().ok());
        match chosen {
            Some(id) => {
                let name = sessions.with(|all| words::session(Some(id), all));
                fill(t.cancel_many_of, &[("session", &name)])
            }
            None => t.cancel_many_all.into(),
        }
    };
    view! {
        <Dialog open=open close=close title=title id="cancel-all">
            <div class="body stack">
                <FormError fault=fault(action)/>
                <p>{of_whom}</p>
            </div>
            <DialogFoot>
                <LinkButton href=close>{t.keep}</LinkButton>
                <ActionForm action=action>
                    <input type="hidden" name="session" value=move || asked.with(|asked| asked.session.clone())/>
                    <Button kind=Kind::DangerPrimary submit=true busy=action.pending()>
                        {move || plural(pending.get(), t.cancel_many)}
                    </Button>
                </ActionForm>
            </DialogFoot>
        </Dialog>
    }
}
