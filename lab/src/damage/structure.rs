//! Paragraphs cut, torn apart and moved.

use super::Sources;
use crate::han::{first_chars, is_han, is_numeral, last_chars, length, sentences};
use crate::page::{Page, Role};
use crate::random::Random;

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Seam {
    InWord,
    BetweenWords,
    AfterComma,
}

impl Seam {
    /// The kind of damage that it makes.
    fn name(self) -> &'static str {
        match self {
            Self::InWord => "word",
            Self::BetweenWords => "phrase",
            Self::AfterComma => "clause",
        }
    }
}

/// A byte offset inside a sentence of `text`, at least `margin` characters from both of its ends.
pub(super) fn seam(
    text: &str,
    seam: Seam,
    margin: usize,
    only: Option<usize>,
    sources: &Sources,
    random: &mut Random,
) -> Option<usize> {
    let mut places = Vec::new();
    let words = sources.words.find(text);
    let sentences = sentences(text);
    for (number, sentence) in sentences.iter().enumerate() {
        if only.is_some_and(|only| only != number) {
            continue;
        }
        let chars: Vec<(usize, char)> = text[sentence.clone()].char_indices().collect();
        for i in margin..chars.len().saturating_sub(margin) {
            let at = sentence.start + chars[i].0;
            let (before, after) = (chars[i - 1].1, chars[i].1);
            let in_word = words.iter().any(|word| word.start < at && at < word.end);
            let word_border = words.iter().any(|word| word.start == at)
                && words.iter().any(|word| word.end == at);
            let han = is_han(before) && is_han(after) && !is_numeral(before) && !is_numeral(after);
            let fits = match seam {
                Seam::InWord => han && in_word,
                Seam::BetweenWords => han && word_border,
                Seam::AfterComma => matches!(before, '，' | '、' | ',') && is_han(after),
            };
            if fits {
                places.push(at);
            }
        }
    }
    random.pick(&places).copied()
}

pub(super) fn broken(
    page: &mut Page,
    sources: &Sources,
    random: &mut Random,
    kind: Seam,
) -> Option<()> {
    for index in page.free_with_neighbours(40, random) {
        let Some(at) = seam(&page.blocks[index].text, kind, 8, None, sources, random) else {
            continue;
        };
        let rest = page.split_off(index, at);
        let start = (
            page.blocks[index].id,
            last_chars(&page.blocks[index].text, 1),
        );
        let end = (rest.id, first_chars(&rest.text, 1));
        page.blocks.insert(index + 1, rest);
        reserve_around(page, index, 2);
        page.mark_between("broken-paragraph", kind.name(), start, end)
            .note = "join".to_owned();
        return Some(());
    }
    None
}

/// Sets the blocks of a structural defect and both neighbours aside.
pub(super) fn reserve_around(page: &mut Page, index: usize, count: usize) {
    let end = (index + count + 1).min(page.blocks.len());
    for block in &mut page.blocks[index.saturating_sub(1)..end] {
        block.used = true;
    }
}

pub(super) fn truncated_start(
    page: &mut Page,
    sources: &Sources,
    random: &mut Random,
    kind: Seam,
) -> Option<()> {
    for index in page.free_with_neighbours(40, random) {
        let Some(at) = seam(&page.blocks[index].text, kind, 6, Some(0), sources, random) else {
            continue;
        };
        page.blocks[index].text.drain(..at);
        reserve_around(page, index, 1);
        let end = first_chars(&page.blocks[index].text, 4);
        page.mark("truncated-start", kind.name(), index, 0..end);
        return Some(());
    }
    None
}

pub(super) fn truncated_end(page: &mut Page, sources: &Sources, random: &mut Random) -> Option<()> {
    for index in page.free_with_neighbours(40, random) {
        let last = sentences(&page.blocks[index].text).len() - 1;
        let kind_of_seam = random.one_of(&[Seam::InWord, Seam::BetweenWords]);
        let Some(at) = seam(
            &page.blocks[index].text,
            kind_of_seam,
            6,
            Some(last),
            sources,
            random,
        ) else {
            continue;
        };
        page.blocks[index].text.truncate(at);
        reserve_around(page, index, 1);
        let start = last_chars(&page.blocks[index].text, 4);
        page.mark("truncated-end", kind_of_seam.name(), index, start..at);
        return Some(());
    }
    None
}

/// The rest of a cut sentence, with up to two paragraphs that follow it, stands elsewhere in the
/// file.
pub(super) fn misordered_block(
    page: &mut Page,
    sources: &Sources,
    random: &mut Random,
) -> Option<()> {
    for index in page.free_with_neighbours(50, random) {
        let kind_of_seam = random.one_of(&[Seam::InWord, Seam::BetweenWords]);
        let Some(at) = seam(
            &page.blocks[index].text,
            kind_of_seam,
            8,
            None,
            sources,
            random,
        ) else {
            continue;
        };
        let article = page.blocks[index].article;
        let follows = |page: &Page, i: usize| {
            page.blocks.get(i).is_some_and(|block| {
                block.article == article && block.role == Role::Body && !block.used
            })
        };
        let mut count = 0;
        let wanted = random.below(3);
        while count < wanted && follows(page, index + count + 1) && follows(page, index + count + 2)
        {
            count += 1;
        }
        let far = |border: usize| border + 2 < index || border > index + count + 3;
        let Some(border) = page.borders(random).into_iter().find(|&border| far(border)) else {
            continue;
        };
        let target = page.blocks[border].id;
        page.reserve_border(border);
        reserve_around(page, index, 1 + count);
        let cut_block = page.blocks[index].id;
        let mut moved = vec![page.split_off(index, at)];
        moved.extend(page.blocks.drain(index + 1..index + 1 + count));
        for block in &mut moved {
            block.used = true;
        }
        let (head, end) = (moved[0].id, moved[0].text.len());
        let to = page.index_of(target)?;
        page.blocks.splice(to..to, moved);
        let cut = page.index_of(cut_block)?;
        let group = page.group();
        let start = last_chars(&page.blocks[cut].text, 2);
        page.mark("misordered-block", "", cut, start..at).group = group;
        page.mark_between("misordered-block", "", (head, 0), (head, end))
            .group = group;
        return Some(());
    }
    None
}

/// The whole document in one line, ideographic spaces where the breaks were.
pub(super) fn lose_line_breaks(page: &mut Page) {
    page.separator = "　　";
    for block in &mut page.blocks {
        block.used = true;
        debug_assert!(length(&block.text) > 0);
    }
}
