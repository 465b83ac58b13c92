//! API keys: which programs may do what, making a key, and ending one.
//!
//! The open dialog (`add`, `revoke`) and the key that was just made (`created`) live in the
//! address; the key itself never does.

mod add;
mod fresh;
mod list;
mod revoke;
mod server;
mod text;

use crate::{
    frame::can,
    i18n::plural,
    live::use_live_refetch,
    routes,
    ui::{ErrorState, Glyph, Kind, LinkButton, PageHead, Skeleton, url},
};
use add::AddDialog;
use fresh::{Fresh, Gone};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use list::KeyTable;
use revoke::RevokeDialog;
use server::{load_keys, take_fresh_key};
use text::text;
use types::{AppError, Permission, events::EventType};

pub use server::{FreshKey, KeysData, LoadKeys, MakeKey, RevokeKey, TakeFreshKey};

#[component]
pub fn KeysPage() -> impl IntoView {
    let created = in_query("created");
    let data = Resource::new(|| (), |()| load_keys());
    let fresh = Resource::new(move || created.get(), take_fresh_key);
    use_live_refetch(&[EventType::KeyChanged], data);
    view! {
        <Head data=data/>
        <div class="scroll keys">
            <Transition>
                {move || {
                    let asked = created.with(|id| !id.is_empty());
                    Suspend::new(async move {
                        match fresh.await {
                            Ok(Some(key)) => view! { <Fresh key=key/> }.into_any(),
                            Ok(None) if asked => view! { <Gone/> }.into_any(),
                            // The table below says what is wrong.
                            Ok(None) | Err(_) => ().into_any(),
                        }
                    })
                }}
            </Transition>
            <Transition fallback=|| view! { <Skeleton/> }>
                {move || Suspend::new(async move {
                    match data.await {
                        Ok(data) => view! { <KeyTable data=data/> }.into_any(),
                        Err(error) => view! { <ErrorState error=error/> }.into_any(),
                    }
                })}
            </Transition>
        </div>
        <AddDialog/>
        <RevokeDialog data=data/>
    }
}

#[component]
fn Head(data: Resource<Result<KeysData, AppError>>) -> impl IntoView {
    let count = move || {
        view! {
            <Transition>
                {move || Suspend::new(async move {
                    data.await.ok().map(|data| plural(data.keys.len() as i64, text().count))
                })}
            </Transition>
        }
    };
    view! {
        <PageHead title=text().title meta=ViewFn::from(count)>
            {can(Permission::KeysManage)
                .then(|| {
                    view! {
                        <LinkButton
                            href=url::href(routes::KEYS, &[("add", "1")])
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

/// A value of the address; empty where it is absent.
fn in_query(key: &'static str) -> Memo<String> {
    let query = use_query_map();
    Memo::new(move |_| query.with(|query| query.get(key).unwrap_or_default()))
}
