//! Small gradient-boosted trees, read in place: evidence in, calibrated log-odds out.
//!
//! A rule that weighs several pieces of evidence hands them over as a row of numbers. Each tree
//! adds a little to the log-odds of "this is an error"; a calibration curve turns the sum into one
//! that can be believed (of findings at 0.9, nine in ten are right). [`Trees::explain`] tells which
//! pieces of evidence spoke loudest, for the message. The trainer is `train::boost`. Whoever weighs
//! many rows asks them as a [`Forest`](super::forest::Forest).
//!
//! Layout, little endian: a header of seven words (version, features, trees, nodes, knots, bytes of
//! names, base log-odds); a word for each tree, its first node and, in the high byte, the steps of
//! the longest way through it; the nodes in pre-order (the left child stands next to its parent);
//! what each node says; the knots of the calibration curve; the names of the features, a line each.

use std::ops::Range;

use thiserror::Error;

/// Version of the layout.
pub(crate) const VERSION: u32 = 2;
/// Bytes of the header.
const HEADER: usize = 28;
/// Bytes of a node: threshold (f32), feature (u16), distance of the right child (u16). A leaf has
/// no right child, and no value is up to its threshold, which is NaN.
const NODE: usize = 8;
/// The most steps of a way through a tree.
const DEEPEST: u32 = 64;
/// Where the steps of the longest way stand in the word of a tree.
pub(crate) const STEPS: u32 = 24;

/// The bytes are not a part written by `train::boost`.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("damaged decision trees: {0}")]
pub struct BadTrees(&'static str);

/// An ensemble of decision trees over borrowed bytes.
#[derive(Debug, Clone, Copy)]
pub struct Trees<'a> {
    features: usize,
    pub(super) base: f32,
    pub(super) starts: &'a [[u8; 4]],
    nodes: &'a [[u8; NODE]],
    means: &'a [[u8; 4]],
    knots: &'a [[u8; 8]],
    names: &'a [u8],
}

/// One node, decoded.
#[derive(Clone, Copy)]
pub(super) struct Node {
    pub(super) threshold: f32,
    pub(super) feature: u16,
    pub(super) right: u16,
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
        Ok(Self {
            features,
            base: f32::from_bits(word(header, 6)),
            starts: take(&mut rest, trees)?,
            nodes: take(&mut rest, nodes)?,
            means: take(&mut rest, nodes)?,
            knots: take(&mut rest, knots)?,
            names: take::<1>(&mut rest, names)?.as_flattened(),
        })
    }

    fn check(&self) -> Result<(), BadTrees> {
        let names = std::str::from_utf8(self.names).map_err(|_| BadTrees("names are not UTF-8"))?;
        if names.lines().count() != self.features || self.features >= u16::MAX as usize {
            return Err(BadTrees("names and features differ in number"));
        }
        let mut below = Vec::new();
        for tree in 0..self.starts.len() {
            let nodes = self.nodes_of(tree);
            if nodes.is_empty() || nodes.end > self.nodes.len() {
                return Err(BadTrees("a tree is empty or out of order"));
            }
            for index in nodes.clone() {
                let node = self.node(index);
                let right = usize::from(node.right);
                let sound = match right {
                    0 => node.threshold.is_nan(),
                    1 => false,
                    _ => usize::from(node.feature) < self.features && index + right < nodes.end,
                };
                if !sound || !self.mean(index).is_finite() {
                    return Err(BadTrees("a node points outside its tree"));
                }
            }
            let longest = longest(self.nodes[nodes].iter().map(Node::of), &mut below);
            if longest > DEEPEST || steps(&self.starts[tree]) != longest {
                return Err(BadTrees("a way is too long, or not as long as it says"));
            }
        }
        let knots = || (0..self.knots.len()).map(|i| self.knot(i));
        let finite = |(score, log_odds): (f32, f32)| score.is_finite() && log_odds.is_finite();
        if !self.base.is_finite() || !knots().all(finite) {
            return Err(BadTrees("a number is not finite"));
        }
        let rising = knots().zip(knots().skip(1)).all(|(a, b)| a.0 < b.0);
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
        // checked when the model was opened
        std::str::from_utf8(self.names).unwrap_or_default().lines()
    }

    /// The calibrated log-odds of a row. A value that is missing is NaN and falls on the greater
    /// side of every threshold, as in training; so does one beyond the end of a short row.
    pub fn log_odds(&self, row: &[f32]) -> f32 {
        self.calibrate(self.base + self.sum(row))
    }

    /// What the trees say together.
    fn sum(&self, row: &[f32]) -> f32 {
        let mut sum = 0.0;
        for tree in 0..self.starts.len() {
            let mut index = self.nodes_of(tree).start;
            while let Some(step) = self.node(index).step(row) {
                index += step;
            }
            sum += self.mean(index);
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
        for tree in 0..self.starts.len() {
            let mut index = self.nodes_of(tree).start;
            loop {
                let node = self.node(index);
                let Some(step) = node.step(row) else { break };
                shares[usize::from(node.feature)].1 += self.mean(index + step) - self.mean(index);
                index += step;
            }
        }
        shares.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
        shares
    }

    /// The numbers of the nodes of a tree.
    fn nodes_of(&self, tree: usize) -> Range<usize> {
        let first = |word| first_node(word) as usize;
        let end = self.starts.get(tree + 1).map_or(self.nodes.len(), first);
        first(&self.starts[tree])..end
    }

    #[inline]
    pub(super) fn node(&self, index: usize) -> Node {
        Node::of(&self.nodes[index])
    }

    /// What a node says, if it is a leaf; the mean of those below it, if not.
    #[inline]
    pub(super) fn mean(&self, index: usize) -> f32 {
        f32::from_le_bytes(self.means[index])
    }

    fn knot(&self, index: usize) -> (f32, f32) {
        let [a, b, c, d, e, f, g, h] = self.knots[index];
        (
            f32::from_le_bytes([a, b, c, d]),
            f32::from_le_bytes([e, f, g, h]),
        )
    }

    /// Follows the calibration curve; beyond its ends the slope is one half, as there is nothing
    /// counted there.
    pub(super) fn calibrate(&self, score: f32) -> f32 {
        let Some(last) = self.knots.len().checked_sub(1) else {
            return score;
        };
        let (first, last) = (self.knot(0), self.knot(last));
        if score <= first.0 {
            return first.1 + 0.5 * (score - first.0);
        }
        if score >= last.0 {
            return last.1 + 0.5 * (score - last.0);
        }
        let mut i = 1;
        while self.knot(i).0 < score {
            i += 1;
        }
        let (a, b) = (self.knot(i - 1), self.knot(i));
        a.1 + (b.1 - a.1) * (score - a.0) / (b.0 - a.0)
    }
}

impl Node {
    #[inline]
    fn of(bytes: &[u8; NODE]) -> Self {
        let [a, b, c, d, e, f, g, h] = *bytes;
        Self {
            threshold: f32::from_le_bytes([a, b, c, d]),
            feature: u16::from_le_bytes([e, f]),
            right: u16::from_le_bytes([g, h]),
        }
    }

    /// How far the next node of a row is; nothing at a leaf.
    fn step(self, row: &[f32]) -> Option<usize> {
        let value = row.get(usize::from(self.feature));
        match usize::from(self.right) {
            0 => None,
            _ if value.is_some_and(|value| *value <= self.threshold) => Some(1),
            right => Some(right),
        }
    }
}

/// The first node of a tree, by its word.
#[inline]
pub(super) fn first_node(word: &[u8; 4]) -> u32 {
    u32::from_le_bytes(*word) & ((1 << STEPS) - 1)
}

/// The steps of the longest way through a tree, by its word.
#[inline]
pub(super) fn steps(word: &[u8; 4]) -> u32 {
    u32::from_le_bytes(*word) >> STEPS
}

/// The steps of the longest way through the nodes of a tree. They stand behind those that lead to
/// them. `below` is memory for the steps from each node on, from the last one on.
fn longest(nodes: impl DoubleEndedIterator<Item = Node>, below: &mut Vec<u32>) -> u32 {
    below.clear();
    for (done, node) in nodes.rev().enumerate() {
        // the next node was done last, the one to the right some steps before
        let steps = match usize::from(node.right) {
            0 => 0,
            right => 1 + below[done - 1].max(below[done - right]),
        };
        below.push(steps);
    }
    below.last().copied().unwrap_or(0)
}

/// Takes so many things of `N` bytes from the front.
fn take<'a, const N: usize>(rest: &mut &'a [u8], count: usize) -> Result<&'a [[u8; N]], BadTrees> {
    let length = count.checked_mul(N).filter(|length| *length <= rest.len());
    let (head, tail) = rest.split_at(length.ok_or(BadTrees("a table is cut short"))?);
    *rest = tail;
    Ok(head.as_chunks().0)
}

/// The probability that log-odds stand for.
pub fn probability(log_odds: f32) -> f32 {
    1.0 / (1.0 + (-log_odds).exp())
}

fn word(bytes: &[u8], index: usize) -> u32 {
    let at = &bytes[4 * index..4 * index + 4];
    u32::from_le_bytes([at[0], at[1], at[2], at[3]])
}
