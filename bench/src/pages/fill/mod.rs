//! A filled installation: a million messages of two hundred organizations, made from a seed, with
//! every kept number true of them.
//!
//! Written with the server down, straight into the tables. Not made are files of attachments and
//! what sandbox phones show: no list is made of them.

mod book;
mod chance;
mod keep;
mod log;
mod past;
mod people;
mod rest;
pub mod rows;
mod shape;
#[cfg(test)]
mod tests;
mod timeline;
mod waiting;

use anyhow::{Result, ensure};
use book::{Calendar, Organization};
use chance::DAY;
use db::Db;
use domain::Secrets;
use past::Maker;
use rand::{SeedableRng as _, rngs::StdRng};
use rows::Rows;
use shape::Kind;
use types::{BatchId, ChatId};
use waiting::Waiting;

pub use people::OWNER;

/// How much there is to be.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    pub messages: u32,
    pub chats: u32,
    pub organizations: u32,
    pub seed: u64,
}

impl Size {
    pub fn check(self) -> Result<Self> {
        ensure!(
            (1_000..=5_000_000).contains(&self.messages),
            "--messages: write 1000 to 5000000"
        );
        ensure!(
            (5..=1_000).contains(&self.organizations),
            "--organizations: write 5 to 1000"
        );
        ensure!(
            self.chats >= self.organizations && self.chats <= self.messages / 4,
            "--chats: write at least as many as organizations, and at most a quarter of the messages"
        );
        Ok(self)
    }
}

/// What the set-up made; grows into the large organization.
#[derive(Clone, Debug)]
pub struct First {
    pub organization: String,
    pub session: String,
}

/// Names of what was made, for asking about it.
#[derive(Clone, Debug, Default)]
pub struct Filled {
    /// A key of the second organization, whose messages leave at once.
    pub key: String,
    /// The second organization, as the database spells it.
    pub free: String,
    pub last_queue_id: i64,
    /// The first number that waits.
    pub first_waiting: i64,
    pub sessions: Named,
    pub batch: String,
    /// The chat with the most messages, and a place deep in it.
    pub chat: String,
    pub chat_session: String,
    pub chat_cursor: String,
    pub history_cursor: String,
}

/// Sessions of the large organization by what they are like.
#[derive(Clone, Debug, Default)]
pub struct Named {
    pub spent: String,
    pub stopped: String,
    /// Has hardly sent anything.
    pub rare: String,
}

/// Fills an installation that was set up and is down.
pub async fn fill(db: &Db, secrets: &Secrets, first: &First, size: Size, now: i64) -> Result<Filled> {
    let size = size.check()?;
    let random = &mut StdRng::seed_from_u64(size.seed);
    let mut all = people::make(db, first, size, now, random).await?;
    let plans: Vec<shape::Organization> = all.iter().map(|own| own.plan.clone()).collect();
    let (entries, lists) = timeline::make(size, &plans, now, random);
    let batches: Vec<String> = lists
        .iter()
        .map(|list| chance::id(list.at - 120_000, random))
        .collect();
    let mut maker = Maker {
        out: Rows::new(past::OUT),
        incoming: Rows::new(past::IN),
        events: Rows::new("events (id, organization_id, session_id, type, at, data)"),
        log: log::Log::new(now),
        days: Calendar::default(),
        batches: &batches,
        now,
        events_from: now - 20 * DAY,
    };
    let mut waiting = Waiting::default();
    let mut filled = Filled::default();
    let mut hot = 0;
    for entry in entries {
        let nth = entry.organization;
        let own = &mut all[nth];
        if entry.waits {
            if nth == 0 && filled.first_waiting == 0 {
                filled.first_waiting = own.next_queue_id;
            }
            waiting.make(nth, own, entry, &maker, random);
        } else if let Some(left) = maker.past(nth, own, entry, random)
            && nth == 0
        {
            let half = own.plan.past / 2;
            if left.outgoing && own.made >= half && filled.history_cursor.is_empty() {
                filled.history_cursor = format!("{}.{}", left.at, left.id);
            }
            hot += u32::from(left.chat == 0);
            if left.chat == 0 && hot == 20 {
                filled.chat_cursor = format!("{}.{}", left.at, left.id);
            }
        }
        for rows in [
            &mut maker.out,
            &mut maker.incoming,
            &mut maker.events,
            &mut maker.log.rows,
            &mut waiting.rows,
        ] {
            rows.flow(db).await?;
        }
    }
    for rows in [
        &mut maker.out,
        &mut maker.incoming,
        &mut maker.events,
        &mut maker.log.rows,
        &mut waiting.rows,
    ] {
        rows.write(db).await?;
    }
    keep::write(db, secrets, &all, now, random).await?;
    rest::write(db, &all, &lists, &batches, &maker.log, now, random).await?;
    filled.key = people::add_key(db, &all[1], now, random).await?;
    filled.free.clone_from(&all[1].key);
    name(&mut filled, &all[0], &lists, &batches)?;
    keep::settle(db).await?;
    Ok(filled)
}

fn name(
    filled: &mut Filled,
    large: &Organization,
    lists: &[timeline::List],
    batches: &[String],
) -> Result<()> {
    let of = |kind: Kind| large.sessions.iter().find(|session| session.kind == kind);
    let id =
        |session: Option<&book::Session>| session.map_or_else(String::new, |session| session.id.to_string());
    filled.sessions = Named {
        spent: id(of(Kind::Spent)),
        stopped: id(of(Kind::Stopped)),
        rare: id(large.sessions.iter().min_by_key(|session| session.sent)),
    };
    filled.last_queue_id = large.next_queue_id - 1;
    if let Some(chat) = large.chats.first() {
        filled.chat = ChatId::from_key(&chat.key)?.to_string();
        filled.chat_session = large.sessions[chat.session].id.to_string();
    }
    let largest = lists
        .iter()
        .enumerate()
        .filter(|(_, list)| list.organization == 0)
        .max_by_key(|(_, list)| list.rows);
    if let Some((nth, _)) = largest {
        filled.batch = BatchId::from_key(&batches[nth])?.to_string();
    }
    Ok(())
}
