//! Every gate, as a moment: one function for the dispatcher, the explanation and the forecast.

use crate::{Calendar, History, Rules, Used};
use types::{Timestamp, messages::Class, pacing::GateKind};

/// What a message is held against.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    pub now: Timestamp,
    pub calendar: &'a Calendar,
    pub rules: &'a Rules,
    /// Of the session that would send it, brought up to `now`.
    pub history: &'a History,
    /// Of its organization, brought up to `now`.
    pub used: &'a Used,
}

/// What the gates must know of one message.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own, read from its own column"
)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    pub class: Class,
    pub created_at: Timestamp,
    /// Drawn once, at accept.
    pub chance: u32,
    /// Length of its text.
    pub chars: i64,
    /// Stands for its text, where repeated texts slow down.
    pub text: Option<u64>,
    /// A person let it pass the protections.
    pub rush: bool,
    /// It was on the wire before and counts already.
    pub counted: bool,
    pub can_send: bool,
    pub suspended: bool,
    pub allowed: bool,
    pub opted_out: bool,
    pub fetching_media: bool,
    /// When it is tried again after it was refused.
    pub again_at: Option<Timestamp>,
    /// An earlier message to the same recipient is on the wire, fetching media or in retry.
    pub earlier: bool,
    /// When the organization's last other message to this recipient left. When the clock was set
    /// back, moments that now lie ahead must become now, as [`History::tick`] does it.
    pub recipient_left_at: Option<Timestamp>,
    /// The recipient has written to us.
    pub warm: bool,
}

impl Facts {
    /// A message that only time holds.
    pub const fn new(class: Class, created_at: Timestamp, chance: u32) -> Self {
        Self {
            class,
            created_at,
            chance,
            chars: 0,
            text: None,
            rush: false,
            counted: false,
            can_send: true,
            suspended: false,
            allowed: true,
            opted_out: false,
            fetching_media: false,
            again_at: None,
            earlier: false,
            recipient_left_at: None,
            warm: false,
        }
    }
}

/// When a gate opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opens {
    /// Open now.
    Open,
    /// Not before that moment, which lies ahead.
    At(Timestamp),
    /// Something else must happen first.
    Unknown,
}

impl Opens {
    fn at(at: Option<Timestamp>, now: Timestamp) -> Self {
        match at {
            Some(at) if at > now => Self::At(at),
            _ => Self::Open,
        }
    }

    const fn unless(shut: bool) -> Self {
        if shut { Self::Unknown } else { Self::Open }
    }
}

/// Names every gate that could hold this message, open or shut, in the order in which people look
/// at them.
pub fn gates(moment: &Moment<'_>, facts: &Facts, mut tell: impl FnMut(GateKind, Opens)) {
    conditions(moment, facts, &mut tell);
    restriction(moment, &mut tell);
    cold(moment, facts, &mut tell);
    if facts.rush {
        return;
    }
    lane(moment, facts.class, facts.counted, &mut tell);
    alone(moment, facts, &mut tell);
    tell(
        GateKind::Delay,
        Opens::at(Some(delay_opens(moment, facts)), moment.now),
    );
}

/// What no patience opens, and the pause before another try.
fn conditions(moment: &Moment<'_>, facts: &Facts, tell: &mut impl FnMut(GateKind, Opens)) {
    tell(GateKind::Session, Opens::unless(!facts.can_send));
    if facts.suspended {
        tell(GateKind::Suspended, Opens::Unknown);
    }
    tell(GateKind::AllowList, Opens::unless(!facts.allowed));
    if facts.opted_out {
        tell(GateKind::OptOut, Opens::Unknown);
    }
    if facts.fetching_media {
        tell(GateKind::Media, Opens::Unknown);
    }
    if let Some(at) = facts.again_at {
        tell(GateKind::Retry, Opens::at(Some(at), moment.now));
    }
    tell(GateKind::Order, Opens::unless(facts.earlier));
}

fn restriction(moment: &Moment<'_>, tell: &mut impl FnMut(GateKind, Opens)) {
    if moment.history.held_until.is_some() {
        let opens = Opens::at(moment.history.held_until, moment.now);
        tell(GateKind::Restriction, opens);
    }
}

/// The protections that hold this message while others may leave.
fn alone(moment: &Moment<'_>, facts: &Facts, tell: &mut impl FnMut(GateKind, Opens)) {
    if facts.class != Class::Reply {
        recipient(moment, facts, tell);
    }
}

/// The gates of the whole lane.
fn lane(moment: &Moment<'_>, class: Class, counted: bool, tell: &mut impl FnMut(GateKind, Opens)) {
    let Moment {
        now,
        rules,
        history,
        used,
        ..
    } = *moment;
    if class != Class::Reply {
        if rules.pause.is_some() {
            tell(GateKind::Pause, Opens::at(history.paused_until, now));
        }
        if let Some(window) = rules.window {
            let opens = match moment.calendar.next_open(window, now) {
                Some(at) => Opens::at(Some(at), now),
                None => Opens::Unknown,
            };
            tell(GateKind::Window, opens);
        }
    }
    if counted {
        return;
    }
    if let Some(limit) = rules.hourly {
        tell(GateKind::HourlyLimit, Opens::at(history.hour_opens(limit), now));
    }
    if let Some((cap, _)) = rules.daily_cap(history.warm_up_day()) {
        let full = history.used_today() >= cap;
        tell(
            GateKind::DailyLimit,
            Opens::at(full.then_some(history.day().end), now),
        );
    }
    if let Some(limit) = rules.organization_daily {
        let full = used.today >= limit;
        tell(
            GateKind::OrganizationLimit,
            Opens::at(full.then_some(used.day.end), now),
        );
    }
}

/// The quota of messages to people who never wrote to us: ours, which counts a message once and
/// which a person may pass, and WhatsApp's own, which holds whatever is sent.
fn cold(moment: &Moment<'_>, facts: &Facts, tell: &mut impl FnMut(GateKind, Opens)) {
    if facts.warm {
        return;
    }
    let history = moment.history;
    let ours = moment.rules.cold_daily.filter(|_| !facts.rush && !facts.counted);
    let full = ours
        .filter(|limit| history.cold_today() >= *limit)
        .map(|_| history.day().end);
    if ours.is_some() || history.cold_until.is_some() {
        tell(
            GateKind::ColdLimit,
            Opens::at(full.max(history.cold_until), moment.now),
        );
    }
}

fn recipient(moment: &Moment<'_>, facts: &Facts, tell: &mut impl FnMut(GateKind, Opens)) {
    let Moment {
        now, rules, history, ..
    } = *moment;
    if rules.gap_ms > 0 {
        let at = facts.recipient_left_at.map(|left| left.min(now) + rules.gap_ms);
        tell(GateKind::RecipientGap, Opens::at(at, now));
    }
    if let (Some((after, pause)), Some(text)) = (rules.repeated, facts.text) {
        let at = history.repeat_opens(text, after, pause);
        tell(GateKind::RepeatedText, Opens::at(at, now));
    }
}

/// Its own delay after it was accepted, and after the message before it left.
///
/// The delay also stands before the first message of an idle lane: seed 002 promises
/// "5-20 seconds" to a caller whose queue is empty. A reply only keeps its typing to the one
/// before: it was waited for.
fn delay_opens(moment: &Moment<'_>, facts: &Facts) -> Timestamp {
    let rules = moment.rules;
    let delay = rules.delay(facts.class, facts.chance, facts.chars);
    let after_last = match facts.class {
        Class::Reply => rules.typing(facts.chars),
        Class::Single | Class::Bulk => delay,
    };
    // Accepted "in the future" means that the clock was set back; it need not catch up first.
    let own = if facts.created_at > moment.now {
        moment.now
    } else {
        facts.created_at + delay
    };
    match moment.history.last_left_at {
        Some(left) => own.max(left + after_last),
        None => own,
    }
}

/// Collects the last opening of all gates that it hears of.
struct Latest(Option<Timestamp>);

impl Latest {
    fn hear(&mut self, opens: Opens) {
        self.0 = match (self.0, opens) {
            (Some(latest), Opens::At(at)) => Some(latest.max(at)),
            (latest, Opens::Open) => latest,
            (None, _) | (_, Opens::Unknown) => None,
        };
    }
}

/// When the last of its gates opens: `now` or earlier means that it may leave. `None` while that
/// cannot be said.
pub fn opening(moment: &Moment<'_>, facts: &Facts) -> Option<Timestamp> {
    let mut latest = Latest(Some(moment.now));
    gates(moment, facts, |_, opens| latest.hear(opens));
    latest.0
}

/// Which of several sessions explains a message that any of them may take: the one whose gates
/// open first, so that no other can let the message leave before it was said. The caller leaves out
/// those that only a person can bring back.
pub fn soonest<'a>(moments: impl IntoIterator<Item = Moment<'a>>, facts: &Facts) -> Option<usize> {
    // What holds the message in every lane alike must not hide when the lanes open.
    let free = Facts {
        can_send: true,
        suspended: false,
        allowed: true,
        opted_out: false,
        fetching_media: false,
        earlier: false,
        ..*facts
    };
    moments
        .into_iter()
        .map(|moment| opening(&moment, &free).map_or(i64::MAX, |at| at.0))
        .enumerate()
        .min_by_key(|(_, at)| *at)
        .map(|(index, _)| index)
}

/// When the whole lane is open for messages of that class, their own gates aside.
pub fn lane_opening(moment: &Moment<'_>, class: Class) -> Option<Timestamp> {
    whole_lane(moment, class, false)
}

/// The same for messages that count already, because they are tried or sent again: no full limit
/// holds them, so that they need not wait for the next day behind those that it does hold.
pub fn again_opening(moment: &Moment<'_>, class: Class) -> Option<Timestamp> {
    whole_lane(moment, class, true)
}

fn whole_lane(moment: &Moment<'_>, class: Class, counted: bool) -> Option<Timestamp> {
    let mut latest = Latest(Some(moment.now));
    restriction(moment, &mut |_, opens| latest.hear(opens));
    lane(moment, class, counted, &mut |_, opens| latest.hear(opens));
    latest.0
}

/// When the gates open that hold this message while others may leave.
pub fn own_opening(moment: &Moment<'_>, facts: &Facts) -> Option<Timestamp> {
    let mut latest = Latest(Some(moment.now));
    own_gates(moment, facts, |_, opens| latest.hear(opens));
    latest.0
}

/// The gates that hold this message while others may leave, open or shut.
pub fn own_gates(moment: &Moment<'_>, facts: &Facts, mut tell: impl FnMut(GateKind, Opens)) {
    conditions(moment, facts, &mut tell);
    cold(moment, facts, &mut tell);
    if !facts.rush {
        alone(moment, facts, &mut tell);
    }
}

/// When the lane is open for this message, whose delay is part of it: who is next in a lane waits
/// there.
pub(crate) fn lane_and_delay(moment: &Moment<'_>, facts: &Facts) -> Option<Timestamp> {
    let mut latest = Latest(Some(moment.now));
    restriction(moment, &mut |_, opens| latest.hear(opens));
    if !facts.rush {
        lane(moment, facts.class, facts.counted, &mut |_, opens| {
            latest.hear(opens);
        });
        latest.hear(Opens::at(Some(delay_opens(moment, facts)), moment.now));
    }
    latest.0
}

#[cfg(test)]
mod tests;
