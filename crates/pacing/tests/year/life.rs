//! What happens to an organization: sessions come and go, settings change, nodes die.

use super::{
    dispatch::Node,
    ledger::Broken,
    platform::Fault,
    shape::{DAY, HOUR, MINUTE, draw, zone},
    store::{Session, State},
    world::{Event, World},
};
use types::pacing::{Limit, Limits};

impl World<'_> {
    pub fn lives(&mut self, event: Event) -> Result<(), Broken> {
        match event {
            Event::Traffic => self.traffic(),
            Event::Fetched(id) => self.fetched(id),
            Event::Up(session) => self.up(session),
            Event::Down(session) => self.down(session),
            Event::AddOrDelete => self.add_or_delete(),
            Event::Settings => self.settings(),
            Event::Suspend(on) => self.suspend(on),
            Event::Refuse(to, on) => self.refuse(to, on),
            Event::OptOut(to, on) => self.opt_out(to, on),
            Event::Person => return self.person(),
            Event::Fault(index) => self.fault(index),
            Event::Quiet => self.calm(),
            Event::Free => self.free(),
            _ => {}
        }
        Ok(())
    }

    pub fn add_session(&mut self) {
        let mut limits = Limits::default();
        for limit in Limit::ALL {
            if self.chance.percent(12) {
                draw(&mut limits, *limit, self.shape.messages, &mut self.chance);
            }
        }
        let now = self.now();
        let age = self.chance.range(0, 200) * DAY;
        let age = if self.at > 0 || self.chance.percent(30) {
            0
        } else {
            age
        };
        let session = self.store.sessions.len();
        self.store.sessions.push(Session {
            limits,
            linked_at: Some(now + -age),
            ..Session::default()
        });
        let limits = &self.store.sessions[session].limits;
        self.ledger.session(
            [&self.store.platform, &self.store.organization, limits],
            Some(now + -age),
        );
        self.new_lane();
        self.node.add_lane(&self.store, session);
        for id in 0..self.store.entries.len() {
            self.node.enqueue(&self.store, id);
        }
        self.after(1, Event::Up(session));
    }

    fn up(&mut self, session: usize) {
        if self.store.sessions[session].deleted || self.store.sessions[session].up {
            return;
        }
        self.note("connected: session", session, 0);
        self.store.sessions[session].up = true;
        self.ledger.up(session, true);
        self.kick(session);
        let wait = self.chance.wait(9 * DAY);
        self.after(wait, Event::Down(session));
    }

    fn down(&mut self, session: usize) {
        if self.quiet || !self.store.sessions[session].up {
            return;
        }
        self.note("disconnected: session", session, 0);
        self.store.sessions[session].up = false;
        self.ledger.up(session, false);
        let mean = self.chance.pick(&[MINUTE, HOUR, DAY]);
        let wait = self.chance.wait(mean);
        self.after(wait, Event::Up(session));
    }

    fn add_or_delete(&mut self) {
        let wait = self.chance.wait(60 * DAY);
        self.after(wait, Event::AddOrDelete);
        let alive: Vec<usize> = (0..self.store.sessions.len())
            .filter(|session| !self.store.sessions[*session].deleted)
            .collect();
        if self.quiet || (alive.len() < 4 && self.chance.percent(50)) || alive.len() < 2 {
            if !self.quiet && alive.len() < 4 {
                self.note("session added", self.store.sessions.len(), 0);
                self.add_session();
            }
            return;
        }
        let session = self.chance.pick(&alive);
        if !self.node.lanes[session].busy.is_empty() {
            return;
        }
        self.note("session deleted", session, 0);
        self.store.sessions[session].deleted = true;
        self.store.sessions[session].up = false;
        self.ledger.delete(session);
        for id in 0..self.store.entries.len() {
            let entry = &mut self.store.entries[id];
            if entry.session == Some(session) && entry.state == State::Waiting {
                entry.session = None;
                self.node.enqueue(&self.store, id);
            }
        }
        self.kick_all();
    }

    fn settings(&mut self) {
        let wait = self.chance.wait(50 * DAY);
        self.after(wait, Event::Settings);
        if self.quiet {
            return;
        }
        if self.chance.percent(8) {
            self.zone = zone(&mut self.chance);
            self.ledger.zone(self.zone.clone());
            self.restart();
            return;
        }
        let (limit, messages) = (self.chance.pick(Limit::ALL), self.shape.messages);
        if self.chance.percent(50) {
            let session = self.chance.index(self.store.sessions.len());
            draw(
                &mut self.store.sessions[session].limits,
                limit,
                messages,
                &mut self.chance,
            );
        } else if self.chance.percent(70) {
            draw(&mut self.store.organization, limit, messages, &mut self.chance);
        } else {
            self.store.organization.set(limit, None);
            if matches!(limit, Limit::DelayMin | Limit::DelayMax) {
                self.store.organization.set(Limit::DelayMin, None);
                self.store.organization.set(Limit::DelayMax, None);
            }
        }
        let to = self.chance.index(self.shape.recipients);
        self.after(1, Event::Refuse(to, true));
        let to = self.chance.index(self.shape.recipients / 10 + 1);
        self.after(1, Event::OptOut(to, true));
        self.new_rules();
    }

    fn new_rules(&mut self) {
        self.note("settings", 0, 0);
        for session in 0..self.store.sessions.len() {
            let limits = &self.store.sessions[session].limits;
            self.ledger
                .rules(session, [&self.store.platform, &self.store.organization, limits]);
        }
        self.node.new_rules(&self.store);
        self.kick_all();
    }

    fn suspend(&mut self, on: bool) {
        if on {
            let wait = self.chance.wait(2 * DAY);
            self.after(wait, Event::Suspend(false));
            let wait = self.chance.wait(150 * DAY);
            self.after(wait, Event::Suspend(true));
        }
        let on = on && !self.quiet;
        self.note("suspended", usize::from(on), 0);
        self.store.suspended = on;
        self.ledger.suspend(on);
        self.kick_all();
    }

    fn refuse(&mut self, to: usize, on: bool) {
        let on = on && !self.quiet;
        self.store.recipients[to].allowed = !on;
        self.ledger.allowed(to, !on);
        if on {
            let wait = self.chance.wait(20 * DAY);
            self.after(wait, Event::Refuse(to, false));
        }
        self.node.wake(to);
        self.kick_all();
    }

    fn opt_out(&mut self, to: usize, on: bool) {
        let on = on && !self.quiet;
        self.store.recipients[to].opted_out = on;
        self.ledger.opted_out(to, on);
        if on {
            let wait = self.chance.wait(20 * DAY);
            self.after(wait, Event::OptOut(to, false));
        }
        self.node.wake(to);
        self.kick_all();
    }

    fn fault(&mut self, index: usize) {
        let platform = self.platform;
        match &platform.faults[index].1 {
            Fault::Restart { on_the_wire: true } => self.crash_soon = true,
            Fault::Restart { on_the_wire: false } => self.restart(),
            Fault::Clock(by) => {
                self.note("the clock is set by", 0, *by);
                self.offset += by;
                let now = self.now();
                self.ledger.clock(now, -by);
                if *by < 0 {
                    self.store.set_back(now, -by);
                }
                self.kick_all_again();
            }
            Fault::Limits(limits) => {
                self.store.platform = limits.clone();
                self.new_rules();
            }
        }
    }

    /// The node dies and another starts: only the store is left.
    pub fn restart(&mut self) {
        self.note("restart", 0, 0);
        self.ledger.restarted();
        self.life += 1;
        for id in self.node.crash(&mut self.store) {
            self.ledger.lost_sight(id);
            let arrived = self.chance.percent(60);
            self.uncertain(id, arrived);
        }
        self.node = Node::start(self.node.planner, &self.zone, &self.store);
        self.kick_all_again();
    }

    /// The year is over: everything gets well, and limits stay as they are.
    fn calm(&mut self) {
        self.note("the year is over", 0, 0);
        self.quiet = true;
        self.suspend(false);
        for to in 0..self.shape.recipients {
            self.refuse(to, false);
            self.opt_out(to, false);
        }
        if self.store.sessions.iter().all(|session| session.deleted) {
            self.add_session();
        }
        for session in 0..self.store.sessions.len() {
            self.up(session);
        }
    }

    /// Nothing limits any more, so everything leaves.
    fn free(&mut self) {
        self.store.platform = Limits::off();
        self.store.organization = Limits::default();
        for session in &mut self.store.sessions {
            session.limits = Limits::default();
        }
        self.new_rules();
    }
}
