//! The request log: calls of the API, what they asked and what they were answered.

pub mod detail;
mod filter;
mod keep;
mod list;
mod server;
mod text;
pub mod words;

use crate::{
    frame::can,
    i18n::plural,
    queue::{Face, latest},
    routes,
    ui::{
        Button, EmptyState, ErrorState, Glyph, Kind, LinkButton, Mark, Note, PageHead, Skeleton, Time,
        error_sentence, url,
    },
};
use detail::{Opened, RequestPane};
use filter::{Filters, link};
use keep::KeepDialog;
use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};
use list::List;
use text::text;
use types::{AppError, Permission, request_log::RequestLogSettings};

pub use server::{Asked, KeepRequests, RequestLogData, load_request, load_request_log};

type Answer = Result<RequestLogData, AppError>;

async fn open(id: String) -> Opened {
    if id.is_empty() {
        None
    } else {
        Some(load_request(id).await)
    }
}

#[component]
pub fn RequestLogPage() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| query.with(Asked::read));
    let selected = Memo::new(move |_| query.with(|query| query.get("request").unwrap_or_default()));
    let keep = ServerAction::<KeepRequests>::new();
    let data = Resource::new(
        move || (asked.get(), keep.version().get()),
        |(asked, _)| load_request_log(asked),
    );
    let opened = Resource::new(move || selected.get(), open);
    let close =
        Signal::derive(move || query.with(|query| url::with(routes::REQUEST_LOG, query, &[("request", "")])));
    view! {
        <div class="queue history request-log">
            <div class="list">
                <Transition fallback=|| view! { <PageHead title=text().title/> <Skeleton rows=8/> }>
                    {Suspend::new(async move {
                        let now = latest(data.await, data);
                        view! { <Loaded query=query asked=asked selected=selected now=now keep=keep data=data/> }
                    })}
                </Transition>
            </div>
            <RequestPane selected=selected opened=opened close=close/>
        </div>
    }
}

#[component]
fn Loaded(
    query: Memo<ParamsMap>,
    asked: Memo<Asked>,
    selected: Memo<String>,
    now: Memo<Answer>,
    keep: ServerAction<KeepRequests>,
    data: Resource<Answer>,
) -> impl IntoView {
    let face = Memo::new(move |_| now.with(face_of));
    let settings = Memo::new(move |_| now.with(|now| now.as_ref().ok().map(|data| data.settings.clone())));
    // A refused filter takes no choice away.
    let choices = Memo::new(move |last: Option<&(Vec<_>, Vec<_>)>| {
        now.with(|now| match now {
            Ok(data) => (data.sessions.clone(), data.keys.clone()),
            Err(_) => last.cloned().unwrap_or_default(),
        })
    });
    let fault = Signal::derive(move || now.with(|now| now.as_ref().err().cloned()));
    view! {
        <Head query=query settings=settings data=data/>
        <Filters
            query=query
            asked=asked
            sessions=Signal::derive(move || choices.with(|choices| choices.0.clone()))
            keys=Signal::derive(move || choices.with(|choices| choices.1.clone()))
            fault=fault
        />
        <Dropped now=now/>
        {move || match face.get() {
            // The form above says which field; trying the same again helps nobody.
            Face::Failed(error @ AppError::Invalid { .. }) => {
                view! { <EmptyState title=text().bad_filter sentence=error_sentence(&error)/> }.into_any()
            }
            Face::Failed(error) => view! { <ErrorState error=error/> }.into_any(),
            Face::Empty => empty(query, asked, now).into_any(),
            Face::Rows => {
                let rows = Signal::derive(move || now.with(|now| now.clone().unwrap_or_else(|_| nothing())));
                view! { <List query=query asked=asked selected=selected now=rows/> }.into_any()
            }
        }}
        {move || {
            let settings = settings.get().filter(|_| can(Permission::SettingsManage))?;
            Some(view! { <KeepDialog query=query action=keep settings=settings/> })
        }}
    }
}

#[component]
fn Head(
    query: Memo<ParamsMap>,
    settings: Memo<Option<RequestLogSettings>>,
    data: Resource<Answer>,
) -> impl IntoView {
    let t = text();
    let meta = ViewFn::from(move || {
        let words = move || {
            let settings = settings.get()?;
            Some(if is_off(&settings) {
                t.off.to_string()
            } else {
                plural(settings.entries, t.kept)
            })
        };
        view! { <span role="status">{words}</span> }
    });
    let how_long = can(Permission::SettingsManage).then(|| {
        view! {
            <LinkButton
                href=Signal::derive(move || query.with(keep::href))
                icon=Glyph::CLOCK
                attr:data-noscroll="true"
            >
                {t.keep}
            </LinkButton>
        }
    });
    view! {
        <PageHead title=t.title meta=meta>
            {how_long}
            <span class="needs-script">
                <Button icon=Glyph::REFRESH on:click=move |_| data.refetch()>{t.refresh}</Button>
            </span>
        </PageHead>
    }
}

/// Says so when the log has holes.
#[component]
fn Dropped(now: Memo<Answer>) -> impl IntoView {
    let t = text();
    move || {
        let (settings, as_of) = now.with(|now| {
            let data = now.as_ref().ok()?;
            Some((data.settings.clone(), data.as_of))
        })?;
        let last = settings.last_dropped_at.filter(|_| settings.dropped > 0)?;
        Some(view! {
            <Note mark=Mark::Warn>
                <b>{plural(settings.dropped, t.dropped)}</b>
                " "
                {t.dropped_why}
                <Time at=last as_of=as_of/>
            </Note>
        })
    }
}

fn is_off(settings: &RequestLogSettings) -> bool {
    settings
        .request_log_days
        .unwrap_or(settings.platform_request_log_days)
        == 0
}

fn face_of(answer: &Answer) -> Face {
    match answer {
        Err(error) => Face::Failed(error.clone()),
        Ok(data) if data.page.data.is_empty() => Face::Empty,
        Ok(_) => Face::Rows,
    }
}

/// What a list holds in the moment between an error and the face that shows it.
fn nothing() -> RequestLogData {
    RequestLogData {
        page: types::Page::empty(),
        settings: RequestLogSettings {
            request_log_days: None,
            platform_request_log_days: 0,
            entries: 0,
            dropped: 0,
            last_dropped_at: None,
        },
        sessions: Vec::new(),
        keys: Vec::new(),
        as_of: types::Timestamp::default(),
    }
}

/// No call at all, none that the filter names, or none among those that were looked at.
fn empty(query: Memo<ParamsMap>, asked: Memo<Asked>, now: Memo<Answer>) -> impl IntoView {
    let t = text();
    let (next, off) = now.with(|now| {
        let data = now.as_ref().ok();
        (
            data.and_then(|data| data.page.next.clone()),
            data.is_some_and(|data| is_off(&data.settings)),
        )
    });
    if let Some(next) = next {
        let href = query.with(|query| link(query, &[("cursor", &next)]));
        return view! {
            <EmptyState title=t.empty_so_far sentence=t.empty_so_far_why>
                <LinkButton href=href>{t.look_on}</LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    if !asked.with(Asked::is_everything) {
        return view! {
            <EmptyState title=t.empty_here sentence=t.empty_here_why>
                <LinkButton href=routes::REQUEST_LOG.to_string()>{t.show_all}</LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    let (title, why) = if off {
        (t.empty_off, t.empty_off_why)
    } else {
        (t.empty, t.empty_why)
    };
    view! {
        <EmptyState title=title sentence=why>
            <LinkButton href=routes::KEYS.to_string() kind=Kind::Quiet>{t.to_keys}</LinkButton>
        </EmptyState>
    }
    .into_any()
}
