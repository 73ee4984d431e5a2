//! Which characters make a word of two with a character: what may stand before it, and what behind
//! it.
//!
//! Where one half of a word is left (湾 of 台湾), the other half is looked up here. Each list is
//! sorted by how strongly the n-grams tie the two halves together, so that whoever looks for likely
//! ones stops early.

use super::characters::{CharId, Characters, FIRST};
use super::lexicon::Lexicon;
use super::ngram::{Ngram, STEP, quantise};
use super::packed::{U16s, U32s, join, sections};

pub(crate) const PART: &str = "halves";
pub(crate) const VERSION: u32 = 1;

/// Words rarer than this are left out: ln of their share.
const RAREST: f32 = -14.5;

/// The lists. A view of the model file.
#[derive(Clone, Copy, Debug)]
pub struct Halves<'a> {
    first: List<'a>,
    second: List<'a>,
}

/// For each character, others with ln P of the second half after the first, the likeliest first.
#[derive(Clone, Copy, Debug)]
struct List<'a> {
    starts: U32s<'a>,
    characters: U16s<'a>,
    log_probs: &'a [u8],
}

impl<'a> List<'a> {
    fn of(self, id: CharId) -> impl Iterator<Item = (CharId, f32)> + 'a {
        let [start, end] = self.starts.pair(usize::from(id));
        let (start, end) = (start as usize, end as usize);
        let log_probs = self.log_probs.get(start..end).unwrap_or_default();
        let entries = log_probs.iter().zip(start..);
        entries.map(move |(&byte, at)| (self.characters.get(at), -STEP * f32::from(byte)))
    }

    fn all(self, id: CharId) -> impl Iterator<Item = CharId> + 'a {
        let [start, end] = self.starts.pair(usize::from(id));
        self.characters.slice(start as usize..end as usize)
    }
}

impl<'a> Halves<'a> {
    /// All that make a word before a character.
    pub(crate) fn all_before(self, second: CharId) -> impl Iterator<Item = CharId> + 'a {
        self.first.all(second)
    }

    /// All that make a word behind a character.
    pub(crate) fn all_behind(self, first: CharId) -> impl Iterator<Item = CharId> + 'a {
        self.second.all(first)
    }

    pub(crate) fn parse(body: &'a [u8]) -> Option<Self> {
        let [a, b, c, d, e, f] = sections(body)?;
        let list = |starts, characters, log_probs| List {
            starts: U32s(starts),
            characters: U16s(characters),
            log_probs,
        };
        Some(Self {
            first: list(a, b, c),
            second: list(d, e, f),
        })
    }

    /// What makes a word when it stands before a character, with ln P of that character behind it,
    /// the likeliest first.
    pub fn before(self, second: CharId) -> impl Iterator<Item = (CharId, f32)> + 'a {
        self.first.of(second)
    }

    /// What makes a word when it stands behind a character, with its ln P there, the likeliest
    /// first.
    pub fn behind(self, first: CharId) -> impl Iterator<Item = (CharId, f32)> + 'a {
        self.second.of(first)
    }
}

/// The lists of a lexicon.
pub(crate) fn encode(
    lexicon: Lexicon<'_>,
    ngram: Ngram<'_>,
    characters: Characters<'_>,
) -> Vec<u8> {
    let mut lists = [(); 2].map(|()| vec![Vec::new(); characters.len()]);
    for (word, spelling) in (0..).zip(lexicon.words(characters)) {
        let mut ids = spelling.chars().map(|c| characters.id(c));
        let (Some(first), Some(second), None) = (ids.next(), ids.next(), ids.next()) else {
            continue;
        };
        if first < FIRST || second < FIRST || lexicon.log_frequency(word) < RAREST {
            continue;
        }
        let byte = quantise(f64::from(ngram.bigram(first, second)));
        lists[0][usize::from(second)].push((byte, first));
        lists[1][usize::from(first)].push((byte, second));
    }
    let [first, second] = lists.map(|mut list| {
        let (mut starts, mut ids, mut bytes) = (vec![0, 0, 0, 0], Vec::new(), Vec::new());
        for entries in &mut list {
            entries.sort_unstable();
            for &(byte, id) in entries.iter() {
                ids.extend(id.to_le_bytes());
                bytes.push(byte);
            }
            starts.extend((bytes.len() as u32).to_le_bytes());
        }
        (starts, ids, bytes)
    });
    join([
        &first.0, &first.1, &first.2, &second.0, &second.1, &second.2,
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Model;

    #[test]
    fn the_other_half_of_a_word_is_found() {
        let model = Model::embedded();
        let halves = Halves::parse(model.part(PART).expect("the part")).expect("its sizes");
        let id = |c| model.characters().id(c);
        assert!(halves.before(id('湾')).any(|(first, _)| first == id('台')));
        assert!(halves.behind(id('经')).any(|(next, _)| next == id('济')));
        assert!(!halves.behind(id('湾')).any(|(next, _)| next == id('台')));
        assert!(halves.before(id('湾')).is_sorted_by(|a, b| a.1 >= b.1));
        assert!(Halves::parse(&[0xff; 64]).is_none());
    }
}
