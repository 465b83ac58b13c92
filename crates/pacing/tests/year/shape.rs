//! What an organization is like: where it is, what it set, how much it sends.

use super::chance::Chance;
use jiff::tz::TimeZone;
use types::pacing::{Limit, Limits, Window};

pub const MINUTE: i64 = 60_000;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;
pub const YEAR: i64 = 365 * DAY;

const ZONES: [&str; 14] = [
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Asia/Jakarta",
    "UTC",
    "America/Santiago",
    "America/Havana",
    "Africa/Cairo",
    "Atlantic/Azores",
    "Asia/Kathmandu",
    "Pacific/Kiritimati",
    "Europe/London",
    "America/St_Johns",
];

#[derive(Debug)]
pub struct Shape {
    pub zone: TimeZone,
    /// Messages that it accepts in the year, about.
    pub messages: i64,
    pub recipients: usize,
    pub limits: Limits,
    pub sessions: usize,
}

pub fn zone(chance: &mut Chance) -> TimeZone {
    TimeZone::get(chance.pick(&ZONES)).expect("a bundled time zone")
}

impl Shape {
    pub fn draw(chance: &mut Chance) -> Self {
        let messages = match chance.below(100) {
            0..45 => chance.range(800, 3_500),
            45..82 => chance.range(3_500, 8_500),
            _ => chance.range(8_500, 25_000),
        };
        let mut limits = Limits::default();
        for limit in Limit::ALL {
            if chance.percent(60) {
                draw(&mut limits, *limit, messages, chance);
            }
        }
        if chance.percent(15) {
            // New numbers, which nothing but their warm-up slows down.
            limits.set(Limit::WarmUp, Some(1));
            for limit in [
                Limit::Hourly,
                Limit::Daily,
                Limit::OrganizationDaily,
                Limit::ColdDaily,
                Limit::Window,
            ] {
                limits.set(limit, Some(0));
            }
        }
        Self {
            zone: zone(chance),
            messages,
            recipients: chance.range(40, 60 + messages / 6) as usize,
            limits,
            sessions: chance.range(1, 4) as usize,
        }
    }
}

/// A value that somebody might set: none, loose, or so tight that it holds often.
pub fn draw(limits: &mut Limits, limit: Limit, messages: i64, chance: &mut Chance) {
    let daily = messages / 365 + 1;
    let value = match limit {
        Limit::DelayMin | Limit::DelayMax => {
            // Both at once: a level with one of them alone means less than it seems.
            let both = [
                (0, 0),
                (1_000, 3_000),
                (5_000, 20_000),
                (2_000, 2_000),
                (20_000, 60_000),
            ];
            let (min, max) = chance.pick(&both);
            limits.set(Limit::DelayMin, Some(min));
            limits.set(Limit::DelayMax, Some(max));
            return;
        }
        Limit::Hourly => chance.pick(&[0, 12, 30, 100, daily.max(8)]),
        Limit::Daily => chance.pick(&[0, daily * 2 + 5, daily * 4 + 20, 1_000]),
        Limit::OrganizationDaily => chance.pick(&[0, 0, daily * 2 + 8, daily * 5 + 10]),
        Limit::Window => window(chance),
        Limit::RecipientGap => chance.pick(&[0, 10 * MINUTE, HOUR, 6 * HOUR]),
        Limit::PauseAfter => chance.pick(&[0, 3, 8, 20]),
        Limit::Pause => chance.pick(&[0, MINUTE, 5 * MINUTE, HOUR]),
        Limit::WarmUp | Limit::ReadBeforeReply => chance.range(0, 1),
        Limit::ColdDaily => chance.pick(&[0, 0, daily + 3, daily * 3 + 5]),
        Limit::Typing => chance.pick(&[0, 20, 50, 200]),
        Limit::TypingMax => chance.pick(&[0, 8_000, 30_000]),
        Limit::RepeatedAfter => chance.pick(&[0, 3, 10, 50]),
        Limit::RepeatedPause => chance.pick(&[0, 30_000, 10 * MINUTE, HOUR]),
    };
    limits.set(limit, Some(value));
}

/// None, office hours, a night past midnight, or one that a change of the clocks moves.
fn window(chance: &mut Chance) -> i64 {
    let any = |chance: &mut Chance| chance.range(0, 1_439) as u16;
    let (start, end) = match chance.below(6) {
        0 | 1 => return 0,
        2 => (540, 1_020),
        3 => (1_320, 360),
        4 => {
            let start = chance.range(0, 230) as u16;
            (start, start + chance.range(20, 180) as u16)
        }
        _ => (any(chance), any(chance).max(1)),
    };
    let days = if chance.percent(50) {
        0x7f
    } else {
        chance.range(1, 127) as u8
    };
    let window = Window { start, end, days };
    Window::decode(window.encode()).map_or(0, Window::encode)
}
