//! How readers put prose together: piece by piece, each with its place in the file.

use std::borrow::Cow;
use std::ops::Range;

use crate::text::Span;

use super::entity;
use super::escape::Escape;
use super::map::{Hidden, Map, Piece, Place, Prose, Standing};

/// What stands between two paragraphs.
const BREAK: &str = "\n\n";

/// White space of the file that may become a blank, or nothing.
#[derive(Clone, Copy)]
struct Gap {
    start: usize,
    end: usize,
    /// Whether a line ends in it: between Chinese characters that is no blank.
    broken: bool,
}

/// Prose in the making.
pub(super) struct Builder<'s> {
    pub(super) source: &'s str,
    text: String,
    pieces: Vec<Piece>,
    hidden: Vec<(Span, Hidden)>,
    places: Vec<(u32, Place)>,
    gap: Option<Gap>,
    /// What the next paragraph begins with: the marks of a heading or an item.
    opening: &'static str,
    /// Where the paragraph begins: its prose, and its first piece.
    begin: (usize, usize),
    /// The mark that it begins with.
    mark: &'static str,
    /// The stretches that a fix may change, where they are wanted instead of the prose.
    cells: Option<Vec<Range<usize>>>,
}

impl<'s> Builder<'s> {
    pub(super) fn new(source: &'s str) -> Self {
        Self {
            source,
            text: String::new(),
            pieces: Vec::new(),
            hidden: Vec::new(),
            places: Vec::new(),
            gap: None,
            opening: "",
            begin: (0, 0),
            mark: "",
            cells: None,
        }
    }

    /// A builder that notes nothing but where text stands, all of it.
    pub(super) fn of_cells(source: &'s str) -> Self {
        Self {
            cells: Some(Vec::new()),
            ..Self::new(source)
        }
    }

    /// Whether all text is wanted, prose or not.
    pub(super) fn wants_all(&self) -> bool {
        self.cells.is_some()
    }

    pub(super) fn into_cells(self) -> Vec<Range<usize>> {
        self.cells.unwrap_or_default()
    }

    /// A stretch of the file that holds text, and of which all that is no text is written as
    /// escapes.
    pub(super) fn cell(&mut self, range: Range<usize>) {
        if let Some(cells) = &mut self.cells
            && !range.is_empty()
        {
            cells.push(range);
        }
    }

    fn piece(&mut self, range: Range<usize>, standing: Standing, escape: Escape) {
        let (prose, source) = (self.text.len() as u32, range.start as u32);
        let source_len = range.len() as u32;
        if let Some(last) = self.pieces.last_mut()
            && standing == Standing::Verbatim
            && last.standing == standing
            && last.escape == escape
            && last.source + last.source_len == source
            && last.prose + last.source_len == prose
        {
            last.source_len += source_len;
            return;
        }
        self.pieces.push(Piece {
            prose,
            source,
            source_len,
            standing,
            escape,
        });
    }

    /// Text that stands in the file as it is.
    pub(super) fn verbatim(&mut self, range: Range<usize>, escape: Escape) {
        if range.is_empty() {
            return;
        }
        self.open();
        self.piece(range.clone(), Standing::Verbatim, escape);
        self.text.push_str(&self.source[range]);
    }

    /// Text that stands in the file otherwise.
    pub(super) fn escaped(&mut self, range: Range<usize>, text: &str, escape: Escape) {
        self.open();
        self.piece(range, Standing::Escaped, escape);
        self.text.push_str(text);
    }

    /// Text that is no prose, as it stands in the file.
    pub(super) fn hidden(&mut self, range: Range<usize>, kind: Hidden) {
        if range.is_empty() {
            return;
        }
        self.settle_gap(self.source[range.clone()].chars().next());
        self.open();
        let start = self.text.len();
        // Nothing is written into it: it counts as absent.
        self.piece(range.clone(), Standing::Absent, Escape::Markup);
        self.text.push_str(&self.source[range]);
        self.hidden.push((Span::new(start, self.text.len()), kind));
    }

    fn absent(&mut self, text: &str) {
        let at = self
            .pieces
            .last()
            .map_or(0, |p| (p.source + p.source_len) as usize);
        self.piece(at..at, Standing::Absent, Escape::Markup);
        self.text.push_str(text);
    }

    fn open(&mut self) {
        let opening = std::mem::take(&mut self.opening);
        if !opening.is_empty() {
            self.absent(opening);
            self.mark = opening;
        }
    }

    /// The paragraph ends here.
    pub(super) fn paragraph(&mut self) {
        self.gap = None;
        self.opening = "";
        if !self.text.is_empty() && !self.text.ends_with(BREAK) {
            self.absent(BREAK);
        }
        self.begin = (self.text.len(), self.pieces.len());
        self.mark = "";
    }

    /// The paragraph so far begins with this mark, whatever it began with.
    pub(super) fn mark(&mut self, mark: &'static str) {
        let (prose, piece) = self.begin;
        if self.text.len() == prose || self.mark == mark {
            return;
        }
        if self.mark.is_empty() {
            let at = self.pieces.get(piece).map_or(0, |p| p.source);
            self.pieces.insert(
                piece,
                Piece {
                    prose: prose as u32,
                    source: at,
                    source_len: 0,
                    standing: Standing::Absent,
                    escape: Escape::Markup,
                },
            );
        }
        let old = self.mark.len();
        self.text.replace_range(prose..prose + old, mark);
        let moved = |at: u32| (at as usize - old + mark.len()) as u32;
        for piece in &mut self.pieces[piece + 1..] {
            piece.prose = moved(piece.prose);
        }
        for (at, _) in &mut self.places {
            if *at as usize > prose {
                *at = moved(*at);
            }
        }
        for (span, _) in &mut self.hidden {
            if span.start() > prose {
                let by = |at: usize| at - old + mark.len();
                *span = Span::new(by(span.start()), by(span.end()));
            }
        }
        self.mark = mark;
    }

    /// The paragraph ends here, and the next one begins with a mark: `# ` or `- `.
    pub(super) fn paragraph_marked(&mut self, mark: &'static str) {
        self.paragraph();
        self.opening = mark;
    }

    /// The line ends here.
    pub(super) fn line(&mut self) {
        self.gap = None;
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.absent("\n");
        }
    }

    /// A line of the page ends here and the text goes on.
    pub(super) fn soft_break(&mut self, at: usize) {
        self.note_gap(at..at, true);
    }

    /// A blank stands here, though none in the file.
    pub(super) fn blank(&mut self, at: usize) {
        self.note_gap(at..at, false);
    }

    fn note_gap(&mut self, range: Range<usize>, broken: bool) {
        let broken = broken || self.gap.is_some_and(|gap| gap.broken);
        match &mut self.gap {
            Some(gap) if gap.end == range.start => {
                gap.end = range.end;
                gap.broken = broken;
            }
            Some(gap) => gap.broken = broken,
            None => {
                self.gap = Some(Gap {
                    start: range.start,
                    end: range.end,
                    broken,
                });
            }
        }
    }

    /// What white space becomes that lies before `next`.
    fn settle_gap(&mut self, next: Option<char>) {
        let Some(gap) = self.gap.take() else {
            return;
        };
        let last = self.text.chars().next_back();
        if last.is_none_or(char::is_whitespace) {
            return;
        }
        let is_wide = |c: Option<char>| c.is_some_and(wide);
        let range = gap.start..gap.end;
        if gap.broken && is_wide(last) && is_wide(next) {
            // Part of what an edit over it replaces, though no part of the prose.
            if !range.is_empty() {
                self.piece(range, Standing::Escaped, Escape::Markup);
            }
        } else if range.is_empty() {
            self.absent(" ");
        } else if &self.source[range.clone()] == " " {
            self.verbatim(range, Escape::Markup);
        } else {
            self.escaped(range, " ", Escape::Markup);
        }
    }

    /// Text that stands in the file as it is, without the white space around it.
    pub(super) fn words(&mut self, range: Range<usize>, escape: Escape) {
        if self.wants_all() {
            return self.cell(range);
        }
        let raw = &self.source[range.clone()];
        let start = range.end - raw.trim_start().len();
        let end = start + raw.trim().len();
        self.settle_gap(raw.trim_start().chars().next());
        self.verbatim(start..end, escape);
    }

    /// A character that stands in the file otherwise.
    pub(super) fn character(&mut self, range: Range<usize>, text: &str, escape: Escape) {
        if self.wants_all() {
            return self.cell(range);
        }
        self.settle_gap(text.chars().next());
        self.escaped(range, text, escape);
    }

    /// Text in which white space is as browsers show it, without entities.
    pub(super) fn flowing_plain(&mut self, range: Range<usize>, escape: Escape) {
        self.flow(range, escape, false);
    }

    /// Text in which white space is as browsers show it, with entities.
    pub(super) fn flowing(&mut self, range: Range<usize>, escape: Escape) {
        self.flow(range, escape, true);
    }

    fn flow(&mut self, range: Range<usize>, escape: Escape, entities: bool) {
        if self.wants_all() {
            return self.cell(range);
        }
        let source = self.source;
        let mut at = range.start;
        while at < range.end {
            let rest = &source[at..range.end];
            let space = rest.len() - rest.trim_start_matches(flows).len();
            if space > 0 {
                let broken = rest[..space].contains(['\n', '\r']);
                self.note_gap(at..at + space, broken);
                at += space;
                continue;
            }
            if entities
                && rest.starts_with('&')
                && let Some((length, text)) = entity::decode(rest)
            {
                self.settle_gap(text.chars().next());
                self.escaped(at..at + length, &text, escape);
                at += length;
                continue;
            }
            // An ampersand that opens no entity stands for itself.
            let own = usize::from(rest.starts_with('&'));
            let length = rest[own..]
                .find(|c| flows(c) || entities && c == '&')
                .map_or(rest.len(), |n| n + own);
            self.settle_gap(rest.chars().next());
            self.verbatim(at..at + length, escape);
            at += length;
        }
    }

    /// From here on the text stood there on paper.
    pub(super) fn place(&mut self, place: Place) {
        let at = self.text.len() as u32;
        match self.places.last_mut() {
            Some(last) if last.0 == at => last.1 = place,
            Some(last) if last.1 == place => {}
            _ => self.places.push((at, place)),
        }
    }

    /// The last character of the prose so far.
    pub(super) fn last(&self) -> Option<char> {
        self.text.chars().next_back()
    }

    /// The prose so far; the builder is empty after that.
    pub(super) fn take(&mut self) -> Option<Prose<'s>> {
        self.gap = None;
        self.opening = "";
        self.begin = (0, 0);
        self.mark = "";
        let text = std::mem::take(&mut self.text);
        let prose = Prose {
            text: Cow::Owned(text),
            map: Map {
                pieces: std::mem::take(&mut self.pieces),
            },
            hidden: std::mem::take(&mut self.hidden),
            places: std::mem::take(&mut self.places),
        };
        (!prose.text.is_empty()).then_some(prose)
    }
}

/// White space that HTML does not show as it is.
fn flows(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0c')
}

/// Characters between which a line end is no blank: Chinese ones and their marks.
pub(super) fn wide(c: char) -> bool {
    c >= '\u{2e80}' || matches!(c, '“' | '”' | '‘' | '’' | '—' | '…' | '·')
}
