//! General knowledge of characters, which no text teaches: which look alike, which sound alike,
//! which are forms of the same. From the lists beside the recipe, or from a model that was made
//! with them.

use std::path::Path;

use super::TrainError;
use crate::model::Model;
use crate::model::confusables::{self, Confusables, Sources};
use crate::model::variants::{self, Form};

/// General knowledge of characters.
#[derive(Debug, Default)]
pub(super) struct CharacterLists {
    likeness: Vec<(char, char, u8)>,
    sounds: Vec<(char, Vec<String>)>,
    /// What was counted by whoever made the list.
    counts: Vec<(char, char, u32)>,
    /// The part `variants`.
    forms: Vec<u8>,
}

impl CharacterLists {
    /// Reads `likeness.tsv`, `sounds.tsv` and `variants.tsv` of a directory.
    ///
    /// # Errors
    /// If one cannot be read or has a line of another shape.
    pub(super) fn read(directory: &Path) -> Result<Self, TrainError> {
        let mut lists = Self::default();
        let (mut forms, mut simple) = (Vec::new(), Vec::new());
        each_line(&directory.join("likeness.tsv"), |fields| {
            let (Some(of), [_, others, scores]) = (single(fields[0]), fields) else {
                return None;
            };
            for (other, score) in others.chars().zip(scores.split(' ')) {
                lists.likeness.push((of, other, score.parse().ok()?));
            }
            Some(())
        })?;
        each_line(&directory.join("sounds.tsv"), |fields| {
            let [of, sounds] = fields else { return None };
            lists
                .sounds
                .push((single(of)?, sounds.split(' ').map(str::to_owned).collect()));
            Some(())
        })?;
        each_line(&directory.join("variants.tsv"), |fields| {
            let [form, ordinary, home] = fields else {
                return None;
            };
            let (form, ordinary) = (single(form)?, single(ordinary)?);
            match *home {
                "s" => simple.push((form, ordinary)),
                "t" => forms.push((form, ordinary, Form::Traditional)),
                "j" => forms.push((form, ordinary, Form::Japanese)),
                "o" => forms.push((form, ordinary, Form::Old)),
                _ => return None,
            }
            Some(())
        })?;
        lists.forms = variants::encode(&forms, &simple);
        Ok(lists)
    }

    /// What a model knows of characters.
    pub(super) fn of(model: &Model) -> Self {
        let mut lists = Self {
            forms: model.part(variants::PART).unwrap_or_default().to_vec(),
            ..Self::default()
        };
        let table = model.part(confusables::PART).and_then(Confusables::parse);
        let Some(table) = table else { return lists };
        for wrong in '\u{4e00}'..='\u{9fff}' {
            for other in table.alternatives(wrong) {
                let Some(right) = model.characters().character(other.right) else {
                    continue;
                };
                if let Some(likeness) = other.likeness {
                    let tenths = ((likeness + 6.0) * 10.0).round() as u8;
                    lists.likeness.push((wrong, right, tenths));
                }
                if other.count > 0 {
                    lists.counts.push((wrong, right, u32::from(other.count)));
                }
            }
            let sounds = table.sounds(wrong).map(|number| format!("{number:04}"));
            lists.sounds.push((wrong, sounds.collect()));
        }
        lists
    }

    /// The part `variants`.
    pub(super) fn forms(&self) -> Vec<u8> {
        self.forms.clone()
    }

    /// What the table of confusable characters is made from, with what was counted.
    pub(super) fn sources(&self, counted: Vec<(char, char, u32)>) -> Sources {
        Sources {
            likeness: self.likeness.clone(),
            sounds: self.sounds.clone(),
            counts: self.counts.iter().copied().chain(counted).collect(),
        }
    }
}

fn each_line(file: &Path, mut take: impl FnMut(&[&str]) -> Option<()>) -> Result<(), TrainError> {
    let failed = |source| TrainError::Io {
        path: file.to_owned(),
        source,
    };
    let content = std::fs::read_to_string(file).map_err(failed)?;
    for (line, text) in content.lines().enumerate() {
        let fields: Vec<&str> = text.split('\t').collect();
        let odd =
            || std::io::Error::other(format!("line {}: not the fields of this list", line + 1));
        take(&fields).ok_or_else(|| failed(odd()))?;
    }
    Ok(())
}

fn single(text: &str) -> Option<char> {
    let mut characters = text.chars();
    characters.next().filter(|_| characters.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_hands_on_what_it_knows_of_characters() {
        let model = Model::embedded();
        let sources = CharacterLists::of(model).sources(Vec::new());
        let again = sources.encode(model.characters(), |c| model.ngram().frequency(c));
        let (before, after) = (model.part(confusables::PART), Confusables::parse(&again));
        let before = before.and_then(Confusables::parse).expect("the part");
        let after = after.expect("just encoded");
        for wrong in "杜间健末".chars() {
            let list = |table: Confusables<'_>| {
                let mut list: Vec<_> = table.alternatives(wrong).collect();
                list.sort_by_key(|a| a.right);
                list
            };
            assert_eq!(list(before), list(after), "{wrong}");
        }
        assert!(after.sound_alike('在', '再') && !after.sound_alike('在', '社'));
    }
}
