//! A lane for each session: what leaves it next and when, what it has used of its limits, and what
//! holds it.

use super::{answer::moment, gates::gate_word, text_lanes::text};
use crate::{
    format,
    frame::use_zone,
    i18n::{fill, plural},
    ui::{
        AsOf, Countdown, Limit, Mark, Phone, StateMark, session_mark, session_word, text::text as shared_text,
    },
};
use leptos::prelude::*;
use types::{
    Timestamp, Zone,
    messages::Lanes,
    pacing::{Gate, LaneStatus},
};

/// Nothing while there is no session.
#[component]
pub fn LaneList(#[prop(into)] lanes: Signal<Lanes>) -> impl IntoView {
    let t = text();
    let any = Memo::new(move |_| lanes.with(|lanes| !lanes.lanes.is_empty()));
    let rows = move || {
        lanes.with(|lanes| {
            let as_of = lanes.as_of;
            let pool = lanes.pool > 0;
            let lane = |lane: &LaneStatus| view! { <Lane lane=lane.clone() pool=pool as_of=as_of/> };
            let mut all: Vec<&LaneStatus> = lanes.lanes.iter().collect();
            all.sort_by_key(|lane| trouble(lane));
            all.into_iter().map(lane).collect_view()
        })
    };
    move || {
        any.get().then(|| {
            view! {
                <section class="lanes" aria-labelledby="lanes-title" tabindex="0">
                    <header>
                        <h2 id="lanes-title">{t.lanes}</h2>
                        {move || lanes.with(summary)}
                    </header>
                    <ul>{rows}</ul>
                </section>
            }
        })
    }
}

/// What needs somebody comes first: it is all that is seen of many lanes.
fn trouble(lane: &LaneStatus) -> u8 {
    match (lane.waiting > 0, lane.state.can_send(), lane.held.is_empty()) {
        (true, false, _) => 0,
        (true, true, false) => 1,
        (true, true, true) => 2,
        (false, true, _) => 3,
        (false, false, _) => 4,
    }
}

/// The pool, the end of the whole queue, and the organization's day.
fn summary(lanes: &Lanes) -> impl IntoView + use<> {
    let t = text();
    let zone = use_zone();
    let waiting: i64 = lanes.pool + lanes.lanes.iter().map(|lane| lane.waiting).sum::<i64>();
    let ends = match lanes.ends_at {
        _ if waiting == 0 => t.nothing_waits.into(),
        Some(at) => fill(t.queue_ends, &[("time", &moment(at, lanes.as_of, &zone))]),
        None => t.queue_end_unknown.into(),
    };
    let stays = (lanes.stays > 0 && lanes.ends_at.is_some())
        .then(|| view! { <StateMark mark=Mark::Warn word=plural(lanes.stays, t.stays)/> });
    let pool = (lanes.pool > 0).then(|| view! { <span class="meta">{plural(lanes.pool, t.pool)}</span> });
    let day = lanes
        .organization_limit
        .map(|limit| view! { <Limit label=t.organization_day value=lanes.used_today max=limit mark=near(lanes.used_today, limit)/> });
    view! {
        <span class="meta">{ends}</span>
        {stays}
        {pool}
        <span class="meta push"><AsOf at=lanes.as_of/></span>
        {day}
    }
}

/// Orange once nothing is left.
fn near(used: i64, limit: i64) -> Option<Mark> {
    (used >= limit).then_some(Mark::Warn)
}

#[component]
fn Lane(
    lane: LaneStatus,
    /// Something waits for whichever session is free first.
    pool: bool,
    as_of: Timestamp,
) -> impl IntoView {
    let zone = use_zone();
    let number = lane.number.clone().map(|number| view! { <Phone number=number/> });
    let more = details(&lane, as_of, &zone).join(" · ");
    let waiting = plural(lane.waiting, text().waiting);
    view! {
        <li class="lane">
            <div class="name">
                <b class="clip">{lane.name.clone()}</b>
                <span class="meta">{number}</span>
            </div>
            {next(&lane, pool, as_of)}
            {state(&lane, as_of, &zone)}
            <Used label=text().hour used=lane.used_hour limit=lane.hourly_limit/>
            <Used label=text().day used=lane.used_today limit=lane.daily_limit/>
            <span class="queue-length">{waiting}</span>
            <p class="more meta">{more}</p>
        </li>
    }
}

/// How long until the next message leaves.
fn next(lane: &LaneStatus, pool: bool, as_of: Timestamp) -> impl IntoView + use<> {
    let t = text();
    let (when, word) = match lane.next_at {
        Some(at) if at > as_of => (view! { <Countdown to=at as_of=as_of/> }.into_any(), t.until_next),
        Some(_) => (t.now.into_any(), t.next),
        None if lane.next.is_some() => (shared_text().none.into_any(), t.next_unknown),
        None if pool && lane.state.can_send() => (shared_text().none.into_any(), t.next_shared),
        None => (shared_text().none.into_any(), t.nothing_next),
    };
    view! {
        <p class="next">
            <b>{when}</b>
            <span class="meta">{word}</span>
        </p>
    }
}

/// What the session is, or what holds its lane and until when.
fn state(lane: &LaneStatus, as_of: Timestamp, zone: &Zone) -> impl IntoView + use<> {
    let held: Vec<&Gate> = lane.held.iter().filter(|_| lane.state.can_send()).collect();
    let lines = if held.is_empty() {
        let reason = lane.reason.clone();
        view! {
            <StateMark mark=session_mark(lane.state) word=session_word(lane.state)/>
            {reason.map(|reason| view! { <span class="second">{reason}</span> })}
        }
        .into_any()
    } else {
        held.into_iter()
            .map(|gate| {
                let until = gate
                    .opens_at
                    .map(|at| fill(text().opens, &[("time", &moment(at, as_of, zone))]));
                view! {
                    <StateMark mark=Mark::Warn word=gate_word(gate.gate)/>
                    <span class="second">{until} " " {gate.why.clone()}</span>
                }
            })
            .collect_view()
            .into_any()
    };
    view! { <div class="held">{lines}</div> }
}

/// A bar where there is a limit, else the number alone.
#[component]
fn Used(label: &'static str, used: i64, limit: Option<i64>) -> impl IntoView {
    match limit {
        Some(limit) => view! { <Limit label=label value=used max=limit mark=near(used, limit)/> }.into_any(),
        None => view! {
            <div class="limit">
                <span class="second">{label}</span>
                <span>{fill(text().no_limit, &[("n", &format::number(used))])}</span>
            </div>
        }
        .into_any(),
    }
}

/// The rest in words: the row before a pause, the warm-up, new people, the end of the lane.
fn details(lane: &LaneStatus, as_of: Timestamp, zone: &Zone) -> Vec<String> {
    let t = text();
    let number = format::number;
    let mut all = Vec::new();
    if let Some(after) = lane.pause_after {
        all.push(fill(
            t.in_row,
            &[("n", &number(lane.in_row)), ("all", &number(after))],
        ));
    }
    if let Some(day) = lane.warm_up_day {
        all.push(fill(t.warm_up, &[("n", &number(day))]));
    }
    if let Some(limit) = lane.cold_limit {
        all.push(fill(
            t.cold,
            &[("n", &number(lane.cold_today)), ("all", &number(limit))],
        ));
    }
    if let Some(at) = lane.last_left_at {
        all.push(fill(t.last_left, &[("time", &moment(at, as_of, zone))]));
    }
    match lane.ends_at {
        Some(at) if lane.waiting > 0 => all.push(fill(t.lane_ends, &[("time", &moment(at, as_of, zone))])),
        None if lane.waiting > 0 => all.push(t.lane_end_unknown.into()),
        _ => {}
    }
    all
}
