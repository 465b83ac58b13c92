//! Finds out which sessions must hear of something now, and lets them be told side by side.

use super::{Sandbox, telling::PAUSE_MS};
use crate::sessions::Sessions;
use std::collections::HashSet;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use types::{SessionId, Timestamp};

/// Sessions that are told at the same time.
const SIDE_BY_SIDE: usize = 8;

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
