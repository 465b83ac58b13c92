//! One organization's year: an event after the other, each checked by the ledger.

use super::{
    chance::Chance,
    dispatch::{Look, Node},
    lane::Busy,
    ledger::{Broken, Ledger, Probe},
    planner::Planner,
    platform::Platform,
    record::Outcome,
    shape::{DAY, Shape, YEAR},
    store::{Id, Recipient, State, Store},
};
use jiff::tz::TimeZone;
use pacing::balance;
use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap, VecDeque},
};
use types::Timestamp;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    Look(usize, u64),
    /// What a lane had on the wire is answered, if the node that sent it still lives.
    Answer(usize, u64),
    Traffic,
    Fetched(Id),
    Settle(Id),
    Up(usize),
    Down(usize),
    AddOrDelete,
    Settings,
    Suspend(bool),
    Refuse(usize, bool),
    OptOut(usize, bool),
    Person,
    Explain,
    Probe,
    Probed(Probe),
    Fault(usize),
    Quiet,
    Free,
}

pub struct World<'a> {
    pub platform: &'a Platform,
    pub zone: TimeZone,
    pub shape: Shape,
    pub store: Store,
    pub node: Node<'a>,
    pub ledger: Ledger,
    pub chance: Chance,
    /// Time that no clock shows: it only goes on.
    pub at: i64,
    pub offset: i64,
    events: BinaryHeap<Reverse<(i64, u64, Event)>>,
    number: u64,
    looks: Vec<(Option<i64>, u64)>,
    pub life: u64,
    pub crash_soon: bool,
    /// Whether an uncertain message had arrived.
    pub arrived: HashMap<Id, bool>,
    /// After the year: no more traffic and no more faults.
    pub quiet: bool,
    pub told: u64,
    departures: u64,
    digest: u64,
    trace: VecDeque<(Timestamp, &'static str, usize, i64)>,
}

/// What one organization's year, or those of all, came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    pub accepted: u64,
    pub departures: u64,
    pub explained: u64,
    pub digest: u64,
}

#[derive(Debug)]
pub struct Failure {
    pub seed: u64,
    pub organization: u64,
    pub step: u64,
    pub why: Broken,
    pub events: Vec<String>,
}

impl<'a> World<'a> {
    pub fn new(platform: &'a Platform, organization: u64, planner: &'a dyn Planner) -> Self {
        let mut chance = Chance::new(platform.seed, organization + 1);
        let shape = Shape::draw(&mut chance);
        let warm: Vec<bool> = (0..shape.recipients).map(|_| chance.percent(25)).collect();
        let store = Store {
            recipients: warm.iter().map(|warm| Recipient::new(*warm)).collect(),
            platform: platform.limits.clone(),
            organization: shape.limits.clone(),
            ..Store::default()
        };
        let node = Node::start(planner, &shape.zone, &store);
        let ledger = Ledger::new(shape.zone.clone(), warm.into_iter());
        let mut world = Self {
            platform,
            zone: shape.zone.clone(),
            store,
            node,
            ledger,
            chance,
            at: 0,
            offset: 0,
            events: BinaryHeap::new(),
            number: 0,
            looks: Vec::new(),
            life: 0,
            crash_soon: false,
            arrived: HashMap::new(),
            quiet: false,
            told: 0,
            departures: 0,
            digest: 0xcbf2_9ce4_8422_2325,
            trace: VecDeque::new(),
            shape,
        };
        world.begin();
        world
    }

    fn begin(&mut self) {
        for _ in 0..self.shape.sessions {
            self.add_session();
        }
        for (index, (at, _)) in self.platform.faults.iter().enumerate() {
            self.events
                .push(Reverse((*at, index as u64, Event::Fault(index))));
        }
        self.number = self.platform.faults.len() as u64;
        for event in [Event::Traffic, Event::Explain, Event::Probe] {
            self.after(1, event);
        }
        for (mean, event) in [
            (90, Event::AddOrDelete),
            (50, Event::Settings),
            (200, Event::Suspend(true)),
            (6, Event::Person),
        ] {
            let wait = self.chance.wait(mean * DAY);
            self.after(wait, event);
        }
        self.after(YEAR, Event::Quiet);
        self.after(YEAR + 5 * DAY, Event::Free);
    }

    pub fn now(&self) -> Timestamp {
        self.platform.start + (self.at + self.offset)
    }

    pub fn after(&mut self, wait: i64, event: Event) {
        self.number += 1;
        self.events.push(Reverse((self.at + wait, self.number, event)));
    }

    pub fn note(&mut self, what: &'static str, one: usize, two: i64) {
        if self.trace.len() >= 40 {
            self.trace.pop_front();
        }
        self.trace.push_back((self.now(), what, one, two));
    }

    pub fn run(mut self, organization: u64) -> Result<Summary, Box<Failure>> {
        let mut step = 0;
        let mut ended = Ok(());
        while let Some(Reverse((at, _, event))) = self.events.pop() {
            if at > YEAR + 8 * DAY {
                break;
            }
            step += 1;
            self.at = at;
            ended = self.happens(event);
            if ended.is_err() {
                break;
            }
        }
        match ended.and_then(|()| self.ledger.all_ended()) {
            Ok(()) => Ok(Summary {
                accepted: self.store.entries.len() as u64,
                departures: self.departures,
                explained: self.told,
                digest: self.digest,
            }),
            Err(why) => Err(Box::new(Failure {
                seed: self.platform.seed,
                organization,
                step,
                why,
                events: self.recent(),
            })),
        }
    }

    fn recent(&self) -> Vec<String> {
        let line = |(at, what, one, two): &(Timestamp, &str, usize, i64)| {
            let wall = jiff::Timestamp::from_millisecond(at.0).unwrap_or_default();
            format!("{} {what} {one} {two}", wall.to_zoned(self.zone.clone()))
        };
        self.trace.iter().map(line).collect()
    }

    fn happens(&mut self, event: Event) -> Result<(), Broken> {
        match event {
            Event::Look(lane, token) => return self.look_together(lane, token),
            Event::Answer(lane, life) if life == self.life => return self.answer(lane),
            Event::Answer(..) => {}
            Event::Probe => self.probe(),
            Event::Probed(probe) => return self.probed(probe),
            Event::Explain => return self.explain(),
            Event::Settle(id) => self.settle(id),
            other => return self.lives(other),
        }
        Ok(())
    }

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
    fn look_together(&mut self, lane: usize, token: u64) -> Result<(), Broken> {
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

    fn look(&mut self, lane: usize) -> Result<(), Broken> {
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

    fn digest(&mut self, value: u64, now: Timestamp) {
        for part in [value, now.0 as u64] {
            self.digest = (self.digest ^ part).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn answer(&mut self, lane: usize) -> Result<(), Broken> {
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

    fn settle(&mut self, id: Id) {
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
