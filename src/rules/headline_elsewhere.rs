//! Headlines that stand in the wrong article: of their telling words the text below has none, and
//! another article has several.

use std::collections::{HashMap, HashSet};

use crate::document::ParagraphKind;
use crate::finding::{Finding, Findings};
use crate::reading::Reading;
use crate::reading::placement::sentence_topics::{RARE, Term, weight};
use crate::reading::register::Register;
use crate::rule::Card;
use crate::text::Span;
use crate::told;

use super::headings::{is_note, short};

/// Rare words of the headline that the other article has, where it is marked as a headline, and
/// where it only looks like one.
const SHARED: [usize; 2] = [2, 3];
/// Sentences that an article has at least: in a few of them the words of a headline need not stand.
const FEWEST: u32 = 4;

/// A headline with its rare words.
struct Headline {
    paragraph: usize,
    article: u32,
    terms: Vec<Term>,
    /// How many of them another article must have.
    shared: usize,
}

/// Tells of headlines whose words stand in another article and not in their own.
pub(super) fn tell(document: &Reading<'_>, card: &'static Card, findings: &mut Findings) {
    let articles = document.articles();
    if articles.len() < 2 {
        return;
    }
    let headlines = headlines(document);
    // the articles that have each term
    let mut places: HashMap<Term, HashSet<u32>> = HashMap::new();
    for term in headlines.iter().flat_map(|headline| &headline.terms) {
        places.entry(*term).or_default();
    }
    if places.is_empty() {
        return;
    }
    let paragraphs = document.paragraphs();
    let mut lengths = vec![0; articles.len()];
    for (index, sentence) in document.sentences().iter().enumerate() {
        let paragraph = &paragraphs[sentence.paragraph as usize];
        if !paragraph.is_body() {
            continue;
        }
        lengths[paragraph.article as usize] += 1;
        for term in document.content().terms(index) {
            if let Some(articles) = places.get_mut(&term) {
                articles.insert(paragraph.article);
            }
        }
    }
    for headline in &headlines {
        let own = headline.article;
        let has = |article: u32| {
            let terms = headline.terms.iter();
            terms.filter(|term| places[term].contains(&article)).count()
        };
        // Where a headline opens an article by its look alone, it may stand in the one before.
        let around = own.saturating_sub(1)..=own;
        if lengths[own as usize] < FEWEST || around.clone().any(|article| has(article) > 0) {
            continue;
        }
        let others = (0..articles.len() as u32).filter(|article| !around.contains(article));
        let Some((shared, home)) = others.map(|article| (has(article), article)).max() else {
            continue;
        };
        if shared < headline.shared {
            continue;
        }
        let paragraph = &paragraphs[headline.paragraph];
        let text = short(document.slice(paragraph.content));
        let line = document.line(articles[home as usize].span.start());
        findings.push(
            Finding::new(
                card,
                paragraph.span,
                told!(
                    "the headline “{text}” belongs to the article at line {line}";
                    "标题“{text}”属于第{line}行的文章"
                ),
            )
            .help(told!(
                "{shared} of its words stand there, and none in the text below it";
                "其中{shared}个词见于那里，其下的正文一个也没有"
            ))
            .evidence("shared", shared)
            .evidence("belongs-at-line", line),
        );
    }
}

/// The headlines with enough rare words.
fn headlines(document: &Reading<'_>) -> Vec<Headline> {
    let lexicon = document.model().lexicon();
    let mut found = Vec::new();
    for (index, paragraph) in document.paragraphs().iter().enumerate() {
        let ParagraphKind::Heading(level) = paragraph.kind else {
            continue;
        };
        let looks = level == 0;
        if looks && !reads_as_headline(document, paragraph.content) {
            continue;
        }
        let shared = SHARED[usize::from(looks)];
        let (first, end) = (paragraph.sentences.start, paragraph.sentences.end);
        let terms = document.content().terms_of(first as usize..end as usize);
        let mut terms: Vec<Term> = terms.filter(|term| weight(lexicon, *term) > RARE).collect();
        terms.sort_unstable();
        terms.dedup();
        if terms.len() >= shared {
            found.push(Headline {
                paragraph: index,
                article: paragraph.article,
                terms,
                shared,
            });
        }
    }
    found
}

/// Whether a line that only looks like a headline may be one: nobody speaks or asks in it, and it
/// is neither a note nor a line of a story or of verse.
fn reads_as_headline(document: &Reading<'_>, line: Span) -> bool {
    let text = document.slice(line);
    let modern = document.registers().at(line.start()) == Register::Modern;
    let said = ['“', '”', '《', '？', '?', '！', '!', '：', ':', '，', '。'];
    modern && !text.contains(said) && !is_note(text)
}
