//! Fingerprints of content: what makes two passages the same whatever their marks, spaces and
//! widths.

use super::{CharClass, is_common_han, is_han};

/// The characters that carry content, in order: Han, kana, letters and digits. Marks, spaces and
/// breaks are left out, so that neither a changed width nor a moved line break makes a difference.
pub fn content(text: &str) -> impl DoubleEndedIterator<Item = char> + '_ {
    text.chars().filter(|&c| is_content(c))
}

fn is_content(c: char) -> bool {
    match c {
        _ if is_common_han(c) => true,
        '\u{3000}'..='\u{3004}' | '\u{ff0c}' => false,
        _ => matches!(
            CharClass::of(c),
            CharClass::Han | CharClass::Kana | CharClass::Letter | CharClass::Digit
        ),
    }
}

/// A running hash of all content characters.
#[derive(Clone, Copy, Debug, Default)]
pub struct ContentHash(u64);

impl ContentHash {
    /// Takes in a character.
    pub fn push(&mut self, c: char) {
        self.0 =
            (self.0.rotate_left(5) ^ u64::from(u32::from(c))).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    /// The hash so far.
    #[must_use]
    pub fn value(self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }
}

/// Characters of a shingle.
const SHINGLE: usize = 5;

/// Picks a few of the shingles (runs of five content characters) of a passage so that any two
/// passages that share a long enough run have a pick in common: the least hash of every `window`
/// shingles in a row (winnowing: Schleimer, Wilkerson, Aiken 2003). A shared run of `window + 4`
/// characters is always seen.
#[derive(Clone, Debug)]
pub struct Winnower {
    hash: u64,
    seen: usize,
    recent: [u32; Self::MOST],
    window: usize,
    least: usize,
}

impl Winnower {
    /// The widest window.
    pub const MOST: usize = 16;

    /// For windows of so many shingles, at most [`Self::MOST`].
    #[must_use]
    pub fn new(window: usize) -> Self {
        Self {
            hash: 0,
            seen: 0,
            recent: [0; Self::MOST],
            window: window.clamp(1, Self::MOST),
            least: usize::MAX,
        }
    }

    /// Begins a new passage.
    pub fn restart(&mut self) {
        self.seen = 0;
        self.hash = 0;
        self.least = usize::MAX;
    }

    /// Takes in a content character; gives a fingerprint where a new one is picked.
    #[inline]
    pub fn push(&mut self, c: char) -> Option<u32> {
        // Five shifts of 13 bits push a character out of the word: a rolling hash without a memory.
        let spread = u64::from(u32::from(c)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.hash = (self.hash << 13).wrapping_add(spread ^ (spread >> 32));
        self.seen += 1;
        if self.seen < SHINGLE {
            return None;
        }
        let at = self.seen - SHINGLE;
        let value =
            ((self.hash ^ (self.hash >> 31)).wrapping_mul(0xd6e8_feb8_6659_fd93) >> 32) as u32;
        self.recent[at % Self::MOST] = value;
        if self.least == usize::MAX || value <= self.recent[self.least % Self::MOST] {
            // Until the first window is full the least may still be undercut; it is then picked as
            // well, which does no harm.
            self.least = at;
            return Some(value);
        }
        if self.least + self.window <= at {
            let from = at + 1 - self.window;
            let least = (from..=at)
                .rev()
                .min_by_key(|i| self.recent[i % Self::MOST])?;
            self.least = least;
            return Some(self.recent[least % Self::MOST]);
        }
        None
    }
}

/// Whether a text has at least `count` Han characters; stops as soon as it is known.
#[must_use]
pub fn has_han(text: &str, count: usize) -> bool {
    count == 0 || text.chars().filter(|&c| is_han(c)).nth(count - 1).is_some()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{Winnower, content};

    fn picks(text: &str) -> HashSet<u32> {
        let mut winnower = Winnower::new(6);
        content(text).filter_map(|c| winnower.push(c)).collect()
    }

    #[test]
    fn a_shared_run_shares_a_pick() {
        let shared = "渡口的老人说今年水大";
        let a = picks(&format!("清明前后，{shared}，船不好撑。"));
        let b = picks(&format!("听村里人讲起{shared}"));
        assert!(!a.is_disjoint(&b));
        assert!(picks("清明前后船不好撑要多加小心").is_disjoint(&picks("听村里人讲起收成不坏")));
    }

    #[test]
    fn marks_and_spaces_do_not_count() {
        assert_eq!(picks("山高水长，路 远人稀。"), picks("山高水长,路远\n人稀"));
    }

    #[test]
    fn picks_are_few() {
        let text: String = (0..3000_u32)
            .filter_map(|i| char::from_u32(0x4e00 + i * 7))
            .collect();
        let mut winnower = Winnower::new(6);
        let count = text.chars().filter_map(|c| winnower.push(c)).count();
        assert!((600..1100).contains(&count), "{count}");
    }
}
