//! A fit reads exactly what a rule will see: what findings in the fixtures say of their evidence
//! stands in the rows that a fit would gather there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::doublings;
use super::lapses::lines;
use super::order::places::border_rows;
use super::pairs::Sample;
use super::pen_slips;
use super::phrases::runs;
use super::spelling::suspects_of;
use super::wrong_words;
use crate::document::Document;
use crate::engine::Linter;
use crate::finding::{Evidence, EvidenceValue};
use crate::model::Model;
use crate::model::forest::asked;
use crate::reading::Reading;
use crate::reading::continuity::breaks::{each_join, loose_ends, loose_starts};
use crate::reading::continuity::habit::is_unmarked;
use crate::reading::continuity::seam::{Question, Seams, UNMARKED};
use crate::reading::doubling::Witness;
use crate::reading::parts::{evidence, names};
use crate::reading::placement::affinity::{self, Belonging, Unit};
use crate::reading::placement::{alone, articles, displaced_runs};
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
            // what is expected of a fixture is a report: tables and code, of which fits read
            // nothing
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if !name.starts_with("expected") {
                found.push(path);
            }
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
    for stretch in finder.stretches(text, reading.prose()) {
        add("garbled", &stretch.row);
    }
    for gate in [&Gate::QUICK, &Gate::CLOSE] {
        for lapse in finder.lapses(text, lines(text), gate) {
            let part = omissions::PARTS[usize::from(lapse.kind == Kind::Extra)];
            add(part, &lapse.row);
        }
    }
    let channel = Channel::of(model).expect("confusable characters");
    // as the document has them: what a page wraps is one paragraph
    let paragraphs = reading.prose().map(|range| text[range].to_owned());
    let sample = Sample {
        paragraphs: paragraphs.collect(),
        ..Sample::default()
    };
    for gate in [
        &substitution_candidates::Gate::QUICK,
        &substitution_candidates::Gate::CLOSE,
    ] {
        for suspect in suspects_of(&channel, &sample, gate, &AsCounted).0 {
            add("spelling", &suspect.row);
        }
    }
    seams(reading, &mut add);
    places(reading, &mut add);
    for (_, row) in border_rows(reading) {
        add(articles::PART, &row.columns());
    }
    rows
}

/// The same of where paragraphs are cut and what continues them: as paragraphs are before articles
/// are known.
fn seams(reading: &Reading<'_>, add: &mut impl FnMut(&'static str, &[f32])) {
    let draft = reading.draft();
    let mut seams = Seams::new(reading, draft);
    let ends = loose_ends(reading, draft, &mut seams);
    let starts = loose_starts(reading, draft, &mut seams, &ends);
    for end in &ends {
        let row = seams.end_row(draft, end.paragraph);
        add(Question::End.part(), &row.columns());
        if is_unmarked(reading, &draft[end.paragraph]) {
            add(UNMARKED, &row.of_language().columns());
        }
    }
    for start in &starts {
        let row = seams.start_row(draft, start.paragraph);
        add(Question::Start.part(), &row.columns());
    }
    let both = (ends.as_slice(), starts.as_slice());
    each_join(draft, &mut seams, both, false, |_, _, _, row| {
        add(Question::Join.part(), &row.columns());
    });
}

/// The same of what stands in the wrong place.
fn places(reading: &Reading<'_>, add: &mut impl FnMut(&'static str, &[f32])) {
    let belonging = Belonging::new(reading, reading.content());
    let mut terms = Vec::new();
    let units = [belonging.sentence_units(), belonging.paragraph_units()];
    let parts = affinity::PARTS.into_iter().zip(alone::PARTS);
    let article = |unit: &Unit| belonging.article_of(unit.first);
    for ((part, alone), units) in parts.zip(units) {
        for units in units.chunk_by(|a, b| article(a) == article(b)) {
            let rows = units.iter().map(|u| belonging.row(*u, &mut terms).0);
            let rows: Vec<_> = rows.collect();
            rows.iter().for_each(|row| add(part, &row.columns()));
            if alone::has_range(rows.len()) {
                alone::rows(&rows)
                    .iter()
                    .for_each(|row| add(alone, &row.columns()));
            }
        }
    }
    let trees = reading.model().forest(affinity::PARTS[1]);
    let judged = belonging.places(trees.expect("trees of places"), |_, _, _, _| ());
    for candidate in displaced_runs::candidates(reading, &judged) {
        for (_, row) in displaced_runs::rows(reading, &belonging, &judged, candidate) {
            add(displaced_runs::PART, &row.columns());
        }
    }
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

/// The parts of the model, by the place of their trees in memory.
fn parts(model: &Model) -> BTreeMap<asked::Place, &'static str> {
    let known = |part| Some((asked::place(&model.forest(part)?), part));
    names().filter_map(known).collect()
}

/// Whether two rows hold the same, to the last bit but for what is missing.
fn bits(row: &[f32]) -> Vec<u32> {
    let same = |value: &f32| {
        if value.is_nan() {
            u32::MAX
        } else {
            value.to_bits()
        }
    };
    row.iter().map(same).collect()
}

#[test]
fn what_trees_are_asked_is_what_they_were_fitted_on() {
    let linter = Linter::standard();
    let model = Model::embedded();
    let parts = parts(model);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut paths = Vec::new();
    fixtures(&root, &mut paths);
    let (mut asked, mut differ) = (BTreeMap::<&str, usize>::new(), BTreeMap::new());
    for path in paths {
        let Ok(text) = fs::read_to_string(&path) else {
            continue;
        };
        let document = Document::new("page.txt", &text);
        let reading = Reading::new(&document, model);
        let rows = asked::during(|| drop(linter.check_reading(&reading, 1)));
        let of_fits: BTreeSet<_> = gathered(&reading)
            .into_iter()
            .flat_map(|(part, rows)| rows.into_iter().map(move |row| (part, bits(&row))))
            .collect();
        for (place, row) in rows {
            let part = parts[&place];
            *asked.entry(part).or_default() += 1;
            if !of_fits.contains(&(part, bits(&row))) {
                let place = path
                    .file_name()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned();
                let row = evidence(part).iter().zip(&row);
                let list = differ.entry(part).or_insert_with(Vec::new);
                list.push(format!("{place}: {part} {:?}", row.collect::<Vec<_>>()));
            }
        }
    }
    let missing: Vec<_> = names().filter(|part| !asked.contains_key(part)).collect();
    assert!(missing.is_empty(), "never asked: {missing:?}");
    let first = |(part, rows): (&&str, &Vec<String>)| {
        let shown = rows.iter().take(3).cloned().collect::<Vec<_>>().join("\n");
        format!("{part}: {} of {}\n{shown}", rows.len(), asked[*part])
    };
    let told: Vec<_> = differ.iter().map(first).collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
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
