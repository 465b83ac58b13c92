//! Where a sandbox line stands, and the changes that its session has not heard of yet.

use super::{
    faults::Faults,
    linking::{Chance, Linking},
};
use crate::{LineChange, Link};
use std::collections::{HashMap, VecDeque};
use types::{Timestamp, sandbox::Fault};

#[derive(Debug, Default)]
pub(super) struct State {
    pub phase: Phase,
    pub faults: Faults,
    /// Digits of the phone; known once the line has connected.
    pub number: String,
    /// To whom somebody types, and until when that is shown.
    pub typing: HashMap<String, Timestamp>,
    changes: VecDeque<LineChange>,
}

#[derive(Debug, Default)]
pub(super) enum Phase {
    /// Offline; nothing is known of the phone.
    #[default]
    Off,
    Linking(Linking),
    Online,
    Restricted {
        until: Timestamp,
    },
    LoggedOut,
}

impl Phase {
    pub(super) fn linking(now: Timestamp, chance: Chance<'_>) -> Self {
        Self::Linking(Linking::start(now, chance))
    }
}

impl State {
    pub(super) fn is_online(&self) -> bool {
        matches!(self.phase, Phase::Online | Phase::Restricted { .. })
    }

    /// Goes there and says so.
    pub(super) fn enter(&mut self, phase: Phase) {
        let change = match &phase {
            Phase::Off | Phase::LoggedOut => None,
            Phase::Linking(_) => Some(LineChange::Linking),
            Phase::Online => Some(LineChange::Connected),
            Phase::Restricted { until } => Some(LineChange::Restricted {
                until: *until,
                reason: restricted(*until),
            }),
        };
        self.phase = phase;
        self.changes.extend(change);
    }

    pub(super) fn link(&mut self, link: Link) {
        self.phase = Phase::Online;
        self.push(LineChange::Linked(link));
    }

    pub(super) fn log_out(&mut self, reason: &str) {
        self.phase = Phase::LoggedOut;
        self.push(LineChange::LoggedOut {
            reason: reason.to_owned(),
        });
    }

    /// Goes offline; a link that nobody has heard of yet is handed back.
    pub(super) fn switch_off(&mut self) -> Option<Link> {
        self.phase = Phase::Off;
        self.changes.drain(..).rev().find_map(|change| match change {
            LineChange::Linked(link) => Some(link),
            _ => None,
        })
    }

    pub(super) fn push(&mut self, change: LineChange) {
        self.changes.push_back(change);
    }

    pub(super) fn take_change(&mut self) -> Option<LineChange> {
        self.changes.pop_front()
    }

    pub(super) fn forget_changes(&mut self) {
        self.changes.clear();
    }

    pub(super) fn load_faults(&mut self, faults: Vec<Fault>) {
        self.faults.load(faults);
    }

    pub(super) fn linking(&mut self) -> Option<&mut Linking> {
        match &mut self.phase {
            Phase::Linking(linking) => Some(linking),
            _ => None,
        }
    }

    pub(super) fn deadline(&self) -> Option<Timestamp> {
        match &self.phase {
            Phase::Linking(linking) => linking.deadline(),
            Phase::Restricted { until } => Some(*until),
            Phase::Off | Phase::Online | Phase::LoggedOut => None,
        }
    }

    /// Lets end what has ended by now; whether that changed anything.
    pub(super) fn advance(&mut self, now: Timestamp, chance: Chance<'_>) -> bool {
        let change = match &mut self.phase {
            Phase::Linking(linking) => linking.advance(now, chance),
            Phase::Restricted { until } if *until <= now => {
                self.phase = Phase::Online;
                Some(LineChange::Connected)
            }
            _ => None,
        };
        let changed = change.is_some();
        self.changes.extend(change);
        changed
    }

    /// Why nothing can leave now; `None` when it can.
    pub(super) fn held(&self) -> Option<String> {
        match &self.phase {
            Phase::Online => None,
            Phase::Restricted { until } => Some(restricted(*until)),
            Phase::LoggedOut => Some("The phone has ended the link".into()),
            Phase::Off | Phase::Linking(_) => Some("The session is not connected".into()),
        }
    }
}

fn restricted(until: Timestamp) -> String {
    format!(
        "WhatsApp lets this number send nothing until {} (sandbox fault)",
        until.rfc3339()
    )
}
