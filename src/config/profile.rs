//! What applies to a file: rules, severities, words, encoding.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::records::{Records, Source};
use super::{Config, ConfigError, Layer, Located, RuleSettings, absolute};
use crate::corpus::{Known, Learned};
use crate::document::{Document, SiteMark, SiteMarkKind, Vocabulary, without_lines};
use crate::engine::Linter;
use crate::finding::{Finding, Severity};
use crate::formats::{self, FileLines, Kind, Malformed, Prose};
use crate::judgements::{JudgedWrong, Judgements};
use crate::levels::{Levels, SetLevels, number};
use crate::model::Model;
use crate::pattern::{self, Pack};
use crate::reading::{Reading, parts};
use crate::registry::{Registry, Selection, UnknownRule};
use crate::regular_file;
use crate::rule::{Card, Group};
use crate::rules::CORPUS_CONFUSION;
use crate::said;
use crate::text::{self, Decoded, Encoding, Span};

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
}

/// A document of a file: a record, or all that there is to read in it.
pub struct Part<'p, 's> {
    /// What there is to read.
    pub prose: &'p Prose<'s>,
    /// What was found, in the order of the file.
    pub findings: Vec<Finding>,
    /// Where each stands in what there is to read.
    pub spans: Vec<Span>,
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
        let mut registry = Registry::builtin();
        let layers = config.as_ref().map_or_else(Vec::new, |c| {
            let applying = c.per_file.iter().zip(per_file).filter(|(_, on)| **on);
            let applying = applying.map(|(p, _)| &p.layer);
            std::iter::once(&c.layer)
                .chain(applying)
                .collect::<Vec<_>>()
        });
        let mut vocabulary = overrides.vocabulary.clone();
        let anywhere = |path: &PathBuf| Pack {
            path: path.clone(),
            within: None,
        };
        let mut packs: Vec<_> = overrides.packs.iter().map(anywhere).collect();
        if let Some(config) = &config {
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
        }
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
        if !packs.is_empty() {
            let taken: Vec<_> = registry.cards().iter().map(|card| card.name).collect();
            registry.add(Box::new(pattern::load_packs(&packs, &taken)?));
        }
        let cards = registry.cards();
        if let Some(config) = &config {
            for settings in &config.rules {
                configure(&mut registry, &cards, config, settings)?;
            }
        }
        let mut selection = Selection::default();
        let mut severity = HashMap::new();
        let (mut encoding, mut level) = (None, None);
        let mut reading = formats::Options::default();
        for layer in layers {
            if let Some(config) = &config {
                check_names(layer, &cards, config)?;
            }
            selection = selection.then(layer.selection());
            // Groups first: what is said of a rule goes before what is said of its group.
            for by_group in [true, false] {
                for (name, level) in &layer.severity {
                    let named = |c: &&Card| {
                        if by_group {
                            c.group.name() == name.value || name.value == "all"
                        } else {
                            c.name == name.value
                        }
                    };
                    severity.extend(
                        cards
                            .iter()
                            .copied()
                            .filter(|c| named(c))
                            .map(|c| (c.name, *level)),
                    );
                }
            }
            encoding = layer.encoding.as_ref().map(|e| e.value).or(encoding);
            reading.kind = layer.kind.as_ref().map(|k| k.value).or(reading.kind);
            if !layer.fields.is_empty() {
                reading.fields = layer.fields.iter().map(|f| f.value.clone()).collect();
            }
            level = layer.level.as_ref().map(|l| l.value).or(level);
        }
        let selection = selection.then(overrides.selection.clone());
        let linter = Linter::new(registry, &selection)?;
        let linter = match overrides.skim {
            true => linter.skimming(),
            false => linter,
        };
        Ok(Self {
            linter,
            skim: overrides.skim,
            vocabulary,
            level,
            encoding: overrides.encoding.or(encoding),
            config,
            per_file: per_file.to_vec(),
            reading: overrides.reading.clone().over(reading),
            severity,
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

    /// Checks a decoded file, read as a kind, with so many threads. Spans are those of the file: what is found in its prose is carried over.
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

    /// Checks the documents of a decoded file with so many threads and hands them out one after the other; gives back what could not be read.
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
        let lines = FileLines::new(source);
        let file = Source {
            profile: self,
            kind,
            name,
            decoded,
            lines: &lines,
            known: told.known,
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
        known: Option<&Known>,
        threads: usize,
    ) -> Vec<Finding> {
        for learned in self.learned.as_deref().into_iter().chain(known) {
            marks.extend(learned.marks(document.text()));
        }
        if marks.is_empty() {
            return self.check_document(&self.prepare(document), threads);
        }
        let masked = without_lines(document.text(), &marks);
        let document = self.prepare(document.with_site(&marks, masked.as_deref()));
        let mut findings = self.check_document(&document, threads);
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
        let mut findings = self.linter.check_reading(&self.read(document), threads);
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

/// Of a wrong word of the whole source and what a rule says of its place alone, what is surer stands.
fn without_known_confusions(findings: &mut Vec<Finding>) {
    let is_confusion = |f: &Finding| f.card.name == CORPUS_CONFUSION;
    let confusions: Vec<Span> = findings
        .iter()
        .filter(|f| is_confusion(f))
        .map(|f| f.span)
        .collect();
    let sure: Vec<Span> = findings
        .iter()
        .filter(|f| f.card.group == Group::Spelling && f.severity >= Severity::Warning)
        .map(|f| f.span)
        .collect();
    findings.retain(|f| match (is_confusion(f), f.card.group) {
        (true, _) => !sure.iter().any(|s| s.overlaps(f.span)),
        (false, Group::Spelling) => {
            f.severity >= Severity::Warning || !confusions.iter().any(|s| s.overlaps(f.span))
        }
        (false, _) => true,
    });
}

/// Findings of a prose as findings of its file, in the order of the file, each with its span in the prose.
pub(super) fn carried(findings: Vec<Finding>, prose: &Prose<'_>) -> Vec<(Span, Finding)> {
    let carry = |mut finding: Finding| {
        let span = finding.span;
        finding.carry_over(prose);
        (span, finding)
    };
    let mut placed: Vec<_> = findings.into_iter().map(carry).collect();
    // The regions of a page need not stand in the file in the order in which they are read.
    placed.sort_by_key(|(_, finding)| finding.span.start());
    placed
}

/// Adds the words of a list, in any encoding kanwu reads.
///
/// # Errors
///
/// A file that cannot be read or is no text.
pub(crate) fn read_words(words: &mut Vocabulary, path: &Path) -> Result<(), ConfigError> {
    let bytes =
        regular_file::read(path, regular_file::LISTED).map_err(|source| ConfigError::Read {
            path: path.to_owned(),
            source,
        })?;
    let decoded = text::decode(&bytes, None).map_err(|e| ConfigError::WordList {
        path: path.to_owned(),
        reason: e.to_string(),
    })?;
    words.extend_from_list(&decoded.text);
    Ok(())
}

impl Config {
    /// A file or folder that the configuration names, as far as it may.
    fn inside(&self, named: &Located<String>) -> Result<PathBuf, ConfigError> {
        let path = self.resolve(&named.value);
        let Some(folder) = self.bounds() else {
            return Ok(path);
        };
        match regular_file::inside(folder, &path) {
            Err(e) if e.kind() == io::ErrorKind::PermissionDenied => {
                let help = said!("a configuration that is named with --config may name files anywhere"; "用 --config 指明的配置可以引用任何位置的文件");
                let message = format!("`{}`: {e}", named.value);
                Err(self.error(named, &message, Some(help)))
            }
            // What is not there is told by whoever reads it.
            Ok(_) | Err(_) => Ok(path),
        }
    }

    /// The file of the baseline that is set; it need not exist.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where it may not be named.
    pub fn baseline_file(&self) -> Result<Option<PathBuf>, ConfigError> {
        let named = self.baseline.as_ref();
        named.map(|named| self.named_or_new(named)).transpose()
    }

    /// A file that the configuration names, as far as it may, or where it will be.
    fn named_or_new(&self, named: &Located<String>) -> Result<PathBuf, ConfigError> {
        let path = absolute(&self.resolve(&named.value));
        // A file that is yet to be written leads nowhere.
        let fresh = path.symlink_metadata().is_err()
            && self.bounds().is_none_or(|folder| path.starts_with(folder));
        if fresh {
            return Ok(path);
        }
        self.inside(named)
    }

    /// The language model that is set, opened once.
    fn language(&self) -> Result<Option<Arc<Model>>, ConfigError> {
        let Some(named) = &self.model else {
            return Ok(None);
        };
        if let Some(model) = self.opened.get() {
            return Ok(Some(Arc::clone(model)));
        }
        let model = parts::open(&self.resolve(&named.value))
            .map_err(|e| self.error(named, &format!("`{}`: {e}", named.value), None))?;
        Ok(Some(Arc::clone(
            self.opened.get_or_init(|| Arc::new(model)),
        )))
    }

    /// What was learned of the sites, read once.
    fn known(&self) -> Result<Option<Arc<Known>>, ConfigError> {
        let Some(named) = &self.profile else {
            return Ok(None);
        };
        if let Some(known) = self.learned.get() {
            return Ok(Some(Arc::clone(known)));
        }
        let learned = Learned::read(&self.inside(named)?)
            .map_err(|e| self.error(named, &e.to_string(), None))?;
        let known = || Arc::new(learned.known());
        Ok(Some(Arc::clone(self.learned.get_or_init(known))))
    }

    /// The files of judgements that are set; they need not exist.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where they may not be named.
    pub fn judgement_files(&self) -> Result<Vec<PathBuf>, ConfigError> {
        let files = self.judgements.iter();
        files.map(|named| self.named_or_new(named)).collect()
    }

    /// The judgements that are set. A file that is not there yet holds none: that hides nothing.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where a file cannot be used.
    pub fn judgements(&self) -> Result<Judgements, ConfigError> {
        let mut judgements = Judgements::default();
        for (named, path) in self.judgements.iter().zip(self.judgement_files()?) {
            if path.symlink_metadata().is_ok() {
                let read =
                    Judgements::read(&path).map_err(|e| self.error(named, &e.to_string(), None))?;
                judgements.extend(read);
            }
        }
        Ok(judgements)
    }

    fn error<T>(&self, at: &Located<T>, message: &str, help: Option<String>) -> ConfigError {
        ConfigError::invalid(&self.path, &self.text, &at.span, message, help)
    }

    fn unknown_rule(&self, at: &Located<String>, unknown: &UnknownRule) -> ConfigError {
        let help = unknown
            .nearest
            .as_ref()
            .map(|near| said!("did you mean `{near}`?"; "是否想写 `{near}`？"));
        let message = said!("there is no rule or group `{}`", unknown.name; "没有规则或组 `{}`", unknown.name);
        self.error(at, &message, help)
    }
}

fn check_names(layer: &Layer, cards: &[&'static Card], config: &Config) -> Result<(), ConfigError> {
    let severities = layer.severity.iter().map(|(name, _)| name);
    for name in layer
        .select
        .iter()
        .chain(&layer.extend_select)
        .chain(&layer.ignore)
        .chain(severities)
    {
        let known = name.value == "all"
            || Group::ALL.iter().any(|g| g.name() == name.value)
            || cards.iter().any(|c| c.name == name.value);
        if !known {
            let unknown = UnknownRule::new(&name.value, cards);
            return Err(config.unknown_rule(name, &unknown));
        }
    }
    Ok(())
}

fn configure(
    registry: &mut Registry,
    cards: &[&'static Card],
    config: &Config,
    settings: &RuleSettings,
) -> Result<(), ConfigError> {
    let Some(card) = cards.iter().find(|c| c.name == settings.rule.value) else {
        let unknown = UnknownRule::new(&settings.rule.value, cards);
        return Err(config.unknown_rule(&settings.rule, &unknown));
    };
    let Some(first) = settings.levels.first() else {
        return Ok(());
    };
    let Some((_, usual)) = card.levels.first() else {
        let message = said!("`{}` does not weigh: it has no levels", card.name; "`{}` 不作权衡：没有等级", card.name);
        return Err(config.error(first, &message, None));
    };
    let set = in_order(config, settings, *usual)?;
    for rule in registry.rules_mut() {
        if rule.cards().iter().any(|c| c.name == card.name) {
            rule.scales().into_iter().for_each(|s| s.set(card, set));
        }
    }
    Ok(())
}

/// The levels that are set, if they ascend together with those of the card.
fn in_order(
    config: &Config,
    settings: &RuleSettings,
    usual: Levels,
) -> Result<SetLevels, ConfigError> {
    let mut set = SetLevels::default();
    for level in &settings.levels {
        let (severity, probability) = level.value;
        *match severity {
            Severity::Info => &mut set.info,
            Severity::Warning => &mut set.warning,
            Severity::Error => &mut set.error,
        } = Some(probability);
    }
    let all = usual.replaced(set).named();
    for pair in all.windows(2) {
        let [(low, least), (high, most)] = [pair[0], pair[1]];
        let at = settings
            .levels
            .iter()
            .find(|level| least > most && [low, high].contains(&level.value.0));
        if let Some(at) = at {
            let (least, most) = (written(least), written(most));
            let message = said!(
                "levels must ascend: `{low}` is {least}, `{high}` {most}";
                "等级须递增：`{low}` 为 {least}，`{high}` 为 {most}"
            );
            let help = all.map(|(severity, level)| format!("{severity} = {}", written(level)));
            let help = help.join(", ");
            let help = said!(
                "with what the rule has of its own: {help}";
                "与规则自身的等级合在一起：{help}"
            );
            return Err(config.error(at, &message, Some(help)));
        }
    }
    Ok(set)
}

/// A level as it is written.
fn written(level: f32) -> String {
    number(level).map_or_else(|| "\"never\"".to_owned(), |level| level.to_string())
}
