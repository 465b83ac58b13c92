//! What a database would hold: all that is left after a restart.

use types::{Timestamp, messages::Class, pacing::Limits};

/// A queue entry's place; a lower one was accepted earlier.
pub type Id = usize;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    Waiting,
    Wire,
    Uncertain,
    Sent,
    Failed,
    Cancelled,
}

#[derive(Clone, Debug)]
pub struct Entry {
    pub recipient: usize,
    pub class: Class,
    pub created_at: Timestamp,
    pub chance: u32,
    pub chars: i64,
    pub text: Option<u64>,
    /// Named, or fixed when it was claimed; `None`: any session may take it.
    pub session: Option<usize>,
    pub state: State,
    pub rush: bool,
    pub counted: bool,
    pub media: bool,
    pub again_at: Option<Timestamp>,
    pub attempts: u32,
    /// Since when it holds later ones to its recipient.
    pub holds_since: Timestamp,
}

/// A departure that counts.
#[derive(Clone, Copy, Debug)]
pub struct Count {
    pub at: Timestamp,
    pub id: Id,
    pub cold: bool,
    pub text: Option<u64>,
}

/// A session's row, and its departures of the last days.
#[derive(Clone, Debug, Default)]
pub struct Session {
    pub deleted: bool,
    pub up: bool,
    pub limits: Limits,
    pub linked_at: Option<Timestamp>,
    pub last_left_at: Option<Timestamp>,
    pub held_until: Option<Timestamp>,
    pub cold_until: Option<Timestamp>,
    pub paused_until: Option<Timestamp>,
    pub in_row: i64,
    pub outcomes: pacing::balance::Outcomes,
    pub counts: Vec<Count>,
}

#[derive(Clone, Debug)]
pub struct Recipient {
    pub warm: bool,
    pub allowed: bool,
    pub opted_out: bool,
    /// The session that already talks with them.
    pub talks: Option<usize>,
    /// The last departures, one per entry.
    left: Vec<(Id, Timestamp)>,
    /// Entries that are on the wire, fetch media or are in retry.
    pub holding: Vec<Id>,
}

impl Recipient {
    pub const fn new(warm: bool) -> Self {
        Self {
            warm,
            allowed: true,
            opted_out: false,
            talks: None,
            left: Vec::new(),
            holding: Vec::new(),
        }
    }

    pub fn leave(&mut self, id: Id, at: Timestamp) {
        self.take_back(id);
        if self.left.len() >= 8 {
            self.left.remove(0);
        }
        self.left.push((id, at));
    }

    pub fn take_back(&mut self, id: Id) {
        self.left.retain(|(other, _)| *other != id);
    }

    /// When the last one left that is wanted.
    pub fn left_at(&self, wanted: impl Fn(Id) -> bool) -> Option<Timestamp> {
        let wanted = self.left.iter().filter(|(id, _)| wanted(*id));
        wanted.map(|(_, at)| *at).max()
    }

    fn set_back(&mut self, now: Timestamp) {
        for (_, at) in &mut self.left {
            *at = (*at).min(now);
        }
    }
}

#[derive(Clone, Debug, Default)]
pub struct Store {
    pub entries: Vec<Entry>,
    pub sessions: Vec<Session>,
    pub recipients: Vec<Recipient>,
    pub platform: Limits,
    pub organization: Limits,
    pub suspended: bool,
}

const DAYS: i64 = 4 * 86_400_000;

impl Store {
    pub fn count(&mut self, session: usize, count: Count) {
        let counts = &mut self.sessions[session].counts;
        if counts.len() >= 64 && counts.len().is_power_of_two() {
            counts.retain(|old| old.at + DAYS > count.at);
        }
        counts.push(count);
    }

    pub fn uncount(&mut self, session: usize, id: Id) {
        let counts = &mut self.sessions[session].counts;
        if let Some(place) = counts.iter().rposition(|count| count.id == id) {
            counts.remove(place);
        }
    }

    /// How many were counted on a day, and how many of them were cold.
    pub fn used(&self, session: usize, day: pacing::Day) -> (i64, i64) {
        let counts = self.sessions[session].counts.iter();
        counts
            .filter(|count| day.has(count.at))
            .fold((0, 0), |(all, cold), count| {
                (all + 1, cold + i64::from(count.cold))
            })
    }

    pub fn hold(&mut self, id: Id, now: Timestamp) {
        let entry = &mut self.entries[id];
        entry.holds_since = now;
        let holding = &mut self.recipients[entry.recipient].holding;
        if !holding.contains(&id) {
            holding.push(id);
        }
    }

    pub fn release(&mut self, id: Id) {
        let entry = &self.entries[id];
        self.recipients[entry.recipient]
            .holding
            .retain(|other| *other != id);
    }

    /// The clock was set back: what now lies ahead becomes now, and waits keep their length.
    pub fn set_back(&mut self, now: Timestamp, back: i64) {
        for recipient in &mut self.recipients {
            recipient.set_back(now);
        }
        let holding: Vec<Id> = self
            .recipients
            .iter()
            .flat_map(|r| r.holding.iter().copied())
            .collect();
        for id in holding {
            let entry = &mut self.entries[id];
            entry.holds_since = entry.holds_since.min(now);
            entry.again_at = entry.again_at.map(|at| at + -back);
        }
    }
}
