//! Two audits side by side: an archive after a new reading, a corpus after it was cleaned.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Audit, VERSION};
use crate::regular_file;
use crate::said;
use crate::text::visible;

/// Characters of what serde says of a file that is shown.
const SHOWN: usize = 200;

/// An audit that cannot be compared with.
#[derive(Debug, thiserror::Error)]
pub enum CompareError {
    /// It cannot be read.
    #[error("{}", said!("the audit {}: {source}", path.display(); "审查结果 {}：{source}", path.display()))]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is none.
    #[error("{}", said!("the audit {}, line {line}, key `{key}`: {reason}; `kanwu audit --json` writes one", path.display(); "审查结果 {} 第{line}行，键 `{key}`：{reason}；`kanwu audit --json` 写出此种文件", path.display()))]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Where, from 1.
        line: usize,
        /// Which part of it.
        key: String,
        /// What is wrong.
        reason: String,
    },
    /// It comes from another kanwu.
    #[error("{}", said!("the audit {} has version {found}, this kanwu reads version {VERSION}", path.display(); "审查结果 {} 的版本为 {found}，本程序只读版本 {VERSION}", path.display()))]
    Version {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u32,
    },
}

/// What has changed since an audit.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Comparison {
    /// Warnings and errors by rule.
    pub rules: BTreeMap<String, Changes>,
    /// The score before and now.
    pub score: [f64; 2],
    /// Characters before and now.
    pub characters: [usize; 2],
}

/// Defects that came, went and stayed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    /// Only now.
    pub new: usize,
    /// Only before.
    pub gone: usize,
    /// Both times.
    pub unchanged: usize,
}

/// Reads the audit that `--json` wrote.
///
/// # Errors
///
/// [`CompareError`] where it cannot be used.
pub fn read(path: &Path) -> Result<Audit, CompareError> {
    let text =
        regular_file::read_text(path, regular_file::LISTED).map_err(|source| CompareError::Io {
            path: path.to_owned(),
            source,
        })?;
    let mut reader = serde_json::Deserializer::from_str(&text);
    let audit: Audit = serde_path_to_error::deserialize(&mut reader).map_err(|e| {
        let reason: String = e.inner().to_string().chars().take(SHOWN).collect();
        CompareError::Damaged {
            path: path.to_owned(),
            line: e.inner().line(),
            key: visible(&e.path().to_string()).into_owned(),
            reason: visible(&reason).into_owned(),
        }
    })?;
    if audit.version != VERSION {
        return Err(CompareError::Version {
            path: path.to_owned(),
            found: audit.version,
        });
    }
    Ok(audit)
}

/// What has changed from `old` to `new`. A defect is the same where its rule, its text and the few
/// characters around it are, whatever its file is called.
#[must_use]
pub fn compare(old: &Audit, new: &Audit) -> Comparison {
    let mut rules: BTreeMap<String, Changes> = BTreeMap::new();
    let none = Vec::new();
    for rule in old.fingerprints.keys().chain(new.fingerprints.keys()) {
        let of = |audit: &Audit| {
            let mut list = audit.fingerprints.get(rule).unwrap_or(&none).clone();
            list.sort_unstable();
            list
        };
        rules
            .entry(rule.clone())
            .or_insert_with(|| changes(&of(old), &of(new)));
    }
    Comparison {
        rules,
        score: [old.collection.score, new.collection.score],
        characters: [old.collection.characters, new.collection.characters],
    }
}

/// Two sorted lists against each other.
fn changes(old: &[String], new: &[String]) -> Changes {
    let mut changes = Changes::default();
    let (mut a, mut b) = (0, 0);
    while let (Some(x), Some(y)) = (old.get(a), new.get(b)) {
        match x.cmp(y) {
            Ordering::Less => (a, changes.gone) = (a + 1, changes.gone + 1),
            Ordering::Greater => (b, changes.new) = (b + 1, changes.new + 1),
            Ordering::Equal => (a, b, changes.unchanged) = (a + 1, b + 1, changes.unchanged + 1),
        }
    }
    changes.gone += old.len() - a;
    changes.new += new.len() - b;
    changes
}

#[cfg(test)]
mod tests {
    use super::{Changes, changes};

    #[test]
    fn each_defect_is_counted_once() {
        let list = |text: &str| -> Vec<String> { text.chars().map(String::from).collect() };
        let expected = Changes {
            new: 2,
            gone: 1,
            unchanged: 2,
        };
        assert_eq!(changes(&list("abc"), &list("abdd")), expected);
        assert_eq!(changes(&list("aac"), &list("aabd")), expected);
    }
}
