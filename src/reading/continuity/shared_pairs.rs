//! What a paragraph talks about, in pairs of characters.

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

/// Share of the pairs of characters of the shorter text that the other has too, both as [`subjects`] has them.
pub(crate) fn shared(one: &[u64], other: &[u64]) -> f32 {
    let (mut i, mut j, mut common) = (0, 0, 0_usize);
    while let (Some(a), Some(b)) = (one.get(i), other.get(j)) {
        common += usize::from(a == b);
        i += usize::from(a <= b);
        j += usize::from(b <= a);
    }
    common as f32 / (one.len().min(other.len()) as f32 + 12.0)
}
