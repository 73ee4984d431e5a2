//! What applies to a file: rules, severities, words, encoding.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::named_files::read_words;
use super::records::{Records, Source};
use super::rule_settings::{check_names, configure};
use super::{Config, ConfigError, Layer};
use crate::corpus::{Ask, Known, asks};
use crate::document::{Document, SiteMark, SiteMarkKind, Vocabulary, without_lines};
use crate::engine::{Linter, without_known_confusions};
use crate::finding::{Finding, Severity};
use crate::formats::{self, Kind, Malformed, Prose, WholeFile};
use crate::judgements::JudgedWrong;
use crate::model::Model;
use crate::pattern::{self, Pack};
use crate::reading::Reading;
use crate::registry::Registry;
use crate::rule::{Card, Group};
use crate::selection::Selection;
use crate::text::{Decoded, Encoding, Span};

/// What the command line says; it goes before any configuration.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// Rules: `select` puts the configuration's choice aside, the others add to it.
    pub selection: Selection,
    /// The encoding of all files.
    pub encoding: Option<Encoding>,
    /// More words that are right.
    pub vocabulary: Vocabulary,
    /// More rule packs.
    pub packs: Vec<PathBuf>,
    /// Whether texts are skimmed: no rule speaks that weighs them with a language model.
    pub skim: bool,
    /// The language model.
    pub model: Option<Arc<Model>>,
    /// What was learned of the sites.
    pub learned: Option<Arc<Known>>,
    /// What was judged, instead of what the configuration names.
    pub judged: Option<Arc<JudgedWrong>>,
    /// How files are read.
    pub reading: formats::Options,
}

/// What a collection tells of the documents of a file that stands in it.
pub struct Told<'t> {
    /// Of the next document: that it is a copy, that a passage of it stands elsewhere too.
    pub marks: &'t mut dyn FnMut() -> Vec<SiteMark>,
    /// What was learned of all sources, besides what the profile knows.
    pub known: Option<&'t Known>,
    /// Whether there is a collection to ask where something belongs.
    pub asks: bool,
}

/// A document of a file: a record, or all that there is to read in it.
pub struct Part<'p, 's> {
    /// What there is to read.
    pub prose: &'p Prose<'s>,
    /// What was found, in the order of the file.
    pub findings: Vec<Finding>,
    /// Where each stands in what there is to read.
    pub spans: Vec<Span>,
    /// What there is to ask the collection, where one is there.
    pub asks: Vec<Ask>,
}

/// The settings of a set of files, ready to check them. One profile serves any number of threads.
pub struct Profile {
    /// The rules.
    pub linter: Linter,
    /// Words that are right.
    pub vocabulary: Vocabulary,
    /// What a terminal shows, where that is set.
    pub level: Option<Severity>,
    /// The encoding, where one is set.
    pub encoding: Option<Encoding>,
    /// The configuration that applies, if any.
    pub config: Option<Arc<Config>>,
    /// Which of its `per-file` tables apply.
    pub per_file: Vec<bool>,
    /// How files are read: as which kind, and which of their fields.
    pub reading: formats::Options,
    severity: HashMap<&'static str, Severity>,
    /// The language model, where one is set.
    model: Option<Arc<Model>>,
    skim: bool,
    /// What was learned of the sites that the files come from.
    pub learned: Option<Arc<Known>>,
    /// The findings that people judged wrong.
    pub(super) judged: Arc<JudgedWrong>,
}

/// What came of a file.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What it was read as.
    pub kind: Kind,
    /// What was found, in the order of the file.
    pub findings: Vec<Finding>,
    /// What of it is not of its kind, and was not read.
    pub malformed: Vec<Malformed>,
}

impl Profile {
    pub(super) fn new(
        config: Option<Arc<Config>>,
        per_file: &[bool],
        overrides: &Overrides,
    ) -> Result<Self, ConfigError> {
        let layers = config.as_ref().map_or_else(Vec::new, |c| {
            let applying = c.per_file.iter().zip(per_file).filter(|(_, on)| **on);
            let applying = applying.map(|(p, _)| &p.layer);
            std::iter::once(&c.layer)
                .chain(applying)
                .collect::<Vec<_>>()
        });
        let (packs, vocabulary) = packs_and_words(config.as_deref(), overrides)?;
        let model = match (&overrides.model, &config) {
            (Some(model), _) => Some(Arc::clone(model)),
            (None, Some(config)) => config.language()?,
            (None, None) => None,
        };
        let learned = match (&overrides.learned, &config) {
            (Some(learned), _) => Some(Arc::clone(learned)),
            (None, Some(config)) => config.known()?,
            (None, None) => None,
        };
        let judged = match (&overrides.judged, &config) {
            (Some(judged), _) => Arc::clone(judged),
            (None, Some(config)) => Arc::new(config.judgements()?.wrong()),
            (None, None) => Arc::default(),
        };
        let mut registry = Registry::builtin();
        if !packs.is_empty() {
            let taken: Vec<_> = registry.cards().iter().map(|card| card.name).collect();
            registry.add(Box::new(pattern::load_packs(&packs, &taken)?));
        }
        let cards = registry.cards();
        if let Some(config) = &config {
            for settings in &config.rules {
                configure(&mut registry, &cards, config, settings)?;
            }
            for layer in &layers {
                check_names(layer, &cards, config)?;
            }
        }
        let layered = Layered::of(&layers, &cards);
        let selection = layered.selection.then(overrides.selection.clone());
        let linter = Linter::new(registry, &selection)?;
        let linter = match overrides.skim {
            true => linter.skimming(),
            false => linter,
        };
        Ok(Self {
            linter,
            skim: overrides.skim,
            vocabulary,
            level: layered.level,
            encoding: overrides.encoding.or(layered.encoding),
            config,
            per_file: per_file.to_vec(),
            reading: overrides.reading.clone().over(layered.reading),
            severity: layered.severity,
            model,
            learned,
            judged,
        })
    }

    /// Checks a decoded file, read as what it is, with so many threads.
    #[must_use]
    pub fn check(&self, name: &str, decoded: &Decoded<'_>, threads: usize) -> Outcome {
        let kind = self.reading.kind_of(name, &decoded.text);
        self.check_as(kind, name, decoded, threads)
    }

    /// Checks a decoded file, read as a kind, with so many threads. Spans are those of the file:
    /// what is found in its prose is carried over.
    #[must_use]
    pub fn check_as(
        &self,
        kind: Kind,
        name: &str,
        decoded: &Decoded<'_>,
        threads: usize,
    ) -> Outcome {
        let mut findings = Vec::new();
        let told = Told {
            marks: &mut Vec::new,
            known: None,
            asks: false,
        };
        let malformed = self.check_parts(kind, name, decoded, told, threads, &mut |mut part| {
            findings.append(&mut part.findings);
        });
        Outcome {
            kind,
            findings,
            malformed,
        }
    }

    /// Checks the documents of a decoded file with so many threads and hands them out one after the
    /// other; gives back what could not be read.
    pub fn check_parts<'s>(
        &self,
        kind: Kind,
        name: &str,
        decoded: &'s Decoded<'_>,
        told: Told<'_>,
        threads: usize,
        each: &mut dyn FnMut(Part<'_, 's>),
    ) -> Vec<Malformed> {
        let source = decoded.text.as_ref();
        let lines = WholeFile::new(source);
        let file = Source {
            profile: self,
            kind,
            name,
            decoded,
            lines: &lines,
            known: told.known,
            asks: told.asks,
        };
        let mut records = Records::new(file, threads);
        let malformed = formats::read(kind, &self.reading, source, &mut |prose| {
            records.add(prose, (told.marks)(), each);
        });
        records.check(each);
        malformed
    }

    pub(super) fn check_marked(
        &self,
        document: Document<'_>,
        mut marks: Vec<SiteMark>,
        (known, asked): (Option<&Known>, Option<&mut Vec<Ask>>),
        threads: usize,
    ) -> Vec<Finding> {
        for learned in self.learned.as_deref().into_iter().chain(known) {
            marks.extend(learned.marks(document.text()));
        }
        if marks.is_empty() {
            return self.check_asking(&self.prepare(document), asked, threads);
        }
        let masked = without_lines(document.text(), &marks);
        let document = self.prepare(document.with_site(&marks, masked.as_deref()));
        let mut findings = self.check_asking(&document, asked, threads);
        // what others make of a planted phrase is said already
        let planted: Vec<_> = marks
            .iter()
            .filter(|m| m.kind == SiteMarkKind::Phrase)
            .map(|m| m.span)
            .collect();
        findings.retain(|f| {
            f.card.group == Group::Corpus || !planted.iter().any(|p| p.overlaps(f.span))
        });
        without_known_confusions(&mut findings);
        findings
    }

    /// A document with this profile's words.
    #[must_use]
    pub fn prepare<'a>(&'a self, document: Document<'a>) -> Document<'a> {
        document.with_vocabulary(&self.vocabulary)
    }

    /// The language model that this profile reads with.
    #[must_use]
    pub fn model(&self) -> &Model {
        self.model.as_deref().unwrap_or_else(|| Model::embedded())
    }

    /// A document as it is read with this profile's language model.
    #[must_use]
    pub fn read<'a>(&'a self, document: &'a Document<'a>) -> Reading<'a> {
        match &self.model {
            _ if self.skim => Reading::skim(document),
            Some(model) => Reading::new(document, model),
            None => Reading::of(document),
        }
    }

    /// Checks a document that this profile [prepared](Self::prepare) with so many threads.
    #[must_use]
    pub fn check_document(&self, document: &Document<'_>, threads: usize) -> Vec<Finding> {
        self.check_asking(document, None, threads)
    }

    /// The same, with what there is to ask a collection.
    fn check_asking(
        &self,
        document: &Document<'_>,
        asked: Option<&mut Vec<Ask>>,
        threads: usize,
    ) -> Vec<Finding> {
        let reading = self.read(document);
        let mut findings = self.linter.check_reading(&reading, threads);
        if let Some(asked) = asked {
            *asked = asks(&reading, &|rule| self.linter.is_enabled(rule));
        }
        if !self.severity.is_empty() {
            for finding in &mut findings {
                if let Some(severity) = self.severity.get(finding.card.name) {
                    finding.severity = *severity;
                }
            }
        }
        findings
    }

    /// The severity set for a rule, where one is.
    #[must_use]
    pub fn severity(&self, rule: &str) -> Option<Severity> {
        self.severity.get(rule).copied()
    }
}

/// The rule packs that are named, and the words that are right.
fn packs_and_words(
    config: Option<&Config>,
    overrides: &Overrides,
) -> Result<(Vec<Pack>, Vocabulary), ConfigError> {
    let anywhere = |path: &PathBuf| Pack {
        path: path.clone(),
        within: None,
    };
    let mut packs: Vec<_> = overrides.packs.iter().map(anywhere).collect();
    let mut vocabulary = overrides.vocabulary.clone();
    let Some(config) = config else {
        return Ok((packs, vocabulary));
    };
    for named in &config.packs {
        packs.push(Pack {
            path: config.inside(named)?,
            within: config.bounds().map(Path::to_owned),
        });
    }
    vocabulary.extend(config.vocabulary.iter().map(|w| &w.value));
    for list in &config.vocabulary_files {
        read_words(&mut vocabulary, &config.inside(list)?).map_err(|e| {
            let message = format!("`{}`: {e}", list.value);
            config.error(list, &message, None)
        })?;
    }
    Ok((packs, vocabulary))
}

/// What the layers of a configuration say, a later one on top.
#[derive(Default)]
struct Layered {
    selection: Selection,
    severity: HashMap<&'static str, Severity>,
    encoding: Option<Encoding>,
    level: Option<Severity>,
    reading: formats::Options,
}

impl Layered {
    fn of(layers: &[&Layer], cards: &[&'static Card]) -> Self {
        let mut all = Self::default();
        for layer in layers {
            all.selection = all.selection.then(layer.selection());
            all.add_severities(layer, cards);
            all.encoding = layer.encoding.as_ref().map(|e| e.value).or(all.encoding);
            all.reading.kind = layer.kind.as_ref().map(|k| k.value).or(all.reading.kind);
            if !layer.fields.is_empty() {
                all.reading.fields = layer.fields.iter().map(|f| f.value.clone()).collect();
            }
            all.level = layer.level.as_ref().map(|l| l.value).or(all.level);
        }
        all
    }

    /// Groups first: what is said of a rule goes before what is said of its group.
    fn add_severities(&mut self, layer: &Layer, cards: &[&'static Card]) {
        for by_group in [true, false] {
            for (name, level) in &layer.severity {
                let named = |c: &&Card| match by_group {
                    true => c.group.name() == name.value || name.value == "all",
                    false => c.name == name.value,
                };
                let cards = cards.iter().copied().filter(named);
                self.severity.extend(cards.map(|c| (c.name, *level)));
            }
        }
    }
}
