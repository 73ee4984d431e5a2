//! Text as an editor sees it: lines, positions in the encoding agreed upon, changes.
//!
//! The protocol knows fewer line breaks than kanwu does (LF, CR LF, CR), so it has a line table of
//! its own.

use lsp_types::{Position, PositionEncodingKind, Range};
use memchr::memchr2_iter;

use crate::text::{CharCounts, Span};

/// What columns count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    #[default]
    Utf16,
    Utf32,
}

impl Encoding {
    /// The best of those that the client offers; UTF-16 is what every client knows. UTF-8 costs
    /// least.
    pub(super) fn choose(offered: &[PositionEncodingKind]) -> Self {
        if offered.contains(&PositionEncodingKind::UTF8) {
            Self::Utf8
        } else if offered.contains(&PositionEncodingKind::UTF32)
            && !offered.contains(&PositionEncodingKind::UTF16)
        {
            Self::Utf32
        } else {
            Self::Utf16
        }
    }

    pub(super) fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
            Self::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    fn width(self, c: char) -> usize {
        match self {
            Self::Utf8 => c.len_utf8(),
            Self::Utf16 => c.len_utf16(),
            Self::Utf32 => 1,
        }
    }
}

/// The text of an open document with its lines.
#[derive(Clone, Debug)]
pub(super) struct Text {
    text: String,
    starts: Vec<usize>,
    counts: CharCounts,
    encoding: Encoding,
}

impl Text {
    pub(super) fn new(text: String, encoding: Encoding) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        starts.extend(
            memchr2_iter(b'\n', b'\r', bytes)
                .filter(|at| !(bytes[*at] == b'\r' && bytes.get(at + 1) == Some(&b'\n')))
                .map(|at| at + 1),
        );
        Self {
            counts: CharCounts::new(&text),
            starts,
            text,
            encoding,
        }
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// The bytes of a line, without its break; beyond the last line the end of the text.
    fn line(&self, line: usize) -> Span {
        let Some(start) = self.starts.get(line).copied() else {
            return Span::new(self.text.len(), self.text.len());
        };
        let end = self
            .starts
            .get(line + 1)
            .copied()
            .unwrap_or(self.text.len());
        let content = self.text[start..end].trim_end_matches(['\n', '\r']).len();
        Span::new(start, start + content)
    }

    /// The end of the line that holds a byte, before its break.
    pub(super) fn line_end(&self, offset: usize) -> usize {
        self.line(self.starts.partition_point(|s| *s <= offset) - 1)
            .end()
    }

    /// The byte at a position. Columns beyond the line end at its end, those inside a character at
    /// its beginning.
    pub(super) fn offset(&self, position: Position) -> usize {
        let line = self.line(position.line as usize);
        let mut left = position.character as usize;
        for (at, c) in self.text[line.range()].char_indices() {
            let width = self.encoding.width(c);
            if left < width {
                return line.start() + at;
            }
            left -= width;
        }
        line.end()
    }

    pub(super) fn position(&self, offset: usize) -> Position {
        let line = self.starts.partition_point(|s| *s <= offset) - 1;
        let before = |at| match self.encoding {
            Encoding::Utf8 => at,
            Encoding::Utf16 => self.counts.utf16(&self.text, at),
            Encoding::Utf32 => self.counts.chars(&self.text, at),
        };
        let column = before(offset) - before(self.starts[line]);
        Position {
            line: u32::try_from(line).unwrap_or(u32::MAX),
            character: u32::try_from(column).unwrap_or(u32::MAX),
        }
    }

    pub(super) fn range(&self, span: Span) -> Range {
        Range {
            start: self.position(span.start()),
            end: self.position(span.end()),
        }
    }

    /// The bytes of a range; one that runs backwards is empty.
    pub(super) fn span(&self, range: Range) -> Span {
        let start = self.offset(range.start);
        Span::new(start, self.offset(range.end).max(start))
    }

    /// The text with a range of it replaced, or all of it.
    pub(super) fn changed(&self, range: Option<Range>, by: &str) -> Self {
        let text = match range {
            None => by.to_owned(),
            Some(range) => {
                let span = self.span(range);
                [&self.text[..span.start()], by, &self.text[span.end()..]].concat()
            }
        };
        Self::new(text, self.encoding)
    }
}

#[cfg(test)]
mod tests {
    use super::{Encoding, Text};
    use lsp_types::{Position, Range};

    #[test]
    fn positions_and_offsets_agree_in_every_encoding() {
        let text = "县a𠮷é\r\n\r“二”\u{2028}三\n";
        for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
            let text = Text::new(text.to_owned(), encoding);
            for (at, c) in text.as_str().char_indices() {
                if c != '\n' {
                    assert_eq!(text.offset(text.position(at)), at, "{encoding:?} {at}");
                }
            }
        }
        let text = Text::new(text.to_owned(), Encoding::Utf16);
        let at = text.as_str().find('é').expect("é");
        assert_eq!(text.position(at), Position::new(0, 4));
        assert_eq!(
            text.position(text.as_str().find('三').expect("三")),
            Position::new(2, 4)
        );
        // Beyond the line, beyond the text, inside a surrogate pair.
        assert_eq!(text.offset(Position::new(1, 99)), 12);
        assert_eq!(text.offset(Position::new(99, 0)), text.as_str().len());
        assert_eq!(text.offset(Position::new(0, 3)), 4);
    }

    #[test]
    fn changes_replace_what_they_name() {
        let text = Text::new("甲乙\n丙丁\n".to_owned(), Encoding::Utf16);
        let range = Range::new(Position::new(0, 1), Position::new(1, 1));
        assert_eq!(text.changed(Some(range), "“”").as_str(), "甲“”丁\n");
        let backwards = Range::new(Position::new(1, 1), Position::new(0, 0));
        assert_eq!(
            text.changed(Some(backwards), "戊").as_str(),
            "甲乙\n丙戊丁\n"
        );
        assert_eq!(text.changed(None, "全新").as_str(), "全新");
    }
}
