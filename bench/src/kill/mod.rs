//! Kills the server again and again while clients send and the sandbox delivers.
//!
//! Afterwards every message that was answered with 200 is on its phone exactly once, in the
//! order in which it was sent; nothing else is there; and nothing stays uncertain.

mod client;
mod witness;

use crate::server::{Installation, Server};
use anyhow::{Context, Result, ensure};
use client::{Client, Sent};
use db::Engine;
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, Ordering::SeqCst},
    },
    time::{Duration, Instant},
};

/// One round; the same seed kills after the same times.
#[derive(Clone, Debug)]
pub struct Plan {
    pub seed: u64,
    pub kills: u32,
    pub clients: u32,
    /// Each client writes to its own, so that the order at each can be told.
    pub recipients: u32,
    /// How many messages each client sends at most.
    pub most: u32,
}

impl Plan {
    pub fn of(seed: u64) -> Self {
        Self {
            seed,
            kills: 3,
            clients: 8,
            recipients: 3,
            most: 1_500,
        }
    }
}

/// What one round came to.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Messages answered with 200, all of them on their phones once.
    pub accepted: usize,
    /// Calls that were sent again because no answer came.
    pub repeated: u64,
    /// What was on the wire at each kill at which it could be counted, and how many of these
    /// were then seen uncertain.
    pub on_the_wire: Vec<(i64, i64)>,
    /// From the last start until nothing was uncertain any more.
    pub settled_after: Duration,
}

/// How long what was on the wire may stay uncertain.
const SETTLED_WITHIN: Duration = Duration::from_secs(10);

/// Plays one round against a fresh database below that folder.
pub async fn round(binary: &Path, engine: Engine, below: &Path, plan: &Plan) -> Result<Outcome> {
    let installation = Arc::new(Installation::make(binary, engine, below).await?);
    let outcome = play(&installation, plan).await.with_context(|| {
        format!(
            "round {plan:?} on {engine:?}; the server said:\n{}",
            installation.last_words()
        )
    });
    let place = Arc::into_inner(installation)
        .context("a client still runs")?
        .place;
    if outcome.is_err() && std::env::var_os("BENCH_KEEP").is_some() {
        // For whoever wants to look at what was left.
        std::mem::forget(place);
        return outcome;
    }
    place.remove().await?;
    outcome
}

async fn play(installation: &Arc<Installation>, plan: &Plan) -> Result<Outcome> {
    let mut chance = StdRng::seed_from_u64(plan.seed);
    let mut server = installation.start()?;
    installation.ready(&mut server).await?;
    if chance.random_bool(0.5) {
        // Answers that come late: more is on the wire when the server dies.
        let body = format!(
            r#"{{"kind":"delay","count":1000000,"delay_ms":{}}}"#,
            chance.random_range(5..120)
        );
        installation
            .call(
                "POST",
                &format!("/api/v1/sandbox/{}/faults", installation.access.session),
                &body,
            )
            .await?;
    }
    let enough = Arc::new(AtomicBool::new(false));
    let clients: Vec<_> = (0..plan.clients)
        .map(|number| {
            let client = Client::new(Arc::clone(installation), plan, number);
            tokio::spawn(client.send(Arc::clone(&enough)))
        })
        .collect();
    let played = kill_again_and_again(installation, plan, server, &mut chance).await;
    // In any case, or the clients would call a dead server for ever.
    enough.store(true, SeqCst);
    let mut sent = Vec::new();
    let (mut server, mut outcome) = match played {
        Ok(played) => played,
        Err(error) => {
            for client in clients {
                client.abort();
                let _ = client.await;
            }
            return Err(error);
        }
    };
    for client in clients {
        let Sent { messages, repeated } = client.await.context("a client broke")??;
        sent.extend(messages);
        outcome.repeated += repeated;
    }
    installation.drained(Duration::from_secs(30)).await?;
    witness::check(installation, &sent).await?;
    installation.ready(&mut server).await?;
    server.kill()?;
    let counts = installation.place.counts().await?;
    let good = counts.of("sent") + counts.of("delivered") + counts.of("read");
    ensure!(
        good == sent.len() as i64 && counts.all() == good,
        "{} messages were accepted, but the database has {counts:?}",
        sent.len()
    );
    outcome.accepted = sent.len();
    Ok(outcome)
}

async fn kill_again_and_again(
    installation: &Arc<Installation>,
    plan: &Plan,
    mut server: Server,
    chance: &mut StdRng,
) -> Result<(Server, Outcome)> {
    let mut outcome = Outcome::default();
    for _ in 0..plan.kills {
        // Now and then so early that the server is still starting.
        if chance.random_bool(0.8) {
            installation.ready(&mut server).await?;
        }
        tokio::time::sleep(Duration::from_millis(chance.random_range(20..700))).await;
        server.kill()?;
        // PostgreSQL may still be committing what the dead server began. To count, one has to
        // wait for that; at the other kills the new server meets it.
        let counted = installation.place.engine == Engine::Sqlite || chance.random_bool(0.5);
        let bound = if counted {
            installation.place.quiet().await?;
            Some(installation.place.counts().await?.on_the_wire())
        } else {
            None
        };
        server = installation.start()?;
        if let Some(bound) = bound {
            let seen = watch(installation, &mut server, Duration::from_millis(300)).await?;
            ensure!(
                seen <= bound,
                "{seen} messages were uncertain after a start, but only {bound} were on the wire at the kill"
            );
            outcome.on_the_wire.push((bound, seen));
        }
    }
    let started = Instant::now();
    installation.ready(&mut server).await?;
    while uncertain(installation).await? > 0 {
        ensure!(
            started.elapsed() < SETTLED_WITHIN,
            "messages are still uncertain 10 s after the last start"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    outcome.settled_after = started.elapsed();
    // A little more, so that what is sent after the last kill is held against the rest.
    tokio::time::sleep(Duration::from_millis(200)).await;
    Ok((server, outcome))
}

/// The most messages that were uncertain at a time in the first moments of a server.
async fn watch(installation: &Installation, server: &mut Server, time: Duration) -> Result<i64> {
    installation.ready(server).await?;
    let most = AtomicI64::new(0);
    let until = Instant::now() + time;
    while Instant::now() < until {
        most.fetch_max(uncertain(installation).await?, SeqCst);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(most.into_inner())
}

async fn uncertain(installation: &Installation) -> Result<i64> {
    Ok(installation.pages("/api/v1/queue?state=uncertain").await?.len() as i64)
}
