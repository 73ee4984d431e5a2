//! How sentences open, by key: what is planted between sentences opens many of them.

use super::comparable::{Fold, join, mix};
use super::sketch::Sketch;
use crate::text::is_sentence_end;

/// Comparable characters by which an opening is known.
pub(crate) const OPENING: usize = 8;
/// Keeps the keys of openings apart from those of lines.
const TAG: u64 = 0x574d;

/// In how many documents a phrase must open a sentence.
pub(crate) fn needed(documents: usize) -> usize {
    (documents / 600).clamp(30.min(documents / 10).max(4), Sketch::MOST)
}

/// Calls `found` with the key and the place (in bytes) of every sentence opening without a comma.
pub(crate) fn each(fold: Fold, text: &str, mut found: impl FnMut(u64, usize)) {
    let mut state = Some((TAG, 0, 0));
    for (at, c) in text.char_indices() {
        if is_sentence_end(c) || c == '\n' {
            state = Some((TAG, 0, at + c.len_utf8()));
            continue;
        }
        let Some((hash, count, from)) = &mut state else {
            continue;
        };
        let folded = fold.of(c);
        if folded == 0 {
            if *count == 0 {
                *from = at + c.len_utf8();
            } else if is_comma(c) {
                state = None;
            }
            continue;
        }
        *hash = join(*hash, u64::from(folded));
        *count += 1;
        if *count == OPENING {
            found(mix(*hash), *from);
            state = None;
        }
    }
}

pub(crate) fn is_comma(c: char) -> bool {
    matches!(c, '，' | '、' | '：' | '；' | ',' | ';' | ':')
}
