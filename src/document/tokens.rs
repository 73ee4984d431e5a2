//! Tokens: runs of characters of one class.

use crate::text::{CharClass, Span};

use super::mask::Mask;

/// A run of characters of one class. A mark (`CharClass::Mark`, `AsciiMark`) is a token of its own,
/// and so is a line break (CR LF is one; the third in a row takes in those that follow).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its bytes.
    pub span: Span,
    /// The class of its characters.
    pub class: CharClass,
    /// Whether it lies in code, a URL, or Markdown or HTML syntax.
    pub masked: bool,
}

/// Where a token begins; it ends where the next one begins.
#[derive(Clone, Copy, Debug)]
struct Entry {
    start: u32,
    class: CharClass,
    masked: bool,
}

/// The tokens of a text; together they cover it.
#[derive(Debug)]
pub struct Tokens {
    /// One more than there are: the last one begins where the text ends.
    entries: Vec<Entry>,
    /// How many there are of each class.
    counts: [u32; CLASSES],
}

const CLASSES: usize = CharClass::Other as usize + 1;

impl Tokens {
    #[inline(never)] // its instructions are counted
    pub(super) fn new(text: &str, mask: &Mask) -> Self {
        let bytes = text.as_bytes();
        let mut entries: Vec<Entry> = Vec::with_capacity(text.len() / 20 + 8);
        let mut counts = [0; CLASSES];
        let mut masks = mask.spans().iter().peekable();
        let mut at = 0;
        let mut open: Option<(CharClass, bool)> = None;
        while at < bytes.len() {
            while masks.next_if(|(span, _)| span.end() <= at).is_some() {}
            let mask = masks.peek().map(|(span, _)| *span);
            let masked = mask.is_some_and(|span| span.start() <= at);
            let (class, width) = match han_run(&bytes[at..]) {
                0 => text[at..]
                    .chars()
                    .next()
                    .map_or((CharClass::Other, 1), |c| (CharClass::of(c), c.len_utf8())),
                // Up to where a mask begins or ends.
                run => {
                    let border = mask.map(|span| if masked { span.end() } else { span.start() });
                    let within = border.map_or(run, |border| (border - at).div_ceil(3) * 3);
                    (CharClass::Han, run.min(within))
                }
            };
            let single = match class {
                CharClass::Mark | CharClass::AsciiMark => true,
                CharClass::Break => bytes[at] != b'\n' || at == 0 || bytes[at - 1] != b'\r',
                _ => false,
            };
            let goes_on = class == CharClass::Break && !masked && ends_in_breaks(&entries);
            if !goes_on && single || open != Some((class, masked)) {
                entries.push(Entry {
                    start: at as u32,
                    class,
                    masked,
                });
                counts[class as usize] += 1;
                open = Some((class, masked));
            }
            at += width;
        }
        entries.push(Entry {
            start: text.len() as u32,
            class: CharClass::Other,
            masked: false,
        });
        entries.shrink_to_fit();
        Self { entries, counts }
    }

    /// Number of tokens.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len() - 1
    }

    /// Whether the text is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The token at an index.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<Token> {
        let pair = self.entries.get(index..)?.first_chunk()?;
        Some(token(pair))
    }

    /// All tokens in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Token> + '_ {
        each(&self.entries)
    }

    /// The tokens on both sides of one, if they are Chinese characters that are not masked.
    #[must_use]
    pub fn between_han(&self, index: usize) -> Option<(Token, Token)> {
        let han = |t: &Token| t.class == CharClass::Han && !t.masked;
        let left = self.get(index.checked_sub(1)?).filter(han)?;
        Some((left, self.get(index + 1).filter(han)?))
    }

    /// Whether there are tokens of a class: what looks for them need not look where there are none.
    #[must_use]
    pub fn has(&self, class: CharClass) -> bool {
        self.counts[class as usize] > 0
    }

    /// How many tokens are of a class.
    #[must_use]
    pub fn count(&self, class: CharClass) -> usize {
        self.counts[class as usize] as usize
    }

    /// The tokens of a class, each with its index.
    pub fn of(&self, class: CharClass) -> impl Iterator<Item = (usize, Token)> + '_ {
        let entries = if self.has(class) {
            &self.entries[..]
        } else {
            &[]
        };
        let tokens = (0..).zip(each(entries));
        tokens.filter(move |(_, token)| token.class == class)
    }

    /// The index of the token that holds the byte at `offset`.
    #[must_use]
    pub fn index_at(&self, offset: usize) -> usize {
        self.begun(offset + 1).saturating_sub(1)
    }

    /// The tokens that begin inside a span.
    pub fn within(&self, span: Span) -> impl DoubleEndedIterator<Item = Token> + '_ {
        let (first, last) = (self.begun(span.start()), self.begun(span.end()));
        each(&self.entries[first..=last])
    }

    /// How many tokens begin before a byte.
    fn begun(&self, offset: usize) -> usize {
        let entries = &self.entries[..self.len()];
        entries.partition_point(|e| (e.start as usize) < offset)
    }
}

/// The tokens of neighbouring entries, of which the last one only ends the one before.
fn each(entries: &[Entry]) -> impl DoubleEndedIterator<Item = Token> + '_ {
    let pairs = entries.windows(2).filter_map(|pair| pair.first_chunk());
    pairs.map(token)
}

fn token([entry, next]: &[Entry; 2]) -> Token {
    Token {
        span: Span::new(entry.start as usize, next.start as usize),
        class: entry.class,
        masked: entry.masked,
    }
}

/// The bytes of the characters U+4E00..U+9FFF that a text begins with: nine in ten of Chinese text,
/// recognised without decoding.
#[inline]
fn han_run(bytes: &[u8]) -> usize {
    let (characters, _) = bytes.as_chunks::<3>();
    let han = |c: &&[u8; 3]| matches!(c[0], 0xe5..=0xe9) || c[0] == 0xe4 && c[1] >= 0xb8;
    3 * characters.iter().take_while(han).count()
}

/// Breaks that stand in a row as tokens of their own; the last one takes in those that follow.
const BREAKS: usize = 3;

fn ends_in_breaks(entries: &[Entry]) -> bool {
    let last = entries.len().saturating_sub(BREAKS);
    entries.len() >= BREAKS
        && entries[last..]
            .iter()
            .all(|e| e.class == CharClass::Break && !e.masked)
}

#[cfg(test)]
mod tests {
    use crate::document::Document;
    use crate::text::CharClass;

    #[test]
    fn tokens_cover_the_text() {
        let text = "发展 and 改革，GDP增长5%。\r\n\r\n第2段……";
        let document = Document::new("a.txt", text);
        let joined: String = document
            .tokens()
            .iter()
            .map(|t| document.slice(t.span))
            .collect();
        assert_eq!(joined, text);
        let letters: Vec<_> = document
            .tokens()
            .iter()
            .filter(|t| t.class == CharClass::Letter)
            .collect();
        assert_eq!(letters.len(), 2);
        let breaks = document
            .tokens()
            .iter()
            .filter(|t| t.class == CharClass::Break)
            .count();
        assert_eq!(breaks, 2);
    }
}
