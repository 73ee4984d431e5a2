//! Which configuration belongs to which file.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::parse::parse;
use super::profile::{Overrides, Profile};
use super::{Config, ConfigError, FILE_NAME};
use crate::regular_file;

/// Where configurations come from.
#[derive(Clone, Debug, Default)]
pub enum Choice {
    /// From the folder of each file or the nearest one above it.
    #[default]
    Find,
    /// From this file, for all files.
    File(PathBuf),
    /// From nowhere.
    None,
}

/// Finds the configuration and the profile of each file, and keeps them.
pub struct Configs {
    choice: Choice,
    overrides: Overrides,
    folders: HashMap<PathBuf, Option<Arc<Config>>>,
    chosen: Option<Arc<Config>>,
    /// By configuration file and the `per-file` tables that apply.
    profiles: HashMap<(Option<PathBuf>, Vec<bool>), Arc<Profile>>,
}

impl Configs {
    /// Configurations with what the command line says on top of each.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where the chosen file cannot be used.
    pub fn new(choice: Choice, overrides: Overrides) -> Result<Self, ConfigError> {
        let chosen = match &choice {
            Choice::File(path) => {
                let path = absolute(path);
                let text = read(&path)?;
                let mut config = parse(&path, &text)?.ok_or_else(|| {
                    ConfigError::invalid(
                        &path,
                        &text,
                        &(0..0),
                        &crate::said!("there is no [tool.kanwu]"; "没有 [tool.kanwu]"),
                        None,
                    )
                })?;
                config.chosen = true;
                Some(Arc::new(config))
            }
            Choice::Find | Choice::None => None,
        };
        Ok(Self {
            choice,
            overrides,
            folders: HashMap::new(),
            chosen,
            profiles: HashMap::new(),
        })
    }

    /// The configuration of a file, which need not exist.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where the nearest configuration cannot be used.
    pub fn of_file(&mut self, path: &Path) -> Result<Option<Arc<Config>>, ConfigError> {
        let path = absolute(path);
        self.of_folder(path.parent().unwrap_or(Path::new("/")))
    }

    /// The configuration of the files in a folder, by its absolute path.
    pub(crate) fn of_folder(&mut self, folder: &Path) -> Result<Option<Arc<Config>>, ConfigError> {
        match self.choice {
            Choice::File(_) => return Ok(self.chosen.clone()),
            Choice::None => return Ok(None),
            Choice::Find => {}
        }
        if let Some(known) = self.folders.get(folder) {
            return Ok(known.clone());
        }
        let mut found = load(folder)?.map(Arc::new);
        if found.is_none()
            && let Some(parent) = folder.parent()
        {
            found = self.of_folder(parent)?;
        }
        self.folders.insert(folder.to_owned(), found.clone());
        Ok(found)
    }

    /// What applies to a file.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where its configuration cannot be used.
    pub fn profile(&mut self, path: &Path) -> Result<Arc<Profile>, ConfigError> {
        let config = self.of_file(path)?;
        let matching = config.as_ref().map_or_else(Vec::new, |c| c.matching(path));
        let key = (config.as_ref().map(|c| c.path.clone()), matching);
        if let Some(profile) = self.profiles.get(&key) {
            return Ok(Arc::clone(profile));
        }
        let profile = Arc::new(Profile::new(config, &key.1, &self.overrides)?);
        self.profiles.insert(key, Arc::clone(&profile));
        Ok(profile)
    }
}

/// The configuration that lies in a folder itself.
fn load(folder: &Path) -> Result<Option<Config>, ConfigError> {
    for name in [FILE_NAME, "pyproject.toml"] {
        let path = folder.join(name);
        // Whoever wrote the folder wrote this: it may not show other files of whoever looks at it.
        let text = regular_file::inside(folder, &path)
            .and_then(|target| regular_file::read_text(&target, regular_file::WRITTEN));
        match text {
            Ok(text) => {
                if let Some(config) = parse(&path, &text)? {
                    return Ok(Some(config));
                }
            }
            // A folder of that name, or one we may not look into, is no configuration of ours.
            Err(e) if missing(&e) => {}
            Err(_) if name != FILE_NAME => {}
            Err(source) => return Err(ConfigError::Read { path, source }),
        }
    }
    Ok(None)
}

fn missing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::IsADirectory
    )
}

fn read(path: &Path) -> Result<String, ConfigError> {
    regular_file::read_text(path, regular_file::WRITTEN).map_err(|source| ConfigError::Read {
        path: path.to_owned(),
        source,
    })
}

/// The path from the root, without `.` and `..`, and without asking the disk: a file that is
/// reached through a link belongs where the link stands.
pub(crate) fn absolute(path: &Path) -> PathBuf {
    let full = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut clean = PathBuf::new();
    for part in full.components() {
        match part {
            std::path::Component::ParentDir => {
                clean.pop();
            }
            std::path::Component::CurDir => {}
            other => clean.push(other),
        }
    }
    clean
}
