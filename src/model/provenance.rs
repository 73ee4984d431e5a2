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
    /// The stage of the recipe: `counts`.
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

impl Provenance {
    /// Adds a step. The parts that it wrote are no longer the work of earlier ones, and steps of
    /// which nothing is left are forgotten.
    pub fn add(&mut self, step: Step) {
        for earlier in &mut self.steps {
            earlier.parts.retain(|part| !step.parts.contains(part));
        }
        self.steps.retain(|earlier| !earlier.parts.is_empty());
        self.steps.push(step);
    }
}

impl Step {
    /// A command of this version that wrote some parts.
    #[must_use]
    pub fn new(command: &str, parts: &[&str], sources: Vec<Source>) -> Self {
        Self {
            command: command.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            parts: parts.iter().map(|&part| part.to_owned()).collect(),
            sources,
            ..Self::default()
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_the_work_of_the_last_step_that_wrote_it() {
        let mut history = Provenance::default();
        history.add(Step::new("counts", &["ngram", "join"], Vec::new()));
        history.add(Step::new("omissions", &["extra"], Vec::new()));
        history.add(Step::new("breaks", &["join"], Vec::new()));
        history.add(Step::new("omissions", &["extra"], Vec::new()));
        let steps = history.steps.iter();
        let steps: Vec<_> = steps
            .map(|s| (s.command.as_str(), s.parts.concat()))
            .collect();
        let expected = [
            ("counts", "ngram"),
            ("breaks", "join"),
            ("omissions", "extra"),
        ];
        assert_eq!(
            steps,
            expected.map(|(command, part)| (command, part.to_owned()))
        );
    }
}
