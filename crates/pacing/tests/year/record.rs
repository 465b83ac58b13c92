//! What became of what was on the wire, and what is said about what waits.

use super::{
    dispatch::{Node, facts},
    lane::Busy,
    past::write,
    planner::AfterCrash,
    store::{Id, State, Store},
};
use pacing::{Explain, History, Moment, Used};
use types::{Timestamp, pacing::Gate, sessions::SessionState};

/// What the line answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    Sent,
    Failed,
    /// Refused; may be tried again after so many milliseconds.
    Retry(i64),
    /// Refused before the wire, and perhaps nothing leaves until then.
    Held(Option<Timestamp>),
    /// Refused, because it went to somebody new and no more of these are taken until then.
    Cold(Timestamp, i64),
    Ambiguous,
}

/// What an explanation says, and the numbers beside it.
pub struct Told {
    pub session: usize,
    pub gates: Vec<Gate>,
    pub today: i64,
    pub cold: i64,
    pub in_hour: i64,
    pub organization: i64,
}

impl Node<'_> {
    /// Answers whether other lanes should look again.
    pub fn record(
        &mut self,
        store: &mut Store,
        session: usize,
        busy: Busy,
        outcome: Outcome,
        now: Timestamp,
    ) -> bool {
        self.bring_up(store, session, now);
        let Busy { id, departure, was } = busy;
        let to = store.entries[id].recipient;
        store.release(id);
        let lane = &mut self.lanes[session];
        lane.busy.retain(|other| other.id != id);
        let history = lane.history.get_or_insert_default();
        match outcome {
            Outcome::Sent => {
                store.entries[id].state = State::Sent;
                store.recipients[to].talks = Some(session);
                store.sessions[session].outcomes.add(true);
            }
            Outcome::Failed => {
                store.entries[id].state = State::Failed;
                store.sessions[session].outcomes.add(false);
            }
            Outcome::Ambiguous => store.entries[id].state = State::Uncertain,
            Outcome::Retry(pause) | Outcome::Cold(_, pause) => {
                if let Outcome::Cold(until, _) = outcome {
                    history.cold_until = history.cold_until.max(Some(until));
                }
                let entry = &mut store.entries[id];
                (entry.state, entry.again_at) = (State::Waiting, Some(now + pause));
                if !self.planner.retry_counts() && !departure.counted {
                    self.planner.take_back(history, &mut self.used, departure);
                    store.uncount(session, id);
                }
                store.hold(id, now);
                store.sessions[session].outcomes.add(false);
            }
            Outcome::Held(until) => {
                history.held_until = history.held_until.max(until);
                self.planner.take_back(history, &mut self.used, departure);
                let entry = &mut store.entries[id];
                (entry.state, entry.session) = (State::Waiting, was);
                entry.attempts -= 1;
                if !departure.counted {
                    entry.counted = false;
                    store.recipients[to].take_back(id);
                    store.uncount(session, id);
                }
            }
        }
        write(store, session, history);
        let woke = self.wake(to);
        self.enqueue(store, id);
        let held = matches!(outcome, Outcome::Held(_));
        if held {
            // It gave its places in all limits back, so any that stepped aside may go now.
            self.wake_all();
        }
        held || woke
    }

    /// The node dies: answers what was on the wire.
    pub fn crash(&mut self, store: &mut Store) -> Vec<Id> {
        let busy: Vec<Busy> = self
            .lanes
            .iter()
            .flat_map(|lane| lane.busy.iter().copied())
            .collect();
        for Busy { id, .. } in &busy {
            store.release(*id);
            match self.planner.after_crash() {
                AfterCrash::Uncertain => store.entries[*id].state = State::Uncertain,
                AfterCrash::Waiting => store.entries[*id].state = State::Waiting,
                AfterCrash::Forgotten => {}
            }
        }
        let forgotten = self.planner.after_crash() == AfterCrash::Forgotten;
        busy.iter().filter(|_| !forgotten).map(|busy| busy.id).collect()
    }

    /// An uncertain message turned out to have arrived, or is sent again.
    pub fn settle(&mut self, store: &mut Store, id: Id, arrived: bool) {
        let entry = &mut store.entries[id];
        entry.state = if arrived { State::Sent } else { State::Waiting };
        entry.session = entry.session.filter(|session| !store.sessions[*session].deleted);
        self.enqueue(store, id);
    }

    /// Why a message waits, as a page would say it.
    pub fn explain(&self, store: &Store, id: Id, now: Timestamp) -> Option<Told> {
        let sessions: Vec<usize> = match store.entries[id].session {
            Some(session) => vec![session],
            None => (0..store.sessions.len())
                .filter(|s| !store.sessions[*s].deleted)
                .collect(),
        };
        let past: Vec<(History, History)> = sessions.iter().map(|s| self.past(store, *s, now)).collect();
        let (used, organization) = self.used_of(store, now);
        let moments: Vec<Moment<'_>> = (sessions.iter().zip(&past))
            .map(|(session, (history, _))| Moment {
                now,
                calendar: self.windows(),
                rules: &self.lanes[*session].rules,
                history,
                used: &used,
            })
            .collect();
        let plain = |session| {
            let recipient = &store.recipients[store.entries[id].recipient];
            let landed = |other: Id| other != id && store.entries[other].state != State::Wire;
            let facts = pacing::Facts {
                recipient_left_at: recipient.left_at(landed),
                ..facts(store, id, session, now)
            };
            self.planner.facts(facts, now)
        };
        let index = self.planner.soonest(&moments, &plain(*sessions.first()?))?;
        let (session, (_, now_history)) = (sessions[index], &past[index]);
        let gates = self.planner.explain(&Explain {
            moment: moments[index],
            facts: plain(session),
            session_state: Some(SessionState::Connected),
            session_reason: None,
            ahead: 0,
            shared: sessions.len() > 1,
        });
        Some(Told {
            session,
            gates,
            today: now_history.used_today(),
            cold: now_history.cold_today(),
            in_hour: now_history.in_hour(),
            organization,
        })
    }

    /// A session's past at this moment: as if nothing were on the wire, and as it is counted.
    ///
    /// What is on the wire may be taken back, and then a limit opens earlier than it looks now.
    fn past(&self, store: &Store, session: usize, now: Timestamp) -> (History, History) {
        let lane = &self.lanes[session];
        let known = lane.history.clone().filter(|_| lane.seen <= now);
        let mut history = known.unwrap_or_else(|| self.read(store, session, now));
        if history.tick(&self.days, now) {
            let (today, cold) = store.used(session, history.day());
            history.set_used(today, cold);
        }
        let counted = history.clone();
        if !self.planner.explains_the_wire() {
            for busy in &lane.busy {
                history.take_back(busy.departure);
            }
        }
        (history, counted)
    }

    fn used_of(&self, store: &Store, now: Timestamp) -> (Used, i64) {
        let mut used = self.used;
        if used.tick(&self.days, now) {
            used.today = (0..store.sessions.len())
                .map(|session| store.used(session, used.day).0)
                .sum();
        }
        let today = used.today;
        if !self.planner.explains_the_wire() {
            for busy in self.lanes.iter().flat_map(|lane| &lane.busy) {
                used.take_back(busy.departure);
            }
        }
        (used, today)
    }
}
