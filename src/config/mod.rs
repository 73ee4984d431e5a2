//! The configuration: `kanwu.toml`, or `[tool.kanwu]` in `pyproject.toml`, found upwards from each
//! file.
//!
//! The nearest configuration applies, whole: configurations of folders further up are not mixed in.
//! [`Configs`] finds and caches them and gives each file its [`Profile`]: the rules, severities,
//! words and encoding that apply to it, command line before configuration. Files with the same
//! settings share a profile.

mod discover;
mod error;
mod keys;
mod named_files;
mod parse;
mod profile;
mod records;
mod rule_settings;
mod template;

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use ignore::gitignore::Gitignore;

pub(crate) use discover::absolute;
pub use discover::{Choice, Configs};
pub use error::ConfigError;
pub use keys::json_schema;
pub(crate) use named_files::read_words;
pub use profile::{Outcome, Overrides, Part, Profile, Told};
pub use template::template;

use crate::corpus::Known;
use crate::finding::Severity;
use crate::formats::Kind;
use crate::language::Lang;
use crate::model::Model;
use crate::selection::Selection;
use crate::text::Encoding;

/// The file that holds nothing but a configuration.
pub const FILE_NAME: &str = "kanwu.toml";

/// A value and where it stands in the configuration file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Its bytes in the file.
    pub span: Range<usize>,
}

/// Which rules speak and how loudly: the settings that can also be given for some files only.
#[derive(Clone, Debug, Default)]
pub struct Layer {
    /// Only these rules or groups.
    pub select: Vec<Located<String>>,
    /// These on top.
    pub extend_select: Vec<Located<String>>,
    /// Not these.
    pub ignore: Vec<Located<String>>,
    /// Severities by rule or group.
    pub severity: Vec<(Located<String>, Severity)>,
    /// The encoding of the files.
    pub encoding: Option<Located<Encoding>>,
    /// The kind that the files are read as.
    pub kind: Option<Located<Kind>>,
    /// The fields of records that are read.
    pub fields: Vec<Located<String>>,
    /// What a terminal shows: findings at least so severe.
    pub level: Option<Located<Severity>>,
}

impl Layer {
    fn selection(&self) -> Selection {
        let names = |list: &[Located<String>]| list.iter().map(|n| n.value.clone()).collect();
        Selection {
            select: names(&self.select),
            extend_select: names(&self.extend_select),
            ignore: names(&self.ignore),
        }
    }
}

/// Settings for the files that a glob names.
#[derive(Debug)]
pub struct PerFile {
    /// The globs as written.
    pub files: Vec<Located<String>>,
    globs: Gitignore,
    /// The settings.
    pub layer: Layer,
}

/// The settings of one rule.
#[derive(Debug)]
pub struct RuleSettings {
    /// The rule.
    pub rule: Located<String>,
    /// From which probability on it speaks: how severe, and how probable that must be.
    pub levels: Vec<Located<(Severity, f32)>>,
}

/// A configuration file, read and checked.
#[derive(Debug)]
pub struct Config {
    /// The file.
    pub path: PathBuf,
    /// Its folder: what its paths and globs start from.
    pub root: PathBuf,
    /// The settings for all files.
    pub layer: Layer,
    /// The settings for some files, in the order in which they are applied.
    pub per_file: Vec<PerFile>,
    /// The settings of rules.
    pub rules: Vec<RuleSettings>,
    /// Rule packs, as written.
    pub packs: Vec<Located<String>>,
    /// Words that are right.
    pub vocabulary: Vec<Located<String>>,
    /// Word lists, as written.
    pub vocabulary_files: Vec<Located<String>>,
    /// The baseline, as written.
    pub baseline: Option<Located<String>>,
    /// The language that people are told in.
    pub lang: Option<Located<Lang>>,
    /// Files of judgements, as written.
    pub judgements: Vec<Located<String>>,
    /// The language model, as written.
    pub model: Option<Located<String>>,
    /// Globs of files that are left out, as written.
    pub exclude: Vec<Located<String>>,
    /// Globs of the files that are looked at in folders, as written; empty means those that hold
    /// prose by their endings.
    pub include: Vec<Located<String>>,
    /// Whether it was named by whoever runs kanwu, and not found beside the files.
    chosen: bool,
    /// What `kanwu audit` learned of the sites, as written.
    pub profile: Option<Located<String>>,
    opened: OnceLock<Arc<Model>>,
    learned: OnceLock<Arc<Known>>,
    text: Arc<str>,
    excluded: Gitignore,
    included: Gitignore,
}

impl Config {
    /// Whether a file or folder is left out.
    #[must_use]
    pub fn excludes(&self, path: &Path, is_folder: bool) -> bool {
        !self.exclude.is_empty() && self.matches(&self.excluded, path, is_folder)
    }

    /// Whether a file is looked at in a folder; `None` where the configuration does not say.
    #[must_use]
    pub fn includes(&self, path: &Path) -> Option<bool> {
        (!self.include.is_empty()).then(|| self.matches(&self.included, path, false))
    }

    /// Which of the `per-file` tables apply to a file.
    fn matching(&self, path: &Path) -> Vec<bool> {
        self.per_file
            .iter()
            .map(|p| self.matches(&p.globs, path, false))
            .collect()
    }

    fn matches(&self, globs: &Gitignore, path: &Path, is_folder: bool) -> bool {
        let path = discover::absolute(path);
        let Ok(inside) = path.strip_prefix(&self.root) else {
            return false;
        };
        globs
            .matched_path_or_any_parents(inside, is_folder)
            .is_ignore()
    }

    /// The folder that its packs and word lists may not lead out of: a configuration that is merely
    /// found is followed, not trusted.
    fn bounds(&self) -> Option<&Path> {
        (!self.chosen).then_some(self.root.as_path())
    }

    /// Its text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The files and folders that it names for what is found (judgements only say what is shown of
    /// it), from where the program runs.
    pub fn files(&self) -> impl Iterator<Item = PathBuf> + '_ {
        let named = self.packs.iter().chain(&self.vocabulary_files);
        let named = named.chain(&self.model).chain(&self.profile);
        named.map(|path| self.resolve(&path.value))
    }

    /// A path of the configuration, from where the program runs.
    fn resolve(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// The line (from 1) on which a byte of the file stands.
    #[must_use]
    pub fn line(&self, offset: usize) -> usize {
        self.text.as_bytes()[..offset.min(self.text.len())]
            .iter()
            .filter(|b| **b == b'\n')
            .count()
            + 1
    }
}

impl<T: fmt::Display> fmt::Display for Located<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}
