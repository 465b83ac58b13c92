//! The alerts themselves: what happened, what it means, and what one can do.

use super::{
    filter::Asked,
    server::{AcknowledgeAlert, AlertsData, ResolveAlert},
    text::{kind_word, severity_word, text, verb_word},
};
use crate::{
    frame::can,
    i18n::{fill, plural},
    queue::PageClock,
    routes,
    ui::{Button, Kind, LinkButton, Mark, Pager, StateMark, Time, of_page, url},
};
use leptos::prelude::*;
use leptos_router::params::ParamsMap;
use types::{
    Permission,
    alerts::{Alert, AlertStatus, Resolution, Severity},
};

/// What one does to one alert.
#[derive(Clone, Copy)]
pub struct RowActions {
    pub acknowledge: ServerAction<AcknowledgeAlert>,
    pub resolve: ServerAction<ResolveAlert>,
}

pub const fn severity_mark(severity: Severity) -> Mark {
    match severity {
        Severity::Critical => Mark::Bad,
        Severity::Warning => Mark::Warn,
        Severity::Info => Mark::Wait,
    }
}

#[component]
pub fn List(
    query: Memo<ParamsMap>,
    asked: Memo<Asked>,
    now: Signal<AlertsData>,
    actions: RowActions,
) -> impl IntoView {
    let as_of = Memo::new(move |_| now.with(|now| now.as_of));
    let rows = Memo::new(move |_| now.with(|now| now.page.data.clone()));
    let clock = PageClock::new(move || as_of.get());
    // One that changed is drawn anew, the others stay where they are.
    let key = |alert: &Alert| (alert.id, alert.status, alert.times_seen);
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=text().list>
            <ul class="alert-list">
                <For
                    each=move || rows.get()
                    key=key
                    children=move |alert| view! { <Row alert=alert clock=clock actions=actions/> }
                />
            </ul>
        </div>
        {move || pages(query, asked, now)}
    }
}

#[component]
fn Row(alert: Alert, clock: PageClock, actions: RowActions) -> impl IntoView {
    let t = text();
    let over = alert.status == AlertStatus::Resolved;
    let whose = match (&alert.session_name, alert.session) {
        (Some(name), _) => name.clone(),
        (None, Some(_)) => t.deleted_session.into(),
        (None, None) => t.organization.into(),
    };
    let details = alert.details.clone();
    view! {
        <li class="alert">
            <div class="what">
                <p class="row">
                    <StateMark mark=severity_mark(alert.severity) word=severity_word(alert.severity)/>
                    <b>{kind_word(alert.kind)}</b>
                    <span class="second">{whose}</span>
                </p>
                <p dir="auto">{details.happened}</p>
                {(!over).then(|| view! { <p class="second">{details.means} " " {details.advice}</p> })}
                <Times alert=alert.clone() clock=clock/>
            </div>
            <Actions alert=alert actions=actions/>
        </li>
    }
}

/// When it was raised and seen, and who did what about it.
#[component]
fn Times(alert: Alert, clock: PageClock) -> impl IntoView {
    let t = text();
    let as_of = clock.started();
    let again = (alert.times_seen > 1).then(|| {
        view! {
            " · "
            {plural(alert.times_seen, t.times)}
            ", "
            {t.last_seen}
            " "
            <Time at=alert.last_seen_at as_of=as_of/>
        }
    });
    let seen_by = alert
        .acknowledged_by
        .zip(alert.acknowledged_at)
        .map(|(name, at)| {
            view! {
                " · "
                {fill(t.acknowledged_by, &[("name", &name)])}
                " "
                <Time at=at as_of=as_of/>
            }
        });
    let how = match alert.resolved_how {
        Some(Resolution::ByHand) => alert
            .resolved_by
            .map(|name| fill(t.resolved_by, &[("name", &name)])),
        _ => Some(t.resolved_itself.into()),
    };
    let resolution = alert.resolution;
    let ended = alert.resolved_at.map(|at| {
        view! {
            " · "
            {how}
            " "
            <Time at=at as_of=as_of/>
            {resolution.map(|sentence| format!(": {sentence}"))}
        }
    });
    view! {
        <p class="meta">
            {t.raised} " " <Time at=alert.raised_at as_of=as_of/> {again} {seen_by} {ended}
        </p>
    }
}

/// Where something can be done about it, and saying that one looks after it or that it is over.
#[component]
fn Actions(alert: Alert, actions: RowActions) -> impl IntoView {
    let t = text();
    let standing = alert.status != AlertStatus::Resolved;
    let open = alert.status == AlertStatus::Open;
    let may = can(Permission::AlertsManage);
    let id = alert.id.to_string();
    let of_resolve = id.clone();
    let what = alert.details.happened;
    let go = standing.then(|| {
        view! { <LinkButton href=alert.action.href small=true>{verb_word(alert.action.verb)}</LinkButton> }
    });
    let acknowledge = (open && may).then(|| {
        let label = fill(t.acknowledge_of, &[("what", &what)]);
        view! {
            <ActionForm action=actions.acknowledge>
                <input type="hidden" name="id" value=id/>
                <Button small=true submit=true busy=actions.acknowledge.pending() attr:aria-label=label>
                    {t.acknowledge}
                </Button>
            </ActionForm>
        }
    });
    let resolve = (standing && may).then(|| {
        let label = fill(t.resolve_of, &[("what", &what)]);
        view! {
            <ActionForm action=actions.resolve>
                <input type="hidden" name="id" value=of_resolve/>
                <Button
                    kind=Kind::Quiet
                    small=true
                    submit=true
                    busy=actions.resolve.pending()
                    attr:aria-label=label
                >
                    {t.resolve}
                </Button>
            </ActionForm>
        }
    });
    view! { <div class="actions">{go} {acknowledge} {resolve}</div> }
}

fn pages(query: Memo<ParamsMap>, asked: Memo<Asked>, now: Signal<AlertsData>) -> impl IntoView {
    let (shown, next) = now.with(|now| (now.page.data.len() as i64, now.page.next.clone()));
    let link = |cursor: &str| query.with(|query| url::with(routes::ALERTS, query, &[("cursor", cursor)]));
    let first = (!asked.with(|asked| asked.cursor.is_empty())).then(|| link(""));
    let next = next.map(|cursor| link(&cursor));
    let shown = of_page(plural(shown, text().shown), first.as_ref(), next.as_ref());
    view! { <Pager shown=shown first=first next=next label=text().pages/> }
}
