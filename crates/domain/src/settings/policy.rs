//! What the sending engine reads of settings: everything that holds an organization's messages.

use super::allow_list::AllowList;
use pacing::{Calendar, Rules};
use types::{SessionId, pacing::Limits};

/// Read at one moment; the engine reads it again when a setting changes.
#[derive(Clone, Debug)]
pub struct Policy {
    pub calendar: Calendar,
    /// IANA name.
    pub zone: String,
    pub suspended: bool,
    pub allow_list: AllowList,
    pub has_opt_outs: bool,
    pub platform: Limits,
    pub organization: Limits,
    pub sessions: Vec<OfSession>,
}

/// A session's own limits.
#[derive(Clone, Debug)]
pub struct OfSession {
    pub session: SessionId,
    pub limits: Limits,
}

impl Policy {
    /// The rules of one session; of the organization where it is not known.
    pub fn rules(&self, session: Option<SessionId>) -> Rules {
        let none = Limits::default();
        let own = self
            .sessions
            .iter()
            .find(|own| Some(own.session) == session)
            .map_or(&none, |own| &own.limits);
        Rules::resolve(&self.platform, &self.organization, own)
    }

    /// Whether the other one holds other messages by what is no rule of a lane: then what was set
    /// aside under this one is looked at again.
    pub fn holds_others_than(&self, other: &Self) -> bool {
        self.suspended != other.suspended
            || self.has_opt_outs != other.has_opt_outs
            || self.allow_list != other.allow_list
    }
}
