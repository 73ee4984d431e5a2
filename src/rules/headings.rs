//! Headlines that head nothing, for the rules that tell of them and of the articles that lack one.

use crate::document::edges::{End, end_of};
use crate::document::{Paragraph, ParagraphKind};
use crate::reading::Article;
use crate::reading::Reading;
use crate::text::Span;
use crate::text::item_marks::{Style, mark};

/// The beginning of a headline, to be told of.
pub(super) fn short(text: &str) -> String {
    let mut short: String = text
        .chars()
        .take(20)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if text.chars().nth(20).is_some() {
        short.push('…');
    }
    short
}

/// Whether a paragraph is a headline with a number (二、…), as another one near by with the number
/// before or after its own: what stands there needs no end.
pub(super) fn is_numbered(document: &Reading<'_>, index: usize) -> bool {
    const LONGEST: usize = 40;
    const NEAR: usize = 40;
    let number = |paragraph: &Paragraph| {
        let text = document.slice(paragraph.content);
        let is_headline = text.chars().nth(LONGEST).is_none() && !matches!(end_of(text), End::Full);
        mark(text, true).filter(|(style, ..)| *style == Style::Listed && is_headline)
    };
    let paragraphs = document.paragraphs();
    let Some((_, own, _)) = number(&paragraphs[index]) else {
        return false;
    };
    let mut near = paragraphs[index.saturating_sub(NEAR)..]
        .iter()
        .take(2 * NEAR)
        .filter_map(number);
    near.any(|(_, other, _)| other.abs_diff(own) == 1)
}

/// Whether an article has more than headlines and notes.
pub(super) fn has_text(document: &Reading<'_>, article: &Article) -> bool {
    document
        .paragraphs_of(article)
        .iter()
        .any(Paragraph::is_body)
}

/// A headline without an article.
pub(super) struct Stray {
    pub(super) span: Span,
    pub(super) home: Option<Span>,
    /// It stands where a sentence was surely cut.
    pub(super) torn: bool,
}

/// Whether a line is in brackets as a whole, or names somebody with a part in the article
/// (审核：王磊).
pub(super) fn is_note(text: &str) -> bool {
    const ROLE: usize = 5;
    const NAMES: usize = 10;
    if text.starts_with(['（', '(', '【', '[']) && text.ends_with(['）', ')', '】', ']']) {
        return true;
    }
    text.split_once(['：', ':']).is_some_and(|(role, names)| {
        let long = |part: &str, most| part.trim().chars().count() > most;
        !long(role, ROLE) && !long(names, NAMES)
    })
}

/// Headlines at the end of the document, and headlines that stand where a sentence is cut in two.
pub(super) fn stray_headings(document: &Reading<'_>) -> Vec<Stray> {
    let paragraphs = document.paragraphs();
    let articles = document.articles();
    let headless: Vec<&Article> = articles
        .iter()
        .filter(|a| a.heading.is_none() && a.byline.is_some())
        .collect();
    let mut starts: Vec<(u32, f32)> = document
        .cuts()
        .iter()
        .filter_map(|cut| Some((cut.start?, cut.log_odds)))
        .collect();
    starts.sort_unstable_by_key(|start| start.0);
    let mut stray = Vec::new();
    let mut at = 0;
    while at < paragraphs.len() {
        let run = paragraphs[at..]
            .iter()
            .take_while(|p| p.is_heading())
            .count();
        if run == 0 {
            at += 1;
            continue;
        }
        let head = &paragraphs[at..at + run];
        let rest = &paragraphs[at + run..];
        let unmarked = |p: &Paragraph| {
            let text = document.slice(p.content);
            matches!(p.kind, ParagraphKind::Heading(0..=2))
                && !text.ends_with(['？', '！', '?', '!', '”'])
                && !(p.kind == ParagraphKind::Heading(0) && is_note(text))
        };
        let at_end =
            at > 0 && rest.iter().all(|p| p.kind == ParagraphKind::Note) && paragraphs.len() > 3;
        // In the middle of a sentence no headline stands.
        let cut = |least: f32| {
            let from = starts.partition_point(|start| (start.0 as usize) < at + run);
            let here = starts[from..].iter();
            here.take_while(|start| start.0 as usize == at + run)
                .any(|start| start.1 > least)
        };
        let (inside, sure) = (cut(1.5), cut(3.5));
        if (at_end && headless.len() == 1 || inside && at > 0)
            && head.iter().all(unmarked)
            && run <= 3
        {
            let home = match headless.as_slice() {
                [only] => Some(only.span),
                _ => None,
            };
            stray.extend(head.iter().map(|p| Stray {
                span: p.span,
                home,
                torn: sure,
            }));
        }
        at += run;
    }
    stray
}
