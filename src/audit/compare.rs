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
///
/// # Errors
///
/// Those of reading the fingerprints of either.
pub fn compare(old: &Audit, new: &Audit) -> io::Result<Comparison> {
    let mut rules: BTreeMap<String, Changes> = BTreeMap::new();
    for rule in old.fingerprints.rules().chain(new.fingerprints.rules()) {
        if !rules.contains_key(rule) {
            let changes = changes(old.fingerprints.of(rule), new.fingerprints.of(rule))?;
            rules.insert(rule.to_owned(), changes);
        }
    }
    Ok(Comparison {
        rules,
        score: [old.collection.score, new.collection.score],
        characters: [old.collection.characters, new.collection.characters],
    })
}

/// Two sorted lists against each other.
fn changes(
    mut old: impl Iterator<Item = io::Result<u64>>,
    mut new: impl Iterator<Item = io::Result<u64>>,
) -> io::Result<Changes> {
    let mut changes = Changes::default();
    let (mut a, mut b) = (old.next().transpose()?, new.next().transpose()?);
    loop {
        let order = match (a, b) {
            (None, None) => return Ok(changes),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(a), Some(b)) => a.cmp(&b),
        };
        match order {
            Ordering::Less => changes.gone += 1,
            Ordering::Greater => changes.new += 1,
            Ordering::Equal => changes.unchanged += 1,
        }
        if order.is_le() {
            a = old.next().transpose()?;
        }
        if order.is_ge() {
            b = new.next().transpose()?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Changes, changes};

    #[test]
    fn each_defect_is_counted_once() {
        let list = |text: &str| text.bytes().map(|b| Ok(u64::from(b))).collect::<Vec<_>>();
        let changes = |old, new| changes(list(old).into_iter(), list(new).into_iter()).expect("");
        let expected = Changes {
            new: 2,
            gone: 1,
            unchanged: 2,
        };
        assert_eq!(changes("abc", "abdd"), expected);
        assert_eq!(changes("aac", "aabd"), expected);
    }
}
