//! Settles what is uncertain by asking WhatsApp for its id; never by sending it blindly again.

use super::{
    Messages,
    dispatch::wire_id,
    record::{Back, Lane},
    store::record::{self as store},
};
use crate::Result;
use tokio_util::sync::CancellationToken;
use transport::{Lookup, Transport};
use types::{MessageId, Timestamp};

/// How long after the wire mark an answer is to be trusted, in milliseconds: the commit of the
/// other side may still be under way when ours broke off.
pub const SETTLES: i64 = 2_000;
/// How long a lane waits for its uncertain messages before it goes on without them.
const WAITS: i64 = 8_000;

impl Messages {
    /// At the start of a lane: settles what the last run left before anything newer leaves.
    pub(super) async fn reconcile_before(&self, lane: Lane, stop: &CancellationToken) {
        let until = self.shared.now() + WAITS;
        while self.shared.now() < until && !stop.is_cancelled() {
            let Some(line) = self.sessions.line(lane.session) else {
                return;
            };
            match self.reconcile(lane, &line).await {
                Ok(0) => return,
                Ok(_) => {}
                Err(error) => {
                    tracing::error!(%error, session = %lane.session, "uncertain messages could not be settled");
                }
            }
            if stop
                .run_until_cancelled(self.shared.clock.sleep(250))
                .await
                .is_none()
            {
                return;
            }
        }
    }

    /// Asks once about every uncertain message of a session; answers how many are left.
    pub(super) async fn reconcile(&self, lane: Lane, line: &Transport) -> Result<usize> {
        let open = store::uncertain_of(self.shared.read(), lane.organization, lane.session, 500).await?;
        if open.is_empty() {
            return Ok(0);
        }
        let now = self.shared.now();
        let (ripe, unripe): (Vec<_>, Vec<_>) = open.into_iter().partition(|(_, at)| *at + SETTLES <= now);
        let answers = line
            .lookup(ripe.iter().map(|(id, _)| wire_id(*id)).collect())
            .await;
        let mut unknown = unripe.len();
        let mut arrived: Vec<(MessageId, Timestamp)> = Vec::new();
        let mut lost = Vec::new();
        for ((id, _), answer) in ripe.iter().zip(answers) {
            match answer {
                Lookup::Arrived { at } => arrived.push((*id, at)),
                Lookup::NotArrived => lost.push(*id),
                Lookup::Unknown => unknown += 1,
            }
        }
        if arrived.is_empty() && lost.is_empty() {
            return Ok(unknown);
        }
        let mut tx = self.shared.begin().await?;
        if let Some(at) = arrived.iter().map(|(_, at)| *at).max() {
            let ids: Vec<_> = arrived.iter().map(|(id, _)| *id).collect();
            self.sent_by_id_in(&mut tx, lane, &ids, at).await?;
        }
        if !lost.is_empty() {
            let why = "It was not on the recipient's phone after all and is sent again.";
            self.back_in(&mut tx, lane, &lost, Back::Lost, Some(why)).await?;
        }
        tx.commit().await?;
        self.wake.notify(lane.session);
        Ok(unknown)
    }
}
