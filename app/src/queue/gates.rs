//! Why is this waiting: each gate on one clock; the one that opens last decides.

use super::{answer::moment, text::text};
use crate::{
    frame::use_zone,
    i18n::fill,
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

#[component]
pub fn Gates(gates: Vec<Gate>, as_of: Timestamp) -> impl IntoView {
    let t = text();
    let until = gates
        .iter()
        .filter(|gate| !gate.open)
        .filter_map(|gate| gate.opens_at)
        .max()
        .unwrap_or(as_of);
    let decides = deciding(&gates).map(|gate| gate.gate);
    let rows = gates.into_iter().map(|gate| {
        let decides = decides == Some(gate.gate);
        let width = bar(&gate, until, as_of);
        view! { <Row gate=gate decides=decides width=width as_of=as_of/> }
    });
    view! {
        <table class="gates">
            <caption class="out-of-sight">{t.gates_caption}</caption>
            <thead>
                <tr>
                    <th scope="col">{t.gate}</th>
                    <th scope="col">{t.gate_why}</th>
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
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
