//! The numbers of the dashboard, and what happened last.

use crate::{
    AlertId, SessionId, Timestamp,
    alerts::{AlertAction, Severity},
    batches::Batch,
    chats::Chat,
    sessions::SessionState,
};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dashboard {
    /// What is wrong now, worst first; empty when all is well.
    pub problems: Vec<Problem>,
    pub period: Period,
    pub numbers: Numbers,
    /// Oldest first.
    pub days: Vec<DayCount>,
    pub by_session: Vec<SessionCount>,
    /// Which first steps are done.
    pub checklist: Checklist,
    pub as_of: Timestamp,
}

/// How a period was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum PeriodName {
    #[serde(rename = "today")]
    Today,
    #[serde(rename = "7d")]
    Week,
    #[serde(rename = "30d")]
    Month,
    /// From one day to another.
    #[serde(rename = "custom")]
    Custom,
}

impl PeriodName {
    pub const ALL: &'static [Self] = &[Self::Today, Self::Week, Self::Month, Self::Custom];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Today => "today",
            Self::Week => "7d",
            Self::Month => "30d",
            Self::Custom => "custom",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.name() == name)
    }
}

/// Whole days of the organization's time zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Period {
    pub name: PeriodName,
    /// The first day, `YYYY-MM-DD`.
    pub from: String,
    /// The last day; it is part of the period.
    pub until: String,
    /// How many days these are.
    pub days: i64,
}

/// Kept numbers. Deliveries and reads count on the day on which their message was sent, so that no
/// share of a period passes 100 %.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Numbers {
    /// How many sessions there are now.
    pub sessions: i64,
    /// How many of them are connected now.
    pub connected: i64,
    /// Sent in the period.
    pub sent: i64,
    /// Sent in the equally long period before it; `None` when nothing was.
    pub sent_before: Option<i64>,
    /// How many of those sent in the period were delivered.
    pub delivered: i64,
    /// How many of those sent in the period were read.
    pub read: i64,
    /// Failed for good in the period.
    pub failed: i64,
    /// Written to us in the period.
    pub received: i64,
    /// Sent since the organization began.
    pub sent_ever: i64,
    /// Waiting now.
    pub in_queue: i64,
}

/// A day of the chart, or a week where there are too many days for one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DayCount {
    /// `YYYY-MM-DD` in the organization's time zone.
    pub day: String,
    /// The last day that is counted here: the same one, or the last of a week.
    pub until: String,
    pub sent: i64,
    pub received: i64,
    pub failed: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionCount {
    /// `None`: what sessions sent that are deleted now, and what failed before one was chosen.
    pub session: Option<SessionId>,
    pub name: Option<String>,
    pub sent: i64,
    pub delivered: i64,
    pub read: i64,
    pub failed: i64,
    pub received: i64,
}

/// How many people wrote back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Engagement {
    /// Chats that were written to in the period.
    pub written: i64,
    /// How many of them the other side wrote in, in the same period.
    pub replied: i64,
    /// There were too many chats, and only this many of the newest were looked at.
    pub newest_only: Option<i64>,
    pub as_of: Timestamp,
}

/// One thing that a person should look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Problem {
    SessionDown {
        session: SessionId,
        name: String,
        state: SessionState,
        reason: Option<String>,
    },
    /// Entries are uncertain: on the wire when the line broke.
    Uncertain { count: i64 },
    /// Failed for good today, where no alert tells of it.
    Failed {
        count: i64,
        /// Today in the organization's time zone.
        day: String,
    },
    /// Messages wait and no session can send them.
    NobodySends { waiting: i64 },
    /// An open alert that nothing above tells of.
    Alert {
        id: AlertId,
        severity: Severity,
        happened: String,
        action: AlertAction,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checklist {
    pub session_connected: bool,
    pub key_used: bool,
    pub first_message_sent: bool,
}

/// Something that happened lately.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recent {
    pub at: Timestamp,
    pub what: Happening,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Happening {
    /// Somebody wrote, or was written to.
    Chat(Box<Chat>),
    /// A list was handed over to be sent, or has come further.
    Batch(Box<Batch>),
    Session {
        session: SessionId,
        name: String,
        state: SessionState,
        reason: Option<String>,
    },
    Alert {
        severity: Severity,
        happened: String,
        action: AlertAction,
        /// It is not over yet.
        stands: bool,
    },
}
