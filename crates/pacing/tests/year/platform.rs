//! What happens to all organizations at once: restarts, clocks that are set, settings.

use super::{
    chance::Chance,
    shape::{DAY, HOUR, MINUTE, YEAR, draw},
};
use types::{
    Timestamp,
    pacing::{Limit, Limits},
};

#[derive(Clone, Debug)]
pub enum Fault {
    /// At once, or as soon as something is on the wire.
    Restart {
        on_the_wire: bool,
    },
    /// The clock is set by so many milliseconds.
    Clock(i64),
    Limits(Limits),
}

/// The same for every organization of a seed, so that each can be played alone.
#[derive(Debug)]
pub struct Platform {
    pub seed: u64,
    pub start: Timestamp,
    pub limits: Limits,
    pub faults: Vec<(i64, Fault)>,
}

/// 2026-01-01 and, with the day that Samoa skipped, 2011-07-01, both in UTC.
const STARTS: [i64; 2] = [1_767_225_600_000, 1_309_478_400_000];

impl Platform {
    pub fn draw(seed: u64) -> Self {
        let mut chance = Chance::new(seed, 0);
        let mut limits = Limits::defaults();
        let mut faults = Vec::new();
        for _ in 0..60 {
            let on_the_wire = chance.percent(70);
            faults.push((chance.range(0, YEAR), Fault::Restart { on_the_wire }));
        }
        for _ in 0..16 {
            let size = chance.pick(&[MINUTE, 10 * MINUTE, HOUR, 5 * HOUR, DAY]);
            let by = chance.range(1, size) * chance.pick(&[-1, 1]);
            let at = chance.range(0, YEAR);
            faults.push((at, Fault::Clock(by)));
            // Somebody notices, sooner or later.
            if chance.percent(70) {
                faults.push((at + chance.wait(6 * HOUR), Fault::Clock(-by)));
            }
        }
        let mut now = limits.clone();
        for n in 1..=3 {
            draw(&mut now, chance.pick(Limit::ALL), 5_000, &mut chance);
            faults.push((YEAR * n / 4, Fault::Limits(now.clone())));
        }
        if chance.percent(30) {
            limits.set(Limit::ColdDaily, Some(40));
        }
        faults.retain(|(at, _)| *at < YEAR);
        faults.sort_by_key(|(at, _)| *at);
        let past = usize::from(seed.is_multiple_of(4));
        Self {
            seed,
            start: Timestamp(STARTS[past] + chance.range(0, 40 * DAY)),
            limits,
            faults,
        }
    }
}
