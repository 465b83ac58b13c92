//! The sandbox phone: the linked phone and its customers' phones, held in the browser.
//!
//! Whose phone one holds lives in the address: `with` a customer's number, `as=me` the linked
//! phone. Everything here also works without script.

mod add;
mod fault;
mod forms;
mod handset;
mod link;
mod list;
mod server;
mod talk;
mod text;

use crate::{
    format,
    live::use_live_refetch,
    routes,
    ui::{
        ErrorState, Glyph, LinkButton, PageHead, PageTitle, Pill, Skeleton, session_mark, session_word, url,
    },
};
use add::AddDialog;
use fault::FaultDrawer;
use forms::Forms;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use link::LinkScreen;
use list::CustomerList;
use server::{load_phone, load_screens};
use talk::Talk;
use text::text;
use types::{AppError, events::EventType, sandbox::Phone};

pub use server::{
    AddCustomer, ArmPhoneFault, ClearPhoneFaults, LoadPhone, LoadScreens, PairPhone, ReadEverything, Screens,
    WriteOnPhone,
};

const CHANGES: &[EventType] = &[EventType::SandboxChanged, EventType::SessionStatus];

/// Where one is on this page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    pub session: String,
    /// The customer that was chosen; empty: nobody yet.
    pub with: String,
    /// What a customer who was just added calls themselves.
    pub name: String,
    /// One holds the linked phone instead of the customer's.
    pub mine: bool,
}

impl Place {
    fn path(&self) -> String {
        format!("{}/{}/phone", routes::SESSIONS, self.session)
    }

    /// This page with another customer, or the other phone.
    pub fn with(&self, with: &str, mine: bool) -> String {
        let name = if with == self.with { self.name.as_str() } else { "" };
        url::href(
            &self.path(),
            &[
                ("with", with),
                ("name", name),
                ("as", if mine { "me" } else { "" }),
            ],
        )
    }
}

#[component]
pub fn PhonePage() -> impl IntoView {
    let place = use_place();
    let forms = Forms::new();
    let phone = Resource::new(
        move || (place.with(|place| place.session.clone()), forms.changes()),
        |(session, _)| load_phone(session),
    );
    let screens = Resource::new(
        move || {
            (
                place.with(|place| (place.session.clone(), place.with.clone())),
                forms.changes(),
            )
        },
        |((session, with), _)| load_screens(session, with),
    );
    use_live_refetch(CHANGES, phone);
    use_live_refetch(CHANGES, screens);
    view! {
        <Transition fallback=|| view! { <PageTitle title=text().title/> <Skeleton/> }>
            {move || {
                let place = place.get();
                Suspend::new(async move {
                    let (phone, screens) = (phone.await, screens.await);
                    match phone {
                        Ok(phone) => view! {
                            <Head phone=phone.clone() place=place.clone()/>
                            <Bench phone=phone screens=screens place=place forms=forms/>
                        }
                        .into_any(),
                        Err(error) => view! {
                            <PageHead title=text().title back=routes::SESSIONS.to_string()/>
                            <div class="scroll"><ErrorState error=error/></div>
                        }
                        .into_any(),
                    }
                })
            }}
        </Transition>
        <AddDialog place=place/>
    }
}

/// Where one is, from path and query.
fn use_place() -> Memo<Place> {
    let (params, query) = (use_params_map(), use_query_map());
    Memo::new(move |_| {
        let value = |key: &str| query.with(|query| query.get(key).unwrap_or_default());
        Place {
            session: params.with(|params| params.get("id").unwrap_or_default()),
            with: value("with"),
            name: value("name"),
            mine: value("as") == "me",
        }
    })
}

#[component]
fn Head(phone: Phone, place: Place) -> impl IntoView {
    let t = text();
    let add = url::href(&place.path(), &[("with", &place.with), ("add", "1")]);
    let back = url::href(routes::SESSIONS, &[("id", &place.session)]);
    let number = format::phone(&phone.number);
    let (mark, word) = (session_mark(phone.state), session_word(phone.state));
    let meta = move || {
        view! {
            <span class="row wrap">
                <Pill mark=mark word=word/>
                <span><span class="ltr">{number.clone()}</span> " · " {t.nothing_leaves}</span>
            </span>
        }
    };
    view! {
        <PageHead title=phone.session_name meta=ViewFn::from(meta) back=back>
            <LinkButton href=add icon=Glyph::PLUS attr:data-noscroll="true">{t.customers.add}</LinkButton>
        </PageHead>
    }
}

/// The phones, and beside them what may happen to messages.
#[component]
fn Bench(phone: Phone, screens: Result<Screens, AppError>, place: Place, forms: Forms) -> impl IntoView {
    let t = text();
    let pane = if place.with.is_empty() { "list" } else { "chat" };
    let handsets = match screens {
        Ok(screens) => {
            let as_of = screens.as_of;
            let list = if phone.linked {
                let (chats, open) = (screens.chats, screens.open.clone());
                view! { <CustomerList chats=chats open=open place=place.clone() as_of=as_of/> }.into_any()
            } else {
                view! { <LinkScreen phone=phone.clone() place=place.clone() forms=forms/> }.into_any()
            };
            let (open, messages) = (screens.open, screens.messages);
            let talk = open.map(|open| {
                view! { <Talk phone=phone.clone() open=open messages=messages place=place as_of=as_of forms=forms/> }
            });
            view! {
                {list}
                {talk}
            }
            .into_any()
        }
        Err(error) => view! { <ErrorState error=error/> }.into_any(),
    };
    view! {
        <div class="bench">
            <div class="stage scroll" data-pane=pane tabindex="0" role="region" aria-label=t.phones>
                {handsets}
            </div>
            <FaultDrawer phone=phone forms=forms/>
        </div>
    }
}
