//! What is known of a document from the collection it stands in, put beside it by whoever surveyed
//! that.

use crate::language::Message;
use crate::text::Span;

/// Something in a document that only the collection tells.
#[derive(Clone, Debug, PartialEq)]
pub struct SiteMark {
    /// What it is.
    pub kind: SiteMarkKind,
    /// Where it stands.
    pub span: Span,
    /// What there is to say about it.
    pub message: Message,
    /// The other document that it concerns, and where in it.
    pub other: Option<(String, Span)>,
}

/// What the collection tells.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SiteMarkKind {
    /// A line that the source sets on its pages: no part of the text.
    Line,
    /// A phrase planted in many documents.
    Phrase,
    /// The document is a copy: so alike, from 0 to 1.
    Copy(f32),
    /// A passage stands in another document too.
    Passage,
    /// A wrong word that its source writes again and again, and what it should read.
    Confusion([char; 2]),
}

/// The text with the lines of the site blanked: as many bytes, so that nothing moves. Nothing where
/// there are none.
#[must_use]
pub fn without_lines(text: &str, marks: &[SiteMark]) -> Option<String> {
    let mut lines = marks
        .iter()
        .filter(|m| m.kind == SiteMarkKind::Line)
        .peekable();
    lines.peek()?;
    let mut blanked = String::with_capacity(text.len());
    for mark in lines {
        if mark.span.start() < blanked.len() {
            continue;
        }
        blanked.push_str(&text[blanked.len()..mark.span.start()]);
        blanked.extend(std::iter::repeat_n(
            ' ',
            mark.span.end() - mark.span.start(),
        ));
    }
    blanked.push_str(&text[blanked.len()..]);
    Some(blanked)
}

#[cfg(test)]
mod tests {
    use super::{SiteMark, SiteMarkKind, without_lines};
    use crate::language::Message;
    use crate::text::Span;

    #[test]
    fn a_blanked_line_moves_nothing() {
        let text = "正文在此。\n责任编辑：某某\n尾";
        let line = "正文在此。\n".len()..text.len() - "\n尾".len();
        let mark = SiteMark {
            kind: SiteMarkKind::Line,
            span: Span::new(line.start, line.end),
            message: Message::default(),
            other: None,
        };
        let blanked = without_lines(text, std::slice::from_ref(&mark)).expect("a line");
        assert_eq!(blanked.len(), text.len());
        assert_eq!(blanked.replace(' ', ""), "正文在此。\n\n尾");
        assert_eq!(without_lines(text, &[]), None);
    }
}
