//! Why a message waits, gate by gate, in sentences.

use crate::{Facts, Moment, Opens, gates};
use types::{
    Timestamp,
    messages::Class,
    pacing::{Gate, GateKind},
    sessions::SessionState,
};

/// What is known about a waiting message at the moment somebody asks.
#[derive(Clone, Copy, Debug)]
pub struct Explain<'a> {
    /// Against the session that would send it; without one the rules and an empty history.
    pub moment: Moment<'a>,
    pub facts: Facts,
    /// `None` while no session is chosen for it.
    pub session_state: Option<SessionState>,
    /// The session's own sentence for its state.
    pub session_reason: Option<&'a str>,
    /// Messages that go first.
    pub ahead: i64,
    /// Several sessions may take it, whichever is free first.
    pub shared: bool,
}

/// The gates in the order in which people look at them.
pub fn explain(input: &Explain<'_>) -> Vec<Gate> {
    let mut all = Vec::new();
    let moment = &input.moment;
    gates(moment, &input.facts, |kind, opens| {
        let (open, opens_at) = match opens {
            Opens::Open => (true, Some(moment.now)),
            Opens::At(at) => (false, Some(at)),
            Opens::Unknown => (false, None),
        };
        let why = sentence(input, kind, open, opens_at);
        all.push(Gate {
            gate: kind,
            open,
            opens_at,
            why,
        });
        if kind == GateKind::Order {
            all.push(turn(input));
        }
    });
    all
}

/// What holds the whole lane now, in words, the last to open first.
pub fn held(moment: &Moment<'_>) -> Vec<Gate> {
    let facts = Facts {
        warm: true,
        chance: 0,
        ..Facts::new(Class::Bulk, Timestamp(0), 0)
    };
    let input = Explain {
        moment: *moment,
        facts,
        session_state: Some(SessionState::Connected),
        session_reason: None,
        ahead: 0,
        shared: false,
    };
    let mut gates = explain(&input);
    gates.retain(|gate| !gate.open && gate.gate != GateKind::Delay);
    gates.sort_by_key(|gate| std::cmp::Reverse(gate.opens_at));
    gates
}

fn turn(input: &Explain<'_>) -> Gate {
    let open = input.ahead <= 0 || input.facts.rush;
    let why = match input.ahead {
        _ if open => "No other message goes first".into(),
        1 => format!("1 message goes first{}", used_up(input)),
        ahead => format!("{} messages go first{}", number(ahead), used_up(input)),
    };
    Gate {
        gate: GateKind::Turn,
        open,
        opens_at: open.then_some(input.moment.now),
        why,
    }
}

/// Which limit those before it use up, so that it leaves later than they do: its gate is open now,
/// and shut when its turn comes.
fn used_up(input: &Explain<'_>) -> String {
    let Moment {
        rules, history, used, ..
    } = input.moment;
    // Of several sessions nobody knows which of them takes those before it.
    if input.facts.counted || input.shared {
        return String::new();
    }
    let up = |most: i64, used: i64| used < most && most - used <= input.ahead;
    let daily = rules.daily_cap(history.warm_up_day()).map(|(cap, _)| cap);
    let whose = if let Some(most) = daily.filter(|most| up(*most, history.used_today())) {
        format!("this session's {} of today", number(most))
    } else if let Some(most) = rules.organization_daily.filter(|most| up(*most, used.today)) {
        format!("the organization's {} of today", number(most))
    } else if let Some(most) = rules.hourly.filter(|most| up(*most, history.in_hour())) {
        format!("this session's {} of 60 minutes", number(most))
    } else {
        return String::new();
    };
    format!("; with them, {whose} are used up, and it waits until there is room again")
}

fn sentence(input: &Explain<'_>, kind: GateKind, open: bool, opens_at: Option<Timestamp>) -> String {
    let moment = &input.moment;
    let (rules, history) = (moment.rules, moment.history);
    match kind {
        GateKind::Session => session(input),
        GateKind::Suspended => "The organization is suspended; what it has queued is kept".into(),
        GateKind::AllowList if open => "The recipient is allowed".into(),
        GateKind::AllowList => {
            "The recipient is not on the organization's allow-list any more. Add it there, or cancel the message."
                .into()
        }
        GateKind::OptOut => "The recipient has opted out of messages. Cancel the message.".into(),
        GateKind::Media => "Its attachment is being fetched first; if that fails, the message fails with it".into(),
        GateKind::Retry if open => "It may be tried again".into(),
        GateKind::Retry => "It was refused and is tried again after a pause".into(),
        GateKind::Order if open => "No earlier message to the same recipient is on its way".into(),
        GateKind::Order => {
            "An earlier message to the same recipient is on its way and goes first, for at most 10 minutes".into()
        }
        GateKind::Restriction if open => "WhatsApp's last request to wait is over".into(),
        GateKind::Restriction => "WhatsApp asked this session to wait".into(),
        GateKind::Turn => String::new(),
        GateKind::Pause => pause(rules.pause, history.in_row, open),
        GateKind::Window => window(input, open, opens_at),
        GateKind::HourlyLimit => {
            limit("of the last 60 minutes", history.in_hour(), rules.hourly.unwrap_or(0), "this session", open)
        }
        GateKind::DailyLimit => daily(input, open),
        GateKind::OrganizationLimit => {
            let most = rules.organization_daily.unwrap_or(0);
            limit("of today", moment.used.today, most, "the organization", open)
        }
        GateKind::ColdLimit => cold(input, open),
        GateKind::RecipientGap if open && input.facts.recipient_left_at.is_none() => {
            "No message was sent to this recipient yet".into()
        }
        GateKind::RecipientGap if open => format!(
            "The last message to this recipient is at least {} ago",
            span(rules.gap_ms)
        ),
        GateKind::RecipientGap => format!(
            "Two messages to the same recipient are at least {} apart",
            span(rules.gap_ms)
        ),
        GateKind::RepeatedText => repeated(input, open),
        GateKind::Delay => delay(input, open),
    }
}

fn session(input: &Explain<'_>) -> String {
    let what = match input.session_state {
        Some(_) if input.facts.can_send && input.shared => {
            return "It leaves through whichever session is free first".into();
        }
        Some(_) if input.facts.can_send => return "The session is connected".into(),
        None => "No session can send yet. Link a session or start one.",
        Some(SessionState::Stopped) => "The session is stopped. Start it to send.",
        Some(SessionState::Connecting) => "The session is connecting",
        // Its own sentence says how.
        Some(SessionState::Linking) if input.session_reason.is_some() => {
            "The session waits for a phone to link"
        }
        Some(SessionState::Linking) => "The session waits for a phone to link. Scan its QR code.",
        Some(SessionState::Reconnecting) => "The session lost its connection and is reconnecting",
        Some(SessionState::LoggedOut) => "The session is logged out. Link it again to send.",
        Some(SessionState::Restricted) => "WhatsApp lets this session send nothing for now",
        Some(SessionState::Connected) => "The session is not ready",
    };
    match input
        .session_reason
        .map(str::trim)
        .filter(|reason| !reason.is_empty())
    {
        Some(reason) => format!("{}. {reason}", what.trim_end_matches('.')),
        None => what.into(),
    }
}

fn pause(rule: Option<(i64, i64)>, in_row: i64, open: bool) -> String {
    let (after, pause) = rule.unwrap_or_default();
    if open {
        format!(
            "{} in a row; after {} this session pauses for {}",
            number(in_row),
            number(after),
            span(pause)
        )
    } else {
        format!(
            "After {} messages in a row this session pauses for {}",
            number(after),
            span(pause)
        )
    }
}

fn window(input: &Explain<'_>, open: bool, opens_at: Option<Timestamp>) -> String {
    let hours = input
        .moment
        .rules
        .window
        .map(|window| window.to_string())
        .unwrap_or_default();
    match (open, opens_at) {
        (true, _) => format!("Messages are sent in these hours: {hours}"),
        (_, Some(_)) => format!("Messages are sent only in these hours: {hours}"),
        (_, None) => format!("These hours do not come any more: {hours}. Change the sending window."),
    }
}

fn limit(when: &str, used: i64, most: i64, whose: &str, open: bool) -> String {
    let (used, most) = (number(used), number(most));
    if open {
        format!("{used} {when}; {whose} may send {most}")
    } else {
        format!("The limit is reached: {used} {when}, and {whose} may send {most}")
    }
}

fn daily(input: &Explain<'_>, open: bool) -> String {
    let history = input.moment.history;
    let (cap, warm) = input
        .moment
        .rules
        .daily_cap(history.warm_up_day())
        .unwrap_or_default();
    let text = limit("of today", history.used_today(), cap, "this session", open);
    match warm {
        Some(day) => format!("{text} on day {day} of its warm-up"),
        None => text,
    }
}

fn cold(input: &Explain<'_>, open: bool) -> String {
    let Explain { moment, .. } = input;
    let history = moment.history;
    if history.cold_until.is_some_and(|until| until > moment.now) {
        return "WhatsApp lets this session write to nobody new for now; people who wrote to it are answered"
            .into();
    }
    let most = moment.rules.cold_daily.unwrap_or(0);
    let (used, most) = (number(history.cold_today()), number(most));
    if open {
        format!("{used} of today went to people who never wrote to us; {most} may")
    } else {
        format!("{used} of today went to people who never wrote to us, and {most} may; answers continue")
    }
}

fn repeated(input: &Explain<'_>, open: bool) -> String {
    let Explain { moment, facts, .. } = input;
    let (after, pause) = moment.rules.repeated.unwrap_or_default();
    let count = facts.text.map_or(0, |text| moment.history.repeats(text).0);
    if count == 0 {
        return "This text did not leave within the last hour".into();
    }
    if count < after {
        return format!(
            "This text left {} times within an hour; from {} on it slows down",
            number(count),
            number(after)
        );
    }
    let what = if open { "may leave now" } else { "slows down" };
    format!(
        "This text left {} times within an hour and {what}: one in {}",
        number(count),
        span(pause)
    )
}

fn delay(input: &Explain<'_>, open: bool) -> String {
    let Explain { moment, facts, .. } = input;
    let (rules, class) = (moment.rules, facts.class);
    let delay_ms = rules.delay(class, facts.chance, facts.chars);
    let typing = rules.typing(facts.chars);
    let length = seconds(delay_ms);
    if delay_ms == 0 {
        return "No random delay is set".into();
    }
    let what = match class {
        Class::Reply => format!("A reply waits {length}, typing included"),
        _ if typing >= delay_ms => format!("Typing {length}, as a person would"),
        _ if typing > 0 => format!(
            "Random delay of {length}, the last {} of it typing",
            seconds(typing)
        ),
        _ => format!("Random delay of {length}"),
    };
    match (open, moment.history.last_left_at) {
        (true, _) => format!("{what}: over"),
        (false, Some(left)) if left >= facts.created_at => format!("{what}, after the message before it"),
        (false, _) => format!("{what}, after it was accepted"),
    }
}

/// `12.4 s`, `5 s`; tenths are enough for a person.
fn seconds(ms: i64) -> String {
    let tenths = ms / 100 + i64::from(ms % 100 >= 50);
    if tenths % 10 == 0 {
        format!("{} s", tenths / 10)
    } else {
        format!("{}.{} s", tenths / 10, tenths % 10)
    }
}

/// `45 s`, `5 min`, `1 h`, `1 h 30 min`, `2 d`.
fn span(ms: i64) -> String {
    let whole = ms / 1_000;
    let parts = [
        (whole / 86_400, "d"),
        (whole % 86_400 / 3_600, "h"),
        (whole % 3_600 / 60, "min"),
    ];
    let words: Vec<String> = parts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, unit)| format!("{count} {unit}"))
        .collect();
    if words.is_empty() || (whole < 3_600 && whole % 60 > 0) {
        let rest = seconds(ms % 60_000);
        return words.into_iter().chain([rest]).collect::<Vec<_>>().join(" ");
    }
    words.join(" ")
}

/// `12,345`.
fn number(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if value < 0 { format!("-{out}") } else { out }
}

#[cfg(test)]
mod tests;
