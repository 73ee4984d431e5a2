//! From prose back to the file: where each stretch of it stands, and how an edit is written there.

use crate::text::{Decoded, InvalidBytes, Span};

use super::escape::Escape;

/// How a stretch of prose stands in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// As it is.
    Verbatim,
    /// Otherwise: `\u6751`, `&lt;`, a line end and an indent for a blank.
    Escaped,
    /// Not at all: a break between two paragraphs that tags or quotation marks make in the file.
    Absent,
}

/// A stretch of prose that stands in the file in one way. It ends where the next one begins.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub(super) prose: u32,
    pub(super) source: u32,
    pub(super) source_len: u32,
    pub(super) standing: Standing,
    pub(super) escape: Escape,
}

impl Piece {
    fn source_end(&self) -> usize {
        self.source as usize + self.source_len as usize
    }

    /// Where in the file an offset of the prose stands that lies in this piece.
    fn source_of(&self, offset: usize) -> usize {
        match self.standing {
            Standing::Verbatim => self.source as usize + (offset - self.prose as usize),
            Standing::Escaped | Standing::Absent => self.source as usize,
        }
    }
}

/// From spans of prose to spans of the decoded file.
#[derive(Clone, Debug, Default)]
pub struct Map {
    /// In the order of the prose; none where the prose is the file.
    pub(super) pieces: Vec<Piece>,
}

impl Map {
    /// The piece that holds the byte at `offset`.
    fn holding(&self, offset: usize) -> Option<usize> {
        self.pieces
            .partition_point(|p| p.prose as usize <= offset)
            .checked_sub(1)
    }

    /// The piece that ends at `offset` or holds it inside.
    fn before(&self, offset: usize) -> Option<usize> {
        self.pieces
            .partition_point(|p| (p.prose as usize) < offset)
            .checked_sub(1)
    }

    /// Where an offset of the prose stands in the file.
    #[must_use]
    pub fn offset(&self, offset: usize) -> usize {
        match self.holding(offset) {
            Some(at) => self.pieces[at].source_of(offset),
            None => offset,
        }
    }

    /// The stretch of the file in which a span of the prose stands, with the syntax inside it.
    #[must_use]
    pub fn span(&self, span: Span) -> Span {
        if self.pieces.is_empty() {
            return span;
        }
        let Some(first) = self.holding(span.start()) else {
            return Span::new(0, 0);
        };
        let start = self.pieces[first].source_of(span.start());
        let Some(last) = self.before(span.end()).filter(|last| *last >= first) else {
            // An insertion stands at the end of what is before it.
            return match self.before(span.start()) {
                Some(at) if self.pieces[at].standing != Standing::Absent => {
                    let end = self.end_in(at, span.start());
                    Span::new(end, end)
                }
                _ => Span::new(start, start),
            };
        };
        // What stands nowhere in the file is left out at both ends.
        let stands = |at: &usize| self.pieces[*at].source_len > 0;
        if let Some(there) = (first..=last).find(stands)
            && there > first
        {
            let from = self.pieces[there].source as usize;
            let to = (first..=last).rfind(stands).unwrap_or(there);
            let offset = next_start(&self.pieces, to).unwrap_or(usize::MAX);
            let end = self.end_in(to, span.end().min(offset));
            return Span::new(from, end.max(from));
        }
        let end = self.end_in(last, span.end());
        if end < start {
            // The blocks of a page need not stand in the file in the order in which they are read.
            return Span::new(start, self.pieces[first].source_end().max(start));
        }
        Span::new(start, end)
    }

    /// Where in the file the prose before `offset` ends, as far as it belongs to a piece.
    fn end_in(&self, at: usize, offset: usize) -> usize {
        let piece = &self.pieces[at];
        match piece.standing {
            Standing::Verbatim => piece.source_of(offset),
            Standing::Escaped | Standing::Absent => piece.source_end(),
        }
    }

    /// An edit of the prose as an edit of the file. `None` where it would touch syntax, or where
    /// the file's kind cannot hold the text there.
    fn edit(&self, span: Span, replacement: &str) -> Option<(Span, String)> {
        if self.pieces.is_empty() {
            return Some((span, replacement.to_owned()));
        }
        let writable = |at: &usize| self.pieces[*at].standing != Standing::Absent;
        if span.is_empty() {
            let at = self
                .before(span.start())
                .filter(writable)
                .or_else(|| self.holding(span.start()).filter(writable))?;
            let piece = &self.pieces[at];
            let inside = (piece.prose as usize) < span.start() && {
                let next = self.pieces.get(at + 1);
                next.is_none_or(|next| span.start() < next.prose as usize)
            };
            let ended = next_start(&self.pieces, at) == Some(span.start());
            if inside && piece.standing == Standing::Escaped && !ended {
                return None;
            }
            let offset = self.span(span).start();
            return Some((Span::new(offset, offset), piece.escape.write(replacement)?));
        }
        let (first, last) = (self.holding(span.start())?, self.before(span.end())?);
        let pieces = self.pieces.get(first..=last)?;
        let joined = |pair: &[Piece]| pair[0].source_end() == pair[1].source as usize;
        if pieces.iter().any(|p| p.standing == Standing::Absent) || !pieces.windows(2).all(joined) {
            return None;
        }
        // Half of an escape cannot be replaced.
        let (from, to) = (&self.pieces[first], &self.pieces[last]);
        let cut_at_start =
            from.standing == Standing::Escaped && from.prose as usize != span.start();
        let cut_at_end = to.standing == Standing::Escaped
            && next_start(&self.pieces, last).is_some_and(|next| next > span.end());
        if cut_at_start || cut_at_end {
            return None;
        }
        let source = Span::new(from.source_of(span.start()), self.end_in(last, span.end()));
        Some((source, from.escape.write(replacement)?))
    }
}

fn next_start(pieces: &[Piece], at: usize) -> Option<usize> {
    pieces.get(at + 1).map(|next| next.prose as usize)
}

/// What is no prose although it stands in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hidden {
    /// A name in a program, a command.
    Code,
    /// A formula.
    Formula,
}

/// Where on paper a stretch of a recogniser's output stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The page, from 1.
    pub page: u32,
    /// The line of the page, from 1.
    pub line: u32,
}

/// What there is to read in a file, or in one record of it.
#[derive(Clone, Debug)]
pub struct Prose<'s> {
    /// The text, its paragraphs apart.
    pub text: std::borrow::Cow<'s, str>,
    /// Where it stands in the file.
    pub map: Map,
    /// What in it is no prose, in order.
    pub hidden: Vec<(Span, Hidden)>,
    /// Where on paper it stood: from each of these offsets on.
    pub(super) places: Vec<(u32, Place)>,
}

impl<'s> Prose<'s> {
    /// A file that is nothing but prose.
    #[must_use]
    pub fn whole(source: &'s str) -> Self {
        Self {
            text: std::borrow::Cow::Borrowed(source),
            map: Map::default(),
            hidden: Vec::new(),
            places: Vec::new(),
        }
    }

    /// Whether the prose is the file.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.map.pieces.is_empty()
    }

    /// An edit as it is written into the file, with no more replaced than has to be. `None` where
    /// it cannot be written there without touching the file's own syntax.
    #[must_use]
    pub fn edit(&self, span: Span, replacement: &str) -> Option<(Span, String)> {
        if self.is_whole() {
            return Some((span, replacement.to_owned()));
        }
        let old = &self.text[span.range()];
        let alike = |(a, b): &(char, char)| a == b;
        let front: usize = old
            .chars()
            .zip(replacement.chars())
            .take_while(alike)
            .map(|(c, _)| c.len_utf8())
            .sum();
        let back: usize = old[front..]
            .chars()
            .rev()
            .zip(replacement[front..].chars().rev())
            .take_while(alike)
            .map(|(c, _)| c.len_utf8())
            .sum();
        let span = Span::new(span.start() + front, span.end() - back);
        self.map
            .edit(span, &replacement[front..replacement.len() - back])
    }

    /// Where on paper the byte at `offset` stood.
    #[must_use]
    pub fn place(&self, offset: usize) -> Option<Place> {
        let next = self
            .places
            .partition_point(|(at, _)| *at as usize <= offset);
        Some(self.places.get(next.checked_sub(1)?)?.1)
    }

    /// The bytes that did not decode, as far as they stand in the prose.
    #[must_use]
    pub fn invalid(&self, decoded: &Decoded<'_>) -> Vec<InvalidBytes> {
        if self.is_whole() || decoded.invalid.is_empty() {
            return decoded.invalid.clone();
        }
        let mut found = Vec::new();
        for piece in &self.map.pieces {
            if piece.standing != Standing::Verbatim {
                continue;
            }
            let from = decoded
                .invalid
                .partition_point(|bad| bad.span.start() < piece.source as usize);
            for bad in &decoded.invalid[from..] {
                if bad.span.end() > piece.source_end() {
                    break;
                }
                let at = piece.prose as usize + bad.span.start() - piece.source as usize;
                found.push(InvalidBytes {
                    span: Span::new(at, at + bad.span.len()),
                    bytes: bad.bytes.clone(),
                });
            }
        }
        found
    }
}
