//! Drives a server as hard as that many connections can, each with one call at a time.

use crate::http::Connection;
use anyhow::{Context, Result};
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    thread,
    time::{Duration, Instant},
};

/// How hard and how long.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    pub address: SocketAddr,
    pub connections: usize,
    pub time: Duration,
    /// How many calls at most.
    pub most: u64,
}

/// A request whose numbers count up in place, so that no call costs an allocation.
#[derive(Clone, Debug)]
pub struct Template {
    bytes: Vec<u8>,
    counters: Vec<Counter>,
}

#[derive(Clone, Copy, Debug)]
struct Counter {
    at: usize,
    width: usize,
    modulus: u64,
}

impl Template {
    pub fn new(bytes: Vec<u8>) -> Self {
        Self {
            bytes,
            counters: Vec::new(),
        }
    }

    /// The digits where `mark` stands count the calls up to that modulus.
    pub fn counting(mut self, mark: &str, modulus: u64) -> Result<Self> {
        let at = self
            .bytes
            .windows(mark.len())
            .position(|part| part == mark.as_bytes())
            .context("no such mark")?;
        self.counters.push(Counter {
            at,
            width: mark.len(),
            modulus,
        });
        Ok(self)
    }

    fn fill(&mut self, call: u64) {
        for counter in &self.counters {
            let mut number = call % counter.modulus;
            for digit in self.bytes[counter.at..counter.at + counter.width]
                .iter_mut()
                .rev()
            {
                *digit = b'0' + (number % 10) as u8;
                number /= 10;
            }
        }
    }
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Measured {
    /// Calls answered with 200.
    pub good: u64,
    /// Calls answered otherwise, or not at all.
    pub bad: u64,
    pub elapsed: Duration,
    /// Microseconds of the good calls, in ascending order.
    times: Vec<u32>,
}

impl Measured {
    pub fn rate(&self) -> f64 {
        self.good as f64 / self.elapsed.as_secs_f64()
    }

    /// The time within which that share of the calls was answered, in milliseconds.
    pub fn percentile(&self, share: f64) -> f64 {
        percentile(&self.times, share).map_or(0.0, |micros| f64::from(micros) / 1_000.0)
    }
}

/// Of an ascending list.
pub fn percentile<T: Copy>(sorted: &[T], share: f64) -> Option<T> {
    let place = (sorted.len() as f64 * share) as usize;
    sorted.get(place.min(sorted.len().saturating_sub(1))).copied()
}

/// Runs the load on threads of its own: half of the machine's at most, the server needs the rest.
pub async fn drive(load: Load, template: Template) -> Result<Measured> {
    tokio::task::spawn_blocking(move || drive_threads(load, &template)).await?
}

fn drive_threads(load: Load, template: &Template) -> Result<Measured> {
    let cores = thread::available_parallelism().map_or(2, usize::from);
    let threads = (cores / 2).clamp(1, load.connections);
    let calls = Arc::new(AtomicU64::new(0));
    let begin = Instant::now();
    let workers: Vec<_> = (0..threads)
        .map(|thread| {
            let connections = load.connections / threads + usize::from(thread < load.connections % threads);
            let (template, calls) = (template.clone(), Arc::clone(&calls));
            thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()?;
                runtime.block_on(drive_connections(load, connections, &template, &calls))
            })
        })
        .collect();
    let mut sum = Measured::default();
    for worker in workers {
        let part = worker
            .join()
            .map_err(|_| anyhow::anyhow!("a thread of the load broke"))??;
        sum.good += part.good;
        sum.bad += part.bad;
        sum.times.extend(part.times);
    }
    sum.elapsed = begin.elapsed();
    sum.times.sort_unstable();
    Ok(sum)
}

async fn drive_connections(
    load: Load,
    connections: usize,
    template: &Template,
    calls: &Arc<AtomicU64>,
) -> Result<Measured> {
    let mut tasks = Vec::with_capacity(connections);
    for _ in 0..connections {
        let connection = Connection::open(load.address)
            .await
            .context("the server takes no connection")?;
        tasks.push(tokio::spawn(drive_one(
            load,
            connection,
            template.clone(),
            Arc::clone(calls),
        )));
    }
    let mut sum = Measured::default();
    for task in tasks {
        let part = task.await?;
        sum.good += part.good;
        sum.bad += part.bad;
        sum.times.extend(part.times);
    }
    Ok(sum)
}

async fn drive_one(
    load: Load,
    mut connection: Connection,
    mut template: Template,
    calls: Arc<AtomicU64>,
) -> Measured {
    let mut measured = Measured::default();
    let end = Instant::now() + load.time;
    let mut now = Instant::now();
    while now < end {
        let call = calls.fetch_add(1, Relaxed);
        if call >= load.most {
            break;
        }
        template.fill(call);
        let answered = connection.call(&template.bytes).await.map(|answer| answer.status);
        let then = Instant::now();
        match answered {
            Ok(200) => {
                measured.good += 1;
                measured.times.push((then - now).as_micros() as u32);
            }
            Ok(_) => measured.bad += 1,
            Err(_) => {
                measured.bad += 1;
                break;
            }
        }
        now = then;
    }
    measured
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_count_in_place() {
        let mut template = Template::new(b"to 000 say 00000".to_vec())
            .counting("00000", 100_000)
            .and_then(|template| template.counting("000", 7))
            .unwrap();
        template.fill(1_234);
        assert_eq!(String::from_utf8_lossy(&template.bytes), "to 002 say 01234");
    }

    #[test]
    fn percentiles_stay_inside() {
        assert_eq!(percentile(&[1, 2, 3, 4], 0.5), Some(3));
        assert_eq!(percentile(&[1, 2, 3, 4], 1.0), Some(4));
        assert_eq!(percentile::<u32>(&[], 0.5), None);
    }
}
