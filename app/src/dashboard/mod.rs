//! The dashboard: is anything wrong, how much was sent and received, what happened last, and the
//! first steps.

mod activity;
mod by_session;
mod chart;
mod checklist;
mod limits;
mod numbers;
mod parts;
mod period;
mod problems;
mod quick;
mod server;
mod text;

use crate::{
    live::use_live_refetch,
    queue::latest,
    ui::{AsOf, ErrorState, PageHead, Skeleton},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use numbers::Engaged;
use parts::Parts;
use period::{Asked, Periods};
use text::text;
use types::{AppError, events::EventType};

pub use server::{DashboardData, load_dashboard, load_engagement};

const CHANGES: &[EventType] = &[
    EventType::MessageQueued,
    EventType::MessageSent,
    EventType::MessageDelivered,
    EventType::MessageRead,
    EventType::MessageFailed,
    EventType::MessageUncertain,
    EventType::MessageCancelled,
    EventType::MessageReceived,
    EventType::SessionStatus,
    EventType::SettingsChanged,
    EventType::BatchChanged,
    EventType::KeyChanged,
    EventType::AlertRaised,
    EventType::AlertAcknowledged,
    EventType::AlertResolved,
];

type Answer = Result<DashboardData, AppError>;

#[component]
pub fn DashboardPage() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| query.with(Asked::read));
    let data = Resource::new(
        move || asked.get(),
        |asked| load_dashboard(asked.period, asked.from, asked.until),
    );
    let engaged = numbers::engagement(asked);
    use_live_refetch(CHANGES, data);
    view! {
        <Transition fallback=|| view! { <PageHead title=text().title/> <Skeleton rows=6/> }>
            {Suspend::new(async move {
                let now = latest(data.await, data);
                view! { <Loaded asked=asked now=now engaged=engaged/> }
            })}
        </Transition>
    }
}

/// The head, and under it either the numbers or what went wrong.
#[component]
fn Loaded(asked: Memo<Asked>, now: Memo<Answer>, engaged: Engaged) -> impl IntoView {
    let error = Memo::new(move |_| now.with(|now| now.as_ref().err().cloned()));
    let as_of = Memo::new(move |_| now.with(|now| now.as_ref().ok().map(|data| data.dashboard.as_of)));
    let meta = ViewFn::from(move || move || as_of.get().map(|at| view! { <AsOf at=at/> }));
    follow_by_minutes(as_of, engaged);
    view! {
        <PageHead title=text().title meta=meta><Periods asked=asked/></PageHead>
        <div class="scroll" tabindex="0" role="region" aria-label=text().title>
            {move || match error.get() {
                Some(error) => view! { <ErrorState error=error/> }.into_any(),
                None => view! { <Parts asked=asked now=now engaged=engaged/> }.into_any(),
            }}
        </div>
    }
}

/// What is kept for a minute on the server is asked for again when the page has moved on as far.
fn follow_by_minutes(as_of: Memo<Option<types::Timestamp>>, engaged: Engaged) {
    const MINUTE: i64 = 60_000;
    Effect::new(move |last: Option<i64>| {
        let now = as_of.get().map_or(0, types::Timestamp::millis);
        match last {
            Some(last) if now - last < MINUTE => last,
            Some(_) => {
                engaged.refetch();
                now
            }
            None => now,
        }
    });
}
