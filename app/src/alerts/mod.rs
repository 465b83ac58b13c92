//! Alerts: what one should know of without having looked. The tab and the filters live in the
//! address.

mod badge;
mod filter;
mod list;
pub mod server;
mod text;

use crate::{
    frame::can,
    i18n::plural,
    live::use_live_refetch_if,
    queue::{Face, latest},
    routes,
    ui::{
        Button, EmptyState, ErrorState, FormError, LinkButton, Mark, PageHead, Skeleton, fault, use_toasts,
    },
};
use filter::{Asked, Filters, tab_href};
use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};
use list::{List, RowActions};
use text::text;
use types::{
    AppError, Page, Permission, Timestamp,
    alerts::{AlertCounts, AlertStatus},
    events::EventType,
};

pub use badge::{Badge, OpenAlerts};
pub use list::severity_mark;
pub use server::{AcknowledgeAlert, AlertsData, ResolveAlert, ResolveAlerts, load_alerts};
pub use text::{severity_word, verb_word};

const CHANGES: &[EventType] = &[
    EventType::AlertRaised,
    EventType::AlertAcknowledged,
    EventType::AlertResolved,
];

type Answer = Result<AlertsData, AppError>;

/// The page's name, for the frame.
pub fn title() -> &'static str {
    text().title
}

#[component]
pub fn AlertsPage() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| query.with(Asked::read));
    let actions = RowActions {
        acknowledge: ServerAction::new(),
        resolve: ServerAction::new(),
    };
    let all = ServerAction::<ResolveAlerts>::new();
    let done = move || {
        (
            actions.acknowledge.version().get(),
            actions.resolve.version().get(),
            all.version().get(),
        )
    };
    let data = Resource::new(
        move || (asked.get(), done()),
        |(asked, _)| {
            load_alerts(
                asked.status,
                asked.severity,
                asked.kind,
                asked.session,
                asked.cursor,
            )
        },
    );
    // Older pages hold still: what is new comes on the first.
    use_live_refetch_if(CHANGES, data, move || {
        asked.try_with_untracked(|asked| asked.cursor.is_empty()) == Some(true)
    });
    view! {
        <div class="alerts">
            <Transition fallback=|| view! { <PageHead title=text().title/> <Skeleton rows=6/> }>
                {Suspend::new(async move {
                    let now = latest(data.await, data);
                    view! { <Loaded query=query asked=asked now=now actions=actions all=all/> }
                })}
            </Transition>
        </div>
    }
}

#[component]
fn Loaded(
    query: Memo<ParamsMap>,
    asked: Memo<Asked>,
    now: Memo<Answer>,
    actions: RowActions,
    all: ServerAction<ResolveAlerts>,
) -> impl IntoView {
    let t = text();
    let face = Memo::new(move |_| now.with(face_of));
    let open = Memo::new(move |_| now.with(|now| now.as_ref().map_or(0, |data| data.counts.open())));
    let toasts = use_toasts();
    Effect::new(move |_| {
        if let Some(Ok(count)) = all.value().get() {
            toasts.say(Mark::Ok, plural(count, t.resolved_many));
        }
    });
    let meta = ViewFn::from(move || {
        view! { <span role="status">{move || (open.get() > 0).then(|| plural(open.get(), t.open_count))}</span> }
    });
    let may = can(Permission::AlertsManage);
    let resolve_all = move || {
        let standing = asked.with(|asked| asked.tab() != AlertStatus::Resolved);
        (may && standing && face.get() == Face::Rows)
            .then(|| view! { <ResolveShown asked=asked action=all/> })
    };
    view! {
        <PageHead title=t.title meta=meta>{resolve_all}</PageHead>
        <Filters query=query asked=asked now=now/>
        <FormError fault=fault(actions.acknowledge)/>
        <FormError fault=fault(actions.resolve)/>
        <FormError fault=fault(all)/>
        {move || match face.get() {
            Face::Failed(error) => view! { <ErrorState error=error/> }.into_any(),
            Face::Empty => empty(asked).into_any(),
            Face::Rows => {
                let rows = Signal::derive(move || now.with(|now| now.clone().unwrap_or_else(|_| nothing())));
                view! { <List query=query asked=asked now=rows actions=actions/> }.into_any()
            }
        }}
    }
}

/// Everything that the tab and the filters show, also on further pages. Nothing is lost by it:
/// what goes on being wrong comes back.
#[component]
fn ResolveShown(asked: Memo<Asked>, action: ServerAction<ResolveAlerts>) -> impl IntoView {
    let field = move |name: &'static str, of: fn(&Asked) -> &String| {
        view! { <input type="hidden" name=name value=move || asked.with(|asked| of(asked).clone())/> }
    };
    view! {
        <ActionForm action=action>
            {field("status", |asked| &asked.status)} {field("severity", |asked| &asked.severity)}
            {field("kind", |asked| &asked.kind)} {field("session", |asked| &asked.session)}
            <Button submit=true busy=action.pending()>{text().resolve_shown}</Button>
        </ActionForm>
    }
}

fn face_of(answer: &Answer) -> Face {
    match answer {
        Err(error) => Face::Failed(error.clone()),
        Ok(data) if data.page.data.is_empty() => Face::Empty,
        Ok(_) => Face::Rows,
    }
}

/// What a list holds in the moment between an error and the face that shows it.
fn nothing() -> AlertsData {
    AlertsData {
        page: Page::empty(),
        counts: AlertCounts::default(),
        sessions: Vec::new(),
        as_of: Timestamp::default(),
    }
}

/// Nothing of this tab at all, or nothing that the filter names.
fn empty(asked: Memo<Asked>) -> impl IntoView {
    let t = text();
    let (tab, whole) = asked.with(|asked| (asked.tab(), asked.is_whole_tab()));
    let (title, why) = match tab {
        _ if !whole => (t.empty_here, t.empty_here_why),
        AlertStatus::Open => (t.empty_open, t.empty_open_why),
        AlertStatus::Acknowledged => (t.empty_acknowledged, t.empty_acknowledged_why),
        AlertStatus::Resolved => (t.empty_resolved, t.empty_resolved_why),
    };
    let href = if whole {
        routes::ALERTS.to_string()
    } else {
        tab_href(tab)
    };
    let back = !whole || tab != AlertStatus::Open;
    view! {
        <EmptyState title=title sentence=why>
            {back.then(|| view! { <LinkButton href=href>{if whole { t.open } else { t.show_all }}</LinkButton> })}
        </EmptyState>
    }
}
