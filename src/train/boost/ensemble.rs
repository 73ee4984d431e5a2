//! Fitted trees, and how they are written.

use crate::model::trees::{LEAF, VERSION};

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
