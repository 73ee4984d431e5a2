//! A fit reads exactly what a rule will see: what findings in the fixtures say of their evidence stands in the rows that a fit would gather there.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::doublings;
use super::lapses::lines;
use super::pairs::Sample;
use super::pen_slips;
use super::phrases::runs;
use super::spelling::suspects_of;
use super::wrong_words;
use crate::document::Document;
use crate::engine::Linter;
use crate::finding::{Evidence, EvidenceValue};
use crate::model::Model;
use crate::reading::Reading;
use crate::reading::continuity::seam::{self, Seams};
use crate::reading::doubling::Witness;
use crate::reading::parts::evidence;
use crate::reading::placement::affinity::{self, Belonging};
use crate::reading::proofreading::omissions::{self, Gate, Kind, LapseFinder};
use crate::reading::proofreading::pen_slips::PenSlips;
use crate::reading::proofreading::substitution_candidates::{self, AsCounted, Channel};
use crate::reading::quoting::quotations::differences;
use crate::reading::quoting::rewording::Reworder;
use crate::reading::quoting::set_phrases::Quoter;

/// The rows of each part of the model.
type Rows = BTreeMap<&'static str, Vec<Vec<f32>>>;

fn fixtures(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the fixtures are there") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            fixtures(&path, found);
        } else if path.extension().is_some_and(|e| e == "txt") {
            found.push(path);
        }
    }
    found.sort();
}

/// What the fits would gather in a document.
fn gathered(reading: &Reading<'_>) -> Rows {
    let (model, text) = (reading.model(), reading.text());
    let mut rows = Rows::new();
    let mut add = |part: &'static str, row: &[f32]| {
        rows.entry(part).or_default().push(row.to_vec());
    };
    for (_, both) in doublings::rows(text, &mut Witness::new(model)) {
        both.iter().for_each(|row| add("doubling", row));
    }
    let lists = wrong_words::Lists::new();
    wrong_words::rows(&lists, model, text, |row| add("wrong-word", &row));
    let quoter = Quoter::of(model).expect("phrases");
    for found in quoter.misquotations(text, runs(text)) {
        add("misquotation", &found.row.columns());
    }
    let reworder = Reworder::of(model).expect("confusable characters");
    for difference in differences(text, lines(text)) {
        for row in reworder.evidence(text, &difference) {
            add("rewording", &row.columns());
        }
    }
    let pen = PenSlips::of(model).expect("contexts");
    for place in pen_slips::places(&pen, model, text) {
        add("pen-slip", &place.row.columns());
    }
    let finder = LapseFinder::of(model);
    for stretch in finder.stretches(text, lines(text)) {
        add("garbled", &stretch.row);
    }
    for gate in [&Gate::QUICK, &Gate::CLOSE] {
        for lapse in finder.lapses(text, lines(text), gate) {
            let part = omissions::PARTS[usize::from(lapse.kind == Kind::Extra)];
            add(part, &lapse.row);
        }
    }
    let channel = Channel::of(model).expect("confusable characters");
    let sample = Sample::clean(text);
    for gate in [
        &substitution_candidates::Gate::QUICK,
        &substitution_candidates::Gate::CLOSE,
    ] {
        for suspect in suspects_of(&channel, &sample, gate, &AsCounted).0 {
            add("spelling", &suspect.row);
        }
    }
    let draft = reading.draft();
    let mut seams = Seams::new(reading, draft);
    for index in 0..draft.len() {
        add(seam::PARTS[0], &seams.end_row(draft, index));
        add(seam::PARTS[1], &seams.start_row(draft, index));
    }
    let belonging = Belonging::new(reading, reading.content());
    let mut terms = Vec::new();
    let units = [belonging.sentence_units(), belonging.paragraph_units()];
    for (part, units) in affinity::PARTS.into_iter().zip(units) {
        for unit in units {
            add(part, &belonging.row(unit, &mut terms).0);
        }
    }
    rows
}

/// The values of what trees weighed for a finding, by part.
fn weighed(pieces: &[Evidence]) -> BTreeMap<&'static str, Vec<(&'static str, f64)>> {
    let mut told: BTreeMap<&'static str, Vec<_>> = BTreeMap::new();
    for piece in pieces {
        if let (Some(weight), EvidenceValue::Number(value)) = (piece.weight, &piece.value) {
            told.entry(weight.part)
                .or_default()
                .push((piece.name, *value));
        }
    }
    told
}

#[test]
fn what_rules_tell_is_what_fits_read() {
    let linter = Linter::standard();
    let mut paths = Vec::new();
    fixtures(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures"),
        &mut paths,
    );
    let (mut compared, mut differ) = (BTreeMap::<&str, usize>::new(), Vec::new());
    for path in paths {
        let Ok(text) = fs::read_to_string(&path) else {
            continue;
        };
        let document = Document::new("page.txt", &text);
        let reading = Reading::new(&document, Model::embedded());
        let mut rows = None;
        for finding in linter.check_reading(&reading, 1) {
            // a run that was torn in is weighed by trees of its own; of its place it is only told
            if finding
                .evidence
                .iter()
                .any(|piece| piece.name == "last-line")
            {
                continue;
            }
            for (part, told) in weighed(&finding.evidence) {
                let rows = rows.get_or_insert_with(|| gathered(&reading));
                let names = evidence(part);
                let value = |row: &[f32], name: &str| {
                    let column = names.iter().position(|own| *own == name);
                    column.map_or(f64::NAN, |column| f64::from(row[column]))
                };
                let near = |a: f64, b: f64| a.is_nan() && b.is_nan() || (a - b).abs() < 1e-3;
                let same = |row: &Vec<f32>| {
                    told.iter()
                        .all(|(name, told)| near(value(row, name), *told))
                };
                *compared.entry(part).or_default() += 1;
                if !rows.get(part).is_some_and(|rows| rows.iter().any(same)) {
                    let place = path
                        .file_name()
                        .unwrap_or_default()
                        .to_string_lossy()
                        .into_owned();
                    differ.push(format!("{place}: {} {part} {told:?}", finding.card.name));
                }
            }
        }
    }
    assert!(compared.len() >= 9, "{compared:?}");
    assert!(differ.is_empty(), "of {compared:?}:\n{}", differ.join("\n"));
}
