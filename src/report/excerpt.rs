//! The few lines of a document that a diagnostic shows.
//!
//! miette reads the whole source for each diagnostic and panics on lines wider than 65,535 columns. An [`Excerpt`] gives it a window: the lines of
//! the finding, each cut to a readable width around it, so that a diagnostic costs the same in a file of any size.

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use unicode_width::UnicodeWidthChar;

use super::FileReport;
use crate::text::Span;

/// Terminal cells shown before a finding on its line.
const BEFORE: usize = 32;
/// Terminal cells shown of a line in all.
const WIDTH: usize = 88;
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
    /// The window around `span`. The header names the line and the character column where `span` begins.
    pub(super) fn new(report: &FileReport, span: Span) -> Self {
        let (text, index) = (report.text.as_str(), &report.lines);
        let first = index.line_of(span.start());
        let last = index
            .line_of(span.end().max(span.start() + 1) - 1)
            .min(first + LINES - 1);
        let at = index.position(text, span.start());
        let mut excerpt = Self {
            name: report.name.clone(),
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
                back(text, start, span.start().min(end), BEFORE)
            } else {
                start
            };
            excerpt.line_window(text, start, end, from);
        }
        excerpt
    }

    /// Copies a line from `from` as far as the width allows, with … where it is cut.
    fn line_window(&mut self, text: &str, start: usize, end: usize, from: usize) {
        if from > start {
            self.text.push('…');
        }
        let to = forward(text, from, end, WIDTH);
        self.pieces.push((Span::new(from, to), self.text.len()));
        // A control character would move the terminal's cursor and the carets with it.
        self.text.extend(text[from..to].chars().map(|c| {
            if c.is_control() && c != '\t' {
                '\u{fffd}'
            } else {
                c
            }
        }));
        if to < end {
            self.text.push('…');
        }
    }

    /// Where a span of the file stands in the window, cut to it; `None` where it does not begin inside.
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
