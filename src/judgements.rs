//! What people said of findings: right, wrong, unsure. A line of JSON each, to be reviewed and
//! merged like code.
//!
//! A judgement knows its finding by the [fingerprint](crate::fingerprint), so it holds wherever the
//! line moves and whatever the file is called. What was judged wrong is passed over by checks, the
//! hook and the editor, without any comment in the text; what was judged at all tells an audit how
//! precise a rule is.

use std::collections::{HashMap, HashSet};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::atomic_file::{AtomicFile, ReplaceError};
use crate::finding::Finding;
use crate::fingerprint::fingerprint;
use crate::regular_file;
use crate::said;
use crate::text::visible;

/// The file that judgements are kept in unless another one is named.
pub const FILE_NAME: &str = "kanwu.judgements.jsonl";
/// The rule of judgements on paragraphs of which nothing was said: right means that nothing is
/// wrong in them.
pub const UNFLAGGED: &str = "unflagged";
/// Characters of what serde says of a file that is shown: it may quote the file.
const SHOWN: usize = 200;
/// Digits of a fingerprint.
const DIGITS: usize = 16;

/// What somebody thinks of a finding.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, clap::ValueEnum,
)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The text is damaged there, as the finding says.
    Right,
    /// The text is right as it stands.
    Wrong,
    /// Nobody can tell.
    Unsure,
}

/// One judgement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Judgement {
    /// The finding, by its context: sixteen hexadecimal digits.
    #[serde(deserialize_with = "digits")]
    pub fingerprint: String,
    /// The rule that spoke.
    pub rule: String,
    /// The text that it spoke of, for people.
    pub text: String,
    /// What is thought of it.
    pub verdict: Verdict,
    /// Who says so.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub by: String,
    /// When: a date, or a date and a time, as in ISO 8601.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub at: String,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// The probability that the rule stated.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "share"
    )]
    pub probability: Option<f32>,
    /// What the rule would put in its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replacement: Option<String>,
}

fn digits<'de, D: serde::Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let text = String::deserialize(from)?;
    if text.len() == DIGITS && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
        return Ok(text);
    }
    Err(serde::de::Error::custom(
        "a fingerprint has sixteen hexadecimal digits",
    ))
}

fn share<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<f32>, D::Error> {
    match Option::<f32>::deserialize(from)? {
        Some(p) if !(0.0..=1.0).contains(&p) => Err(serde::de::Error::custom(
            "a probability lies between 0 and 1",
        )),
        p => Ok(p),
    }
}

/// A file of judgements that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JudgementError {
    /// It cannot be read.
    #[error("{}", said!("the judgements {}: {source}", path.display(); "评判文件 {}：{source}", path.display()))]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It cannot be written.
    #[error("{}", said!("the judgements {}: {source}", path.display(); "评判文件 {}：{source}", path.display()))]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: ReplaceError,
    },
    /// A line is no judgement.
    #[error("{}", said!("the judgements {}, line {line}{}: {reason}", path.display(), in_key(key); "评判文件 {} 第{line}行{}：{reason}", path.display(), in_key(key)))]
    Line {
        /// The file.
        path: PathBuf,
        /// Where, from 1.
        line: usize,
        /// The key, where it is a value that is wrong.
        key: String,
        /// What is wrong.
        reason: String,
    },
}

fn in_key(key: &str) -> String {
    match key {
        "" | "." => String::new(),
        key => format!(", key `{key}`"),
    }
}

/// Judgements in the order of their files.
#[derive(Clone, Debug, Default)]
pub struct Judgements {
    /// All of them.
    pub list: Vec<Judgement>,
}

impl Judgements {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// [`JudgementError`] for the first line that is none.
    pub fn read(path: &Path) -> Result<Self, JudgementError> {
        let text = regular_file::read_text(path, regular_file::LISTED).map_err(|source| {
            JudgementError::Io {
                path: path.to_owned(),
                source,
            }
        })?;
        let mut list = Vec::new();
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        for (at, line) in text.lines().enumerate() {
            if line.trim().is_empty() {
                continue;
            }
            let wrong = |key: String, reason: &dyn ToString| JudgementError::Line {
                path: path.to_owned(),
                line: at + 1,
                key: visible(&key).into_owned(),
                reason: explain(line, &reason.to_string()),
            };
            let mut reader = serde_json::Deserializer::from_str(line);
            let read = serde_path_to_error::deserialize(&mut reader);
            let judgement = read.map_err(|e| wrong(e.path().to_string(), e.inner()))?;
            reader.end().map_err(|e| wrong(String::new(), &e))?;
            list.push(judgement);
        }
        Ok(Self { list })
    }

    /// Takes those of another file in.
    pub fn extend(&mut self, other: Self) {
        self.list.extend(other.list);
    }

    /// What holds of each finding: the last word by its date, and of one date the last in the file.
    #[must_use]
    pub fn settled(&self) -> HashMap<u64, &Judgement> {
        let mut settled: HashMap<u64, &Judgement> = HashMap::new();
        for judgement in &self.list {
            let Ok(print) = u64::from_str_radix(&judgement.fingerprint, 16) else {
                continue;
            };
            settled
                .entry(print)
                .and_modify(|held| {
                    if judgement.at >= held.at {
                        *held = judgement;
                    }
                })
                .or_insert(judgement);
        }
        settled
    }

    /// The findings that were judged wrong.
    #[must_use]
    pub fn wrong(&self) -> JudgedWrong {
        let settled = self.settled().into_iter();
        let wrong = settled.filter(|(_, judgement)| judgement.verdict == Verdict::Wrong);
        JudgedWrong(wrong.map(|(print, _)| print).collect())
    }

    /// Writes them, whole or not at all.
    ///
    /// # Errors
    ///
    /// [`JudgementError::Write`].
    pub fn write(&self, path: &Path) -> Result<(), JudgementError> {
        let write = || -> Result<(), ReplaceError> {
            let mut out = BufWriter::new(AtomicFile::create(path)?);
            for judgement in &self.list {
                serde_json::to_writer(&mut out, judgement).map_err(io::Error::from)?;
                out.write_all(b"\n")?;
            }
            let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
            Ok(file.persist()?)
        };
        write().map_err(|source| JudgementError::Write {
            path: path.to_owned(),
            source,
        })
    }
}

/// What is wrong with a line, in words, without more of a file than a key or a value.
fn explain(line: &str, reason: &str) -> String {
    if ["<<<<<<<", "=======", ">>>>>>>"]
        .iter()
        .any(|mark| line.starts_with(mark))
    {
        return "an unfinished merge: keep the lines of both sides".to_owned();
    }
    // serde counts lines of what it was given, which is one
    let reason = reason.split(" at line 1 column").next().unwrap_or(reason);
    visible(&reason.chars().take(SHOWN).collect::<String>()).into_owned()
}

/// The fingerprints of findings that were judged wrong.
#[derive(Clone, Debug, Default)]
pub struct JudgedWrong(HashSet<u64>);

impl JudgedWrong {
    /// Takes out the findings that were judged wrong. A defect that stands in many places is one,
    /// so a judgement of any of them is one of all.
    pub fn pass_over(&self, text: &str, findings: &mut Vec<Finding>) {
        if !self.0.is_empty() {
            findings.retain(|finding| !self.knows(text, finding));
        }
    }

    /// Whether a finding was judged wrong.
    #[must_use]
    pub fn knows(&self, text: &str, finding: &Finding) -> bool {
        let mut places = finding.all_places().iter();
        !self.0.is_empty()
            && places.any(|place| {
                let print = fingerprint(text, finding.card.name, *place);
                self.0.contains(&print)
            })
    }
}

#[cfg(test)]
mod tests {
    use super::{Judgements, Verdict};
    use std::fs;

    const LINE: &str =
        r#"{"fingerprint":"00000000000000aa","rule":"stray-latin","text":"and","verdict":"#;

    fn read(text: &str) -> Result<Judgements, String> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("j.jsonl");
        fs::write(&path, text).expect("written");
        Judgements::read(&path).map_err(|e| e.to_string())
    }

    #[test]
    fn the_last_word_holds() {
        let line = |verdict: &str, at: &str| format!("{LINE}\"{verdict}\",\"at\":\"{at}\"}}\n");
        let text = line("wrong", "2026-03-02") + &line("right", "2026-03-01");
        let judged = read(&text).expect("judgements");
        assert_eq!(judged.settled()[&0xaa].verdict, Verdict::Wrong);
        let text = text + &line("unsure", "2026-03-02");
        let judged = read(&text).expect("judgements");
        assert_eq!(judged.settled()[&0xaa].verdict, Verdict::Unsure);
        assert!(judged.wrong().0.is_empty());
    }

    #[test]
    fn what_is_broken_is_told_with_line_and_key() {
        for (text, parts) in [
            (
                format!("{LINE}\"wrong\"}}\n{LINE}\"maybe\"}}\n"),
                ["line 2", "`verdict`"],
            ),
            (
                format!("{LINE}\"wrong\",\"path\":1}}\n"),
                ["line 1", "`path`"],
            ),
            (
                format!("{LINE}\"wrong\",\"probability\":7}}\n"),
                ["line 1", "`probability`"],
            ),
            (format!("\n{LINE}\"wrong\"}} x\n"), ["line 2", "trailing"]),
            ("<<<<<<< HEAD\n".to_owned(), ["line 1", "merge"]),
            (
                LINE.replace("00aa", "AA") + "\"wrong\"}",
                ["line 1", "`fingerprint`"],
            ),
            ("{\"\\u001b[2J\":1}".to_owned(), ["line 1", "␛"]),
        ] {
            let error = read(&text).expect_err("no judgement");
            assert!(parts.iter().all(|part| error.contains(part)), "{error}");
            assert!(!error.contains('\u{1b}'));
        }
    }
}
