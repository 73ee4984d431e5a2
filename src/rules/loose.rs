//! How the rules about cut sentences show the two ends of a cut.

use crate::document::Paragraph;
use crate::document::edges::{End, end_of};

use crate::finding::Severity;
use crate::levels::Writing;
use crate::reading::continuity::seam::Seams;
use crate::reading::evidence::Weighed;
use crate::reading::manner::Manner;
use crate::reading::{Cut, Reading};
use crate::rule::{Card, Scales};
use crate::text::Span;
use crate::text::{first_chars, is_page_number, last_chars};

/// Which edge of a paragraph.
#[derive(Clone, Copy)]
pub(super) enum Place {
    /// Its first characters.
    Beginning,
    /// Its last characters.
    End,
}

/// Characters that are marked.
const MARKED: usize = 4;
/// Characters that are quoted.
const QUOTED: usize = 12;

impl Place {
    /// The characters there.
    pub(super) fn of(self, document: &Reading<'_>, paragraph: &Paragraph) -> Span {
        let text = document.slice(paragraph.content);
        let (start, end) = (paragraph.content.start(), paragraph.content.end());
        match self {
            Self::Beginning => Span::new(start, start + first_chars(text, MARKED).len()),
            Self::End => Span::new(end - last_chars(text, MARKED).len(), end),
        }
    }
}

/// The last characters of a paragraph.
pub(super) fn end_span(document: &Reading<'_>, paragraph: &Paragraph) -> Span {
    Place::End.of(document, paragraph)
}

/// The paragraph that a sentence goes on from across the number of a page, which stands between it
/// and this one; `page-furniture` tells of that. None where the paragraph above has an end.
pub(super) fn across_page(document: &Reading<'_>, start: usize) -> Option<usize> {
    let paragraphs = document.paragraphs();
    let above = &paragraphs[..start];
    let end = above
        .iter()
        .rposition(|p| !is_page_number(document.slice(p.content)))?;
    let between = above[end].content.end()..paragraphs[start].content.start();
    let mut lines = document.text()[between].lines().map(str::trim);
    let goes_on = !matches!(end_of(document.slice(above[end].content)), End::Full);
    (goes_on && above[end].is_body() && lines.any(is_page_number)).then_some(end)
}

/// How a paragraph ends, in a message.
pub(super) fn ending<'a>(document: &Reading<'a>, paragraph: &Paragraph) -> &'a str {
    last_chars(document.slice(paragraph.content), QUOTED)
}

/// How a paragraph begins, in a message.
pub(super) fn beginning<'a>(document: &Reading<'a>, paragraph: &Paragraph) -> &'a str {
    first_chars(document.slice(paragraph.content), QUOTED)
}

/// Why the cuts are thought to be cuts: what the trees need is laid out when the first is told.
#[derive(Default)]
pub(super) struct Reasons<'d, 'a>(Option<Seams<'d, 'a>>);

impl<'d, 'a> Reasons<'d, 'a> {
    /// What speaks loudest for a cut.
    pub(super) fn of(&mut self, document: &'d Reading<'a>, cut: &Cut) -> Vec<Weighed> {
        // as they were when the cuts were weighed
        let paragraphs = document.draft();
        let seams = self
            .0
            .get_or_insert_with(|| Seams::new(document, paragraphs));
        seams.loudest(paragraphs, cut)
    }
}

/// How severe a finding about structure is that is this probable, in a document that is written as
/// this one; none where it is not worth a word.
pub(super) fn grade(
    document: &Reading<'_>,
    card: &'static Card,
    scales: &Scales,
    p: f32,
) -> Option<Severity> {
    if p < scales.of(card, Writing::Usual).info {
        return None;
    }
    let writing = match document.manner() {
        Manner::Report => Writing::Usual,
        Manner::Other => Writing::Free,
        Manner::Unended => Writing::Unended,
        Manner::Unmarked => Writing::Unmarked,
    };
    scales.of(card, writing).grade(p)
}
