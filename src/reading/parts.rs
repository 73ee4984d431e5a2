//! The fitted parts of a model, each with the evidence that its trees weigh: checked when a model is opened, so that no tree reads a column that means
//! something else.

use std::path::Path;

use super::continuity::seam;
use super::doubling;
use super::placement::affinity::{self, Place};
use super::placement::articles::{self, Border};
use super::placement::displaced_runs::{self, TornRun};
use super::proofreading::garble::{self, Garble};
use super::proofreading::omissions::{self, Omission};
use super::proofreading::pen_slips::{self, PenSlip};
use super::proofreading::substitution_candidates::Substitution;
use super::proofreading::substitutions;
use super::quoting::rewording::{self, Rewording};
use super::quoting::set_phrases::{self, NearMiss};
use super::wrong_words::{self, WrongWord};
use crate::model::Model;
use crate::model::container::ModelError;
use crate::model::trees::Trees;

/// What evidence means, in English and in Chinese, in the order of its names.
type Meanings = &'static [[&'static str; 2]];

/// What is declared of evidence with its row.
const DECLARED: [(&str, Meanings); 13] = [
    (articles::PART, Border::MEANINGS),
    (displaced_runs::PART, TornRun::MEANINGS),
    (substitutions::PART, Substitution::MEANINGS),
    (omissions::PARTS[0], Omission::MEANINGS),
    (omissions::PARTS[1], Omission::MEANINGS),
    (affinity::PARTS[0], Place::MEANINGS),
    (affinity::PARTS[1], Place::MEANINGS),
    (garble::PART, Garble::MEANINGS),
    (set_phrases::PART, NearMiss::MEANINGS),
    (rewording::PART, Rewording::MEANINGS),
    (doubling::PART, doubling::Evidence::MEANINGS),
    (wrong_words::PART, WrongWord::MEANINGS),
    (pen_slips::PART, PenSlip::MEANINGS),
];

/// Every part that holds trees: its name, how many bytes stand before them, and what the program hands them.
const WEIGHED: [(&str, usize, &[&str]); 16] = [
    (seam::PARTS[0], 0, seam::END_NAMES),
    (seam::PARTS[1], 0, seam::START_NAMES),
    (seam::PARTS[2], 0, seam::JOIN_NAMES),
    (articles::PART, 0, Border::NAMES),
    (affinity::PARTS[0], 0, Place::NAMES),
    (affinity::PARTS[1], 0, Place::NAMES),
    (displaced_runs::PART, 0, TornRun::NAMES),
    (
        substitutions::PART,
        substitutions::HEAD,
        Substitution::NAMES,
    ),
    (omissions::PARTS[0], 0, Omission::NAMES),
    (omissions::PARTS[1], 0, Omission::NAMES),
    (garble::PART, 0, Garble::NAMES),
    (set_phrases::PART, 0, NearMiss::NAMES),
    (rewording::PART, 0, Rewording::NAMES),
    (doubling::PART, 0, doubling::Evidence::NAMES),
    (wrong_words::PART, 0, WrongWord::NAMES),
    (pen_slips::PART, 0, PenSlip::NAMES),
];

/// The evidence that the trees of a part weigh; nothing of what holds no trees.
#[must_use]
pub fn evidence(part: &str) -> &'static [&'static str] {
    let entry = WEIGHED.iter().find(|(name, ..)| *name == part);
    entry.map_or(&[], |(_, _, names)| names)
}

/// What a piece of evidence that is declared with its row means, in English and in Chinese.
pub(super) fn meaning(part: &str, name: &str) -> Option<[&'static str; 2]> {
    let (_, meanings) = DECLARED.iter().find(|(declared, _)| *declared == part)?;
    let column = evidence(part).iter().position(|own| *own == name)?;
    meanings.get(column).copied()
}

/// Opens a model to read with: checks all of it, and that its trees weigh what this program hands them.
///
/// # Errors
/// As [`Model::open`]; and if a part weighs evidence that this program does not have.
pub fn open(path: &Path) -> Result<Model, ModelError> {
    let model = Model::open(path)?;
    verify(&model)?;
    Ok(model)
}

/// Checks that the trees of a model weigh what this program hands them: the same evidence in the same order.
///
/// # Errors
/// With the part and the first piece of evidence that differs.
pub fn verify(model: &Model) -> Result<(), ModelError> {
    for (part, head, names) in WEIGHED {
        let Some(content) = model.part(part) else {
            continue;
        };
        let trees = content.get(head..).map(Trees::read);
        let Some(Ok(trees)) = trees else {
            return Err(ModelError::Damaged {
                part,
                what: "its trees cannot be read",
            });
        };
        if trees.features() != names.len() {
            return Err(ModelError::Columns {
                part,
                found: trees.features(),
                given: names.len(),
            });
        }
        let mut both = trees.names().zip(names);
        if let Some((found, given)) = both.find(|(found, given)| found != *given) {
            return Err(ModelError::Evidence {
                part,
                found: found.to_owned(),
                given,
            });
        }
    }
    Ok(())
}

#[cfg(all(test, feature = "train"))]
mod tests {
    use super::*;
    use crate::model::container::Writer;
    use crate::train::boost::{Options, Rows, fit_calibrated};

    #[test]
    fn the_embedded_model_weighs_what_the_rules_hand_it() {
        verify(Model::embedded()).expect("fitted by this program");
        for (part, ..) in WEIGHED {
            assert!(Model::embedded().part(part).is_some(), "{part}");
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
}
