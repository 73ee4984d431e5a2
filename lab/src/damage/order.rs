//! Sentences, paragraphs and headlines that stand in the wrong article.

use std::collections::HashSet;

use super::Sources;
use super::structure::{Seam, reserve_around, seam};
use crate::base::Article;
use crate::han::{is_han, length, sentences};
use crate::page::{Page, Role, byline};
use crate::random::Random;

/// Whether a sentence says enough to be recognised as a stranger.
fn tells(sentence: &str) -> bool {
    sentence.chars().filter(|&c| is_han(c)).count() >= 22
        && length(sentence) <= 140
        && !sentence.contains('“')
}

pub(super) fn sentence_of_sibling(page: &mut Page, _: &Sources, random: &mut Random) -> Option<()> {
    for source in page.free(70, random) {
        let text = page.blocks[source].text.clone();
        let mut parts = sentences(&text);
        if parts.len() < 3 {
            continue;
        }
        parts.retain(|part| tells(&text[part.clone()]));
        let Some(part) = random.pick(&parts).cloned() else {
            continue;
        };
        let article = page.blocks[source].article;
        let Some((target, at)) = sentence_border(page, random, Some(article)) else {
            continue;
        };
        page.replace(source, part.clone(), "");
        page.blocks[source].used = true;
        insert_sentence(
            page,
            target,
            at,
            text[part].trim(),
            "out-of-place-sentence",
            "sibling",
        );
        return Some(());
    }
    None
}

pub(super) fn foreign_sentence(
    page: &mut Page,
    sources: &Sources,
    random: &mut Random,
) -> Option<()> {
    for _ in 0..20 {
        let article = random.pick(sources.foreign)?;
        let paragraph = random.pick(&article.paragraphs)?;
        let mut parts = sentences(paragraph);
        parts.retain(|part| tells(&paragraph[part.clone()]));
        let Some(part) = random.pick(&parts).cloned() else {
            continue;
        };
        let (target, at) = sentence_border(page, random, None)?;
        let sentence = page.style.set(paragraph[part].trim());
        insert_sentence(
            page,
            target,
            at,
            &sentence,
            "out-of-place-sentence/foreign",
            "foreign",
        );
        return Some(());
    }
    None
}

/// A free paragraph of two or more sentences and the end of one of them, outside of `article`.
fn sentence_border(
    page: &Page,
    random: &mut Random,
    article: Option<usize>,
) -> Option<(usize, usize)> {
    for index in page.free(50, random) {
        let parts = sentences(&page.blocks[index].text);
        if Some(page.blocks[index].article) == article || parts.len() < 2 {
            continue;
        }
        return random.pick(&parts).map(|part| (index, part.end));
    }
    None
}

fn insert_sentence(
    page: &mut Page,
    target: usize,
    at: usize,
    sentence: &str,
    class: &'static str,
    kind: &'static str,
) {
    page.replace(target, at..at, sentence);
    page.blocks[target].used = true;
    page.mark(class, kind, target, at..at + sentence.len());
}

/// A place between paragraphs of another article.
fn border_elsewhere(page: &Page, article: usize, random: &mut Random) -> Option<usize> {
    let mut borders = page.borders(random).into_iter();
    borders.find(|&border| page.blocks[border].article != article)
}

/// Whether a paragraph is one of two or more sentences that says enough to be recognised as a
/// stranger.
fn paragraph_tells(text: &str) -> bool {
    let count = sentences(text).len();
    (2..=5).contains(&count) && (60..=320).contains(&length(text))
}

pub(super) fn paragraph_of_sibling(
    page: &mut Page,
    _: &Sources,
    random: &mut Random,
) -> Option<()> {
    for source in page.free_with_neighbours(60, random) {
        let block = &page.blocks[source];
        let opens_article = source > 0 && page.blocks[source - 1].role != Role::Body;
        if !paragraph_tells(&block.text) || opens_article {
            continue;
        }
        let article = block.article;
        let Some(border) = border_elsewhere(page, article, random) else {
            continue;
        };
        let (target, id) = (page.blocks[border].id, block.id);
        page.reserve_border(border);
        let mut moved = page.blocks.remove(source);
        moved.used = true;
        let to = page.index_of(target)?;
        page.blocks.insert(to, moved);
        let end = page.blocks[to].text.len();
        page.mark_between("out-of-place-paragraph", "sibling", (id, 0), (id, end));
        return Some(());
    }
    None
}

pub(super) fn foreign_paragraph(
    page: &mut Page,
    sources: &Sources,
    random: &mut Random,
) -> Option<()> {
    for _ in 0..20 {
        let article = random.pick(sources.foreign)?;
        let paragraph = random.pick(&article.paragraphs)?;
        if !paragraph_tells(paragraph) {
            continue;
        }
        let border = *page.borders(random).first()?;
        let text = page.style.set(paragraph);
        let mut block = page.block(page.blocks[border].article, Role::Body, text);
        block.used = true;
        page.reserve_border(border);
        let end = block.text.len();
        page.blocks.insert(border, block);
        page.mark("out-of-place-paragraph", "foreign", border, 0..end);
        return Some(());
    }
    None
}

/// Paragraphs of another article of the page torn in, the first without its head.
pub(super) fn torn_from_sibling(
    page: &mut Page,
    sources: &Sources,
    random: &mut Random,
) -> Option<()> {
    let wanted = random.between(1, 4);
    for source in page.free_with_neighbours(60, random) {
        let (article, count) = (page.blocks[source].article, page.blocks.len());
        let free = |i: usize| {
            let block = &page.blocks[i];
            block.article == article && block.role == Role::Body && !block.used
        };
        let run = (source..count)
            .take(wanted)
            .take_while(|i| free(*i))
            .count();
        // Its first paragraph and its last stay.
        if !free(source - 1) || source + run >= count || !free(source + run) {
            continue;
        }
        let Some(border) = border_elsewhere(page, article, random) else {
            continue;
        };
        let target = page.blocks[border].id;
        reserve_around(page, source, run);
        let texts = page
            .blocks
            .drain(source..source + run)
            .map(|b| b.text)
            .collect();
        let border = page.index_of(target)?;
        return tear_in(page, border, texts, "torn sibling", sources, random);
    }
    None
}

/// The same from an article that is on no page.
pub(super) fn torn_from_elsewhere(
    page: &mut Page,
    sources: &Sources,
    random: &mut Random,
) -> Option<()> {
    let article = random.pick(sources.foreign)?;
    let border = *page.borders(random).first()?;
    torn_from(page, border, article, "torn foreign", sources, random)
}

/// The same from one on a subject near to that of the article it is torn into.
pub(super) fn torn_from_subject(
    page: &mut Page,
    sources: &Sources,
    random: &mut Random,
) -> Option<()> {
    const LOOKED_THROUGH: usize = 120;
    const THE_SAME: f64 = 0.5;
    let border = *page.borders(random).first()?;
    let host = page.blocks[border].article;
    let texts = page.blocks.iter().filter(|b| b.article == host);
    let own = pairs(texts.map(|b| b.text.as_str()));
    let (mut most, mut nearest) = (0.0, None);
    for _ in 0..LOOKED_THROUGH {
        let article = random.pick(sources.foreign)?;
        let other = pairs(article.paragraphs.iter().map(String::as_str));
        let common = own.intersection(&other).count() as f64;
        let like = common / (own.len().min(other.len()) as f64 + 100.0);
        if like > most && like < THE_SAME {
            (most, nearest) = (like, Some(article));
        }
    }
    torn_from(page, border, nearest?, "torn subject", sources, random)
}

/// The pairs of Chinese characters in a text.
fn pairs<'t>(texts: impl Iterator<Item = &'t str>) -> HashSet<(char, char)> {
    let han = |(a, b): (char, char)| (is_han(a) && is_han(b)).then_some((a, b));
    texts
        .flat_map(|text| text.chars().zip(text.chars().skip(1)).filter_map(han))
        .collect()
}

fn torn_from(
    page: &mut Page,
    border: usize,
    article: &Article,
    kind: &'static str,
    sources: &Sources,
    random: &mut Random,
) -> Option<()> {
    let start = random.below(article.paragraphs.len());
    let wanted = random.between(1, 4);
    let run = article.paragraphs[start..].iter().take(wanted);
    let texts = run.map(|text| page.style.set(text)).collect();
    tear_in(page, border, texts, kind, sources, random)
}

/// Cuts the head off the first paragraph and sets them all above a border.
fn tear_in(
    page: &mut Page,
    border: usize,
    mut texts: Vec<String>,
    kind: &'static str,
    sources: &Sources,
    random: &mut Random,
) -> Option<()> {
    let seam_at = random.one_of(&[Seam::InWord, Seam::BetweenWords]);
    let first = texts.first_mut()?;
    let at = seam(first, seam_at, 6, None, sources, random)?;
    first.drain(..at);
    page.reserve_border(border);
    let article = page.blocks[border].article;
    for (i, text) in texts.into_iter().enumerate() {
        let end = text.len();
        let mut block = page.block(article, Role::Body, text);
        block.used = true;
        page.blocks.insert(border + i, block);
        page.mark("out-of-place-paragraph", kind, border + i, 0..end);
    }
    Some(())
}

/// Unused headlines, with a byline below; one is set where there is none, since without it nobody
/// could tell that the article lacks its headline.
fn headline_with_byline(page: &mut Page, random: &mut Random) -> Option<usize> {
    let mut headlines: Vec<usize> = (1..page.blocks.len().saturating_sub(2))
        .filter(|&i| {
            page.blocks[i].role == Role::Headline
                && !page.blocks[i].used
                && !page.blocks[i + 1].used
                && !page.blocks[i - 1].used
        })
        .collect();
    random.shuffle(&mut headlines);
    let headline = *headlines.first()?;
    if page.blocks[headline + 1].role != Role::Byline {
        let line = page.style.set(&byline(random));
        let block = page.block(page.blocks[headline].article, Role::Byline, line);
        page.blocks.insert(headline + 1, block);
    }
    Some(headline)
}

/// A headline apart from its article: at the end of the page, or between paragraphs of another
/// article.
pub(super) fn misplaced_heading(page: &mut Page, _: &Sources, random: &mut Random) -> Option<()> {
    let headline = headline_with_byline(page, random)?;
    let article = page.blocks[headline].article;
    let border = page
        .borders(random)
        .into_iter()
        .find(|&border| page.blocks[border].article != article);
    let at_end = random.chance(0.4) && page.blocks.last().is_some_and(|block| !block.used);
    let target = if at_end {
        None
    } else {
        Some(page.blocks[border?].id)
    };
    if let (Some(_), Some(border)) = (target, border) {
        page.reserve_border(border);
    }
    for i in [headline - 1, headline, headline + 1, headline + 2] {
        page.blocks[i].used = true;
    }
    let orphan = (
        page.blocks[headline + 1].id,
        page.blocks[headline + 1].text.len(),
    );
    let moved = page.blocks.remove(headline);
    let (id, end) = (moved.id, moved.text.len());
    let to = match target {
        Some(target) => page.index_of(target)?,
        None => {
            let last = page.blocks.len() - 1;
            page.blocks[last].used = true;
            page.blocks.len()
        }
    };
    page.blocks.insert(to, moved);
    page.mark_between(
        "misplaced-heading",
        if at_end { "end" } else { "inside" },
        (id, 0),
        (id, end),
    );
    page.mark_between("missing-heading", "moved", (orphan.0, 0), orphan);
    Some(())
}

pub(super) fn missing_heading(page: &mut Page, _: &Sources, random: &mut Random) -> Option<()> {
    let headline = headline_with_byline(page, random)?;
    for i in [headline - 1, headline, headline + 1, headline + 2] {
        page.blocks[i].used = true;
    }
    page.blocks.remove(headline);
    let end = page.blocks[headline].text.len();
    page.mark("missing-heading", "lost", headline, 0..end);
    Some(())
}
