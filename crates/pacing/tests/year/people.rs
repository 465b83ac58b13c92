//! What people and the line do: messages in and out, answers, and questions about what waits.

use super::{
    lane::Busy,
    ledger::{Broken, Probe},
    record::Outcome,
    shape::{DAY, HOUR, MINUTE, YEAR},
    store::{Entry, Id, State},
    world::{Event, World},
};
use types::{Timestamp, messages::Class};

impl World<'_> {
    /// Something is written, by us or to us.
    pub fn traffic(&mut self) {
        if self.quiet {
            return;
        }
        let bulk = (self.shape.messages / 60).clamp(10, 1_500);
        let each = (60 * 3 / 2 + 36 + 4 * (bulk + 60)) / 100;
        let wait = self.chance.wait(YEAR * each.max(1) / self.shape.messages);
        self.after(wait, Event::Traffic);
        match self.chance.below(100) {
            0..60 => {
                for _ in 0..self.chance.range(1, 2) {
                    let to = self.recipient();
                    self.accept(to, Class::Single, None);
                }
            }
            60..96 => self.incoming(),
            _ => self.many(bulk),
        }
        self.kick_all();
    }

    /// Some write often, most seldom.
    fn recipient(&mut self) -> usize {
        let most = self.shape.recipients;
        let few = if self.chance.percent(40) {
            (most / 10).max(1)
        } else {
            most
        };
        self.chance.index(few)
    }

    fn incoming(&mut self) {
        let from = self.recipient();
        self.note("incoming: from", from, 0);
        self.store.recipients[from].warm = true;
        self.ledger.incoming(from);
        self.node.wake(from);
        for _ in 0..self.chance.range(0, 2) {
            self.accept(from, Class::Reply, None);
        }
    }

    fn many(&mut self, most: i64) {
        let count = self.chance.range(most / 2, most);
        let same = self.chance.percent(50).then(|| self.chance.next());
        self.note("bulk: messages", count as usize, i64::from(same.is_some()));
        for _ in 0..count {
            let to = self.chance.index(self.shape.recipients);
            self.accept(to, Class::Bulk, same);
        }
        for _ in 0..self.chance.range(0, 120) {
            let to = self.recipient();
            self.accept(to, Class::Single, None);
        }
    }

    fn accept(&mut self, to: usize, class: Class, text: Option<u64>) {
        let now = self.now();
        let alive = |session: &usize| !self.store.sessions[*session].deleted;
        let talks = self.store.recipients[to].talks.filter(|session| alive(session));
        let sessions: Vec<usize> = (0..self.store.sessions.len()).filter(alive).collect();
        let named = self.chance.percent(25) && !sessions.is_empty();
        let session = if named {
            Some(self.chance.pick(&sessions))
        } else {
            talks
        };
        let media = self.chance.percent(3);
        let text = text.or_else(|| Some(self.chance.next() | 1));
        let id = self.store.entries.len();
        self.store.entries.push(Entry {
            recipient: to,
            class,
            created_at: now,
            chance: self.chance.next() as u32,
            chars: self.chance.range(0, 200),
            text: text.filter(|_| class != Class::Reply),
            session,
            state: State::Waiting,
            rush: false,
            counted: false,
            media,
            again_at: None,
            attempts: 0,
            holds_since: now,
        });
        self.ledger.accept(to, class, now, text, session, media);
        if media {
            self.store.hold(id, now);
            let wait = self.chance.wait(2 * MINUTE);
            self.after(wait, Event::Fetched(id));
        }
        self.node.enqueue(&self.store, id);
    }

    pub fn fetched(&mut self, id: Id) {
        if self.store.entries[id].state != State::Waiting {
            return;
        }
        let found = self.quiet || self.chance.percent(95);
        let entry = &mut self.store.entries[id];
        entry.media = false;
        if !found {
            entry.state = State::Failed;
        }
        let to = entry.recipient;
        self.store.release(id);
        self.ledger.fetched(id, found);
        if !found {
            self.node.dequeue(id);
        }
        self.node.wake(to);
        self.kick_all();
    }

    pub fn draw_outcome(&mut self, busy: Busy, now: Timestamp) -> Outcome {
        if self.quiet {
            return Outcome::Sent;
        }
        let entry = &self.store.entries[busy.id];
        let pause = 5_000 << entry.attempts.min(8);
        match self.chance.below(1_000) {
            0..955 => Outcome::Sent,
            955..970 if entry.attempts < 5 => Outcome::Retry(pause),
            955..980 => Outcome::Failed,
            980..988 => Outcome::Held(None),
            988..991 => Outcome::Held(Some(now + self.chance.range(MINUTE, 6 * HOUR))),
            991..994 if busy.departure.cold => Outcome::Cold(now + self.chance.range(HOUR, 20 * HOUR), pause),
            _ => Outcome::Ambiguous,
        }
    }

    /// One that waits, if chance finds one.
    fn waiting(&mut self) -> Option<Id> {
        let len = self.store.entries.len();
        (0..if len > 0 { 12 } else { 0 }).find_map(|_| {
            let id = len - 1 - self.chance.index(len.min(3_000));
            (self.store.entries[id].state == State::Waiting).then_some(id)
        })
    }

    pub fn explain(&mut self) -> Result<(), Broken> {
        let wait = self.chance.wait(5 * HOUR);
        self.after(wait, Event::Explain);
        self.ask()
    }

    /// Somebody asks why one that waits does.
    pub fn ask(&mut self) -> Result<(), Broken> {
        let now = self.now();
        if let Some(id) = self.waiting()
            && let Some(told) = self.node.explain(&self.store, id, now)
        {
            self.told += 1;
            self.note("explained: message, session", id, told.session as i64);
            self.ledger.promise(id, &told.gates);
            self.ledger.reported(&told, now)?;
        }
        Ok(())
    }

    pub fn probe(&mut self) {
        let wait = self.chance.wait(8 * HOUR);
        self.after(wait, Event::Probe);
        let session = self.chance.index(self.store.sessions.len());
        let now = self.now();
        if let Some(id) = self.waiting()
            && let Some(probe) = self.ledger.probe(id, session, now)
        {
            self.after(HOUR, Event::Probed(probe));
        }
    }

    /// Whoever could leave for an hour did, or the planner's own words say what it waits for.
    pub fn probed(&mut self, probe: Probe) -> Result<(), Broken> {
        let now = self.now();
        self.ledger.probed(probe, now).map_err(|why| {
            let told = self.node.explain(&self.store, probe.id, now);
            let gates = told.iter().flat_map(|told| &told.gates).filter(|gate| !gate.open);
            let words: Vec<String> = gates
                .map(|gate| format!("{} ({:?})", gate.why, gate.opens_at))
                .collect();
            format!("{why}; its page says: {}", words.join("; "))
        })
    }

    /// A member sends one now, or cancels it.
    pub fn person(&mut self) -> Result<(), Broken> {
        let wait = self.chance.wait(6 * DAY);
        self.after(wait, Event::Person);
        let Some(id) = self.waiting().filter(|_| !self.quiet) else {
            return Ok(());
        };
        self.node.dequeue(id);
        if self.chance.percent(60) {
            self.note("let pass: message", id, 0);
            self.store.entries[id].rush = true;
            self.ledger.rush(id);
            self.node.enqueue(&self.store, id);
        } else {
            self.note("cancelled: message", id, 0);
            self.store.entries[id].state = State::Cancelled;
            self.store.release(id);
            self.ledger.cancelled(id)?;
            self.node.wake(self.store.entries[id].recipient);
        }
        self.kick_all();
        Ok(())
    }
}
