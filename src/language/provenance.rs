//! What a model was made from: every command that wrote a part of it, with its inputs and options.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub(crate) const PART: &str = "provenance";
pub(crate) const VERSION: u32 = 1;

/// The history of a model, oldest step first. Stored as JSON.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Provenance {
    /// The commands that wrote parts of the model.
    pub steps: Vec<Step>,
}

/// One command that wrote parts of a model.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// The command without paths: `train`.
    pub command: String,
    /// The version of kanwu that ran it.
    pub version: String,
    /// The parts that it wrote.
    pub parts: Vec<String>,
    /// Its options, by name.
    pub options: BTreeMap<String, String>,
    /// What it read.
    pub sources: Vec<Source>,
    /// What it measured: `perplexity.held_out` and the like.
    pub measured: BTreeMap<String, f64>,
}

/// A file that was read in training.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// Its name without directories.
    pub name: String,
    /// Its size in bytes, as it is on disk.
    pub bytes: u64,
    /// Its CRC-32, as it is on disk, in hexadecimal.
    pub crc32: String,
    /// How many characters of it were used; 0 for word lists.
    pub characters: u64,
}

impl Source {
    /// A file with its content, of which so many characters were used.
    #[must_use]
    pub fn of(path: &std::path::Path, content: &[u8], characters: u64) -> Self {
        let name = path.file_name().unwrap_or_default();
        Self {
            name: name.to_string_lossy().into_owned(),
            bytes: content.len() as u64,
            crc32: format!("{:08x}", super::container::checksum(content)),
            characters,
        }
    }
}
