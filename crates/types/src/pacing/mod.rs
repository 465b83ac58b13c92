//! Why a message leaves when it does, and what may be set about it, in a form that pages and API
//! show.

mod limits;
mod window;

pub use limits::{BadLimit, Limit, LimitValue, Limits, Unit};
pub use window::{BadWindow, Window};

use crate::{MessageId, SessionId, Timestamp, sessions::SessionState};
use serde::{Deserialize, Serialize};

/// What can hold a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum GateKind {
    /// The session that sends it must be connected.
    Session,
    /// The organization must not be suspended.
    Suspended,
    /// The recipient must be on the organization's allow-list.
    AllowList,
    /// The recipient must not have opted out.
    OptOut,
    /// Its attachment must be fetched first.
    Media,
    /// It was refused and waits before the next try.
    Retry,
    /// An earlier message to the same recipient goes first.
    Order,
    /// WhatsApp itself asked the session to wait.
    Restriction,
    /// Messages before it in the queue go first.
    Turn,
    /// The pause after many messages in a row.
    Pause,
    /// The hours in which messages are sent.
    Window,
    /// The session's limit of the last 60 minutes.
    HourlyLimit,
    /// The session's limit of the day, or that of its warm-up.
    DailyLimit,
    /// The organization's limit of the day.
    OrganizationLimit,
    /// The day's limit of messages to people who never wrote to us.
    ColdLimit,
    /// The gap between two messages to the same recipient.
    RecipientGap,
    /// The same text went to many people within an hour.
    RepeatedText,
    /// The random delay after the message before it in the same session's lane.
    Delay,
}

impl GateKind {
    pub const ALL: &'static [Self] = &[
        Self::Session,
        Self::Suspended,
        Self::AllowList,
        Self::OptOut,
        Self::Media,
        Self::Retry,
        Self::Order,
        Self::Restriction,
        Self::Turn,
        Self::Pause,
        Self::Window,
        Self::HourlyLimit,
        Self::DailyLimit,
        Self::OrganizationLimit,
        Self::ColdLimit,
        Self::RecipientGap,
        Self::RepeatedText,
        Self::Delay,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Suspended => "suspended",
            Self::AllowList => "allow_list",
            Self::OptOut => "opt_out",
            Self::Media => "media",
            Self::Retry => "retry",
            Self::Order => "order",
            Self::Restriction => "restriction",
            Self::Turn => "turn",
            Self::Pause => "pause",
            Self::Window => "window",
            Self::HourlyLimit => "hourly_limit",
            Self::DailyLimit => "daily_limit",
            Self::OrganizationLimit => "organization_limit",
            Self::ColdLimit => "cold_limit",
            Self::RecipientGap => "recipient_gap",
            Self::RepeatedText => "repeated_text",
            Self::Delay => "delay",
        }
    }

    /// Whether a person may let a message pass it ("send now"). What WhatsApp, the recipient or
    /// the order of a conversation asks for is never passed.
    pub const fn is_pacing(self) -> bool {
        matches!(
            self,
            Self::Turn
                | Self::Pause
                | Self::Window
                | Self::HourlyLimit
                | Self::DailyLimit
                | Self::OrganizationLimit
                | Self::ColdLimit
                | Self::RecipientGap
                | Self::RepeatedText
                | Self::Delay
        )
    }
}

/// One gate and when it opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Gate {
    pub gate: GateKind,
    /// Open at the moment of the explanation.
    pub open: bool,
    /// Never later than the message can leave: with unchanged settings it does not leave before.
    /// `None` while that cannot be said (a session that is not connected, messages that go first).
    pub opens_at: Option<Timestamp>,
    /// A sentence.
    pub why: String,
}

/// How a session stands in the balancer's eyes: every input, and the result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Balance {
    pub session: SessionId,
    pub name: String,
    pub number: Option<String>,
    pub state: SessionState,
    /// Days since it was first linked.
    pub age_days: f64,
    /// 1.5 for a new number, falling in a line to 0.3 at 90 days.
    pub seniority: f64,
    pub today_sent: i64,
    pub total_sent: i64,
    /// Failed ÷ attempted of the last 100, 0 to 1.
    pub failure_rate: f64,
    pub consecutive_failures: i64,
    /// Minutes left of a pause.
    pub cooldown_minutes: f64,
    pub last_sent_at: Option<Timestamp>,
    /// `today_sent × 1.0 × seniority + failure_rate × 30 + cooldown_minutes`; the lowest goes first.
    pub score: f64,
    /// It may be chosen now; else the reason in words.
    pub skipped: Option<String>,
}

/// A session's lane: what it may send now, and what it has used of its limits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LaneStatus {
    pub session: SessionId,
    pub name: String,
    pub number: Option<String>,
    pub state: SessionState,
    /// Why it is in that state.
    pub reason: Option<String>,
    /// Waiting in this lane.
    pub waiting: i64,
    /// The message that leaves next, if one is due to.
    pub next: Option<MessageId>,
    /// When it leaves, as far as can be said.
    pub next_at: Option<Timestamp>,
    /// When the last waiting message of this lane leaves, by expectation.
    pub ends_at: Option<Timestamp>,
    pub last_left_at: Option<Timestamp>,
    pub used_hour: i64,
    /// `None`: no limit.
    pub hourly_limit: Option<i64>,
    pub used_today: i64,
    pub daily_limit: Option<i64>,
    /// The day of its warm-up, 1 to 30.
    pub warm_up_day: Option<i64>,
    pub cold_today: i64,
    pub cold_limit: Option<i64>,
    pub in_row: i64,
    pub pause_after: Option<i64>,
    /// What holds the whole lane now, the last to open first.
    pub held: Vec<Gate>,
}
