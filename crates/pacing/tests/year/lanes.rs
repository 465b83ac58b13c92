//! When lanes look, what they put on the wire, and what is answered.

use super::{
    dispatch::Look,
    lane::Busy,
    ledger::Broken,
    record::Outcome,
    shape::{DAY, YEAR},
    store::{Id, State},
    world::{Event, World},
};
use pacing::balance;
use std::cmp::Reverse;
use types::Timestamp;

impl World<'_> {
    pub fn kick(&mut self, lane: usize) {
        self.look_at(lane, self.at);
    }

    pub fn kick_all(&mut self) {
        for lane in 0..self.looks.len() {
            self.kick(lane);
        }
    }

    /// The clock was set: who sleeps until a moment of it looks again.
    pub fn kick_all_again(&mut self) {
        for look in &mut self.looks {
            look.0 = None;
        }
        self.kick_all();
    }

    fn look_at(&mut self, lane: usize, at: i64) {
        let look = &mut self.looks[lane];
        if look.0.is_none_or(|other| at < other) {
            *look = (Some(at), look.1 + 1);
            let token = look.1;
            self.after(at - self.at, Event::Look(lane, token));
        }
    }

    pub fn new_lane(&mut self) {
        self.looks.push((None, 0));
    }

    /// Lanes that are free at the same moment go in the balancer's order.
    pub fn look_together(&mut self, lane: usize, token: u64) -> Result<(), Broken> {
        let mut lanes = vec![(lane, token)];
        while let Some(Reverse((at, _, Event::Look(lane, token)))) = self.events.peek()
            && *at == self.at
        {
            lanes.push((*lane, *token));
            self.events.pop();
        }
        lanes.retain(|(lane, token)| self.looks[*lane].1 == *token && self.looks[*lane].0.is_some());
        if lanes.len() > 1 {
            let inputs: Vec<_> = lanes.iter().map(|(lane, _)| self.inputs(*lane)).collect();
            let mut order: Vec<usize> = (0..lanes.len()).collect();
            order.sort_by(|a, b| {
                let before = |a: &usize, b: &usize| balance::before(&inputs[*a], &inputs[*b]);
                before(b, a).cmp(&before(a, b))
            });
            lanes = order.into_iter().map(|index| lanes[index]).collect();
        }
        for (lane, token) in lanes {
            if self.looks[lane].1 == token {
                self.looks[lane].0 = None;
                self.look(lane)?;
            }
        }
        Ok(())
    }

    fn inputs(&self, lane: usize) -> balance::Inputs {
        let (row, now) = (&self.store.sessions[lane], self.now());
        let history = self.node.lanes[lane].history.as_ref();
        balance::Inputs {
            age_days: row.linked_at.map_or(0.0, |at| (now - at) as f64 / DAY as f64),
            today_sent: history.map_or(0, pacing::History::used_today),
            failure_rate: row.outcomes.failure_rate(),
            cooldown_minutes: row
                .paused_until
                .map_or(0.0, |at| ((at - now).max(0)) as f64 / 60_000.0),
        }
    }

    pub fn look(&mut self, lane: usize) -> Result<(), Broken> {
        if self.store.sessions[lane].deleted || !self.node.lanes[lane].busy.is_empty() {
            return Ok(());
        }
        let now = self.now();
        match self.node.look(&mut self.store, lane, now) {
            Look::Sleeps(None) => self.note("sleeps: session", lane, -1),
            Look::Sleeps(Some(at)) => {
                self.note("sleeps: session, for", lane, at - now);
                let at = at.0.saturating_sub(self.platform.start.0 + self.offset);
                if at < 3 * YEAR {
                    self.look_at(lane, at.max(self.at + 1));
                }
            }
            Look::Sends(busy) => {
                for Busy { id, .. } in busy {
                    self.note("leaves: message, session", id, lane as i64);
                    self.departures += 1;
                    self.digest(id as u64, now);
                    self.ledger.depart(id, lane, now)?;
                }
                let latency = if self.chance.percent(2) {
                    20_000
                } else {
                    self.chance.range(20, 1_500)
                };
                self.after(latency, Event::Answer(lane, self.life));
                if std::mem::take(&mut self.crash_soon) {
                    self.restart();
                } else if self.chance.percent(5) {
                    // What is on the wire may still be taken back.
                    return self.ask();
                }
            }
        }
        Ok(())
    }

    pub fn digest(&mut self, value: u64, now: Timestamp) {
        for part in [value, now.0 as u64] {
            self.digest = (self.digest ^ part).wrapping_mul(0x0100_0000_01b3);
        }
    }

    pub fn answer(&mut self, lane: usize) -> Result<(), Broken> {
        let now = self.now();
        let mut line_is_down = None;
        let mut others = false;
        let busy = self.node.lanes[lane].busy.clone();
        let mut outcomes = Vec::new();
        for busy in &busy {
            let outcome = line_is_down.unwrap_or_else(|| self.draw_outcome(*busy, now));
            if matches!(outcome, Outcome::Held(_)) {
                line_is_down = Some(outcome);
            }
            outcomes.push(outcome);
        }
        if line_is_down.is_some() {
            // What is on the wire is about to be taken back; an explanation must know that it may.
            for _ in 0..4 {
                self.ask()?;
            }
        }
        for (busy, outcome) in busy.into_iter().zip(outcomes) {
            self.note("answered: message, session", busy.id, lane as i64);
            others |= self.node.record(&mut self.store, lane, busy, outcome, now);
            self.ledger.outcome(busy.id, outcome, busy.was, now)?;
            self.digest(outcome_code(outcome), now);
            if outcome == Outcome::Ambiguous {
                let arrived = self.chance.percent(50);
                self.uncertain(busy.id, arrived);
            }
        }
        if others {
            self.kick_all();
        } else {
            self.kick(lane);
        }
        Ok(())
    }

    pub fn uncertain(&mut self, id: Id, arrived: bool) {
        self.arrived.insert(id, arrived);
        let wait = self.chance.wait(600_000);
        self.after(wait, Event::Settle(id));
    }

    pub fn settle(&mut self, id: Id) {
        if self.store.entries[id].state != State::Uncertain {
            return;
        }
        let arrived = self.arrived.remove(&id).unwrap_or(true);
        // What nobody can settle stays uncertain; a person sends some of the lost again.
        if !arrived && self.chance.percent(15) {
            return;
        }
        self.note("settled: message, arrived", id, i64::from(arrived));
        self.node.settle(&mut self.store, id, arrived);
        self.ledger.settled(id, arrived);
        self.kick_all();
    }
}

const fn outcome_code(outcome: Outcome) -> u64 {
    match outcome {
        Outcome::Sent => 1,
        Outcome::Failed => 2,
        Outcome::Retry(_) => 3,
        Outcome::Held(_) => 4,
        Outcome::Cold(..) => 5,
        Outcome::Ambiguous => 6,
    }
}
