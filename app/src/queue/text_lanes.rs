//! Words of the lanes, of "What if?", and of the balancer.

use crate::i18n::{Locale, Plural, locale};
use types::pacing::Limit;

macro_rules! words {
    ($($name:ident: $kind:ty = $value:expr,)*) => {
        pub struct Text { $(pub $name: $kind,)* }

        pub const EN: Text = Text { $($name: $value,)* };
    };
}

words! {
    lanes: &'static str = "Lanes",
    pool: Plural = Plural {
        one: "{n} waits for whichever session is free first",
        other: "{n} wait for whichever session is free first",
    },
    waiting: Plural = Plural { one: "{n} waiting", other: "{n} waiting" },
    nothing_waits: &'static str = "Nothing waits",
    queue_ends: &'static str = "The queue ends about {time}",
    queue_end_unknown: &'static str = "Nothing can leave as things are: no session that may send it does",
    stays: Plural = Plural { one: "{n} cannot leave", other: "{n} cannot leave" },
    organization_day: &'static str = "Organization’s day",
    hour: &'static str = "Hour",
    day: &'static str = "Day",
    no_limit: &'static str = "{n}, no limit",
    now: &'static str = "now",
    next: &'static str = "next",
    until_next: &'static str = "until the next",
    next_unknown: &'static str = "cannot leave",
    nothing_next: &'static str = "nothing next",
    next_shared: &'static str = "next from what any session may send",
    opens: &'static str = "until {time}.",
    in_row: &'static str = "{n} of {all} in a row before a pause",
    warm_up: &'static str = "day {n} of its warm-up",
    cold: &'static str = "{n} of {all} to new people today",
    last_left: &'static str = "last one {time}",
    lane_ends: &'static str = "ends about {time}",
    lane_end_unknown: &'static str = "its end cannot be told",
    what_if: &'static str = "What if?",
    what_if_why: &'static str = "Try another limit: nothing is changed, only the end of the queue is worked out.",
    of: &'static str = "Of",
    whole_organization: &'static str = "The whole organization",
    limit: &'static str = "Limit",
    value: &'static str = "Value",
    value_hint: &'static str = "Messages, seconds, or hours such as 09:00-17:00 mon-fri; 0 for none",
    ask: &'static str = "Work it out",
    what_if_waiting: Plural = Plural { one: "{n} message", other: "{n} messages" },
    now_waiting: &'static str = "Waiting",
    ends_now: &'static str = "Ends as things are",
    would_end: &'static str = "Would end",
    end_unknown: &'static str = "never, as nothing can leave",
    stay: &'static str = "Cannot leave",
    stay_both: &'static str = "{now} as things are, {then} then",
    sooner: &'static str = "{time} sooner",
    later: &'static str = "{time} later",
    same: &'static str = "no difference",
    hourly: &'static str = "Messages in 60 minutes",
    daily: &'static str = "Messages a day",
    organization_daily: &'static str = "Messages a day of the organization",
    delay_min: &'static str = "Least random delay (seconds)",
    delay_max: &'static str = "Greatest random delay (seconds)",
    pause_after: &'static str = "Messages before a pause",
    pause: &'static str = "Length of a pause (seconds)",
    window: &'static str = "Sending window",
    warm_up_limit: &'static str = "Warm-up (1 on, 0 off)",
    balancer: &'static str = "Balancer",
    balancer_why: &'static str = "A message that names no session goes to the one with the lowest score that may send just now.",
    balancer_formula: &'static str = "score = today × 1.0 × factor + fail rate × 30 + cooldown",
    balancer_parts: &'static str = "The factor falls from 1.5 for a new number to 0.3 at 90 days; the fail rate is that of the last 100 tries; the cooldown is what is left of a pause, in minutes. With equal scores the older number goes first.",
    no_sessions: &'static str = "No sessions yet",
    no_sessions_why: &'static str = "The balancer chooses between sessions. Add one first.",
    to_sessions: &'static str = "See the sessions",
    session: &'static str = "Session",
    score: &'static str = "Score",
    status: &'static str = "Status",
    age: &'static str = "Age",
    seniority: &'static str = "Factor",
    today: &'static str = "Today",
    total: &'static str = "Ever",
    failure_rate: &'static str = "Fail rate",
    in_row_failed: &'static str = "Failed in a row",
    cooldown: &'static str = "Cooldown",
    last_sent: &'static str = "Last sent",
    days: &'static str = "{n} days",
    skipped: &'static str = "Skipped",
    goes_first: &'static str = "Goes first",
    tie: &'static str = "Equal scores: the older number goes first",
}

pub fn text() -> &'static Text {
    match locale() {
        Locale::En => &EN,
    }
}

/// A limit's name, for those that decide when a queue ends.
pub fn limit_word(limit: Limit) -> &'static str {
    let t = text();
    match limit {
        Limit::Hourly => t.hourly,
        Limit::Daily => t.daily,
        Limit::OrganizationDaily => t.organization_daily,
        Limit::DelayMin => t.delay_min,
        Limit::DelayMax => t.delay_max,
        Limit::PauseAfter => t.pause_after,
        Limit::Pause => t.pause,
        Limit::Window => t.window,
        Limit::WarmUp => t.warm_up_limit,
        other => other.name(),
    }
}
