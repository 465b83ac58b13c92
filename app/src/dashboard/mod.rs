//! The dashboard: is anything wrong, how much was sent, and the first steps.

mod by_session;
mod chart;
mod checklist;
mod numbers;
mod problems;
mod server;
mod text;

use crate::{
    live::use_live_refetch,
    queue::latest,
    ui::{AsOf, ErrorState, PageHead, Skeleton},
};
use by_session::BySession;
use chart::{Chart, Days};
use checklist::FirstSteps;
use leptos::prelude::*;
use numbers::{Figures, Numbers};
use problems::{Health, Problems};
use text::text;
use types::{AppError, events::EventType};

pub use server::{DashboardData, load_dashboard};

const CHANGES: &[EventType] = &[
    EventType::MessageQueued,
    EventType::MessageSent,
    EventType::MessageDelivered,
    EventType::MessageRead,
    EventType::MessageFailed,
    EventType::MessageUncertain,
    EventType::MessageCancelled,
    EventType::SessionStatus,
    EventType::KeyChanged,
    EventType::AlertRaised,
    EventType::AlertAcknowledged,
    EventType::AlertResolved,
];

type Answer = Result<DashboardData, AppError>;

#[component]
pub fn DashboardPage() -> impl IntoView {
    let data = Resource::new(|| (), |()| load_dashboard());
    use_live_refetch(CHANGES, data);
    view! {
        <Transition fallback=|| view! { <PageHead title=text().title/> <Skeleton rows=6/> }>
            {Suspend::new(async move {
                let now = latest(data.await, data);
                view! { <Loaded now=now/> }
            })}
        </Transition>
    }
}

/// The head, and under it either the numbers or what went wrong.
#[component]
fn Loaded(now: Memo<Answer>) -> impl IntoView {
    let error = Memo::new(move |_| now.with(|now| now.as_ref().err().cloned()));
    let as_of = Memo::new(move |_| now.with(|now| now.as_ref().ok().map(|data| data.dashboard.as_of)));
    let meta = ViewFn::from(move || move || as_of.get().map(|at| view! { <AsOf at=at/> }));
    view! {
        <PageHead title=text().title meta=meta/>
        <div class="scroll" tabindex="0" role="region" aria-label=text().title>
            {move || match error.get() {
                Some(error) => view! { <ErrorState error=error/> }.into_any(),
                None => view! { <Parts now=now/> }.into_any(),
            }}
        </div>
    }
}

/// Each part is drawn again when what it shows has changed, and only then.
#[component]
fn Parts(now: Memo<Answer>) -> impl IntoView {
    let t = text();
    let health = part(now, |data| Health::from(&data.dashboard));
    let figures = part(now, |data| Figures::from(&data.dashboard));
    let days = part(now, |data| data.dashboard.days.clone());
    let sessions = part(now, |data| data.dashboard.by_session.clone());
    let steps = part(now, |data| {
        let list = data.dashboard.checklist;
        (!checklist::is_done(list)).then(|| (list, data.public_url.clone()))
    });
    view! {
        <div class="section dashboard">
            <div class="health" aria-live="polite">
                {move || health.get().map(|health| view! { <Problems health=health/> })}
            </div>
            {move || steps.get().flatten().map(|(list, url)| view! { <FirstSteps list=list public_url=url/> })}
            {move || figures.get().map(|figures| view! { <Numbers figures=figures/> })}
            <section class="card by-date" aria-labelledby="by-date">
                <header>
                    <h2 id="by-date">{t.by_date}</h2>
                    <ul class="legend">
                        <li class="out">{t.sent}</li>
                        <li class="failed">{t.failed_column}</li>
                    </ul>
                    <span class="meta push">{t.seven_days}</span>
                </header>
                {move || days.get().map(|days| view! { <Chart days=days/> })}
                <details>
                    <summary class="button quiet small">{t.as_table}</summary>
                    {move || days.get().map(|days| view! { <Days days=days/> })}
                </details>
            </section>
            <section class="card limits" aria-labelledby="by-session">
                <header>
                    <h2 id="by-session">{t.by_session}</h2>
                    <span class="meta push">{t.seven_days}</span>
                </header>
                {move || sessions.get().map(|sessions| view! { <BySession sessions=sessions/> })}
            </section>
        </div>
    }
}

/// One part of the data; moves only when that part changes.
fn part<T>(now: Memo<Answer>, of: impl Fn(&DashboardData) -> T + Send + Sync + 'static) -> Memo<Option<T>>
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    Memo::new(move |_| now.with(|now| now.as_ref().ok().map(&of)))
}
