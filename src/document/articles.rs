//! Articles: which paragraphs belong under one headline.

use std::ops::Range;

use crate::text::Span;

use super::{Document, Paragraph, ParagraphKind};

/// An article of the document; a document without headlines is one article.
#[derive(Clone, Debug)]
pub struct Article {
    /// From its first paragraph to its last.
    pub span: Span,
    /// Its paragraphs, as indices into the document's table.
    pub paragraphs: Range<u32>,
    /// The index of its headline, where it has one.
    pub heading: Option<u32>,
}

/// Groups the paragraphs and notes in each which article it belongs to.
pub(super) fn group(_document: &Document<'_>, paragraphs: &mut [Paragraph]) -> Vec<Article> {
    let mut articles: Vec<Article> = Vec::new();
    for (index, paragraph) in paragraphs.iter_mut().enumerate() {
        let index = index as u32;
        let opens = matches!(paragraph.kind, ParagraphKind::Heading(1 | 2));
        match articles.last_mut() {
            Some(last) if !opens => {
                last.span = Span::new(last.span.start(), paragraph.span.end());
                last.paragraphs.end = index + 1;
            }
            _ => articles.push(Article {
                span: paragraph.span,
                paragraphs: index..index + 1,
                heading: opens.then_some(index),
            }),
        }
        paragraph.article = articles.len() as u32 - 1;
    }
    articles
}
