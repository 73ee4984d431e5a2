//! Marks lost, doubled, of the wrong width, and spaces inside words.

use super::Sources;
use crate::han::is_han;
use crate::page::Page;
use crate::random::Random;

pub(super) fn closing_alone(page: &mut Page, _: &Sources, random: &mut Random) -> Option<()> {
    unbalance(page, random, true)
}

pub(super) fn opening_alone(page: &mut Page, _: &Sources, random: &mut Random) -> Option<()> {
    unbalance(page, random, false)
}

/// Takes one mark of a pair away; the row covers the one that is left.
fn unbalance(page: &mut Page, random: &mut Random, take_opening: bool) -> Option<()> {
    for index in page.free_with_neighbours(20, random) {
        let text = page.blocks[index].text.clone();
        let mut pairs = Vec::new();
        for (open, close) in [('“', '”'), ('（', '）'), ('(', ')'), ('《', '》')] {
            for (start, _) in text.match_indices(open) {
                let inside = start + open.len_utf8();
                if let Some(length) = text[inside..].find(close)
                    && !text[inside..inside + length].contains(open)
                    && length > 3
                {
                    pairs.push((
                        start..inside,
                        inside + length..inside + length + close.len_utf8(),
                    ));
                }
            }
        }
        let Some((open, close)) = random.pick(&pairs).cloned() else {
            continue;
        };
        let (gone, kept) = if take_opening {
            (open, close)
        } else {
            (close, open)
        };
        page.replace(index, gone.clone(), "");
        let shift = if kept.start > gone.start {
            gone.len()
        } else {
            0
        };
        page.blocks[index].used = true;
        page.mark(
            "unbalanced-pair",
            if take_opening {
                "open lost"
            } else {
                "close lost"
            },
            index,
            kept.start - shift..kept.end - shift,
        );
        return Some(());
    }
    None
}

/// One half-width mark in a document that is full-width otherwise.
pub(super) fn single_half_width(page: &mut Page, _: &Sources, random: &mut Random) -> Option<()> {
    if page.style.half_width {
        return None;
    }
    for index in page.free(20, random) {
        let text = page.blocks[index].text.clone();
        let chars: Vec<(usize, char)> = text.char_indices().collect();
        let half = |c: char| {
            "，,；;：:？?！!"
                .chars()
                .collect::<Vec<_>>()
                .chunks(2)
                .find(|pair| pair[0] == c)
                .map(|pair| pair[1])
        };
        let places: Vec<usize> = (1..chars.len().saturating_sub(1))
            .filter(|&i| {
                half(chars[i].1).is_some() && is_han(chars[i - 1].1) && is_han(chars[i + 1].1)
            })
            .collect();
        let Some(&i) = random.pick(&places) else {
            continue;
        };
        let (at, mark) = chars[i];
        page.replace(index, at..at + mark.len_utf8(), &half(mark)?.to_string());
        page.blocks[index].used = true;
        page.mark("halfwidth-punctuation", "single", index, at..at + 1)
            .fix = Some(mark.to_string());
        return Some(());
    }
    None
}

pub(super) fn repeated(page: &mut Page, _: &Sources, random: &mut Random) -> Option<()> {
    for index in page.free(20, random) {
        let text = page.blocks[index].text.clone();
        let places: Vec<(usize, char)> = text
            .char_indices()
            .filter(|&(_, c)| matches!(c, '，' | '。' | '、' | '；' | ',' | ';'))
            .collect();
        let Some(&(at, mark)) = random.pick(&places) else {
            continue;
        };
        let end = at + mark.len_utf8();
        if text[end..].chars().next().is_none_or(|c| !is_han(c)) {
            continue;
        }
        let comma = if page.style.half_width { ',' } else { '，' };
        let second = if random.chance(0.75) || mark == comma {
            mark
        } else {
            comma
        };
        page.replace(index, end..end, &second.to_string());
        page.blocks[index].used = true;
        page.mark(
            "repeated-punctuation",
            if second == mark { "same" } else { "mixed" },
            index,
            at..end + second.len_utf8(),
        )
        .fix = Some(mark.to_string());
        return Some(());
    }
    None
}

pub(super) fn stray_space(page: &mut Page, sources: &Sources, random: &mut Random) -> Option<()> {
    for index in page.free(20, random) {
        let text = page.blocks[index].text.clone();
        let words = sources.words.find(&text);
        let Some(word) = random.pick(&words) else {
            continue;
        };
        let first = text[word.start..].chars().next()?;
        let at = word.start + first.len_utf8();
        let (space, kind) = random.one_of(&[(" ", "half"), (" ", "half"), ("　", "full")]);
        page.replace(index, at..at, space);
        page.blocks[index].used = true;
        page.mark("stray-space", kind, index, at..at + space.len())
            .fix = Some(String::new());
        return Some(());
    }
    None
}
