//! The structure of a document as the rules see it: articles, paragraphs, sentences.

use serde::Serialize;

use crate::document::{Document, Paragraph, ParagraphKind};
use crate::formats::{self, Options, Prose, WholeFile};
use crate::reading::Reading;
use crate::reading::register::Script;
use crate::text::{Decoded, LineIndex, Positions};

/// A file.
#[derive(Debug, Serialize)]
pub struct FileOutline {
    /// Its name.
    pub file: String,
    /// What it was read as.
    pub kind: &'static str,
    /// Its articles.
    pub articles: Vec<ArticleOutline>,
}

/// An article.
#[derive(Debug, Serialize)]
pub struct ArticleOutline {
    /// The line on which it begins, from 1.
    pub line: usize,
    /// The line on which it ends.
    pub last_line: usize,
    /// Its headline.
    pub heading: Option<String>,
    /// Its byline.
    pub byline: Option<String>,
    /// The register of most of the text.
    pub register: &'static str,
    /// Simplified or Traditional.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub script: Option<&'static str>,
    /// Its paragraphs.
    pub paragraphs: Vec<ParagraphOutline>,
}

/// A paragraph.
#[derive(Debug, Serialize)]
pub struct ParagraphOutline {
    /// The line on which it begins, from 1.
    pub line: usize,
    /// What it is: body, heading, byline, list-item, code, note.
    pub kind: &'static str,
    /// Where it is another one than that of most of the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub register: Option<&'static str>,
    /// Of a heading.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<u8>,
    /// How many it has.
    pub characters: usize,
    /// Its text.
    pub text: String,
    /// Its sentences.
    pub sentences: Vec<SentenceOutline>,
}

/// A sentence.
#[derive(Debug, Serialize)]
pub struct SentenceOutline {
    /// The line on which it begins, from 1.
    pub line: usize,
    /// The column at which it begins, in characters from 1.
    pub column: usize,
    /// Its text.
    pub text: String,
}

impl FileOutline {
    /// The outline of a decoded file.
    #[must_use]
    pub fn new(name: impl Into<String>, decoded: &Decoded<'_>, options: &Options) -> Self {
        let name = name.into();
        let kind = options.kind_of(&name, &decoded.text);
        let lines = WholeFile::new(&decoded.text);
        let index = LineIndex::new(&decoded.text);
        let mut articles = Vec::new();
        formats::read(kind, options, &decoded.text, &mut |prose| {
            let invalid = prose.invalid(decoded);
            let record = (&prose, invalid.as_slice());
            let document = Document::of_record(kind, &name, decoded, record, &lines);
            let mut place = Place {
                prose: &prose,
                positions: index.positions(&decoded.text),
            };
            articles.extend(outline(&Reading::of(&document), &mut place));
        });
        Self {
            file: name,
            kind: kind.name(),
            articles,
        }
    }
}

/// Where in the file what is read stands.
struct Place<'a> {
    prose: &'a Prose<'a>,
    positions: Positions<'a>,
}

fn outline(document: &Reading<'_>, place: &mut Place<'_>) -> Vec<ArticleOutline> {
    let paragraphs = document.paragraphs();
    let variants = document.model().variants();
    let content = |index: u32| {
        paragraphs
            .get(index as usize)
            .map(|p| document.slice(p.content).to_owned())
    };
    document
        .articles()
        .iter()
        .map(|article| ArticleOutline {
            line: document.line(article.span.start()),
            last_line: document.line(article.span.end().saturating_sub(1)),
            heading: article.heading.and_then(content),
            byline: article.byline.and_then(content),
            register: document.registers().most().name(),
            script: variants
                .map(|variants| Script::of(document.slice(article.span), variants).name()),
            paragraphs: document
                .paragraphs_of(article)
                .iter()
                .map(|p| paragraph(document, p, place))
                .collect(),
        })
        .collect()
}

fn paragraph(
    document: &Reading<'_>,
    paragraph: &Paragraph,
    place: &mut Place<'_>,
) -> ParagraphOutline {
    let text = document.slice(paragraph.content);
    let (kind, level) = match paragraph.kind {
        ParagraphKind::Body => ("body", None),
        ParagraphKind::Heading(level) => ("heading", Some(level)),
        ParagraphKind::Byline => ("byline", None),
        ParagraphKind::ListItem => ("list-item", None),
        ParagraphKind::Code => ("code", None),
        ParagraphKind::Note => ("note", None),
    };
    let registers = document.registers();
    let register = registers.at(paragraph.span.start());
    let sentences = document.sentences_of(paragraph).iter().map(|s| {
        let at = place.positions.at(place.prose.map.offset(s.span.start()));
        SentenceOutline {
            line: at.line,
            column: at.column,
            text: document.slice(s.span).to_owned(),
        }
    });
    ParagraphOutline {
        line: document.line(paragraph.span.start()),
        kind,
        register: (register != registers.most()).then(|| register.name()),
        level,
        characters: text.chars().count(),
        sentences: sentences.collect(),
        text: text.to_owned(),
    }
}
