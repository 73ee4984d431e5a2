//! Decision trees asked fast: the same sums as [`Trees`], several times as fast.
//!
//! The first trees turn most rows down, and as faults are rare, nearly all of those go the same way
//! through a tree: there every step is a branch, which the processor guesses. What is left is
//! doubtful and cannot be guessed: there eight trees are gone through side by side, and each step
//! is computed; it waits for the one before it, but the eight do not wait for each other. They are
//! read where the model lies.

use std::hint::select_unpredictable;

use super::trees::{Trees, first_node, steps};

/// The trees that decide whether the others are asked.
const FIRST: usize = 24;

/// The most features that a row can have.
const WIDEST: usize = 64;

/// An ensemble of decision trees, ready to weigh many rows.
#[derive(Clone, Copy, Debug)]
pub struct Forest<'m> {
    trees: Trees<'m>,
}

impl<'m> Forest<'m> {
    /// Of trees that were checked; none if their rows are wider than 64 values.
    pub fn new(trees: Trees<'m>) -> Option<Self> {
        (trees.features() <= WIDEST).then_some(Self { trees })
    }

    /// How many values a row must have.
    pub fn features(&self) -> usize {
        self.trees.features()
    }

    /// The calibrated log-odds of a row; see [`Trees::log_odds`].
    pub fn log_odds(&self, row: &[f32]) -> f32 {
        #[cfg(test)]
        asked::note(self, row);
        let sum = self.side_by_side(self.trees.starts, &wide(row));
        self.trees.calibrate(self.trees.base + sum)
    }

    /// What trees say of a row, eight side by side.
    fn side_by_side(&self, trees: &[[u8; 4]], row: &[f32; WIDEST]) -> f32 {
        const LANES: usize = 8;
        let mut sum = 0.0;
        let (groups, rest) = trees.as_chunks::<LANES>();
        let all = self.trees;
        for group in groups {
            let mut at = group.each_ref().map(first_node);
            for _ in 0..group.iter().fold(0, |most, word| steps(word).max(most)) {
                for at in &mut at {
                    let node = all.node(*at as usize);
                    let left = row[usize::from(node.feature) % WIDEST] <= node.threshold;
                    *at += select_unpredictable(left, 1, u32::from(node.right));
                }
            }
            for at in at {
                sum += all.mean(at as usize);
            }
        }
        self.add(rest, row, &mut sum);
        sum
    }

    /// The first trees, which decide whether the others are asked, and the others.
    fn first(&self) -> (&'m [[u8; 4]], &'m [[u8; 4]]) {
        let trees = self.trees.starts;
        trees.split_at(trees.len().min(FIRST))
    }

    /// What trees say of a row, one after the other.
    fn add(&self, trees: &[[u8; 4]], row: &[f32; WIDEST], sum: &mut f32) {
        for word in trees {
            let mut at = first_node(word) as usize;
            loop {
                let mut node = self.trees.node(at);
                while row[usize::from(node.feature) % WIDEST] <= node.threshold {
                    at += 1;
                    node = self.trees.node(at);
                }
                if node.right == 0 {
                    *sum += self.trees.mean(at);
                    break;
                }
                at += usize::from(node.right);
            }
        }
    }

    /// The most that a tree can say of a row of which some values are not known.
    fn most_of(&self, mut at: usize, row: &[f32; WIDEST], unknown: u64) -> f32 {
        loop {
            let node = self.trees.node(at);
            if node.right == 0 {
                return self.trees.mean(at);
            }
            let (left, right) = (at + 1, at + usize::from(node.right));
            let feature = usize::from(node.feature) % WIDEST;
            if unknown >> feature & 1 != 0 {
                let of_left = self.most_of(left, row, unknown);
                return of_left.max(self.most_of(right, row, unknown));
            }
            at = match row[feature] <= node.threshold {
                true => left,
                false => right,
            };
        }
    }

    /// Whether [`Self::log_odds_unless_low`] says nothing of a row whatever its values are in the
    /// columns of which a bit is set in `unknown`.
    pub(crate) fn is_low_whatever(&self, row: &[f32], unknown: u64, margin: f32) -> bool {
        let row = wide(row);
        let most = |word| self.most_of(first_node(word) as usize, &row, unknown);
        // a sum of greater numbers is not less, however it is rounded
        let words = self.first().0.iter();
        words.fold(0.0, |sum, word| sum + most(word)) < -margin
    }

    /// The log-odds of a row, or nothing where the first trees already make it plain that they are
    /// low: by `margin` below what an average row has. Most rows of rare faults cost a sixth that
    /// way.
    pub(crate) fn log_odds_unless_low(&self, row: &[f32], margin: f32) -> Option<f32> {
        #[cfg(test)]
        asked::note(self, row);
        let row = wide(row);
        let (head, others) = self.first();
        let mut first = 0.0;
        self.add(head, &row, &mut first);
        if first < -margin {
            return None;
        }
        let rest = self.side_by_side(others, &row);
        Some(self.trees.calibrate(self.trees.base + first + rest))
    }

    /// What each feature adds to the log-odds of a row before calibration, by the way that the row
    /// takes through the trees.
    pub(crate) fn shares(&self, row: &[f32]) -> [f32; WIDEST] {
        let row = wide(row);
        let mut shares = [0.0; WIDEST];
        for word in self.trees.starts {
            let mut at = first_node(word) as usize;
            loop {
                let node = self.trees.node(at);
                let feature = usize::from(node.feature) % WIDEST;
                let step = if row[feature] <= node.threshold {
                    1
                } else if node.right == 0 {
                    break;
                } else {
                    usize::from(node.right)
                };
                shares[feature] += self.trees.mean(at + step) - self.trees.mean(at);
                at += step;
            }
        }
        shares
    }

    /// The calibrated probability of a row.
    pub fn probability(&self, row: &[f32]) -> f32 {
        super::trees::probability(self.log_odds(row))
    }
}

/// A row as wide as any, so that no read of it needs a check. What a short row lacks is missing.
fn wide(row: &[f32]) -> [f32; WIDEST] {
    let mut wide = [f32::NAN; WIDEST];
    let width = row.len().min(WIDEST);
    wide[..width].copy_from_slice(&row[..width]);
    wide
}

/// What forests are asked, for tests that hold it against what they were fitted on.
#[cfg(test)]
pub(crate) mod asked {
    use std::cell::RefCell;

    use super::Forest;

    /// Where trees lie in memory.
    pub(crate) type Place = *const [u8; 4];

    /// Rows, each with the place of the trees that were asked.
    type Rows = Vec<(Place, Vec<f32>)>;

    thread_local! {
        static ROWS: RefCell<Option<Rows>> = const { RefCell::new(None) };
    }

    /// The place of the trees of a forest.
    #[cfg_attr(not(feature = "train"), allow(dead_code, reason = "asked of fits"))]
    pub(crate) fn place(forest: &Forest<'_>) -> Place {
        forest.trees.starts.as_ptr()
    }

    /// The rows that forests are asked for on this thread while something is done, each with the
    /// place of its trees.
    #[cfg_attr(not(feature = "train"), allow(dead_code, reason = "asked of fits"))]
    pub(crate) fn during(done: impl FnOnce()) -> Rows {
        ROWS.set(Some(Vec::new()));
        done();
        ROWS.take().unwrap_or_default()
    }

    pub(super) fn note(forest: &Forest<'_>, row: &[f32]) {
        ROWS.with_borrow_mut(|rows| {
            if let Some(rows) = rows {
                rows.push((place(forest), row.to_vec()));
            }
        });
    }
}
