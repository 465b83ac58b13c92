//! Who may have how many lines waiting.
//!
//! Were it one queue for all, a flood of calls, for which nobody needs so much as a key, would keep
//! everybody's lines out of the log just when somebody wants to look. So an organization may have
//! as many waiting as places are left free: alone it takes half, two take a third each, and
//! whoever comes next always finds room. What came without a key has a quarter.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};
use types::OrganizationId;

pub struct Places {
    most: Share,
    taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    all: Share,
    of: HashMap<Option<OrganizationId>, Share>,
}

/// Lines, and what they take of memory.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Share {
    lines: usize,
    bytes: usize,
}

impl Places {
    pub fn new(lines: usize, bytes: usize) -> Self {
        Self {
            most: Share { lines, bytes },
            taken: Mutex::default(),
        }
    }

    /// Whether anybody would find a place.
    pub fn are_left(&self) -> bool {
        let all = self.taken().all;
        all.lines < self.most.lines && all.bytes < self.most.bytes
    }

    /// Takes a place for a line; `false` when theirs are taken.
    pub fn take(&self, whose: Option<OrganizationId>, bytes: usize) -> bool {
        let part = if whose.is_some() { 1 } else { 3 };
        let mut taken = self.taken();
        let free = Share {
            lines: self.most.lines.saturating_sub(taken.all.lines),
            bytes: self.most.bytes.saturating_sub(taken.all.bytes),
        };
        let own = taken.of.entry(whose).or_default();
        if own.lines * part >= free.lines || own.bytes * part >= free.bytes {
            return false;
        }
        own.lines += 1;
        own.bytes += bytes;
        taken.all.lines += 1;
        taken.all.bytes += bytes;
        true
    }

    /// The line is written, or lost.
    pub fn give_back(&self, whose: Option<OrganizationId>, bytes: usize) {
        let mut taken = self.taken();
        taken.all.lines = taken.all.lines.saturating_sub(1);
        taken.all.bytes = taken.all.bytes.saturating_sub(bytes);
        if let Some(own) = taken.of.get_mut(&whose) {
            own.lines = own.lines.saturating_sub(1);
            own.bytes = own.bytes.saturating_sub(bytes);
            if own.lines == 0 {
                taken.of.remove(&whose);
            }
        }
    }

    /// Bytes that are taken by everybody.
    #[cfg(test)]
    pub fn bytes(&self) -> usize {
        self.taken().all.bytes
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn organization(n: u8) -> Option<OrganizationId> {
        OrganizationId::from_key(&format!("{n:032x}")).ok()
    }

    /// How many places they get who ask for very many.
    fn flood(places: &Places, whose: Option<OrganizationId>) -> usize {
        (0..10_000).filter(|_| places.take(whose, 1)).count()
    }

    #[test]
    fn nobody_has_a_quarter_and_each_organization_what_is_left_free() {
        let places = Places::new(1_200, 1 << 20);
        assert_eq!(flood(&places, None), 300);
        assert_eq!(flood(&places, organization(1)), 450);
        assert_eq!(flood(&places, organization(2)), 225);
        assert!(places.take(organization(3), 1), "whoever comes last finds room");
        assert!(!places.take(None, 1) && places.are_left());
        for _ in 0..450 {
            places.give_back(organization(1), 1);
        }
        assert!(places.take(organization(1), 1));
        assert_eq!(flood(&Places::new(1_200, 1 << 20), organization(1)), 600);
    }

    #[test]
    fn memory_is_shared_out_in_the_same_way() {
        let places = Places::new(1 << 20, 1_200);
        assert_eq!(flood(&places, None), 300);
        assert_eq!(flood(&places, organization(1)), 450);
        for _ in 0..300 {
            places.give_back(None, 1);
        }
        for _ in 0..450 {
            places.give_back(organization(1), 1);
        }
        assert_eq!(places.bytes(), 0);
        assert!(places.taken().of.is_empty());
    }
}
