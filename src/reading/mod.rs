//! What is thought of a document with the help of a language model: articles ⊃ paragraphs ⊃
//! sentences, where paragraphs are broken, what stands in the wrong place, what is misspelt.
//!
//! Each table (layer) is built when the first rule asks for it, in one pass over the text, and is
//! kept for the others.

pub(crate) mod continuity;
pub mod doubling;
pub mod evidence;
pub(crate) mod manner;
pub mod parts;
pub(crate) mod placement;
pub mod proofreading;
pub mod quoting;
pub mod register;
mod sentences;
pub(crate) mod wrong_words;

use std::ops::Deref;
use std::sync::OnceLock;

pub use continuity::Cut;
pub use placement::{Article, Stray, Torn};
pub use sentences::Sentence;

use crate::document::{Document, Paragraph};
use crate::model::Model;
use continuity::breaks;
use continuity::habit::Habit;
use manner::Manner;
use placement::sentence_topics::{Content, SentenceTerms};
use placement::{articles, displaced};
use proofreading::{Proof, Proofreader};
pub use register::{Register, Registers};

/// A document together with the model that it is read with, and what comes of it. Whatever can be
/// asked of the document can be asked here.
#[derive(Debug)]
pub struct Reading<'a> {
    document: &'a Document<'a>,
    model: &'a Model,
    /// Whether the text is gone through without weighing it.
    skims: bool,
    structure: OnceLock<Structure>,
    terms: OnceLock<SentenceTerms>,
    displaced: OnceLock<displaced::Displaced>,
    proof: OnceLock<Proof>,
    registers: OnceLock<Registers>,
    manner: OnceLock<Manner>,
}

/// The three nested tables that are built together.
#[derive(Debug)]
struct Structure {
    articles: Vec<Article>,
    paragraphs: Vec<Paragraph>,
    sentences: Vec<Sentence>,
    cuts: Vec<Cut>,
    habit: Habit,
}

impl<'a> Deref for Reading<'a> {
    type Target = Document<'a>;

    fn deref(&self) -> &Document<'a> {
        self.document
    }
}

impl<'a> Reading<'a> {
    /// Nothing is read yet: each layer is when it is asked for.
    #[must_use]
    pub fn new(document: &'a Document<'a>, model: &'a Model) -> Self {
        Self {
            document,
            model,
            skims: false,
            structure: OnceLock::new(),
            terms: OnceLock::new(),
            displaced: OnceLock::new(),
            proof: OnceLock::new(),
            registers: OnceLock::new(),
            manner: OnceLock::new(),
        }
    }

    /// A reading with the model that comes with the program.
    #[cfg(feature = "embedded-model")]
    #[must_use]
    pub fn of(document: &'a Document<'a>) -> Self {
        Self::new(document, Model::embedded())
    }

    /// The document with what its layout alone tells: articles by their headings, no paragraph
    /// broken or out of place. For rules that do not [weigh](crate::rule::Rule::weighs).
    #[cfg(feature = "embedded-model")]
    #[must_use]
    pub fn skim(document: &'a Document<'a>) -> Self {
        Self {
            skims: true,
            ..Self::of(document)
        }
    }

    /// Whether the text is not weighed with the model.
    pub(crate) fn skims(&self) -> bool {
        self.skims
    }

    /// The document that is read.
    #[must_use]
    pub fn document(&self) -> &'a Document<'a> {
        self.document
    }

    /// The model that it is read with.
    #[must_use]
    pub fn model(&self) -> &'a Model {
        self.model
    }

    /// Articles, in order; each paragraph belongs to one.
    #[must_use]
    pub fn articles(&self) -> &[Article] {
        &self.structure().articles
    }

    /// Paragraphs, in order; blank lines lie between them.
    #[must_use]
    pub fn paragraphs(&self) -> &[Paragraph] {
        &self.structure().paragraphs
    }

    /// Where paragraphs are cut inside a sentence, in the order of the ends, with what continues
    /// them.
    #[must_use]
    pub fn cuts(&self) -> &[Cut] {
        &self.structure().cuts
    }

    /// Sentences and paragraphs that stand in the wrong article, in the order of the text.
    #[must_use]
    pub fn strays(&self) -> &[Stray] {
        &self.displaced().strays
    }

    /// Runs of paragraphs that begin inside a sentence in the middle of an article, in the order of
    /// the text.
    #[must_use]
    pub fn torn(&self) -> &[Torn] {
        &self.displaced().torn
    }

    /// How the document is written.
    pub(crate) fn manner(&self) -> Manner {
        *self.manner.get_or_init(|| Manner::of(self))
    }

    /// How the document ends its paragraphs.
    pub(crate) fn habit(&self) -> Habit {
        self.structure().habit
    }

    fn displaced(&self) -> &displaced::Displaced {
        self.displaced.get_or_init(|| match self.skims {
            true => displaced::Displaced::default(),
            false => displaced::find(self),
        })
    }

    /// Which kind of Chinese each paragraph is.
    pub fn registers(&self) -> &Registers {
        self.registers
            .get_or_init(|| Registers::of(self.text(), self.prose()))
    }

    /// What the spelling rules find, from a probability of a tenth on: they read the text together.
    pub(crate) fn proof(&self) -> &Proof {
        const LEAST: f32 = 0.1;
        self.proof.get_or_init(|| {
            Proofreader::of(self.model).proof(self.text(), self.prose(), self.registers(), LEAST)
        })
    }

    /// What each sentence is about.
    pub(crate) fn content(&self) -> Content<'_> {
        self.content_of(self.sentences())
    }

    /// The same while the articles are not known yet.
    fn content_of(&self, sentences: &[Sentence]) -> Content<'_> {
        let terms = self
            .terms
            .get_or_init(|| SentenceTerms::new(self, sentences));
        Content::new(terms, self.model.topics())
    }

    /// Sentences of all paragraphs, in order.
    #[must_use]
    pub fn sentences(&self) -> &[Sentence] {
        &self.structure().sentences
    }

    /// The sentences of one paragraph.
    #[must_use]
    pub fn sentences_of(&self, paragraph: &Paragraph) -> &[Sentence] {
        &self.structure().sentences
            [paragraph.sentences.start as usize..paragraph.sentences.end as usize]
    }

    /// The paragraphs of one article.
    #[must_use]
    pub fn paragraphs_of(&self, article: &Article) -> &[Paragraph] {
        &self.structure().paragraphs
            [article.paragraphs.start as usize..article.paragraphs.end as usize]
    }

    /// The index of the paragraph that holds the byte at `offset`, or of the last one before it.
    #[must_use]
    pub fn paragraph_at(&self, offset: usize) -> Option<usize> {
        let paragraphs = self.paragraphs();
        paragraphs
            .partition_point(|p| p.span.start() <= offset)
            .checked_sub(1)
    }

    fn structure(&self) -> &Structure {
        self.structure.get_or_init(|| {
            let mut paragraphs = self.draft().to_vec();
            let (cuts, habit) = match self.skims {
                true => (Vec::new(), Habit::default()),
                false => breaks::find(self, &mut paragraphs),
            };
            let sentences = sentences::split(self, &mut paragraphs);
            let articles = articles::group(self, &mut paragraphs, &sentences);
            Structure {
                articles,
                paragraphs,
                sentences,
                cuts,
                habit,
            }
        })
    }
}
