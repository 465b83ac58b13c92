//! Whether a message may leave now, and writing down that it did.

use super::{
    Broken, Ledger, State,
    rules::{inside, shown},
};
use crate::store::Id;
use types::{Timestamp, messages::Class};

const HOUR: i64 = 3_600_000;
const HOLDS: i64 = 600_000;

fn until(at: Option<Timestamp>, now: Timestamp, why: &'static str) -> Result<(), &'static str> {
    if at.is_some_and(|at| at > now) {
        Err(why)
    } else {
        Ok(())
    }
}

fn unless(broken: bool, why: &'static str) -> Result<(), &'static str> {
    if broken { Err(why) } else { Ok(()) }
}

impl Ledger {
    /// A message goes on the wire.
    pub fn depart(&mut self, id: Id, session: usize, now: Timestamp) -> Result<(), Broken> {
        let told = |why: &str| format!("message {id} left through session {session}: {why}");
        self.may(id, session, now, true).map_err(told)?;
        self.watched(id, session, now).map_err(|why| told(&why))?;
        self.leave_queue(id);
        let entry = &mut self.entries[id];
        let recipient = &mut self.recipients[entry.recipient];
        entry.session = Some(session);
        entry.state = State::Wire;
        recipient.left.retain(|(other, _)| *other != id);
        if recipient.left.len() >= 8 {
            recipient.left.remove(0);
        }
        recipient.left.push((id, now));
        let (class, cold, text) = (entry.class, !recipient.warm, entry.text);
        let lane = &mut self.sessions[session];
        if let (true, Some((after, pause))) = (class != Class::Reply, lane.rules.pause) {
            let breaks = lane.last_left.is_none_or(|left| now - left >= pause);
            lane.row = if breaks { 1 } else { lane.row + 1 };
            if lane.row >= after {
                lane.row = 0;
                lane.paused_until = Some(now + pause);
            }
        }
        lane.last_left = Some(now);
        lane.departures += 1;
        entry.first = entry.counted.is_none();
        if entry.first {
            entry.counted = Some((now, session, cold));
            lane.hour.push_back(now);
            lane.counted.push((now, id, cold));
            if lane.counted.len().is_power_of_two() {
                lane.counted.retain(|(at, ..)| now - *at < 96 * HOUR);
            }
            let day = lane.days.entry(shown(&self.zone, now).date()).or_default();
            *day = (day.0 + 1, day.1 + i64::from(cold));
            lane.texts.extend(text.map(|text| (now, text)));
        }
        self.hold(id, now);
        Ok(())
    }

    /// `strictly`: with the delay, which holds whoever is next, and with what was promised.
    pub(super) fn may(
        &mut self,
        id: Id,
        session: usize,
        now: Timestamp,
        strictly: bool,
    ) -> Result<(), &'static str> {
        let lane = &mut self.sessions[session];
        while lane.hour.front().is_some_and(|at| now - *at >= HOUR) {
            lane.hour.pop_front();
        }
        while lane.texts.front().is_some_and(|(at, _)| now - *at >= HOUR) {
            lane.texts.pop_front();
        }
        let (lane, entry) = (&self.sessions[session], &self.entries[id]);
        let recipient = &self.recipients[entry.recipient];
        unless(
            entry.state != State::Waiting,
            "it does not wait: it would leave twice",
        )?;
        unless(
            entry.session.is_some_and(|own| own != session),
            "it is another session's",
        )?;
        unless(lane.deleted || !lane.up, "the session is not connected")?;
        unless(self.suspended, "the organization is suspended")?;
        unless(!recipient.allowed, "the recipient is not on the allow-list")?;
        unless(recipient.opted_out, "the recipient opted out")?;
        unless(entry.media, "its attachment is not there")?;
        until(entry.again_at, now, "it is tried again too soon")?;
        let earlier = |other: &Id| {
            let since = self.entries[*other].holds_since;
            *other < id && since.is_some_and(|since| now - since < HOLDS)
        };
        unless(
            recipient.holding.iter().any(earlier),
            "an earlier one to the recipient is on its way",
        )?;
        until(lane.held_until, now, "WhatsApp asked the session to wait")?;
        unless(
            !recipient.warm && lane.cold_until > Some(now),
            "WhatsApp takes nothing to new people",
        )?;
        if entry.rush {
            return Ok(());
        }
        if strictly {
            self.patient(id, session, now)?;
        }
        if entry.class != Class::Reply {
            self.paced(id, session, now)?;
        }
        if entry.counted.is_some() {
            Ok(())
        } else {
            self.limits(id, session, now)
        }
    }

    fn patient(&self, id: Id, session: usize, now: Timestamp) -> Result<(), &'static str> {
        let (lane, entry) = (&self.sessions[session], &self.entries[id]);
        let rules = &lane.rules;
        let void = entry.promised_in != self.epoch;
        unless(!void && entry.promised > now, "an explanation named a later time")?;
        let own = if entry.class == Class::Reply {
            i64::from(rules.paces) * 1_000
        } else {
            rules.delay
        };
        let soon = entry.created_at <= now && now - entry.created_at < own;
        unless(soon, "it was accepted a moment ago")?;
        let soon = lane.last_left.is_some_and(|left| now - left < rules.delay);
        unless(
            entry.class != Class::Reply && soon,
            "the one before it left a moment ago",
        )
    }

    fn paced(&self, id: Id, session: usize, now: Timestamp) -> Result<(), &'static str> {
        let (lane, entry) = (&self.sessions[session], &self.entries[id]);
        let rules = &lane.rules;
        if rules.pause.is_some() {
            until(lane.paused_until, now, "the session pauses")?;
        }
        if let Some(window) = rules.window {
            unless(!inside(window, &shown(&self.zone, now)), "the window is shut")?;
        }
        let left = self.recipients[entry.recipient].left.iter();
        let last = left.filter(|(other, _)| *other != id).map(|(_, at)| *at).max();
        unless(
            last.is_some_and(|at| now - at < rules.gap),
            "the recipient got one a moment ago",
        )?;
        if let (Some((after, pause)), Some(text)) = (rules.repeated, entry.text) {
            let same = lane.texts.iter().filter(|(_, other)| *other == text);
            let (count, last) = same.fold((0, None), |(count, _), (at, _)| (count + 1, Some(*at)));
            let soon = last.is_some_and(|at| now - at < pause);
            unless(count >= after && soon, "the text is repeated too fast")?;
        }
        Ok(())
    }

    fn limits(&self, id: Id, session: usize, now: Timestamp) -> Result<(), &'static str> {
        let (lane, entry) = (&self.sessions[session], &self.entries[id]);
        let rules = &lane.rules;
        let hour = lane.hour.len() as i64;
        unless(rules.hourly.is_some_and(|most| hour >= most), "the hour is full")?;
        let limited = rules.daily.is_some() || rules.warm_up || rules.cold.is_some();
        if !limited && rules.organization.is_none() {
            return Ok(());
        }
        let today = shown(&self.zone, now).date();
        let used = |lane: &super::Session| lane.days.get(&today).copied().unwrap_or_default();
        let linked = lane.linked.map(|at| shown(&self.zone, at).date());
        let (all, cold) = used(lane);
        unless(all >= rules.day(linked, today), "the session's day is full")?;
        let sum = || self.sessions.iter().map(|lane| used(lane).0).sum::<i64>();
        unless(
            rules.organization.is_some_and(|most| sum() >= most),
            "the organization's day is full",
        )?;
        let warm = self.recipients[entry.recipient].warm;
        unless(
            !warm && rules.cold.is_some_and(|most| cold >= most),
            "the cold quota is used",
        )
    }
}
