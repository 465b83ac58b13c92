//! A lane's queue in memory: what may be looked at, and what stepped aside until when.

use super::store::Id;
use pacing::{Departure, History, Rules};
use std::{
    cmp::Reverse,
    collections::{BTreeSet, BinaryHeap, HashMap},
    ops::RangeInclusive,
};
use types::Timestamp;

/// What is let pass; replies, single and bulk messages; and those of them that count already.
const RANKS: usize = 7;

/// A message on the wire.
#[derive(Clone, Copy, Debug)]
pub struct Busy {
    pub id: Id,
    pub departure: Departure,
    /// Whose it was before it was claimed.
    pub was: Option<usize>,
}

#[derive(Debug, Default)]
pub struct Lane {
    /// Read from the store when it is first needed.
    pub history: Option<History>,
    pub rules: Rules,
    /// Its own and the pool's by rank, in the order of the queue.
    pub ready: [BTreeSet<Id>; RANKS],
    parked: HashMap<Id, (usize, Timestamp)>,
    wakes: BinaryHeap<Reverse<(Timestamp, Id)>>,
    pub busy: Vec<Busy>,
    pub seen: Timestamp,
}

impl Lane {
    pub fn new(rules: Rules) -> Self {
        Self {
            rules,
            ..Self::default()
        }
    }

    pub fn put(&mut self, id: Id, rank: usize) {
        self.remove(id);
        self.ready[rank].insert(id);
    }

    pub fn waits(&self, rank: usize) -> bool {
        !self.ready[rank].is_empty() || !self.ready[rank + 3].is_empty()
    }

    /// The first of a class in the order of the queue.
    pub fn heads(&self, ranks: RangeInclusive<usize>, most: usize) -> Vec<Id> {
        let (first, last) = (*ranks.start(), *ranks.end());
        let mut ids: Vec<Id> = self.ready[first].iter().copied().take(most).collect();
        if last > first && !self.ready[last].is_empty() {
            ids.extend(self.ready[last].iter().take(most));
            ids.sort_unstable();
            ids.truncate(most);
        }
        ids
    }

    pub fn remove(&mut self, id: Id) {
        self.parked.remove(&id);
        for ready in &mut self.ready {
            ready.remove(&id);
        }
    }

    pub fn park(&mut self, id: Id, rank: usize, until: Timestamp) {
        self.ready[rank].remove(&id);
        self.parked.insert(id, (rank, until));
        self.wakes.push(Reverse((until, id)));
    }

    pub fn unpark(&mut self, id: Id) {
        if let Some((rank, _)) = self.parked.remove(&id) {
            self.ready[rank].insert(id);
        }
    }

    pub fn unpark_all(&mut self) {
        for (id, (rank, _)) in self.parked.drain() {
            self.ready[rank].insert(id);
        }
        self.wakes.clear();
    }

    pub fn unpark_due(&mut self, now: Timestamp) {
        while let Some(Reverse((until, id))) = self.wakes.peek().copied()
            && until <= now
        {
            self.wakes.pop();
            if self.parked.get(&id).is_some_and(|(_, at)| *at == until) {
                self.unpark(id);
            }
        }
    }

    pub fn next_wake(&mut self) -> Option<Timestamp> {
        while let Some(Reverse((until, id))) = self.wakes.peek().copied() {
            if self.parked.get(&id).is_some_and(|(_, at)| *at == until) {
                return Some(until);
            }
            self.wakes.pop();
        }
        None
    }
}
