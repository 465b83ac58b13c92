//! New identifiers: UUIDs of version 7 from the passed clock and the passed chance.

use super::{Clock, Random};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};
use uuid::{Builder, Uuid};

#[derive(Clone, Debug)]
pub struct IdGen {
    clock: Clock,
    random: Random,
    /// The last 48-bit time and 12-bit count handed out, so that ids of one node never go back.
    last: Arc<AtomicU64>,
}

impl IdGen {
    pub fn new(clock: Clock, random: Random) -> Self {
        Self {
            clock,
            random,
            last: Arc::default(),
        }
    }

    /// Larger than every id this generator made before (RFC 9562, 6.2, method 1).
    pub fn uuid(&self) -> Uuid {
        let now = (self.clock.now().0.max(0) as u64) << 12;
        let step = |last: u64| Some(now.max(last + 1));
        let last = match self.last.fetch_update(Ordering::SeqCst, Ordering::SeqCst, step) {
            Ok(last) | Err(last) => now.max(last + 1),
        };
        let mut bytes = [0; 10];
        self.random.fill(&mut bytes[2..]);
        bytes[0] = (last >> 8) as u8 & 0x0f;
        bytes[1] = last as u8;
        Builder::from_unix_timestamp_millis(last >> 12, &bytes).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use types::Timestamp;

    #[test]
    fn ids_rise_even_when_the_clock_stands_or_falls() {
        let clock = Clock::manual(Timestamp(1_700_000_000_000));
        let ids = IdGen::new(clock.clone(), Random::seeded(1));
        let mut last = ids.uuid();
        for n in 0..10_000 {
            if n == 5_000 {
                clock.advance(-60_000);
            }
            let next = ids.uuid();
            assert!(next > last);
            last = next;
        }
        assert_eq!(last.get_version_num(), 7);
    }
}
