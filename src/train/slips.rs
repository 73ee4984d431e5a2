//! Damage as recognisers and typists do it, to fit on.

use super::random::Random;
use crate::model::Model;
use crate::model::characters::CharId;
use crate::model::confusables::{self, Confusables};
use crate::model::reader::Reader;

/// Makes slips by the confusable characters of a model.
#[derive(Debug)]
pub struct Slips<'m> {
    reader: Reader<'m>,
    confusables: Confusables<'m>,
    /// For each character by number, what it is taken for, with how readily.
    taken_for: Vec<Vec<(char, f32)>>,
}

/// What looks like another character but is rarer than this (ln of its share) is seldom set.
const RARE: f32 = -13.0;

impl<'m> Slips<'m> {
    /// By the confusable characters of a model; `None` if it has none.
    #[must_use]
    pub fn of(model: &'m Model) -> Option<Self> {
        let reader = model.reader();
        let confusables = model.part(confusables::PART).and_then(Confusables::parse)?;
        let mut taken_for = vec![Vec::new(); reader.characters.len()];
        for wrong in '\u{4e00}'..='\u{9fff}' {
            let read = reader.characters.character(reader.characters.id(wrong));
            // a form of the other script is read as the ordinary one: that is no slip
            if read.is_some_and(|c| c != wrong) {
                continue;
            }
            let rare = reader.ngram.frequency(reader.characters.id(wrong)) < RARE;
            for alternative in confusables.alternatives(wrong) {
                let counted = f32::from(alternative.count).min(30.0);
                let likely = alternative
                    .likeness
                    .map_or(0.0, |l| (l + 3.0).clamp(0.0, 8.0));
                let weight = (counted + likely) * if rare { 0.1 } else { 1.0 };
                if let Some(list) = taken_for
                    .get_mut(usize::from(alternative.right))
                    .filter(|_| weight > 0.5)
                {
                    list.push((wrong, weight));
                }
            }
        }
        Some(Self {
            reader,
            confusables,
            taken_for,
        })
    }

    /// What a character may be taken for: mostly what looks like it or sounds like it, sometimes
    /// anything.
    pub fn other(&self, right: char, random: &mut Random) -> Option<char> {
        match random.below(20) {
            0..10 => self.look_alike(right, random),
            10..19 => self.sound_alike(right, random),
            _ => self.anything(random),
        }
        .filter(|&wrong| wrong != right)
    }

    /// What a character is misread or mistyped as in running text: mostly what looks like it.
    pub fn misread(&self, right: char, random: &mut Random) -> Option<char> {
        let wrong = match random.below(100) {
            0..70 => self.look_alike(right, random),
            70..92 => self.sound_alike(right, random),
            _ => self.anything(random),
        };
        wrong.filter(|&wrong| wrong != right)
    }

    fn look_alike(&self, right: char, random: &mut Random) -> Option<char> {
        let id = self.reader.characters.id(right);
        let list = self.taken_for.get(usize::from(id))?;
        let total: f32 = list.iter().map(|c| c.1).sum();
        let mut left = total * random.below(1 << 16) as f32 / 65536.0;
        let mut each = list.iter();
        let taken = each.find(|c| {
            left -= c.1;
            left < 0.0
        });
        taken.map(|c| c.0)
    }

    fn sound_alike(&self, right: char, random: &mut Random) -> Option<char> {
        let alike: Vec<CharId> = self.confusables.homophones(right).collect();
        let id = *alike.get(random.below(alike.len()))?;
        self.reader.characters.character(id)
    }

    /// A usual character.
    pub fn anything(&self, random: &mut Random) -> Option<char> {
        self.reader
            .characters
            .character((5 + random.below(2500)) as CharId)
            .filter(|&c| crate::text::is_han(c))
    }

    /// A character that is in the model, however rare.
    pub fn whatever(&self, random: &mut Random) -> Option<char> {
        let characters = self.reader.characters;
        characters
            .character(random.below(characters.len()) as CharId)
            .filter(|&c| crate::text::is_han(c))
    }

    /// A phrase with one slip.
    pub fn phrase(&self, right: &str, random: &mut Random) -> Option<String> {
        let mut characters: Vec<char> = right.chars().collect();
        let at = random.below(characters.len());
        match random.below(20) {
            0..11 => characters[at] = self.other(characters[at], random)?,
            11..16 => {
                characters.remove(at);
            }
            16 => characters.insert(at, self.anything(random)?),
            _ if at + 1 < characters.len() => characters.swap(at, at + 1),
            _ => return None,
        }
        let wrong: String = characters.into_iter().collect();
        (wrong != right).then_some(wrong)
    }
}
