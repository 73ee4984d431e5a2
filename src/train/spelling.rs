//! Fits what the spelling rules need, from aligned pairs and clean text: counts of confused
//! characters, the trees over the evidence, the prior.

use std::collections::{BTreeMap, HashMap};

use super::boost::{Options, Rows, fit_calibrated, score_held_out};
use super::lists::CharacterLists;
use super::pairs::{Pairs, Sample};
use super::random::Random;
use super::recipe::Stage;
use super::slips::Slips;
use super::texts::Texts;
use super::{TrainError, confuse, figures};
use crate::model::characters::CharId;
use crate::model::confusables::Confusables;
use crate::model::container::Writer;
use crate::model::{Model, common_pairs, confusables};
use crate::reading::evidence::column;
use crate::reading::proofreading::recurrence;
use crate::reading::proofreading::scored_paragraph::Passage;
use crate::reading::proofreading::substitution_candidates::{
    AsCounted, Channel, Counts, Gate, KINDS, Prior, Scratch, Substitution, Suspect, settle,
};
use crate::reading::proofreading::substitutions::{self, Speller};
use crate::said;

type PairCounts = HashMap<(char, char), u32>;

fn count(sample: &Sample, into: &mut PairCounts) {
    let mut characters: Vec<char> = Vec::new();
    let mut read = usize::MAX;
    let mut errors: Vec<_> = sample.errors.iter().collect();
    errors.sort_unstable();
    for (&(paragraph, position), &right) in errors {
        if paragraph != read {
            characters = sample.paragraphs[paragraph].chars().collect();
            read = paragraph;
        }
        if let Some(&wrong) = characters.get(position) {
            *into.entry((wrong, right)).or_default() += 1;
        }
    }
}

/// Counts without those that a document itself brought in, or none at all.
struct Without<'a> {
    channel: &'a Channel<'a>,
    own: &'a PairCounts,
    hidden: bool,
}

impl Counts for Without<'_> {
    fn count(&self, wrong: char, right: CharId, table: u8) -> f32 {
        if self.hidden || table == 0 {
            return 0.0;
        }
        let own = self
            .channel
            .character(right)
            .and_then(|r| self.own.get(&(wrong, r)));
        (f32::from(table) - own.map_or(0.0, |&n| n as f32)).max(0.0)
    }
}

/// What is fitted from.
#[derive(Debug)]
struct Material {
    /// Documents with their errors.
    pairs: Vec<Sample>,
    /// Documents without errors.
    clean: Vec<Sample>,
}

/// Characters of a register that are fitted on or measured on.
const OF_REGISTER: [usize; 2] = [600_000, 150_000];

/// Writes what characters are taken for each other, by what was counted in the pairs besides what
/// is known of them.
pub(super) fn tables(
    model: &Model,
    lists: &CharacterLists,
    pairs: &[Pairs],
) -> Result<Writer, TrainError> {
    let mut counts = PairCounts::new();
    for sample in pairs.iter().flat_map(|p| &p.fitted) {
        count(sample, &mut counts);
    }
    let mut counted: Vec<_> = counts.into_iter().map(|((w, r), n)| (w, r, n)).collect();
    counted.sort_unstable();
    let sources = lists.sources(counted);
    let ngram = model.ngram();
    let mut writer = Writer::copy_of(model);
    let confusable = sources.encode(model.characters(), |c| ngram.frequency(c));
    let table = Confusables::parse(&confusable).ok_or(TrainError::Lost(confusables::PART))?;
    let usual = common_pairs::encode(ngram, model.characters(), table);
    writer.put(common_pairs::PART, common_pairs::VERSION, usual);
    writer.put(confusables::PART, confusables::VERSION, confusable);
    Ok(writer)
}

/// Adds the trees that weigh corrections, and the prior, to a model that has the tables.
pub(super) fn fit(
    model: &Model,
    pairs: &[Pairs],
    texts: &[&Texts],
    stage: &Stage,
    tell: &mut dyn FnMut(&str),
) -> Result<(Writer, BTreeMap<String, f64>), TrainError> {
    let lost = TrainError::Lost(confusables::PART);
    let (Some(channel), Some(slips)) = (Channel::of(model), Slips::of(model)) else {
        return Err(lost);
    };
    let mut material = Material {
        pairs: pairs.iter().flat_map(|p| p.fitted.clone()).collect(),
        clean: Vec::new(),
    };
    let mut random = Random::new(stage.seed + 29);
    let damaged = stage.option("damaged");
    for register in texts {
        for (number, document) in some(&register.fitted, OF_REGISTER[0]).enumerate() {
            // every other document is read as it is
            if number % 2 == 0 {
                material.clean.push(Sample::clean(document));
                continue;
            }
            for _ in 0..damaged {
                let sample = confuse::document(model, &slips, document, &mut random);
                material.pairs.push(sample);
            }
        }
    }
    let mut gathered = gather(&channel, &material);
    let (rows, characters) = (gathered.rows.len(), gathered.characters);
    let errors: usize = gathered.errors.iter().sum();
    tell(&said!(
        "{rows} rows, {errors} errors within reach in {characters} characters";
        "{rows}行，其中可及的错误{errors}处，共{characters}字"
    ));
    let share = |errors: usize| (errors.max(1) as f32 / gathered.characters.max(1) as f32).ln();
    let prior = Prior {
        fitted: gathered.errors.map(share),
        start: 5e-5,
        weight: 2000.0,
    };
    let options = Options {
        trees: 100,
        leaves: 16,
        min_rows: 60.0,
        rate: 0.12,
        ..Options::default()
    };
    gathered.weigh_documents(&prior, &options);
    tell(&said!("documents weighed"; "已权衡各文档"));
    let trees = fit_calibrated(&gathered.rows, &gathered.folds, &options);
    let part = Speller::encode(&prior, &trees);
    let mut writer = Writer::copy_of(model);
    writer.put(substitutions::PART, substitutions::VERSION, part);
    let whole = Model::from_bytes(writer.finish())?;
    let measured = measure(&whole, pairs, texts)?;
    Ok((writer, measured))
}

/// The first documents of a list, up to so many characters.
fn some(documents: &[String], most: usize) -> impl Iterator<Item = &String> {
    let mut left = most;
    documents.iter().take_while(move |document| {
        let before = left;
        left = left.saturating_sub(document.chars().count());
        before > 0
    })
}

/// The probability from which a correction counts as found.
const FOUND: f32 = 0.5;

/// What is found of the errors of documents set aside, how much of it is right, and what is found
/// in clean text.
fn measure(
    model: &Model,
    pairs: &[Pairs],
    texts: &[&Texts],
) -> Result<BTreeMap<String, f64>, TrainError> {
    let speller = Speller::of(model).ok_or(TrainError::Lost(substitutions::PART))?;
    let mut measured = BTreeMap::new();
    for pairs in pairs {
        let [mut errors, mut found, mut right] = [0; 3];
        for sample in &pairs.measured {
            errors += sample.errors.len();
            for correction in
                speller.corrections(sample.paragraphs.iter().map(String::as_str), FOUND)
            {
                let line = &sample.paragraphs[correction.paragraph];
                let position = line[..correction.start].chars().count();
                let place = (correction.paragraph, position);
                if !sample.unsettled.contains(&place) {
                    found += 1;
                    right += usize::from(sample.errors.contains_key(&place));
                }
            }
        }
        figures::shares(&mut measured, &pairs.name, (right, found, errors));
    }
    for register in texts {
        let (mut alarms, mut characters) = (0, 0);
        for document in some(&register.measured, OF_REGISTER[1]) {
            characters += document.chars().count();
            alarms += speller.corrections(document.lines(), FOUND).len();
        }
        figures::alarms(&mut measured, &register.name, alarms, characters);
    }
    Ok(measured)
}

struct Gathered {
    rows: Rows,
    folds: Vec<u8>,
    /// The document of each row.
    documents: Vec<usize>,
    /// The kind of each row.
    kinds: Vec<usize>,
    /// Characters of each document.
    lengths: Vec<usize>,
    /// Errors within reach, by kind.
    errors: [usize; KINDS],
    characters: usize,
}

impl Gathered {
    /// Tells the rows how their document's error rates differ from those of all documents, as a
    /// first, coarse fit estimates it: the trees then learn what the evidence says, not which
    /// documents are bad.
    fn weigh_documents(&mut self, prior: &Prior, options: &Options) {
        let coarse = Options {
            trees: options.trees / 3,
            rate: options.rate * 2.0,
            ..*options
        };
        let scores = score_held_out(&self.rows, &self.folds, &coarse);
        let mut from = 0;
        for (document, &characters) in self.lengths.iter().enumerate() {
            let length = self.documents[from..].partition_point(|&d| d == document);
            let rows = from..from + length;
            let suspects = rows
                .clone()
                .map(|i| (scores[i], self.kinds[i], self.rows.weight(i)));
            let rates = settle(suspects, characters, prior);
            for i in rows {
                self.rows.set_offset(i, prior.shift(&rates, self.kinds[i]));
            }
            from += length;
        }
    }
}

/// The place of `gain` in a row.
const GAIN: usize = column(Substitution::NAMES, "gain");

fn gather(channel: &Channel<'_>, material: &Material) -> Gathered {
    let mut gathered = Gathered {
        rows: Rows::new(Substitution::NAMES),
        folds: Vec::new(),
        documents: Vec::new(),
        kinds: Vec::new(),
        lengths: Vec::new(),
        errors: [0; KINDS],
        characters: 0,
    };
    let mut hopeless_rows = 0;
    for (number, sample) in material.pairs.iter().chain(&material.clean).enumerate() {
        let mut own = PairCounts::new();
        count(sample, &mut own);
        // each document once with the counts of the others and once without any, or pairs that were
        // never counted come out far too unlikely
        for hidden in [false, true] {
            if number >= material.pairs.len() && hidden != (number % 2 == 0) {
                continue;
            }
            let counts = Without {
                channel,
                own: &own,
                hidden,
            };
            // a document is read through the quick gate first, and through the close one if it has
            // many errors
            let gate = if (number / 2) % 2 == usize::from(hidden) {
                &Gate::QUICK
            } else {
                &Gate::CLOSE
            };
            let (suspects, places, characters) = suspects_of(channel, sample, gate, &counts);
            gathered.characters += characters;
            gathered.lengths.push(characters);
            for (suspect, place) in suspects.iter().zip(&places) {
                if sample.unsettled.contains(place) {
                    continue;
                }
                let right = sample.errors.get(place).copied();
                let label = right.is_some() && channel.character(suspect.right) == right;
                // what cannot be found is no part of the rate that documents are compared with
                gathered.errors[suspect.kind()] += usize::from(label);
                // most rows are hopeless and alike: one in twelve stands for all
                let hopeless = !label && suspect.row[GAIN] < 5.0;
                hopeless_rows += usize::from(hopeless);
                if hopeless && hopeless_rows % 12 != 0 {
                    continue;
                }
                gathered
                    .rows
                    .push(&suspect.row, label, if hopeless { 12.0 } else { 1.0 });
                gathered.folds.push((number % 3) as u8);
                gathered.documents.push(gathered.lengths.len() - 1);
                gathered.kinds.push(suspect.kind());
            }
        }
    }
    gathered
}

pub(super) fn suspects_of(
    channel: &Channel<'_>,
    sample: &Sample,
    gate: &'static Gate,
    counts: &impl Counts,
) -> (Vec<Suspect>, Vec<(usize, usize)>, usize) {
    let (mut scratch, mut passage) = (Scratch::default(), Passage::default());
    let (mut suspects, mut places, mut characters) = (Vec::new(), Vec::new(), 0);
    for (number, paragraph) in sample.paragraphs.iter().enumerate() {
        let from = suspects.len();
        passage.read(channel.reader(), paragraph);
        channel.suspects(
            paragraph,
            &passage,
            gate,
            counts,
            &mut scratch,
            &mut suspects,
        );
        characters += passage.characters();
        places.extend(
            suspects[from..]
                .iter()
                .map(|s: &Suspect| (number, s.position)),
        );
    }
    recurrence::count(&mut suspects, scratch.document());
    (suspects, places, characters)
}

/// What the gate and the candidates let through of the errors of a sample: (errors, gated, found
/// among the candidates, positions looked at).
pub fn reach(model: &Model, sample: &Sample) -> Option<[usize; 4]> {
    let channel = Channel::of(model)?;
    let (suspects, places, _) = suspects_of(&channel, sample, &Gate::CLOSE, &AsCounted);
    let mut positions = places.clone();
    positions.dedup();
    let gated = positions
        .iter()
        .filter(|p| sample.errors.contains_key(p))
        .count();
    let found = suspects.iter().zip(&places).filter(|(s, p)| {
        sample.errors.get(p).copied() == channel.character(s.right) && sample.errors.contains_key(p)
    });
    Some([sample.errors.len(), gated, found.count(), positions.len()])
}
