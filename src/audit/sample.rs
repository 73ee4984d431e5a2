//! A sample for people to judge: of each rule those findings whose hashes are the smallest. The
//! same on every run, and it grows without changing.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Record;
use crate::finding::Severity;
use crate::fingerprint::fingerprint;
use crate::judgements::UNFLAGGED;
use crate::text::Span;

/// Characters of the shortest paragraph that is sampled.
const SHORTEST: usize = 10;
/// Characters of a paragraph that are shown.
const SHOWN: usize = 400;

/// The place of a thing with a fingerprint in the order of a seed.
#[must_use]
pub fn order(fingerprint: &str, seed: u64) -> u64 {
    // the finaliser of SplitMix64: every bit of the fingerprint and the seed weighs on every bit of
    // the place
    let mut x = u64::from_str_radix(fingerprint, 16).unwrap_or(0)
        ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// A finding of the sample and its file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sampled {
    /// The file.
    pub file: String,
    /// The finding.
    #[serde(flatten)]
    pub finding: Record,
}

/// A paragraph of which nothing is said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Paragraph {
    /// Its fingerprint.
    pub fingerprint: String,
    /// Its line, from 1.
    pub line: usize,
    /// Its text.
    pub text: String,
    /// The file, once that is known.
    #[serde(default)]
    pub file: String,
}

/// What people are to judge.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Sample {
    /// By which the sample was drawn.
    pub seed: u64,
    /// Findings, by rule.
    pub findings: Vec<Sampled>,
    /// Paragraphs of which nothing is said.
    pub unflagged: Vec<Paragraph>,
}

/// Draws a sample out of what it is shown.
pub struct Urn {
    size: usize,
    seed: u64,
    rules: BTreeMap<String, BTreeMap<u64, Sampled>>,
    unflagged: BTreeMap<u64, Paragraph>,
}

impl Urn {
    /// An urn for so many of each rule, and as many paragraphs.
    #[must_use]
    pub fn new(size: usize, seed: u64) -> Self {
        Self {
            size,
            seed,
            rules: BTreeMap::new(),
            unflagged: BTreeMap::new(),
        }
    }

    /// Shows it a warning or an error.
    pub fn show(&mut self, file: &str, finding: &Record) {
        if finding.severity < Severity::Warning || self.size == 0 {
            return;
        }
        let kept = self.rules.entry(finding.rule.clone()).or_default();
        let place = order(&finding.fingerprint, self.seed);
        if is_wanted(kept, place, self.size) {
            kept.entry(place).or_insert_with(|| Sampled {
                file: file.to_owned(),
                finding: finding.clone(),
            });
        }
    }

    /// Shows it the paragraphs of a file that were drawn there.
    pub fn show_unflagged(&mut self, file: &str, paragraphs: &[Paragraph]) {
        for paragraph in paragraphs {
            let place = order(&paragraph.fingerprint, self.seed);
            if is_wanted(&mut self.unflagged, place, self.size) {
                let mut paragraph = paragraph.clone();
                file.clone_into(&mut paragraph.file);
                self.unflagged.entry(place).or_insert(paragraph);
            }
        }
    }

    /// The sample; `None` where none was asked for.
    #[must_use]
    pub fn finish(self) -> Option<Sample> {
        (self.size > 0).then(|| Sample {
            seed: self.seed,
            findings: self
                .rules
                .into_values()
                .flat_map(BTreeMap::into_values)
                .collect(),
            unflagged: self.unflagged.into_values().collect(),
        })
    }
}

/// Whether something at a place belongs to the first `size`; makes room for it.
fn is_wanted<T>(kept: &mut BTreeMap<u64, T>, place: u64, size: usize) -> bool {
    if kept.len() < size {
        return true;
    }
    let last = kept.last_key_value().map(|(last, _)| *last);
    if last.is_none_or(|last| place >= last) || kept.contains_key(&place) {
        return false;
    }
    kept.pop_last();
    true
}

/// The first `most` paragraphs of a text, in the order of a seed, in which nothing was found; they
/// are numbered from 1. `line` says on which line of its file the paragraph at a byte stands.
#[must_use]
pub fn unflagged(
    text: &str,
    flagged: &BTreeSet<usize>,
    (most, seed): (usize, u64),
    line: impl Fn(usize) -> usize,
) -> Vec<Paragraph> {
    let mut kept = BTreeMap::new();
    let mut start = 0;
    for (at, paragraph) in text.split_inclusive('\n').enumerate() {
        let span = Span::new(start, start + paragraph.trim_end().len());
        start += paragraph.len();
        let short = paragraph.trim().chars().nth(SHORTEST).is_none();
        if short || flagged.contains(&(at + 1)) {
            continue;
        }
        let print = format!("{:016x}", fingerprint(text, UNFLAGGED, span));
        let place = order(&print, seed);
        if is_wanted(&mut kept, place, most) {
            let paragraph = Paragraph {
                fingerprint: print,
                line: line(span.start()),
                text: paragraph.trim().chars().take(SHOWN).collect(),
                file: String::new(),
            };
            kept.insert(place, paragraph);
        }
    }
    kept.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::{is_wanted, unflagged};
    use std::collections::{BTreeMap, BTreeSet};

    #[test]
    fn the_smallest_are_kept_in_whatever_order_they_come() {
        let draw = |places: &[u64]| {
            let mut kept = BTreeMap::new();
            for place in places {
                if is_wanted(&mut kept, *place, 2) {
                    kept.insert(*place, ());
                }
            }
            kept.into_keys().collect::<Vec<_>>()
        };
        assert_eq!(draw(&[5, 1, 9, 3, 1]), [1, 3]);
        assert_eq!(draw(&[9, 3, 1, 5]), [1, 3]);
    }

    #[test]
    fn a_larger_sample_holds_the_smaller_one_and_nothing_flagged() {
        let text: String = (0..40)
            .map(|n| format!("第{n}段讲的是河湾镇的故事和人。\n"))
            .collect();
        let flagged = BTreeSet::from([3]);
        let line = |offset: usize| text[..offset].matches('\n').count() + 1;
        let lines = |most| -> Vec<usize> {
            unflagged(&text, &flagged, (most, 7), line)
                .iter()
                .map(|p| p.line)
                .collect()
        };
        assert_eq!(lines(5), lines(20)[..5]);
        assert_eq!(lines(100).len(), 39);
        assert!(!lines(100).contains(&3));
    }
}
