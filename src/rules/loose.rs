//! How the rules about cut sentences show the two ends of a cut.

use crate::document::Paragraph;

use crate::finding::Severity;
use crate::reading::Reading;
use crate::text::Span;
use crate::text::{first_chars, last_chars};

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

/// How a paragraph ends, in a message.
pub(super) fn ending<'a>(document: &Reading<'a>, paragraph: &Paragraph) -> &'a str {
    last_chars(document.slice(paragraph.content), QUOTED)
}

/// How a paragraph begins, in a message.
pub(super) fn beginning<'a>(document: &Reading<'a>, paragraph: &Paragraph) -> &'a str {
    first_chars(document.slice(paragraph.content), QUOTED)
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
