//! The dialog that says how long calls are kept.

use super::{server::KeepRequests, text::text};
use crate::{
    i18n::plural,
    routes,
    ui::{
        Button, Dialog, DialogFoot, Field, FormError, Kind, LinkButton, at, fault, text::text as shared_text,
        url,
    },
};
use leptos::prelude::*;
use leptos_router::params::ParamsMap;
use types::request_log::RequestLogSettings;

const KEY: &str = "keep";

/// Opens the dialog: a link, so that it works without script.
pub fn href(query: &ParamsMap) -> String {
    url::with(routes::REQUEST_LOG, query, &[(KEY, "1"), ("request", "")])
}

#[component]
pub fn KeepDialog(
    query: Memo<ParamsMap>,
    action: ServerAction<KeepRequests>,
    settings: RequestLogSettings,
) -> impl IntoView {
    let t = text();
    let fault = fault(action);
    let open = Signal::derive(move || query.with(|query| query.get_str(KEY).is_some()));
    let close =
        Signal::derive(move || query.with(|query| url::with(routes::REQUEST_LOG, query, &[(KEY, "")])));
    let own = StoredValue::new(
        settings
            .request_log_days
            .map(|days| days.to_string())
            .unwrap_or_default(),
    );
    let hint = StoredValue::new(plural(settings.platform_request_log_days, t.keep_hint));
    view! {
        <Dialog open=open close=close title=t.keep_title id="keep">
            <ActionForm action=action>
                <div class="body stack">
                    <FormError fault=fault fields=&["request_log_days"]/>
                    <p>{t.keep_why}</p>
                    <Field
                        label=t.keep_days
                        name="days"
                        kind="number"
                        value=own.get_value()
                        required=false
                        hint=hint.get_value()
                        min="0"
                        max="90"
                        error=at(fault, "request_log_days")
                    />
                </div>
                <DialogFoot>
                    <LinkButton href=close kind=Kind::Quiet attr:data-noscroll="true">
                        {shared_text().cancel}
                    </LinkButton>
                    <Button kind=Kind::Primary submit=true busy=action.pending()>{shared_text().save}</Button>
                </DialogFoot>
            </ActionForm>
        </Dialog>
    }
}
