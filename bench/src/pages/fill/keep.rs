//! Sessions, chats and every number that is kept instead of counted.

use super::{
    book::{Organization, Session},
    chance::{self, DAY, HOUR},
    rows::{Rows, run},
    shape::Kind,
};
use crate::row;
use anyhow::{Context as _, Result};
use db::{Db, Engine, sqlx};
use domain::Secrets;
use rand::{Rng as _, rngs::StdRng};
use types::{
    Timestamp,
    pacing::{Limit, Limits, Window},
};

pub async fn write(
    db: &Db,
    secrets: &Secrets,
    all: &[Organization],
    now: i64,
    random: &mut StdRng,
) -> Result<()> {
    let mut sessions = Sessions::new();
    let mut chats = Rows::new(
        "chats (id, organization_id, session_id, jid, name, last_text, last_from_me, last_at, left_at, in_at)",
    );
    let mut queues = Rows::new("queue_counters (organization_id, next_queue_id, waiting, sent, failed)");
    let mut days = Rows::new(
        "day_counters (organization_id, session_id, day, sent, delivered, read, failed, received, used, cold)",
    );
    let mut spent = Rows::new("organization_days (organization_id, day, used)");
    for (nth, own) in all.iter().enumerate() {
        let today = domain::time::day_of(own.plan.zone, Timestamp(now));
        for place in 0..own.sessions.len() {
            sessions.add(db, secrets, own, place, &today, now, random).await?;
        }
        for chat in &own.chats {
            chats.push(row![
                &chat.key,
                &own.key,
                &own.sessions[chat.session].key,
                &chat.jid,
                chat.name.as_ref(),
                &chat.last_text,
                i64::from(chat.last_from_me),
                chat.last_at,
                chat.left_at,
                chat.in_at
            ]);
            chats.flow(db).await?;
        }
        if own.next_queue_id > 1 {
            queues.push(row![
                &own.key,
                own.next_queue_id,
                own.waiting,
                own.sent,
                own.failed
            ]);
        }
        let mut used = 0;
        for ((day, session), of) in &own.days {
            let session = session.map_or("", |session| own.sessions[session].key.as_str());
            days.push(row![
                &own.key,
                session,
                day,
                of.sent,
                of.delivered,
                of.read,
                of.failed,
                of.received,
                of.used,
                of.cold
            ]);
            used += if *day == today { of.used } else { 0 };
        }
        // The large one alone has a limit of the day.
        if nth == 0 {
            spent.push(row![&own.key, &today, used]);
        }
    }
    for rows in [&mut chats, &mut queues, &mut days, &mut spent] {
        rows.write(db).await?;
    }
    sessions.write(db).await
}

/// Sessions with their phones and what became of them.
struct Sessions {
    own: Rows,
    phones: Rows,
    transitions: Rows,
    numbers: u32,
}

impl Sessions {
    fn new() -> Self {
        Self {
            own: Rows::new(
                "sessions (id, organization_id, name, channel, number, wanted, state, reason, state_since, credentials, \
                 last_left_at, sent, failed, linked_at, created_at, limits, in_row, outcomes)",
            ),
            phones: Rows::new("sandbox_phones (session_id, organization_id, number, credentials_hash)"),
            transitions: Rows::new(
                "session_transitions (id, session_id, organization_id, at, state, reason)",
            ),
            numbers: 0,
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "everything that a session's row is made of"
    )]
    async fn add(
        &mut self,
        db: &Db,
        secrets: &Secrets,
        own: &Organization,
        place: usize,
        today: &str,
        now: i64,
        random: &mut StdRng,
    ) -> Result<()> {
        let session = &own.sessions[place];
        let used = own
            .days
            .get(&(today.to_owned(), Some(place)))
            .map_or(0, |day| day.used);
        let limits = limits(session, used, own.plan.zone, now).to_json();
        if session.is_first {
            return self.change_first(db, own, session, &limits).await;
        }
        let (wanted, state, reason) = match session.kind {
            Kind::Stopped => (0, "stopped", Some("Stopped by Owner.")),
            Kind::LoggedOut => (1, "logged_out", Some("The phone ended the link.")),
            Kind::Free | Kind::Spent | Kind::Closed => (1, "connected", None),
        };
        self.numbers += 1;
        let number = format!("62877{:08}", self.numbers);
        let (mut sealed, mut digest) = (None, None);
        if session.kind.is_linked() {
            let credentials: [u8; 32] = random.random();
            sealed = Some(secrets.seal(&format!("sessions/{}", session.key), &credentials)?);
            digest = Some(unpadded(&transport_digest(&credentials)));
        }
        let since = now - random.random_range(HOUR..20 * DAY);
        self.own.push(row![
            &session.key,
            &own.key,
            &session.name,
            "sandbox",
            &number,
            wanted,
            state,
            reason,
            since,
            sealed.as_ref(),
            session.last_left_at,
            session.sent,
            session.failed,
            session.created_at + HOUR,
            session.created_at,
            &limits,
            0,
            &session.outcomes
        ]);
        self.phones
            .push(row![&session.key, &own.key, &number, digest.as_ref()]);
        for (nth, (state, reason)) in [
            (
                "linking",
                Some("Scan the QR code or type a pairing code on the phone."),
            ),
            ("connected", None),
            ("reconnecting", Some("The line broke; trying again in 1 s.")),
            ("connected", None),
            (state, reason),
        ]
        .into_iter()
        .enumerate()
        {
            let at = since - (4 - nth as i64) * HOUR;
            self.transitions.push(row![
                &chance::id(at, random),
                &session.key,
                &own.key,
                at,
                state,
                reason
            ]);
        }
        Ok(())
    }

    /// The session of the set-up keeps its link.
    async fn change_first(&self, db: &Db, own: &Organization, session: &Session, limits: &str) -> Result<()> {
        let mut tx = db.begin().await?;
        sqlx::query(
            "UPDATE sessions SET name = $1, last_left_at = $2, sent = $3, failed = $4, linked_at = $5, created_at = $6, \
             limits = $7, outcomes = $8 WHERE organization_id = $9 AND id = $10",
        )
        .bind(session.name.as_str())
        .bind(session.last_left_at)
        .bind(session.sent)
        .bind(session.failed)
        .bind(session.created_at + HOUR)
        .bind(session.created_at)
        .bind(limits)
        .bind(session.outcomes.as_str())
        .bind(own.key.as_str())
        .bind(session.key.as_str())
        .execute(tx.conn())
        .await?;
        Ok(tx.commit().await?)
    }

    async fn write(&mut self, db: &Db) -> Result<()> {
        for rows in [&mut self.own, &mut self.phones, &mut self.transitions] {
            rows.write(db).await?;
        }
        Ok(())
    }
}

/// What keeps a session with a queue from sending it away.
fn limits(session: &Session, used: i64, zone: &str, now: i64) -> Limits {
    let own = Limits::default();
    match session.kind {
        // Where it sent nothing today, a limit of nothing would be none.
        Kind::Spent if used > 0 => own.with(Limit::Daily, used),
        Kind::Spent | Kind::Closed => own.with(Limit::Window, later(zone, now).encode()),
        Kind::Free | Kind::Stopped | Kind::LoggedOut => own,
    }
}

/// Two hours of the day that are half a day away.
fn later(zone: &str, now: i64) -> Window {
    let today = domain::time::date_of(zone, Timestamp(now));
    let midnight = domain::time::day_bounds(zone, today).map_or(now, |(from, _)| from.0);
    let hour = ((now - midnight) / HOUR + 11).rem_euclid(24) as u16;
    let start = hour.min(21) * 60;
    Window {
        start,
        end: start + 120,
        days: 0x7f,
    }
}

/// How a phone remembers the credentials of the session that it is linked with.
fn transport_digest(credentials: &[u8]) -> [u8; 32] {
    use sha2::Digest as _;
    sha2::Sha256::digest(credentials).into()
}

/// Base64 without padding.
fn unpadded(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len() * 4 / 3 + 2);
    for three in bytes.chunks(3) {
        let word = three
            .iter()
            .fold(0_u32, |word, byte| word << 8 | u32::from(*byte))
            << (8 * (3 - three.len()));
        for place in 0..=three.len() {
            text.push(char::from(LETTERS[(word >> (18 - 6 * place) & 63) as usize]));
        }
    }
    text
}

/// Makes the database as a real one of that size would be: PostgreSQL looks at its tables by itself
/// from time to time, SQLite never does, and neither keeps a long log for long.
pub async fn settle(db: &Db) -> Result<()> {
    let text = match db.engine() {
        Engine::Sqlite => "PRAGMA wal_checkpoint(TRUNCATE)",
        Engine::Postgres => "VACUUM (ANALYZE)",
    };
    let mut conn = db.read().acquire().await.context("no connection")?;
    run(&mut conn, text.into()).await
}
