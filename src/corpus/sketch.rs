//! A count-min sketch (Cormode and Muthukrishnan 2005): how often was a key seen, in memory that
//! does not grow. Never too low; too high by a collision in both rows only.

use std::sync::atomic::{AtomicU16, Ordering};

/// Counters a row: two rows are 64 MB.
const WIDTH: usize = 1 << 24;

/// Counts shared by all threads. The order in which keys are added makes no difference.
pub(crate) struct Sketch {
    rows: [Vec<AtomicU16>; 2],
}

impl Sketch {
    /// The most that it tells apart; leaves room for threads that add at the same time.
    pub(crate) const MOST: usize = 65_000;

    /// A sketch for a collection of so many bytes: small ones need few counters.
    pub(crate) fn new(bytes: u64) -> Self {
        let width = usize::try_from(bytes / 4)
            .unwrap_or(WIDTH)
            .next_power_of_two()
            .clamp(1 << 12, WIDTH);
        let row = || {
            let mut row = Vec::new();
            row.resize_with(width, AtomicU16::default);
            row
        };
        Self {
            rows: [row(), row()],
        }
    }

    fn cells(&self, key: u64) -> [&AtomicU16; 2] {
        let mask = self.rows[0].len() - 1;
        [
            &self.rows[0][key as usize & mask],
            &self.rows[1][(key >> 32) as usize & mask],
        ]
    }

    /// Counts a key once; stays at the most that it tells apart.
    #[inline]
    pub(crate) fn add(&self, key: u64) {
        for cell in self.cells(key) {
            if usize::from(cell.load(Ordering::Relaxed)) < Self::MOST {
                cell.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    /// How often a key was counted, or a little more.
    #[inline]
    pub(crate) fn count(&self, key: u64) -> usize {
        let [a, b] = self.cells(key).map(|c| c.load(Ordering::Relaxed));
        usize::from(a.min(b))
    }
}

#[cfg(test)]
mod tests {
    use super::Sketch;
    use crate::corpus::comparable::mix;

    #[test]
    fn counts_are_never_too_low_and_seldom_too_high() {
        let sketch = Sketch::new(1 << 20);
        for key in 0..20_000_u64 {
            for _ in 0..key % 4 {
                sketch.add(mix(key + 1));
            }
        }
        let counts = (0..20_000_u64).map(|k| (k, sketch.count(mix(k + 1))));
        let high = counts
            .inspect(|(k, n)| assert!(*n as u64 >= k % 4))
            .filter(|(k, n)| *n as u64 > k % 4);
        assert!(high.count() < 1_000);
    }
}
