//! Comparable characters: what makes two texts the same whatever their marks, spaces, widths, case
//! and script.
//!
//! Letters, digits and Han count; full-width forms are folded to half-width ones, capitals to small
//! letters, Traditional forms to Simplified ones. One table of 128 KB for the basic plane, made
//! when a collection is first looked at.

use std::sync::OnceLock;

use crate::model::Model;
use crate::text::CharClass;

/// A folded character; 0 is none. Characters beyond the basic plane are folded into it: a rare
/// collision does no harm, since whatever is found is long.
pub(crate) type Folded = u16;

fn table() -> &'static [Folded] {
    static TABLE: OnceLock<Vec<Folded>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let variants = Model::embedded().variants();
        (0..=0xffff_u32)
            .map(|code| char::from_u32(code).map_or(0, |c| folded(c, variants)))
            .collect()
    })
}

fn folded(c: char, variants: Option<crate::model::variants::Variants<'_>>) -> Folded {
    let half = match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    };
    match CharClass::of(half) {
        CharClass::Han => {
            let simple = variants.and_then(|v| v.simplified(half));
            narrow(simple.map_or(half, |(simple, _)| simple))
        }
        CharClass::Letter | CharClass::Digit | CharClass::Kana => {
            narrow(half.to_lowercase().next().unwrap_or(half))
        }
        _ => 0,
    }
}

fn narrow(c: char) -> Folded {
    let code = u32::from(c);
    if code < 0x1_0000 {
        code as Folded
    } else {
        // into the private use area, where no text lies
        0xe000 | (code.wrapping_mul(0x9e37) >> 4) as Folded & 0x0fff
    }
}

/// Folds characters; holds the table, so that it is looked up once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fold(&'static [Folded]);

impl Fold {
    pub(crate) fn new() -> Self {
        Self(table())
    }

    /// The folded character, 0 where it does not count.
    #[inline]
    pub(crate) fn of(self, c: char) -> Folded {
        match self.0.get(c as usize) {
            Some(folded) => *folded,
            None if CharClass::of(c) == CharClass::Han => narrow(c),
            None => 0,
        }
    }
}

/// The comparable characters of a text, each with the byte at which it stands.
#[derive(Default)]
pub(crate) struct Body {
    pub(crate) chars: Vec<Folded>,
    pub(crate) at: Vec<u32>,
}

impl Body {
    pub(crate) fn clear(&mut self) {
        self.chars.clear();
        self.at.clear();
    }

    /// Appends the comparable characters of a stretch that begins at byte `from` of the whole text.
    pub(crate) fn push(&mut self, fold: Fold, stretch: &str, from: usize) {
        for (at, c) in stretch.char_indices() {
            let folded = fold.of(c);
            if folded != 0 {
                self.chars.push(folded);
                self.at.push((from + at) as u32);
            }
        }
    }

    /// The place among the comparable characters of the first that stands at or after a byte.
    pub(crate) fn place(&self, byte: u32) -> usize {
        self.at.partition_point(|at| *at < byte)
    }
}

/// Spreads a hash over all its bits.
#[inline]
pub(crate) fn mix(mut hash: u64) -> u64 {
    hash = (hash ^ (hash >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    hash = (hash ^ (hash >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    hash ^ (hash >> 32)
}

/// Takes another value into a running hash.
#[inline]
pub(crate) fn join(hash: u64, value: u64) -> u64 {
    (hash.rotate_left(5) ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Hashes of all runs of `K` folded characters, by a polynomial that rolls.
pub(crate) struct Rolling<const K: usize> {
    out: u64,
}

const BASE: u64 = 0x9e37_79b9_7f4a_7c15;

impl<const K: usize> Rolling<K> {
    pub(crate) fn new() -> Self {
        let out = (0..K).fold(1_u64, |power, _| power.wrapping_mul(BASE));
        Self { out }
    }

    /// Calls `each` with the place of every run and its hash.
    #[inline]
    pub(crate) fn over(&self, chars: &[Folded], mut each: impl FnMut(usize, u64)) {
        let mut hash = 0_u64;
        for (i, c) in chars.iter().enumerate() {
            hash = hash.wrapping_mul(BASE).wrapping_add(u64::from(*c) + 1);
            if i >= K {
                let gone = u64::from(chars[i - K]) + 1;
                hash = hash.wrapping_sub(gone.wrapping_mul(self.out));
            }
            if i + 1 >= K {
                each(i + 1 - K, mix(hash));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Body, Fold, Rolling};

    fn chars(text: &str) -> Vec<u16> {
        let mut body = Body::default();
        body.push(Fold::new(), text, 0);
        body.chars
    }

    #[test]
    fn width_case_script_and_marks_make_no_difference() {
        assert_eq!(chars("發展，ＡＢ １２！"), chars("发展ab12"));
        assert!(chars("，。 “”\u{200b}").is_empty());
    }

    #[test]
    fn the_same_run_has_the_same_hash_wherever_it_stands() {
        let hashes = |text: &str| {
            let mut list = Vec::new();
            Rolling::<5>::new().over(&chars(text), |_, hash| list.push(hash));
            list
        };
        assert_eq!(
            hashes("山高水长路").first(),
            hashes("今天山高水长路").last()
        );
        assert_eq!(hashes("山高水长路远").len(), 2);
    }
}
