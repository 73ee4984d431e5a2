//! Chance that can be repeated: the same seed gives the same numbers on every machine.
//!
//! There are two sequences, and both stay: which numbers a fit draws is a part of the recipe, and
//! other ones would make another model. What measures a model, in `lab/`, has one of its own, so
//! that nothing is measured on the draws it was fitted on.

/// What most fits draw (Knuth's MMIX generator).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// A sequence of its own for each seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below `n`; 0 if `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % n.max(1)
    }
}

/// What the pages of `order` are composed by (xorshift64*, Vigna 2016).
pub(super) struct Chance(u64);

impl Chance {
    /// The chance of one page.
    pub(super) fn of(seed: u64, page: usize) -> Self {
        let mut chance = Self((seed ^ (page as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)) | 1);
        for _ in 0..4 {
            chance.next();
        }
        chance
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11
    }

    /// A number below `n`, which is not zero.
    pub(super) fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    /// True in `percent` of a hundred cases.
    pub(super) fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}
