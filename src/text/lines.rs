//! Lines and columns.

use std::ops::Range;

use memchr::{memchr2_iter, memchr3_iter};

/// A place as people count it: line and column from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters (not bytes, not terminal cells), from 1.
    pub column: usize,
}

/// The bytes of the line, as line feeds part lines, in which a place of a text stands.
#[must_use]
pub fn line_around(text: &str, place: Range<usize>) -> Range<usize> {
    let start = text[..place.start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[place.end..].find('\n');
    start..end.map_or(text.len(), |at| place.end + at)
}

/// Where the lines of a text begin. A line ends with LF, CR LF, a lone CR, U+2028 or U+2029.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Indexes `text` in one pass.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let ends = memchr2_iter(b'\n', b'\r', bytes).count();
        let mut starts = Vec::with_capacity(ends + 1);
        starts.push(0);
        // 0xE2 leads U+2028 and U+2029, but also “ ” — …: the two bytes after it decide.
        for at in memchr3_iter(b'\n', b'\r', 0xe2, bytes) {
            let next = match bytes[at] {
                b'\r' if bytes.get(at + 1) == Some(&b'\n') => continue,
                0xe2 if matches!(bytes.get(at + 1..at + 3), Some([0x80, 0xa8 | 0xa9])) => at + 3,
                0xe2 => continue,
                _ => at + 1,
            };
            starts.push(u32::try_from(next).unwrap_or(u32::MAX));
        }
        Self { starts }
    }

    /// Number of lines; a trailing line break opens a last, empty line.
    #[must_use]
    pub fn count(&self) -> usize {
        self.starts.len()
    }

    /// The line (from 0) that holds the byte at `offset`.
    #[must_use]
    pub fn line_of(&self, offset: usize) -> usize {
        self.starts
            .partition_point(|s| *s as usize <= offset)
            .saturating_sub(1)
    }

    /// First byte of a line (from 0).
    #[must_use]
    pub fn start_of(&self, line: usize) -> Option<usize> {
        self.starts.get(line).map(|s| *s as usize)
    }

    /// Line and column of a byte offset. Costs the length of the line: whoever converts many
    /// offsets of one long line goes through [`LineIndex::positions`].
    #[must_use]
    pub fn position(&self, text: &str, offset: usize) -> Position {
        let line = self.line_of(offset);
        let start = self.starts[line] as usize;
        Position {
            line: line + 1,
            column: count_chars(&text.as_bytes()[start..offset.min(text.len())]) + 1,
        }
    }

    /// A converter that remembers where it was, so that ascending offsets cost one pass over the
    /// text all together.
    #[must_use]
    pub fn positions<'a>(&'a self, text: &'a str) -> Positions<'a> {
        Positions {
            index: self,
            text,
            line: 0,
            offset: 0,
            column: 0,
        }
    }
}

/// Converts offsets to positions, cheapest in ascending order.
pub struct Positions<'a> {
    index: &'a LineIndex,
    text: &'a str,
    line: usize,
    offset: usize,
    column: usize,
}

impl Positions<'_> {
    /// Line and column of a byte offset.
    pub fn at(&mut self, offset: usize) -> Position {
        let offset = offset.min(self.text.len());
        let line = self.index.line_of(offset);
        if line != self.line || offset < self.offset {
            self.line = line;
            self.offset = self.index.starts[line] as usize;
            self.column = 0;
        }
        self.column += count_chars(&self.text.as_bytes()[self.offset..offset]);
        self.offset = offset;
        Position {
            line: line + 1,
            column: self.column + 1,
        }
    }
}

/// Characters that begin in these bytes of UTF-8.
fn count_chars(bytes: &[u8]) -> usize {
    bytes.iter().filter(|b| (**b & 0xc0) != 0x80).count()
}

/// Where the lines of a text stand, without the blanks around them.
pub(crate) fn bare_lines(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = at + (line.len() - line.trim_start().len());
        at += line.len();
        start..start + line.trim().len()
    })
}

#[cfg(test)]
mod tests {
    use super::{LineIndex, Position};

    #[test]
    fn lines_are_bare() {
        let text = "  一\u{3000}\r\n \n二 三";
        let lines: Vec<_> = super::bare_lines(text).map(|line| &text[line]).collect();
        assert_eq!(lines, ["一", "", "二 三"]);
        assert_eq!(super::bare_lines("").count(), 0);
    }

    #[test]
    fn all_line_breaks_count() {
        let text = "一\n二\r\n三\r四\u{2028}五“六”";
        let index = LineIndex::new(text);
        assert_eq!(index.count(), 5);
        for (needle, line) in [('一', 1), ('二', 2), ('三', 3), ('四', 4), ('五', 5)] {
            let at = text.find(needle).expect("needle");
            assert_eq!(index.position(text, at), Position { line, column: 1 });
        }
        let six = text.find('六').expect("needle");
        assert_eq!(index.position(text, six), Position { line: 5, column: 3 });
    }

    #[test]
    fn ascending_positions_agree_with_single_ones() {
        let text = "甲乙丙丁\n戊己\n\n庚辛壬癸";
        let index = LineIndex::new(text);
        let mut positions = index.positions(text);
        for (at, _) in text.char_indices().chain([(text.len(), ' '), (3, ' ')]) {
            assert_eq!(positions.at(at), index.position(text, at));
        }
    }
}
