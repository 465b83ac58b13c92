//! Trying everything that failed again: from the history's failed messages, with a dialog that says
//! how many before and a toast that says how many afterwards.

use super::{acts::RetryFailed, text::text};
use crate::{
    i18n::plural,
    routes,
    ui::{Button, Dialog, DialogFoot, FormError, Kind, LinkButton, Mark, fault, url, use_toasts},
};
use leptos::prelude::*;
use leptos_router::params::ParamsMap;

/// The query's key that opens the dialog.
const KEY: &str = "retry";

/// Opens the dialog: a link, so that it works without script.
pub fn href(query: &ParamsMap) -> String {
    url::with(routes::HISTORY, query, &[(KEY, "all"), ("entry", "")])
}

#[component]
pub fn RetryAll(
    query: Memo<ParamsMap>,
    action: ServerAction<RetryFailed>,
    /// How many there are to try again.
    #[prop(into)]
    failed: Signal<i64>,
) -> impl IntoView {
    let t = text();
    let toasts = use_toasts();
    Effect::new(move |_| {
        if let Some(Ok(count)) = action.value().get() {
            toasts.say(Mark::Ok, plural(count, t.retried_many));
        }
    });
    let session = Memo::new(move |_| query.with(|query| query.get("session").unwrap_or_default()));
    let open = Signal::derive(move || query.with(|query| query.get_str(KEY).is_some()));
    let close = Signal::derive(move || query.with(|query| url::with(routes::HISTORY, query, &[(KEY, "")])));
    let title = Signal::derive(move || plural(failed.get(), t.retry_many_question));
    view! {
        <Dialog open=open close=close title=title id="retry-all">
            <div class="body stack">
                <FormError fault=fault(action)/>
                <p>{t.retry_many_why}</p>
            </div>
            <DialogFoot>
                <LinkButton href=close>{t.leave_failed}</LinkButton>
                <ActionForm action=action>
                    <input type="hidden" name="session" value=move || session.get()/>
                    <Button kind=Kind::Primary submit=true busy=action.pending()>
                        {move || plural(failed.get(), t.retry_many)}
                    </Button>
                </ActionForm>
            </DialogFoot>
        </Dialog>
    }
}
