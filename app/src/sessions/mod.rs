//! Sessions: which numbers are linked here, how they are, and linking another one.
//!
//! The chosen session (`id`) and the open dialog (`add`, `pair`, `log_out`, `delete`) live in the
//! address, so that Back closes and a link opens.

mod add;
mod ask;
mod detail;
mod list;
mod menu;
mod pair;
mod pair_code;
mod pair_qr;
mod server;
mod text;
mod usage;

use crate::{
    frame::can,
    i18n::{fill, plural},
    live::{use_live_refetch, use_live_refetch_if},
    routes,
    ui::{ErrorState, FormError, Glyph, Kind, LinkButton, PageHead, Skeleton, fault, url},
};
use add::AddDialog;
use ask::{DeleteDialog, LogOutDialog};
use detail::Detail;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use list::SessionTable;
use pair::PairDialog;
use server::{load_session, load_sessions};
use text::text;
use types::{AppError, Permission, events::EventType, sessions::SessionState};

pub use server::{
    AddSandboxPhone, DeleteSession, LoadPairing, LoadSession, LoadSessions, LogOutSession, OrderSession,
    PairingData, RefreshQr, RequestPairingCode, SessionDetail, SessionsData, Usage,
};

/// What moves the numbers and states of this page.
const EVENTS: &[EventType] = &[
    EventType::SessionStatus,
    EventType::MessageQueued,
    EventType::MessageSent,
    EventType::MessageFailed,
    EventType::MessageCancelled,
    EventType::SettingsChanged,
];

#[component]
pub fn SessionsPage() -> impl IntoView {
    let chosen = in_query("id");
    let deleting = in_query("delete");
    let order = ServerAction::<OrderSession>::new();
    let data = Resource::new(move || order.version().get(), |_| load_sessions());
    let detail = Resource::new(
        move || (chosen.get(), order.version().get()),
        |(id, _)| optional(id),
    );
    use_live_refetch(EVENTS, data);
    // What is being deleted is about to leave the address; until then there is nothing to read.
    use_live_refetch_if(EVENTS, detail, move || deleting.with_untracked(String::is_empty));
    let fault = fault(order);
    view! {
        <div class="sessions">
            <section class="list" aria-labelledby="title">
                <Head data=data/>
                <FormError fault=fault/>
                <Transition fallback=|| view! { <Skeleton/> }>
                    {move || Suspend::new(async move {
                        match data.await {
                            Ok(data) => view! { <SessionTable data=data chosen=chosen order=order/> }.into_any(),
                            Err(error) => view! { <ErrorState error=error/> }.into_any(),
                        }
                    })}
                </Transition>
            </section>
            <Transition>
                {move || Suspend::new(async move {
                    match detail.await {
                        Ok(None) => ().into_any(),
                        Ok(Some(detail)) => view! { <Detail detail=detail order=order/> }.into_any(),
                        Err(error) => {
                            view! { <aside class="panel health"><ErrorState error=error/></aside> }.into_any()
                        }
                    }
                })}
            </Transition>
        </div>
        <AddDialog/>
        <PairDialog/>
        <LogOutDialog data=data/>
        <DeleteDialog data=data/>
    }
}

/// The title, how many there are, and how to add one.
#[component]
fn Head(data: Resource<Result<SessionsData, AppError>>) -> impl IntoView {
    let count = move || {
        view! {
            <Transition>
                {move || Suspend::new(async move {
                    data.await.ok().filter(|data| !data.sessions.is_empty()).map(|data| summary(&data))
                })}
            </Transition>
        }
    };
    view! {
        <PageHead title=text().title meta=ViewFn::from(count)>
            {can(Permission::SessionsManage)
                .then(|| {
                    view! {
                        <LinkButton
                            href=url::href(routes::SESSIONS, &[("add", "1")])
                            kind=Kind::Primary
                            icon=Glyph::PLUS
                            attr:data-noscroll="true"
                        >
                            {text().add.open}
                        </LinkButton>
                    }
                })}
        </PageHead>
    }
}

/// `7 numbers, 4 connected`.
fn summary(data: &SessionsData) -> String {
    let connected = data
        .sessions
        .iter()
        .filter(|one| one.state == SessionState::Connected)
        .count();
    let numbers = plural(data.sessions.len() as i64, text().numbers);
    format!(
        "{numbers}, {}",
        fill(text().connected, &[("n", &connected.to_string())])
    )
}

/// A value of the address; empty where it is absent.
fn in_query(key: &'static str) -> Memo<String> {
    let query = use_query_map();
    Memo::new(move |_| query.with(|query| query.get(key).unwrap_or_default()))
}

/// This page with some of its address changed.
fn here(changes: &'static [(&'static str, &'static str)]) -> Signal<String> {
    let query = use_query_map();
    Signal::derive(move || query.with(|query| url::with(routes::SESSIONS, query, changes)))
}

async fn optional(id: String) -> Result<Option<SessionDetail>, AppError> {
    if id.is_empty() {
        Ok(None)
    } else {
        load_session(id).await.map(Some)
    }
}
