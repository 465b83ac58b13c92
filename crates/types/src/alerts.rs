//! Alerts: what a person should know of without having looked.

use crate::{AlertId, SessionId, Timestamp};
use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum $name {
            $($(#[$of])* #[serde(rename = $word)] $variant,)*
        }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.name() == name)
            }
        }
    };
}

words! {
    /// How soon somebody should look.
    Severity {
        /// Good to know.
        Info = "info",
        /// Becomes a problem if nobody looks.
        Warning = "warning",
        /// Messages do not leave because of it.
        Critical = "critical",
    }
}

words! {
    AlertStatus {
        Open = "open",
        /// Somebody has seen it and looks after it; the cause is still there.
        Acknowledged = "acknowledged",
        /// Over. When the same happens again it is a new alert.
        Resolved = "resolved",
    }
}

words! {
    /// What an alert is about.
    AlertKind {
        /// Not connected for over a minute, though it should be.
        SessionDown = "session_down",
        /// The phone ended the link.
        SessionLoggedOut = "session_logged_out",
        /// WhatsApp lets the number send nothing, or less.
        SessionRestricted = "session_restricted",
        /// Many messages in a row failed, or a high share of the last ones.
        Failures = "failures",
        /// A limit is used up to 80 % or more.
        LimitNear = "limit_near",
        LimitReached = "limit_reached",
        /// The same text went to many people.
        RepeatedText = "repeated_text",
        /// The day's messages to people who never wrote to us are used up.
        ColdQuota = "cold_quota",
        /// Something is due and does not leave although the session is connected.
        StalledQueue = "stalled_queue",
    }
}

impl AlertKind {
    /// How soon somebody should look, unless whoever raises it says otherwise.
    pub const fn severity(self) -> Severity {
        match self {
            Self::SessionDown | Self::SessionLoggedOut | Self::SessionRestricted | Self::StalledQueue => {
                Severity::Critical
            }
            Self::Failures | Self::LimitReached | Self::RepeatedText => Severity::Warning,
            Self::LimitNear | Self::ColdQuota => Severity::Info,
        }
    }
}

words! {
    /// What one does about an alert.
    AlertVerb {
        LinkAgain = "link_again",
        SeeSession = "see_session",
        SeeFailed = "see_failed",
        SeeQueue = "see_queue",
        RaiseLimit = "raise_limit",
    }
}

/// The place where something can be done about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AlertAction {
    pub verb: AlertVerb,
    /// A page of this server, without its host.
    pub href: String,
}

/// Sentences for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AlertDetails {
    pub happened: String,
    pub means: String,
    pub advice: String,
}

words! {
    Resolution {
        /// The cause ended.
        ByItself = "by_itself",
        ByHand = "by_hand",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Alert {
    pub id: AlertId,
    pub severity: Severity,
    #[serde(rename = "type")]
    pub kind: AlertKind,
    pub session: Option<SessionId>,
    pub session_name: Option<String>,
    pub details: AlertDetails,
    pub action: AlertAction,
    pub status: AlertStatus,
    pub raised_at: Timestamp,
    pub last_seen_at: Timestamp,
    /// How often it happened since it was raised.
    pub times_seen: i64,
    pub acknowledged_at: Option<Timestamp>,
    /// A person's name, or an API key's.
    pub acknowledged_by: Option<String>,
    pub resolved_at: Option<Timestamp>,
    /// `None` when it ended by itself.
    pub resolved_by: Option<String>,
    pub resolved_how: Option<Resolution>,
    /// How the cause ended, in words, where it ended by itself.
    pub resolution: Option<String>,
}

/// Which alerts; everything that is `None` lets all through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AlertFilter {
    #[serde(default)]
    pub status: Option<AlertStatus>,
    #[serde(default)]
    pub severity: Option<Severity>,
    #[serde(default, rename = "type")]
    pub kind: Option<AlertKind>,
    #[serde(default)]
    pub session: Option<SessionId>,
}

/// How many alerts stand open, and how many somebody looks after. Kept, not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertCounts {
    pub info: i64,
    pub warning: i64,
    pub critical: i64,
    pub acknowledged: i64,
}

impl AlertCounts {
    pub const fn open(self) -> i64 {
        self.info + self.warning + self.critical
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip() {
        for kind in AlertKind::ALL {
            assert_eq!(AlertKind::from_name(kind.name()), Some(*kind));
            let json = serde_json::to_string(kind).unwrap();
            assert_eq!(json, format!("\"{}\"", kind.name()));
        }
        assert!(Severity::Critical > Severity::Warning && Severity::Warning > Severity::Info);
    }
}
