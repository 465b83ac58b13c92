//! What waits, and what nobody knows the end of.

use super::{
    book::{Organization, jid},
    chance::{self, early, percent},
    past::{Maker, class},
    rows::Rows,
    shape::Kind,
    timeline::Entry,
};
use crate::row;
use rand::{Rng as _, rngs::StdRng};
use types::Timestamp;

const INTO: &str = "messages (id, organization_id, session_id, chat_id, queue_id, from_me, recipient, body, class, state, \
     error, attempts, wire_at, created_at, rank, parked_until, chance, chars, named, batch_id)";

/// Rows of messages that wait.
#[derive(Debug)]
pub struct Waiting {
    pub rows: Rows,
    /// How many were on the wire when something broke.
    uncertain: u32,
}

impl Default for Waiting {
    fn default() -> Self {
        Self {
            rows: Rows::new(INTO),
            uncertain: 0,
        }
    }
}

impl Waiting {
    /// Most such messages; they are few by nature.
    const UNCERTAIN: u32 = 24;

    pub fn make(
        &mut self,
        nth: usize,
        own: &mut Organization,
        entry: Entry,
        maker: &Maker<'_>,
        random: &mut StdRng,
    ) {
        let queue_id = own.queue_id();
        own.waiting += 1;
        let session = place(own, random);
        let kind = session.map(|session| own.sessions[session].kind);
        let to = if percent(70, random) && !own.chats.is_empty() {
            own.chats[early(own.chats.len(), random)].jid.clone()
        } else {
            // Somebody who never wrote to us.
            let customers = own.plan.chats as usize + random.random_range(0..=own.plan.waiting as usize);
            jid(nth, customers)
        };
        let (class, rank) = match class(entry, random) {
            // Replies pass the hours of the day: only where nothing leaves at all do they wait.
            ("reply", _) if !matches!(kind, Some(Kind::Stopped | Kind::LoggedOut)) => ("single", 2),
            other => other,
        };
        let text = chance::text(queue_id as u64, random);
        let uncertain = kind == Some(Kind::Stopped) && nth == 0 && self.uncertain < Self::UNCERTAIN;
        self.uncertain += u32::from(uncertain);
        // A lane that came to it and found its own gate closed has put it aside until tomorrow.
        let parks = matches!(kind, None | Some(Kind::Spent)) && percent(6, random);
        let until = if parks {
            tomorrow(own.plan.zone, maker.now)
        } else {
            0
        };
        let chat = session.map(|session| domain::chats::id_of(own.sessions[session].id, &to).key());
        self.rows.push(row![
            &chance::id(entry.at, random),
            &own.key,
            session.map(|session| &own.sessions[session].key),
            chat.as_ref(),
            queue_id,
            1,
            &to,
            &text,
            class,
            if uncertain { "uncertain" } else { "pending" },
            uncertain.then_some("The line broke before WhatsApp said that it has the message."),
            i64::from(uncertain),
            uncertain.then_some(entry.at + 2_000),
            entry.at,
            rank,
            until,
            i64::from(random.random::<u32>()),
            text.chars().count() as i64,
            i64::from(session.is_some()),
            entry.batch.map(|batch| &maker.batches[batch])
        ]);
    }
}

/// Which session it waits for; without one, for whichever opens first.
fn place(own: &Organization, random: &mut StdRng) -> Option<usize> {
    let kind = match random.random_range(0..100) {
        _ if own.plan.sessions.contains(&Kind::Free) || own.plan.sessions.len() < 5 => Kind::Stopped,
        0..45 => return None,
        45..70 => Kind::Spent,
        70..80 => Kind::Closed,
        80..92 => Kind::Stopped,
        _ => Kind::LoggedOut,
    };
    let of_kind: Vec<usize> = (0..own.sessions.len())
        .filter(|session| own.sessions[*session].kind == kind)
        .collect();
    of_kind.get(early(of_kind.len(), random)).copied()
}

fn tomorrow(zone: &str, now: i64) -> i64 {
    let today = domain::time::date_of(zone, Timestamp(now));
    domain::time::day_bounds(zone, today).map_or(now + chance::DAY, |(_, end)| end.0)
}
