//! The rules as the ledger reads them: plain arithmetic, none of the planner's.

use jiff::{Timestamp as Instant, Zoned, civil::Date, tz::TimeZone};
use types::{
    Timestamp,
    pacing::{Limit, Limits, Window},
};

#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// The least delay before a single or bulk message.
    pub delay: i64,
    pub paces: bool,
    pub hourly: Option<i64>,
    pub daily: Option<i64>,
    pub organization: Option<i64>,
    pub window: Option<Window>,
    pub gap: i64,
    pub pause: Option<(i64, i64)>,
    pub warm_up: bool,
    pub cold: Option<i64>,
    pub repeated: Option<(i64, i64)>,
}

impl Rules {
    /// The value that was set closest to the message; 0 is none.
    pub fn read(levels: [&Limits; 3]) -> Self {
        let [platform, organization, session] = levels;
        let value = |limit| {
            let set = session
                .get(limit)
                .or(organization.get(limit))
                .or(platform.get(limit));
            set.filter(|value| *value != 0)
        };
        let both = |a, b| Some((value(a)?, value(b)?));
        let daily = organization
            .get(Limit::OrganizationDaily)
            .or(platform.get(Limit::OrganizationDaily));
        Self {
            delay: value(Limit::DelayMin).unwrap_or(0),
            paces: value(Limit::DelayMax).is_some(),
            hourly: value(Limit::Hourly),
            daily: value(Limit::Daily),
            organization: daily.filter(|value| *value != 0),
            window: value(Limit::Window).and_then(Window::decode),
            gap: value(Limit::RecipientGap).unwrap_or(0),
            pause: both(Limit::PauseAfter, Limit::Pause),
            warm_up: value(Limit::WarmUp) == Some(1),
            cold: value(Limit::ColdDaily),
            repeated: both(Limit::RepeatedAfter, Limit::RepeatedPause),
        }
    }

    /// Messages of that day of a session: its limit, and 60 rising to 200 in the first 30 days.
    pub fn day(&self, linked: Option<Date>, today: Date) -> i64 {
        let limit = self.daily.unwrap_or(i64::MAX);
        let Some(linked) = linked.filter(|_| self.warm_up) else {
            return limit;
        };
        let days = linked.until(today).map_or(0, |span| i64::from(span.get_days()));
        match days {
            0..30 => limit.min(60 + 140 * days / 29),
            _ => limit,
        }
    }
}

pub fn shown(zone: &TimeZone, at: Timestamp) -> Zoned {
    Instant::from_millisecond(at.0)
        .unwrap_or(Instant::UNIX_EPOCH)
        .to_zoned(zone.clone())
}

/// Whether the clock on the wall reads a time within the window.
pub fn inside(window: Window, wall: &Zoned) -> bool {
    let minute = wall.hour() as u16 * 60 + wall.minute() as u16;
    let today = wall.weekday().to_monday_zero_offset() as u8;
    let yesterday = (today + 6) % 7;
    if window.start < window.end {
        return window.has_day(today) && (window.start..window.end).contains(&minute);
    }
    (window.has_day(today) && minute >= window.start) || (window.has_day(yesterday) && minute < window.end)
}
