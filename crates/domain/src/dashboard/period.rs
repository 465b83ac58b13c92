//! Which days a person asks for: whole days of the organization's zone, whatever their hours.

use jiff::{Span as Days, civil::Date};
use types::{
    AppError, FieldError,
    dashboard::{Period, PeriodName},
};

/// A year, also a leap one: nobody reads more in one look.
const LONGEST: i32 = 366;
/// More days than these are told by the week.
const BY_DAY: i32 = 62;
/// What the chart shows where the period alone would be one bar.
const LEAST: i32 = 7;

/// As it was asked for; blank is the last seven days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// `today`, `7d` or `30d`.
    pub period: Option<String>,
    pub from: Option<String>,
    pub until: Option<String>,
}

impl Asked {
    pub fn named(period: PeriodName) -> Self {
        Self {
            period: Some(period.name().into()),
            ..Self::default()
        }
    }
}

/// The days, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub name: PeriodName,
    pub from: Date,
    pub until: Date,
    pub today: Date,
}

impl Span {
    pub fn read(asked: &Asked, today: Date) -> Result<Self, AppError> {
        let given = |text: &Option<String>| {
            text.as_deref()
                .map(str::trim)
                .filter(|t| !t.is_empty())
                .map(String::from)
        };
        let (name, from, until) = (given(&asked.period), given(&asked.from), given(&asked.until));
        let named = match name.as_deref() {
            None => None,
            Some(name) => Some(PeriodName::from_name(name).ok_or_else(|| {
                AppError::field(
                    "period",
                    "Write today, 7d or 30d, or name the days with from and until",
                )
            })?),
        };
        match named {
            None | Some(PeriodName::Custom) if from.is_some() || until.is_some() => {
                Self::custom(from.as_deref(), until.as_deref(), today)
            }
            Some(PeriodName::Custom) => Self::custom(None, None, today),
            _ if from.is_some() || until.is_some() => Err(AppError::field(
                "period",
                "Write either a period or the days from and until, not both",
            )),
            Some(PeriodName::Today) => Ok(Self::back(PeriodName::Today, 1, today)),
            Some(PeriodName::Month) => Ok(Self::back(PeriodName::Month, 30, today)),
            Some(PeriodName::Week) | None => Ok(Self::back(PeriodName::Week, 7, today)),
        }
    }

    /// So many days, the last of which is today.
    fn back(name: PeriodName, days: i32, today: Date) -> Self {
        Self {
            name,
            from: before(today, days - 1),
            until: today,
            today,
        }
    }

    fn custom(from: Option<&str>, until: Option<&str>, today: Date) -> Result<Self, AppError> {
        let mut bad = Vec::new();
        let mut day = |field: &str, text: Option<&str>, missing: &str| match text {
            None if missing.is_empty() => Some(today),
            None => {
                bad.push(wrong(field, missing.into()));
                None
            }
            Some(text) => match read(text) {
                None => {
                    let why = "There is no such day. Write it as YYYY-MM-DD, for example 2026-11-20";
                    bad.push(wrong(field, why.into()));
                    None
                }
                Some(day) if day > today => {
                    bad.push(wrong(
                        field,
                        format!("This day has not come yet. The last one is today, {today}"),
                    ));
                    None
                }
                Some(day) => Some(day),
            },
        };
        let from = day("from", from, "Write the first day, as YYYY-MM-DD");
        let until = day("until", until, "");
        let (Some(from), Some(until), true) = (from, until, bad.is_empty()) else {
            return Err(AppError::Invalid { fields: bad });
        };
        let span = Self {
            name: PeriodName::Custom,
            from,
            until,
            today,
        };
        if until < from {
            return Err(AppError::field(
                "until",
                "The last day is before the first one. Choose a later last day, or an earlier first one",
            ));
        }
        if span.days() > LONGEST {
            let first = before(until, LONGEST - 1);
            let why = format!("At most {LONGEST} days can be shown at once. Begin on {first} or later");
            return Err(AppError::field("from", why));
        }
        Ok(span)
    }

    pub fn days(&self) -> i32 {
        between(self.from, self.until) + 1
    }

    /// The equally long period just before.
    pub fn earlier(&self) -> (Date, Date) {
        (before(self.from, self.days()), before(self.from, 1))
    }

    pub fn ends_today(&self) -> bool {
        self.until == self.today
    }

    /// The days of the chart: each by itself, or by weeks that begin on Monday.
    pub fn charted(&self) -> Vec<(Date, Date)> {
        let first = if self.name == PeriodName::Today {
            before(self.until, LEAST - 1)
        } else {
            self.from
        };
        let by_week = between(first, self.until) >= BY_DAY;
        let mut all = Vec::new();
        let mut day = first;
        while day <= self.until {
            let left = if by_week {
                6 - i32::from(day.weekday().to_monday_zero_offset())
            } else {
                0
            };
            let last = after(day, left).min(self.until);
            all.push((day, last));
            let next = after(last, 1);
            if next == last {
                break;
            }
            day = next;
        }
        all
    }

    pub fn told(&self) -> Period {
        Period {
            name: self.name,
            from: self.from.to_string(),
            until: self.until.to_string(),
            days: i64::from(self.days()),
        }
    }
}

fn wrong(field: &str, message: String) -> FieldError {
    FieldError {
        field: field.into(),
        code: "VALIDATION_ERROR".into(),
        message,
    }
}

/// Only `YYYY-MM-DD`: the library would read other spellings too.
fn read(text: &str) -> Option<Date> {
    let shape = text.len() == 10
        && text.bytes().enumerate().all(|(place, byte)| match place {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    text.parse().ok().filter(|_| shape)
}

/// At the ends of the calendar the days stop there.
fn before(day: Date, days: i32) -> Date {
    day.checked_sub(Days::new().days(days)).unwrap_or(Date::MIN)
}

fn after(day: Date, days: i32) -> Date {
    day.checked_add(Days::new().days(days)).unwrap_or(Date::MAX)
}

fn between(from: Date, until: Date) -> i32 {
    from.until(until).map_or(0, |span| span.get_days())
}
