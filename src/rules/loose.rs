//! How the rules about cut sentences show the two ends of a cut.

use crate::document::Paragraph;

use crate::finding::Severity;
use crate::reading::continuity::seam::Seams;
use crate::reading::evidence::Weighed;
use crate::reading::manner::Manner;
use crate::reading::{Cut, Reading};
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

/// Why the cuts are thought to be cuts: what the trees need is laid out when the first is told.
#[derive(Default)]
pub(super) struct Reasons<'d, 'a>(Option<Seams<'d, 'a>>);

impl<'d, 'a> Reasons<'d, 'a> {
    /// What speaks loudest for a cut.
    pub(super) fn of(&mut self, document: &'d Reading<'a>, cut: &Cut) -> Vec<Weighed> {
        let paragraphs = document.paragraphs();
        let seams = self
            .0
            .get_or_insert_with(|| Seams::new(document, paragraphs));
        seams.loudest(paragraphs, cut)
    }
}

/// From which probability on a finding is a note, a warning, an error. What the fit states was held against what was right on generated pages and on
/// clean text, rule by rule and manner by manner: of ten errors all are right, of notes every second one.
pub(super) struct Levels {
    /// In news and reports.
    pub(super) report: [f32; 3],
    /// In fiction, essays, documentation and the like.
    pub(super) other: [f32; 3],
    /// Where paragraphs mostly have no end.
    pub(super) unended: [f32; 3],
}

/// No probability is as great as this.
pub(super) const NEVER: f32 = 2.0;
/// The levels of a rule that does not speak at all.
pub(super) const SILENT: [f32; 3] = [NEVER; 3];

impl Levels {
    /// How severe a finding is that is this probable; none where it is not worth a word.
    pub(super) fn grade(&self, document: &Reading<'_>, p: f32) -> Option<Severity> {
        if p < self.report[0] {
            return None;
        }
        let [note, warning, error] = match document.manner() {
            Manner::Report => self.report,
            Manner::Other => self.other,
            Manner::Unended => self.unended,
        };
        match p {
            _ if p >= error => Some(Severity::Error),
            _ if p >= warning => Some(Severity::Warning),
            _ if p >= note => Some(Severity::Info),
            _ => None,
        }
    }
}
