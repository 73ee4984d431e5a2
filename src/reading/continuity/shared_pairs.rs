//! What a paragraph talks about, in pairs of characters.

use std::collections::HashMap;

use crate::text::hashing::Hashed;
use crate::text::is_han;

/// The pairs of characters at the beginning of a text, in order and each once: what it talks about.
pub(crate) fn subjects(text: &str) -> Vec<u64> {
    const REACH: usize = 240;
    let telling = |c: char| {
        let filler = matches!(
            c,
            '的' | '一'
                | '是'
                | '在'
                | '了'
                | '和'
                | '有'
                | '不'
                | '为'
                | '这'
                | '中'
                | '人'
                | '上'
                | '大'
        );
        is_han(c) && !filler
    };
    let mut pairs = Vec::with_capacity(REACH.min(text.len() / 3));
    let mut before: Option<char> = None;
    for c in text.chars().take(REACH) {
        let here = telling(c).then_some(c);
        let pair = before.zip(here);
        pairs.extend(pair.map(|(a, b)| u64::from(u32::from(a)) << 32 | u64::from(u32::from(b))));
        before = here;
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// Share of the pairs of characters of the shorter text that the other has too, both as
/// [`subjects`] has them.
pub(crate) fn shared(one: &[u64], other: &[u64]) -> f32 {
    let (mut i, mut j, mut common) = (0, 0, 0_usize);
    while let (Some(a), Some(b)) = (one.get(i), other.get(j)) {
        common += usize::from(a == b);
        i += usize::from(a <= b);
        j += usize::from(b <= a);
    }
    common as f32 / (one.len().min(other.len()) as f32 + 12.0)
}

/// In how many of the paragraphs around a place each pair of characters stands.
#[derive(Debug, Default)]
pub(crate) struct Around {
    counts: HashMap<u64, u16, Hashed>,
    paragraphs: u16,
}

impl Around {
    /// Adds a paragraph, as [`subjects`] has it.
    pub(crate) fn add(&mut self, subjects: &[u64]) {
        self.paragraphs = self.paragraphs.saturating_add(1);
        for pair in subjects {
            let count = self.counts.entry(*pair).or_default();
            *count = count.saturating_add(1);
        }
    }

    /// How telling the pairs are that two texts have in common: the sum of their idf over the
    /// paragraphs around, in nats. Names that go on weigh much, what the whole page is about
    /// nothing.
    pub(crate) fn telling(&self, one: &[u64], other: &[u64]) -> f32 {
        let (mut i, mut j, mut sum) = (0, 0, 0.0);
        while let (Some(a), Some(b)) = (one.get(i), other.get(j)) {
            if a == b {
                // it stands in both, whether or not both are around
                let count = self.counts.get(a).copied().unwrap_or(0).max(2);
                sum += (f32::from(self.paragraphs.max(2)) / f32::from(count)).ln();
            }
            i += usize::from(a <= b);
            j += usize::from(b <= a);
        }
        sum
    }
}

/// Both of two sorted lists as one.
pub(crate) fn together(one: &[u64], other: &[u64]) -> Vec<u64> {
    let mut both = Vec::with_capacity(one.len() + other.len());
    both.extend_from_slice(one);
    both.extend_from_slice(other);
    both.sort_unstable();
    both.dedup();
    both
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_goes_on_tells_more_than_what_all_talk_about() {
        let texts = ["青浦区的公司", "青浦园区的公司", "云南省的公司", "公司开会"];
        let subjects: Vec<_> = texts.iter().map(|t| subjects(t)).collect();
        let mut around = Around::default();
        subjects.iter().for_each(|s| around.add(s));
        let telling = |i: usize, j: usize| around.telling(&subjects[i], &subjects[j]);
        assert!(telling(0, 1) > 0.6);
        assert!(telling(0, 2) < 0.01);
        assert_eq!(together(&[1, 3], &[2, 3]), [1, 2, 3]);
    }
}
