//! The language model: how likely is this text, and how much likelier would it be otherwise?
//!
//! A model is one file, embedded in the program ([`Model::embedded`]) or given by the user
//! ([`Model::open`]), and used as it lies there: opening decodes nothing. Its parts are views over
//! the bytes, free to make and to copy:
//!
//! - [`Characters`]: text into numbers, which all the rest works on;
//! - [`Ngram`]: how likely is a character after two others;
//! - [`Lexicon`]: which words there are, how usual they are, of what kind; [`Model::segment`] cuts
//!   text into them.
//! - [`Topics`]: what a word, and so a text, is about.
//!
//! [`Model::reader`] answers the questions of the rules. Positions are character positions in a
//! slice of numbers; what lies outside the slice counts as the edge of a paragraph, so give the
//! paragraph, or a window with a few characters on either side. Logarithms are natural.

pub mod characters;
pub mod common_pairs;
pub mod confusables;
pub mod container;
#[cfg(feature = "embedded-model")]
mod embedded;
mod error;
pub mod forest;
pub mod initial_words;
pub mod lexicon;
pub mod ngram;
mod packed;
pub mod phrases;
pub mod provenance;
pub mod reader;
pub mod segment;
pub mod sentence_openings;
pub(crate) mod sides;
pub(crate) mod terms;
pub mod topics;
pub mod trees;
pub mod variants;
pub mod word_partners;

use std::path::Path;

use characters::Characters;
use container::{Container, Entry, ModelError, Writer};
use forest::Forest;
use lexicon::Lexicon;
use ngram::Ngram;
use provenance::Provenance;
pub use reader::Reader;
use segment::{Segmenter, Word};
use topics::Topics;
use trees::Trees;

/// A language model.
#[derive(Debug)]
pub struct Model {
    container: Container<'static>,
}

/// The parts that are decision trees, and how many bytes stand before the trees.
const FORESTS: [(&str, usize); 19] = [
    ("cut-end", 0),
    ("cut-start", 0),
    ("join", 0),
    ("unmarked-end", 0),
    ("border", 0),
    ("place-sentence", 0),
    ("place-paragraph", 0),
    ("alone-sentence", 0),
    ("alone-paragraph", 0),
    ("torn", 0),
    ("spelling", SPELLING_HEAD),
    ("missing", 0),
    ("extra", 0),
    ("garbled", 0),
    ("misquotation", 0),
    ("rewording", 0),
    ("doubling", 0),
    ("wrong-word", 0),
    ("pen-slip", 0),
];

/// Bytes before the trees of the spelling part: how often characters are wrong where they were
/// fitted.
pub(crate) const SPELLING_HEAD: usize = 16;

/// The version of the parts that `train::order` fits.
pub(crate) const ORDER_VERSION: u32 = 1;

impl Model {
    /// Opens a model file and checks all of it.
    ///
    /// # Errors
    /// If the file cannot be read, is no model, was written by another version, or is damaged.
    pub fn open(path: &Path) -> Result<Model, ModelError> {
        Model::of(Container::open(path)?).checked()
    }

    /// Like [`open`](Self::open), for a file in memory, packed by xz or not.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Model, ModelError> {
        let bytes = container::unpacked(bytes).map_err(ModelError::Packed)?;
        let container = Container::read(bytes)?;
        container.verify()?;
        Model::of(container).checked()
    }

    fn of(container: Container<'static>) -> Model {
        Model { container }
    }

    fn checked(self) -> Result<Model, ModelError> {
        let readable = |part| {
            move || ModelError::Damaged {
                part,
                what: "its sections do not add up",
            }
        };
        let body = self
            .container
            .expect(characters::PART, characters::VERSION)?;
        let characters = Characters::parse(body).ok_or_else(readable(characters::PART))?;
        characters.check()?;
        let body = self.container.expect(ngram::PART, ngram::VERSION)?;
        Ngram::parse(body)
            .ok_or_else(readable(ngram::PART))?
            .check(characters.len())?;
        let body = self.container.expect(lexicon::PART, lexicon::VERSION)?;
        Lexicon::parse(body)
            .ok_or_else(readable(lexicon::PART))?
            .check()?;
        let body = self.container.expect(topics::PART, topics::VERSION)?;
        Topics::parse(body)
            .ok_or_else(readable(topics::PART))?
            .check()?;
        let body = self
            .container
            .expect(provenance::PART, provenance::VERSION)?;
        let history = serde_json::from_slice::<Provenance>(body);
        history.map_err(|_| ModelError::Damaged {
            part: provenance::PART,
            what: "it cannot be read",
        })?;
        for (part, _) in FORESTS {
            let trees = self.trees(part).map(Trees::read);
            trees.transpose().map_err(|_| ModelError::Damaged {
                part,
                what: "its trees cannot be read",
            })?;
        }
        Ok(self)
    }

    /// The content of a part, if the model has it. Rules with fitted weights read theirs here;
    /// check the version with [`parts`](Self::parts) if the layout may change.
    pub fn part(&self, name: &str) -> Option<&[u8]> {
        self.container.part(name)
    }

    /// The decision trees of a part, if the model has them.
    pub(crate) fn forest(&self, part: &str) -> Option<Forest<'_>> {
        Forest::new(Trees::view(self.trees(part)?)?)
    }

    /// The bytes of the decision trees of a part.
    fn trees(&self, part: &str) -> Option<&[u8]> {
        let (_, head) = FORESTS.iter().find(|(name, _)| *name == part)?;
        self.part(part)?.get(*head..)
    }

    /// The table of parts.
    pub fn parts(&self) -> &[Entry] {
        self.container.entries()
    }

    /// What the model was made from.
    pub fn provenance(&self) -> Provenance {
        self.part(provenance::PART)
            .and_then(|body| serde_json::from_slice(body).ok())
            .unwrap_or_default()
    }

    /// The numbering of characters.
    pub fn characters(&self) -> Characters<'_> {
        self.part(characters::PART)
            .and_then(Characters::parse)
            .expect("checked on opening")
    }

    /// The character n-grams.
    pub fn ngram(&self) -> Ngram<'_> {
        self.part(ngram::PART)
            .and_then(Ngram::parse)
            .expect("checked on opening")
    }

    /// The words.
    pub fn lexicon(&self) -> Lexicon<'_> {
        self.part(lexicon::PART)
            .and_then(Lexicon::parse)
            .expect("checked on opening")
    }

    /// The topic vectors.
    pub fn topics(&self) -> Topics<'_> {
        self.part(topics::PART)
            .and_then(Topics::parse)
            .expect("checked on opening")
    }

    /// Forms of characters, if the model has them.
    pub fn variants(&self) -> Option<variants::Variants<'_>> {
        self.part(variants::PART)
            .and_then(variants::Variants::parse)
    }

    /// Cuts a text into words, over what `words` held. See [`Segmenter::cut`].
    pub fn segment(&self, text: &str, words: &mut Vec<Word>) {
        self.segmenter().cut(text, words);
    }

    /// Cuts many texts into words.
    pub fn segmenter(&self) -> Segmenter<'_> {
        Segmenter::new(self.characters(), self.lexicon())
    }
}

impl Writer {
    /// Writes what the model was made from.
    pub fn put_provenance(&mut self, provenance: &Provenance) {
        let json =
            serde_json::to_vec_pretty(provenance).expect("plain names and numbers are valid JSON");
        self.put(provenance::PART, provenance::VERSION, json);
    }
}
