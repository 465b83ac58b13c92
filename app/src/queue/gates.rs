//! Why is this waiting: each gate on one clock; the one that opens last decides.

use super::{answer::moment, text::text};
use crate::{
    frame::use_zone,
    i18n::{fill, plural},
    ui::{Mark, StateMark},
};
use leptos::prelude::*;
use types::{
    Timestamp,
    pacing::{Gate, GateKind},
};

/// The bars' clock is this many units wide.
const WIDTH: i64 = 200;

/// The gate that holds the message longest: one of which nobody knows when it opens, else the
/// last to open.
pub fn deciding(gates: &[Gate]) -> Option<&Gate> {
    let closed = || gates.iter().filter(|gate| !gate.open);
    closed()
        .find(|gate| gate.opens_at.is_none())
        .or_else(|| closed().max_by_key(|gate| gate.opens_at))
}

pub fn gate_word(gate: GateKind) -> &'static str {
    let t = text();
    match gate {
        GateKind::Session => t.gate_session,
        GateKind::Suspended => t.gate_suspended,
        GateKind::AllowList => t.gate_allow_list,
        GateKind::OptOut => t.gate_opt_out,
        GateKind::Media => t.gate_media,
        GateKind::Retry => t.gate_retry,
        GateKind::Order => t.gate_order,
        GateKind::Restriction => t.gate_restriction,
        GateKind::Turn => t.gate_turn,
        GateKind::Pause => t.gate_pause,
        GateKind::Window => t.gate_window,
        GateKind::HourlyLimit => t.gate_hourly_limit,
        GateKind::DailyLimit => t.gate_daily_limit,
        GateKind::OrganizationLimit => t.gate_organization_limit,
        GateKind::ColdLimit => t.gate_cold_limit,
        GateKind::RecipientGap => t.gate_recipient_gap,
        GateKind::RepeatedText => t.gate_repeated,
        GateKind::Delay => t.gate_delay,
    }
}

/// How wide a gate's bar is: from now to when it opens, on a clock that ends with the last one.
fn bar(gate: &Gate, until: Timestamp, as_of: Timestamp) -> Option<i64> {
    let opens = gate.opens_at.filter(|_| !gate.open)?;
    let span = until - as_of;
    (span > 0 && opens > as_of).then(|| ((opens - as_of) * WIDTH / span).clamp(3, WIDTH))
}

/// The closed gates as people read them: what decides first, then by when they open, the last first.
fn in_order(gates: &[Gate]) -> Vec<Gate> {
    let mut closed: Vec<Gate> = gates.iter().filter(|gate| !gate.open).cloned().collect();
    closed.sort_by_key(|gate| {
        let opens = gate.opens_at.map_or(i64::MAX, Timestamp::millis);
        std::cmp::Reverse(opens)
    });
    closed
}

/// Whether sending now lets a message pass it.
pub fn passable(gate: &Gate) -> bool {
    gate.gate.is_pacing()
}

/// `Hourly limit: The limit is reached: 5 of …, opens 14:12:00`.
pub fn gate_line(gate: &Gate) -> impl IntoView + use<> {
    view! { <b>{gate_word(gate.gate)}</b> ": " {gate.why.clone()} }
}

/// What a message was let pass, of the names in an address.
pub fn passed_words(names: &str) -> String {
    let words: Vec<&str> = names
        .split('.')
        .filter_map(|name| GateKind::ALL.iter().find(|gate| gate.name() == name))
        .map(|gate| gate_word(*gate))
        .collect();
    if words.is_empty() {
        text().passed_nothing.into()
    } else {
        fill(text().passed, &[("gates", &words.join(", "))])
    }
}

#[component]
pub fn Gates(
    gates: Vec<Gate>,
    as_of: Timestamp,
    /// Whether the open ones are shown too.
    unfolded: RwSignal<bool>,
) -> impl IntoView {
    let t = text();
    let closed = in_order(&gates);
    let until = closed
        .iter()
        .filter_map(|gate| gate.opens_at)
        .max()
        .unwrap_or(as_of);
    let decides = deciding(&gates).map(|gate| gate.gate);
    let open: Vec<Gate> = gates.into_iter().filter(|gate| gate.open).collect();
    let count = open.len() as i64;
    let rows = |gates: Vec<Gate>| {
        gates
            .into_iter()
            .map(|gate| {
                let decides = decides == Some(gate.gate);
                let width = bar(&gate, until, as_of);
                view! { <Row gate=gate decides=decides width=width as_of=as_of/> }
            })
            .collect_view()
    };
    let shut = (!closed.is_empty())
        .then(|| view! { <GateTable rows=rows(closed).into_any() caption=t.gates_caption/> });
    let open = (count > 0).then(|| {
        view! {
            <details class="open-gates" open=unfolded.get_untracked()>
                <summary on:click=move |_| unfolded.update(|open| *open = !*open)>
                    {plural(count, t.open_gates)}
                </summary>
                <GateTable rows=rows(open).into_any() caption=t.open_gates_caption/>
            </details>
        }
    });
    view! { {shut} {open} }
}

#[component]
fn GateTable(rows: AnyView, caption: &'static str) -> impl IntoView {
    let t = text();
    view! {
        <table class="gates">
            <caption class="out-of-sight">{caption}</caption>
            <thead>
                <tr>
                    <th scope="col">{t.gate}</th>
                    <th scope="col">{t.gate_why}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

#[component]
fn Row(gate: Gate, decides: bool, width: Option<i64>, as_of: Timestamp) -> impl IntoView {
    let t = text();
    let (mark, word) = match (gate.open, gate.opens_at) {
        (true, _) => (Mark::Ok, t.gate_open),
        (false, None) if gate.gate == GateKind::Session => (Mark::Warn, t.gate_shut),
        (false, _) => (Mark::Wait, t.gate_shut),
    };
    let opens = gate
        .opens_at
        .filter(|_| !gate.open)
        .map(|at| fill(t.gate_opens, &[("time", &moment(at, as_of, &use_zone()))]));
    view! {
        <tr class:deciding=decides>
            <th scope="row">
                <StateMark mark=mark word=word/>
                " "
                {gate_word(gate.gate)}
            </th>
            <td>
                {width.map(|width| {
                    view! {
                        <svg viewBox=format!("0 0 {WIDTH} 20") preserveAspectRatio="none" aria-hidden="true">
                            <rect class="shut" y="7" width=width.to_string() height="6" rx="3"></rect>
                        </svg>
                    }
                })}
                <span class="meta">
                    {gate.why}
                    {opens.map(|opens| view! { ", " <b>{opens}</b> })}
                </span>
            </td>
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate(kind: GateKind, open: bool, opens_at: Option<i64>) -> Gate {
        Gate {
            gate: kind,
            open,
            opens_at: opens_at.map(Timestamp),
            why: String::new(),
        }
    }

    #[test]
    fn what_nobody_can_time_decides_first() {
        let delay = gate(GateKind::Delay, false, Some(9));
        let media = gate(GateKind::Media, false, None);
        let open = gate(GateKind::Session, true, Some(1));
        assert_eq!(
            deciding(&[open.clone(), delay.clone(), media]).map(|g| g.gate),
            Some(GateKind::Media)
        );
        assert_eq!(
            deciding(&[open.clone(), delay]).map(|g| g.gate),
            Some(GateKind::Delay)
        );
        assert_eq!(deciding(&[open]), None);
    }

    #[test]
    fn what_opens_last_stands_first() {
        let all = [
            gate(GateKind::Delay, false, Some(3)),
            gate(GateKind::Window, true, Some(1)),
            gate(GateKind::HourlyLimit, false, Some(9)),
            gate(GateKind::Turn, false, None),
        ];
        let order: Vec<GateKind> = in_order(&all).iter().map(|gate| gate.gate).collect();
        assert_eq!(order, [GateKind::Turn, GateKind::HourlyLimit, GateKind::Delay]);
    }

    #[test]
    fn an_address_says_only_what_there_is() {
        let said = passed_words("hourly_limit.pause.<b>");
        assert!(
            said.contains("Hourly limit, Pause") && !said.contains("<b>"),
            "{said}"
        );
        assert_eq!(passed_words(""), text().passed_nothing);
    }

    #[test]
    fn bars_share_one_clock() {
        let until = Timestamp(1_000);
        let width = |open, at| bar(&gate(GateKind::Delay, open, at), until, Timestamp(0));
        assert_eq!(width(false, Some(1_000)), Some(WIDTH));
        assert_eq!(width(false, Some(500)), Some(WIDTH / 2));
        assert_eq!(width(false, Some(1)), Some(3));
        assert_eq!(width(true, Some(500)), None);
        assert_eq!(width(false, None), None);
    }
}
