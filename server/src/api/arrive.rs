//! Bodies as they arrive: what is announced takes no room, only what is there.

use axum::body::Body;
use bytes::Bytes;
use futures::StreamExt as _;
use std::time::Duration;
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::timeout,
};

/// What large bodies may take of memory together, in KiB.
const ROOM_KIB: usize = 512 << 10;
/// So much of a body takes no room, and room is taken in such steps, in bytes.
const STEP: usize = 1 << 20;
/// After so long without anything more, a body is given up.
pub const SILENCE: Duration = Duration::from_secs(15);
/// How long a body waits for room.
const QUEUE: Duration = Duration::from_secs(5);

/// Held for as long as a large body is worked on.
pub type Room = Option<SemaphorePermit<'static>>;

/// Why a body was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    TooLong,
    /// Nothing came for a while, or not all of it in time.
    Slow,
    /// It ended before it was complete.
    Incomplete,
    /// Other large bodies take all the room.
    Busy,
}

impl Unread {
    /// What is wrong with one that was slow.
    pub const SLOW: &'static str =
        "The body arrived too slowly: nothing came for 15 seconds, or not all of it in time. Send it again.";
}

/// A body of at most `limit` bytes that arrives within `patience`.
pub async fn read(body: Body, limit: usize, patience: Duration) -> Result<(Bytes, Room), Unread> {
    static ROOM: Semaphore = Semaphore::const_new(ROOM_KIB);
    timeout(patience, take(body, limit, &ROOM, [SILENCE, QUEUE]))
        .await
        .unwrap_or(Err(Unread::Slow))
}

/// Large bodies share one allowance, so that a few callers cannot take all memory.
async fn take(
    body: Body,
    limit: usize,
    all: &'static Semaphore,
    [silence, queue]: [Duration; 2],
) -> Result<(Bytes, Room), Unread> {
    let mut stream = body.into_data_stream();
    let mut read = Vec::new();
    let mut room: Room = None;
    let mut free = STEP;
    while let Some(chunk) = timeout(silence, stream.next()).await.map_err(|_| Unread::Slow)? {
        let chunk = chunk.map_err(|_| Unread::Incomplete)?;
        let length = read.len() + chunk.len();
        if length > limit {
            return Err(Unread::TooLong);
        }
        while length > free {
            let step = timeout(queue, all.acquire_many((STEP >> 10) as u32)).await;
            let Ok(Ok(step)) = step else {
                return Err(Unread::Busy);
            };
            match &mut room {
                Some(room) => room.merge(step),
                None => room = Some(step),
            }
            free += STEP;
        }
        read.extend_from_slice(&chunk);
    }
    Ok((read.into(), room))
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::stream;
    use std::convert::Infallible;

    const NO_TIME: [Duration; 2] = [Duration::ZERO; 2];

    fn room(mib: usize) -> &'static Semaphore {
        Box::leak(Box::new(Semaphore::new(mib << 10)))
    }

    /// A body of so many MiB, after which nothing more comes.
    fn body(mib: usize, stalls: bool) -> Body {
        let chunks = stream::iter((0..mib).map(|_| Ok::<_, Infallible>(Bytes::from(vec![b'x'; 1 << 20]))));
        if stalls {
            Body::from_stream(chunks.chain(stream::pending()))
        } else {
            Body::from_stream(chunks)
        }
    }

    #[tokio::test]
    async fn a_body_that_stalls_is_given_up_and_leaves_its_room() {
        let all = room(8);
        for mib in [0, 1, 4] {
            let read = take(body(mib, true), 10 << 20, all, NO_TIME).await;
            assert_eq!(read.err(), Some(Unread::Slow));
            assert_eq!(all.available_permits(), 8 << 10);
        }
    }

    #[tokio::test]
    async fn only_what_has_arrived_takes_room() {
        let all = room(4);
        // Any number of callers that announce much and send little.
        let idle: Vec<_> = (0..50)
            .map(|_| tokio::spawn(take(body(1, true), 100 << 20, all, [Duration::MAX; 2])))
            .collect();
        tokio::task::yield_now().await;
        let (bytes, held) = take(body(5, false), 100 << 20, all, NO_TIME).await.expect("read");
        assert_eq!((bytes.len(), all.available_permits()), (5 << 20, 0));
        let busy = take(body(2, false), 100 << 20, all, NO_TIME).await;
        assert_eq!(busy.err(), Some(Unread::Busy));
        drop(held);
        assert!(take(body(2, false), 100 << 20, all, NO_TIME).await.is_ok());
        let long = take(body(4, false), 3 << 20, all, NO_TIME).await;
        assert_eq!(long.err(), Some(Unread::TooLong));
        assert_eq!(all.available_permits(), 4 << 10);
        idle.iter().for_each(tokio::task::JoinHandle::abort);
    }
}
