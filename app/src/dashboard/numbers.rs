//! The numbers, each a way to what it counts.

use super::{
    server::{DashboardData, load_engagement},
    text::text,
};
use crate::{
    format,
    frame::{can, use_zone},
    i18n::{fill, plural},
    queue::latest,
    routes,
    ui::{text::text as shared_text, url},
};
use leptos::prelude::*;
use types::{
    AppError, Permission, Timestamp, Zone,
    dashboard::{Engagement, Numbers, Period, PeriodName},
    messages::MessageState,
};

/// What this part shows, so that it is drawn again only when that changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    period: Period,
    numbers: Numbers,
    queue_ends_at: Option<Timestamp>,
}

impl From<&DashboardData> for Figures {
    fn from(all: &DashboardData) -> Self {
        Self {
            period: all.dashboard.period.clone(),
            numbers: all.dashboard.numbers,
            queue_ends_at: all.used.queue_ends_at,
        }
    }
}

pub type Engaged = Resource<Result<Option<Engagement>, AppError>>;

/// Asked for by itself, so that nothing else waits for it.
pub fn engagement(asked: Memo<super::period::Asked>) -> Engaged {
    Resource::new(
        move || asked.get(),
        |asked| load_engagement(asked.period, asked.from, asked.until),
    )
}

#[component]
pub fn Tiles(
    figures: Figures,
    /// The day it is, `YYYY-MM-DD`.
    today: String,
) -> impl IntoView {
    let t = text();
    let zone = use_zone();
    let of = |n: i64, all: i64| fill(t.of, &[("n", &format::number(n)), ("all", &format::number(all))]);
    let (f, period) = (figures.numbers, figures.period);
    let history = |state: &str| {
        let days = [
            ("start", &*period.from),
            ("end", &*period.until),
            ("state", state),
        ];
        url::href(routes::HISTORY, &days)
    };
    let connected = match (f.sessions, f.sessions - f.connected) {
        (0, _) => t.none_linked.into(),
        (_, 0) => t.all_of_them.into(),
        (_, off) => plural(off, t.not_connected),
    };
    // A share of nothing is no number.
    let share = |part: i64| {
        if f.sent == 0 {
            (shared_text().none.into(), t.nothing_sent.into())
        } else {
            (format::percent(part, f.sent), of(part, f.sent))
        }
    };
    let (delivered, delivered_of) = share(f.delivered);
    let (read, read_of) = share(f.read);
    let failed = if f.failed == 0 {
        t.none_failed.into()
    } else {
        fill(
            t.failed_share,
            &[("share", &format::percent(f.failed, f.sent + f.failed))],
        )
    };
    let sent = if period.name == PeriodName::Today {
        t.sent_today
    } else {
        t.sent
    };
    let queue = queue_words(f.in_queue, figures.queue_ends_at, &today, &zone);
    view! {
        <Stat href=routes::SESSIONS.into() label=t.sessions value=format::number(f.sessions) meta=t.linked_here.into()/>
        <Stat
            href=routes::SESSIONS.into()
            label=t.connected
            value=format::number(f.connected)
            unit=fill(t.of_all, &[("all", &format::number(f.sessions))])
            meta=connected
        />
        <Stat href=history("") label=sent value=format::number(f.sent) meta=change(&f, &period)/>
        <Stat href=routes::QUEUE.into() label=t.in_queue value=format::number(f.in_queue) meta=queue/>
        <Stat href=chats() label=t.received value=format::number(f.received) meta=t.received_what.into()/>
        <Stat href=history("") label=t.delivered value=delivered meta=delivered_of/>
        <Stat href=history(MessageState::Read.name()) label=t.read value=read meta=read_of/>
        <Stat
            href=history(MessageState::Failed.name())
            label=t.failed_label
            value=format::number(f.failed)
            meta=failed
        />
        <Stat href=routes::HISTORY.into() label=t.sent_ever value=format::number(f.sent_ever) meta=t.since_start.into()/>
    }
}

/// What people wrote, for those who may read it; for others the number leads nowhere.
fn chats() -> String {
    if can(Permission::ChatsView) {
        routes::VIEWER.into()
    } else {
        String::new()
    }
}

/// How it compares with the days before. A day that is not over yet is set beside the whole one
/// before it, without a share that would say more than is known.
fn change(now: &Numbers, period: &Period) -> String {
    let t = text();
    match (period.name, now.sent_before) {
        (PeriodName::Today, None) => t.none_yesterday.into(),
        (PeriodName::Today, Some(before)) => fill(t.yesterday, &[("n", &format::number(before))]),
        (_, None) => plural(period.days, t.none_before),
        (_, Some(before)) => {
            let values = [("change", &*difference(now.sent, before))];
            fill(&plural(period.days, t.on_before), &values)
        }
    }
}

/// `+8 %` of what was before; `±0 %`.
fn difference(now: i64, before: i64) -> String {
    let (more, before) = (now - before, before.max(1));
    let percent = (more.abs() * 100 + before / 2) / before;
    let sign = match more.signum() {
        _ if percent == 0 => "±",
        1 => "+",
        _ => "−",
    };
    format!("{sign}{} %", format::number(percent))
}

fn queue_words(waiting: i64, ends: Option<Timestamp>, today: &str, zone: &Zone) -> String {
    let t = text();
    match ends {
        _ if waiting == 0 => t.queue_empty.into(),
        None => t.queue_waits.into(),
        Some(at) => {
            let clock = format::clock_minutes(at, zone);
            let day = format::iso_date(at, zone);
            let when = if day == today {
                clock
            } else {
                format!("{}, {clock}", format::short_day(&day))
            };
            fill(t.queue_ends, &[("time", &when)])
        }
    }
}

/// The tile that comes by itself.
#[component]
pub fn EngagementTile(engaged: Engaged) -> impl IntoView {
    let waits = || view! { <Stat label=text().engagement value=shared_text().none.into() meta=text().counting.into()/> };
    view! {
        <Transition fallback=waits>
            {Suspend::new(async move {
                let now = latest(engaged.await, engaged);
                move || engagement_stat(&now.get())
            })}
        </Transition>
    }
}

fn engagement_stat(told: &Result<Option<Engagement>, AppError>) -> impl IntoView + use<> {
    let t = text();
    let none = || shared_text().none.to_owned();
    let (value, meta) = match told {
        Err(_) => (none(), t.engagement_unknown.to_owned()),
        Ok(None) => (none(), t.engagement_today_only.to_owned()),
        Ok(Some(Engagement { written: 0, .. })) => (none(), t.nobody_written.to_owned()),
        Ok(Some(told)) => {
            let mut meta = fill(
                t.replied,
                &[
                    ("n", &format::number(told.replied)),
                    ("all", &format::number(told.written)),
                ],
            );
            if let Some(newest) = told.newest_only {
                meta.push_str(&fill(t.newest_only, &[("n", &format::number(newest))]));
            }
            (format::percent(told.replied, told.written), meta)
        }
    };
    view! { <Stat href=chats() label=t.engagement value=value meta=meta title=t.engagement_what/> }
}

#[component]
fn Stat(
    /// Where what it counts can be seen; nowhere if blank.
    #[prop(optional)]
    href: String,
    label: &'static str,
    value: String,
    #[prop(optional)] unit: Option<String>,
    meta: String,
    /// What it means, where its name does not say it all.
    #[prop(optional)]
    title: Option<&'static str>,
) -> impl IntoView {
    let inside = view! {
        <span class="label">{label}</span>
        <span class="value">{value} {unit.map(|unit| view! { " " <span class="unit">{unit}</span> })}</span>
        <span class="meta">{meta}</span>
    };
    if href.is_empty() {
        view! { <div class="stat" title=title>{inside}</div> }.into_any()
    } else {
        view! { <a class="stat" href=href title=title>{inside}</a> }.into_any()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_rounded_and_has_its_sign() {
        for (now, before, expect) in [
            (108, 100, "+8 %"),
            (92, 100, "−8 %"),
            (100, 100, "±0 %"),
            (1_001, 1_000, "±0 %"),
            (0, 7, "−100 %"),
            (3_000, 2, "+149,900 %"),
        ] {
            assert_eq!(difference(now, before), expect, "{now} after {before}");
        }
    }
}
