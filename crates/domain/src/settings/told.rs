//! Who is told of changes. Each organization has a channel of its own, so that one which changes
//! its settings all the time wakes nobody else's lanes.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};
use tokio::sync::watch;
use types::OrganizationId;

/// How often what holds an organization's messages was changed, as far as this node knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Version {
    pub settings: u64,
    /// Apart, because a policy does not hold the list itself and so cannot be compared for it.
    pub opt_outs: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Settings,
    OptOuts,
}

#[derive(Debug, Default)]
pub struct Told(Mutex<HashMap<OrganizationId, watch::Sender<Version>>>);

impl Told {
    pub fn watch(&self, organization: OrganizationId) -> watch::Receiver<Version> {
        self.all().entry(organization).or_default().subscribe()
    }

    pub fn organization(&self, organization: OrganizationId, what: What) {
        let mut all = self.all();
        let sender = all.entry(organization).or_default();
        sender.send_modify(|version| match what {
            What::Settings => version.settings += 1,
            What::OptOuts => version.opt_outs += 1,
        });
    }

    /// The platform's values were changed, which may hold for anybody. Who never asked yet has
    /// nothing old to forget.
    pub fn everybody(&self) {
        for sender in self.all().values() {
            sender.send_modify(|version| version.settings += 1);
        }
    }

    fn all(&self) -> MutexGuard<'_, HashMap<OrganizationId, watch::Sender<Version>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
