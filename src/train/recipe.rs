//! The recipe of a model: which stages make it, in which order, from what. Declared in
//! `model/recipe.toml`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::de::IntoDeserializer;
use serde::{Deserialize, Serialize};

use super::TrainError;
use crate::said;

/// How the model that comes with the program is made.
pub(super) const STANDARD: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/model/recipe.toml"));

/// A recipe: the text and the lists it reads, and its stages in order.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// Text by the name of its register.
    #[serde(default)]
    pub text: BTreeMap<String, TextSource>,
    /// Everything else that is read, by name.
    #[serde(default)]
    pub list: BTreeMap<String, ListSource>,
    /// The stages, each after those whose parts it needs.
    pub stage: Vec<Stage>,
}

/// Text of one register.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TextSource {
    /// A file or a folder, from the data directory on.
    pub file: PathBuf,
    /// Characters that are counted at most, documents taken evenly from the whole, so that no
    /// register drowns the others.
    #[serde(default = "everything")]
    pub most: usize,
    /// Characters of these that topics are found in at most: forty directions are few, and a
    /// register far from the others takes some for itself.
    #[serde(default = "everything")]
    pub topics: usize,
    /// Short documents that stand side by side are joined up to so many characters.
    #[serde(default)]
    pub joined: usize,
}

fn everything() -> usize {
    usize::MAX
}

/// A list that is no running text.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListSource {
    /// The file, from the data directory on; if it begins with `model/`, from the folder of the
    /// recipe's parent on.
    pub file: PathBuf,
    /// What is in it.
    pub kind: ListKind,
}

/// What a list holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ListKind {
    /// Words, a word a line.
    Words,
    /// Wrong words with the right ones.
    WrongWords,
    /// Set phrases of four characters, or words among which those marked `i` are.
    Phrases,
    /// Real slips: lines with the places where they differ from the corrected ones, or printed
    /// lines with what was read.
    Pairs,
    /// Lines in which an editor removed a doubling.
    Doublings,
    /// What is known of characters: `likeness.tsv`, `sounds.tsv`, `variants.tsv` of a folder.
    Characters,
}

/// One stage.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// What is done.
    pub name: Fit,
    /// The parts of the model that it reads.
    #[serde(default)]
    pub needs: Vec<String>,
    /// The registers and lists that it reads; `text` stands for all registers.
    pub reads: Vec<String>,
    /// The parts of the model that it writes.
    pub writes: Vec<String>,
    /// Where chance begins.
    #[serde(default)]
    pub seed: u64,
    /// How large, how often.
    #[serde(default)]
    pub options: BTreeMap<String, usize>,
}

/// What a stage does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fit {
    /// Characters, n-grams, words, topics.
    Counts,
    /// What is taken for what, and when to say so.
    Spelling,
    /// Set phrases.
    Phrases,
    /// Missing and extra characters.
    Omissions,
    /// Stretches that are no language.
    Garble,
    /// Two wordings of a quotation.
    Rewordings,
    /// What stands doubled.
    Doublings,
    /// Known wrong words that may be right.
    WrongWords,
    /// Slips of the pen.
    PenSlips,
    /// Cut paragraphs and their rests.
    Breaks,
    /// Cut ends and such as never had a mark.
    Unmarked,
    /// What stands in the wrong article.
    Places,
    /// Runs of paragraphs torn in.
    Torn,
    /// What has nothing to do with the only article of its document.
    Alone,
}

impl Fit {
    /// By its name in the recipe.
    ///
    /// # Errors
    /// If no stage is called so.
    pub fn of_name(name: &str) -> Result<Self, TrainError> {
        let known = Self::deserialize(name.into_deserializer());
        known.map_err(|error: serde::de::value::Error| TrainError::Recipe(error.to_string()))
    }

    /// Its name in the recipe.
    pub fn name(self) -> &'static str {
        match self {
            Fit::Counts => "counts",
            Fit::Spelling => "spelling",
            Fit::Phrases => "phrases",
            Fit::Omissions => "omissions",
            Fit::Garble => "garble",
            Fit::Rewordings => "rewordings",
            Fit::Doublings => "doublings",
            Fit::WrongWords => "wrong-words",
            Fit::PenSlips => "pen-slips",
            Fit::Breaks => "breaks",
            Fit::Unmarked => "unmarked",
            Fit::Places => "places",
            Fit::Torn => "torn",
            Fit::Alone => "alone",
        }
    }

    /// The options that it knows, with what they are if the recipe does not say.
    fn options(self) -> &'static [(&'static str, usize)] {
        match self {
            Fit::Counts => &[
                ("bigrams", 100_000),
                ("characters", 9_000),
                ("least", 3),
                ("topics", 42_000),
                ("trigrams", 1_000_000),
                ("words", 90_000),
            ],
            Fit::Spelling => &[("damaged", 2)],
            Fit::Phrases => &[("usual", 300)],
            Fit::Breaks | Fit::Unmarked | Fit::Places | Fit::Torn | Fit::Alone => {
                &[("pages", 6_000)]
            }
            Fit::Omissions
            | Fit::Garble
            | Fit::Rewordings
            | Fit::Doublings
            | Fit::WrongWords
            | Fit::PenSlips => &[],
        }
    }
}

impl Stage {
    /// The value of an option that its fit knows.
    pub(super) fn option(&self, name: &str) -> usize {
        let known = self.name.options();
        let usual = || known.iter().find(|(n, _)| *n == name).map_or(0, |o| o.1);
        self.options.get(name).copied().unwrap_or_else(usual)
    }

    /// The options as they are recorded: every one, also those that the recipe does not name.
    pub(super) fn recorded(&self) -> BTreeMap<String, String> {
        let options = self.name.options().iter();
        let mut recorded: BTreeMap<String, String> = options
            .map(|(name, _)| ((*name).to_owned(), self.option(name).to_string()))
            .collect();
        if self.seed > 0 {
            recorded.insert("seed".to_owned(), self.seed.to_string());
        }
        recorded
    }
}

impl Recipe {
    /// The recipe of the model that comes with the program.
    ///
    /// # Errors
    /// If it contradicts itself; a test reads it.
    pub fn standard() -> Result<Self, TrainError> {
        Self::parse(STANDARD)
    }

    /// Reads the recipe of a file.
    ///
    /// # Errors
    /// As [`parse`](Self::parse), and if the file cannot be read.
    pub fn open(file: &Path) -> Result<Self, TrainError> {
        let text = std::fs::read_to_string(file).map_err(|source| TrainError::Io {
            path: file.to_owned(),
            source,
        })?;
        Self::parse(&text)
    }

    /// Reads a recipe and checks that every stage finds what it needs.
    ///
    /// # Errors
    /// With the place if it is no recipe, or contradicts itself.
    pub fn parse(text: &str) -> Result<Self, TrainError> {
        let bad = TrainError::Recipe;
        let recipe: Recipe = toml::from_str(text).map_err(|e| bad(e.to_string()))?;
        let mut written = BTreeSet::new();
        for stage in &recipe.stage {
            let name = stage.name.name();
            if let Some(part) = stage.needs.iter().find(|p| !written.contains(*p)) {
                return Err(bad(format!(
                    "stage `{name}` needs `{part}`, which no stage before it writes"
                )));
            }
            if let Some(source) = stage.reads.iter().find(|r| !recipe.knows(r)) {
                return Err(bad(format!(
                    "stage `{name}` reads `{source}`, which is neither text nor list of the recipe"
                )));
            }
            let known = stage.name.options();
            let unknown = |o: &&String| known.iter().all(|(n, _)| n != o);
            if let Some(option) = stage.options.keys().find(unknown) {
                return Err(bad(format!("stage `{name}` has no option `{option}`")));
            }
            written.extend(stage.writes.iter().cloned());
        }
        Ok(recipe)
    }

    /// The stages that are asked for, in order; all where none is.
    ///
    /// # Errors
    /// If one of them is not in the recipe.
    pub(super) fn stages(&self, only: &[Fit]) -> Result<Vec<&Stage>, TrainError> {
        let has = |fit: &Fit| self.stage.iter().any(|stage| stage.name == *fit);
        if let Some(missing) = only.iter().find(|fit| !has(fit)) {
            let name = missing.name();
            return Err(TrainError::Recipe(said!(
                "it has no stage `{name}`"; "没有 `{name}` 阶段"
            )));
        }
        let asked = |stage: &&Stage| only.is_empty() || only.contains(&stage.name);
        Ok(self.stage.iter().filter(asked).collect())
    }

    /// How the texts are taken that a stage reads.
    pub(super) fn texts_of(&self, stage: &Stage) -> BTreeMap<&String, &TextSource> {
        let reads = |name: &String| stage.reads.iter().any(|r| r == name || r == "text");
        self.text.iter().filter(|(name, _)| reads(name)).collect()
    }

    fn knows(&self, name: &str) -> bool {
        name == "text" || self.text.contains_key(name) || self.list.contains_key(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_recipe_makes_every_part_of_the_embedded_model() {
        let recipe = Recipe::standard().expect("a sound recipe");
        let mut written: Vec<&String> = recipe.stage.iter().flat_map(|s| &s.writes).collect();
        written.sort();
        let embedded = crate::model::Model::embedded();
        let mut parts: Vec<&str> = embedded.parts().iter().map(|p| p.name()).collect();
        parts.retain(|p| *p != "provenance");
        parts.sort_unstable();
        assert_eq!(written, parts);
    }

    #[test]
    fn a_recipe_that_contradicts_itself_is_refused() {
        let of = |stage: &str| Recipe::parse(&format!("[[stage]]\n{stage}"));
        let said = |stage: &str| of(stage).expect_err("refused").to_string();
        let early = "name = 'garble'\nneeds = ['ngram']\nreads = ['text']\nwrites = ['garbled']";
        assert!(said(early).contains("needs `ngram`"));
        let nowhere = "name = 'garble'\nreads = ['poems']\nwrites = ['garbled']";
        assert!(said(nowhere).contains("reads `poems`"));
        let odd = "name = 'garble'\nreads = ['text']\nwrites = []\noptions = { size = 1 }";
        assert!(said(odd).contains("no option `size`"));
        assert!(said("name = 'guess'").contains("guess"));
        let counts = of("name = 'counts'\nreads = []\nwrites = ['ngram']").expect("sound");
        assert_eq!(counts.stages(&[]).expect("all").len(), 1);
        let error = counts.stages(&[Fit::Garble]).expect_err("it has none");
        assert!(error.to_string().contains("no stage `garble`"));
    }
}
