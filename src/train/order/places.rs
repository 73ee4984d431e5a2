//! Fits the trees of `reading::placement`: what stands in the wrong article, and where articles
//! end.

use std::ops::Range;

use super::article::{Article, sentences};
use super::library::Library;
use super::{Gathered, Options, Page, Rows};
use crate::document::{Document, Paragraph, ParagraphKind};
use crate::model::Model;
use crate::reading::Reading;
use crate::reading::placement::affinity::{Belonging, Place};
use crate::reading::placement::articles::{self, Border};
use crate::text::Span;
use crate::train::random::Chance;

/// Nearly every sentence of a page is in its place: one in so many of those is taken, with as much
/// more weight.
const SPARSE: usize = 4;

/// What was put where it does not belong.
struct Moved {
    span: Span,
}

/// What stands around a text that is moved, until all are.
const MARK: &str = "\u{f8ff}";

/// A move that is tried.
struct Move {
    /// Whether the text comes from none of the articles of the page.
    foreign: bool,
    /// The blocks from which and to which.
    from: usize,
    to: usize,
}

/// Moves sentences and paragraphs of a page to another article, or brings them from elsewhere. The
/// spans are those of the page's text.
fn displace(page: &mut Page, articles: &[Article], whole: bool, chance: &mut Chance) -> Vec<Moved> {
    let wanted = 1 + chance.below(3);
    for _ in 0..wanted {
        let foreign = chance.percent(50);
        let body: Vec<usize> = (0..page.blocks.len())
            .filter(|i| !page.blocks[*i].set && !page.blocks[*i].text.contains(MARK))
            .collect();
        if body.len() < 8 {
            break;
        }
        let tried = Move {
            foreign,
            from: body[chance.below(body.len())],
            to: body[chance.below(body.len())],
        };
        match whole {
            true => move_paragraphs(page, articles, &tried, chance),
            false => move_sentence(page, articles, &tried, chance),
        }
    }
    page.blocks.retain(|b| !b.text.is_empty());
    without_marks(page)
}

fn move_paragraphs(page: &mut Page, articles: &[Article], tried: &Move, chance: &mut Chance) {
    let Move { foreign, from, to } = *tried;
    let home = page.blocks[from].article;
    let count = 1 + usize::from(chance.percent(25)) + usize::from(chance.percent(15));
    let texts: Vec<String> = if foreign {
        let article = &articles[chance.below(articles.len())];
        let start = chance.below(article.len());
        let long = article[start..].iter().filter(|p| p.len() > 150);
        long.take(count).cloned().collect()
    } else {
        let fits = |i: &usize| {
            page.blocks.get(*i).is_some_and(|b| {
                !b.set && b.article == home && b.text.len() > 150 && !b.text.contains(MARK)
            })
        };
        let own = (from..from + count).take_while(fits);
        own.map(|i| page.blocks[i].text.clone()).collect()
    };
    if texts.is_empty() || page.blocks[to].article == home && !foreign {
        return;
    }
    if !foreign {
        for i in from..from + texts.len() {
            page.blocks[i].text.clear();
        }
    }
    let article = page.blocks[to].article;
    let moved = texts.into_iter().map(|text| super::pages::Block {
        text: format!("{MARK}{text}{MARK}"),
        article,
        ..Default::default()
    });
    page.blocks.splice(to..to, moved);
}

fn move_sentence(page: &mut Page, articles: &[Article], tried: &Move, chance: &mut Chance) {
    let Move { foreign, from, to } = *tried;
    let home = page.blocks[from].article;
    let text = if foreign {
        let article = &articles[chance.below(articles.len())];
        article[chance.below(article.len())].clone()
    } else {
        page.blocks[from].text.clone()
    };
    let parts = sentences(&text);
    let sentence = parts[chance.below(parts.len())];
    if sentence.chars().count() < 16
        || !sentence.chars().any(crate::text::is_sentence_end)
        || !foreign && (parts.len() < 2 || page.blocks[to].article == home)
    {
        return;
    }
    let target = &page.blocks[to].text;
    let borders = sentences(target);
    if borders.len() < 2 || target.chars().count() < 50 {
        return;
    }
    let before = borders.iter().take(1 + chance.below(borders.len()));
    let at: usize = before.map(|s| s.len()).sum();
    let inserted = format!("{MARK}{sentence}{MARK}");
    if !foreign {
        let without = page.blocks[from].text.replacen(sentence, "", 1);
        page.blocks[from].text = without;
    }
    page.blocks[to].text.insert_str(at, &inserted);
}

/// Takes the marks out: between two of them is what was moved.
fn without_marks(page: &mut Page) -> Vec<Moved> {
    let mut moved = Vec::new();
    let (mut at, mut open) = (0, None);
    for block in &mut page.blocks {
        let pieces: Vec<&str> = block.text.split(MARK).collect();
        for (i, piece) in pieces.iter().enumerate() {
            if i > 0 {
                match open.take() {
                    None => open = Some(at),
                    Some(start) => moved.push(Moved {
                        span: Span::new(start, at),
                    }),
                }
            }
            at += piece.len();
        }
        block.text = pieces.concat();
        at += 2;
    }
    moved
}

/// The evidence on sentences, or on whole paragraphs.
pub(super) fn places(model: &Model, library: &Library, options: &Options, whole: bool) -> Gathered {
    let mut rows = Rows::new(Place::NAMES);
    let mut pages = Vec::new();
    let mut terms = Vec::new();
    for number in 0..options.pages {
        let mut chance = Chance::of(options.seed + 77, number);
        let mut page = Page::compose(library, &mut chance);
        let moved = displace(&mut page, &library.articles, whole, &mut chance);
        let text = page.text();
        let laid_out = Document::new("page.txt", &text);
        let document = Reading::new(&laid_out, model);
        let belonging = Belonging::new(&document, document.content());
        let units = if whole {
            belonging.paragraph_units()
        } else {
            belonging.sentence_units()
        };
        for unit in units {
            let span = belonging.span_of(unit);
            let common = |m: &Moved| {
                m.span
                    .end()
                    .min(span.end())
                    .saturating_sub(m.span.start().max(span.start()))
            };
            let covered = moved.iter().map(common).max().unwrap_or(0);
            // Half of it moved is neither.
            if covered > 0 && covered * 10 < span.len() * 8 {
                continue;
            }
            let weight = match covered {
                0 if chance.below(SPARSE) > 0 => continue,
                0 => SPARSE as f32,
                _ => 1.0,
            };
            let row = belonging.row(unit, &mut terms).0;
            rows.push(&row.columns(), covered > 0, weight);
            pages.push(number);
        }
    }
    (rows, pages)
}

/// The evidence on each line, or each few, that looks like a headline and is not marked as one.
pub(in crate::train) fn border_rows(reading: &Reading<'_>) -> Vec<(Range<usize>, Border)> {
    let paragraphs = reading.paragraphs();
    let row = |head: Range<usize>| {
        let looks = |p: &Paragraph| p.kind == ParagraphKind::Heading(0);
        if head.is_empty() || !paragraphs[head.clone()].iter().all(looks) {
            return None;
        }
        let (at, lines) = (head.start, head.len());
        let row = articles::border_row(reading, reading.content(), paragraphs, at, lines)?;
        Some((head, row))
    };
    articles::heads(paragraphs).filter_map(row).collect()
}

/// The evidence on borders between articles.
pub(super) fn borders(model: &Model, library: &Library, options: &Options) -> Gathered {
    let mut rows = Rows::new(Border::NAMES);
    let mut pages = Vec::new();
    for number in 0..options.pages {
        let mut chance = Chance::of(options.seed + 33, number);
        let page = Page::compose(library, &mut chance);
        let text = page.text();
        let laid_out = Document::new("page.txt", &text);
        let document = Reading::new(&laid_out, model);
        let paragraphs = document.paragraphs();
        if paragraphs.len() != page.blocks.len() || text.contains("## ") {
            continue;
        }
        for (head, row) in border_rows(&document) {
            let opens = page.blocks[head].iter().any(|b| b.set);
            rows.push(&row.columns(), opens, 1.0);
            pages.push(number);
        }
    }
    (rows, pages)
}
