//! Rows of the sentences and paragraphs of single articles, into some of which one of another was
//! put.

use super::article::{Article, sentences};
use super::library::Library;
use super::pages::headline;
use super::{Gathered, Options, Rows};
use crate::document::Document;
use crate::model::Model;
use crate::reading::Reading;
use crate::reading::placement::affinity::Belonging;
use crate::reading::placement::alone::{self, Alone};
use crate::text::{Span, is_sentence_end};
use crate::train::random::Chance;

/// Of so many that belong where they stand one is taken, with as much more weight.
const SPARSE: usize = 3;
/// The fewest and the most paragraphs of an article.
const FEWEST: usize = 3;
const MOST: usize = 16;

/// The evidence on the sentences, or the paragraphs, of articles.
pub(super) fn rows_of_articles(
    model: &Model,
    library: &Library,
    options: &Options,
    whole: bool,
) -> Gathered {
    let mut rows = Rows::new(Alone::NAMES);
    let mut pages = Vec::new();
    let mut terms = Vec::new();
    for number in 0..options.pages {
        let mut chance = Chance::of(options.seed + 55, number);
        let article = &library.articles[library.any(&mut chance)];
        let start = chance.below(article.len().saturating_sub(FEWEST).max(1));
        let count = FEWEST + chance.below(MOST - FEWEST);
        let mut paragraphs: Article = article[start..].iter().take(count).cloned().collect();
        if chance.percent(60) {
            paragraphs.insert(0, headline(article));
        }
        let foreign = match chance.percent(50) {
            true if whole => put_between(&mut paragraphs, library, &mut chance),
            true => put_in(&mut paragraphs, library, &mut chance),
            false => None,
        };
        let text = paragraphs.join("\n\n");
        let laid_out = Document::new("article.txt", &text);
        let document = Reading::new(&laid_out, model);
        let belonging = Belonging::new(&document, document.content());
        let units = match whole {
            true => belonging.paragraph_units(),
            false => belonging.sentence_units(),
        };
        if document.articles().len() > 1 || !alone::has_range(units.len()) {
            continue;
        }
        let places = units.iter().map(|unit| belonging.row(*unit, &mut terms).0);
        let places: Vec<_> = places.collect();
        for (unit, row) in units.into_iter().zip(alone::rows(&places)) {
            let span = belonging.span_of(unit);
            let is_foreign = foreign.is_some_and(|f| f.overlaps(span));
            let weight = match is_foreign {
                false if chance.below(SPARSE) > 0 => continue,
                false => SPARSE as f32,
                true => 1.0,
            };
            rows.push(&row.columns(), is_foreign, weight);
            pages.push(number);
        }
    }
    (rows, pages)
}

/// Puts a sentence of any article into a paragraph; tells where it stands in the text.
fn put_in(paragraphs: &mut Article, library: &Library, chance: &mut Chance) -> Option<Span> {
    let from = &library.articles[library.any(chance)];
    let text = &from[chance.below(from.len())];
    let parts = sentences(text);
    let sentence = *parts.get(chance.below(parts.len().max(1)))?;
    if sentence.chars().count() < 16 || !sentence.contains(is_sentence_end) {
        return None;
    }
    let to = chance.below(paragraphs.len());
    let borders = sentences(&paragraphs[to]);
    if borders.len() < 2 {
        return None;
    }
    let before = borders.iter().take(1 + chance.below(borders.len()));
    let at: usize = before.map(|s| s.len()).sum();
    let above: usize = paragraphs[..to]
        .iter()
        .map(|p| p.len() + "\n\n".len())
        .sum();
    paragraphs[to].insert_str(at, sentence);
    Some(Span::new(above + at, above + at + sentence.len()))
}

/// Puts a paragraph of any article, or two, between those of an article; tells where they stand in
/// the text.
fn put_between(paragraphs: &mut Article, library: &Library, chance: &mut Chance) -> Option<Span> {
    const LONG: usize = 150;
    let from = &library.articles[library.any(chance)];
    let count = 1 + usize::from(chance.percent(30));
    let long = from[chance.below(from.len())..]
        .iter()
        .filter(|p| p.len() > LONG);
    let texts: Vec<String> = long.take(count).cloned().collect();
    let length = texts.join("\n\n").len();
    let to = chance.below(paragraphs.len() + 1);
    let above: usize = paragraphs[..to]
        .iter()
        .map(|p| p.len() + "\n\n".len())
        .sum();
    let put = !texts.is_empty();
    paragraphs.splice(to..to, texts);
    put.then(|| Span::new(above, above + length))
}
