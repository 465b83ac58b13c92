//! Chance that comes from a seed alone, the same on every machine.

/// SplitMix64: small, fast, and good enough to be unlucky with.
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// One stream for each purpose, so that one that draws more does not change the others.
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut chance =
            Self(seed.wrapping_mul(0x2545_F491_4F6C_DD1D) ^ stream.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        chance.next();
        chance
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, most: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(most.max(1))) >> 64) as u64
    }

    pub fn index(&mut self, len: usize) -> usize {
        self.below(len as u64) as usize
    }

    /// From `low` to `high`, both included.
    pub fn range(&mut self, low: i64, high: i64) -> i64 {
        low + self.below(high.abs_diff(low) + 1) as i64
    }

    pub fn percent(&mut self, part: u64) -> bool {
        self.below(100) < part
    }

    pub fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.index(all.len())]
    }

    /// How long until something that happens every `mean` milliseconds happens next.
    pub fn wait(&mut self, mean: i64) -> i64 {
        let unit = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        1 + (-(1.0 - unit).ln() * mean as f64) as i64
    }
}
