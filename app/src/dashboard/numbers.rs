//! The numbers, each a way to what it counts.

use super::text::text;
use crate::{
    format,
    i18n::{fill, plural},
    routes,
    ui::{text::text as shared_text, url},
};
use leptos::prelude::*;
use types::{dashboard::Dashboard, messages::MessageState};

/// What this part shows, so that it is drawn again only when that changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    /// The day that "today" is.
    today: String,
    sessions: i64,
    connected: i64,
    sent_today: i64,
    delivered: i64,
    read: i64,
    failed: i64,
    sent_ever: i64,
    in_queue: i64,
}

impl From<&Dashboard> for Figures {
    fn from(all: &Dashboard) -> Self {
        Self {
            today: all.days.last().map(|day| day.day.clone()).unwrap_or_default(),
            sessions: all.sessions,
            connected: all.connected,
            sent_today: all.sent_today,
            delivered: all.delivered_today,
            read: all.read_today,
            failed: all.failed_today,
            sent_ever: all.sent_ever,
            in_queue: all.in_queue,
        }
    }
}

#[component]
pub fn Numbers(figures: Figures) -> impl IntoView {
    let t = text();
    let of = |n: i64, all: i64| fill(t.of, &[("n", &format::number(n)), ("all", &format::number(all))]);
    let f = figures;
    let today = |state: &str| url::href(routes::HISTORY, &[("start", &f.today), ("state", state)]);
    let off = f.sessions - f.connected;
    let connected = match (f.sessions, off) {
        (0, _) => t.none_linked.into(),
        (_, 0) => t.all_of_them.into(),
        _ => plural(off, t.not_connected),
    };
    // A share of nothing is no number.
    let share = |part: i64| {
        if f.sent_today == 0 {
            (shared_text().none.into(), t.nothing_sent.into())
        } else {
            (format::percent(part, f.sent_today), of(part, f.sent_today))
        }
    };
    let (delivered, delivered_of) = share(f.delivered);
    let (read, read_of) = share(f.read);
    let failed = if f.failed == 0 {
        t.none_failed.into()
    } else {
        plural(f.failed, t.failed)
    };
    let waiting = if f.in_queue == 0 {
        t.queue_empty
    } else {
        t.queue_waits
    };
    view! {
        <section class="card stats" aria-label=t.numbers>
            <Stat href=routes::SESSIONS.into() label=t.sessions value=format::number(f.sessions) meta=t.linked_here.into()/>
            <Stat
                href=routes::SESSIONS.into()
                label=t.connected
                value=format::number(f.connected)
                unit=fill(t.of_all, &[("all", &format::number(f.sessions))])
                meta=connected
            />
            <Stat href=today("") label=t.sent_today value=format::number(f.sent_today) meta=failed/>
            <Stat href=routes::QUEUE.into() label=t.in_queue value=format::number(f.in_queue) meta=waiting.into()/>
            <Stat href=today("") label=t.delivered value=delivered meta=delivered_of/>
            <Stat href=today(MessageState::Read.name()) label=t.read value=read meta=read_of/>
            <Stat href=routes::HISTORY.into() label=t.sent_ever value=format::number(f.sent_ever) meta=t.since_start.into()/>
        </section>
    }
}

#[component]
fn Stat(
    href: String,
    label: &'static str,
    value: String,
    #[prop(optional)] unit: Option<String>,
    meta: String,
) -> impl IntoView {
    view! {
        <a class="stat" href=href>
            <span class="label">{label}</span>
            <span class="value">{value} {unit.map(|unit| view! { " " <span class="unit">{unit}</span> })}</span>
            <span class="meta">{meta}</span>
        </a>
    }
}
