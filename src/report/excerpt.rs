//! The few lines of a document that a diagnostic shows.
//!
//! miette reads the whole source for each diagnostic and panics on lines wider than 65,535 columns.
//! An [`Excerpt`] gives it a window: the lines of the finding, each cut to a readable width around
//! it, so that a diagnostic costs the same in a file of any size.

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use unicode_width::UnicodeWidthChar;

use super::FileReport;
use crate::text::{Span, visible_char, visible_name};

/// Terminal cells around a line of text: line number, borders, the marks where it is cut.
const FRAME: usize = 12;
/// Lines shown of a finding that runs over several.
const LINES: usize = 5;

/// A window of a file, cut out for one place in it.
#[derive(Debug)]
pub(super) struct Excerpt {
    name: String,
    text: String,
    line: usize,
    column: usize,
    lines: usize,
    /// Where each piece of the file stands in `text`.
    pieces: Vec<(Span, usize)>,
}

impl Excerpt {
    /// The window around `span`, for a terminal of `width` cells. The header names the line and the
    /// character column where `span` begins.
    pub(super) fn new(report: &FileReport, span: Span, width: usize) -> Self {
        let width = width.saturating_sub(FRAME).max(24);
        let (text, index) = (report.text.as_str(), &report.lines);
        let first = index.line_of(span.start());
        // A finding that is nothing but a break is seen by what stands on its other side.
        let end = if text[span.range()].trim().is_empty() {
            span.end()
        } else {
            span.end() - 1
        };
        let last = index.line_of(end).min(first + LINES - 1);
        let at = report.position(span.start());
        let mut excerpt = Self {
            name: visible_name(&report.name).into_owned(),
            text: String::new(),
            line: at.line - 1,
            column: at.column - 1,
            lines: last - first + 1,
            pieces: Vec::new(),
        };
        for line in first..=last {
            let start = index.start_of(line).unwrap_or(0);
            let end = index.start_of(line + 1).unwrap_or(text.len());
            let end = start
                + text[start..end]
                    .trim_end_matches(['\n', '\r', '\u{2028}', '\u{2029}'])
                    .len();
            if line > first {
                excerpt.text.push('\n');
            }
            let from = if line == first {
                back(text, start, span.start().min(end), width / 3)
            } else {
                start
            };
            excerpt.line_window(text, from > start, end, from, width);
        }
        excerpt
    }

    /// Copies a line from `from` to `end`, or as far as `width` cells allow, with … where it is
    /// cut.
    fn line_window(&mut self, text: &str, cut: bool, end: usize, from: usize, width: usize) {
        if cut {
            self.text.push('…');
        }
        let to = forward(text, from, end, width);
        self.pieces.push((Span::new(from, to), self.text.len()));
        self.text.extend(text[from..to].chars().map(visible_char));
        if to < end {
            self.text.push('…');
        }
    }

    /// Where a span of the file stands in the window, cut to it; `None` where it does not begin
    /// inside.
    pub(super) fn locate(&self, span: Span) -> Option<SourceSpan> {
        let place = |offset: usize| {
            self.pieces
                .iter()
                .find(|(piece, _)| piece.start() <= offset && offset <= piece.end())
                .map(|(piece, at)| at + offset - piece.start())
        };
        let start = place(span.start())?;
        let end = place(span.end()).unwrap_or_else(|| {
            let seen = self
                .pieces
                .iter()
                .rev()
                .find(|(piece, _)| piece.start() < span.end());
            seen.map_or(start, |(piece, at)| at + piece.len())
        });
        Some((start, end.saturating_sub(start)).into())
    }
}

/// The offset about `cells` terminal cells before `at`, not before `start`.
fn back(text: &str, start: usize, at: usize, cells: usize) -> usize {
    let mut left = cells;
    let mut from = at;
    for (i, c) in text[start..at].char_indices().rev() {
        let width = c.width().unwrap_or(0);
        if width > left {
            break;
        }
        left -= width;
        from = start + i;
    }
    from
}

/// The offset about `cells` terminal cells after `at`, not after `end`.
fn forward(text: &str, at: usize, end: usize, cells: usize) -> usize {
    let mut left = cells;
    for (i, c) in text[at..end].char_indices() {
        let width = c.width().unwrap_or(0);
        if width > left {
            return at + i;
        }
        left -= width;
    }
    end
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        _span: &SourceSpan,
        _before: usize,
        _after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            self.text.as_bytes(),
            (0, self.text.len()).into(),
            self.line,
            self.column,
            self.lines,
        )))
    }
}
