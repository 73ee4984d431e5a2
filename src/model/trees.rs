//! Small gradient-boosted trees, read in place: evidence in, calibrated log-odds out.
//!
//! A rule that weighs several pieces of evidence hands them over as a row of numbers. Each tree
//! adds a little to the log-odds of "this is an error"; a calibration curve turns the sum into one
//! that can be believed (of findings at 0.9, nine in ten are right). [`Trees::explain`] tells which
//! pieces of evidence spoke loudest, for the message. The trainer is `train::boost`. Whoever weighs
//! many rows lays the trees out as a [`Forest`](super::forest::Forest).
//!
//! Layout, little endian: a header of seven words (version, features, trees, nodes, knots, bytes of
//! names, base log-odds), the first node of each tree, the nodes in pre-order (the left child
//! stands next to its parent), the knots of the calibration curve, the names of the features, a
//! line each.

use thiserror::Error;

/// Version of the layout.
pub(crate) const VERSION: u32 = 1;
/// Bytes of the header.
pub(crate) const HEADER: usize = 28;
/// Bytes of a node: feature (u16), distance of the right child (u16), threshold (f32), mean (f32).
pub(crate) const NODE: usize = 12;
/// The feature number that marks a leaf.
pub(crate) const LEAF: u16 = u16::MAX;

/// The bytes are not a part written by `train::boost`.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("damaged decision trees: {0}")]
pub struct BadTrees(&'static str);

/// An ensemble of decision trees over borrowed bytes.
#[derive(Debug, Clone, Copy)]
pub struct Trees<'a> {
    features: usize,
    base: f32,
    starts: &'a [u8],
    nodes: &'a [u8],
    knots: &'a [u8],
    names: &'a str,
}

/// One node, decoded.
#[derive(Clone, Copy)]
pub(crate) struct Node {
    pub(crate) feature: u16,
    pub(crate) right: u16,
    pub(crate) threshold: f32,
    pub(crate) mean: f32,
}

impl<'a> Trees<'a> {
    /// Reads a part and checks every node, so that scoring cannot run astray.
    pub fn read(bytes: &'a [u8]) -> Result<Self, BadTrees> {
        let read = Self::parse(bytes)?;
        read.check()?;
        Ok(read)
    }

    /// Reads a part that was checked when its model was opened.
    pub(crate) fn view(bytes: &'a [u8]) -> Option<Self> {
        Self::parse(bytes).ok()
    }

    fn parse(bytes: &'a [u8]) -> Result<Self, BadTrees> {
        let header = bytes
            .get(..HEADER)
            .ok_or(BadTrees("the header is cut short"))?;
        if word(header, 0) != VERSION {
            return Err(BadTrees("unknown version"));
        }
        let [features, trees, nodes, knots, names] =
            [1, 2, 3, 4, 5].map(|i| word(header, i) as usize);
        let mut rest = &bytes[HEADER..];
        let mut take = |count: usize, size: usize| {
            let length = count.checked_mul(size).filter(|&l| l <= rest.len());
            let (head, tail) = rest.split_at(length.ok_or(BadTrees("a table is cut short"))?);
            rest = tail;
            Ok(head)
        };
        let starts = take(trees, 4)?;
        let nodes = take(nodes, NODE)?;
        let knots = take(knots, 8)?;
        let names =
            std::str::from_utf8(take(names, 1)?).map_err(|_| BadTrees("names are not UTF-8"))?;
        Ok(Self {
            features,
            base: float(header, 6),
            starts,
            nodes,
            knots,
            names,
        })
    }

    fn check(&self) -> Result<(), BadTrees> {
        if self.names.lines().count() != self.features || self.features >= LEAF as usize {
            return Err(BadTrees("names and features differ in number"));
        }
        let (trees, nodes) = (self.starts.len() / 4, self.nodes.len() / NODE);
        for tree in 0..trees {
            let start = word(self.starts, tree) as usize;
            let end = if tree + 1 < trees {
                word(self.starts, tree + 1) as usize
            } else {
                nodes
            };
            if start >= end || end > nodes {
                return Err(BadTrees("a tree is empty or out of order"));
            }
            for index in start..end {
                let node = self.node(index);
                let sound = node.feature == LEAF
                    || ((node.feature as usize) < self.features
                        && node.right > 1
                        && index + (node.right as usize) < end);
                if !sound || !node.mean.is_finite() {
                    return Err(BadTrees("a node points outside its tree"));
                }
            }
        }
        if !self.base.is_finite()
            || (0..self.knots.len() / 4).any(|i| !float(self.knots, i).is_finite())
        {
            return Err(BadTrees("a number is not finite"));
        }
        let rising = (1..self.knots.len() / 8).all(|i| self.knot(i - 1).0 < self.knot(i).0);
        rising
            .then_some(())
            .ok_or(BadTrees("the calibration curve runs backwards"))
    }

    /// Number of values a row must have.
    pub fn features(&self) -> usize {
        self.features
    }

    /// Names of the features, in the order of a row.
    pub fn names(&self) -> impl Iterator<Item = &'a str> {
        self.names.lines()
    }

    /// The calibrated log-odds of a row. A value that is missing is NaN and falls on the greater
    /// side of every threshold, as in training; so does one beyond the end of a short row.
    pub fn log_odds(&self, row: &[f32]) -> f32 {
        calibrate(self.base + self.sum(row), self.knots(), |i| self.knot(i))
    }

    /// What the trees say together.
    fn sum(&self, row: &[f32]) -> f32 {
        let mut sum = 0.0;
        for tree in 0..self.len() {
            let mut index = word(self.starts, tree) as usize;
            let mut node = self.node(index);
            while node.feature != LEAF {
                index += if goes_left(row, &node) {
                    1
                } else {
                    node.right as usize
                };
                node = self.node(index);
            }
            sum += node.mean;
        }
        sum
    }

    /// The calibrated probability of a row.
    pub fn probability(&self, row: &[f32]) -> f32 {
        probability(self.log_odds(row))
    }

    /// What each feature added to the (uncalibrated) log-odds of this row, as (feature, share), the
    /// strongest first.
    pub fn explain(&self, row: &[f32]) -> Vec<(usize, f32)> {
        let mut shares: Vec<(usize, f32)> = (0..self.features).map(|f| (f, 0.0)).collect();
        for tree in 0..self.len() {
            let mut index = word(self.starts, tree) as usize;
            let mut node = self.node(index);
            while node.feature != LEAF {
                index += if goes_left(row, &node) {
                    1
                } else {
                    node.right as usize
                };
                let next = self.node(index);
                shares[node.feature as usize].1 += next.mean - node.mean;
                node = next;
            }
        }
        shares.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
        shares
    }

    /// Number of trees.
    pub(crate) fn len(&self) -> usize {
        self.starts.len() / 4
    }

    /// The log-odds that the trees add to.
    pub(crate) fn base(&self) -> f32 {
        self.base
    }

    /// The numbers of the nodes of a tree.
    pub(crate) fn nodes_of(&self, tree: usize) -> std::ops::Range<usize> {
        let end = if tree + 1 < self.len() {
            word(self.starts, tree + 1) as usize
        } else {
            self.nodes.len() / NODE
        };
        word(self.starts, tree) as usize..end
    }

    /// Number of nodes of all trees.
    pub(crate) fn nodes(&self) -> usize {
        self.nodes.len() / NODE
    }

    /// Some nodes.
    pub(crate) fn each(&self, nodes: std::ops::Range<usize>) -> impl Iterator<Item = Node> + 'a {
        let (all, _) = self.nodes.as_chunks::<NODE>();
        let some = all.get(nodes).unwrap_or_default().iter();
        some.map(Node::of)
    }

    /// Number of knots of the calibration curve.
    pub(crate) fn knots(&self) -> usize {
        self.knots.len() / 8
    }

    pub(crate) fn knot(&self, index: usize) -> (f32, f32) {
        (
            float(self.knots, 2 * index),
            float(self.knots, 2 * index + 1),
        )
    }

    #[inline]
    pub(crate) fn node(&self, index: usize) -> Node {
        let (all, _) = self.nodes.as_chunks();
        Node::of(&all[index])
    }
}

impl Node {
    #[inline]
    fn of(at: &[u8; NODE]) -> Self {
        Self {
            feature: u16::from_le_bytes([at[0], at[1]]),
            right: u16::from_le_bytes([at[2], at[3]]),
            threshold: float(at, 1),
            mean: float(at, 2),
        }
    }
}

fn goes_left(row: &[f32], node: &Node) -> bool {
    row.get(node.feature as usize)
        .is_some_and(|&value| value <= node.threshold)
}

/// Follows the calibration curve; beyond its ends the slope is one half, as there is nothing
/// counted there.
pub(crate) fn calibrate(score: f32, count: usize, knot: impl Fn(usize) -> (f32, f32)) -> f32 {
    if count == 0 {
        return score;
    }
    let (first, last) = (knot(0), knot(count - 1));
    if score <= first.0 {
        return first.1 + 0.5 * (score - first.0);
    }
    if score >= last.0 {
        return last.1 + 0.5 * (score - last.0);
    }
    let mut i = 1;
    while knot(i).0 < score {
        i += 1;
    }
    let (a, b) = (knot(i - 1), knot(i));
    a.1 + (b.1 - a.1) * (score - a.0) / (b.0 - a.0)
}

/// The probability that log-odds stand for.
pub fn probability(log_odds: f32) -> f32 {
    1.0 / (1.0 + (-log_odds).exp())
}

fn word(bytes: &[u8], index: usize) -> u32 {
    let at = &bytes[4 * index..4 * index + 4];
    u32::from_le_bytes([at[0], at[1], at[2], at[3]])
}

fn float(bytes: &[u8], index: usize) -> f32 {
    f32::from_bits(word(bytes, index))
}
