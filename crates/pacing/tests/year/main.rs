//! A year of sending, by the planner's own functions, under faults, restarts and clocks that are
//! set, with a ledger that checks every step.
//!
//! `SIMULATE_SEEDS=100` plays seeds 1 to 100, `SIMULATE_SEED=7` one alone, and with
//! `SIMULATE_ORGANIZATION=12` beside it a single organization of it. `SIMULATE_FAULT=NoGap` tries
//! one broken planner instead of all.

mod broken;
mod chance;
mod dispatch;
mod lane;
mod lanes;
mod ledger;
mod life;
mod past;
mod people;
mod planner;
mod platform;
mod record;
mod shape;
mod store;
mod world;

use broken::Fault;
use planner::{Planner, Real};
use platform::Platform;
use std::sync::{
    Mutex,
    atomic::{AtomicU64, Ordering},
};
use world::{Failure, Summary, World};

const ORGANIZATIONS: u64 = 200;
/// How many seeds a plain test run plays.
const SEEDS: u64 = 2;

/// Plays a seed, its organizations in parallel; nothing but the platform's own plan joins them.
fn play(
    seed: u64,
    organizations: std::ops::Range<u64>,
    planner: &dyn Planner,
) -> Result<Summary, Box<Failure>> {
    let platform = Platform::draw(seed);
    let next = AtomicU64::new(organizations.start);
    let results = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                loop {
                    let organization = next.fetch_add(1, Ordering::Relaxed);
                    if organization >= organizations.end {
                        return;
                    }
                    let result = World::new(&platform, organization, planner).run(organization);
                    if result.is_err() {
                        next.store(organizations.end, Ordering::Relaxed);
                    }
                    results.lock().unwrap().push((organization, result));
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap();
    results.sort_by_key(|(organization, _)| *organization);
    let mut all = Summary::default();
    for (_, result) in results {
        let one = result?;
        all.accepted += one.accepted;
        all.departures += one.departures;
        all.explained += one.explained;
        all.digest = all.digest.rotate_left(7) ^ one.digest;
    }
    Ok(all)
}

fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{name} must be a whole number, and is `{text}`")),
    )
}

fn fail(failure: &Failure) -> ! {
    let Failure {
        seed,
        organization,
        step,
        why,
        events,
    } = failure;
    panic!(
        "seed {seed}, organization {organization}, step {step}: {why}\n\
         replay: cargo xtask simulate --seed {seed} --organization {organization}\n\
         last events:\n  {}",
        events.join("\n  ")
    )
}

#[test]
fn a_year_of_sending_breaks_no_rule() {
    let first = number("SIMULATE_SEED");
    let seeds = number("SIMULATE_SEEDS").unwrap_or(SEEDS);
    let seeds = first.map_or(1..=seeds, |seed| seed..=seed);
    let only = number("SIMULATE_ORGANIZATION");
    let organizations = only.map_or(0..ORGANIZATIONS, |organization| organization..organization + 1);
    for seed in seeds {
        match play(seed, organizations.clone(), &Real) {
            Ok(summary) => {
                eprintln!("seed {seed}: {summary:?}");
                assert!(only.is_some() || summary.departures >= 1_000_000, "{summary:?}");
            }
            Err(failure) => fail(&failure),
        }
    }
}

#[test]
fn a_seed_replays_exactly() {
    let run = || play(42, 0..12, &Real).unwrap_or_else(|failure| fail(&failure));
    let (first, second) = (run(), run());
    assert_eq!(first, second);
    let other = play(43, 0..12, &Real).unwrap_or_else(|failure| fail(&failure));
    assert_ne!(first.digest, other.digest);
}

/// Each wrong planner breaks a rule within these seeds, and the ledger says so.
#[test]
fn every_broken_planner_is_caught() {
    let mut missed = Vec::new();
    let only = std::env::var("SIMULATE_FAULT").ok();
    for fault in Fault::ALL {
        if only.as_ref().is_some_and(|only| *only != format!("{fault:?}")) {
            continue;
        }
        match (1..=4).find_map(|seed| play(seed, 0..ORGANIZATIONS, fault).err()) {
            Some(failure) => eprintln!(
                "{fault:?}: seed {}, organization {}, step {}: {}",
                failure.seed, failure.organization, failure.step, failure.why
            ),
            None => missed.push(fault),
        }
    }
    assert!(missed.is_empty(), "the ledger does not notice {missed:?}");
}
