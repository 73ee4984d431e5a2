//! Options that several commands share.

use std::path::PathBuf;
use std::sync::Arc;

use super::packs::Packs;
use crate::config::{Choice, ConfigError, Configs, Overrides, read_words};
use crate::corpus::Learned;
use crate::document::Vocabulary;
use crate::formats::{Kind, Options};
use crate::judgements::{JudgedWrong, Judgements};
use crate::model::container::ModelError;
use crate::reading::parts;
use crate::selection::Selection;
use crate::text::Encoding;

/// Which rules speak, and which words are right.
#[derive(Debug, Default, clap::Args)]
pub(super) struct RuleOptions {
    /// Check only these rules or groups, or `all`
    #[arg(long, value_delimiter = ',', value_name = "RULES")]
    pub(super) select: Vec<String>,
    /// Check these rules or groups on top of the others
    #[arg(long, value_delimiter = ',', value_name = "RULES")]
    pub(super) extend_select: Vec<String>,
    /// Do not check these rules or groups
    #[arg(long, value_delimiter = ',', value_name = "RULES")]
    pub(super) ignore: Vec<String>,
    /// A list of words that are right here, one a line
    #[arg(long, value_name = "FILE")]
    pub(super) vocabulary: Vec<PathBuf>,
    /// The language model to read with, a file that `kanwu train` wrote [default: the one that
    /// comes with kanwu]
    #[arg(long, value_name = "FILE")]
    pub(super) model: Option<PathBuf>,
    /// Leave out the rules that weigh the text with a language model: what is known and what
    /// repeats is found, many times as fast
    #[arg(long, conflicts_with = "model")]
    pub(super) no_model: bool,
    /// The encoding of all files: utf-8, utf-16le, utf-16be, gb18030, big5 [default: by its looks,
    /// each file]
    #[arg(long)]
    pub(super) encoding: Option<Encoding>,
    /// Read all files as this kind: plain, markdown, html, hocr, xml, alto, page, json, jsonl, csv,
    /// tsv, srt, vtt, ass, latex [default: by the name, else by the content, each file]
    #[arg(long = "as", value_name = "KIND")]
    pub(super) kind: Option<Kind>,
    /// The fields of JSON and table records that are read, by name [default: those that hold prose]
    #[arg(long = "field", value_delimiter = ',', value_name = "FIELDS")]
    pub(super) fields: Vec<String>,
    #[command(flatten)]
    packs: Packs,
}

impl RuleOptions {
    /// The files that they name.
    pub(super) fn files(&self) -> impl Iterator<Item = &PathBuf> {
        self.vocabulary
            .iter()
            .chain(&self.model)
            .chain(&self.packs.paths)
    }

    /// The configurations of a run, with these options on top, and with what was learned of sites.
    pub(super) fn configs(
        &self,
        choice: Choice,
        profiles: &[PathBuf],
        judged: Option<Arc<JudgedWrong>>,
    ) -> Result<Configs, ConfigError> {
        let mut vocabulary = Vocabulary::default();
        for list in &self.vocabulary {
            read_words(&mut vocabulary, list)?;
        }
        let open = |path: &PathBuf| {
            parts::open(path)
                .map(Arc::new)
                .map_err(|reason| match reason {
                    ModelError::Io { path, source } => ConfigError::Read { path, source },
                    reason => ConfigError::Model {
                        path: path.clone(),
                        reason,
                    },
                })
        };
        let model = self.model.as_ref().map(open).transpose()?;
        let selection = Selection {
            select: self.select.clone(),
            extend_select: self.extend_select.clone(),
            ignore: self.ignore.clone(),
        };
        let mut learned: Option<Learned> = None;
        for path in profiles {
            let one = Learned::read(path)?;
            learned = Some(match learned {
                Some(others) => others.merge(one),
                None => one,
            });
        }
        let overrides = Overrides {
            learned: learned.map(|learned| Arc::new(learned.known())),
            judged,
            selection,
            vocabulary,
            encoding: self.encoding,
            packs: self.packs.paths.clone(),
            model,
            skim: self.no_model,
            reading: Options {
                kind: self.kind,
                fields: self.fields.clone(),
            },
        };
        Configs::new(choice, overrides)
    }
}

/// What is looked at by a command that passes over nothing: files, and how they are checked.
#[derive(Debug, clap::Args)]
pub(super) struct Looked {
    /// Folders and files
    #[arg(default_value = ".")]
    pub(super) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) rules: RuleOptions,
    #[command(flatten)]
    config: ConfigOptions,
}

impl Looked {
    /// The configurations of the files, with what was learned of sites. What was judged wrong is
    /// not passed over.
    pub(super) fn configs(&self, profiles: &[PathBuf]) -> Result<Configs, ConfigError> {
        let judged = Some(Arc::new(JudgedWrong::default()));
        self.rules.configs(self.config.choice(), profiles, judged)
    }

    /// The paths as the command line has them.
    pub(super) fn named(&self) -> String {
        let paths: Vec<_> = self.paths.iter().map(|p| p.to_string_lossy()).collect();
        paths.join(" ")
    }
}

/// What people judged.
#[derive(Debug, Default, clap::Args)]
pub(super) struct JudgementOptions {
    /// What was judged, in files that `kanwu judge` or the page of an audit wrote [default: those
    /// that the configuration names]
    #[arg(long, value_name = "FILE")]
    pub(super) judgements: Vec<PathBuf>,
}

impl JudgementOptions {
    /// The judgements of the files that were named; nothing where none was.
    pub(super) fn read(&self) -> Result<Option<Judgements>, ConfigError> {
        let mut all = Judgements::default();
        for path in &self.judgements {
            all.extend(Judgements::read(path)?);
        }
        Ok((!self.judgements.is_empty()).then_some(all))
    }
}

/// Which configuration a run follows.
#[derive(Debug, Default, clap::Args)]
pub(super) struct ConfigOptions {
    /// The configuration of all files, instead of the nearest kanwu.toml of each
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    config: Option<PathBuf>,
    /// Follow no configuration file
    #[arg(long)]
    no_config: bool,
}

impl ConfigOptions {
    pub(super) fn choice(&self) -> Choice {
        match &self.config {
            Some(path) => Choice::File(path.clone()),
            None if self.no_config => Choice::None,
            None => Choice::Find,
        }
    }
}
