//! Sentences.

use crate::text::{CharClass, Span, is_closing, is_han, is_sentence_end};

use crate::document::Paragraph;

use crate::reading::Reading;

/// A sentence: up to 。！？…… with the closing marks after it, in either width; the last one of a
/// paragraph may lack its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// Its bytes, without white space around it.
    pub span: Span,
    /// The index of its paragraph.
    pub paragraph: u32,
}

/// Splits all paragraphs and notes in each which sentences are its own.
pub(crate) fn split(document: &Reading<'_>, paragraphs: &mut [Paragraph]) -> Vec<Sentence> {
    let mut sentences = Vec::with_capacity(paragraphs.len() * 3);
    for (index, paragraph) in paragraphs.iter_mut().enumerate() {
        let first = sentences.len() as u32;
        let mut start = paragraph.content.start();
        let mut push = |start: usize, end: usize| {
            let text = &document.text()[start..end];
            let trimmed = text.trim_start();
            let start = end - trimmed.len();
            let end = start + trimmed.trim_end().len();
            if start < end {
                sentences.push(Sentence {
                    span: Span::new(start, end),
                    paragraph: index as u32,
                });
            }
        };
        let mut tokens = document.tokens().within(paragraph.content).peekable();
        while let Some(token) = tokens.next() {
            if token.masked || !matches!(token.class, CharClass::Mark | CharClass::AsciiMark) {
                continue;
            }
            if !ends_sentence(document, token.span) {
                continue;
            }
            let mut end = token.span.end();
            let closes = |c: char| is_sentence_end(c) || is_closing(c) || c == '"' || c == '\'';
            while let Some(next) = tokens.next_if(|t| document.slice(t.span).chars().all(closes)) {
                end = next.span.end();
            }
            push(start, end);
            start = end;
        }
        push(start, paragraph.content.end());
        paragraph.sentences = first..sentences.len() as u32;
    }
    sentences
}

/// Whether the mark ends a sentence. A full stop in ASCII does after a Han character, where no
/// digit or letter follows.
fn ends_sentence(document: &Reading<'_>, mark: Span) -> bool {
    let text = document.text();
    match text[mark.range()].chars().next() {
        Some('.') => {
            let before = text[..mark.start()].chars().next_back();
            let after = text[mark.end()..].chars().next();
            before.is_some_and(is_han)
                && !after.is_some_and(|c| {
                    matches!(CharClass::of(c), CharClass::Letter | CharClass::Digit)
                })
                && after != Some('.')
        }
        // ３．５, １．基本情况
        Some('．') => {
            let before = text[..mark.start()].chars().next_back();
            !before.is_some_and(|c| CharClass::of(c) == CharClass::Digit)
        }
        Some(c) => is_sentence_end(c),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::document::Document;
    use crate::reading::Reading;

    #[test]
    fn closing_marks_stay_with_their_sentence() {
        let text = "他说：“天晴了。”大家都笑了……真好！\n版本2.0发布.用户很满意.\n";
        let document = Document::new("a.txt", text);
        let document = Reading::of(&document);
        let got: Vec<_> = document
            .sentences()
            .iter()
            .map(|s| document.slice(s.span))
            .collect();
        assert_eq!(
            got,
            [
                "他说：“天晴了。”",
                "大家都笑了……",
                "真好！",
                "版本2.0发布.",
                "用户很满意."
            ]
        );
        assert_eq!(document.sentences_of(&document.paragraphs()[1]).len(), 2);
    }
}
