//! Articles: which paragraphs belong under one headline.

use std::ops::Range;

use crate::model::topics::Topic;
use crate::reading::evidence::evidence;
use crate::text::Span;
use crate::text::numerals::is_to_ten;

use super::sentence_topics::{Content, Term, weight};
use crate::document::opens_report;
use crate::document::{Paragraph, ParagraphKind};
use crate::reading::Reading;
use crate::reading::Sentence;

/// An article of the document; a document without headlines is one article.
#[derive(Clone, Debug)]
pub struct Article {
    /// From its first paragraph to its last.
    pub span: Span,
    /// Its paragraphs, as indices into the document's table.
    pub paragraphs: Range<u32>,
    /// The index of its headline, where it has one; of several lines the first.
    pub heading: Option<u32>,
    /// The index of the line above the text that names its author, where there is one.
    pub byline: Option<u32>,
}

/// Groups the paragraphs and notes in each which article it belongs to.
pub(crate) fn group(
    document: &Reading<'_>,
    paragraphs: &mut [Paragraph],
    sentences: &[Sentence],
) -> Vec<Article> {
    let borders = borders(document, paragraphs, sentences);
    let mut articles: Vec<Article> = Vec::new();
    let mut borders = borders.into_iter().peekable();
    for (index, paragraph) in paragraphs.iter_mut().enumerate() {
        let index = index as u32;
        let opens = borders.next_if(|b| *b <= index).is_some();
        match articles.last_mut() {
            Some(last) if !opens => {
                last.span = Span::new(last.span.start(), paragraph.span.end());
                last.paragraphs.end = index + 1;
            }
            _ => articles.push(Article {
                span: paragraph.span,
                paragraphs: index..index + 1,
                heading: None,
                byline: None,
            }),
        }
        paragraph.article = articles.len() as u32 - 1;
    }
    for article in &mut articles {
        let mut head = article.paragraphs.clone();
        article.heading = head
            .clone()
            .next()
            .filter(|i| paragraphs[*i as usize].is_heading());
        article.byline = head
            .find(|i| !paragraphs[*i as usize].is_heading())
            .filter(|i| paragraphs[*i as usize].kind == ParagraphKind::Byline);
    }
    articles
}

/// The paragraphs at which an article begins, but for the first of the document.
fn borders(document: &Reading<'_>, paragraphs: &[Paragraph], sentences: &[Sentence]) -> Vec<u32> {
    let opening_level = opening_level(document, paragraphs);
    // Where some headlines are marked, one that is not is a subhead.
    let marked = |p: &Paragraph| matches!(p.kind, ParagraphKind::Heading(1 | 2));
    let may_turn = !document.is_markdown() && !paragraphs.iter().any(marked);
    let mut borders = Vec::new();
    // The end of an article was seen and nothing but its imprint since.
    let mut ended = true;
    for Range { start: at, end } in heads(paragraphs) {
        let run = end - at;
        let next = paragraphs.get(at + run);
        let byline = next.is_some_and(|p| p.kind == ParagraphKind::Byline);
        let opens = if run > 0 {
            let heads = &paragraphs[at..at + run];
            let marked = heads.iter().any(
                |p| matches!(p.kind, ParagraphKind::Heading(l) if l > 0 && l <= opening_level),
            );
            let looks =
                heads.iter().all(|p| p.kind == ParagraphKind::Heading(0)) && opening_level < 6;
            let report = next.is_some_and(|p| {
                p.kind == ParagraphKind::Body && opens_report(document.slice(p.content))
            });
            let numbered = heads.iter().all(|p| is_numbered(document.slice(p.content)));
            !numbered
                && (marked
                    || looks
                        && (byline
                            || report
                            || ended
                            || at > 0
                                && may_turn
                                && turns(document, paragraphs, sentences, at, run)))
        } else {
            // A byline without a headline opens an article, unless it closes the one before.
            let closes = paragraphs.get(at + 1).is_none_or(Paragraph::is_heading);
            // A second one below the first belongs to it.
            let second = at > 0 && paragraphs[at - 1].kind == ParagraphKind::Byline;
            byline && !closes && !second
        };
        if opens && at > 0 {
            borders.push(at as u32);
        }
        let last = paragraphs.get(at + run).map(|p| p.kind);
        ended = match last {
            Some(ParagraphKind::Note) => {
                ends_article(document, &paragraphs[at + run]) || ended && run == 0
            }
            Some(_) => false,
            None => ended,
        };
    }
    borders
}

/// The headings above each paragraph that is none, empty where it has none; and those that stand at
/// the end.
pub(crate) fn heads(paragraphs: &[Paragraph]) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = paragraphs.get(at..).filter(|rest| !rest.is_empty())?;
        let run = rest.iter().take_while(|p| p.is_heading()).count();
        let head = at..at + run;
        at += run + 1;
        Some(head)
    })
}

evidence! {
    /// Why an article may begin at a headline.
    pub(crate) struct Border {
        far = "far": "how near the text above is to the text below in topic", "上文与下文主题的接近程度";
        near = "near": "how near the sentences right above are to those right below", "紧邻的上下几句主题的接近程度";
        heading_after = "heading-after": "how near the headline is to the text below", "标题与下文的接近程度";
        heading_before = "heading-before": "how near the headline is to the text above", "标题与上文的接近程度";
        shared = "shared": "the share of telling words that stand above and below", "上下文共有的有分量的词的比例";
        heading = "heading": "characters of the headline", "标题的字数";
        lines = "lines": "lines of the headline", "标题的行数";
        before_note = "before-note": "whether a note stands above", "上面是否为附注";
        vector_before = "vector-before": "how much the text above says of its topic", "上文主题的分量";
        vector_after = "vector-after": "how much the text below says of its topic", "下文主题的分量";
        to_end = "to-end": "sentences to the end, 60 at most", "到文末的句数（至多 60）";
        from_start = "from-start": "sentences from the beginning, 60 at most", "距文首的句数（至多 60）";
    }
}
/// The part of the model that holds the trees.
pub(crate) const PART: &str = "border";
/// Sentences on either side of a heading whose topics are compared.
const FAR: usize = 14;
const NEAR: usize = 5;
/// What the first trees must say against a border for the others not to be asked, in nats.
const PLAIN: f32 = 1.0;

/// Whether the topic turns at a heading, so that it opens an article.
fn turns(
    document: &Reading<'_>,
    paragraphs: &[Paragraph],
    sentences: &[Sentence],
    at: usize,
    run: usize,
) -> bool {
    if document.skims() {
        return false;
    }
    let Some(trees) = document.model().forest(PART) else {
        return false;
    };
    let content = document.content_of(sentences);
    border_row(document, content, paragraphs, at, run).is_some_and(|row| {
        trees
            .log_odds_unless_low(&row.columns(), PLAIN)
            .is_some_and(|log_odds| log_odds > 0.0)
    })
}

/// The row of evidence that the headings `at..at + run` open an article.
pub(crate) fn border_row(
    document: &Reading<'_>,
    content: &Content,
    paragraphs: &[Paragraph],
    at: usize,
    run: usize,
) -> Option<Border> {
    let heading =
        paragraphs[at].sentences.start as usize..paragraphs[at + run - 1].sentences.end as usize;
    let end = paragraphs.last()?.sentences.end as usize;
    let sum = |range: Range<usize>| {
        let mut topic = Topic::default();
        range.for_each(|i| topic.add(&content.topic(i)));
        topic
    };
    let (start, after) = (heading.start, heading.end);
    if start == 0 || after >= end {
        return None;
    }
    let far = (
        sum(start.saturating_sub(FAR)..start),
        sum(after..end.min(after + FAR)),
    );
    let near = (
        sum(start.saturating_sub(NEAR)..start),
        sum(after..end.min(after + NEAR)),
    );
    let title = sum(heading.clone());
    let lexicon = document.model().lexicon();
    // The telling ones, in order and each once, with their weights.
    let terms = |range: Range<usize>| -> Vec<(Term, f32)> {
        let mut terms: Vec<(Term, f32)> = range
            .flat_map(|i| content.terms(i))
            .map(|t| (t, weight(lexicon, t)))
            .filter(|(_, w)| *w > 4.0)
            .collect();
        terms.sort_unstable_by_key(|(t, _)| *t);
        terms.dedup_by_key(|(t, _)| *t);
        terms
    };
    let (left, right) = (
        terms(start.saturating_sub(FAR)..start),
        terms(after..end.min(after + FAR)),
    );
    let heavy = |list: &[(Term, f32)]| list.iter().map(|(_, w)| w).sum::<f32>();
    let common: f32 = left
        .iter()
        .filter(|(t, _)| right.binary_search_by_key(t, |(t, _)| *t).is_ok())
        .map(|(_, w)| w)
        .sum();
    let shared = common / (heavy(&left).min(heavy(&right)) + 10.0);
    let characters = paragraphs[at..at + run]
        .iter()
        .map(|p| p.content.len() / 3)
        .sum::<usize>();
    let note = at
        .checked_sub(1)
        .is_some_and(|i| paragraphs[i].kind == ParagraphKind::Note);
    Some(Border {
        far: far.0.cosine(&far.1),
        near: near.0.cosine(&near.1),
        heading_after: title.cosine(&far.1),
        heading_before: title.cosine(&far.0),
        shared,
        heading: characters as f32,
        lines: run as f32,
        before_note: f32::from(u8::from(note)),
        vector_before: far.0.length(),
        vector_after: far.1.length(),
        to_end: (end - after).min(60) as f32,
        from_start: start.min(60) as f32,
    })
}

/// Headings up to which level open an article. In Markdown with one title the title alone does: its
/// sections are no articles.
fn opening_level(document: &Reading<'_>, paragraphs: &[Paragraph]) -> u8 {
    if !document.is_markdown() {
        return 2;
    }
    let level = |p: &Paragraph| match p.kind {
        ParagraphKind::Heading(level @ 1..) => Some(level),
        _ => None,
    };
    let top = paragraphs.iter().filter_map(level).min();
    // 6 also means that lines which merely look like headings open nothing.
    top.map_or(6, |top| if top == 1 { 1 } else { 0 })
}

/// A note that stands at the end of an article: who the author is, where and when it was written.
fn ends_article(document: &Reading<'_>, paragraph: &Paragraph) -> bool {
    let text = document.slice(paragraph.content);
    let inside = text.trim_start_matches(['（', '(', '【', '[']);
    let credit = text.starts_with(['■', '▲', '△']) || text.ends_with('摄');
    !credit
        && (inside.len() < text.len() || text.contains("编者") || text.contains("责"))
        && !inside.starts_with(['图', '摄'])
}

/// A heading with a number is one of several in an article.
pub(crate) fn is_numbered(text: &str) -> bool {
    let text = text.trim_start_matches(['（', '(', '第']);
    let digits = text
        .chars()
        .take_while(|c| c.is_ascii_digit() || is_to_ten(*c))
        .count();
    let rest = text.chars().nth(digits);
    (1..=3).contains(&digits) && rest.is_some_and(|c| "、．.）)章节条部：: ".contains(c))
}
