//! Fits the trees of `model::trees`: histogram gradient boosting with logistic loss.
//!
//! Friedman (2001), with second-order leaf values as in XGBoost (Chen and Guestrin 2016) and
//! leaf-wise growth as in LightGBM (Ke et al. 2017). One thread, fixed order of summation: the same
//! rows give the same bytes.

mod calibration;
mod ensemble;
mod grow;
#[cfg(test)]
mod read_back;

use std::borrow::Cow;

use super::random::Random;
use crate::model::container::ModelError;
use crate::model::trees::Trees;
use crate::said;
use calibration::{Scored, calibration};
use ensemble::{Ensemble, leaf_value};
use grow::{Binned, grow};

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
    /// Share of the rows that a tree is grown on, and of the features that it may ask (Friedman
    /// 2002).
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

    /// Says what is known of a row besides its evidence, in log-odds: what the trees answer is
    /// added to it.
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

/// Fits on all rows; the calibration curve comes from rows scored by trees that did not see them.
/// `folds` tells the part each row belongs to: rows of one document belong together. Returns the
/// bytes that `Trees::read` takes.
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

/// Fits to text that holds faults of its own: what the trees call one is set aside and the rest
/// fitted anew, so many times; each time the rest says more clearly what is right. `rows` gives the
/// rows with their parts, without those of the text that it is told not to keep; `is_own` says by
/// the trees so far what is a fault of the text.
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
        tell(&said!(
            "{} rows of the text set aside", all.len() - kept.len();
            "搁置文本{}行", all.len() - kept.len()
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
