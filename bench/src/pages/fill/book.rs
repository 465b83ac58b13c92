//! What must be remembered while messages are made, so that the kept numbers are true of them.

use super::{
    chance::{self, DAY, early},
    shape::{Kind, Organization as Plan},
    timeline::SPAN,
};
use rand::{Rng as _, rngs::StdRng};
use std::collections::{BTreeMap, HashMap};
use types::{SessionId, Timestamp};

/// An organization with what is kept of it.
#[derive(Debug)]
pub struct Organization {
    pub key: String,
    pub plan: Plan,
    pub created_at: i64,
    pub sessions: Vec<Session>,
    pub chats: Vec<Chat>,
    pub next_queue_id: i64,
    pub waiting: i64,
    pub sent: i64,
    pub failed: i64,
    /// By day and session; without one for what failed before a session was chosen.
    pub days: BTreeMap<(String, Option<usize>), Day>,
    /// How many of its past messages were made.
    pub made: u32,
    pub owner: String,
}

#[derive(Debug)]
pub struct Session {
    pub key: String,
    pub id: SessionId,
    pub name: String,
    pub kind: Kind,
    pub created_at: i64,
    pub sent: i64,
    pub failed: i64,
    pub last_left_at: Option<i64>,
    /// The last hundred attempts, newest last.
    pub outcomes: String,
    /// It was there before the database was filled.
    pub is_first: bool,
}

#[derive(Debug)]
pub struct Chat {
    pub key: String,
    pub session: usize,
    pub jid: String,
    pub name: Option<String>,
    pub last_text: String,
    pub last_from_me: bool,
    pub last_at: i64,
    pub left_at: Option<i64>,
    pub in_at: Option<i64>,
}

#[derive(Clone, Copy, Debug, Default)]
pub struct Day {
    pub sent: i64,
    pub delivered: i64,
    pub read: i64,
    pub failed: i64,
    pub received: i64,
    pub used: i64,
    pub cold: i64,
}

impl Organization {
    pub fn new(plan: Plan, nth: usize, now: i64, random: &mut StdRng) -> Self {
        // The large one is the oldest.
        let created_at = now - SPAN - DAY - (1_000 - nth as i64);
        let mut own = Self {
            key: chance::id(created_at, random),
            sessions: Vec::new(),
            chats: Vec::new(),
            next_queue_id: 1,
            waiting: 0,
            sent: 0,
            failed: 0,
            days: BTreeMap::new(),
            made: 0,
            owner: String::new(),
            created_at,
            plan,
        };
        for (place, kind) in own.plan.sessions.clone().into_iter().enumerate() {
            let at = created_at + place as i64 * 60_000;
            let key = chance::id(at, random);
            own.sessions.push(Session::new(key, place, kind, at));
        }
        own
    }

    /// The next number of its queue.
    pub fn queue_id(&mut self) -> i64 {
        self.next_queue_id += 1;
        self.next_queue_id - 1
    }

    /// Whether it is time for somebody new, so that all are there in the end.
    pub fn wants_new_chat(&self) -> bool {
        self.chats.len() as u64 * u64::from(self.plan.past)
            <= u64::from(self.made) * u64::from(self.plan.chats)
            && self.chats.len() < self.plan.chats as usize
    }

    pub fn new_chat(&mut self, nth: usize, random: &mut StdRng) -> usize {
        let session = early(self.sessions.len(), random);
        let place = self.chats.len();
        let jid = jid(nth, place);
        self.chats.push(Chat {
            key: domain::chats::id_of(self.sessions[session].id, &jid).key(),
            session,
            jid,
            name: chance::percent(60, random)
                .then(|| format!("Customer {:05}", random.random_range(0..90_000))),
            last_text: String::new(),
            last_from_me: false,
            last_at: 0,
            left_at: None,
            in_at: None,
        });
        place
    }

    pub fn day(&mut self, day: String, session: Option<usize>) -> &mut Day {
        self.days.entry((day, session)).or_default()
    }
}

impl Session {
    #[expect(
        clippy::default_trait_access,
        reason = "the type is of a crate that is not used here"
    )]
    pub fn new(key: String, place: usize, kind: Kind, created_at: i64) -> Self {
        const NAMES: [&str; 5] = ["Sales", "Support", "Orders", "Reminders", "Front desk"];
        let id = SessionId::from_key(&key).unwrap_or(SessionId(Default::default()));
        Self {
            name: format!("{} {}", NAMES[place % NAMES.len()], place / NAMES.len() + 1),
            key,
            id,
            kind,
            created_at,
            sent: 0,
            failed: 0,
            last_left_at: None,
            outcomes: String::new(),
            is_first: false,
        }
    }

    /// Remembers an attempt, as its lane would.
    pub fn attempt(&mut self, good: bool) {
        if self.outcomes.len() >= 100 {
            self.outcomes.remove(0);
        }
        self.outcomes.push(if good { '1' } else { '0' });
    }
}

impl Chat {
    /// The newest message stands in the list.
    pub fn touch(&mut self, text: &str, from_me: bool, at: i64) {
        if at >= self.last_at {
            self.last_text = text.replace('\n', " ").chars().take(120).collect();
            self.last_from_me = from_me;
            self.last_at = at;
        }
        let side = if from_me {
            &mut self.left_at
        } else {
            &mut self.in_at
        };
        *side = Some(side.map_or(at, |before| before.max(at)));
    }
}

/// The number of somebody: no two organizations have the same customers.
pub fn jid(organization: usize, place: usize) -> String {
    format!("6281{organization:04}{place:07}@s.whatsapp.net")
}

/// Calendar days in the zones of organizations; looking one up takes longer than all the rest of a
/// message.
#[derive(Debug, Default)]
pub struct Calendar(HashMap<(&'static str, i64), String>);

impl Calendar {
    pub fn day(&mut self, zone: &'static str, at: i64) -> String {
        // Every quarter of an hour lies within one day in every zone.
        self.0
            .entry((zone, at.div_euclid(900_000)))
            .or_insert_with(|| domain::time::day_of(zone, Timestamp(at)))
            .clone()
    }
}
