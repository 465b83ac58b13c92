//! The hours of the week in which messages are sent.

use std::{fmt, str::FromStr};

/// From `start` to `end` on those days, on the wall clock of the organization. One that ends
/// before it starts runs past midnight and belongs to the day it starts on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Window {
    /// Minutes after midnight, 0 to 1,439.
    pub start: u16,
    /// Minutes after midnight, 1 to 1,440; not equal to `start`.
    pub end: u16,
    /// Bit 0 is Monday.
    pub days: u8,
}

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const EVERY_DAY: u8 = 0x7f;

impl Window {
    /// As one number, for tables of limits. Never 0.
    pub const fn encode(self) -> i64 {
        (self.days as i64) << 22 | (self.start as i64) << 11 | self.end as i64
    }

    /// Reads [`Window::encode`]; `None` for what is no window.
    pub fn decode(code: i64) -> Option<Self> {
        let window = Self {
            start: u16::try_from(code >> 11 & 0x7ff).ok()?,
            end: u16::try_from(code & 0x7ff).ok()?,
            days: u8::try_from(code >> 22).ok()?,
        };
        window.opens().then_some(window)
    }

    const fn opens(self) -> bool {
        self.start < 1_440
            && self.end >= 1
            && self.end <= 1_440
            && self.start != self.end
            && self.days > 0
            && self.days <= EVERY_DAY
    }

    /// Monday is 0.
    pub const fn has_day(self, weekday: u8) -> bool {
        self.days >> weekday & 1 == 1
    }

    /// All day, every day.
    pub const fn is_always(self) -> bool {
        self.start == 0 && self.end == 1_440 && self.days == EVERY_DAY
    }
}

impl fmt::Display for Window {
    /// `09:00-17:00` or `09:00-17:00 mon,tue,wed`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let clock = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
        write!(f, "{}-{}", clock(self.start), clock(self.end))?;
        if self.days != EVERY_DAY {
            let days: Vec<&str> = (0..7)
                .filter(|day| self.has_day(*day))
                .map(|day| DAYS[usize::from(day)])
                .collect();
            write!(f, " {}", days.join(","))?;
        }
        Ok(())
    }
}

/// Why a text is no window, with the remedy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadWindow {
    Shape,
    Time,
    Empty,
    Day,
}

impl fmt::Display for BadWindow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Shape => "Write a window as 09:00-17:00, or 09:00-17:00 mon,tue,wed,thu,fri",
            Self::Time => "Write times from 00:00 to 24:00, such as 09:00-17:30",
            Self::Empty => {
                "A window that ends when it starts never opens. Write 00:00-24:00 for the whole day, or 0 for no window."
            }
            Self::Day => "Write days as mon, tue, wed, thu, fri, sat, sun, or a span such as mon-fri",
        })
    }
}

impl FromStr for Window {
    type Err = BadWindow;

    fn from_str(text: &str) -> Result<Self, BadWindow> {
        let text = text.trim().to_ascii_lowercase();
        let (times, days) = text
            .split_once(char::is_whitespace)
            .map_or((text.as_str(), ""), |(times, days)| (times, days.trim()));
        let (start, end) = times.split_once('-').ok_or(BadWindow::Shape)?;
        let (start, end) = (clock(start)?, clock(end)?);
        // Midnight at the end is the end of the day.
        let end = if end == 0 { 1_440 } else { end };
        if start == end || start == 1_440 {
            return Err(BadWindow::Empty);
        }
        let days = if days.is_empty() {
            EVERY_DAY
        } else {
            read_days(days)?
        };
        Ok(Self { start, end, days })
    }
}

fn clock(text: &str) -> Result<u16, BadWindow> {
    let (hours, minutes) = text.trim().split_once(':').ok_or(BadWindow::Shape)?;
    let number = |text: &str| {
        let short = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<u16>().ok().filter(|_| short).ok_or(BadWindow::Time)
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    let all = hours * 60 + minutes;
    if minutes > 59 || all > 1_440 {
        return Err(BadWindow::Time);
    }
    Ok(all)
}

fn read_days(text: &str) -> Result<u8, BadWindow> {
    let day = |name: &str| {
        DAYS.iter()
            .position(|day| *day == name.trim())
            .ok_or(BadWindow::Day)
    };
    let mut days = 0;
    for part in text.split([',', ' ']).filter(|part| !part.is_empty()) {
        if let Some((first, last)) = part.split_once('-') {
            let (mut at, last) = (day(first)?, day(last)?);
            loop {
                days |= 1 << at;
                if at == last {
                    break;
                }
                at = (at + 1) % 7;
            }
        } else {
            days |= 1 << day(part)?;
        }
    }
    if days == 0 { Err(BadWindow::Day) } else { Ok(days) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: Result<&str, BadWindow>) {
        let got = text.parse::<Window>();
        assert_eq!(got.map(|w| w.to_string()), expect.map(str::to_owned), "{text}");
        if let Ok(window) = got {
            assert_eq!(Window::decode(window.encode()), Some(window), "{text}");
            assert_eq!(window.to_string().parse(), Ok(window), "{text}");
        }
    }

    #[test]
    fn windows() {
        check("09:00-17:00", Ok("09:00-17:00"));
        check(" 9:00-17:30 MON-FRI ", Ok("09:00-17:30 mon,tue,wed,thu,fri"));
        check("22:00-06:00 fri-mon", Ok("22:00-06:00 mon,fri,sat,sun"));
        check("00:00-24:00", Ok("00:00-24:00"));
        check("18:00-00:00", Ok("18:00-24:00"));
        check("09:00-09:00", Err(BadWindow::Empty));
        check("24:00-24:00", Err(BadWindow::Empty));
        check("09:00", Err(BadWindow::Shape));
        check("25:00-26:00", Err(BadWindow::Time));
        check("09:60-10:00", Err(BadWindow::Time));
        check("09:00-10:00 someday", Err(BadWindow::Day));
        check("09:00-10:00 ,", Err(BadWindow::Day));
    }

    #[test]
    fn what_never_opens_is_no_window() {
        let never = Window {
            start: 600,
            end: 600,
            days: 1,
        };
        let late = Window {
            start: 1_500,
            end: 600,
            days: 1,
        };
        for code in [-1, 0, 1, i64::MAX, never.encode(), late.encode()] {
            assert_eq!(Window::decode(code), None, "{code}");
        }
    }
}
