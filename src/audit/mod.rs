//! A whole collection: how damaged it is, by what, where it is worst, what repeats.
//!
//! [`Gathering`] takes the report of one file after the other and keeps counts, and a sample of
//! the findings; [`Audit`] is what comes of it, and the JSON of `--json`. The screen, the tables
//! and the page are views of it. What there is of every file and of every finding lies in
//! temporary files ([`Rows`], [`Fingerprints`]), so that memory does not grow with what is found.

mod answers;
mod cache;
pub mod compare;
mod fingerprints;
mod gather;
mod page;
mod precision;
mod rows;
pub mod sample;
pub mod score;
mod screen;
mod tables;

pub use answers::{About, Query, Spool};
pub use cache::Cache;
pub use fingerprints::Fingerprints;
pub use gather::{FileRecord, Gathering, Outline, Record, Surroundings};
pub use page::{Page, Provenance};
pub use precision::{Jury, Precision, Share, wilson};
pub use rows::Rows;
pub use sample::{Sample, Sampled, Urn};
pub use screen::{Asked, screen};
pub use tables::{FilesTable, FindingsTable};

use std::collections::BTreeMap;
use std::io;

use serde::{Deserialize, Serialize};

use crate::corpus::{Collection, Question, Survey};
use crate::finding::Severity;
use crate::judgements::Verdict;
use crate::report::Skipped;

/// The version of the JSON.
pub const VERSION: u32 = 1;

/// The outcome of an audit.
#[derive(Debug, Serialize, Deserialize)]
pub struct Audit {
    /// The version of this format.
    pub version: u32,
    /// The version of kanwu.
    pub kanwu: String,
    /// The whole collection.
    pub collection: Totals,
    /// By rule.
    pub rules: BTreeMap<String, RuleTotals>,
    /// By source: the folder of a file.
    pub sources: BTreeMap<String, SourceTotals>,
    /// By file, in the order of names.
    pub files: Rows<FileTotals>,
    /// What repeats across files.
    pub repeats: Repeats,
    /// What was not checked.
    pub skipped: Vec<SkippedFile>,
    /// How far the findings can be trusted, where some were judged.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub precision: Option<Precision>,
    /// What was judged of the findings, by fingerprint.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub judged: BTreeMap<String, Verdict>,
    /// The fingerprints of warnings and errors by rule, in order, for a later audit to compare
    /// with.
    #[serde(default)]
    pub fingerprints: Fingerprints,
    /// What has changed since another audit.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub comparison: Option<compare::Comparison>,
    /// What people are to judge, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sample: Option<Sample>,
}

impl Audit {
    /// The files with warnings or errors, the worst first, no more than `most`.
    ///
    /// # Errors
    ///
    /// Those of reading them again.
    pub(crate) fn worst(&self, most: usize) -> io::Result<Vec<FileTotals>> {
        let is_damaged = |f: &FileTotals| f.errors + f.warnings > 0;
        let files = self.files.iter();
        let damaged = files.filter(|file| file.as_ref().map_or(true, is_damaged));
        rows::first(damaged, most, |a, b| {
            a.score
                .total_cmp(&b.score)
                .then_with(|| a.file.cmp(&b.file))
        })
    }
}

/// Sums over the collection.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Totals {
    /// Documents checked.
    pub files: usize,
    /// The files that they stand in.
    #[serde(default)]
    pub opened: usize,
    /// The bytes of these.
    pub bytes: u64,
    /// Their characters.
    pub characters: usize,
    /// Findings by severity.
    pub errors: usize,
    /// Findings by severity.
    pub warnings: usize,
    /// Findings by severity.
    pub infos: usize,
    /// Documents with a warning or an error.
    pub damaged_files: usize,
    /// Characters in paragraphs with a warning or an error.
    pub damaged_characters: usize,
    /// Characters in paragraphs with an error.
    pub error_characters: usize,
    /// The share of characters in damaged paragraphs that is expected, and the interval in which it
    /// lies with 95 %.
    pub damaged_share: [f64; 3],
    /// Findings that were judged wrong: they are in no other count.
    pub judged_wrong: usize,
    /// How many warnings and errors are expected to be right: the sum of their probabilities,
    /// corrected by what was judged.
    pub expected: f64,
    /// The score of the whole collection.
    pub score: f64,
    /// The score of the document in the middle.
    pub median_score: f64,
}

impl Totals {
    /// The share of characters in paragraphs with a finding at least so severe: of errors, else of
    /// warnings too.
    #[must_use]
    pub fn share(&self, least: Severity) -> f64 {
        let characters = match least {
            Severity::Error => self.error_characters,
            Severity::Warning | Severity::Info => self.damaged_characters,
        };
        characters as f64 / self.characters.max(1) as f64
    }
}

/// Sums of a rule.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct RuleTotals {
    /// The group of the rule.
    pub group: String,
    /// Findings by severity.
    pub errors: usize,
    /// Findings by severity.
    pub warnings: usize,
    /// Findings by severity.
    pub infos: usize,
    /// Documents in which it speaks.
    pub files: usize,
    /// How many of its warnings and errors are expected to be right: the sum of their
    /// probabilities.
    pub expected: f64,
}

/// Sums of a source.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct SourceTotals {
    /// Documents.
    pub files: usize,
    /// Their characters.
    pub characters: usize,
    /// Warnings and errors.
    pub damages: usize,
    /// Damage as the score weighs it.
    pub damage: f64,
    /// Warnings and errors by rule.
    pub rules: BTreeMap<String, usize>,
}

/// Sums of a file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FileTotals {
    /// The file.
    pub file: String,
    /// Its characters.
    pub characters: usize,
    /// Findings by severity.
    pub errors: usize,
    /// Findings by severity.
    pub warnings: usize,
    /// Findings by severity.
    pub infos: usize,
    /// Characters in paragraphs with a warning or an error.
    pub damaged: usize,
    /// The score, from 0 to 100, and its interval.
    pub score: f64,
    /// The interval of the score.
    pub interval: [f64; 2],
    /// The two rules that cost it most.
    pub causes: Vec<String>,
    /// The worst severity (1 to 3) in each fortieth of the text, a digit each.
    pub strip: String,
}

/// What repeats across files.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Repeats {
    /// Lines of sources.
    pub lines: Vec<RepeatedLine>,
    /// Planted phrases.
    pub watermarks: Vec<PlantedPhrase>,
    /// Copies.
    pub duplicates: Rows<CopiedFile>,
    /// Passages.
    pub passages: Rows<SharedPassage>,
    /// Words that sources write wrong again and again.
    #[serde(default)]
    pub confusions: Vec<RepeatedConfusion>,
    /// Where that belongs which stands in the wrong file, and the rest of cut sentences.
    #[serde(default)]
    pub homes: Rows<FoundHome>,
}

/// A line that recurs in a source.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RepeatedLine {
    /// The source.
    pub source: String,
    /// The line: `#` for digits that vary, `*` for a value that varies.
    pub text: String,
    /// Documents that have it.
    pub documents: usize,
    /// Documents in which it stands at the edge.
    pub at_edge: usize,
    /// Documents of the source.
    pub of: usize,
    /// The first document that has it.
    pub first: String,
    /// Whether it is taken for a part of the page, and masked.
    pub masked: bool,
}

/// A phrase planted in many documents.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PlantedPhrase {
    /// The phrase.
    pub text: String,
    /// Documents that have it.
    pub documents: usize,
    /// How often it stands in them.
    pub times: usize,
    /// The first document that has it.
    pub first: String,
}

/// A file that is a copy of another.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CopiedFile {
    /// The two files.
    pub files: [String; 2],
    /// How alike they are, from 0 to 1.
    pub alike: f32,
    /// Whether they are the same to the letter.
    pub exact: bool,
    /// Comparable characters of each.
    pub characters: [u32; 2],
}

/// A passage that stands in two files.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SharedPassage {
    /// The two files.
    pub files: [String; 2],
    /// Where it stands in each: bytes of what there is to read in the document, which is the
    /// decoded file where that is a text.
    pub spans: [[usize; 2]; 2],
    /// Comparable characters.
    pub characters: usize,
}

/// Where that belongs which stands in the wrong file, or the other half of a cut sentence.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FoundHome {
    /// What was found: the home of a stretch, the rest or the beginning of a paragraph.
    pub kind: Question,
    /// The file that something is wrong with, and the one that it belongs to or goes on in.
    pub files: [String; 2],
    /// The stretch, or the paragraph that is cut: bytes of what there is to read in the document.
    pub span: [usize; 2],
    /// The paragraph of the other that is nearest, or the other half: its line, from 1.
    pub other_line: usize,
    /// The same in bytes.
    pub other_span: [usize; 2],
    /// The probability that this is so.
    pub probability: f32,
    /// Whether the sentence goes on at the top of the next file: the files are pages of one text.
    pub turns_page: bool,
    /// The words by which it is known.
    pub words: Vec<String>,
}

/// A word that a source writes wrong again and again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RepeatedConfusion {
    /// The source.
    pub source: String,
    /// What it writes.
    pub wrong: String,
    /// What it should read.
    pub right: String,
    /// Documents that have it.
    pub documents: usize,
    /// How often it stands in them.
    pub times: usize,
    /// How often the right one stands in the source.
    pub right_times: usize,
}

/// A file that was not checked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SkippedFile {
    /// The file.
    pub file: String,
    /// Why.
    pub reason: String,
}

impl From<&Skipped> for SkippedFile {
    fn from(skipped: &Skipped) -> Self {
        Self {
            file: skipped.file.clone(),
            reason: skipped.reason.clone(),
        }
    }
}

impl Repeats {
    /// What a survey found, with the names of the documents.
    ///
    /// # Errors
    ///
    /// Those of the temporary files in which long lists lie.
    pub fn of_survey(
        survey: &Survey,
        collection: &dyn Collection,
        name: impl Fn(usize) -> String,
    ) -> io::Result<Self> {
        let duplicates = survey.duplicates.iter().map(|d| CopiedFile {
            files: [name(d.first), name(d.second)],
            alike: d.alike,
            exact: d.exact,
            characters: d.characters,
        });
        let passages = survey.passages.iter().map(|p| SharedPassage {
            files: p.documents.map(&name),
            spans: p.spans.map(|s| [s.start(), s.end()]),
            characters: p.characters,
        });
        Ok(Self {
            duplicates: Rows::of(duplicates)?,
            passages: Rows::of(passages)?,
            lines: survey
                .lines
                .iter()
                .map(|line| RepeatedLine {
                    source: collection.sources()[line.source].clone(),
                    text: line.text.clone(),
                    documents: line.documents,
                    at_edge: line.at_edge,
                    of: survey.documents[line.source],
                    first: name(line.first),
                    masked: line.is_furniture(),
                })
                .collect(),
            watermarks: survey
                .watermarks
                .iter()
                .map(|w| PlantedPhrase {
                    text: w.text.clone(),
                    documents: w.documents,
                    times: w.times,
                    first: name(w.first),
                })
                .collect(),
            confusions: survey
                .confusions
                .iter()
                .map(|c| RepeatedConfusion {
                    source: collection.sources()[c.source].clone(),
                    wrong: c.wrong.clone(),
                    right: c.right.clone(),
                    documents: c.documents,
                    times: c.times,
                    right_times: c.right_times,
                })
                .collect(),
            homes: Rows::default(),
        })
    }
}
