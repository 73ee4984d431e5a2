//! The document model: articles ⊃ paragraphs ⊃ sentences ⊃ tokens, as tables of byte spans over one `&str`.
//!
//! Each table (layer) is built when the first rule asks for it, in one pass over the text, and is kept for the others. Nothing is copied and
//! nothing is allocated per character.

pub(crate) mod articles;
pub(crate) mod belonging;
pub(crate) mod continuation;
pub(crate) mod cuts;
mod echo;
pub(crate) mod edges;
mod lately;
mod mask;
mod numbers;
mod paragraphs;
mod roles;
mod sentences;
mod strays;
mod subjects;
pub(crate) mod tally;
mod tokens;
pub(crate) mod topics;
pub(crate) mod torn;
mod vocabulary;

use std::sync::OnceLock;

pub use articles::Article;
pub(crate) use continuation::{first_chars, last_chars};
pub use cuts::Cut;
pub use mask::{Mask, MaskKind};
pub use paragraphs::{Paragraph, ParagraphKind};
pub use sentences::Sentence;
pub use strays::Stray;
pub use tokens::{Token, Tokens};
pub use torn::Torn;
pub use vocabulary::{KnownWords, Vocabulary};

use crate::language::Model;
use crate::language::proof::{Proof, Proofreader};
use crate::text::{Decoded, Encoding, InvalidBytes, LineIndex, Span};

/// One text under inspection, with its layers.
#[derive(Debug)]
pub struct Document<'a> {
    name: &'a str,
    text: &'a str,
    encoding: Encoding,
    invalid: &'a [InvalidBytes],
    vocabulary: Option<&'a Vocabulary>,
    language: &'a Model,
    lines: OnceLock<LineIndex>,
    mask: OnceLock<Mask>,
    tokens: OnceLock<Tokens>,
    draft: OnceLock<Vec<Paragraph>>,
    structure: OnceLock<Structure>,
    content: OnceLock<topics::Content>,
    displaced: OnceLock<strays::Displaced>,
    proof: OnceLock<Proof>,
}

/// The three nested tables that are built together.
#[derive(Debug)]
struct Structure {
    articles: Vec<Article>,
    paragraphs: Vec<Paragraph>,
    sentences: Vec<Sentence>,
    cuts: Vec<Cut>,
}

impl<'a> Document<'a> {
    /// A document over text that is at hand as a string. `name` is what reports call it; a name that ends in `.md` or `.markdown` makes it
    /// Markdown.
    #[must_use]
    pub fn new(name: &'a str, text: &'a str) -> Self {
        Self {
            name,
            text,
            encoding: Encoding::Utf8,
            invalid: &[],
            vocabulary: None,
            language: Model::embedded(),
            lines: OnceLock::new(),
            mask: OnceLock::new(),
            tokens: OnceLock::new(),
            draft: OnceLock::new(),
            structure: OnceLock::new(),
            content: OnceLock::new(),
            displaced: OnceLock::new(),
            proof: OnceLock::new(),
        }
    }

    /// A document over a decoded file.
    #[must_use]
    pub fn of_decoded(name: &'a str, decoded: &'a Decoded<'_>) -> Self {
        let mut document = Self::new(name, &decoded.text);
        document.encoding = decoded.encoding;
        document.invalid = &decoded.invalid;
        document
    }

    /// With words that are right in it.
    #[must_use]
    pub fn with_vocabulary(mut self, vocabulary: &'a Vocabulary) -> Self {
        self.vocabulary = (!vocabulary.is_empty()).then_some(vocabulary);
        self
    }

    /// Read with another language model than the embedded one.
    #[must_use]
    pub fn with_model(mut self, model: &'a Model) -> Self {
        self.language = model;
        self
    }

    /// The language model it is read with.
    #[must_use]
    pub fn language(&self) -> &'a Model {
        self.language
    }

    /// What reports call it.
    #[must_use]
    pub fn name(&self) -> &'a str {
        self.name
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// The text of a span.
    #[must_use]
    pub fn slice(&self, span: Span) -> &'a str {
        &self.text[span.range()]
    }

    /// What the file was decoded as.
    #[must_use]
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The bytes that did not decode.
    #[must_use]
    pub fn invalid(&self) -> &'a [InvalidBytes] {
        self.invalid
    }

    /// The words that are right in this document. Rules about spelling and repetition ask it before they speak; costs nothing where there
    /// are none.
    #[must_use]
    pub fn vocabulary(&self) -> KnownWords<'a> {
        KnownWords {
            vocabulary: self.vocabulary,
            text: self.text,
        }
    }

    /// Whether the document is Markdown: by its name.
    #[must_use]
    pub fn is_markdown(&self) -> bool {
        let lower = |suffix: &str| {
            self.name.len() >= suffix.len()
                && self.name.as_bytes()[self.name.len() - suffix.len()..]
                    .eq_ignore_ascii_case(suffix.as_bytes())
        };
        lower(".md") || lower(".markdown") || lower(".mdx")
    }

    /// Where lines begin.
    #[must_use]
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(self.text))
    }

    /// The line (from 1) on which the byte at `offset` stands, as messages name it.
    #[must_use]
    pub fn line(&self, offset: usize) -> usize {
        self.lines().line_of(offset) + 1
    }

    /// Code, URLs, Markdown and HTML syntax: text that is no prose.
    #[must_use]
    pub fn mask(&self) -> &Mask {
        self.mask
            .get_or_init(|| Mask::new(self.text, self.is_markdown()))
    }

    /// Runs of characters of one class, covering the whole text.
    #[must_use]
    pub fn tokens(&self) -> &Tokens {
        self.tokens
            .get_or_init(|| Tokens::new(self.text, self.mask()))
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

    /// Where paragraphs are cut inside a sentence, in the order of the ends, with what continues them.
    #[must_use]
    pub fn cuts(&self) -> &[Cut] {
        &self.structure().cuts
    }

    /// Sentences and paragraphs that stand in the wrong article, in the order of the text.
    #[must_use]
    pub fn strays(&self) -> &[Stray] {
        &self.displaced().strays
    }

    /// Runs of paragraphs that begin inside a sentence in the middle of an article, in the order of the text.
    #[must_use]
    pub fn torn(&self) -> &[Torn] {
        &self.displaced().torn
    }

    fn displaced(&self) -> &strays::Displaced {
        self.displaced.get_or_init(|| strays::find(self))
    }

    /// What the spelling rules find, those that are hardly likely left out: they read the text together.
    pub(crate) fn proof(&self) -> &Proof {
        const LEAST: f32 = 0.06;
        self.proof.get_or_init(|| {
            let prose = self
                .draft()
                .iter()
                .filter(|p| p.kind != ParagraphKind::Code)
                .map(|p| p.span.range());
            Proofreader::of(self.language).proof(self.text, prose, LEAST)
        })
    }

    /// What each sentence is about.
    pub(crate) fn content(&self) -> &topics::Content {
        self.content_of(self.sentences())
    }

    /// The same while the articles are not known yet.
    fn content_of(&self, sentences: &[Sentence]) -> &topics::Content {
        self.content
            .get_or_init(|| topics::Content::new(self, sentences))
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

    /// The paragraphs and their kinds, before sentences and articles are known.
    fn draft(&self) -> &[Paragraph] {
        self.draft.get_or_init(|| {
            let mut paragraphs = paragraphs::split(self);
            roles::settle(self, &mut paragraphs);
            paragraphs
        })
    }

    fn structure(&self) -> &Structure {
        self.structure.get_or_init(|| {
            let mut paragraphs = self.draft().to_vec();
            let cuts = cuts::find(self, &mut paragraphs);
            let sentences = sentences::split(self, &mut paragraphs);
            let articles = articles::group(self, &mut paragraphs, &sentences);
            Structure {
                articles,
                paragraphs,
                sentences,
                cuts,
            }
        })
    }
}
