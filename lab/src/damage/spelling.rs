//! Wrong, missing and added characters.

use std::ops::Range;

use super::Sources;
use crate::confusion::Origin;
use crate::han::{is_han, is_numeral, length};
use crate::page::Page;
use crate::random::Random;

/// Function words, what a bilingual recogniser writes for them, and the words in which the
/// character is none.
const ENGLISH: [(&str, &[&str], &[&str]); 11] = [
    (
        "和",
        &["and", "and"],
        &[
            "和平", "和谐", "和解", "和睦", "和田", "和县", "共和", "饱和", "温和", "缓和", "总和",
            "呼和", "祥和", "平和", "和美", "和顺", "谐和", "中和",
        ],
    ),
    (
        "与",
        &["and", "with"],
        &["参与", "与会", "与其", "给与", "赋与", "与否"],
    ),
    (
        "的",
        &["the", "of", "of"],
        &[
            "的确",
            "目的",
            "的士",
            "的话",
            "有的",
            "有的放矢",
            "似的",
            "标的",
        ],
    ),
    (
        "在",
        &["in", "at", "on"],
        &[
            "存在", "现在", "正在", "在于", "实在", "所在", "在线", "内在", "潜在", "外在", "好在",
            "在职", "在校", "在意", "在场", "旨在", "在乎", "自在", "在编",
        ],
    ),
    (
        "是",
        &["is", "are"],
        &[
            "但是",
            "于是",
            "可是",
            "还是",
            "就是",
            "都是",
            "不是",
            "是否",
            "只是",
            "要是",
            "凡是",
            "总是",
            "正是",
            "也是",
            "若是",
            "尤其是",
            "特别是",
            "一是",
            "二是",
            "三是",
        ],
    ),
    (
        "为",
        &["for", "as"],
        &[
            "因为",
            "认为",
            "成为",
            "为了",
            "作为",
            "行为",
            "为何",
            "以为",
            "称为",
            "为什么",
            "人为",
            "为止",
            "为期",
            "更为",
            "最为",
            "极为",
            "较为",
            "为主",
        ],
    ),
    (
        "从",
        &["from"],
        &[
            "从事", "从而", "从来", "服从", "自从", "从容", "从业", "从严", "从此",
        ],
    ),
    ("或", &["or"], &["或许", "或者", "或是", "或将", "抑或"]),
    ("被", &["by"], &["被告", "被子", "植被", "棉被", "被动"]),
    (
        "及",
        &["and"],
        &[
            "以及",
            "及时",
            "涉及",
            "普及",
            "及其",
            "危及",
            "波及",
            "顾及",
            "埃及",
            "提及",
            "来得及",
            "及格",
        ],
    ),
    (
        "到",
        &["to"],
        &[
            "到底", "达到", "得到", "受到", "遇到", "到来", "到处", "直到", "看到", "感到",
        ],
    ),
];

pub(super) fn stray_latin(page: &mut Page, _: &Sources, random: &mut Random) -> Option<()> {
    for index in page.free(30, random) {
        let text = page.blocks[index].text.clone();
        let chars: Vec<(usize, char)> = text.char_indices().collect();
        let mut places = Vec::new();
        for i in 2..chars.len().saturating_sub(2) {
            let found = ENGLISH
                .iter()
                .position(|(han, ..)| han.starts_with(chars[i].1));
            let Some(found) = found else { continue };
            let around = &text[chars[i - 2].0..chars[i + 2].0 + chars[i + 2].1.len_utf8()];
            let alone = !ENGLISH[found].2.iter().any(|word| around.contains(word));
            if alone && is_han(chars[i - 1].1) && is_han(chars[i + 1].1) {
                places.push((chars[i].0, found));
            }
        }
        // 的 is ten times as frequent as the others together.
        let rare: Vec<_> = places
            .iter()
            .copied()
            .filter(|&(_, found)| ENGLISH[found].0 != "的")
            .collect();
        let among = if random.chance(0.7) && !rare.is_empty() {
            &rare
        } else {
            &places
        };
        let Some(&(at, found)) = random.pick(among) else {
            continue;
        };
        let (han, english, _) = ENGLISH[found];
        let word = random.one_of(english);
        let (with, kind) = match random.below(6) {
            0..=3 => (format!(" {word} "), "spaced"),
            4 => (word.to_owned(), "unspaced"),
            _ => (
                if random.chance(0.5) {
                    format!(" {word}")
                } else {
                    format!("{word} ")
                },
                "half-spaced",
            ),
        };
        page.replace(index, at..at + han.len(), &with);
        page.blocks[index].used = true;
        page.mark("stray-latin", kind, index, at..at + with.len())
            .fix = Some(han.to_owned());
        return Some(());
    }
    None
}

/// Words of Han characters in free paragraphs, one paragraph after the other.
fn words_of(page: &Page, sources: &Sources, random: &mut Random) -> Vec<(usize, Range<usize>)> {
    let mut out = Vec::new();
    for index in page.free(24, random).into_iter().take(12) {
        let text = &page.blocks[index].text;
        let mut words = sources.words.find(text);
        words.retain(|word| {
            text[word.clone()]
                .chars()
                .all(|c| is_han(c) && !is_numeral(c))
        });
        random.shuffle(&mut words);
        out.extend(words.into_iter().map(|word| (index, word)));
    }
    out
}

/// Writes a confusable character into a word, so that the word is none any more.
pub(super) fn confused(
    page: &mut Page,
    sources: &Sources,
    random: &mut Random,
    origin: Origin,
) -> Option<()> {
    for (index, word) in words_of(page, sources, random) {
        let right = page.blocks[index].text[word.clone()].to_owned();
        let chars: Vec<(usize, char)> = right.char_indices().collect();
        let (at, c) = *random.pick(&chars)?;
        let Some(wrong) = sources.confusions.from(origin, c, random) else {
            continue;
        };
        let mut damaged = right.clone();
        damaged.replace_range(at..at + c.len_utf8(), &wrong.to_string());
        if sources.words.has(&damaged) || !is_han(wrong) || is_numeral(wrong) {
            continue;
        }
        let start = word.start + at;
        page.replace(index, start..start + c.len_utf8(), &wrong.to_string());
        page.blocks[index].used = true;
        let mark = page.mark(
            "confused-character",
            origin.name(),
            index,
            start..start + wrong.len_utf8(),
        );
        mark.fix = Some(c.to_string());
        mark.note = format!("{damaged} for {right}");
        return Some(());
    }
    None
}

/// Takes a character out of a word; the row covers what is left of it.
pub(super) fn dropped_character(
    page: &mut Page,
    sources: &Sources,
    random: &mut Random,
) -> Option<()> {
    let (index, word) = words_of(page, sources, random).into_iter().next()?;
    let whole = page.blocks[index].text[word.clone()].to_owned();
    let chars: Vec<(usize, char)> = whole.char_indices().collect();
    let &(at, c) = random.pick(&chars)?;
    let start = word.start + at;
    page.replace(index, start..start + c.len_utf8(), "");
    page.blocks[index].used = true;
    let mark = page.mark(
        "dropped-character",
        "",
        index,
        word.start..word.end - c.len_utf8(),
    );
    mark.note = format!("{c} of {whole}");
    mark.fix = Some(whole);
    Some(())
}

/// Adds a character of the page inside a word.
pub(super) fn extra_character(
    page: &mut Page,
    sources: &Sources,
    random: &mut Random,
) -> Option<()> {
    let pool = random_han(page, random, 12);
    for (index, word) in words_of(page, sources, random) {
        let text = &page.blocks[index].text;
        let first = text[word.start..].chars().next()?;
        let at = word.start + first.len_utf8();
        let extra = *random.pick(&pool)?;
        if text[word.clone()].contains(extra) || is_numeral(extra) || "的了们个这".contains(extra)
        {
            continue;
        }
        page.replace(index, at..at, &extra.to_string());
        page.blocks[index].used = true;
        page.mark("extra-character", "", index, at..at + extra.len_utf8())
            .fix = Some(String::new());
        return Some(());
    }
    None
}

/// Han characters from random places of the page, as frequent as they are in text.
fn random_han(page: &Page, random: &mut Random, count: usize) -> Vec<char> {
    let mut out = Vec::new();
    for _ in 0..count * 8 {
        let block = random
            .pick(&page.blocks)
            .map_or("", |block| block.text.as_str());
        let chars: Vec<char> = block.chars().filter(|&c| is_han(c)).collect();
        out.extend(random.pick(&chars));
        if out.len() == count {
            break;
        }
    }
    out
}

/// A stretch that is no language: characters in random order where a phrase stood.
pub(super) fn garbled_text(page: &mut Page, _: &Sources, random: &mut Random) -> Option<()> {
    for index in page.free(40, random) {
        let chars: Vec<(usize, char)> = page.blocks[index].text.char_indices().collect();
        let count = random.between(4, 8);
        let fits = |i: usize| {
            chars[i..i + count]
                .iter()
                .all(|&(_, c)| is_han(c) && !is_numeral(c))
        };
        let places: Vec<usize> = (1..chars.len().saturating_sub(count))
            .filter(|&i| fits(i))
            .collect();
        let Some(&i) = random.pick(&places) else {
            continue;
        };
        let garbled: String = random_han(page, random, count).into_iter().collect();
        let range = chars[i].0..chars[i + count].0;
        page.replace(index, range.clone(), &garbled);
        page.blocks[index].used = true;
        page.mark(
            "garbled-text",
            "",
            index,
            range.start..range.start + garbled.len(),
        );
        return Some(());
    }
    None
}

/// A set phrase with one character wrong or missing.
pub(super) fn misquoted_phrase(
    page: &mut Page,
    sources: &Sources,
    random: &mut Random,
) -> Option<()> {
    for index in page.free(24, random) {
        let text = page.blocks[index].text.clone();
        let chars: Vec<(usize, char)> = text.char_indices().collect();
        let end = |i: usize| chars.get(i).map_or(text.len(), |&(at, _)| at);
        let phrases: Vec<usize> = (0..chars.len().saturating_sub(4))
            .filter(|&i| sources.confusions.is_phrase(&text[chars[i].0..end(i + 4)]))
            .collect();
        let Some(&i) = random.pick(&phrases) else {
            continue;
        };
        let (start, stop) = (chars[i].0, end(i + 4));
        let phrase = text[start..stop].to_owned();
        debug_assert_eq!(length(&phrase), 4);
        let mut four: Vec<(usize, char)> = chars[i..i + 4].to_vec();
        random.shuffle(&mut four);
        let wrong = four
            .into_iter()
            .find_map(|(at, c)| Some((at, c, sources.confusions.any(c, random)?)));
        let Some((at, c, wrong)) = wrong else {
            continue;
        };
        page.replace(index, at..at + c.len_utf8(), &wrong.to_string());
        page.blocks[index].used = true;
        let mark = page.mark("misquoted-phrase", "", index, start..stop);
        mark.fix = Some(phrase);
        return Some(());
    }
    None
}
