//! Tells sessions what is due: receipts, and what customers wrote. Acknowledged only after the
//! session's inbox has committed, so a crash in between repeats it and never loses it.

use super::{
    Sandbox,
    screen::Chat,
    store_receipts::{self, Due, Kind},
};
use crate::{Result, sessions::Sessions};
use std::collections::HashSet;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use transport::{Inbox, IncomingMessage, LineEvent, ReceiptKind};
use types::{SessionId, Timestamp};

/// Rows of one session that are told together.
const BATCH: u32 = 500;
/// Sessions that are told at the same time.
const SIDE_BY_SIDE: usize = 8;
/// After an inbox failed.
const PAUSE_MS: i64 = 1_000;

pub(super) async fn run(room: Sandbox, sessions: Sessions, stop: CancellationToken) {
    let mut telling: JoinSet<(SessionId, Option<Timestamp>)> = JoinSet::new();
    let mut busy: HashSet<SessionId> = HashSet::new();
    loop {
        let free = SIDE_BY_SIDE - busy.len();
        for session in room.agenda.take_due(room.shared.now(), &busy, free) {
            busy.insert(session);
            let (room, sessions) = (room.clone(), sessions.clone());
            telling.spawn(async move {
                let next = room.tell(&sessions, session).await.unwrap_or_else(|error| {
                    tracing::warn!(%session, ?error, "receipts could not be delivered; trying again");
                    Some(room.shared.now() + PAUSE_MS)
                });
                (session, next)
            });
        }
        let changed = room.agenda.changed();
        // With every place taken only an end is waited for.
        let next = if busy.len() < SIDE_BY_SIDE {
            room.agenda.next(&busy)
        } else {
            None
        };
        tokio::select! {
            () = stop.cancelled() => break,
            Some(done) = telling.join_next() => match done {
                Ok((session, next)) => {
                    busy.remove(&session);
                    if let Some(at) = next {
                        room.agenda.put(session, at);
                    }
                }
                Err(error) => {
                    tracing::error!(?error, "telling receipts broke; starting over");
                    telling.shutdown().await;
                    for session in busy.drain() {
                        room.agenda.put(session, room.shared.now() + PAUSE_MS);
                    }
                }
            },
            () = changed => {}
            () = wait(&room, next) => {}
        }
    }
    // What an inbox is just committing is acknowledged; the rest waits for the next start.
    while telling.join_next().await.is_some() {}
}

async fn wait(room: &Sandbox, until: Option<Timestamp>) {
    match until {
        Some(at) => room.shared.clock.sleep_until(at).await,
        None => std::future::pending().await,
    }
}

impl Sandbox {
    /// Tells one session what is due now; answers when it is due again.
    async fn tell(&self, sessions: &Sessions, session: SessionId) -> Result<Option<Timestamp>> {
        let known = self
            .lines
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .get(&session)
            .cloned();
        // Offline: it is looked up afresh when it comes back.
        if !known.is_some_and(|line| line.is_online()) {
            return Ok(None);
        }
        let Some(organization) = sessions.organization_of(session) else {
            return Ok(None);
        };
        let now = self.shared.now();
        let due = store_receipts::due(self.shared.read(), organization, session, now, BATCH).await?;
        if due.is_empty() {
            return store_receipts::next_due(self.shared.read(), organization, session).await;
        }
        let events = events(&due, now);
        if let Err(error) = sessions.deliver(session, events).await {
            tracing::warn!(%session, %error, "an inbox did not take what was due; it comes again");
            return Ok(Some(now + PAUSE_MS));
        }
        let mut tx = self.shared.begin().await?;
        for kind in [Kind::Delivered, Kind::Read, Kind::Incoming] {
            let told: Vec<i64> = due
                .iter()
                .filter(|row| row.kind == kind)
                .map(|row| row.seq)
                .collect();
            store_receipts::told(&mut tx, organization, session, kind, &told, now).await?;
        }
        tx.commit().await?;
        self.screen.change(
            organization,
            session,
            Chat::of(due.iter().map(|row| row.number.as_str())),
        );
        if due.len() >= BATCH as usize {
            return Ok(Some(now));
        }
        store_receipts::next_due(self.shared.read(), organization, session).await
    }
}

/// What an inbox hears of those rows, ticks in their order.
fn events(due: &[Due], now: Timestamp) -> Vec<LineEvent> {
    let mut events = Vec::new();
    for (kind, receipt) in [
        (Kind::Delivered, ReceiptKind::Delivered),
        (Kind::Read, ReceiptKind::Read),
    ] {
        // The second round is for those whose receipts come twice.
        for twice in [false, true] {
            let message_ids: Vec<String> = due
                .iter()
                .filter(|row| row.kind == kind && (!twice || row.doubled))
                .map(|row| row.message_id.clone())
                .collect();
            if !message_ids.is_empty() {
                events.push(LineEvent::Receipt {
                    message_ids,
                    kind: receipt,
                    at: now,
                });
            }
        }
    }
    events.extend(
        due.iter()
            .filter(|row| row.kind == Kind::Incoming)
            .filter_map(incoming),
    );
    events
}

fn incoming(row: &Due) -> Option<LineEvent> {
    // Numbers were checked when the message was written.
    let from = row.number.parse().ok()?;
    Some(LineEvent::Incoming(IncomingMessage {
        message_id: row.message_id.clone(),
        from,
        name: row.name.clone(),
        text: row.text.clone(),
        media_kind: row.media_kind,
        at: row.at,
        from_me: row.from_me,
    }))
}
