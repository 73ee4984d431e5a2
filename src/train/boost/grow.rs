//! Grows one tree, leaf by leaf, on histograms of gradients.

use super::ensemble::Node;
use super::{Options, Rows};

/// Bins of a feature at most; the last one holds missing values.
const BINS: usize = 64;

#[derive(Debug, Clone)]
struct Split {
    feature: usize,
    /// Bins up to this one go left.
    bin: usize,
    gain: f64,
}

/// Values replaced by the numbers of their bins, a column after the other.
pub(super) struct Binned {
    bins: Vec<u8>,
    pub(super) edges: Vec<Vec<f32>>,
}

impl Binned {
    pub(super) fn new(rows: &Rows) -> Self {
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

/// Borders of bins that hold about the same number of rows each, halfway between two values that
/// occur.
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

/// Grows a tree on some rows, of which the slopes of the loss are given, by the features that are
/// asked.
pub(super) fn grow(
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
