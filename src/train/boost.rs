//! Fits the trees of `model::trees`: histogram gradient boosting with logistic loss.
//!
//! Friedman (2001), with second-order leaf values as in XGBoost (Chen and Guestrin 2016) and leaf-wise growth
//! as in LightGBM (Ke et al. 2017). One thread, fixed order of summation: the same rows give the same bytes.

use std::borrow::Cow;

use super::slips::Random;
use crate::model::container::ModelError;
use crate::model::trees::{LEAF, Trees, VERSION};

/// How trees are grown.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Number of trees.
    pub trees: usize,
    /// Leaves of a tree at most.
    pub leaves: usize,
    /// Share of a tree's answer that is added.
    pub rate: f64,
    /// Weight of the rows a leaf must hold at least.
    pub min_rows: f64,
    /// Pull of leaf values towards zero.
    pub lambda: f64,
    /// Share of the rows that a tree is grown on, and of the features that it may ask (Friedman 2002).
    pub sample: (f64, f64),
}

impl Default for Options {
    fn default() -> Self {
        Self {
            trees: 120,
            leaves: 12,
            rate: 0.1,
            min_rows: 100.0,
            lambda: 5.0,
            sample: (1.0, 1.0),
        }
    }
}

/// Rows of evidence with the right answers.
#[derive(Debug, Clone)]
pub struct Rows {
    names: Vec<String>,
    values: Vec<f32>,
    labels: Vec<bool>,
    weights: Vec<f32>,
    offsets: Vec<f32>,
}

impl Rows {
    /// No rows yet, of features with these names.
    pub fn new(names: &[&str]) -> Self {
        let names = names.iter().map(|&n| n.to_owned()).collect();
        Self {
            names,
            values: Vec::new(),
            labels: Vec::new(),
            weights: Vec::new(),
            offsets: Vec::new(),
        }
    }

    /// Adds a row; `row` has a value for each feature, NaN where there is none.
    pub fn push(&mut self, row: &[f32], label: bool, weight: f32) {
        debug_assert_eq!(row.len(), self.names.len());
        self.values.extend_from_slice(row);
        self.labels.push(label);
        self.weights.push(weight);
        self.offsets.push(0.0);
    }

    /// Says what is known of a row besides its evidence, in log-odds: what the trees answer is added to it.
    pub fn set_offset(&mut self, index: usize, log_odds: f32) {
        self.offsets[index] = log_odds;
    }

    /// The weight of a row.
    pub fn weight(&self, index: usize) -> f32 {
        self.weights[index]
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// Every row with its answer and its weight.
    pub fn iter(&self) -> impl Iterator<Item = (&[f32], bool, f32)> {
        (0..self.len()).map(|i| (self.row(i), self.labels[i], self.weights[i]))
    }

    fn row(&self, index: usize) -> &[f32] {
        &self.values[index * self.names.len()..(index + 1) * self.names.len()]
    }
}

/// Bins of a feature at most; the last one holds missing values.
const BINS: usize = 64;

#[derive(Debug, Clone)]
struct Split {
    feature: usize,
    /// Bins up to this one go left.
    bin: usize,
    gain: f64,
}

#[derive(Debug, Clone)]
struct Node {
    split: Option<(usize, f32)>,
    children: [usize; 2],
    mean: f32,
}

/// Fitted trees, not yet written.
#[derive(Debug, Clone)]
pub struct Ensemble {
    names: Vec<String>,
    base: f64,
    trees: Vec<Vec<Node>>,
    knots: Vec<(f32, f32)>,
}

/// Fits on all rows; the calibration curve comes from rows scored by trees that did not see them. `folds` tells
/// the part each row belongs to: rows of one document belong together. Returns the bytes that `Trees::read` takes.
pub fn fit_calibrated(rows: &Rows, folds: &[u8], options: &Options) -> Vec<u8> {
    let binned = Binned::new(rows);
    let scored = held_out(rows, &binned, folds, options)
        .into_iter()
        .enumerate()
        .map(|(i, score)| Scored {
            score,
            label: rows.labels[i],
            weight: f64::from(rows.weights[i]),
            offset: f64::from(rows.offsets[i]),
        });
    let knots = calibration(scored.collect());
    let mut ensemble = fit(rows, &binned, (0..rows.len() as u32).collect(), options);
    ensemble.knots = knots;
    ensemble.write()
}

/// Fits to text that holds faults of its own: what the trees call one is set aside and the rest fitted anew, so many times; each time the rest
/// says more clearly what is right. `rows` gives the rows with their parts, without those of the text that it is told not to keep; `is_own` says
/// by the trees so far what is a fault of the text.
pub(super) fn fit_without_own<const WIDTH: usize>(
    (part, times): (&'static str, usize),
    options: &Options,
    rows: impl Fn(&dyn Fn(&[f32; WIDTH]) -> bool) -> (Rows, Vec<u8>),
    is_own: impl Fn(&Trees<'_>, &[f32; WIDTH]) -> bool,
    tell: &mut dyn FnMut(&str),
) -> Result<Vec<u8>, ModelError> {
    let (all, folds) = rows(&|_| true);
    let mut fitted = fit_calibrated(&all, &folds, options);
    for _ in 0..times {
        let judge = Trees::view(&fitted).ok_or(ModelError::Damaged {
            part,
            what: "it cannot be read back",
        })?;
        let (kept, folds) = rows(&|row| !is_own(&judge, row));
        tell(&format!(
            "{} rows of the text set aside",
            all.len() - kept.len()
        ));
        fitted = fit_calibrated(&kept, &folds, options);
    }
    Ok(fitted)
}

/// The score of each row by trees that did not see its part.
pub fn score_held_out(rows: &Rows, folds: &[u8], options: &Options) -> Vec<f32> {
    held_out(rows, &Binned::new(rows), folds, options)
}

fn held_out(rows: &Rows, binned: &Binned, folds: &[u8], options: &Options) -> Vec<f32> {
    let parts = folds.iter().copied().max().map_or(1, |m| m as usize + 1);
    let mut scores = vec![0.0; rows.len()];
    for part in 0..parts {
        let (held, kept): (Vec<u32>, Vec<u32>) =
            (0..rows.len() as u32).partition(|&i| folds[i as usize] as usize == part);
        let fold = fit(rows, binned, kept, options);
        for i in held {
            scores[i as usize] = fold.score(rows.row(i as usize));
        }
    }
    scores
}

/// Values replaced by the numbers of their bins, a column after the other.
struct Binned {
    bins: Vec<u8>,
    edges: Vec<Vec<f32>>,
}

impl Binned {
    fn new(rows: &Rows) -> Self {
        let (width, count) = (rows.names.len(), rows.len());
        let mut bins = vec![0; width * count];
        let mut edges = Vec::with_capacity(width);
        for feature in 0..width {
            let column: Vec<f32> = (0..count)
                .map(|i| rows.values[i * width + feature])
                .collect();
            let edge = borders(&column);
            for (bin, value) in bins[feature * count..].iter_mut().zip(&column) {
                let below = edge.partition_point(|e| e < value);
                *bin = if value.is_nan() {
                    edge.len() as u8
                } else {
                    below as u8
                };
            }
            edges.push(edge);
        }
        Self { bins, edges }
    }
}

/// Borders of bins that hold about the same number of rows each, halfway between two values that occur.
fn borders(column: &[f32]) -> Vec<f32> {
    let mut sorted: Vec<f32> = column.iter().copied().filter(|v| !v.is_nan()).collect();
    sorted.sort_by(f32::total_cmp);
    let full = sorted.len().div_ceil(BINS - 1).max(1);
    let mut edges = Vec::new();
    let mut held = 0;
    for pair in sorted.windows(2) {
        held += 1;
        if held >= full && pair[0] < pair[1] && edges.len() < BINS - 2 {
            let middle = pair[0] + (pair[1] - pair[0]) / 2.0;
            edges.push(if middle < pair[1] { middle } else { pair[0] });
            held = 0;
        }
    }
    edges
}

/// Sums of gradients, second derivatives and weights, by feature and bin.
type Histogram = Vec<[f64; 3]>;

struct Leaf {
    node: usize,
    rows: Vec<u32>,
    histogram: Histogram,
    best: Option<Split>,
}

fn fit(rows: &Rows, binned: &Binned, chosen: Vec<u32>, options: &Options) -> Ensemble {
    let weight = |i: u32| f64::from(rows.weights[i as usize]);
    let label = |i: u32| if rows.labels[i as usize] { 1.0 } else { 0.0 };
    let total: f64 = chosen.iter().map(|&i| weight(i)).sum();
    let right: f64 = chosen.iter().map(|&i| weight(i) * label(i)).sum();
    let base = ((right + 0.5) / (total - right + 0.5)).ln();
    let mut ensemble = Ensemble {
        names: rows.names.clone(),
        base,
        trees: Vec::new(),
        knots: Vec::new(),
    };
    let mut scores: Vec<f64> = rows.offsets.iter().map(|&o| base + f64::from(o)).collect();
    let mut slopes = vec![[0.0_f64; 3]; rows.len()];
    let mut chance = Random::new(1);
    let (of_rows, of_features) = options.sample;
    let features: Vec<u32> = (0..binned.edges.len() as u32).collect();
    for _ in 0..options.trees {
        for &i in &chosen {
            let p = 1.0 / (1.0 + (-scores[i as usize]).exp());
            let w = weight(i);
            slopes[i as usize] = [w * (p - label(i)), w * (p * (1.0 - p)).max(1e-6), w];
        }
        let drawn = draw(&chosen, of_rows, &mut chance);
        let asked = draw(&features, of_features, &mut chance);
        let tree = grow(binned, &drawn, &slopes, &asked, options);
        for &i in &chosen {
            scores[i as usize] += f64::from(leaf_value(&tree, rows.row(i as usize)));
        }
        ensemble.trees.push(tree);
    }
    ensemble
}

/// About this share of a list, at least one; all of it without asking chance.
fn draw<'l>(list: &'l [u32], share: f64, chance: &mut Random) -> Cow<'l, [u32]> {
    if share >= 1.0 {
        return Cow::Borrowed(list);
    }
    const WHOLE: usize = 1 << 20;
    let least = (share * WHOLE as f64) as usize;
    let drawn: Vec<u32> = list
        .iter()
        .copied()
        .filter(|_| chance.below(WHOLE) < least)
        .collect();
    if drawn.is_empty() {
        Cow::Borrowed(&list[..list.len().min(1)])
    } else {
        Cow::Owned(drawn)
    }
}

fn grow(
    binned: &Binned,
    chosen: &[u32],
    slopes: &[[f64; 3]],
    asked: &[u32],
    options: &Options,
) -> Vec<Node> {
    let value = |sums: [f64; 3]| (-sums[0] / (sums[1] + options.lambda) * options.rate) as f32;
    let count = slopes.len();
    let histogram = gather(binned, chosen, slopes, asked);
    let mut nodes = vec![Node {
        split: None,
        children: [0; 2],
        mean: value(total(&histogram, asked)),
    }];
    let best = best_split(binned, &histogram, asked, options);
    let mut leaves = vec![Leaf {
        node: 0,
        rows: chosen.to_vec(),
        histogram,
        best,
    }];
    while leaves.len() < options.leaves {
        let gain = |leaf: &Leaf| leaf.best.as_ref().map_or(0.0, |s| s.gain);
        let Some(at) = (0..leaves.len()).reduce(|a, b| {
            if gain(&leaves[b]) > gain(&leaves[a]) {
                b
            } else {
                a
            }
        }) else {
            break;
        };
        let Some(split) = leaves[at].best.take() else {
            break;
        };
        let Leaf {
            node,
            rows,
            histogram,
            ..
        } = leaves.swap_remove(at);
        let column = &binned.bins[split.feature * count..(split.feature + 1) * count];
        let (left, right): (Vec<u32>, Vec<u32>) = rows
            .into_iter()
            .partition(|&i| column[i as usize] as usize <= split.bin);
        // Only the smaller side is counted; the other is the difference.
        let small = gather(
            binned,
            if left.len() <= right.len() {
                &left
            } else {
                &right
            },
            slopes,
            asked,
        );
        let mut large = histogram;
        for (l, s) in large.iter_mut().zip(&small) {
            for k in 0..3 {
                l[k] -= s[k];
            }
        }
        let (low, high) = if left.len() <= right.len() {
            (small, large)
        } else {
            (large, small)
        };
        nodes[node].split = Some((split.feature, binned.edges[split.feature][split.bin]));
        for (side, (rows, histogram)) in [(left, low), (right, high)].into_iter().enumerate() {
            nodes[node].children[side] = nodes.len();
            let best = best_split(binned, &histogram, asked, options);
            leaves.push(Leaf {
                node: nodes.len(),
                rows,
                best,
                histogram,
            });
            let mean = value(total(&leaves[leaves.len() - 1].histogram, asked));
            nodes.push(Node {
                split: None,
                children: [0; 2],
                mean,
            });
        }
    }
    nodes
}

fn gather(binned: &Binned, rows: &[u32], slopes: &[[f64; 3]], asked: &[u32]) -> Histogram {
    let mut histogram = vec![[0.0; 3]; binned.edges.len() * BINS];
    let count = slopes.len();
    for &feature in asked {
        let feature = feature as usize;
        let column = &binned.bins[feature * count..(feature + 1) * count];
        let bins = &mut histogram[feature * BINS..(feature + 1) * BINS];
        for &i in rows {
            let (cell, slope) = (&mut bins[column[i as usize] as usize], &slopes[i as usize]);
            for k in 0..3 {
                cell[k] += slope[k];
            }
        }
    }
    histogram
}

/// Sums over all bins of one of the features that were asked, that is, over all rows.
fn total(histogram: &Histogram, asked: &[u32]) -> [f64; 3] {
    let mut sum = [0.0; 3];
    let from = asked.first().map_or(0, |&feature| feature as usize * BINS);
    for cell in &histogram[from..(from + BINS).min(histogram.len())] {
        for k in 0..3 {
            sum[k] += cell[k];
        }
    }
    sum
}

fn best_split(
    binned: &Binned,
    histogram: &Histogram,
    asked: &[u32],
    options: &Options,
) -> Option<Split> {
    let all = total(histogram, asked);
    let worth = |g: f64, h: f64| g * g / (h + options.lambda);
    let mut best: Option<Split> = None;
    for &feature in asked {
        let feature = feature as usize;
        let edges = &binned.edges[feature];
        let mut left = [0.0; 3];
        for bin in 0..edges.len() {
            let cell = histogram[feature * BINS + bin];
            for k in 0..3 {
                left[k] += cell[k];
            }
            if left[2] < options.min_rows || all[2] - left[2] < options.min_rows {
                continue;
            }
            let gain = worth(left[0], left[1]) + worth(all[0] - left[0], all[1] - left[1])
                - worth(all[0], all[1]);
            if gain > best.as_ref().map_or(1e-6, |b| b.gain) {
                best = Some(Split { feature, bin, gain });
            }
        }
    }
    best
}

fn leaf_value(tree: &[Node], row: &[f32]) -> f32 {
    let mut node = &tree[0];
    while let Some((feature, threshold)) = node.split {
        // A missing value is on the greater side, as the last bin is.
        let side = usize::from(row[feature].is_nan() || row[feature] > threshold);
        node = &tree[node.children[side]];
    }
    node.mean
}

/// A row with its score.
struct Scored {
    score: f32,
    label: bool,
    weight: f64,
    offset: f64,
}

/// Rows with neighbouring scores.
#[derive(Default)]
struct Group {
    rows: Vec<Scored>,
    score: f64,
    right: f64,
    weight: f64,
}

impl Group {
    fn push(&mut self, row: Scored) {
        self.score += f64::from(row.score) * row.weight;
        self.weight += row.weight;
        self.right += if row.label { row.weight } else { 0.0 };
        self.rows.push(row);
    }

    fn merge(&mut self, other: Self) {
        self.score += other.score;
        self.weight += other.weight;
        self.right += other.right;
        self.rows.extend(other.rows);
    }

    /// The log-odds that, with the offsets of the rows, explain how many are right; half a row each way keeps them finite.
    fn log_odds(&self) -> f64 {
        let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
        let expected = |v: f64| {
            let rows = self.rows.iter().map(|r| r.weight * sigmoid(v + r.offset));
            sigmoid(v) + rows.sum::<f64>()
        };
        let (mut low, mut high) = (-30.0, 30.0);
        for _ in 0..48 {
            let middle = (low + high) / 2.0;
            if expected(middle) < self.right + 0.5 {
                low = middle;
            } else {
                high = middle;
            }
        }
        (low + high) / 2.0
    }
}

/// A rising curve from scores to log-odds: groups of neighbouring scores, each with its observed odds, merged
/// where they run backwards (pool adjacent violators).
fn calibration(mut scored: Vec<Scored>) -> Vec<(f32, f32)> {
    scored.sort_by(|a, b| a.score.total_cmp(&b.score).then(a.label.cmp(&b.label)));
    // A group holds enough of the rarer answer to be counted on.
    let rarer: f64 = scored.iter().filter(|s| s.label).map(|s| s.weight).sum();
    let enough = (rarer / 24.0).max(30.0);
    let mut groups: Vec<(Group, f64)> = Vec::new();
    let mut open = Group::default();
    for row in scored {
        open.push(row);
        if open.right >= enough || (open.right >= 4.0 && open.weight >= 400.0 * enough) {
            let mut group = std::mem::take(&mut open);
            let mut log_odds = group.log_odds();
            while let Some((mut before, _)) = groups.pop_if(|(_, before)| *before >= log_odds) {
                before.merge(group);
                group = before;
                log_odds = group.log_odds();
            }
            groups.push((group, log_odds));
        }
    }
    if open.weight > 0.0 {
        if let Some((mut last, _)) = groups.pop() {
            last.merge(open);
            open = last;
        }
        let log_odds = open.log_odds();
        groups.push((open, log_odds));
    }
    let mut knots: Vec<(f32, f32)> = Vec::new();
    for (group, log_odds) in groups {
        let knot = ((group.score / group.weight) as f32, log_odds as f32);
        if knots.last().is_none_or(|last| last.0 < knot.0) {
            knots.push(knot);
        }
    }
    knots
}

impl Ensemble {
    fn score(&self, row: &[f32]) -> f32 {
        let sum: f64 = self
            .trees
            .iter()
            .map(|tree| f64::from(leaf_value(tree, row)))
            .sum();
        (self.base + sum) as f32
    }

    fn write(&self) -> Vec<u8> {
        let mut starts: Vec<u32> = Vec::new();
        let mut nodes: Vec<u8> = Vec::new();
        let mut count = 0;
        for tree in &self.trees {
            starts.push(count);
            count += write_node(tree, 0, &mut nodes);
        }
        let names: String = self.names.iter().map(|n| format!("{n}\n")).collect();
        let header = [
            VERSION,
            self.names.len() as u32,
            starts.len() as u32,
            count,
            self.knots.len() as u32,
            names.len() as u32,
            (self.base as f32).to_bits(),
        ];
        let mut bytes: Vec<u8> = header
            .iter()
            .chain(&starts)
            .flat_map(|w| w.to_le_bytes())
            .collect();
        bytes.extend(nodes);
        bytes.extend(
            self.knots
                .iter()
                .flat_map(|k| [k.0, k.1])
                .flat_map(f32::to_le_bytes),
        );
        bytes.extend(names.as_bytes());
        bytes
    }
}

/// Writes a node and what hangs below it in pre-order; returns the number of nodes written.
fn write_node(tree: &[Node], index: usize, out: &mut Vec<u8>) -> u32 {
    let node = &tree[index];
    let at = out.len();
    let (feature, threshold) = node.split.map_or((LEAF, 0.0), |(f, t)| (f as u16, t));
    out.extend(feature.to_le_bytes());
    out.extend([0; 2]);
    out.extend(threshold.to_le_bytes());
    out.extend(node.mean.to_le_bytes());
    if node.split.is_none() {
        return 1;
    }
    let left = write_node(tree, node.children[0], out);
    let right = (left + 1) as u16;
    out[at + 2..at + 4].copy_from_slice(&right.to_le_bytes());
    1 + left + write_node(tree, node.children[1], out)
}
