//! Tokens: runs of characters of one class.

use std::ops::Range;

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

/// The class of a token, and whether it is masked.
type TokenKind = (CharClass, bool);

/// The tokens of a text; together they cover it. A large file has millions: where they begin and
/// what they are lie apart, in six bytes a token.
#[derive(Debug)]
pub struct Tokens {
    /// Where each one begins, and where the text ends: it ends where the next one begins.
    starts: Vec<u32>,
    kinds: Vec<TokenKind>,
    /// How many there are of each class.
    counts: [u32; CLASSES],
}

const CLASSES: usize = CharClass::Other as usize + 1;

impl Tokens {
    #[inline(never)] // its instructions are counted
    pub(super) fn new(text: &str, mask: &Mask) -> Self {
        let bytes = text.as_bytes();
        let expected = text.len() / 20 + 8;
        let mut starts: Vec<u32> = Vec::with_capacity(expected);
        let mut kinds: Vec<TokenKind> = Vec::with_capacity(expected);
        let mut counts = [0; CLASSES];
        let mut masks = mask.spans().iter().peekable();
        let mut at = 0;
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
            let goes_on = class == CharClass::Break && !masked && ends_in_breaks(&kinds);
            if !goes_on && single || kinds.last() != Some(&(class, masked)) {
                starts.push(at as u32);
                kinds.push((class, masked));
                counts[class as usize] += 1;
            }
            at += width;
        }
        starts.push(text.len() as u32);
        starts.shrink_to_fit();
        kinds.shrink_to_fit();
        Self {
            starts,
            kinds,
            counts,
        }
    }

    /// Number of tokens.
    #[must_use]
    pub fn len(&self) -> usize {
        self.kinds.len()
    }

    /// Whether the text is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The token at an index.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<Token> {
        let kind = self.kinds.get(index)?;
        let [start, end] = self.starts.get(index..)?.first_chunk()?;
        Some(token(*start, *end, *kind))
    }

    /// All tokens in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Token> + '_ {
        self.each(0..self.len())
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
        let all = if self.has(class) { self.len() } else { 0 };
        let tokens = (0..).zip(self.each(0..all));
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
        self.each(first..last)
    }

    /// How many tokens begin before a byte.
    fn begun(&self, offset: usize) -> usize {
        let starts = &self.starts[..self.len()];
        starts.partition_point(|start| (*start as usize) < offset)
    }

    /// The tokens with these indices.
    fn each(&self, indices: Range<usize>) -> impl DoubleEndedIterator<Item = Token> + '_ {
        let starts = &self.starts[indices.start..=indices.end];
        let bounds = starts.iter().zip(&starts[1..]);
        let tokens = bounds.zip(&self.kinds[indices]);
        tokens.map(|((start, end), kind)| token(*start, *end, *kind))
    }
}

fn token(start: u32, end: u32, (class, masked): TokenKind) -> Token {
    Token {
        span: Span::new(start as usize, end as usize),
        class,
        masked,
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

fn ends_in_breaks(kinds: &[TokenKind]) -> bool {
    let last = kinds.last_chunk::<BREAKS>();
    last.is_some_and(|last| last.iter().all(|kind| *kind == (CharClass::Break, false)))
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
