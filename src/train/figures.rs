//! Figures that a stage measures on what it was not made from, and writes into the provenance.

use std::collections::BTreeMap;

use super::boost::Rows;
use crate::model::trees::Trees;

/// Figures by name: `precision.books`, `alarms.fiction`.
pub(super) type Figures = BTreeMap<String, f64>;

/// Notes how many of the findings were right, and how many of the faults were found.
pub(super) fn shares(into: &mut Figures, of: &str, counts: (usize, usize, usize)) {
    let (right, found, faults) = counts;
    let mut note = |name: &str, part: usize, whole: usize| {
        if whole > 0 {
            into.insert(format!("{name}.{of}"), part as f64 / whole as f64);
        }
    };
    note("precision", right, found);
    note("recall", right, faults);
}

/// Notes what is found in 100,000 characters of clean text.
pub(super) fn alarms(into: &mut Figures, of: &str, alarms: usize, characters: usize) {
    if characters > 0 {
        let rate = alarms as f64 * 1e5 / characters as f64;
        into.insert(format!("alarms.{of}"), rate);
    }
}

/// The probability from which a row counts as found.
const FOUND: f32 = 0.5;

/// Notes what trees say of rows that they were not fitted on, by weight: how much of what they call
/// a fault is one, how many of the faults they call so, and how far what they state is from what is
/// so (the Brier score, against that of one who always states the share of faults).
pub(super) fn weighed(into: &mut Figures, part: &str, rows: &Rows, trees: &[u8], head: usize) {
    let Some(trees) = trees.get(head..).and_then(|bytes| Trees::read(bytes).ok()) else {
        return;
    };
    let [mut right, mut found, mut faults, mut all, mut error] = [0.0_f64; 5];
    for (row, label, weight) in rows.iter() {
        let stated = trees.probability(row);
        let weight = f64::from(weight);
        let is = f64::from(u8::from(label));
        all += weight;
        faults += weight * is;
        error += weight * (f64::from(stated) - is).powi(2);
        if stated >= FOUND {
            found += weight;
            right += weight * is;
        }
    }
    if faults <= 0.0 || faults >= all {
        return;
    }
    let by_chance = faults * (all - faults) / all;
    into.insert(format!("recall.{part}"), right / faults);
    into.insert(format!("skill.{part}"), 1.0 - error / by_chance);
    if found > 0.0 {
        into.insert(format!("precision.{part}"), right / found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_nothing_are_not_noted() {
        let mut figures = Figures::new();
        shares(&mut figures, "books", (3, 4, 6));
        shares(&mut figures, "poems", (0, 0, 2));
        alarms(&mut figures, "news", 2, 50_000);
        let noted: Vec<_> = figures.iter().map(|(n, v)| (n.as_str(), *v)).collect();
        let expected = [
            ("alarms.news", 4.0),
            ("precision.books", 0.75),
            ("recall.books", 0.5),
            ("recall.poems", 0.0),
        ];
        assert_eq!(noted, expected);
    }
}
