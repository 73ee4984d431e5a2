//! How the rules about cut sentences show the two ends of a cut.

use crate::document::{Document, Paragraph};
use crate::finding::Severity;
use crate::text::Span;

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
    pub(super) fn of(self, document: &Document<'_>, paragraph: &Paragraph) -> Span {
        let text = document.slice(paragraph.content);
        let (start, end) = (paragraph.content.start(), paragraph.content.end());
        match self {
            Self::Beginning => Span::new(start, start + first(text, MARKED).len()),
            Self::End => Span::new(end - last(text, MARKED).len(), end),
        }
    }
}

/// The last characters of a paragraph.
pub(super) fn end_span(document: &Document<'_>, paragraph: &Paragraph) -> Span {
    Place::End.of(document, paragraph)
}

/// How a paragraph ends, in a message.
pub(super) fn ending<'a>(document: &Document<'a>, paragraph: &Paragraph) -> &'a str {
    last(document.slice(paragraph.content), QUOTED)
}

/// How a paragraph begins, in a message.
pub(super) fn beginning<'a>(document: &Document<'a>, paragraph: &Paragraph) -> &'a str {
    first(document.slice(paragraph.content), QUOTED)
}

fn first(text: &str, count: usize) -> &str {
    text.char_indices()
        .nth(count)
        .map_or(text, |(at, _)| &text[..at])
}

fn last(text: &str, count: usize) -> &str {
    text.char_indices()
        .rev()
        .nth(count - 1)
        .map_or(text, |(at, _)| &text[at..])
}

/// How severe a cut is that is this probable; none where it is not worth a word.
pub(super) fn graded(p: f32, sure: Severity) -> Option<Severity> {
    match p {
        _ if p >= 0.9 => Some(sure),
        _ if p >= 0.6 => Some(Severity::Warning),
        _ if p >= 0.2 => Some(Severity::Info),
        _ => None,
    }
}

/// The same for a beginning alone: rarer than the pages that the fit saw, so more is asked for.
pub(super) fn graded_alone(p: f32) -> Option<Severity> {
    match p {
        _ if p >= 0.97 => Some(Severity::Error),
        _ if p >= 0.92 => Some(Severity::Warning),
        _ if p >= 0.2 => Some(Severity::Info),
        _ => None,
    }
}
