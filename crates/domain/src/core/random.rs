//! The source of chance, passed in: the system's, or a seeded one that repeats itself.

use rand::{RngCore, SeedableRng, rngs::SmallRng};
use std::sync::{Arc, Mutex, PoisonError};

#[derive(Clone, Debug)]
pub enum Random {
    /// The operating system's, fit for secrets.
    System,
    /// For tests and simulations only.
    Seeded(Arc<Mutex<SmallRng>>),
}

impl Random {
    pub fn seeded(seed: u64) -> Self {
        Self::Seeded(Arc::new(Mutex::new(SmallRng::seed_from_u64(seed))))
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that asks the system for chance"
    )]
    pub fn fill(&self, bytes: &mut [u8]) {
        match self {
            // `rand::rng` is seeded from the system and reseeds itself; it is fit for secrets.
            Self::System => rand::rng().fill_bytes(bytes),
            Self::Seeded(rng) => rng
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .fill_bytes(bytes),
        }
    }

    pub fn u64(&self) -> u64 {
        let mut bytes = [0; 8];
        self.fill(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    /// Even over `0..below`; 0 for an empty range.
    pub fn below(&self, below: u64) -> u64 {
        ((u128::from(self.u64()) * u128::from(below)) >> 64) as u64
    }

    /// Characters drawn from that alphabet, for codes that people type.
    pub fn text(&self, alphabet: &[u8], length: usize) -> String {
        (0..length)
            .filter_map(|_| alphabet.get(self.below(alphabet.len() as u64) as usize))
            .map(|byte| char::from(*byte))
            .collect()
    }
}
