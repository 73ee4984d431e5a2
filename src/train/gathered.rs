//! Rows gathered from texts that hold faults of their own, beside those that were made.

use super::boost::{Options, Rows, fit_calibrated, score_held_out};
use crate::model::trees::Trees;

/// Parts that the texts are dealt to.
const FOLDS: usize = 4;

/// Rows of evidence, each with whether it is a slip and how much it counts.
#[derive(Default)]
pub(super) struct Gathered<const WIDTH: usize> {
    rows: Vec<([f32; WIDTH], bool, f32)>,
    folds: Vec<u8>,
}

impl<const WIDTH: usize> Gathered<WIDTH> {
    /// Adds a row of the text of a number.
    pub(super) fn push(&mut self, row: [f32; WIDTH], slip: bool, weight: f32, text: usize) {
        self.rows.push((row, slip, weight));
        self.folds.push((text % FOLDS) as u8);
    }

    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// How many of them are slips.
    pub(super) fn slips(&self) -> usize {
        self.rows.iter().filter(|(_, slip, _)| *slip).count()
    }

    /// What the slips weigh together.
    pub(super) fn weight_of_slips(&self) -> f64 {
        let slips = self.rows.iter().filter(|(_, slip, _)| *slip);
        slips.map(|(.., weight)| f64::from(*weight)).sum()
    }

    /// The same where each slip weighs so much.
    pub(super) fn with_slips_weighing(mut self, each: f32) -> Self {
        let slips = self.rows.iter_mut().filter(|(_, slip, _)| *slip);
        slips.for_each(|(.., weight)| *weight = each);
        self
    }

    fn to_fit(&self, names: &[&str]) -> Rows {
        let mut fitted = Rows::new(names);
        for (row, slip, weight) in &self.rows {
            fitted.push(row, *slip, *weight);
        }
        fitted
    }

    /// Without what trees that did not see it call slips of the text itself, from so many log-odds
    /// on.
    pub(super) fn cleaned(&self, names: &[&str], options: &Options, aside: f32) -> Self {
        let scores = score_held_out(&self.to_fit(names), &self.folds, options);
        let rows = self.rows.iter().zip(&self.folds).zip(scores);
        let kept = rows.filter(|((row, _), score)| row.1 || *score <= aside);
        let (rows, folds) = kept.map(|(row, _)| row).unzip();
        Self { rows, folds }
    }

    /// Trees fitted on them, in bytes.
    pub(super) fn fit(&self, names: &[&str], options: &Options) -> Vec<u8> {
        fit_calibrated(&self.to_fit(names), &self.folds, options)
    }

    /// What the slips weigh that trees call so from a probability on, and how many of the other
    /// rows they call slips.
    pub(super) fn told(&self, trees: &Trees<'_>, from: f32) -> (f64, usize) {
        let (mut found, mut alarms) = (0.0, 0);
        for (row, slip, weight) in &self.rows {
            match trees.probability(row) >= from {
                true if *slip => found += f64::from(*weight),
                true => alarms += 1,
                false => {}
            }
        }
        (found, alarms)
    }
}
