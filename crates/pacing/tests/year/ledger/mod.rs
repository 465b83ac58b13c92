//! An independent book of everything that happened. It knows the settings in force, what was
//! accepted, what left when, what came in, how it ended and what was promised, and says at each
//! step whether a rule was broken. It calls nothing of the planner.

mod check;
mod fair;
mod outcome;
mod rules;
mod settings;

pub use fair::Probe;

use super::store::Id;
use jiff::{civil::Date, tz::TimeZone};
use rules::Rules;
use std::collections::{BTreeSet, HashMap, VecDeque};
use types::{Timestamp, messages::Class, pacing::Gate};

pub type Broken = String;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Waiting,
    Wire,
    Uncertain,
    Ended,
}

#[derive(Clone, Debug)]
struct Entry {
    recipient: usize,
    class: Class,
    created_at: Timestamp,
    text: Option<u64>,
    session: Option<usize>,
    state: State,
    rush: bool,
    media: bool,
    again_at: Option<Timestamp>,
    /// When it left for the first time, through which session, and whether that was cold.
    counted: Option<(Timestamp, usize, bool)>,
    /// Its last departure is the one that counts.
    first: bool,
    /// Since when it holds later ones to its recipient.
    holds_since: Option<Timestamp>,
    /// No earlier than that, as long as this was not voided.
    promised: Timestamp,
    promised_in: u32,
}

#[derive(Debug, Default)]
struct Session {
    up: bool,
    deleted: bool,
    linked: Option<Timestamp>,
    rules: Rules,
    last_left: Option<Timestamp>,
    hour: VecDeque<Timestamp>,
    counted: Vec<(Timestamp, Id, bool)>,
    days: HashMap<Date, (i64, i64)>,
    row: i64,
    paused_until: Option<Timestamp>,
    held_until: Option<Timestamp>,
    cold_until: Option<Timestamp>,
    /// A node that was down when the clock was set back cannot know how much shorter waits are.
    slow_until: Option<Timestamp>,
    texts: VecDeque<(Timestamp, u64)>,
    fair: fair::Fair,
    departures: u64,
}

#[derive(Debug, Default)]
struct Recipient {
    warm: bool,
    allowed: bool,
    opted_out: bool,
    left: Vec<(Id, Timestamp)>,
    holding: Vec<Id>,
}

pub struct Ledger {
    zone: TimeZone,
    entries: Vec<Entry>,
    sessions: Vec<Session>,
    recipients: Vec<Recipient>,
    suspended: bool,
    /// Promises of an earlier epoch are void.
    epoch: u32,
    /// What happened to all at once; two equal numbers mean that nothing did in between.
    changes: u64,
    set_back_at: Option<Timestamp>,
    /// Waiting messages: those of the pool, then those of each session, by class.
    queues: Vec<[BTreeSet<Id>; 3]>,
    watch: Option<fair::Watch>,
}

impl Ledger {
    pub fn new(zone: TimeZone, warm: impl Iterator<Item = bool>) -> Self {
        let recipient = |warm| Recipient {
            warm,
            allowed: true,
            ..Recipient::default()
        };
        Self {
            zone,
            entries: Vec::new(),
            sessions: Vec::new(),
            recipients: warm.map(recipient).collect(),
            suspended: false,
            epoch: 0,
            changes: 0,
            set_back_at: None,
            queues: vec![<[BTreeSet<Id>; 3]>::default()],
            watch: None,
        }
    }

    pub fn accept(
        &mut self,
        recipient: usize,
        class: Class,
        created_at: Timestamp,
        text: Option<u64>,
        session: Option<usize>,
        media: bool,
    ) {
        let id = self.entries.len();
        self.entries.push(Entry {
            recipient,
            class,
            created_at,
            text: text.filter(|_| class != Class::Reply),
            session,
            state: State::Waiting,
            rush: false,
            media,
            again_at: None,
            counted: None,
            first: false,
            holds_since: None,
            promised: Timestamp(i64::MIN),
            promised_in: 0,
        });
        if media {
            self.hold(id, created_at);
        }
        self.join_queue(id);
    }

    /// Someone wrote to us. Who was cold is warm now, and waits for no cold quota any more: the
    /// person changed it, so what was promised for messages to them is void.
    pub fn incoming(&mut self, recipient: usize) {
        if !std::mem::replace(&mut self.recipients[recipient].warm, true) {
            for entry in &mut self.entries {
                if entry.recipient == recipient {
                    entry.promised = Timestamp(i64::MIN);
                }
            }
        }
    }

    pub fn allowed(&mut self, recipient: usize, allowed: bool) {
        self.recipients[recipient].allowed = allowed;
        self.changes += 1;
    }

    pub fn opted_out(&mut self, recipient: usize, out: bool) {
        self.recipients[recipient].opted_out = out;
        self.changes += 1;
    }

    /// A person lets it pass the protections; that is written down and voids its promise.
    pub fn rush(&mut self, id: Id) {
        self.entries[id].rush = true;
        self.entries[id].promised = Timestamp(i64::MIN);
    }

    /// What a page said of a waiting message.
    pub fn promise(&mut self, id: Id, gates: &[Gate]) {
        let entry = &mut self.entries[id];
        if entry.promised_in != self.epoch {
            (entry.promised, entry.promised_in) = (Timestamp(i64::MIN), self.epoch);
        }
        let latest = gates.iter().filter_map(|gate| gate.opens_at).max();
        entry.promised = entry.promised.max(latest.unwrap_or(Timestamp(i64::MIN)));
    }

    fn join_queue(&mut self, id: Id) {
        let entry = &self.entries[id];
        if entry.state == State::Waiting {
            let queue = entry.session.map_or(0, |session| session + 1);
            self.queues[queue][super::planner::place(entry.class)].insert(id);
        }
    }

    fn leave_queue(&mut self, id: Id) {
        let entry = &self.entries[id];
        let queue = entry.session.map_or(0, |session| session + 1);
        self.queues[queue][super::planner::place(entry.class)].remove(&id);
    }

    fn hold(&mut self, id: Id, at: Timestamp) {
        self.entries[id].holds_since = Some(at);
        let holding = &mut self.recipients[self.entries[id].recipient].holding;
        if !holding.contains(&id) {
            holding.push(id);
        }
    }

    fn release(&mut self, id: Id) {
        self.entries[id].holds_since = None;
        self.recipients[self.entries[id].recipient]
            .holding
            .retain(|other| *other != id);
    }
}
