//! How a paragraph begins and ends, by its marks.

use crate::text::{CharClass, is_closing, is_common_han, is_opening, is_sentence_end};

/// How a paragraph ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// 。！？ and what closes after them; an ellipsis.
    Full,
    /// A colon or a dash: a speech, a list or a quotation follows.
    Announcing,
    /// ，、；
    Pause,
    /// An opening mark, or ·: something must follow.
    Opening,
    /// A closing mark with no end of a sentence before it.
    Closing,
    /// A letter or digit.
    Latin,
    /// A Han character, or anything else.
    Bare,
}

/// The marks of a paragraph as far as its borders are concerned.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Edges {
    /// How it ends.
    pub(crate) end: End,
    /// Quotation marks and brackets still open at its end.
    pub(crate) open: u32,
    /// Closing marks that close nothing in it.
    pub(crate) unopened: u32,
    /// Characters in all.
    pub(crate) characters: u32,
    /// Ends of sentences in it.
    pub(crate) sentences: u32,
    /// Characters after the last end of a sentence.
    pub(crate) tail: u32,
    /// Pauses among those.
    pub(crate) tail_pauses: u32,
    /// Characters before the first mark.
    pub(crate) head: u32,
    /// The first mark.
    pub(crate) first_mark: Option<char>,
}

/// How much of a long paragraph is looked at from each end, in bytes.
const REACH: usize = 3000;

impl Edges {
    /// Reads a paragraph.
    pub(crate) fn of(text: &str) -> Self {
        let mut edges = Self {
            end: end_of(text),
            open: 0,
            unopened: 0,
            characters: (text.len() / 3) as u32,
            sentences: 0,
            tail: 0,
            tail_pauses: 0,
            head: 0,
            first_mark: None,
        };
        let mut stack: Vec<char> = Vec::new();
        let skipped = text.len().saturating_sub(2 * REACH);
        let cut = |at: usize| {
            (at..text.len())
                .find(|i| text.is_char_boundary(*i))
                .unwrap_or(text.len())
        };
        let (front, back) = if skipped == 0 {
            (text, "")
        } else {
            (&text[..cut(REACH)], &text[cut(text.len() - REACH)..])
        };
        let mut count = 0;
        for c in front.chars().chain(back.chars()) {
            count += 1;
            edges.tail += 1;
            if is_common_han(c) {
                continue;
            }
            let class = CharClass::of(c);
            if !matches!(class, CharClass::Mark | CharClass::AsciiMark) {
                continue;
            }
            if edges.first_mark.is_none() {
                edges.first_mark = Some(c);
                edges.head = count - 1;
            }
            if is_sentence_end(c) {
                edges.sentences += 1;
                edges.tail = 0;
                edges.tail_pauses = 0;
            } else if is_opening(c) {
                stack.push(c);
            } else if is_closing(c) {
                if edges.tail == 1 {
                    edges.tail = 0;
                }
                match stack.iter().rposition(|o| closes(*o, c)) {
                    Some(at) => stack.truncate(at),
                    None => edges.unopened += 1,
                }
            } else if is_pause(c) {
                edges.tail_pauses += 1;
            }
        }
        if edges.first_mark.is_none() {
            edges.head = count;
        }
        if skipped == 0 {
            edges.characters = count;
        }
        edges.open = stack.len() as u32;
        edges
    }
}

/// Whether `close` is the mark that closes `open`.
pub(crate) fn closes(open: char, close: char) -> bool {
    matches!(
        (open, close),
        ('“', '”')
            | ('‘', '’')
            | ('「', '」')
            | ('『', '』')
            | ('（' | '(', '）' | ')')
            | ('《', '》')
            | ('〈', '〉')
            | ('【', '】')
            | ('〔', '〕')
            | ('［' | '[', '］' | ']')
            | ('｛' | '{', '｝' | '}')
            | ('〖', '〗')
    )
}

/// A mark inside a sentence.
pub(crate) fn is_pause(c: char) -> bool {
    matches!(c, '，' | '、' | '；' | ',' | ';' | '﹐')
}

/// Whether the mark that ends a text stands after the end of a sentence.
fn before_is_end(text: &str, mark: char) -> bool {
    text.trim_end_matches(mark).ends_with(is_sentence_end)
}

/// How a text ends.
pub(crate) fn end_of(text: &str) -> End {
    let mut closed = false;
    for c in text.chars().rev() {
        return match c {
            _ if is_sentence_end(c) => End::Full,
            '"' | '\'' | '*' | '_' => continue,
            _ if is_closing(c) => {
                closed = true;
                continue;
            }
            _ if closed => End::Closing,
            '：' | ':' | '—' | '－' | '–' => End::Announcing,
            '.' => End::Full,
            // 。， is a doubled mark, not a sentence that goes on.
            _ if is_pause(c) && before_is_end(text, c) => End::Full,
            _ if is_pause(c) => End::Pause,
            _ if is_opening(c) || c == '·' => End::Opening,
            _ if matches!(CharClass::of(c), CharClass::Letter | CharClass::Digit) => End::Latin,
            _ => End::Bare,
        };
    }
    End::Closing
}

#[cfg(test)]
mod tests {
    use super::{Edges, End, end_of};

    #[test]
    fn ends() {
        for (text, end) in [
            ("他来了。", End::Full),
            ("他说：“来了。”", End::Full),
            ("笑容里……", End::Full),
            ("他说：", End::Announcing),
            ("心得——", End::Announcing),
            ("春天，", End::Pause),
            ("称为“丰收”", End::Closing),
            ("变为“", End::Opening),
            ("增长5", End::Latin),
            ("上海是全国的上", End::Bare),
        ] {
            assert_eq!(end_of(text), end, "{text}");
        }
    }

    #[test]
    fn marks_are_counted() {
        let edges = Edges::of("力。”他答，“我们（一起");
        assert_eq!((edges.open, edges.unopened, edges.sentences), (2, 1, 1));
        assert_eq!((edges.head, edges.tail_pauses), (1, 1));
    }
}
