//! What was fitted is read back by the model, and weighed as it was fitted.

use super::{Options, Rows, fit_calibrated};
use crate::model::Model;
use crate::model::container::Writer;
use crate::model::forest::Forest;
use crate::model::trees::Trees;
use crate::reading::parts::{self, verify};
use crate::reading::proofreading::garble::{self, Garble};

/// An error is where the first value is high, more so where the second is low; the third says
/// nothing.
fn rows(count: u32) -> Rows {
    let mut rows = Rows::new(&["gain", "length", "noise"]);
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 24) as f32
    };
    for _ in 0..count {
        let (a, b, c) = (next(), next(), next());
        let chance = if a > 0.7 { 0.9 - 0.5 * b } else { 0.05 };
        rows.push(&[a, b, c], next() < chance, 1.0);
    }
    rows
}

fn trained() -> Vec<u8> {
    let rows = rows(6000);
    let folds: Vec<u8> = (0..rows.len()).map(|i| (i % 4) as u8).collect();
    let options = Options {
        trees: 40,
        leaves: 6,
        min_rows: 40.0,
        ..Options::default()
    };
    fit_calibrated(&rows, &folds, &options)
}

#[test]
fn learns_and_is_calibrated() {
    let bytes = trained();
    let trees = Trees::read(&bytes).expect("sound");
    assert_eq!(
        trees.names().collect::<Vec<_>>(),
        ["gain", "length", "noise"]
    );
    let sure = trees.probability(&[0.9, 0.05, 0.5]);
    let doubtful = trees.probability(&[0.9, 0.95, 0.5]);
    let unlikely = trees.probability(&[0.2, 0.5, 0.5]);
    assert!((0.8..0.95).contains(&sure), "{sure}");
    assert!((0.3..0.55).contains(&doubtful), "{doubtful}");
    assert!((0.02..0.09).contains(&unlikely), "{unlikely}");
}

#[test]
fn explains_by_the_feature_that_spoke() {
    let bytes = trained();
    let trees = Trees::read(&bytes).expect("sound");
    assert_eq!(trees.explain(&[0.1, 0.5, 0.5])[0].0, 0);
    assert!(trees.explain(&[0.1, 0.5, 0.5])[0].1 < 0.0);
}

#[test]
fn the_same_rows_give_the_same_bytes() {
    assert_eq!(trained(), trained());
}

#[test]
fn damaged_bytes_are_refused_or_harmless() {
    let bytes = trained();
    for length in (0..bytes.len()).step_by(7) {
        assert!(Trees::read(&bytes[..length]).is_err());
    }
    for at in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x55;
        if let Ok(trees) = Trees::read(&damaged) {
            trees.log_odds(&[0.5, 0.5]);
            trees.explain(&[0.5, 0.5, 0.5]);
        }
    }
}

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
        let known = |unknown| forest.is_low_whatever(&row, unknown, 0.3);
        let low = forest.log_odds_unless_low(&row, 0.3);
        assert!(!known(0b01) && !known(0b10) || low.is_none());
        let near = |low: f32| (low - trees.log_odds(&row)).abs() < 1e-4;
        assert!(low.is_none_or(near));
    }
}

#[test]
fn the_embedded_model_weighs_what_the_rules_hand_it() {
    verify(Model::embedded()).expect("fitted by this program");
    for name in parts::names() {
        assert!(Model::embedded().forest(name).is_some(), "{name}");
    }
}

#[test]
fn trees_of_other_evidence_are_refused() {
    let refused = |names: &[&str]| {
        let mut rows = Rows::new(names);
        for i in 0..40 {
            rows.push(&vec![i as f32; names.len()], i % 3 == 0, 1.0);
        }
        let trees = fit_calibrated(&rows, &[0, 1].repeat(20), &Options::default());
        let mut writer = Writer::copy_of(Model::embedded());
        writer.put(garble::PART, garble::VERSION, trees);
        let model = Model::from_bytes(writer.finish()).expect("sound but for the names");
        verify(&model).map_err(|error| error.to_string())
    };
    assert!(refused(Garble::NAMES).is_ok());
    let mut other = Garble::NAMES.to_vec();
    other[3] = "luck";
    let said = refused(&other).expect_err("another name");
    assert!(said.contains("garbled") && said.contains("luck"), "{said}");
    let said = refused(&Garble::NAMES[1..]).expect_err("a column too few");
    assert!(said.contains("18"), "{said}");
}
