//! Pairs of characters that recognisers and writers take for each other, and set phrases.
//!
//! The pairs that come with the generator are general knowledge. Lists and aligned corrections
//! given on the command line add pairs counted in real text and the look-alike and sound-alike sets
//! that the tools of the field use.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use crate::han::{is_han, length};
use crate::random::Random;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Origin {
    /// Counted in recognised print.
    Counted,
    /// Looks alike.
    Shape,
    /// Sounds alike.
    Sound,
}

impl Origin {
    /// The kind of damage that it makes.
    pub fn name(self) -> &'static str {
        match self {
            Self::Counted => "counted",
            Self::Shape => "shape",
            Self::Sound => "sound",
        }
    }
}

/// Right character → wrong ones with a weight, for each origin.
#[derive(Default)]
pub struct Confusions {
    pairs: BTreeMap<(Origin, char), Vec<(char, u32)>>,
    phrases: HashSet<String>,
}

impl Confusions {
    /// The pairs and set phrases of the generator itself.
    pub fn own() -> Self {
        let mut all = Self::default();
        let mut origin = Origin::Counted;
        for line in include_str!("confusions.txt").lines() {
            match line {
                "[shape]" => origin = Origin::Shape,
                "[sound]" => origin = Origin::Sound,
                _ => {
                    for pair in line.split_whitespace() {
                        let mut chars = pair.chars();
                        if let (Some(right), Some(wrong)) = (chars.next(), chars.next()) {
                            all.add(origin, right, wrong, 1);
                        }
                    }
                }
            }
        }
        all.phrases = include_str!("phrases.txt")
            .split_whitespace()
            .map(str::to_owned)
            .collect();
        all
    }

    fn add(&mut self, origin: Origin, right: char, wrong: char, count: u32) {
        if right != wrong && is_han(right) && is_han(wrong) {
            self.pairs
                .entry((origin, right))
                .or_default()
                .push((wrong, count));
        }
    }

    /// Reads a list: `wrong TAB right TAB count`, a JSON object of look-alikes, or lines of aligned
    /// corrections (`{"src": …, "tgt": …}`). They replace what the generator brought along for that
    /// origin.
    pub fn read(&mut self, origin: Origin, path: &Path) -> std::io::Result<()> {
        let text = std::fs::read_to_string(path)?;
        self.pairs.retain(|&(of, _), _| of != origin);
        match path.extension().and_then(|ext| ext.to_str()) {
            Some("json") => {
                let sets: BTreeMap<String, Vec<String>> = serde_json::from_str(&text)?;
                for (right, others) in &sets {
                    for wrong in others.iter().filter_map(|other| other.chars().next()) {
                        right
                            .chars()
                            .next()
                            .into_iter()
                            .for_each(|right| self.add(origin, right, wrong, 1));
                    }
                }
            }
            Some("jsonl") => {
                for line in text.lines() {
                    let pair: serde_json::Value = serde_json::from_str(line)?;
                    let side = |name: &str| pair[name].as_str().unwrap_or_default().to_owned();
                    let (wrong, right) = (side("src"), side("tgt"));
                    if length(&wrong) == length(&right) {
                        right
                            .chars()
                            .zip(wrong.chars())
                            .for_each(|(right, wrong)| self.add(origin, right, wrong, 1));
                    }
                }
            }
            _ => {
                for line in text.lines() {
                    let mut fields = line.split('\t');
                    let mut character = || fields.next().and_then(|field| field.chars().next());
                    if let (Some(wrong), Some(right)) = (character(), character()) {
                        let count = line
                            .split('\t')
                            .nth(2)
                            .and_then(|field| field.trim().parse().ok())
                            .unwrap_or(1);
                        self.add(origin, right, wrong, count);
                    }
                }
            }
        }
        Ok(())
    }

    /// Adds the set phrases of four characters of a list.
    pub fn read_phrases(&mut self, path: &Path) -> std::io::Result<()> {
        let text = std::fs::read_to_string(path)?;
        let words = text
            .lines()
            .filter_map(|line| line.split_whitespace().next());
        self.phrases
            .extend(words.filter(|word| length(word) == 4).map(str::to_owned));
        Ok(())
    }

    pub fn is_phrase(&self, text: &str) -> bool {
        self.phrases.contains(text)
    }

    /// A wrong character for `right`, drawn by its weight.
    pub fn from(&self, origin: Origin, right: char, random: &mut Random) -> Option<char> {
        let others = self.pairs.get(&(origin, right))?;
        let total: u32 = others.iter().map(|&(_, count)| count).sum();
        let mut ticket = random.below(total as usize) as u32;
        others
            .iter()
            .find(|&&(_, count)| {
                let hit = ticket < count;
                ticket = ticket.saturating_sub(count);
                hit
            })
            .map(|&(wrong, _)| wrong)
    }

    /// A wrong character for `right` of any origin.
    pub fn any(&self, right: char, random: &mut Random) -> Option<char> {
        let mut origins = [Origin::Counted, Origin::Shape, Origin::Sound];
        random.shuffle(&mut origins);
        origins
            .into_iter()
            .find_map(|origin| self.from(origin, right, random))
    }
}
