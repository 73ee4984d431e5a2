//! A hasher for keys that are integers, most of them hashes already.

use std::hash::{BuildHasherDefault, Hasher};

/// For maps whose keys are fingerprints, or characters side by side.
pub(crate) type Hashed = BuildHasherDefault<Fold>;

/// Spreads an integer by one multiplication.
#[derive(Default)]
pub(crate) struct Fold(u64);

impl Hasher for Fold {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u32(&mut self, key: u32) {
        self.write_u64(u64::from(key));
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = (self.0 ^ key).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 ^= self.0 >> 32;
    }
}
