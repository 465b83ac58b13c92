//! Everything that may be set about sending: names, units, ranges, defaults, and what each does.

use super::window::Window;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt};

/// In what a limit is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    Milliseconds,
    Messages,
    Characters,
    /// 0 or 1.
    Switch,
    /// [`Window`] as text.
    Window,
}

macro_rules! limits {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $unit:ident, $max:expr, $default:expr, $session:literal;)*) => {
        /// One thing that may be set. Blank inherits (session, organization, platform), blank at the
        /// platform is none, and 0 turns it off.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Limit {
            $($(#[$doc])* $variant,)*
        }

        impl Limit {
            /// Every limit, in the order pages show them.
            pub const ALL: &'static [Limit] = &[$(Limit::$variant,)*];

            /// Its name in the API and in tables.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            pub const fn unit(self) -> Unit {
                match self { $(Self::$variant => Unit::$unit,)* }
            }

            /// The greatest value; the least is 0.
            pub const fn max(self) -> i64 {
                match self { $(Self::$variant => $max,)* }
            }

            /// What holds on a platform where nobody set anything.
            pub const fn default(self) -> Option<i64> {
                match self { $(Self::$variant => $default,)* }
            }

            /// Whether a session may have a value of its own.
            pub const fn per_session(self) -> bool {
                match self { $(Self::$variant => $session,)* }
            }
        }
    };
}

const HOUR: i64 = 3_600_000;

limits! {
    /// Least random delay before a message.
    DelayMin = "delay_min_ms", Milliseconds, HOUR, Some(5_000), true;
    /// Greatest random delay before a message.
    DelayMax = "delay_max_ms", Milliseconds, HOUR, Some(20_000), true;
    /// Messages of a session within the last 60 minutes.
    Hourly = "hourly_limit", Messages, 1_000_000, Some(100), true;
    /// Messages of a session within a day of the organization's time zone.
    Daily = "daily_limit", Messages, 10_000_000, Some(1_000), true;
    /// Messages of the whole organization within a day; the rest leaves the next day.
    OrganizationDaily = "organization_daily_limit", Messages, 100_000_000, None, false;
    /// The hours in which messages are sent.
    Window = "window", Window, i64::MAX, None, true;
    /// Least time between two messages to the same recipient.
    RecipientGap = "recipient_gap_ms", Milliseconds, 30 * 24 * HOUR, Some(HOUR), true;
    /// After so many messages in a row a session pauses.
    PauseAfter = "pause_after", Messages, 100_000, Some(20), true;
    /// How long it pauses.
    Pause = "pause_ms", Milliseconds, 24 * HOUR, Some(300_000), true;
    /// A new number begins with 60 messages a day, and may send 200 on its 30th.
    WarmUp = "warm_up", Switch, 1, Some(0), true;
    /// Messages a day to people who never wrote to us.
    ColdDaily = "cold_daily_limit", Messages, 1_000_000, None, true;
    /// How long a person would type at each character.
    Typing = "typing_ms_per_character", Milliseconds, 1_000, Some(50), true;
    /// The longest that typing is shown.
    TypingMax = "typing_max_ms", Milliseconds, 60_000, Some(8_000), true;
    /// Marks the chat as read before a reply leaves.
    ReadBeforeReply = "read_before_reply", Switch, 1, Some(1), true;
    /// When a session sent the same text to so many within an hour, it slows down and an alert says so.
    RepeatedAfter = "repeated_text_after", Messages, 100_000, Some(50), true;
    /// The least time between two more of them.
    RepeatedPause = "repeated_text_pause_ms", Milliseconds, HOUR, Some(30_000), true;
}

impl Limit {
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|limit| limit.name() == name)
    }

    /// Reads a value as callers write it; `None` is blank.
    pub fn read(self, value: &LimitValue) -> Result<Option<i64>, BadLimit> {
        let bad = |why: String| BadLimit { limit: self, why };
        let number = match value {
            LimitValue::Blank => return Ok(None),
            LimitValue::Number(number) => *number,
            LimitValue::Text(text) if text.trim().is_empty() => return Ok(None),
            LimitValue::Text(text) if self.unit() == Unit::Window && text.trim() != "0" => {
                return match text.parse::<Window>() {
                    Ok(window) if window.is_always() => Ok(Some(0)),
                    Ok(window) => Ok(Some(window.encode())),
                    Err(error) => Err(bad(error.to_string())),
                };
            }
            LimitValue::Text(text) => text.trim().parse().map_err(|_| bad(self.remedy()))?,
            LimitValue::Switch(on) if self.unit() == Unit::Switch => i64::from(*on),
            LimitValue::Switch(_) => return Err(bad(self.remedy())),
        };
        let fits = match self.unit() {
            Unit::Window => number == 0,
            _ => (0..=self.max()).contains(&number),
        };
        if fits {
            Ok(Some(number))
        } else {
            Err(bad(self.remedy()))
        }
    }

    /// A stored value as callers read it.
    pub fn write(self, value: Option<i64>) -> LimitValue {
        match (self.unit(), value) {
            (_, None) => LimitValue::Blank,
            (Unit::Window, Some(code)) => match Window::decode(code) {
                Some(window) => LimitValue::Text(window.to_string()),
                None => LimitValue::Number(0),
            },
            (_, Some(number)) => LimitValue::Number(number),
        }
    }

    fn remedy(self) -> String {
        let max = self.max();
        match self.unit() {
            Unit::Milliseconds => {
                format!("Write 0 (off) to {max} milliseconds as a whole number, or leave it empty to inherit")
            }
            Unit::Messages => {
                format!(
                    "Write 0 (no limit) to {max} messages as a whole number, or leave it empty to inherit"
                )
            }
            Unit::Characters => format!("Write 0 to {max} as a whole number, or leave it empty to inherit"),
            Unit::Switch => "Write 1 (on) or 0 (off), or leave it empty to inherit".into(),
            Unit::Window => {
                "Write a window such as 09:00-17:00 mon-fri, 0 for none, or leave it empty to inherit".into()
            }
        }
    }
}

/// A value that a limit does not take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadLimit {
    pub limit: Limit,
    /// A sentence with the remedy.
    pub why: String,
}

impl fmt::Display for BadLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}

/// A limit as callers write and read it: a number, a window as text, or blank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum LimitValue {
    Number(i64),
    Switch(bool),
    Text(String),
    Blank,
}

/// What one level sets. What is not in it is blank.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "BTreeMap<String, LimitValue>", from = "BTreeMap<String, LimitValue>")]
pub struct Limits(BTreeMap<Limit, i64>);

/// Every limit by name, the blank ones as null.
impl From<Limits> for BTreeMap<String, LimitValue> {
    fn from(limits: Limits) -> Self {
        Limit::ALL
            .iter()
            .map(|limit| (limit.name().to_owned(), limit.write(limits.get(*limit))))
            .collect()
    }
}

impl From<BTreeMap<String, LimitValue>> for Limits {
    fn from(named: BTreeMap<String, LimitValue>) -> Self {
        let read = |(name, value): (String, LimitValue)| {
            let limit = Limit::from_name(&name)?;
            Some((limit, limit.read(&value).ok()??))
        };
        Self(named.into_iter().filter_map(read).collect())
    }
}

impl Limits {
    /// The values of a platform where nobody set anything.
    pub fn defaults() -> Self {
        Self(
            Limit::ALL
                .iter()
                .filter_map(|limit| Some((*limit, limit.default()?)))
                .collect(),
        )
    }

    /// Everything off, for tests and for trying things out (`--no-pacing`).
    pub fn off() -> Self {
        Self(Limit::ALL.iter().map(|limit| (*limit, 0)).collect())
    }

    pub fn get(&self, limit: Limit) -> Option<i64> {
        self.0.get(&limit).copied()
    }

    pub fn set(&mut self, limit: Limit, value: Option<i64>) {
        match value {
            Some(value) => self.0.insert(limit, value),
            None => self.0.remove(&limit),
        };
    }

    #[must_use]
    pub fn with(mut self, limit: Limit, value: i64) -> Self {
        self.set(limit, Some(value));
        self
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As a JSON object, for tables.
    pub fn to_json(&self) -> String {
        let named: BTreeMap<&str, i64> = self
            .0
            .iter()
            .map(|(limit, value)| (limit.name(), *value))
            .collect();
        serde_json::to_string(&named).unwrap_or_default()
    }

    /// Reads [`Limits::to_json`]. Names of another version are left out; so is what cannot be read:
    /// the level above holds then.
    pub fn from_json(text: &str) -> Self {
        let named: BTreeMap<String, i64> = serde_json::from_str(text).unwrap_or_default();
        Self(
            named
                .into_iter()
                .filter_map(|(name, value)| Some((Limit::from_name(&name)?, value)))
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(limit: Limit, value: LimitValue, expect: Result<Option<i64>, &str>) {
        match (limit.read(&value), expect) {
            (Ok(got), Ok(expect)) => assert_eq!(got, expect, "{limit:?} {value:?}"),
            (Err(error), Err(words)) => assert!(error.why.contains(words), "{error}"),
            (got, expect) => panic!("{limit:?} {value:?}: {got:?} instead of {expect:?}"),
        }
    }

    #[test]
    fn values() {
        use LimitValue as V;
        check(Limit::Hourly, V::Number(0), Ok(Some(0)));
        check(Limit::Hourly, V::Blank, Ok(None));
        check(Limit::Hourly, V::Text(" 12 ".into()), Ok(Some(12)));
        check(Limit::Hourly, V::Text(String::new()), Ok(None));
        check(
            Limit::Hourly,
            V::Number(-1),
            Err("0 (no limit) to 1000000 messages"),
        );
        check(Limit::Hourly, V::Number(i64::MAX), Err("0 (no limit) to 1000000"));
        check(Limit::Hourly, V::Text("many".into()), Err("whole number"));
        check(Limit::WarmUp, V::Switch(true), Ok(Some(1)));
        check(Limit::WarmUp, V::Number(2), Err("1 (on) or 0 (off)"));
        check(Limit::Window, V::Text("00:00-24:00".into()), Ok(Some(0)));
        check(Limit::Window, V::Text("0".into()), Ok(Some(0)));
        check(Limit::Window, V::Number(7), Err("09:00-17:00"));
        check(Limit::Window, V::Text("10:00-10:00".into()), Err("never opens"));
    }

    #[test]
    fn every_limit_survives_the_table() {
        for limits in [Limits::defaults(), Limits::off(), Limits::default()] {
            assert_eq!(Limits::from_json(&limits.to_json()), limits);
        }
        assert!(Limits::from_json("nonsense").is_empty());
        for limit in Limit::ALL {
            assert_eq!(Limit::from_name(limit.name()), Some(*limit));
            if let Some(value) = limit.default() {
                assert_eq!(limit.read(&limit.write(Some(value))), Ok(Some(value)));
            }
        }
    }

    #[test]
    fn a_window_is_read_as_it_is_written() {
        let code = Limit::Window
            .read(&LimitValue::Text("9:00-17:00 mon-wed".into()))
            .unwrap();
        assert_eq!(
            Limit::Window.write(code),
            LimitValue::Text("09:00-17:00 mon,tue,wed".into())
        );
        assert_eq!(Limit::Window.write(Some(0)), LimitValue::Number(0));
    }
}
