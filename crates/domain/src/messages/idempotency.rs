//! Idempotency keys: a repeated call gets the first answer, for 24 hours.

use super::{Messages, accept::Job, store::idempotency as store};
use crate::{Error, Result, Tx};
use std::collections::{BTreeMap, HashMap};
use tokio_util::sync::CancellationToken;
use types::{AppError, OrganizationId, Timestamp, messages::Accepted};

/// How long an answer is remembered, in milliseconds.
const KEPT: i64 = 24 * 3_600_000;

type Place = (OrganizationId, String, String);

/// What was answered before under the keys of a group, and what will be remembered of it.
pub struct Memory {
    known: HashMap<Place, Remembered>,
    fresh: Vec<(Place, Remembered)>,
}

#[derive(Clone)]
struct Remembered {
    fingerprint: String,
    /// Absent where the call that asks is another one: then nobody reads it.
    answer: Option<Accepted>,
}

impl Memory {
    pub async fn load(tx: &mut Tx, jobs: &[Job], now: Timestamp) -> Result<Self> {
        let mut asked: BTreeMap<(OrganizationId, &str), BTreeMap<&str, &str>> = BTreeMap::new();
        for job in jobs {
            if let Some(own) = &job.idempotency {
                let keys = asked.entry((job.organization, &job.caller)).or_default();
                keys.insert(&own.key, &own.fingerprint);
            }
        }
        let mut known = HashMap::new();
        for ((organization, caller), asked) in asked {
            let keys: Vec<&str> = asked.keys().copied().collect();
            let found = store::find(tx, organization, caller, &keys, now + -KEPT).await?;
            for (key, fingerprint) in found {
                // An answer may be as long as ten thousand rows; the same call has as many itself.
                let same = asked.get(key.as_str()) == Some(&fingerprint.as_str());
                let answer = if same {
                    Some(store::answer(tx.conn(), organization, caller, &key).await?)
                } else {
                    None
                };
                let answer = answer
                    .map(|json| serde_json::from_str(&json))
                    .transpose()
                    .map_err(|_| Error::Damaged("a remembered answer"))?;
                let remembered = Remembered { fingerprint, answer };
                known.insert((organization, caller.to_owned(), key), remembered);
            }
        }
        Ok(Self {
            known,
            fresh: Vec::new(),
        })
    }

    /// The earlier answer to this call, or a conflict when its key stood for another body.
    pub fn recall(&self, job: &Job) -> Option<Result<Accepted, AppError>> {
        let known = self.known.get(&place(job)?)?;
        let own = &job.idempotency.as_ref()?.fingerprint;
        Some(match &known.answer {
            Some(answer) if known.fingerprint == *own => Ok(Accepted {
                replayed: true,
                ..answer.clone()
            }),
            _ => Err(AppError::conflict(
                "IDEMPOTENCY_KEY_REUSED",
                "This Idempotency-Key was used within 24 hours for another request. Use a new key for a new request.",
            )),
        })
    }

    /// Keeps an answer, if it queued anything: a refusal may be mended and tried again.
    pub fn remember(&mut self, job: &Job, answer: &Accepted) {
        let (Some(place), Some(own)) = (place(job), &job.idempotency) else {
            return;
        };
        if answer.rows.iter().all(Result::is_err) {
            return;
        }
        let entry = Remembered {
            fingerprint: own.fingerprint.clone(),
            answer: Some(answer.clone()),
        };
        self.known.insert(place.clone(), entry.clone());
        self.fresh.push((place, entry));
    }

    pub async fn save(&self, tx: &mut Tx, now: Timestamp) -> Result<()> {
        let mut rows = Vec::with_capacity(self.fresh.len());
        for ((organization, caller, key), entry) in &self.fresh {
            let answer = serde_json::to_string(&entry.answer).map_err(|_| Error::Damaged("an answer"))?;
            let kept = store::Kept {
                key: key.clone(),
                fingerprint: entry.fingerprint.clone(),
                answer,
            };
            rows.push((*organization, caller.as_str(), kept));
        }
        store::keep(tx, &rows, now, KEPT).await
    }
}

fn place(job: &Job) -> Option<Place> {
    let own = job.idempotency.as_ref()?;
    Some((job.organization, job.caller.clone(), own.key.clone()))
}

/// Forgets what is older than a day, once an hour.
pub async fn sweep(messages: Messages, stop: CancellationToken) {
    while stop
        .run_until_cancelled(messages.shared.clock.sleep(3_600_000))
        .await
        .is_some()
    {
        let before = messages.shared.now() + -KEPT;
        let swept = async {
            let mut tx = messages.shared.begin().await?;
            store::forget(tx.conn(), before).await?;
            tx.commit().await
        };
        if let Err(error) = swept.await {
            tracing::warn!(%error, "old idempotency keys could not be removed");
        }
    }
}
