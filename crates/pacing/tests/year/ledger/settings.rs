//! What holds for everybody: sessions, settings, the clock.

use super::{
    Ledger, Session, State,
    rules::{self, Rules},
};
use crate::store::Id;
use jiff::tz::TimeZone;
use std::collections::BTreeSet;
use types::{Timestamp, pacing::Limits};

impl Ledger {
    /// A session was added. It may take what others were said to send later, so it voids promises.
    pub fn session(&mut self, levels: [&Limits; 3], linked: Option<Timestamp>) {
        self.sessions.push(Session {
            linked,
            rules: Rules::read(levels),
            ..Session::default()
        });
        self.queues.push(<[BTreeSet<Id>; 3]>::default());
        self.void();
    }

    /// Its messages go to the pool, where others may send them sooner.
    pub fn delete(&mut self, session: usize) {
        self.sessions[session].deleted = true;
        self.up(session, false);
        self.void();
        for id in 0..self.entries.len() {
            if self.entries[id].session == Some(session) && self.entries[id].state != State::Ended {
                self.leave_queue(id);
                self.entries[id].session = None;
                self.join_queue(id);
            }
        }
    }

    pub fn up(&mut self, session: usize, up: bool) {
        self.sessions[session].up = up;
        self.changes += 1;
    }

    pub fn suspend(&mut self, suspended: bool) {
        self.suspended = suspended;
        self.changes += 1;
    }

    /// Settings changed. They are the reason of a promise, so that the promise goes with them.
    pub fn rules(&mut self, session: usize, levels: [&Limits; 3]) {
        self.sessions[session].rules = Rules::read(levels);
        self.void();
    }

    fn void(&mut self) {
        self.epoch += 1;
        self.changes += 1;
    }

    /// Another time zone: the same moments lie in other days.
    pub fn zone(&mut self, zone: TimeZone) {
        self.zone = zone;
        self.void();
        for session in &mut self.sessions {
            session.days.clear();
            for (at, _, cold) in &session.counted {
                let day = session
                    .days
                    .entry(rules::shown(&self.zone, *at).date())
                    .or_default();
                *day = (day.0 + 1, day.1 + i64::from(*cold));
            }
        }
    }

    /// The clock was set. When it was set back, moments that now lie ahead become now and waits
    /// keep their length; what was promised for a moment of the other clock is void.
    pub fn clock(&mut self, now: Timestamp, back: i64) {
        self.changes += 1;
        if back <= 0 {
            return;
        }
        self.void();
        self.set_back_at = Some(now);
        let clamp = |at: &mut Timestamp| *at = (*at).min(now);
        let shift = |at: &mut Option<Timestamp>| *at = at.map(|at| at + -back);
        for session in &mut self.sessions {
            session.last_left.iter_mut().for_each(clamp);
            session.hour.iter_mut().for_each(clamp);
            session.texts.iter_mut().for_each(|(at, _)| clamp(at));
            let waits = [session.paused_until, session.held_until, session.cold_until];
            session.slow_until = waits.into_iter().fold(session.slow_until, Option::max);
            shift(&mut session.paused_until);
            shift(&mut session.held_until);
            shift(&mut session.cold_until);
        }
        for recipient in &mut self.recipients {
            recipient.left.iter_mut().for_each(|(_, at)| clamp(at));
            for id in &recipient.holding {
                let entry = &mut self.entries[*id];
                entry.holds_since.iter_mut().for_each(clamp);
                shift(&mut entry.again_at);
            }
        }
    }
}
