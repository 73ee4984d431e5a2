//! Fits what the spelling rules need, from aligned pairs and clean text: counts of confused characters, the trees over the evidence, the prior.
//!
//! Pairs are JSON Lines: `{"id", "src", "edits": [[position, wrong, right, …], …]}`, positions in characters of `src`; lines whose ids begin alike
//! (up to the first `-`) are one document. Clean text has one paragraph a line and a blank line between documents.

use std::collections::HashMap;
use std::path::Path;

use serde::Deserialize;

use super::boost::{Options, Rows, fit_calibrated, score_held_out};
use crate::model::characters::CharId;
use crate::model::confusables::{Confusables, Sources};
use crate::model::container::Writer;
use crate::model::variants::{self, Form};
use crate::model::{Model, common_pairs, confusables};
use crate::reading::proofreading::scored_paragraph::Passage;
use crate::reading::proofreading::substitution_candidates::{
    AsCounted, Channel, Counts, Gate, KINDS, Prior, Scratch, Suspect, settle,
};
use crate::reading::proofreading::substitutions::{self, Speller};
use crate::reading::proofreading::{recurrence, substitution_candidates};

/// Why the fit cannot be made.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum FitError {
    /// A file cannot be read.
    #[error("{file}: {source}")]
    Io {
        /// The file.
        file: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// A line is not what its format says.
    #[error("{file}, line {line}: {reason}")]
    Line {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// The model lost a part on the way.
    #[error("the model cannot be read back after its tables were added")]
    Model,
}

/// A document with what is wrong in it.
#[derive(Debug, Default)]
pub struct Sample {
    /// Its paragraphs.
    pub paragraphs: Vec<String>,
    /// (paragraph, position in characters) → the right character.
    pub errors: HashMap<(usize, usize), char>,
    /// Positions where right and wrong are a matter of opinion: neither learned nor counted.
    pub unsettled: Vec<(usize, usize)>,
}

#[derive(Deserialize)]
struct Pair {
    id: String,
    src: String,
    #[serde(default)]
    edits: Vec<Vec<serde_json::Value>>,
}

fn read(file: &Path) -> Result<String, FitError> {
    std::fs::read_to_string(file).map_err(|source| FitError::Io {
        file: file.display().to_string(),
        source,
    })
}

/// Reads aligned pairs as documents.
///
/// # Errors
/// If the file cannot be read or a line is no pair.
pub fn read_pairs(file: &Path) -> Result<Vec<Sample>, FitError> {
    let mut samples: Vec<Sample> = Vec::new();
    let mut numbers: HashMap<String, usize> = HashMap::new();
    for (line, json) in read(file)?.lines().enumerate() {
        let bad = |reason: String| FitError::Line {
            file: file.display().to_string(),
            line: line + 1,
            reason,
        };
        let pair: Pair = serde_json::from_str(json).map_err(|e| bad(e.to_string()))?;
        let source = pair.id.split('-').next().unwrap_or_default().to_owned();
        let number = *numbers.entry(source).or_insert(samples.len());
        if number == samples.len() {
            samples.push(Sample::default());
        }
        let sample = &mut samples[number];
        let paragraph = sample.paragraphs.len();
        for edit in &pair.edits {
            let position = edit.first().and_then(serde_json::Value::as_u64);
            let text = |k: usize| edit.get(k).and_then(serde_json::Value::as_str);
            let (Some(position), Some(wrong), Some(right)) = (position, text(1), text(2)) else {
                return Err(bad("an edit is not [position, wrong, right]".into()));
            };
            let place = (paragraph, position as usize);
            match (single(wrong), single(right)) {
                (Some(w), Some(r)) if substitution_candidates::is_correctable(w, r) => {
                    sample.errors.insert(place, r);
                }
                _ => sample.unsettled.push(place),
            }
        }
        sample.paragraphs.push(pair.src);
    }
    Ok(samples)
}

fn single(text: &str) -> Option<char> {
    let mut characters = text.chars();
    characters.next().filter(|_| characters.next().is_none())
}

/// Reads clean text as documents.
///
/// # Errors
/// If the file cannot be read.
pub fn read_clean(file: &Path) -> Result<Vec<Sample>, FitError> {
    let text = read(file)?;
    let document = |d: &str| Sample {
        paragraphs: d.lines().map(str::to_owned).collect(),
        ..Sample::default()
    };
    Ok(text
        .split("\n\n")
        .filter(|d| !d.trim().is_empty())
        .map(document)
        .collect())
}

/// General knowledge of characters: the lists beside the model.
#[derive(Debug, Default)]
pub struct Lists {
    likeness: Vec<(char, char, u8)>,
    sounds: Vec<(char, Vec<String>)>,
    forms: Vec<(char, char, Form)>,
    simple: Vec<(char, char)>,
}

impl Lists {
    /// Reads `likeness.tsv`, `sounds.tsv` and `variants.tsv` of a directory.
    ///
    /// # Errors
    /// If one cannot be read or has a line of another shape.
    pub fn read(directory: &Path) -> Result<Self, FitError> {
        let mut lists = Self::default();
        each_line(&directory.join("likeness.tsv"), |fields| {
            let (Some(of), [_, others, scores]) = (single(fields[0]), fields) else {
                return None;
            };
            for (other, score) in others.chars().zip(scores.split(' ')) {
                lists.likeness.push((of, other, score.parse().ok()?));
            }
            Some(())
        })?;
        each_line(&directory.join("sounds.tsv"), |fields| {
            let [of, sounds] = fields else { return None };
            lists
                .sounds
                .push((single(of)?, sounds.split(' ').map(str::to_owned).collect()));
            Some(())
        })?;
        each_line(&directory.join("variants.tsv"), |fields| {
            let [form, ordinary, home] = fields else {
                return None;
            };
            let (form, ordinary) = (single(form)?, single(ordinary)?);
            match *home {
                "s" => lists.simple.push((form, ordinary)),
                "t" => lists.forms.push((form, ordinary, Form::Traditional)),
                "j" => lists.forms.push((form, ordinary, Form::Japanese)),
                "o" => lists.forms.push((form, ordinary, Form::Old)),
                _ => return None,
            }
            Some(())
        })?;
        Ok(lists)
    }
}

fn each_line(file: &Path, mut take: impl FnMut(&[&str]) -> Option<()>) -> Result<(), FitError> {
    for (line, text) in read(file)?.lines().enumerate() {
        let fields: Vec<&str> = text.split('\t').collect();
        take(&fields).ok_or_else(|| FitError::Line {
            file: file.display().to_string(),
            line: line + 1,
            reason: "not the fields of this list".into(),
        })?;
    }
    Ok(())
}

/// What is fitted from.
#[derive(Debug)]
pub struct Material {
    /// General knowledge of characters.
    pub lists: Lists,
    /// Documents with their errors: fitted on, and their confusions counted.
    pub pairs: Vec<Sample>,
    /// Documents whose confusions are counted only.
    pub counted: Vec<Sample>,
    /// Documents without errors.
    pub clean: Vec<Sample>,
}

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

/// Adds the parts for spelling to a copy of a model. `tell` is told how it goes.
///
/// # Errors
/// If the model cannot be read back.
pub fn fit(
    model: &Model,
    material: &Material,
    tell: &mut dyn FnMut(&str),
) -> Result<Writer, FitError> {
    let mut counts = PairCounts::new();
    for sample in material.pairs.iter().chain(&material.counted) {
        count(sample, &mut counts);
    }
    let lists = &material.lists;
    let mut counted: Vec<(char, char, u32)> =
        counts.into_iter().map(|((w, r), n)| (w, r, n)).collect();
    counted.sort_unstable();
    tell(&format!("{} pairs counted", counted.len()));
    let sources = Sources {
        likeness: lists.likeness.clone(),
        sounds: lists.sounds.clone(),
        counts: counted,
    };
    let mut writer = Writer::copy_of(model);
    let ngram = model.ngram();
    writer.put(
        variants::PART,
        variants::VERSION,
        variants::encode(&lists.forms, &lists.simple),
    );
    let confusable = sources.encode(model.characters(), |c| ngram.frequency(c));
    if let Some(table) = Confusables::parse(&confusable) {
        writer.put(
            common_pairs::PART,
            common_pairs::VERSION,
            common_pairs::encode(ngram, model.characters(), table),
        );
    }
    writer.put(confusables::PART, confusables::VERSION, confusable);
    let with_tables = Model::from_bytes(writer.finish()).map_err(|_| FitError::Model)?;
    let channel = Channel::of(&with_tables).ok_or(FitError::Model)?;
    let mut gathered = gather(&channel, material);
    tell(&format!(
        "{} rows, {} errors within reach in {} characters",
        gathered.rows.len(),
        gathered.errors.iter().sum::<usize>(),
        gathered.characters
    ));
    let prior = Prior {
        fitted: gathered
            .errors
            .map(|errors| (errors as f32 / gathered.characters as f32).ln()),
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
    tell("documents weighed");
    let trees = fit_calibrated(&gathered.rows, &gathered.folds, &options);
    writer.put(
        substitutions::PART,
        substitutions::VERSION,
        Speller::encode(&prior, &trees),
    );
    Ok(writer)
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
    /// Tells the rows how their document's error rates differ from those of all documents, as a first, coarse fit estimates it: the trees
    /// then learn what the evidence says, not which documents are bad.
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
const GAIN: usize = 0;

fn gather(channel: &Channel<'_>, material: &Material) -> Gathered {
    let mut gathered = Gathered {
        rows: Rows::new(&substitution_candidates::EVIDENCE),
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
        // each document once with the counts of the others and once without any, or pairs that were never counted come out far too unlikely
        for hidden in [false, true] {
            if number >= material.pairs.len() && hidden != (number % 2 == 0) {
                continue;
            }
            let counts = Without {
                channel,
                own: &own,
                hidden,
            };
            let (suspects, places, characters) = suspects_of(channel, sample, &counts);
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

fn suspects_of(
    channel: &Channel<'_>,
    sample: &Sample,
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
            &Gate::CLOSE,
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

/// What the gate and the candidates let through of the errors of a sample: (errors, gated, found among the candidates, positions looked at).
pub fn reach(model: &Model, sample: &Sample) -> Option<[usize; 4]> {
    let channel = Channel::of(model)?;
    let (suspects, places, _) = suspects_of(&channel, sample, &AsCounted);
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
