//! Word lists: which words to count, what kinds they are, and which known wrong ones to keep out.
//!
//! A list is a text file with a word a line; what follows the word after white space is its
//! frequency and part of speech (jieba) or something else. What its words are is told by the name
//! of the file: `chengyu` idioms, `diming` places, `ming` persons, `gongwen` official terms.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::TrainError;
use super::corpus::is_han;
use crate::model::Model;
use crate::model::lexicon::{Kinds, LONGEST};
use crate::model::provenance::Source;

/// Words that may go into the lexicon, with their kinds.
#[derive(Debug, Default)]
pub(crate) struct WordLists {
    pub(crate) kinds: BTreeMap<String, Kinds>,
    /// Wrong spellings with the right ones.
    pub(crate) wrong: Vec<(String, String)>,
    pub(crate) sources: Vec<Source>,
}

impl WordLists {
    pub(crate) fn read(lexicons: &[PathBuf], wrong_words: &[PathBuf]) -> Result<Self, TrainError> {
        let mut lists = WordLists::default();
        for path in lexicons {
            let content = lists.load(path)?;
            let kind = kind_of_list(&file_name(path));
            // some lists end their lines with carriage returns alone, or hold none at all
            for line in content.split(['\n', '\r']) {
                lists.add(line, kind);
            }
        }
        for path in wrong_words {
            let content = lists.load(path)?;
            lists.wrong.extend(
                content
                    .lines()
                    .filter_map(|line| wrong_word(line, &file_name(path))),
            );
        }
        lists.wrong.sort();
        lists.wrong.dedup();
        Ok(lists)
    }

    /// Adds the words of a model.
    pub(super) fn add_all_of(&mut self, model: &Model) {
        let lexicon = model.lexicon();
        for (word, number) in lexicon.words(model.characters()).into_iter().zip(0..) {
            let kinds = self.kinds.entry(word).or_default();
            *kinds = *kinds | lexicon.kinds(number);
        }
    }

    fn load(&mut self, path: &Path) -> Result<String, TrainError> {
        let bytes = std::fs::read(path).map_err(|source| TrainError::Io {
            path: path.to_owned(),
            source,
        })?;
        self.sources.push(Source {
            name: file_name(path),
            bytes: bytes.len() as u64,
            crc32: format!("{:08x}", crate::model::container::checksum(&bytes)),
            characters: 0,
        });
        Ok(String::from_utf8_lossy(&bytes)
            .trim_start_matches('\u{feff}')
            .to_owned())
    }

    fn add(&mut self, line: &str, kind: Kinds) {
        let mut fields = line.split_whitespace();
        let Some(word) = fields.next() else { return };
        let length = word.chars().count();
        if length > LONGEST
            || !word
                .chars()
                .all(|character| is_han(u16::try_from(character as u32).unwrap_or(0)))
        {
            return;
        }
        let part_of_speech = fields
            .nth(1)
            .map_or(Kinds::default(), |tag| kind_of_tag(tag, length));
        let kinds = self.kinds.entry(word.to_owned()).or_default();
        *kinds = *kinds | kind | part_of_speech;
    }
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

fn kind_of_list(name: &str) -> Kinds {
    let kinds = [
        ("chengyu", Kinds::IDIOM),
        ("diming", Kinds::PLACE),
        ("renming", Kinds::PERSON),
        ("mingren", Kinds::PERSON),
        ("gongwen", Kinds::OFFICIAL),
    ];
    kinds
        .into_iter()
        .find(|(part, _)| name.contains(part))
        .map_or(Kinds::default(), |(_, kind)| kind)
}

/// The tags of jieba's dictionary (after the ICTCLAS set).
fn kind_of_tag(tag: &str, length: usize) -> Kinds {
    match tag {
        "nr" | "nrt" | "nrfg" => Kinds::PERSON,
        "ns" => Kinds::PLACE,
        "nt" => Kinds::ORGANISATION,
        "i" | "l" if length == 4 => Kinds::IDIOM,
        "m" | "mq" => Kinds::NUMERAL,
        "q" => Kinds::CLASSIFIER,
        "c" | "p" | "r" | "e" | "y" | "o" => Kinds::FUNCTION,
        _ => match tag.as_bytes().first() {
            Some(b'u') => Kinds::FUNCTION,
            Some(b'd') => Kinds::ADVERB,
            Some(b'v') => Kinds::VERB,
            Some(b'a' | b'z') => Kinds::ADJECTIVE,
            Some(b'n') => Kinds::NOUN,
            _ => Kinds::default(),
        },
    }
}

/// A line of a list of wrong words: `wrong right`, `"wrong": "right",` or, in lists of variants,
/// `right-wrong`.
fn wrong_word(line: &str, name: &str) -> Option<(String, String)> {
    let words: Vec<String> = line
        .split(|character: char| !is_han(u16::try_from(character as u32).unwrap_or(0)))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    let [first, second] = words.try_into().ok()?;
    let (wrong, right) = if name.ends_with(".txt") && line.contains('-') {
        (second, first)
    } else {
        (first, second)
    };
    (wrong.chars().count() > 1 && wrong != right).then_some((wrong, right))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_lists() {
        let mut lists = WordLists::default();
        for line in [
            "北京 34488 ns",
            "渐渐 1021 d",
            "A股 3 n",
            "",
            "坚定不移 \t 54113",
        ] {
            lists.add(line, Kinds::default());
        }
        assert_eq!(
            lists.kinds.keys().map(String::as_str).collect::<Vec<_>>(),
            ["北京", "坚定不移", "渐渐"]
        );
        assert!(lists.kinds["北京"].any(Kinds::PLACE) && lists.kinds["渐渐"].any(Kinds::ADVERB));
    }

    #[test]
    fn lines_of_wrong_words() {
        let pair = |wrong: &str, right: &str| Some((wrong.to_owned(), right.to_owned()));
        assert_eq!(
            wrong_word("再接再励 再接再厉", "a.txt"),
            pair("再接再励", "再接再厉")
        );
        assert_eq!(
            wrong_word("    \"关健\": \"关键\",", "a.json"),
            pair("关健", "关键")
        );
        assert_eq!(wrong_word("辈分-辈份", "a.txt"), pair("辈份", "辈分"));
        assert_eq!(wrong_word("{", "a.json"), None);
    }
}
