//! Text that stands more than once.

use super::Sources;
use crate::han::{clauses, first_chars, is_han, is_numeral, last_chars, length, sentences};
use crate::page::{Page, Role};
use crate::random::Random;

/// Characters whose doubling is a word of its own or ordinary speech.
const REDUPLICATED: &str = "人天家年月日时处事步层点常刚渐慢好多少早大小高长快轻远深满久偏仅往每频屡纷连默静悄暗微稍略恰足统通白明清蒸哈哥弟姐妹爸妈爷奶叔舅姑婆宝星看听说想走试谈聊问跑坐等谢拜乐笑乖样种件个条位次代节行户村乡街区县省部校州院委会长民众子面方本";

/// Words that speech says twice.
const REDUPLICATED_WORDS: [&str; 14] = [
    "非常", "永远", "很多", "特别", "一个", "一次", "一步", "一点", "一天", "研究", "商量", "考虑",
    "讨论", "学习",
];

pub(super) fn doubled_character(page: &mut Page, _: &Sources, random: &mut Random) -> Option<()> {
    for index in page.free(30, random) {
        let text = page.blocks[index].text.clone();
        let chars: Vec<(usize, char)> = text.char_indices().collect();
        let fits = |i: usize| {
            let around = [i - 1, i, i + 1].map(|k| chars[k].1);
            around.iter().all(|&c| is_han(c) && !is_numeral(c))
                && around[0] != around[1]
                && around[1] != around[2]
                && !REDUPLICATED.contains(around[1])
        };
        let places: Vec<usize> = (1..chars.len() - 1).filter(|&i| fits(i)).collect();
        let Some(&i) = random.pick(&places) else {
            continue;
        };
        let (at, c) = chars[i];
        page.replace(index, at..at, &c.to_string());
        page.blocks[index].used = true;
        let mark = page.mark("doubled-character", "", index, at..at + 2 * c.len_utf8());
        mark.fix = Some(c.to_string());
        return Some(());
    }
    None
}

pub(super) fn doubled_word(page: &mut Page, sources: &Sources, random: &mut Random) -> Option<()> {
    for index in page.free(30, random) {
        let text = page.blocks[index].text.clone();
        let mut words = sources.words.find(&text);
        words.retain(|word| {
            !REDUPLICATED_WORDS.contains(&&text[word.clone()])
                && text[word.clone()]
                    .chars()
                    .all(|c| is_han(c) && !is_numeral(c))
        });
        let Some(word) = random.pick(&words).cloned() else {
            continue;
        };
        let copy = text[word.clone()].to_owned();
        if text[..word.start].ends_with(&copy) || text[word.end..].starts_with(&copy) {
            continue;
        }
        page.replace(index, word.end..word.end, &copy);
        page.blocks[index].used = true;
        let mark = page.mark("doubled-word", "", index, word.start..word.end + copy.len());
        mark.fix = Some(copy);
        return Some(());
    }
    None
}

/// A recogniser's loop.
pub(super) fn repeated_phrase(page: &mut Page, _: &Sources, random: &mut Random) -> Option<()> {
    for index in page.free(40, random) {
        let text = page.blocks[index].text.clone();
        let Some(clause) = random.pick(&clauses(&text)).cloned() else {
            continue;
        };
        let wanted = random.between(4, 11);
        if length(&text[clause.clone()]) < wanted {
            continue;
        }
        let end = clause.start + first_chars(&text[clause.clone()], wanted);
        let phrase = &text[clause.start..end];
        if phrase.chars().filter(|&c| is_han(c)).count() < 4 {
            continue;
        }
        let copies = random.between(2, 6);
        page.replace(index, end..end, &phrase.repeat(copies));
        page.blocks[index].used = true;
        page.mark(
            "repeated-phrase",
            "",
            index,
            clause.start..end + phrase.len() * copies,
        );
        return Some(());
    }
    None
}

/// A watermark or title planted all over the document, at ends of sentences and paragraphs.
pub(super) fn inject_phrase(page: &mut Page, random: &mut Random) {
    let headline = page.blocks[0].text.trim_start_matches("## ").to_owned();
    let phrase: String = headline
        .chars()
        .filter(|&c| is_han(c))
        .take(random.between(6, 16))
        .collect();
    let wanted = random.between(6, 16);
    // Between paragraphs, as the running title of a printed page, or between sentences, as a
    // watermark.
    let own_line = random.chance(0.4);
    let mut done = 0;
    while done < wanted {
        let Some(index) = page.free(20, random).into_iter().next() else {
            return;
        };
        if own_line {
            page.blocks[index].used = true;
            let mut block = page.block(page.blocks[index].article, Role::Furniture, phrase.clone());
            block.used = true;
            page.blocks.insert(index + 1, block);
            page.mark("injected-phrase", "line", index + 1, 0..phrase.len());
        } else {
            let text = page.blocks[index].text.clone();
            let ends: Vec<usize> = sentences(&text)
                .iter()
                .map(|sentence| sentence.end)
                .collect();
            let Some(&at) = random.pick(&ends) else {
                return;
            };
            page.replace(index, at..at, &phrase);
            page.blocks[index].used = true;
            page.mark("injected-phrase", "inline", index, at..at + phrase.len());
        }
        done += 1;
    }
}

pub(super) fn duplicate_exact(page: &mut Page, _: &Sources, random: &mut Random) -> Option<()> {
    duplicate(page, random, "exact", |text, _| Some(text.to_owned()))
}

/// A second copy with a few characters recognised differently, or one clause gone.
pub(super) fn duplicate_near(
    page: &mut Page,
    sources: &Sources,
    random: &mut Random,
) -> Option<()> {
    duplicate(page, random, "near", |text, random| {
        let mut copy = text.to_owned();
        if random.chance(0.4) {
            let parts = clauses(text);
            let clause = parts
                .get(1 + random.below(parts.len().saturating_sub(2)))?
                .clone();
            let end = clause.end + text[clause.end..].chars().next().map_or(0, char::len_utf8);
            if (end - clause.start) * 4 > text.len() {
                return None;
            }
            copy.replace_range(clause.start..end, "");
            return Some(copy);
        }
        for _ in 0..random.between(1, 3) {
            let places: Vec<(usize, char)> = copy
                .char_indices()
                .filter(|&(_, c)| is_han(c) && !is_numeral(c))
                .collect();
            let &(at, c) = random.pick(&places)?;
            let other = sources.confusions.any(c, random)?;
            copy.replace_range(at..at + c.len_utf8(), &other.to_string());
        }
        Some(copy)
    })
}

pub(super) fn duplicate_without_head(
    page: &mut Page,
    _: &Sources,
    random: &mut Random,
) -> Option<()> {
    duplicate(page, random, "head", |text, random| {
        let cut = cut_of_copy(text, 0.15, 0.5, random)?;
        Some(text[cut..].to_owned())
    })
}

pub(super) fn duplicate_without_tail(
    page: &mut Page,
    _: &Sources,
    random: &mut Random,
) -> Option<()> {
    duplicate(page, random, "tail", |text, random| {
        let cut = cut_of_copy(text, 0.5, 0.85, random)?;
        Some(text[..cut].to_owned())
    })
}

/// A place between two Han characters in the given part of the text.
fn cut_of_copy(text: &str, from: f64, to: f64, random: &mut Random) -> Option<usize> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let part = |share: f64| (chars.len() as f64 * share) as usize;
    let places: Vec<usize> = (part(from).max(1)..part(to))
        .filter(|&i| is_han(chars[i - 1].1) && is_han(chars[i].1))
        .map(|i| chars[i].0)
        .collect();
    random.pick(&places).copied()
}

/// Sets a copy of a paragraph at a later border: next to the first, elsewhere in the article, or in
/// another one.
fn duplicate(
    page: &mut Page,
    random: &mut Random,
    kind: &'static str,
    copy: impl Fn(&str, &mut Random) -> Option<String>,
) -> Option<()> {
    for index in page.free_with_neighbours(60, random) {
        let text = page.blocks[index].text.clone();
        let Some(copied) = copy(&text, random) else {
            continue;
        };
        if length(&copied) < 25 || (kind != "exact" && copied == text) {
            continue;
        }
        let borders = page.borders(random);
        let Some(&border) = borders.iter().find(|&&border| border > index) else {
            continue;
        };
        let mut block = page.block(page.blocks[border].article, Role::Body, copied);
        block.used = true;
        page.reserve_border(border);
        page.blocks[index].used = true;
        let end = block.text.len();
        page.blocks.insert(border, block);
        page.mark("duplicate-paragraph", kind, border, 0..end).fix = Some(String::new());
        // The copy's own cut is part of this defect.
        let cut = match kind {
            "head" => Some((
                "truncated-start",
                0..first_chars(&page.blocks[border].text, 4),
            )),
            "tail" => Some((
                "truncated-end",
                last_chars(&page.blocks[border].text, 4)..end,
            )),
            _ => None,
        };
        if let Some((class, range)) = cut {
            page.mark(class, "of the copy", border, range).score = false;
        }
        return Some(());
    }
    None
}

/// A headline set a second time among the paragraphs.
pub(super) fn duplicate_line(page: &mut Page, _: &Sources, random: &mut Random) -> Option<()> {
    let mut headlines: Vec<usize> = (0..page.blocks.len())
        .filter(|&i| page.blocks[i].role == Role::Headline && !page.blocks[i].used)
        .collect();
    random.shuffle(&mut headlines);
    let headline = *headlines.first()?;
    let border = *page
        .borders(random)
        .iter()
        .find(|&&border| border > headline + 2)?;
    page.blocks[headline].used = true;
    page.reserve_border(border);
    let text = page.blocks[headline].text.clone();
    let mut block = page.block(page.blocks[border].article, Role::Furniture, text);
    block.used = true;
    let end = block.text.len();
    page.blocks.insert(border, block);
    page.mark("duplicate-line", "", border, 0..end).fix = Some(String::new());
    Some(())
}
