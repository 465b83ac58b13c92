//! Nobody is passed over for ever: not a class by a more urgent one, not a message by later ones,
//! and not a message by nobody at all.

use super::{Broken, Ledger, State};
use crate::store::Id;
use types::Timestamp;

/// How often something else may leave while a message could, before and after it is watched.
const PATIENCE: u32 = 24;

/// How often other classes left through a session while a class had something waiting.
#[derive(Debug, Default)]
pub struct Fair {
    passed: [u32; 3],
    watched: [Option<(Id, u32)>; 3],
}

/// A message that could leave, and how many later ones of its class did.
#[derive(Debug)]
pub struct Watch {
    id: Id,
    session: usize,
    passed: u32,
}

/// A message that could leave, and what its session had done by then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Probe {
    pub id: Id,
    session: usize,
    departures: u64,
    changes: u64,
}

impl Ledger {
    /// Before a message leaves: who is passed over by it?
    pub(super) fn watched(&mut self, id: Id, session: usize, now: Timestamp) -> Result<(), Broken> {
        if self.entries[id].rush {
            return Ok(());
        }
        self.later_ones(id, session, now)?;
        let class = crate::planner::place(self.entries[id].class);
        for other in 0..3 {
            let fair = &mut self.sessions[session].fair;
            let waits = [0, session + 1]
                .iter()
                .any(|queue| !self.queues[*queue][other].is_empty());
            if other == class || !waits {
                (fair.passed[other], fair.watched[other]) = (0, None);
                continue;
            }
            fair.passed[other] += 1;
            if let Some((first, times)) = fair.watched[other] {
                let could = self.could(first, session, now, false);
                if could && times >= PATIENCE {
                    return Err(format!(
                        "message {first} could leave, and {times} of other classes did"
                    ));
                }
                let fair = &mut self.sessions[session].fair;
                fair.watched[other] = could.then_some((first, times + 1));
                fair.passed[other] = 0;
            } else if fair.passed[other] >= PATIENCE {
                fair.passed[other] = 0;
                let first = self.first_that_could(other, session, now);
                self.sessions[session].fair.watched[other] = first.map(|first| (first, 0));
            }
        }
        Ok(())
    }

    fn could(&mut self, id: Id, session: usize, now: Timestamp, strictly: bool) -> bool {
        let slow = self.sessions[session].slow_until.is_some_and(|until| until > now);
        !slow && self.may(id, session, now, strictly).is_ok()
    }

    fn first_that_could(&mut self, class: usize, session: usize, now: Timestamp) -> Option<Id> {
        let queues = [0, session + 1].into_iter();
        let some: Vec<Id> = queues
            .flat_map(|queue| {
                self.queues[queue][class]
                    .iter()
                    .take(20)
                    .copied()
                    .collect::<Vec<_>>()
            })
            .collect();
        some.into_iter().find(|id| self.could(*id, session, now, false))
    }

    fn later_ones(&mut self, id: Id, session: usize, now: Timestamp) -> Result<(), Broken> {
        let Some(Watch {
            id: first, passed, ..
        }) = self.watch.take_if(|watch| watch.session == session)
        else {
            return Ok(());
        };
        let (entry, watched) = (&self.entries[id], &self.entries[first]);
        if first == id || watched.state != State::Waiting {
            return Ok(());
        }
        let passes = id > first && entry.class == watched.class;
        let could = self.could(first, session, now, false);
        let passed = if could { passed + u32::from(passes) } else { 0 };
        self.watch = Some(Watch {
            id: first,
            session,
            passed,
        });
        if passed > PATIENCE {
            return Err(format!(
                "message {first} could leave, and {passed} later ones did"
            ));
        }
        Ok(())
    }

    /// Whose turn it is is not stored: a node that starts counts from nothing.
    pub fn restarted(&mut self) {
        for session in &mut self.sessions {
            session.fair = Fair::default();
        }
    }

    /// Picks a message that could leave now; it is looked at again later.
    pub fn probe(&mut self, id: Id, session: usize, now: Timestamp) -> Option<Probe> {
        let session = self.entries[id].session.unwrap_or(session);
        if !self.could(id, session, now, true) {
            return None;
        }
        self.watch.get_or_insert(Watch {
            id,
            session,
            passed: 0,
        });
        Some(Probe {
            id,
            session,
            departures: self.sessions[session].departures,
            changes: self.changes,
        })
    }

    /// Nothing happened since, and it still could leave: then nobody ever looks at it.
    pub fn probed(&mut self, probe: Probe, now: Timestamp) -> Result<(), Broken> {
        let idle =
            self.sessions[probe.session].departures == probe.departures && self.changes == probe.changes;
        if idle && self.could(probe.id, probe.session, now, true) {
            return Err(format!(
                "message {} could leave through session {} for an hour, and nothing did",
                probe.id, probe.session
            ));
        }
        Ok(())
    }
}
