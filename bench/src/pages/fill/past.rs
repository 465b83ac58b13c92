//! Messages that have been and gone: sent, read, failed, cancelled, received.

use super::{
    book::{Calendar, Organization},
    chance::{self, HOUR, MINUTE, early, percent},
    rows::Rows,
    timeline::Entry,
};
use crate::row;
use rand::{Rng as _, rngs::StdRng};

pub const OUT: &str = "messages (id, organization_id, session_id, chat_id, queue_id, reference_id, from_me, recipient, \
     body, class, state, error, attempts, wire_at, created_at, sent_at, delivered_at, read_at, settled_at, chat_at, \
     rank, chance, chars, named, batch_id)";
pub const IN: &str = "messages (id, organization_id, session_id, chat_id, wire_id, from_me, recipient, body, class, \
     state, created_at, chat_at)";

const FAILURES: [&str; 3] = [
    "This number is not on WhatsApp. Check it and send the message to the right one.",
    "WhatsApp did not take the message: it was too large.",
    "The message could not be sent: the phone did not answer.",
];

/// Where the rows go, and what they are made with.
pub struct Maker<'a> {
    pub out: Rows,
    pub incoming: Rows,
    pub events: Rows,
    pub log: super::log::Log,
    pub days: Calendar,
    pub batches: &'a [String],
    pub now: i64,
    /// From then on there are events.
    pub events_from: i64,
}

/// What became of one that was sent, so that places deep in lists can be named.
#[derive(Clone, Debug)]
pub struct Left {
    pub id: String,
    pub chat: usize,
    pub at: i64,
    /// By us.
    pub outgoing: bool,
}

enum Outcome {
    Left,
    Failed,
    Cancelled,
}

impl Maker<'_> {
    /// Makes one; answers where it stands if it is in a chat.
    pub fn past(
        &mut self,
        nth: usize,
        own: &mut Organization,
        entry: Entry,
        random: &mut StdRng,
    ) -> Option<Left> {
        let fresh = own.wants_new_chat();
        let chat = if fresh {
            own.new_chat(nth, random)
        } else {
            early(own.chats.len(), random)
        };
        own.made += 1;
        let id = chance::id(entry.at, random);
        if entry.batch.is_none() && percent(18, random) {
            self.received(own, chat, &id, entry.at, random);
            return Some(Left {
                id,
                chat,
                at: entry.at,
                outgoing: false,
            });
        }
        let dice = random.random_range(0..1_000);
        let outcome = match dice {
            0..25 if !fresh => Outcome::Failed,
            25..45 if !fresh => Outcome::Cancelled,
            _ => Outcome::Left,
        };
        self.sent(own, chat, &id, entry, &outcome, random)
    }

    fn received(&mut self, own: &mut Organization, chat: usize, id: &str, at: i64, random: &mut StdRng) {
        let text = chance::answer(random);
        let with = &mut own.chats[chat];
        with.touch(text, false, at);
        let session = with.session;
        let day = self.days.day(own.plan.zone, at);
        own.day(day, Some(session)).received += 1;
        let with = &own.chats[chat];
        self.incoming.push(row![
            id,
            &own.key,
            &own.sessions[with.session].key,
            &with.key,
            &id.to_uppercase(),
            0,
            &with.jid,
            text,
            "single",
            "received",
            at + 400,
            at
        ]);
    }

    fn sent(
        &mut self,
        own: &mut Organization,
        chat: usize,
        id: &str,
        entry: Entry,
        outcome: &Outcome,
        random: &mut StdRng,
    ) -> Option<Left> {
        let queue_id = own.queue_id();
        let text = chance::text(queue_id as u64, random);
        let (class, rank) = class(entry, random);
        // A list takes its time.
        let waits = entry.batch.map_or(random.random_range(4_000..90_000), |_| {
            i64::from(entry.nth) * 9_000 + random.random_range(5_000..20_000)
        });
        let at = (entry.at + waits).min(self.now - MINUTE);
        let session = own.chats[chat].session;
        let refused = matches!(outcome, Outcome::Failed);
        // Some fail before a session was chosen.
        let homeless = refused && percent(15, random);
        let tried = !matches!(outcome, Outcome::Cancelled) && !homeless;
        let wire_at = tried.then(|| (at - 400).max(entry.at));
        let left = matches!(outcome, Outcome::Left);
        let heard = |after: i64| Some(at + after).filter(|at| *at < self.now - MINUTE / 2);
        let delivered_at = if left && percent(95, random) {
            heard(random.random_range(900..40_000))
        } else {
            None
        };
        let read_at = match delivered_at {
            Some(delivered) if percent(78, random) => {
                heard(delivered - at + random.random_range(2_000..3 * HOUR))
            }
            _ => None,
        };
        let state = match outcome {
            Outcome::Failed => "failed",
            Outcome::Cancelled => "cancelled",
            Outcome::Left if read_at.is_some() => "read",
            Outcome::Left if delivered_at.is_some() => "delivered",
            Outcome::Left => "sent",
        };
        let error = match outcome {
            Outcome::Failed => Some(FAILURES[random.random_range(0..FAILURES.len())]),
            Outcome::Cancelled => Some("Cancelled by Owner"),
            Outcome::Left => None,
        };
        let reference = percent(20, random).then(|| format!("INV-{queue_id}"));
        let with = &mut own.chats[chat];
        let cold = tried && with.in_at.is_none();
        let session_key = (!homeless).then_some(&own.sessions[session].key);
        self.out.push(row![
            id,
            &own.key,
            session_key,
            (!homeless).then_some(&with.key),
            queue_id,
            reference.as_ref(),
            1,
            &with.jid,
            &text,
            class,
            state,
            error,
            i64::from(tried),
            wire_at,
            entry.at,
            left.then_some(at),
            delivered_at,
            read_at,
            at,
            left.then_some(at),
            rank,
            i64::from(random.random::<u32>()),
            text.chars().count() as i64,
            i64::from(percent(30, random)),
            entry.batch.map(|batch| &self.batches[batch])
        ]);
        if left {
            with.touch(&text, true, at);
        }
        let (chat_key, jid) = (with.key.clone(), with.jid.clone());
        if entry.batch.is_none() {
            self.log.sent(own, session, queue_id, &jid, entry.at, random);
        }
        if left && at >= self.events_from {
            let data = format!(
                r#"{{"id":"msg_{id}","recipient":"{jid}","state":"sent","queue_id":{queue_id},"chat":"cht_{chat_key}"}}"#
            );
            self.events.push(row![
                &chance::id(at, random),
                &own.key,
                &own.sessions[session].key,
                "message.sent",
                at,
                &data
            ]);
        }
        let day = self.days.day(own.plan.zone, at);
        let failed = i64::from(refused);
        let counted = own.day(day, (!homeless).then_some(session));
        counted.sent += i64::from(left);
        counted.delivered += i64::from(delivered_at.is_some());
        counted.read += i64::from(read_at.is_some());
        counted.failed += failed;
        counted.used += i64::from(tried);
        counted.cold += i64::from(cold);
        own.sent += i64::from(left);
        own.failed += failed;
        if !homeless {
            let of = &mut own.sessions[session];
            of.sent += i64::from(left);
            of.failed += failed;
            if tried {
                of.attempt(left);
            }
            if left {
                of.last_left_at = Some(of.last_left_at.map_or(at, |before| before.max(at)));
            }
        }
        left.then(|| Left {
            id: id.into(),
            chat,
            at,
            outgoing: true,
        })
    }
}

/// Its class and rank.
pub fn class(entry: Entry, random: &mut StdRng) -> (&'static str, i64) {
    if entry.batch.is_some() {
        ("bulk", 3)
    } else if percent(15, random) {
        ("reply", 1)
    } else {
        ("single", 2)
    }
}
