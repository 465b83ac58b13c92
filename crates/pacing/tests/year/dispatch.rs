//! A dispatcher as small as can be: whose turn it is, what is parked, what is marked and recorded.
//! Every decision is the library's.

use super::{
    lane::{Busy, Lane},
    past::write,
    planner::{Planner, place},
    store::{Count, Id, State, Store},
};
use jiff::tz::TimeZone;
use pacing::{Calendar, Departure, Facts, Head, Moment, ORDER, Used};
use std::{collections::BTreeSet, ops::RangeInclusive};
use types::{Timestamp, messages::Class};

const HEADS: usize = 16;
/// How long an earlier message to the same recipient holds a later one (`rules.md` 7).
const HOLDS: i64 = 600_000;
const NEVER: Timestamp = Timestamp(i64::MAX);

/// What a node holds in memory of one organization.
pub struct Node<'a> {
    pub planner: &'a dyn Planner,
    pub days: Calendar,
    windows: Calendar,
    pub lanes: Vec<Lane>,
    pub used: Used,
    /// Before the first look after its start.
    pub started: bool,
    parked_to: Vec<BTreeSet<Id>>,
}

/// What a lane did when it looked.
pub enum Look {
    Sends(Vec<Busy>),
    /// Until then; `None`: until something happens.
    Sleeps(Option<Timestamp>),
}

impl<'a> Node<'a> {
    pub fn start(planner: &'a dyn Planner, zone: &TimeZone, store: &Store) -> Self {
        let mut node = Self {
            planner,
            days: planner.days(zone),
            windows: planner.windows(zone),
            lanes: Vec::new(),
            used: Used::default(),
            started: true,
            parked_to: vec![BTreeSet::new(); store.recipients.len()],
        };
        for session in 0..store.sessions.len() {
            node.add_lane(store, session);
        }
        for id in 0..store.entries.len() {
            node.enqueue(store, id);
        }
        node
    }

    /// A session was added; it takes from the pool like the others.
    pub fn add_lane(&mut self, store: &Store, session: usize) {
        self.lanes.push(Lane::new(self.rules(store, session)));
    }

    fn rules(&self, store: &Store, session: usize) -> pacing::Rules {
        let limits = &store.sessions[session].limits;
        self.planner.rules(&store.platform, &store.organization, limits)
    }

    /// Settings changed: what the rules look at of the past is read anew.
    pub fn new_rules(&mut self, store: &Store) {
        for session in 0..self.lanes.len() {
            self.lanes[session].rules = self.rules(store, session);
            self.lanes[session].unpark_all();
            if self.planner.reads_anew() {
                self.lanes[session].history = None;
            }
        }
    }

    pub const fn windows(&self) -> &Calendar {
        &self.windows
    }

    pub fn enqueue(&mut self, store: &Store, id: Id) {
        let entry = &store.entries[id];
        if entry.state != State::Waiting {
            return;
        }
        let rank = rank(entry);
        for (session, lane) in self.lanes.iter_mut().enumerate() {
            if !store.sessions[session].deleted && entry.session.is_none_or(|own| own == session) {
                lane.put(id, rank);
            }
        }
    }

    pub fn dequeue(&mut self, id: Id) {
        for lane in &mut self.lanes {
            lane.remove(id);
        }
    }

    /// Something about this recipient changed: who waits for it is looked at again.
    pub fn wake(&mut self, recipient: usize) -> bool {
        let parked = std::mem::take(&mut self.parked_to[recipient]);
        for id in &parked {
            for lane in &mut self.lanes {
                lane.unpark(*id);
            }
        }
        !parked.is_empty()
    }

    pub fn wake_all(&mut self) {
        for lane in &mut self.lanes {
            lane.unpark_all();
        }
    }

    /// One look of a lane that has nothing on the wire.
    pub fn look(&mut self, store: &mut Store, session: usize, now: Timestamp) -> Look {
        if !self.planner.looks(store.sessions[session].up, store.suspended) {
            return Look::Sleeps(None);
        }
        self.bring_up(store, session, now);
        self.lanes[session].unpark_due(now);
        let mut until = None;
        for class in self.classes(session) {
            let ranks = match class {
                None => 0..=0,
                Some(class) => {
                    let rank = place(class) + 1;
                    let open = |at: Option<Timestamp>| at.is_some_and(|at| at <= now);
                    let all = self.opening(session, class, false, now);
                    let again = !self.lanes[session].ready[rank + 3].is_empty();
                    let again = again.then(|| self.opening(session, class, true, now)).flatten();
                    for shut in [all, again] {
                        until = sooner(until, shut.filter(|at| *at > now));
                    }
                    match (open(all), open(again)) {
                        (true, _) => rank..=rank + 3,
                        (_, true) => rank + 3..=rank + 3,
                        _ => continue,
                    }
                }
            };
            match self.walk(store, session, class, ranks, now) {
                Walk::Sends(sent) => return Look::Sends(sent),
                Walk::Shut(at) => {
                    // Who is next waits for its delay alone; nobody less urgent slips in before.
                    until = sooner(until, at);
                    if self.planner.waits_for_urgent() {
                        break;
                    }
                }
                Walk::Empty => {}
            }
        }
        Look::Sleeps(sooner(until, self.lanes[session].next_wake()))
    }

    /// The classes with something to look at, in their order; `None` is what a person let pass.
    fn classes(&self, session: usize) -> Vec<Option<Class>> {
        let lane = &self.lanes[session];
        let waiting = [1, 2, 3].map(|rank| lane.waits(rank));
        let turns = lane
            .history
            .as_ref()
            .map(|history| history.turns)
            .unwrap_or_default();
        let rush = (!lane.ready[0].is_empty()).then_some(None);
        let order = self.planner.order(turns, waiting);
        rush.into_iter().chain(order.into_iter().map(Some)).collect()
    }

    fn opening(&self, session: usize, class: Class, again: bool, now: Timestamp) -> Option<Timestamp> {
        let lane = &self.lanes[session];
        let moment = Moment {
            now,
            calendar: &self.windows,
            rules: &lane.rules,
            history: lane.history.as_ref()?,
            used: &self.used,
        };
        if again {
            self.planner.again_opening(&moment, class)
        } else {
            self.planner.lane_opening(&moment, class)
        }
    }

    fn walk(
        &mut self,
        store: &mut Store,
        session: usize,
        class: Option<Class>,
        ranks: RangeInclusive<usize>,
        now: Timestamp,
    ) -> Walk {
        loop {
            let ids = self.lanes[session].heads(ranks.clone(), HEADS);
            if ids.is_empty() {
                return Walk::Empty;
            }
            let heads: Vec<Head> = ids
                .iter()
                .map(|id| Head {
                    facts: self.planner.facts(facts(store, *id, session, now), now),
                    recipient: store.entries[*id].recipient as u64,
                })
                .collect();
            let could = self.could(session, now);
            let lane = &mut self.lanes[session];
            let Some(history) = lane.history.as_mut() else {
                return Walk::Empty;
            };
            let share = class.and_then(|class| self.planner.share(history.turns, class, could));
            let most = (1 + session * 3).min(share.unwrap_or(usize::MAX));
            let taken = self.planner.take(
                &self.windows,
                &lane.rules,
                history,
                &mut self.used,
                now,
                &heads,
                most,
            );
            if let Some(class) = class {
                let times = if self.planner.counts_each() {
                    taken.leave.len()
                } else {
                    1
                };
                for _ in 0..times.min(taken.leave.len()) {
                    history.turns.went(class, |other| could[place(other)]);
                }
            }
            write(store, session, history);
            for (index, until) in &taken.park {
                let (id, to) = (ids[*index], store.entries[ids[*index]].recipient);
                let until = until.or_else(|| earlier_until(store, id, now)).unwrap_or(NEVER);
                lane.park(id, rank(&store.entries[id]), self.planner.park(until));
                self.parked_to[to].insert(id);
            }
            if !taken.leave.is_empty() {
                let sent = taken
                    .leave
                    .iter()
                    .map(|(index, departure)| (ids[*index], *departure));
                return Walk::Sends(sent.map(|(id, d)| self.mark(store, session, id, d)).collect());
            }
            if taken.shut {
                return Walk::Shut(taken.shut_until);
            }
        }
    }

    fn could(&self, session: usize, now: Timestamp) -> [bool; 3] {
        ORDER.map(|class| {
            self.lanes[session].waits(place(class) + 1)
                && self
                    .opening(session, class, false, now)
                    .is_some_and(|at| at <= now)
        })
    }

    /// The wire mark: what is stored before the network is touched.
    fn mark(&mut self, store: &mut Store, session: usize, id: Id, departure: Departure) -> Busy {
        let entry = &mut store.entries[id];
        let was = entry.session.replace(session);
        entry.state = State::Wire;
        entry.again_at = None;
        entry.attempts += 1;
        let (recipient, text) = (entry.recipient, entry.text);
        if !entry.counted {
            entry.counted = true;
            let text = text.filter(|_| departure.text.is_some());
            let count = Count {
                at: departure.at,
                id,
                cold: departure.cold,
                text,
            };
            store.count(session, count);
        }
        store.recipients[recipient].leave(id, departure.at);
        store.hold(id, departure.at);
        if self.planner.takes_from_all() {
            self.dequeue(id);
        } else {
            self.lanes[session].remove(id);
        }
        let busy = Busy { id, departure, was };
        self.lanes[session].busy.push(busy);
        busy
    }
}

enum Walk {
    Sends(Vec<Busy>),
    Shut(Option<Timestamp>),
    Empty,
}

fn sooner(a: Option<Timestamp>, b: Option<Timestamp>) -> Option<Timestamp> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

fn rank(entry: &super::store::Entry) -> usize {
    match (entry.rush, entry.counted) {
        (true, _) => 0,
        (_, false) => place(entry.class) + 1,
        (_, true) => place(entry.class) + 4,
    }
}

/// Until when an earlier message to the same recipient holds this one.
fn earlier_until(store: &Store, id: Id, now: Timestamp) -> Option<Timestamp> {
    let holding = &store.recipients[store.entries[id].recipient].holding;
    let until = holding
        .iter()
        .filter(|other| **other < id)
        .map(|other| store.entries[*other].holds_since + HOLDS);
    until.filter(|until| *until > now).max()
}

/// What the store knows of a waiting message.
pub fn facts(store: &Store, id: Id, session: usize, now: Timestamp) -> Facts {
    let entry = &store.entries[id];
    let recipient = &store.recipients[entry.recipient];
    Facts {
        chars: entry.chars,
        text: entry.text,
        rush: entry.rush,
        counted: entry.counted,
        can_send: store.sessions[session].up,
        suspended: store.suspended,
        allowed: recipient.allowed,
        opted_out: recipient.opted_out,
        fetching_media: entry.media,
        again_at: entry.again_at,
        earlier: earlier_until(store, id, now).is_some(),
        recipient_left_at: recipient.left_at(|other| other != id),
        warm: recipient.warm,
        ..Facts::new(entry.class, entry.created_at, entry.chance)
    }
}
