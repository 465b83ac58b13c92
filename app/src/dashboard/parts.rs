//! The parts of the page. Each is drawn again when what it shows has changed, and only then.

use super::{
    Answer,
    activity::{Activity, Feed},
    by_session::{BySession, Shares},
    chart::{Bars, Chart, Days},
    checklist::{self, FirstSteps},
    limits::Limits,
    numbers::{Engaged, EngagementTile, Figures, Tiles},
    period::{Asked, CustomDays, words},
    problems::{Health, Problems},
    quick::Quick,
    server::DashboardData,
    text::text,
};
use crate::{format, frame::use_zone};
use leptos::prelude::*;
use types::dashboard::PeriodName;

#[component]
pub fn Parts(asked: Memo<Asked>, now: Memo<Answer>, engaged: Engaged) -> impl IntoView {
    let t = text();
    let zone = use_zone();
    let health = part(now, |data| Health::from(&data.dashboard));
    let figures = part(now, |data| Figures::from(data));
    let period = part(now, |data| data.dashboard.period.clone());
    let refused = part(now, |data| data.refused.clone());
    let today = part(now, move |data| format::iso_date(data.dashboard.as_of, &zone));
    let steps = part(now, |data| {
        let list = data.dashboard.checklist;
        (!checklist::is_done(list)).then(|| (list, data.public_url.clone()))
    });
    view! {
        <div class="section dashboard">
            <CustomDays asked=asked shown=period refused=Signal::derive(move || refused.get().flatten())/>
            <div class="health" aria-live="polite">
                {move || health.get().map(|health| view! { <Problems health=health/> })}
            </div>
            {move || steps.get().flatten().map(|(list, url)| view! { <FirstSteps list=list public_url=url/> })}
            <section class="card stats" aria-label=t.numbers>
                {move || {
                    figures.get().map(|figures| {
                        view! { <Tiles figures=figures today=today.get().unwrap_or_default()/> }
                    })
                }}
                <EngagementTile engaged=engaged/>
            </section>
            <ByDate now=now today=today/>
            <UsedToday now=now/>
            <section class="card activity" aria-labelledby="activity">
                <header><h2 id="activity">{t.activity}</h2></header>
                <Happened now=now today=today/>
            </section>
            <section class="card limits by-session" aria-labelledby="by-session">
                <header>
                    <h2 id="by-session">{t.by_session}</h2>
                    <span class="meta push">{move || period.get().map(|period| words(&period))}</span>
                </header>
                <Shared now=now/>
            </section>
            <Quick/>
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

#[component]
fn ByDate(now: Memo<Answer>, today: Memo<Option<String>>) -> impl IntoView {
    let t = text();
    let days = part(now, |data| data.dashboard.days.clone());
    let bars = move || {
        days.get().map(|days| Bars {
            days,
            today: today.get().unwrap_or_default(),
        })
    };
    let told = part(now, |data| {
        let mut period = data.dashboard.period.clone();
        // One bar would say nothing, so the days before it are there too.
        if period.name == PeriodName::Today {
            period.name = PeriodName::Week;
        }
        let by_week = data.dashboard.days.iter().any(|day| day.day != day.until);
        (period, by_week)
    });
    let told = move || {
        told.get().map(|(period, by_week)| {
            let words = words(&period);
            if by_week {
                format!("{words}, {}", t.by_week)
            } else {
                words
            }
        })
    };
    view! {
        <section class="card by-date" aria-labelledby="by-date">
            <header>
                <h2 id="by-date">{t.by_date}</h2>
                <ul class="legend">
                    <li class="out">{t.sent}</li>
                    <li class="in">{t.received}</li>
                    <li class="failed">{t.failed_label}</li>
                </ul>
                <span class="meta push">{told}</span>
            </header>
            {move || bars().map(|bars| view! { <Chart bars=bars/> })}
            <details>
                <summary class="button quiet small">{t.as_table}</summary>
                {move || bars().map(|bars| view! { <Days bars=bars/> })}
            </details>
        </section>
    }
}

#[component]
fn UsedToday(now: Memo<Answer>) -> impl IntoView {
    let t = text();
    // When the queue ends is told elsewhere.
    let used = part(now, |data| {
        let mut used = data.used.clone();
        used.queue_ends_at = None;
        used
    });
    view! {
        <section class="card limits" aria-labelledby="limits">
            <header>
                <h2 id="limits">{t.limits}</h2>
                <span class="meta push">{t.resets}</span>
            </header>
            {move || used.get().map(|used| view! { <Limits used=used/> })}
        </section>
    }
}

#[component]
fn Happened(now: Memo<Answer>, today: Memo<Option<String>>) -> impl IntoView {
    let recent = part(now, |data| data.recent.clone());
    move || {
        let today = today.get().unwrap_or_default();
        recent
            .get()
            .map(|recent| view! { <Activity feed=Feed { recent, today }/> })
    }
}

#[component]
fn Shared(now: Memo<Answer>) -> impl IntoView {
    let shares = part(now, |data| Shares {
        sessions: data.dashboard.by_session.clone(),
        period: data.dashboard.period.clone(),
    });
    move || shares.get().map(|shares| view! { <BySession shares=shares/> })
}
