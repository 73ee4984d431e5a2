//! Decision trees laid out for speed: the same sums as [`Trees`], several times as fast.
//!
//! The first trees turn most rows down, and as faults are rare, nearly all of those go the same way
//! through a tree: there every step is a branch, which the processor guesses. What is left is
//! doubtful and cannot be guessed: there eight trees are gone through side by side, and each step
//! is computed; it waits for the one before it, but the eight do not wait for each other. The
//! layout is made once a process, in some ten microseconds.

use std::hint::select_unpredictable;

use super::trees::{LEAF, Trees, calibrate};

/// The most steps of a way through a tree.
const DEEPEST: usize = 64;
/// The trees that decide whether the others are asked.
const FIRST: usize = 24;

/// The most features that a row can have.
const WIDEST: usize = 64;

/// An ensemble of decision trees, ready to weigh many rows.
#[derive(Debug)]
pub struct Forest {
    features: usize,
    base: f32,
    /// The first node of each tree.
    trees: Vec<u32>,
    /// The steps of the longest way through each tree.
    depths: Vec<usize>,
    nodes: Vec<Node>,
    /// What each node says, if it is a leaf; the mean of those below it, if not.
    means: Vec<f32>,
    knots: Vec<(f32, f32)>,
}

/// A node: the way is to the next node for a value up to the threshold, for any other as many nodes
/// further as `right` says. A leaf is up to nothing and has nothing further on.
#[derive(Clone, Copy, Debug)]
struct Node {
    threshold: f32,
    feature: u16,
    right: u16,
}

impl Forest {
    /// Lays out trees; none if their rows are wider than 64 values, or a way through them takes
    /// more than 64 steps.
    pub fn new(trees: Trees<'_>) -> Option<Self> {
        if trees.features() > WIDEST {
            return None;
        }
        let mut forest = Self {
            features: trees.features(),
            base: trees.base(),
            trees: Vec::with_capacity(trees.len()),
            depths: Vec::with_capacity(trees.len()),
            nodes: Vec::with_capacity(trees.nodes()),
            means: Vec::with_capacity(trees.nodes()),
            knots: (0..trees.knots()).map(|i| trees.knot(i)).collect(),
        };
        let mut below = Vec::new();
        for tree in 0..trees.len() {
            let first = forest.nodes.len();
            forest.trees.push(first as u32);
            for node in trees.each(trees.nodes_of(tree)) {
                let leaf = node.feature == LEAF;
                forest.nodes.push(Node {
                    threshold: if leaf { f32::NAN } else { node.threshold },
                    feature: if leaf { 0 } else { node.feature },
                    right: if leaf { 0 } else { node.right },
                });
                forest.means.push(node.mean);
            }
            let depth = depth(&forest.nodes[first..], &mut below);
            forest.depths.push(depth);
        }
        let deepest = forest.depths.iter().copied().max();
        (deepest.unwrap_or(0) <= DEEPEST).then_some(forest)
    }

    /// How many values a row must have.
    pub fn features(&self) -> usize {
        self.features
    }

    /// The calibrated log-odds of a row; see [`Trees::log_odds`].
    pub fn log_odds(&self, row: &[f32]) -> f32 {
        #[cfg(test)]
        asked::note(self, row);
        self.calibrate(self.base + self.side_by_side(0, &wide(row)))
    }

    /// What the trees from one on say of a row, eight side by side.
    fn side_by_side(&self, from: usize, row: &[f32; WIDEST]) -> f32 {
        const LANES: usize = 8;
        let mut sum = 0.0;
        let (groups, rest) = self.trees[from..].as_chunks::<LANES>();
        let depths = self.depths[from..].as_chunks::<LANES>().0;
        let nodes = self.nodes.as_slice();
        for (group, depths) in groups.iter().zip(depths) {
            let mut at = *group;
            for _ in 0..depths.iter().fold(0, |most, depth| (*depth).max(most)) {
                for at in &mut at {
                    let node = nodes[*at as usize];
                    let left = row[usize::from(node.feature) % WIDEST] <= node.threshold;
                    *at += select_unpredictable(left, 1, u32::from(node.right));
                }
            }
            for at in at {
                sum += self.means[at as usize];
            }
        }
        self.add(rest, row, &mut sum);
        sum
    }

    /// What trees say of a row, one after the other.
    fn sum(&self, trees: &[u32], row: &[f32; WIDEST]) -> f32 {
        let mut sum = 0.0;
        self.add(trees, row, &mut sum);
        sum
    }

    fn add(&self, trees: &[u32], row: &[f32; WIDEST], sum: &mut f32) {
        let nodes = self.nodes.as_slice();
        for first in trees {
            let mut at = *first as usize;
            loop {
                let mut node = &nodes[at];
                while row[usize::from(node.feature) % WIDEST] <= node.threshold {
                    at += 1;
                    node = &nodes[at];
                }
                if node.right == 0 {
                    *sum += self.means[at];
                    break;
                }
                at += usize::from(node.right);
            }
        }
    }

    /// The most that a tree can say of a row of which some values are not known.
    fn most_of(&self, mut at: usize, row: &[f32; WIDEST], unknown: u64) -> f32 {
        loop {
            let node = self.nodes[at];
            if node.right == 0 {
                return self.means[at];
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
        let head = &self.trees[..self.trees.len().min(FIRST)];
        let most = |first: &u32| self.most_of(*first as usize, &row, unknown);
        // a sum of greater numbers is not less, however it is rounded
        head.iter().fold(0.0, |sum, first| sum + most(first)) < -margin
    }

    fn calibrate(&self, score: f32) -> f32 {
        calibrate(score, self.knots.len(), |i| self.knots[i])
    }

    /// The log-odds of a row, or nothing where the first trees already make it plain that they are
    /// low: by `margin` below what an average row has. Most rows of rare faults cost a sixth that
    /// way.
    pub(crate) fn log_odds_unless_low(&self, row: &[f32], margin: f32) -> Option<f32> {
        #[cfg(test)]
        asked::note(self, row);
        let row = wide(row);
        let head = &self.trees[..self.trees.len().min(FIRST)];
        let first = self.sum(head, &row);
        if first < -margin {
            return None;
        }
        let rest = self.side_by_side(head.len(), &row);
        Some(self.calibrate(self.base + first + rest))
    }

    /// What each feature adds to the log-odds of a row before calibration, by the way that the row
    /// takes through the trees.
    pub(crate) fn shares(&self, row: &[f32]) -> [f32; WIDEST] {
        let row = wide(row);
        let mut shares = [0.0; WIDEST];
        for first in &self.trees {
            let mut at = *first as usize;
            loop {
                let node = &self.nodes[at];
                let feature = usize::from(node.feature) % WIDEST;
                let step = if row[feature] <= node.threshold {
                    1
                } else if node.right == 0 {
                    break;
                } else {
                    usize::from(node.right)
                };
                at += step;
                shares[feature] += self.means[at] - self.means[at - step];
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

/// The steps of the longest way through a tree. Nodes stand behind those that lead to them. `below`
/// is memory for the steps from each node on, from the last one on.
fn depth(nodes: &[Node], below: &mut Vec<u16>) -> usize {
    below.clear();
    for (done, node) in nodes.iter().rev().enumerate() {
        // the next node was done last, the one to the right some steps before
        let steps = match usize::from(node.right) {
            0 => 0,
            right => 1 + below[done - 1].max(below[done - right]),
        };
        below.push(steps);
    }
    below.last().map_or(0, |steps| usize::from(*steps))
}

/// What forests are asked, for tests that hold it against what they were fitted on.
#[cfg(test)]
pub(crate) mod asked {
    use std::cell::RefCell;

    use super::Forest;

    /// Rows, each with the forest that was asked.
    type Rows = Vec<(*const Forest, Vec<f32>)>;

    thread_local! {
        static ROWS: RefCell<Option<Rows>> = const { RefCell::new(None) };
    }

    /// The rows that forests are asked for on this thread while something is done, each with the
    /// forest.
    #[cfg_attr(not(feature = "train"), allow(dead_code, reason = "asked of fits"))]
    pub(crate) fn during(done: impl FnOnce()) -> Rows {
        ROWS.set(Some(Vec::new()));
        done();
        ROWS.take().unwrap_or_default()
    }

    pub(super) fn note(forest: &Forest, row: &[f32]) {
        ROWS.with_borrow_mut(|rows| {
            if let Some(rows) = rows {
                rows.push((forest, row.to_vec()));
            }
        });
    }
}
