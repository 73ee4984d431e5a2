//! The fitted parts of a model, each with the evidence that its trees weigh: checked when a model
//! is opened, so that no tree reads a column that means something else.

use std::collections::HashMap;
use std::path::Path;
use std::sync::OnceLock;

use super::continuity::seam::{Continuation, EndCut, Question, StartCut, UNMARKED};
use super::doubling;
use super::placement::affinity::{self, Place};
use super::placement::alone::{self, Alone};
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

/// A part that holds trees.
struct Part {
    name: &'static str,
    /// How many bytes stand before the trees.
    head: usize,
    /// The evidence that the program hands them.
    evidence: &'static [&'static str],
    /// What each piece means, in English and in Chinese.
    meanings: &'static [[&'static str; 2]],
}

/// Every part that holds trees, with the evidence of a row as it is declared.
macro_rules! parts {
    ($($name:expr $(, behind $head:expr)? => $row:ty;)+) => {
        &[$(Part {
            name: $name,
            head: 0 $(+ $head)?,
            evidence: <$row>::NAMES,
            meanings: <$row>::MEANINGS,
        }),+]
    };
}

const PARTS: &[Part] = parts! {
    Question::End.part() => EndCut;
    Question::Start.part() => StartCut;
    Question::Join.part() => Continuation;
    UNMARKED => EndCut;
    articles::PART => Border;
    affinity::PARTS[0] => Place;
    affinity::PARTS[1] => Place;
    alone::PARTS[0] => Alone;
    alone::PARTS[1] => Alone;
    displaced_runs::PART => TornRun;
    substitutions::PART, behind substitutions::HEAD => Substitution;
    omissions::PARTS[0] => Omission;
    omissions::PARTS[1] => Omission;
    garble::PART => Garble;
    set_phrases::PART => NearMiss;
    rewording::PART => Rewording;
    doubling::PART => doubling::Evidence;
    wrong_words::PART => WrongWord;
    pen_slips::PART => PenSlip;
};

/// The parts that hold trees.
#[cfg(all(test, feature = "train"))]
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    PARTS.iter().map(|part| part.name)
}

/// The evidence that the trees of a part weigh; nothing of what holds no trees.
#[must_use]
pub fn evidence(part: &str) -> &'static [&'static str] {
    let entry = PARTS.iter().find(|known| known.name == part);
    entry.map_or(&[], |known| known.evidence)
}

/// What a piece of evidence means, in English and in Chinese. `part` is the part of the model whose
/// trees weigh it, empty where none do.
#[must_use]
pub fn meaning(part: &str, name: &str) -> Option<[&'static str; 2]> {
    if !part.is_empty() {
        let known = PARTS.iter().find(|known| known.name == part)?;
        let column = known.evidence.iter().position(|own| *own == name)?;
        return known.meanings.get(column).copied();
    }
    let told = TOLD_MEANINGS.get_or_init(|| {
        let rows = TOLD_WITHOUT_WEIGHT.lines().filter_map(|line| {
            let (name, words) = line.split_once('\t')?;
            let (english, chinese) = words.split_once('\t')?;
            Some((name, [english, chinese]))
        });
        rows.collect()
    });
    told.get(name).copied()
}

/// Names of what rules tell and no trees weigh, and what they mean in English and in Chinese.
const TOLD_WITHOUT_WEIGHT: &str = include_str!("evidence.tsv");

/// The same, laid out when the first is asked for.
static TOLD_MEANINGS: OnceLock<HashMap<&str, [&str; 2]>> = OnceLock::new();

/// Opens a model to read with: checks all of it, and that its trees weigh what this program hands
/// them.
///
/// # Errors
/// As [`Model::open`]; and if a part weighs evidence that this program does not have.
pub fn open(path: &Path) -> Result<Model, ModelError> {
    let model = Model::open(path)?;
    verify(&model)?;
    Ok(model)
}

/// Checks that the trees of a model weigh what this program hands them: the same evidence in the
/// same order.
///
/// # Errors
/// With the part and the first piece of evidence that differs.
pub fn verify(model: &Model) -> Result<(), ModelError> {
    for known in PARTS {
        let part = known.name;
        let Some(content) = model.part(part) else {
            continue;
        };
        // checked when the model was opened
        let trees = content.get(known.head..).and_then(Trees::view);
        let Some(trees) = trees else {
            return Err(ModelError::Damaged {
                part,
                what: "its trees cannot be read",
            });
        };
        let given = known.evidence;
        if trees.features() != given.len() {
            return Err(ModelError::Columns {
                part,
                found: trees.features(),
                given: given.len(),
            });
        }
        let mut both = trees.names().zip(given);
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
