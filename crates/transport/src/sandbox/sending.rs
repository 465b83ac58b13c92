//! Messages go out: the phone commits them before anybody hears an answer.

use super::{
    Arrival, SandboxLine, StoreError,
    faults::{Delivered, Fate, Hit},
};
use crate::{Lookup, Outgoing, SendOutcome};
use std::collections::HashSet;
use types::Timestamp;

/// How long a number that is asked to wait waits, unless the fault says otherwise.
const WAIT_MS: i64 = 60_000;

impl SandboxLine {
    /// See [`crate::Transport::send`]. The whole batch is one transaction of the phone.
    pub async fn send(&self, batch: Vec<Outgoing>) -> Vec<SendOutcome> {
        let now = self.inner.surroundings.now();
        // WhatsApp refuses what goes to a group that the number is not in; a made-up number is in none.
        let to_groups: Vec<bool> = batch.iter().map(|message| message.to.is_group()).collect();
        let people = to_groups.iter().filter(|group| !**group).count();
        let (hits, spent) = {
            let mut state = self.fresh_state();
            if let Some(reason) = state.held() {
                return vec![SendOutcome::Held { reason }; batch.len()];
            }
            if !state.typing.is_empty() {
                for message in &batch {
                    state.typing.remove(&message.to.number());
                }
            }
            state.faults.strike(people)
        };
        let hits = in_order(&batch, hits);
        let arrivals: Vec<Arrival> = batch
            .into_iter()
            .filter(|message| !message.to.is_group())
            .zip(&hits)
            .filter(|(_, hit)| hit.fate.arrives())
            .map(|(message, hit)| arrival(message, hit, now))
            .collect();
        let stored = if arrivals.is_empty() && spent.is_empty() {
            Ok(())
        } else {
            self.inner.phone.arrive(arrivals, spent).await
        };
        let late = hits.iter().map(|hit| hit.answer_late_ms).max().unwrap_or(0);
        if late > 0 {
            self.inner.surroundings.sleep_until(now + late).await;
        }
        if stored.is_err() {
            self.reload_faults().await;
        }
        let mut hits = hits.iter();
        to_groups
            .into_iter()
            .map(|group| {
                if group {
                    return not_a_member();
                }
                hits.next()
                    .map_or_else(not_a_member, |hit| outcome(hit.fate, &stored, now))
            })
            .collect()
    }

    /// See [`crate::Transport::lookup`].
    pub async fn lookup(&self, message_ids: Vec<String>) -> Vec<Lookup> {
        let count = message_ids.len();
        if !self.is_online() {
            return vec![Lookup::Unknown; count];
        }
        match self.inner.phone.lookup(message_ids).await {
            Ok(found) => found
                .into_iter()
                .map(|at| at.map_or(Lookup::NotArrived, |at| Lookup::Arrived { at }))
                .collect(),
            Err(error) => {
                tracing::warn!(?error, "a sandbox phone could not be asked for messages");
                vec![Lookup::Unknown; count]
            }
        }
    }

    /// What the faults used is not known after an error; the store knows.
    async fn reload_faults(&self) {
        let _turn = self.inner.turns.lock().await;
        match self.inner.phone.faults().await {
            Ok(faults) => self.state().load_faults(faults),
            Err(error) => tracing::warn!(?error, "the faults of a sandbox phone could not be read again"),
        }
    }
}

/// What follows a message that must be sent again waits for it: the order of a conversation is kept
/// within a batch, too.
fn in_order(batch: &[Outgoing], mut hits: Vec<Hit>) -> Vec<Hit> {
    let comes_again = |fate| matches!(fate, Fate::TryLater | Fate::Limited(_) | Fate::ColdLimited(_));
    if !hits.iter().any(|hit| comes_again(hit.fate)) {
        return hits;
    }
    let mut waiting = HashSet::new();
    let people = batch.iter().filter(|message| !message.to.is_group());
    for (message, hit) in people.zip(&mut hits) {
        if waiting.contains(&message.to) {
            hit.fate = Fate::Waits;
        } else if comes_again(hit.fate) {
            waiting.insert(&message.to);
        }
    }
    hits
}

fn arrival(message: Outgoing, hit: &Hit, now: Timestamp) -> Arrival {
    let delivered_at = match hit.delivered {
        Delivered::AtOnce => Some(now),
        Delivered::Late(millis) => Some(now + millis),
        Delivered::Never => None,
    };
    Arrival {
        message,
        at: now,
        delivered_at,
        read: hit.read,
        doubled: hit.doubled,
    }
}

fn not_a_member() -> SendOutcome {
    SendOutcome::Failed {
        reason: "This number is not a member of the group, or the group does not exist".into(),
        retry: false,
    }
}

fn outcome(fate: Fate, stored: &Result<(), StoreError>, now: Timestamp) -> SendOutcome {
    match (stored, fate) {
        (Ok(()), Fate::Waits) => SendOutcome::Held {
            reason: "The message before it to the same recipient was not taken".into(),
        },
        (Ok(()), Fate::TryLater) => SendOutcome::Failed {
            reason: "WhatsApp could not take it just now (sandbox fault)".into(),
            retry: true,
        },
        (Ok(()), Fate::Limited(millis)) => SendOutcome::Limited {
            reason: "WhatsApp asked this number to wait (sandbox fault)".into(),
            until: Some(now + millis.unwrap_or(WAIT_MS)),
        },
        (Ok(()), Fate::ColdLimited(millis)) => SendOutcome::ColdLimited {
            reason: "WhatsApp lets this number write to nobody new for now (sandbox fault)".into(),
            until: millis.map(|millis| now + millis),
        },
        (Ok(()), Fate::Arrives | Fate::Lost) => SendOutcome::Sent,
        (Ok(()), Fate::Refused) => SendOutcome::Failed {
            reason: "refused by WhatsApp (sandbox fault)".into(),
            retry: false,
        },
        (Ok(()), Fate::Unanswered { .. }) => SendOutcome::Ambiguous {
            reason: "WhatsApp did not answer (sandbox fault)".into(),
        },
        (Err(StoreError::NotLinked), _) => SendOutcome::Held {
            reason: "The phone has ended the link".into(),
        },
        (Err(StoreError::Unreachable(error)), _) => {
            tracing::warn!(%error, "a sandbox phone could not be reached");
            SendOutcome::Held {
                reason: "The sandbox phone could not be reached".into(),
            }
        }
        // Whether the commit took place is open for all that were in it.
        (Err(StoreError::Unclear(error)), _) => {
            tracing::warn!(%error, "a sandbox phone did not answer");
            SendOutcome::Ambiguous {
                reason: "The sandbox phone did not answer".into(),
            }
        }
    }
}
