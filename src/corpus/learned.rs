//! What was learned of the sources of a collection: a small file, made to be read and corrected by
//! people, by which a check of one document knows the lines of its site.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Survey;
use super::boilerplate::{at_edge, lines};
use super::comparable::{Body, Fold, Folded, Rolling};
use super::keys::keys;
use crate::atomic_file::{AtomicFile, ReplaceError};
use crate::document::{SiteMark, SiteMarkKind};
use crate::language::Message;
use crate::regular_file;
use crate::said;
use crate::text::Span;
use crate::told;

/// The version of the file format.
const VERSION: u32 = 1;
/// Comparable characters of the shortest phrase that is looked for.
const SHORTEST: usize = 4;

/// What was learned of a collection.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Learned {
    version: u32,
    /// Lines that sources set on their pages.
    #[serde(default, rename = "line", skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<LearnedLine>,
    /// Phrases planted in their texts.
    #[serde(default, rename = "watermark", skip_serializing_if = "Vec::is_empty")]
    pub watermarks: Vec<LearnedPhrase>,
}

/// A line that a source sets on its pages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LearnedLine {
    /// The source.
    pub source: String,
    /// The line: `#` stands for digits, `*` at the end for whatever follows a label.
    pub text: String,
    /// How many documents have it, at the edge, of how many.
    pub documents: usize,
    /// In how many of them it stands among the first or last lines.
    pub at_edge: usize,
    /// How many documents the source has.
    pub of: usize,
}

/// A planted phrase.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LearnedPhrase {
    /// The phrase.
    pub text: String,
    /// How many documents have it.
    pub documents: usize,
    /// How often it stands in them.
    pub times: usize,
}

/// A file of learned lines that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LearnedError {
    /// It cannot be read or written.
    #[error("{}", said!("the profile {}: {source}", path.display(); "站点档案 {}：{source}", path.display()))]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is no profile.
    #[error("{}", said!("the profile {}, line {line}: {reason}", path.display(); "站点档案 {} 第{line}行：{reason}", path.display()))]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Where, from 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// It comes from another kanwu.
    #[error("{}", said!("the profile {} has version {found}, this kanwu reads version {VERSION}: write it anew with `kanwu audit --profile`", path.display(); "站点档案 {} 的版本为 {found}，本程序只读版本 {VERSION}：请用 `kanwu audit --profile` 重写", path.display()))]
    Version {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u32,
    },
}

impl Learned {
    /// What a survey of some sources learned: lines that are a part of the page, and planted
    /// phrases.
    #[must_use]
    pub fn of_survey(survey: &Survey, sources: &[String]) -> Self {
        let lines = survey.lines.iter().filter(|line| line.is_furniture());
        Self {
            version: VERSION,
            lines: lines
                .map(|line| LearnedLine {
                    source: sources[line.source].clone(),
                    text: line.text.clone(),
                    documents: line.documents,
                    at_edge: line.at_edge,
                    of: survey.documents[line.source],
                })
                .collect(),
            watermarks: survey
                .watermarks
                .iter()
                .map(|w| LearnedPhrase {
                    text: w.text.clone(),
                    documents: w.documents,
                    times: w.times,
                })
                .collect(),
        }
    }

    /// Reads the file that [`Self::write`] wrote.
    ///
    /// # Errors
    ///
    /// [`LearnedError`] where it cannot be read or is none.
    pub fn read(path: &Path) -> Result<Self, LearnedError> {
        let text = regular_file::read_text(path, regular_file::LISTED).map_err(|source| {
            LearnedError::Io {
                path: path.to_owned(),
                source,
            }
        })?;
        let learned: Self = toml::from_str(&text).map_err(|e| LearnedError::Damaged {
            path: path.to_owned(),
            line: e.span().map_or(1, |s| {
                text[..s.start.min(text.len())].matches('\n').count() + 1
            }),
            reason: e.message().trim_end().to_owned(),
        })?;
        if learned.version != VERSION {
            return Err(LearnedError::Version {
                path: path.to_owned(),
                found: learned.version,
            });
        }
        Ok(learned)
    }

    /// Writes it, whole or not at all.
    ///
    /// # Errors
    ///
    /// [`LearnedError::Io`].
    pub fn write(&self, path: &Path) -> Result<(), LearnedError> {
        let write = || -> io::Result<()> {
            let body = toml::to_string(self).map_err(io::Error::other)?;
            let mut file = AtomicFile::create(path).map_err(|e| match e {
                ReplaceError::Io(e) => e,
                e => io::Error::other(e),
            })?;
            file.write_all(b"# What `kanwu audit` learned of these sources; `kanwu check --profile` masks it.\n# Take out what belongs to the text.\n")?;
            file.write_all(body.as_bytes())?;
            file.persist()
        };
        write().map_err(|source| LearnedError::Io {
            path: path.to_owned(),
            source,
        })
    }

    /// This and what was learned elsewhere: counts are added. The order in which several are merged
    /// makes no difference.
    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        let mut lines: BTreeMap<(String, String), LearnedLine> = BTreeMap::new();
        for line in self.lines.into_iter().chain(other.lines) {
            lines
                .entry((line.source.clone(), line.text.clone()))
                .and_modify(|l| {
                    l.documents += line.documents;
                    l.at_edge += line.at_edge;
                    l.of += line.of;
                })
                .or_insert(line);
        }
        let mut phrases: BTreeMap<String, LearnedPhrase> = BTreeMap::new();
        for phrase in self.watermarks.into_iter().chain(other.watermarks) {
            phrases
                .entry(phrase.text.clone())
                .and_modify(|p| {
                    p.documents += phrase.documents;
                    p.times += phrase.times;
                })
                .or_insert(phrase);
        }
        let mut merged = Self {
            version: VERSION,
            lines: lines.into_values().collect(),
            watermarks: phrases.into_values().collect(),
        };
        // both maps are in the order of names, which stays where counts are equal
        merged.lines.sort_by_key(|l| usize::MAX - l.documents);
        merged.watermarks.sort_by_key(|w| usize::MAX - w.documents);
        merged
    }

    /// Made ready to look at documents.
    #[must_use]
    pub fn known(&self) -> Known {
        let fold = Fold::new();
        let mut known = Known {
            fold,
            lines: HashMap::new(),
            phrases: HashMap::new(),
        };
        for line in &self.lines {
            let LearnedLine {
                documents,
                of,
                source,
                ..
            } = line;
            let said = told!(
                "a line of the site and not of the text: it stands in {documents} of the {of} documents of {source}";
                "站点的行，不属于正文：{source} 的{of}个文档中有{documents}个含此行"
            );
            let key = match line.text.strip_suffix('*') {
                Some(label) => keys(fold, &format!("{label}某某")).1,
                None => keys(fold, &line.text.replace('#', "0")).0,
            };
            if let Some(key) = key {
                known.lines.entry(key).or_insert(said);
            }
        }
        let rolling = Rolling::<SHORTEST>::new();
        for phrase in &self.watermarks {
            let mut body = Body::default();
            body.push(fold, &phrase.text, 0);
            let documents = phrase.documents;
            let said = told!(
                "a phrase planted in {documents} documents: take it out";
                "插入{documents}个文档的短语：请删去"
            );
            let mut first = None;
            rolling.over(&body.chars, |_, hash| first = first.or(Some(hash)));
            if let Some(hash) = first {
                known
                    .phrases
                    .entry(hash)
                    .or_default()
                    .push((body.chars, said));
            }
        }
        known
    }
}

/// The lines and phrases of sites, ready to be found in documents.
#[derive(Debug)]
pub struct Known {
    fold: Fold,
    lines: HashMap<u64, Message>,
    phrases: HashMap<u64, Vec<(Vec<Folded>, Message)>>,
}

impl Known {
    /// What of it stands in a text: lines at its edge, phrases anywhere; in the order of the text.
    #[must_use]
    pub fn marks(&self, text: &str) -> Vec<SiteMark> {
        let mut marks = Vec::new();
        let mut spans = Vec::new();
        if !self.lines.is_empty() {
            lines(text, &mut spans);
        }
        for (number, (from, to)) in spans.iter().copied().enumerate() {
            if !at_edge(number, spans.len()) {
                continue;
            }
            let (whole, label) = keys(self.fold, &text[from..to]);
            let said = [whole, label]
                .into_iter()
                .flatten()
                .find_map(|key| self.lines.get(&key));
            if let Some(said) = said {
                marks.push(SiteMark {
                    kind: SiteMarkKind::Line,
                    span: Span::new(from, to),
                    message: said.clone(),
                    other: None,
                });
            }
        }
        if !self.phrases.is_empty() {
            self.planted(text, &mut marks);
        }
        marks.sort_by_key(|m| m.span);
        marks
    }

    fn planted(&self, text: &str, marks: &mut Vec<SiteMark>) {
        let mut body = Body::default();
        body.push(self.fold, text, 0);
        let mut end = 0;
        Rolling::<SHORTEST>::new().over(&body.chars, |at, hash| {
            let Some(list) = self.phrases.get(&hash).filter(|_| at >= end) else {
                return;
            };
            let rest = &body.chars[at..];
            let longest = list
                .iter()
                .filter(|(p, _)| rest.starts_with(p))
                .max_by_key(|(p, _)| p.len());
            if let Some((phrase, said)) = longest {
                end = at + phrase.len();
                let last = body.at[end - 1] as usize;
                let to = last + text[last..].chars().next().map_or(0, char::len_utf8);
                marks.push(SiteMark {
                    kind: SiteMarkKind::Phrase,
                    span: Span::new(body.at[at] as usize, to),
                    message: said.clone(),
                    other: None,
                });
            }
        });
    }
}
