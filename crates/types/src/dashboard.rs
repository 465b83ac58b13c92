//! The first numbers of the dashboard.

use crate::{
    AlertId, SessionId, Timestamp,
    alerts::{AlertAction, Severity},
    sessions::SessionState,
};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dashboard {
    /// What is wrong now, worst first; empty when all is well.
    pub problems: Vec<Problem>,
    pub sessions: i64,
    pub connected: i64,
    /// Since midnight in the organization's time zone.
    pub sent_today: i64,
    pub delivered_today: i64,
    pub read_today: i64,
    pub failed_today: i64,
    pub sent_ever: i64,
    pub in_queue: i64,
    /// The last seven days, oldest first, today last.
    pub days: Vec<DayCount>,
    pub by_session: Vec<SessionCount>,
    /// Which first steps are done.
    pub checklist: Checklist,
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

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayCount {
    /// `YYYY-MM-DD` in the organization's time zone.
    pub day: String,
    pub sent: i64,
    pub failed: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionCount {
    pub session: SessionId,
    pub name: String,
    pub sent: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checklist {
    pub session_connected: bool,
    pub key_used: bool,
    pub first_message_sent: bool,
}
