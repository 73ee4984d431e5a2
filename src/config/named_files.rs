//! Files that a configuration names: where they may lie, and what is in them.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Config, ConfigError, Located, absolute};
use crate::corpus::{Known, Learned};
use crate::document::Vocabulary;
use crate::judgements::Judgements;
use crate::model::Model;
use crate::reading::parts;
use crate::regular_file;
use crate::said;
use crate::text;

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
    pub(super) fn inside(&self, named: &Located<String>) -> Result<PathBuf, ConfigError> {
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
    pub(super) fn language(&self) -> Result<Option<Arc<Model>>, ConfigError> {
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
    pub(super) fn known(&self) -> Result<Option<Arc<Known>>, ConfigError> {
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
}
