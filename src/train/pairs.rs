//! Aligned pairs: what was read or typed, and what is right, as documents with their errors.
//!
//! Two shapes of JSON lines are read. `{"id", "src", "edits": [[position, wrong, right, …], …]}`,
//! positions in characters of `src`: lines whose ids begin alike (up to the first `-`) are one
//! document. `{"doc", "src": [line, …], "tgt": [line, …]}`: printed lines, and what a recogniser
//! read.

use std::collections::HashMap;
use std::path::Path;

use serde::Deserialize;
use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::TrainError;
use super::texts::each_line;
use crate::model::provenance::Source;
use crate::reading::proofreading::substitution_candidates::is_correctable;

/// Lines of a document at most: what a collection keeps under one id is read in pieces of this
/// size.
const LONGEST: usize = 300;
/// Of so many documents one is kept to measure on.
const DEALT: usize = 5;
/// Which of them.
const MEASURED: usize = 2;

/// A document with what is wrong in it.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    /// Its paragraphs.
    pub paragraphs: Vec<String>,
    /// (paragraph, position in characters) → the right character.
    pub errors: HashMap<(usize, usize), char>,
    /// Positions where right and wrong are a matter of opinion: neither learned nor counted.
    pub unsettled: Vec<(usize, usize)>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Edited {
        #[serde(alias = "repo")]
        id: String,
        src: String,
        #[serde(default)]
        edits: Vec<Vec<serde_json::Value>>,
    },
    Printed {
        doc: serde_json::Value,
        src: Vec<String>,
        tgt: Vec<String>,
    },
}

/// Pairs of one source, dealt out by document.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    pub(super) name: String,
    pub(super) fitted: Vec<Sample>,
    pub(super) measured: Vec<Sample>,
}

impl Pairs {
    pub(super) fn read(name: &str, file: &Path) -> Result<(Self, Source), TrainError> {
        let (samples, source) = read(file)?;
        let mut pairs = Pairs {
            name: name.to_owned(),
            ..Pairs::default()
        };
        for (number, sample) in samples.into_iter().enumerate() {
            if number % DEALT == MEASURED {
                pairs.measured.push(sample);
            } else {
                pairs.fitted.push(sample);
            }
        }
        Ok((pairs, source))
    }
}

impl Sample {
    /// The text as it should be, where single characters were wrong.
    pub(super) fn mended(&self) -> String {
        let mut text = String::new();
        for (number, paragraph) in self.paragraphs.iter().enumerate() {
            for (at, c) in paragraph.chars().enumerate() {
                text.push(*self.errors.get(&(number, at)).unwrap_or(&c));
            }
            text.push('\n');
        }
        text
    }
}

/// Reads pairs as documents.
///
/// # Errors
/// If the file cannot be read or a line is no pair.
pub fn read(file: &Path) -> Result<(Vec<Sample>, Source), TrainError> {
    let mut samples: Vec<Sample> = Vec::new();
    let mut open: HashMap<String, usize> = HashMap::new();
    let mut line = 0;
    let source = each_line(file, |json| {
        line += 1;
        let bad = |what: String| std::io::Error::other(format!("line {line}: {what}"));
        let pair = serde_json::from_str(json).map_err(|e| bad(e.to_string()))?;
        let document = match &pair {
            Line::Edited { id, .. } => id.split('-').next().unwrap_or_default().to_owned(),
            Line::Printed { doc, .. } => doc.to_string(),
        };
        let number = open.entry(document).or_insert(samples.len());
        if samples
            .get(*number)
            .is_none_or(|s| s.paragraphs.len() >= LONGEST)
        {
            *number = samples.len();
            samples.push(Sample::default());
        }
        let sample = &mut samples[*number];
        match pair {
            Line::Edited { src, edits, .. } => {
                for edit in &edits {
                    let position = edit.first().and_then(serde_json::Value::as_u64);
                    let text = |k: usize| edit.get(k).and_then(serde_json::Value::as_str);
                    let (Some(position), Some(wrong), Some(right)) = (position, text(1), text(2))
                    else {
                        return Err(bad("an edit is not [position, wrong, right]".into()));
                    };
                    sample.edit(position as usize, wrong, right);
                }
                sample.paragraphs.push(src);
            }
            Line::Printed { src, tgt, .. } => {
                let (read, right) = (src.concat(), tgt.concat());
                sample.align(&read, &right);
                sample.paragraphs.push(read);
            }
        }
        Ok(())
    });
    let source = source.map_err(|source| TrainError::Io {
        path: file.to_owned(),
        source,
    })?;
    Ok((samples, source))
}

impl Sample {
    /// A document without errors.
    #[must_use]
    pub fn clean(document: &str) -> Self {
        Sample {
            paragraphs: document.lines().map(str::to_owned).collect(),
            ..Sample::default()
        }
    }

    /// Notes an edit of the paragraph that comes next.
    fn edit(&mut self, position: usize, wrong: &str, right: &str) {
        let place = (self.paragraphs.len(), position);
        match (single(wrong), single(right)) {
            (Some(w), Some(r)) if is_correctable(w, r) => {
                self.errors.insert(place, r);
            }
            _ => {
                let positions = position..=position + wrong.chars().count();
                let places = positions.map(|at| (place.0, at));
                self.unsettled.extend(places);
            }
        }
    }

    /// Notes where the paragraph that comes next differs from what is right.
    fn align(&mut self, read: &str, right: &str) {
        let (read, right): (Vec<char>, Vec<char>) =
            (read.chars().collect(), right.chars().collect());
        for step in capture_diff_slices(Algorithm::Myers, &read, &right) {
            let text =
                |range: std::ops::Range<usize>, of: &[char]| of[range].iter().collect::<String>();
            match step {
                DiffOp::Equal { .. } => {}
                DiffOp::Replace {
                    old_index,
                    old_len,
                    new_index,
                    new_len,
                } if old_len == new_len => {
                    for k in 0..old_len {
                        let one = |at: usize| at + k..at + k + 1;
                        let (wrong, right) =
                            (text(one(old_index), &read), text(one(new_index), &right));
                        self.edit(old_index + k, &wrong, &right);
                    }
                }
                other => {
                    let (old, new) = (other.old_range(), other.new_range());
                    let (wrong, right) = (text(old.clone(), &read), text(new, &right));
                    self.edit(old.start, &wrong, &right);
                }
            }
        }
    }
}

fn single(text: &str) -> Option<char> {
    let mut characters = text.chars();
    characters.next().filter(|_| characters.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(lines: &str) -> Sample {
        let folder = tempfile::tempdir().expect("a temporary directory");
        let file = folder.path().join("pairs.jsonl");
        std::fs::write(&file, lines).expect("writable");
        let (mut samples, _) = read(&file).expect("pairs");
        assert_eq!(samples.len(), 1);
        samples.remove(0)
    }

    #[test]
    fn edits_are_read() {
        let sample = sample(
            "{\"id\": \"a-1\", \"src\": \"杜会\", \"edits\": [[0, \"杜\", \"社\"]]}\n\
             {\"id\": \"a-2\", \"src\": \"的的\", \"edits\": [[1, \"的\", \"\"]]}",
        );
        assert_eq!(sample.errors[&(0, 0)], '社');
        assert!(sample.unsettled.contains(&(1, 1)));
    }

    #[test]
    fn printed_lines_are_aligned() {
        let sample = sample(
            "{\"doc\": 3, \"src\": [\"这是杜会\", \"间题\"], \"tgt\": [\"这是社会\", \"问题。\"]}",
        );
        assert_eq!(sample.paragraphs, ["这是杜会间题"]);
        assert_eq!(sample.errors[&(0, 2)], '社');
        assert_eq!(sample.errors[&(0, 4)], '问');
        assert!(sample.unsettled.contains(&(0, 6)));
    }
}
