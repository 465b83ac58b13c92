//! Asks for everything again and again and takes the times.

use super::{
    browser::{self, Who},
    list::{By, Page},
};
use crate::{
    http::{Connection, request},
    load::percentile,
};
use anyhow::{Context as _, Result, ensure};
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::SeqCst},
    },
    time::Duration,
};

/// Calls before the times count.
const WARM: usize = 3;

/// How long one page took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Times {
    pub p50: f64,
    pub p95: f64,
    pub max: f64,
    pub bytes: usize,
    /// Calls whose connection was closed without an answer.
    pub broken: usize,
}

/// Those who ask.
#[derive(Clone, Debug)]
pub struct Callers {
    pub address: SocketAddr,
    pub owner: Who,
    pub admin: Who,
    pub key: Who,
}

impl Callers {
    fn who(&self, by: By) -> &Who {
        match by {
            By::Nobody => &Who::Nobody,
            By::Owner => &self.owner,
            By::Admin => &self.admin,
            By::Key => &self.key,
        }
    }

    /// One page so many times; anything but 200 is an error.
    pub async fn measure(&self, page: &Page, times: usize) -> Result<Times> {
        let mut took = Vec::with_capacity(times);
        let (mut bytes, mut broken) = (0, 0);
        for nth in 0..WARM + times {
            let answer = browser::ask(self.address, self.who(page.by), &page.ask)
                .await
                .with_context(|| page.name)?;
            let Some(answer) = answer else {
                broken += 1;
                continue;
            };
            ensure!(
                answer.status == 200,
                "{} ({}) was answered with {}: {}",
                page.name,
                page.ask.path,
                answer.status,
                String::from_utf8_lossy(&answer.body[..answer.body.len().min(500)])
            );
            bytes = answer.body.len();
            if nth >= WARM {
                took.push(answer.took.as_secs_f64() * 1e3);
            }
        }
        took.sort_by(f64::total_cmp);
        let at = |share| percentile(&took, share).unwrap_or_default();
        Ok(Times {
            p50: at(0.5),
            p95: at(0.95),
            max: at(1.0),
            bytes,
            broken,
        })
    }
}

/// Messages that are accepted meanwhile, at an even pace: half of them wait, half of them leave.
#[derive(Debug)]
pub struct Stream {
    end: Arc<AtomicBool>,
    accepted: Arc<AtomicU64>,
    task: tokio::task::JoinHandle<Result<()>>,
}

impl Stream {
    pub fn begin(address: SocketAddr, keys: [String; 2], per_second: u32) -> Self {
        let end = Arc::new(AtomicBool::new(false));
        let accepted = Arc::new(AtomicU64::new(0));
        let task = tokio::spawn(run(
            address,
            keys,
            per_second,
            Arc::clone(&end),
            Arc::clone(&accepted),
        ));
        Self { end, accepted, task }
    }

    /// Ends it; answers how many were accepted.
    pub async fn finish(self) -> Result<u64> {
        self.end.store(true, SeqCst);
        self.task.await??;
        Ok(self.accepted.load(SeqCst))
    }
}

async fn run(
    address: SocketAddr,
    keys: [String; 2],
    per_second: u32,
    end: Arc<AtomicBool>,
    accepted: Arc<AtomicU64>,
) -> Result<()> {
    let mut connection = Connection::open(address).await?;
    let mut beat = tokio::time::interval(Duration::from_secs(1) / per_second);
    while !end.load(SeqCst) {
        beat.tick().await;
        let nth = accepted.load(SeqCst);
        let body = format!(
            r#"{{"number":"62813{:06}","message":"Your order {nth:08} has left our house."}}"#,
            nth % 5_000
        );
        let key = &keys[(nth % 2) as usize];
        let bytes = request("POST", "/api/send", key, None, &body);
        let answer = connection.call(&bytes).await?;
        ensure!(
            answer.status == 200,
            "a message was answered with {}: {}",
            answer.status,
            String::from_utf8_lossy(answer.body)
        );
        accepted.fetch_add(1, SeqCst);
    }
    Ok(())
}
