//! Why a message leaves when it does, in a form that pages and API show.

use crate::Timestamp;
use serde::{Deserialize, Serialize};

/// What can hold a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum GateKind {
    /// The session that sends it must be connected.
    Session,
    /// The random delay after the message before it in the same session's lane.
    Delay,
    /// Its attachment must be fetched first.
    Media,
    /// An earlier message to the same recipient goes first.
    Order,
}

impl GateKind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Delay => "delay",
            Self::Media => "media",
            Self::Order => "order",
        }
    }
}

/// One gate and when it opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Gate {
    pub gate: GateKind,
    /// Open at the moment of the explanation.
    pub open: bool,
    /// `None` while that cannot be said (a session that is not connected).
    pub opens_at: Option<Timestamp>,
    /// A sentence.
    pub why: String,
}
