//! What a number has used of its limits, and how many are advised for its age.

use super::{server::Usage, text::text};
use crate::{
    format,
    i18n::{fill, plural},
    ui::{Limit, Mark},
};
use leptos::prelude::*;
use types::{Timestamp, sessions::Session};

/// Today and this hour with their limits; the count alone where there is none.
#[component]
pub fn UsageCell(session: Session, usage: Option<Usage>) -> impl IntoView {
    let t = text();
    let Some(usage) = usage else {
        return format::number(session.sent_today).into_any();
    };
    let today = match usage.daily_limit {
        Some(limit) => {
            let label = match usage.warm_up_day {
                Some(day) => fill(t.warm_up, &[("day", &day.to_string())]),
                None => t.today.into(),
            };
            view! { <Limit label=label value=usage.today max=limit mark=mark(usage.today, limit)/> }
                .into_any()
        }
        None => format::number(usage.today).into_any(),
    };
    let hour = usage.hourly_limit.map(|limit| {
        view! { <Limit label=t.hour value=usage.hour max=limit mark=mark(usage.hour, limit)/> }
    });
    let held = usage
        .held
        .map(|why| view! { <p class="meta why" title=why.clone()>{why.clone()}</p> });
    view! { <div class="usage">{today} {hour} {held}</div> }.into_any()
}

/// Somebody may want to know before it is reached, and when it is.
fn mark(used: i64, limit: i64) -> Option<Mark> {
    (used >= limit).then_some(Mark::Warn)
}

#[component]
pub fn AgeCell(session: Session, as_of: Timestamp) -> impl IntoView {
    view! {
        {plural(session.age_days(as_of), text().age_days)}
        <p class="meta">{advised(&session, as_of)}</p>
    }
}

/// `advised 60–80 a day`.
pub fn advised(session: &Session, as_of: Timestamp) -> String {
    let (least, most) = session.advised_daily(as_of);
    let values = [("least", &*least.to_string()), ("most", &*most.to_string())];
    fill(text().advised, &values)
}
