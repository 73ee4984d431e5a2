//! Fitted trees, and how they are written.

use crate::model::trees::{STEPS, VERSION};

/// A node: where it is split, what hangs below it, what it says.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) split: Option<(usize, f32)>,
    pub(super) children: [usize; 2],
    pub(super) mean: f32,
}

/// Fitted trees, not yet written.
#[derive(Debug, Clone)]
pub(super) struct Ensemble {
    pub(super) names: Vec<String>,
    pub(super) base: f64,
    pub(super) trees: Vec<Vec<Node>>,
    pub(super) knots: Vec<(f32, f32)>,
}

/// What a tree says of a row.
pub(super) fn leaf_value(tree: &[Node], row: &[f32]) -> f32 {
    let mut node = &tree[0];
    while let Some((feature, threshold)) = node.split {
        // A missing value is on the greater side, as the last bin is.
        let side = usize::from(row[feature].is_nan() || row[feature] > threshold);
        node = &tree[node.children[side]];
    }
    node.mean
}

impl Ensemble {
    pub(super) fn score(&self, row: &[f32]) -> f32 {
        let sum: f64 = self
            .trees
            .iter()
            .map(|tree| f64::from(leaf_value(tree, row)))
            .sum();
        (self.base + sum) as f32
    }

    pub(super) fn write(&self) -> Vec<u8> {
        let mut starts: Vec<u32> = Vec::new();
        let mut nodes = Written::default();
        for tree in &self.trees {
            let first = nodes.means.len() as u32;
            starts.push(nodes.write(tree, 0) << STEPS | first);
        }
        let names: String = self.names.iter().map(|n| format!("{n}\n")).collect();
        let header = [
            VERSION,
            self.names.len() as u32,
            starts.len() as u32,
            nodes.means.len() as u32,
            self.knots.len() as u32,
            names.len() as u32,
            (self.base as f32).to_bits(),
        ];
        let mut bytes: Vec<u8> = header
            .iter()
            .chain(&starts)
            .flat_map(|w| w.to_le_bytes())
            .collect();
        bytes.extend(nodes.splits);
        let knots = self.knots.iter().flat_map(|k| [k.0, k.1]);
        bytes.extend(
            nodes
                .means
                .into_iter()
                .chain(knots)
                .flat_map(f32::to_le_bytes),
        );
        bytes.extend(names.as_bytes());
        bytes
    }
}

/// The nodes of trees as they are written.
#[derive(Default)]
struct Written {
    splits: Vec<u8>,
    means: Vec<f32>,
}

impl Written {
    /// Writes a node and what hangs below it in pre-order; returns the steps of the longest way.
    fn write(&mut self, tree: &[Node], index: usize) -> u32 {
        let node = &tree[index];
        let (at, number) = (self.splits.len(), self.means.len());
        let (feature, threshold) = node.split.map_or((0, f32::NAN), |(f, t)| (f as u16, t));
        self.splits.extend(threshold.to_le_bytes());
        self.splits.extend(feature.to_le_bytes());
        self.splits.extend([0; 2]);
        self.means.push(node.mean);
        if node.split.is_none() {
            return 0;
        }
        let left = self.write(tree, node.children[0]);
        let right = (self.means.len() - number) as u16;
        self.splits[at + 6..at + 8].copy_from_slice(&right.to_le_bytes());
        1 + left.max(self.write(tree, node.children[1]))
    }
}
