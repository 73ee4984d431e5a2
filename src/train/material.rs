//! What a model is made from: text by register, lists, pairs; read once for all stages.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::TrainError;
use super::doublings::{self, Edited};
use super::lists::CharacterLists;
use super::pairs::Pairs;
use super::recipe::{ListKind, Recipe, Stage};
use super::texts::Texts;
use super::word_lists::WordLists;
use crate::model::Model;
use crate::model::phrases::{self, Phrases};
use crate::model::provenance::Source;
use crate::said;

/// Everything that stages read.
#[derive(Debug)]
pub struct Material {
    pub(super) texts: Vec<Texts>,
    pub(super) characters: CharacterLists,
    pub(super) words: WordLists,
    /// Set phrases; whether each is kept even if no text has it.
    pub(super) phrases: Vec<(String, bool)>,
    pub(super) wrong: HashSet<String>,
    pub(super) pairs: Vec<Pairs>,
    pub(super) doublings: Vec<Edited>,
    /// Where the lists came from, by their names in the recipe.
    sources: Vec<(String, Source)>,
    /// Whether the registers are those of the recipe; else every stage reads all there are.
    named: bool,
    /// How many threads may be used. The outcome is the same.
    pub(super) threads: usize,
}

/// What a user gives to train on.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// Text: files and folders.
    pub corpora: Vec<PathBuf>,
    /// Word lists.
    pub lexicons: Vec<PathBuf>,
    /// Lists of wrong words with the right ones.
    pub wrong_words: Vec<PathBuf>,
    /// Pairs of what was read or typed and what is right.
    pub pairs: Vec<PathBuf>,
    /// How many threads to use.
    pub threads: usize,
}

impl Material {
    /// Reads what a recipe names: `data` is the data directory, `home` the folder that holds
    /// `model/`.
    ///
    /// # Errors
    /// If a file cannot be read.
    pub fn of_recipe(
        recipe: &Recipe,
        data: &Path,
        home: &Path,
        threads: usize,
        tell: &mut dyn FnMut(&str),
    ) -> Result<Self, TrainError> {
        let mut material = Self::empty(threads);
        for (name, source) in &recipe.text {
            tell(&said!("reading {name}"; "读取 {name}"));
            let path = [data.join(&source.file)];
            let mut texts = Texts::read(name, &path, source.most, source.joined)?;
            texts.topics = Some(source.topics).filter(|most| *most < usize::MAX);
            material.texts.push(texts);
        }
        let place = |file: &Path| {
            let root = if file.starts_with("model") {
                home
            } else {
                data
            };
            root.join(file)
        };
        let of_kind = |kind: ListKind| recipe.list.iter().filter(move |(_, l)| l.kind == kind);
        let mut named = Vec::new();
        for (name, list) in &recipe.list {
            let file = place(&list.file);
            match list.kind {
                ListKind::Characters => {
                    material.characters = CharacterLists::read(&file)?;
                    for list in ["likeness.tsv", "sounds.tsv", "variants.tsv"] {
                        named.push((name.clone(), source(&file.join(list))?));
                    }
                }
                ListKind::Pairs => {
                    let (pairs, source) = Pairs::read(name, &file)?;
                    material.pairs.push(pairs);
                    named.push((name.clone(), source));
                }
                ListKind::Doublings => {
                    let (lines, source) = doublings::read(&file)?;
                    material.doublings.extend(lines);
                    named.push((name.clone(), source));
                }
                ListKind::Phrases => {
                    material.read_phrases(&file)?;
                    named.push((name.clone(), source(&file)?));
                }
                ListKind::Words | ListKind::WrongWords => {
                    named.push((name.clone(), source(&file)?))
                }
            }
        }
        let files = |kind| {
            of_kind(kind)
                .map(|(_, l)| place(&l.file))
                .collect::<Vec<_>>()
        };
        let wrong_words = files(ListKind::WrongWords);
        material.words = WordLists::read(&files(ListKind::Words), &wrong_words)?;
        material.wrong = material.words.wrong.iter().map(|w| w.0.clone()).collect();
        material.sources = named;
        material.named = true;
        Ok(material)
    }

    /// Reads what a user gives; what text alone does not teach comes from the embedded model.
    ///
    /// # Errors
    /// If a file cannot be read.
    pub fn given(given: &Given, tell: &mut dyn FnMut(&str)) -> Result<Self, TrainError> {
        let model = Model::embedded();
        let mut material = Self::empty(given.threads);
        tell(&said!("reading"; "读取"));
        let mut texts = Texts::read("text", &given.corpora, usize::MAX, 0)?;
        texts.share();
        material.texts.push(texts);
        material.characters = CharacterLists::of(model);
        material.words = WordLists::read(&given.lexicons, &given.wrong_words)?;
        material.words.add_all_of(model);
        material.wrong = material.words.wrong.iter().map(|w| w.0.clone()).collect();
        for file in &given.pairs {
            let name = file.file_stem().unwrap_or_default().to_string_lossy();
            let (pairs, source) = Pairs::read(&name, file)?;
            material.pairs.push(pairs);
            material.sources.push(("pairs".to_owned(), source));
        }
        let table = model.part(phrases::PART).and_then(Phrases::parse);
        if let Some(table) = table {
            let all = (0..table.len()).map(|number| (table.text(number), true));
            material.phrases = all.collect();
        }
        for source in &material.words.sources {
            material.sources.push(("words".to_owned(), source.clone()));
        }
        Ok(material)
    }

    fn empty(threads: usize) -> Self {
        Material {
            texts: Vec::new(),
            characters: CharacterLists::default(),
            words: WordLists::default(),
            phrases: Vec::new(),
            wrong: HashSet::new(),
            pairs: Vec::new(),
            doublings: Vec::new(),
            sources: Vec::new(),
            named: false,
            threads,
        }
    }

    /// Set phrases: of a list with parts of speech only idioms; of one with counts alone (it counts
    /// wider reading than the texts) the usual ones are kept whatever the texts hold.
    fn read_phrases(&mut self, file: &Path) -> Result<(), TrainError> {
        const USUAL: u32 = 300;
        let content = std::fs::read_to_string(file).map_err(|source| TrainError::Io {
            path: file.to_owned(),
            source,
        })?;
        for line in content.lines() {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let Some(word) = fields.first() else { continue };
            if fields.get(2).is_none_or(|&kind| kind == "i") {
                let count = fields.get(1).and_then(|n| n.parse().ok()).unwrap_or(0);
                let usual = fields.len() == 2 && count >= USUAL;
                self.phrases.push(((*word).to_owned(), usual));
            }
        }
        Ok(())
    }

    /// The registers that a stage reads.
    pub(super) fn texts_of(&self, stage: &Stage) -> Vec<&Texts> {
        let reads = |name: &str| stage.reads.iter().any(|r| r == name);
        let all = !self.named || reads("text");
        self.texts
            .iter()
            .filter(|t| all || reads(&t.name))
            .collect()
    }

    /// What a stage reads, as it is recorded.
    pub(super) fn sources(&self, stage: &Stage) -> Vec<Source> {
        let texts = self.texts_of(stage).into_iter().flat_map(|t| &t.sources);
        let reads = |name: &String| !self.named || stage.reads.contains(name);
        let lists = self.sources.iter().filter(|(name, _)| reads(name));
        texts
            .chain(lists.map(|(_, source)| source))
            .cloned()
            .collect()
    }
}

fn source(file: &Path) -> Result<Source, TrainError> {
    let content = std::fs::read(file).map_err(|source| TrainError::Io {
        path: file.to_owned(),
        source,
    })?;
    Ok(Source::of(file, &content, 0))
}
