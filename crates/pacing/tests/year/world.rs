//! One organization's year: an event after the other, each checked by the ledger.

use super::{
    chance::Chance,
    dispatch::Node,
    ledger::{Broken, Ledger, Probe},
    planner::Planner,
    platform::Platform,
    shape::{DAY, Shape, YEAR},
    store::{Id, Recipient, Store},
};
use jiff::tz::TimeZone;
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
    pub events: BinaryHeap<Reverse<(i64, u64, Event)>>,
    number: u64,
    pub looks: Vec<(Option<i64>, u64)>,
    pub life: u64,
    pub crash_soon: bool,
    /// Whether an uncertain message had arrived.
    pub arrived: HashMap<Id, bool>,
    /// After the year: no more traffic and no more faults.
    pub quiet: bool,
    pub told: u64,
    pub departures: u64,
    pub digest: u64,
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
}
