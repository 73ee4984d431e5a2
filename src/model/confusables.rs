//! Which characters are taken for which: the noisy channel of recognisers and typists.
//!
//! For a character that stands in the text, the table lists those that may have stood there
//! instead, with two pieces of evidence kept apart: how often the pair was counted in aligned
//! texts, and how alike the two look (a fitted log-odds from strokes, components and pictures of
//! the glyphs), which is all there is to say of a pair that was never counted. Beside it, the
//! syllables of each character: what sounds alike is confused by those who type.

use super::characters::{CharId, Characters};
use super::packed::{U16s, U32s, join, sections};

pub(crate) const PART: &str = "confusables";
pub(crate) const VERSION: u32 = 1;

/// The Unified Ideographs of the basic block.
const FIRST: u32 = 0x4E00;
const COUNT: usize = 0xA000 - 0x4E00;
/// Bytes of an entry: right character (u16), likeness, count.
const ENTRY: usize = 4;
/// Syllables kept of a character.
const SYLLABLES: usize = 2;

/// What may have stood where another character stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Alternative {
    /// The character that may be right.
    pub right: CharId,
    /// How alike the two look, as log-odds of being confused; `None` if they are not known to look
    /// alike.
    pub likeness: Option<f32>,
    /// How often the pair was counted in aligned texts, 255 at most.
    pub count: u8,
}

/// The table of confusable characters. A view of the model file.
#[derive(Clone, Copy, Debug)]
pub struct Confusables<'a> {
    starts: U32s<'a>,
    entries: &'a [u8],
    syllables: U16s<'a>,
    homophone_starts: U32s<'a>,
    homophones: U16s<'a>,
}

impl<'a> Confusables<'a> {
    pub(crate) fn parse(body: &'a [u8]) -> Option<Self> {
        let [starts, entries, syllables, homophone_starts, homophones] = sections(body)?;
        let table = Self {
            starts: U32s(starts),
            entries,
            syllables: U16s(syllables),
            homophone_starts: U32s(homophone_starts),
            homophones: U16s(homophones),
        };
        let whole = table.starts.len() == COUNT + 1 && table.syllables.len() == COUNT * SYLLABLES;
        whole.then_some(table)
    }

    /// What is counted for, or looks like, a character in the text.
    #[inline]
    pub fn alternatives(self, wrong: char) -> impl Iterator<Item = Alternative> + use<'a> {
        let range = slot(wrong).map_or(0..0, |i| {
            self.starts.get(i) as usize * ENTRY..self.starts.get(i + 1) as usize * ENTRY
        });
        self.entries
            .get(range)
            .unwrap_or_default()
            .chunks_exact(ENTRY)
            .map(|e| Alternative {
                right: u16::from_le_bytes([e[0], e[1]]),
                likeness: (e[2] > 0).then(|| f32::from(e[2]) / 10.0 - 6.0),
                count: e[3],
            })
    }

    /// The entry of a pair, if there is one.
    pub fn pair(self, wrong: char, right: CharId) -> Option<Alternative> {
        self.alternatives(wrong).find(|a| a.right == right)
    }

    /// Whether two characters share a syllable, tones aside.
    pub fn sound_alike(self, a: char, b: char) -> bool {
        let (a, b) = (self.syllables_of(a), self.syllables_of(b));
        a.iter().any(|s| *s != 0 && b.contains(s))
    }

    /// The characters that share a syllable with this one, the usual ones.
    #[inline]
    pub fn homophones(self, of: char) -> impl Iterator<Item = CharId> + use<'a> {
        self.syllables_of(of)
            .into_iter()
            .filter(|&s| s != 0)
            .flat_map(move |s| {
                let s = usize::from(s);
                let (start, end) = (
                    self.homophone_starts.get(s),
                    self.homophone_starts.get(s + 1),
                );
                (start..end).map(move |i| self.homophones.get(i as usize))
            })
    }

    /// The numbers of a character's syllables, the usual one first.
    pub(crate) fn sounds(self, of: char) -> impl Iterator<Item = u16> {
        self.syllables_of(of)
            .into_iter()
            .filter(|&sound| sound != 0)
    }

    fn syllables_of(self, of: char) -> [u16; SYLLABLES] {
        slot(of).map_or([0; SYLLABLES], |i| {
            std::array::from_fn(|k| self.syllables.get(i * SYLLABLES + k))
        })
    }
}

fn slot(character: char) -> Option<usize> {
    let index = (character as u32).checked_sub(FIRST)? as usize;
    (index < COUNT).then_some(index)
}

/// What the table is made from.
#[derive(Debug, Default)]
pub(crate) struct Sources {
    /// (character in the text, what it looks like, likeness in tenths of a nat above −6).
    pub(crate) likeness: Vec<(char, char, u8)>,
    /// (character, its syllables without tones, the usual one first).
    pub(crate) sounds: Vec<(char, Vec<String>)>,
    /// (wrong, right, how often).
    pub(crate) counts: Vec<(char, char, u32)>,
}

/// How common a character must be to be offered for its sound: ln of its share.
const USUAL: f32 = -13.0;

impl Sources {
    /// Lays the part out for the characters of a model; `frequency` is ln of a character's share in
    /// the training text.
    pub(crate) fn encode(
        &self,
        characters: Characters<'_>,
        frequency: impl Fn(CharId) -> f32,
    ) -> Vec<u8> {
        let mut lists: Vec<Vec<(CharId, u8, u8)>> = vec![Vec::new(); COUNT];
        let known =
            |c: char| Some(characters.id(c)).filter(|&id| characters.character(id) == Some(c));
        let pairs = self
            .likeness
            .iter()
            .map(|&(w, r, l)| (w, r, l.max(1), 0))
            .chain(
                self.counts
                    .iter()
                    .map(|&(w, r, n)| (w, r, 0, n.min(255) as u8)),
            );
        for (wrong, right, likeness, count) in pairs {
            let (Some(slot), Some(right)) = (slot(wrong), known(right)) else {
                continue;
            };
            match lists[slot].iter_mut().find(|e| e.0 == right) {
                Some(entry) => (entry.1, entry.2) = (entry.1.max(likeness), entry.2.max(count)),
                None => lists[slot].push((right, likeness, count)),
            }
        }
        let mut starts = vec![0_u32];
        let mut entries = Vec::new();
        for list in &lists {
            for &(right, likeness, count) in list {
                entries.extend(right.to_le_bytes());
                entries.extend([likeness, count]);
            }
            starts.push((entries.len() / ENTRY) as u32);
        }
        let mut names: Vec<&str> = self
            .sounds
            .iter()
            .flat_map(|s| s.1.iter().map(String::as_str))
            .collect();
        names.sort_unstable();
        names.dedup();
        let mut syllables = vec![0_u16; COUNT * SYLLABLES];
        let mut alike: Vec<Vec<CharId>> = vec![Vec::new(); names.len() + 1];
        for (character, sounds) in &self.sounds {
            let Some(slot) = slot(*character) else {
                continue;
            };
            for (k, sound) in sounds.iter().take(SYLLABLES).enumerate() {
                // number 0 means "no syllable"
                let number = names.binary_search(&sound.as_str()).map_or(0, |at| at + 1);
                syllables[slot * SYLLABLES + k] = number as u16;
                if let Some(id) = known(*character).filter(|&id| frequency(id) > USUAL) {
                    alike[number].push(id);
                }
            }
        }
        let mut homophone_starts = vec![0_u32];
        for list in &mut alike {
            list.sort_unstable();
            homophone_starts.push(homophone_starts[homophone_starts.len() - 1] + list.len() as u32);
        }
        let words = |list: &[u32]| {
            list.iter()
                .flat_map(|n| n.to_le_bytes())
                .collect::<Vec<u8>>()
        };
        join([
            &words(&starts),
            &entries,
            &syllables
                .iter()
                .flat_map(|n| n.to_le_bytes())
                .collect::<Vec<u8>>(),
            &words(&homophone_starts),
            &alike
                .iter()
                .flatten()
                .flat_map(|n| n.to_le_bytes())
                .collect::<Vec<u8>>(),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::characters;

    #[test]
    fn keeps_counts_shapes_and_sounds_apart() {
        let numbering = characters::encode(&['己', '追', '迫', '级', '机', '已'], |c| c);
        let characters = Characters::parse(&numbering).expect("just encoded");
        let sources = Sources {
            likeness: vec![('已', '己', 160), ('追', '迫', 120), ('已', '龘', 90)],
            sounds: vec![
                ('己', vec!["ji".into()]),
                ('级', vec!["ji".into()]),
                ('机', vec!["ji".into()]),
            ],
            counts: vec![('已', '己', 658), ('迫', '追', 3)],
        };
        let body = sources.encode(characters, |_| -5.0);
        let table = Confusables::parse(&body).expect("just encoded");
        let id = |c| characters.id(c);
        // 龘 is not known to the model and cannot be proposed
        let found: Vec<_> = table.alternatives('已').collect();
        assert_eq!(
            found,
            [Alternative {
                right: id('己'),
                likeness: Some(10.0),
                count: 255
            }]
        );
        assert_eq!(table.pair('追', id('迫')).map(|a| a.count), Some(0));
        assert_eq!(table.pair('迫', id('追')).map(|a| a.likeness), Some(None));
        assert!(table.sound_alike('级', '机') && !table.sound_alike('级', '追'));
        assert!(table.homophones('级').eq([id('己'), id('级'), id('机')]));
        assert_eq!(table.alternatives('a').count(), 0);
        assert!(Confusables::parse(&body[..body.len() - 1]).is_none());
    }
}
