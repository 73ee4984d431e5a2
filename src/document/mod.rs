//! The document as it is laid out: paragraphs and tokens, as tables of byte spans over one `&str`.
//! What is thought of it with a model's help is [`reading`](crate::reading).
//!
//! Each table (layer) is built when the first rule asks for it, in one pass over the text, and is
//! kept for the others. Nothing is copied and nothing is allocated per character.

pub(crate) mod edges;
mod layout;
mod markup;
mod mask;
mod paragraphs;
mod scraped;
mod site;
mod tokens;
mod vocabulary;
mod wrap;

use std::ops::Range;
use std::sync::OnceLock;

pub(crate) use layout::opens_report;
pub use mask::{Mask, MaskKind};
pub use paragraphs::{Paragraph, ParagraphKind};
pub use site::{SiteMark, SiteMarkKind, without_lines};
pub use tokens::{Token, Tokens};
pub use vocabulary::{KnownWords, Vocabulary};

use crate::formats::{Hidden, Kind, Prose, WholeFile};
use crate::text::{Census, Decoded, Encoding, InvalidBytes, LineIndex, Span};

/// One text under inspection, with its layers.
#[derive(Debug)]
pub struct Document<'a> {
    name: &'a str,
    text: &'a str,
    encoding: Encoding,
    invalid: &'a [InvalidBytes],
    vocabulary: Option<&'a Vocabulary>,
    site: &'a [SiteMark],
    markdown: bool,
    /// Where it stands, where it is the prose of a file that holds more.
    origin: Option<(&'a Prose<'a>, &'a WholeFile<'a>)>,
    lines: OnceLock<LineIndex>,
    census: OnceLock<Census>,
    mask: OnceLock<Mask>,
    tokens: OnceLock<Tokens>,
    scraped: OnceLock<bool>,
    draft: OnceLock<Vec<Paragraph>>,
}

impl<'a> Document<'a> {
    /// A document over text that is at hand as a string. `name` is what reports call it; a name
    /// that ends in `.md` or `.markdown` makes it Markdown.
    #[must_use]
    pub fn new(name: &'a str, text: &'a str) -> Self {
        Self {
            name,
            text,
            encoding: Encoding::Utf8,
            invalid: &[],
            vocabulary: None,
            site: &[],
            markdown: has_ending(name, &[".md", ".markdown", ".mdx"]),
            origin: None,
            lines: OnceLock::new(),
            census: OnceLock::new(),
            mask: OnceLock::new(),
            tokens: OnceLock::new(),
            scraped: OnceLock::new(),
            draft: OnceLock::new(),
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

    /// A document over what there is to read in a file of some kind, or in a record of one.
    /// `invalid` is what of it did not decode.
    #[must_use]
    pub fn of_record(
        kind: Kind,
        name: &'a str,
        decoded: &'a Decoded<'_>,
        (prose, invalid): (&'a Prose<'a>, &'a [InvalidBytes]),
        lines: &'a WholeFile<'a>,
    ) -> Self {
        if kind.is_text() {
            return Self::of_decoded(name, decoded).with_markdown(kind == Kind::Markdown);
        }
        let mut document = Self::new(name, &prose.text);
        document.markdown = false;
        document.encoding = decoded.encoding;
        document.invalid = invalid;
        document.origin = Some((prose, lines));
        document
    }

    /// With another say than its name has in whether it is Markdown.
    #[must_use]
    pub fn with_markdown(mut self, markdown: bool) -> Self {
        self.markdown = markdown;
        self
    }

    /// With words that are right in it.
    #[must_use]
    pub fn with_vocabulary(mut self, vocabulary: &'a Vocabulary) -> Self {
        self.vocabulary = (!vocabulary.is_empty()).then_some(vocabulary);
        self
    }

    /// With what its collection tells of it. `text` is the text without the lines of the site,
    /// where there are some: of the same length.
    #[must_use]
    pub fn with_site(mut self, marks: &'a [SiteMark], text: Option<&'a str>) -> Self {
        self.site = marks;
        self.text = text.unwrap_or(self.text);
        self
    }

    /// What its collection tells of it.
    #[must_use]
    pub fn site_marks(&self) -> &'a [SiteMark] {
        self.site
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

    /// The words that are right in this document. Rules about spelling and repetition ask it before
    /// they speak; costs nothing where there are none.
    #[must_use]
    pub fn vocabulary(&self) -> KnownWords<'a> {
        KnownWords {
            vocabulary: self.vocabulary,
            text: self.text,
        }
    }

    /// Whether the document is Markdown: by its name, unless it was said otherwise.
    #[must_use]
    pub fn is_markdown(&self) -> bool {
        self.markdown
    }

    /// Whether the document shows by its head, its pictures or the marks of a converter that it was
    /// a page of the web.
    #[must_use]
    pub fn is_scraped(&self) -> bool {
        *self.scraped.get_or_init(|| scraped::is_scraped(self.text))
    }

    /// Where lines begin.
    #[must_use]
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(self.text))
    }

    /// Which characters the text has, and how often.
    #[must_use]
    pub fn census(&self) -> &Census {
        self.census.get_or_init(|| Census::new(self.text))
    }

    /// How often each character stands in the file that the document comes from, all of its records
    /// together: how a file is written shows there, where a record is short.
    #[must_use]
    pub fn census_of_file(&self) -> &Census {
        match self.origin {
            Some((_, file)) => file.census(),
            None => self.census(),
        }
    }

    /// The line (from 1) on which the byte at `offset` stands, as messages name it.
    #[must_use]
    pub fn line(&self, offset: usize) -> usize {
        match self.origin {
            Some((prose, lines)) => lines.line(prose.map.offset(offset)),
            None => self.lines().line_of(offset) + 1,
        }
    }

    /// Code, URLs, Markdown and HTML syntax: text that is no prose.
    #[must_use]
    pub fn mask(&self) -> &Mask {
        self.mask
            .get_or_init(|| Mask::new(self.text, self.is_markdown(), self.hidden()))
    }

    /// What the file itself says is no prose.
    fn hidden(&self) -> &'a [(Span, Hidden)] {
        self.origin.map_or(&[], |(prose, _)| &prose.hidden)
    }

    /// Runs of characters of one class, covering the whole text.
    #[must_use]
    pub fn tokens(&self) -> &Tokens {
        self.tokens
            .get_or_init(|| Tokens::new(self.text, self.mask()))
    }

    /// The bytes of the paragraphs that are no code.
    pub(crate) fn prose(&self) -> impl Iterator<Item = Range<usize>> + Clone + '_ {
        let prose = self.draft().iter();
        prose
            .filter(|p| p.kind != ParagraphKind::Code)
            .map(|p| p.span.range())
    }

    /// The paragraphs and their kinds, before sentences and articles are known.
    pub(crate) fn draft(&self) -> &[Paragraph] {
        self.draft.get_or_init(|| {
            let mut paragraphs = paragraphs::split(self);
            layout::settle(self, &mut paragraphs);
            paragraphs
        })
    }
}

fn has_ending(name: &str, endings: &[&str]) -> bool {
    let bytes = name.as_bytes();
    endings.iter().any(|ending| {
        let start = bytes.len().checked_sub(ending.len());
        start.is_some_and(|start| bytes[start..].eq_ignore_ascii_case(ending.as_bytes()))
    })
}
