//! Decision trees laid out for speed: the same sums as [`Trees`], several times as fast.
//!
//! Faults are rare, so nearly all rows go the same way through a tree, and the processor guesses it: a node is decoded in two reads, and every step is a
//! branch, because a computed step would have to wait for the one before. The layout is made once a process, in some
//! ten microseconds.

use super::trees::{LEAF, Trees, calibrate};

/// The most features that a row can have.
const WIDEST: usize = 64;

/// An ensemble of decision trees, ready to weigh many rows.
#[derive(Debug)]
pub struct Forest {
    features: usize,
    base: f32,
    /// The first node of each tree.
    trees: Vec<u32>,
    nodes: Vec<Node>,
    knots: Vec<(f32, f32)>,
}

/// A node: the way is to the next node for a value up to the threshold, for any other as many nodes further as `right` says. A leaf is up to
/// nothing and has nothing further on.
#[derive(Clone, Copy, Debug)]
struct Node {
    threshold: f32,
    mean: f32,
    feature: u16,
    right: u16,
}

impl Forest {
    /// Lays out trees; none if their rows are wider than 64 values.
    pub fn new(trees: Trees<'_>) -> Option<Self> {
        if trees.features() > WIDEST {
            return None;
        }
        let mut forest = Self {
            features: trees.features(),
            base: trees.base(),
            trees: Vec::with_capacity(trees.len()),
            nodes: Vec::new(),
            knots: (0..trees.knots()).map(|i| trees.knot(i)).collect(),
        };
        for tree in 0..trees.len() {
            forest.trees.push(forest.nodes.len() as u32);
            forest.nodes.extend(trees.nodes_of(tree).map(|index| {
                let node = trees.node(index);
                let leaf = node.feature == LEAF;
                Node {
                    threshold: if leaf { f32::NAN } else { node.threshold },
                    mean: node.mean,
                    feature: if leaf { 0 } else { node.feature },
                    right: if leaf { 0 } else { node.right },
                }
            }));
        }
        Some(forest)
    }

    /// How many values a row must have.
    pub fn features(&self) -> usize {
        self.features
    }

    /// The calibrated log-odds of a row; see [`Trees::log_odds`].
    pub fn log_odds(&self, row: &[f32]) -> f32 {
        self.calibrate(self.base + sum(&self.trees, &self.nodes, &wide(row)))
    }

    fn calibrate(&self, score: f32) -> f32 {
        calibrate(score, self.knots.len(), |i| self.knots[i])
    }

    /// The log-odds of a row, or nothing where the first trees already make it plain that they are low: by `margin` below what an average row
    /// has. Most rows of rare faults cost a sixth that way.
    pub(crate) fn log_odds_unless_low(&self, row: &[f32], margin: f32) -> Option<f32> {
        const FIRST: usize = 24;
        let row = wide(row);
        let (head, tail) = self.trees.split_at(self.trees.len().min(FIRST));
        let first = sum(head, &self.nodes, &row);
        if first < -margin {
            return None;
        }
        let rest = sum(tail, &self.nodes, &row);
        Some(self.calibrate(self.base + first + rest))
    }

    /// What each feature adds to the log-odds of a row before calibration, by the way that the row takes through the trees.
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
                shares[feature] += self.nodes[at].mean - node.mean;
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

fn sum(trees: &[u32], nodes: &[Node], row: &[f32; WIDEST]) -> f32 {
    let mut sum = 0.0;
    for first in trees {
        let mut at = *first as usize;
        loop {
            let mut node = &nodes[at];
            while row[usize::from(node.feature) % WIDEST] <= node.threshold {
                at += 1;
                node = &nodes[at];
            }
            if node.right == 0 {
                sum += node.mean;
                break;
            }
            at += usize::from(node.right);
        }
    }
    sum
}

#[cfg(all(test, feature = "train"))]
mod tests {
    use super::*;
    use crate::train::boost::{Options, Rows, fit_calibrated};

    #[test]
    fn says_what_the_trees_say() {
        let mut rows = Rows::new(&["gain", "length"]);
        let mut state = 7_u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / (1 << 24) as f32
        };
        for _ in 0..3000 {
            let (a, b) = (next(), next());
            rows.push(&[a, b], next() < a * b, 1.0);
        }
        let folds: Vec<u8> = (0..rows.len()).map(|i| (i % 4) as u8).collect();
        let options = Options {
            trees: 60,
            leaves: 9,
            min_rows: 20.0,
            ..Options::default()
        };
        let bytes = fit_calibrated(&rows, &folds, &options);
        let trees = Trees::read(&bytes).expect("just fitted");
        let forest = Forest::new(trees).expect("two features");
        for _ in 0..500 {
            let row = [next(), next()];
            for row in [&row[..], &row[..1], &[f32::NAN, row[1]]] {
                assert_eq!(
                    forest.log_odds(row).to_bits(),
                    trees.log_odds(row).to_bits()
                );
            }
            let shares = forest.shares(&row);
            for (feature, share) in trees.explain(&row) {
                assert!((shares[feature] - share).abs() < 1e-4);
            }
            let low = forest.log_odds_unless_low(&row, 0.3);
            let near = |low: f32| (low - trees.log_odds(&row)).abs() < 1e-4;
            assert!(low.is_none_or(near));
        }
    }
}
