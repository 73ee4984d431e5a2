//! How marks, ends and kinds of paragraphs stand in a row of evidence: trees read numbers.

use crate::text::{CharClass, is_closing, is_opening, is_sentence_end};

use crate::document::edges::{End, is_pause};
use crate::document::{Paragraph, ParagraphKind};

/// How the end of a paragraph looks, from a whole sentence to a pause.
pub(crate) fn end_number(end: End) -> f32 {
    match end {
        End::Full => 0.0,
        End::Announcing => 1.0,
        End::Closing => 2.0,
        End::Latin => 3.0,
        End::Bare => 4.0,
        End::Opening => 5.0,
        End::Pause => 6.0,
    }
}

/// What a text begins with, from "surely a beginning" to "surely none".
pub(crate) fn first_number(text: &str) -> f32 {
    let Some(first) = text.chars().next() else {
        return 0.0;
    };
    match CharClass::of(first) {
        _ if is_opening(first) || first == '"' => 1.0,
        _ if is_sentence_end(first) || is_pause(first) || is_closing(first) => 7.0,
        CharClass::Mark | CharClass::AsciiMark => 5.0,
        CharClass::Digit => 2.0,
        CharClass::Letter => 3.0,
        CharClass::Han => 4.0,
        _ => 0.0,
    }
}

/// The first mark of a paragraph.
pub(crate) fn mark_number(mark: Option<char>) -> f32 {
    match mark {
        None => 0.0,
        Some('，' | ',') => 1.0,
        Some('。') => 2.0,
        Some('、') => 3.0,
        Some('：' | ':') => 4.0,
        Some('；' | ';') => 5.0,
        Some(c) if is_sentence_end(c) => 2.0,
        Some(c) if is_opening(c) => 6.0,
        Some(c) if is_closing(c) => 7.0,
        Some(_) => 8.0,
    }
}

/// What a paragraph is; −1 where there is none.
pub(crate) fn kind_number(paragraph: Option<&Paragraph>) -> f32 {
    match paragraph.map(|p| p.kind) {
        None => -1.0,
        Some(ParagraphKind::Body) => 0.0,
        Some(ParagraphKind::ListItem) => 1.0,
        Some(ParagraphKind::Heading(0)) => 2.0,
        Some(ParagraphKind::Heading(_)) => 3.0,
        Some(ParagraphKind::Byline) => 4.0,
        Some(ParagraphKind::Note) => 5.0,
        Some(ParagraphKind::Code) => 6.0,
    }
}
