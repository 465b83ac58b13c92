//! How messages end, and what is reported about them.

use super::{Broken, Ledger, State, rules::shown};
use crate::{
    record::{Outcome, Told},
    store::Id,
};
use types::{Timestamp, messages::Class};

impl Ledger {
    /// `was`: whose it was before it was claimed, and is again when it never left.
    pub fn outcome(
        &mut self,
        id: Id,
        outcome: Outcome,
        was: Option<usize>,
        now: Timestamp,
    ) -> Result<(), Broken> {
        let entry = &mut self.entries[id];
        let Some(session) = entry.session.filter(|_| entry.state == State::Wire) else {
            return Err(format!(
                "message {id} was not on the wire and ended with {outcome:?}"
            ));
        };
        self.release(id);
        let (entry, lane) = (&mut self.entries[id], &mut self.sessions[session]);
        match outcome {
            Outcome::Sent | Outcome::Failed => entry.state = State::Ended,
            Outcome::Ambiguous => entry.state = State::Uncertain,
            Outcome::Retry(pause) | Outcome::Cold(_, pause) => {
                entry.state = State::Waiting;
                entry.again_at = Some(now + pause);
                if let Outcome::Cold(until, _) = outcome {
                    lane.cold_until = lane.cold_until.max(Some(until));
                    self.changes += 1;
                }
                self.hold(id, now);
            }
            Outcome::Held(until) => {
                (entry.state, entry.again_at, entry.session) = (State::Waiting, None, was);
                lane.held_until = lane.held_until.max(until);
                lane.row = (lane.row - i64::from(entry.class != Class::Reply)).max(0);
                self.changes += 1;
                self.never_left(id);
            }
        }
        self.join_queue(id);
        Ok(())
    }

    fn never_left(&mut self, id: Id) {
        let entry = &mut self.entries[id];
        let Some((at, session, cold)) = entry.counted else {
            return;
        };
        let lane = &mut self.sessions[session];
        // One that counts since an earlier try goes on counting.
        if !entry.first {
            return;
        }
        entry.counted = None;
        lane.hour.pop_back();
        if let Some(place) = lane.counted.iter().rposition(|(_, other, _)| *other == id) {
            lane.counted.remove(place);
        }
        let day = lane.days.entry(shown(&self.zone, at).date()).or_default();
        *day = (day.0 - 1, day.1 - i64::from(cold));
        if let Some(text) = entry.text
            && let Some(place) = lane.texts.iter().rposition(|(_, other)| *other == text)
        {
            lane.texts.remove(place);
        }
        self.recipients[entry.recipient]
            .left
            .retain(|(other, _)| *other != id);
    }

    /// The server broke off while it was on the wire.
    pub fn lost_sight(&mut self, id: Id) {
        self.release(id);
        self.entries[id].state = State::Uncertain;
    }

    pub fn settled(&mut self, id: Id, arrived: bool) {
        let entry = &mut self.entries[id];
        entry.state = if arrived { State::Ended } else { State::Waiting };
        entry.again_at = None;
        entry.session = entry.session.filter(|session| !self.sessions[*session].deleted);
        self.join_queue(id);
    }

    pub fn fetched(&mut self, id: Id, found: bool) {
        self.entries[id].media = false;
        self.release(id);
        if !found {
            self.leave_queue(id);
            self.entries[id].state = State::Ended;
        }
    }

    pub fn cancelled(&mut self, id: Id) -> Result<(), Broken> {
        if self.entries[id].state != State::Waiting {
            return Err(format!("message {id} was cancelled and did not wait"));
        }
        self.leave_queue(id);
        self.release(id);
        self.entries[id].state = State::Ended;
        Ok(())
    }

    /// The numbers beside an explanation are the ones that the limits mean.
    pub fn reported(&mut self, told: &Told, now: Timestamp) -> Result<(), Broken> {
        let today = shown(&self.zone, now).date();
        let used = |lane: &super::Session| lane.days.get(&today).copied().unwrap_or_default();
        let organization: i64 = self.sessions.iter().map(|lane| used(lane).0).sum();
        let lane = &self.sessions[told.session];
        let mut pairs = vec![
            ("today", told.today, used(lane).0),
            ("cold today", told.cold, used(lane).1),
            ("the organization's today", told.organization, organization),
        ];
        // After the clock was set back, and where very many left, the planner's hour may only be
        // more careful than the plain list.
        let calm = self.set_back_at.is_none_or(|at| now - at > 3 * 86_400_000);
        if lane.rules.hourly.is_some() && calm && lane.hour.len() < 900 {
            let hour = lane.hour.iter().filter(|at| now - **at < 3_600_000).count() as i64;
            pairs.push(("of the hour", told.in_hour, hour));
        }
        match pairs.iter().find(|(_, told, own)| told != own) {
            Some((what, told, own)) => Err(format!("a page says {told} messages {what}, and it were {own}")),
            None => Ok(()),
        }
    }

    /// At the end everything has an end.
    pub fn all_ended(&self) -> Result<(), Broken> {
        let left = |entry: &super::Entry| !matches!(entry.state, State::Ended | State::Uncertain);
        match self.entries.iter().position(left) {
            Some(id) => Err(format!(
                "message {id} never ended ({:?}), though nothing held it any more",
                self.entries[id]
            )),
            None => Ok(()),
        }
    }
}
