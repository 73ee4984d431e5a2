//! The baseline: findings that are known, so that only new ones count.
//!
//! An entry is a rule and a fingerprint of the finding's text and the characters around it; line
//! numbers do not matter, so entries survive edits elsewhere in the file. Where several findings of
//! a file are alike in all that, they are counted.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::atomic_file::{AtomicFile, ReplaceError};
use crate::fingerprint::fingerprint;
use crate::regular_file;
use crate::report::FileReport;
use crate::rule::Card;
use crate::said;
use crate::text::Span;

/// The version of the file format.
const VERSION: u32 = 1;

/// Findings of one file: how many there are of each.
type Entries = BTreeMap<String, usize>;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    version: u32,
    findings: BTreeMap<String, Entries>,
}

/// A baseline that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// The file cannot be read.
    #[error("{}", said!("the baseline {}: {source}", path.display(); "基线 {}：{source}", path.display()))]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file cannot be written.
    #[error("{}", said!("the baseline {}: {source}", path.display(); "基线 {}：{source}", path.display()))]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: ReplaceError,
    },
    /// The file is no baseline.
    #[error("{}", said!("the baseline {} is damaged: {source}; write it anew with --write-baseline", path.display(); "基线 {} 已损坏：{source}；请用 --write-baseline 重写", path.display()))]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong, with line and column.
        source: serde_json::Error,
    },
    /// The file comes from another kanwu.
    #[error("{}", said!("the baseline {} has version {found}, this kanwu reads version {VERSION}: write it anew with --write-baseline", path.display(); "基线 {} 的版本为 {found}，本程序只读版本 {VERSION}：请用 --write-baseline 重写", path.display()))]
    Version {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u32,
    },
}

/// Known findings by file. What is matched is taken out; what is left in the end is stale.
#[derive(Debug)]
pub struct Baseline {
    path: PathBuf,
    folder: PathBuf,
    files: BTreeMap<String, Entries>,
    /// What is left of the entries of the files that were checked.
    stale: BTreeMap<String, usize>,
    /// The files of the baseline that are gone, once that was asked.
    gone: Option<Vec<String>>,
}

impl Baseline {
    /// An empty baseline, to be written to `path`. Names of files are kept relative to its folder.
    #[must_use]
    pub fn new(path: &Path) -> Self {
        let full = crate::config::absolute(path);
        Self {
            path: path.to_owned(),
            folder: full.parent().map_or_else(PathBuf::new, Path::to_owned),
            files: BTreeMap::new(),
            stale: BTreeMap::new(),
            gone: None,
        }
    }

    /// Reads a baseline.
    ///
    /// # Errors
    ///
    /// [`BaselineError`] where it cannot be read or is none.
    pub fn read(path: &Path) -> Result<Self, BaselineError> {
        let read = regular_file::read_text(path, regular_file::LISTED);
        let text = read.map_err(|source| BaselineError::Io {
            path: path.to_owned(),
            source,
        })?;
        let stored: Stored =
            serde_json::from_str(&text).map_err(|source| BaselineError::Damaged {
                path: path.to_owned(),
                source,
            })?;
        if stored.version != VERSION {
            return Err(BaselineError::Version {
                path: path.to_owned(),
                found: stored.version,
            });
        }
        let mut baseline = Self::new(path);
        baseline.files = stored.findings;
        Ok(baseline)
    }

    /// Takes the known findings out of a report; returns how many there were.
    pub fn filter(&mut self, report: &mut FileReport) -> usize {
        let name = self.name(&report.name);
        let known_file = self.files.remove(&name);
        let Some(mut entries) = known_file.or_else(|| self.renamed(report)) else {
            return 0;
        };
        let mut findings = std::mem::take(&mut report.findings);
        let mut known = 0;
        findings.retain_mut(|finding| {
            let card = finding.card;
            finding.retain_places(|place| match entries.get_mut(&key(report, card, place)) {
                Some(left) if *left > 0 => {
                    *left -= 1;
                    known += 1;
                    false
                }
                _ => true,
            })
        });
        report.findings = findings;
        let left = total(&entries);
        if left > 0 {
            self.stale.insert(name, left);
        }
        known
    }

    /// Takes out the entries of a file that is gone and most of whose findings are those of the
    /// report: it was renamed.
    fn renamed(&mut self, report: &FileReport) -> Option<Entries> {
        if report.findings.is_empty() || self.files.is_empty() {
            return None;
        }
        let folder = &self.folder;
        let gone = self.gone.get_or_insert_with(|| {
            let names = self.files.keys();
            let gone = names.filter(|name| !is_there(&folder.join(name)));
            gone.cloned().collect()
        });
        if gone.is_empty() {
            return None;
        }
        let mut found = Entries::new();
        for finding in &report.findings {
            for place in finding.all_places() {
                *found.entry(key(report, finding.card, *place)).or_default() += 1;
            }
        }
        let shared = |name: &String| {
            let entries = self.files.get(name)?;
            let both = entries
                .iter()
                .map(|(k, n)| found.get(k).map_or(0, |m| *m.min(n)));
            let both: usize = both.sum();
            (both > 0 && both >= total(entries).div_ceil(2)).then_some(both)
        };
        let best = gone.iter().filter_map(|name| Some((shared(name)?, name)));
        let name = best.max_by_key(|(both, _)| *both)?.1.clone();
        self.files.remove(&name)
    }

    /// Puts the findings of a report in, instead of those known of the file before.
    pub fn record(&mut self, report: &FileReport) {
        let mut entries = Entries::new();
        for finding in &report.findings {
            for place in finding.all_places() {
                *entries
                    .entry(key(report, finding.card, *place))
                    .or_default() += 1;
            }
        }
        let name = self.name(&report.name);
        if entries.is_empty() {
            self.files.remove(&name);
        } else {
            self.files.insert(name, entries);
        }
    }

    /// Entries that nothing was found for, by file: those of checked files, and those of files that
    /// are gone.
    #[must_use]
    pub fn stale(&self) -> BTreeMap<String, usize> {
        let gone = self
            .files
            .iter()
            .filter(|(name, _)| !is_there(&self.folder.join(name)))
            .map(|(name, entries)| (name.clone(), total(entries)));
        gone.chain(self.stale.clone()).collect()
    }

    /// Writes the baseline, whole or not at all; entries of files that are gone are left out.
    /// Returns the number of findings in it.
    ///
    /// # Errors
    ///
    /// [`BaselineError::Write`].
    pub fn write(&mut self) -> Result<usize, BaselineError> {
        let folder = &self.folder;
        self.files.retain(|name, _| is_there(&folder.join(name)));
        let stored = Stored {
            version: VERSION,
            findings: std::mem::take(&mut self.files),
        };
        let write = || -> Result<(), ReplaceError> {
            let mut out = BufWriter::new(AtomicFile::create(&self.path)?);
            serde_json::to_writer_pretty(&mut out, &stored).map_err(io::Error::from)?;
            out.write_all(b"\n")?;
            let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
            Ok(file.persist()?)
        };
        write().map_err(|source| BaselineError::Write {
            path: self.path.clone(),
            source,
        })?;
        Ok(stored
            .findings
            .values()
            .map(total)
            .fold(0, usize::saturating_add))
    }

    /// The name under which a file is kept: its path from the folder of the baseline, with `/`.
    fn name(&self, name: &str) -> String {
        let path = crate::config::absolute(Path::new(name));
        let path = path.strip_prefix(&self.folder).unwrap_or(&path);
        let parts: Vec<_> = path.iter().map(|p| p.to_string_lossy()).collect();
        parts.join("/").replacen("//", "/", 1)
    }
}

/// Whether a file is there, itself or as a file inside a packed one.
fn is_there(path: &Path) -> bool {
    path.exists() || path.ancestors().skip(1).any(Path::is_file)
}

/// How many findings there are; a file may say any number.
fn total(entries: &Entries) -> usize {
    entries.values().fold(0, |sum, n| sum.saturating_add(*n))
}

fn key(report: &FileReport, card: &Card, place: Span) -> String {
    format!(
        "{} {:016x}",
        card.name,
        fingerprint(&report.text, card.name, place)
    )
}
