//! Numbered items with a number missing, doubled or out of order.

use super::Sources;
use crate::han::{first_chars, sentences};
use crate::page::{Page, Role};
use crate::random::Random;

const NUMERALS: [&str; 5] = ["一", "二", "三", "四", "五"];

fn label(style: usize, number: usize) -> String {
    let numeral = NUMERALS[number - 1];
    match style {
        0 => format!("{numeral}是"),
        1 => format!("第{numeral}，"),
        2 => format!("（{numeral}）"),
        3 => format!("{numeral}、"),
        _ => format!("{number}．"),
    }
}

/// The numbers of three to five items with one fault, and the position of the item where it shows.
fn faulty(count: usize, random: &mut Random) -> (Vec<usize>, usize, &'static str) {
    let numbers: Vec<usize> = (1..=count).collect();
    match random.below(3) {
        0 => {
            let lost = random.below(count - 1);
            let mut left = numbers;
            left.remove(lost);
            (left, lost, "missing")
        }
        1 => {
            let again = random.between(1, count - 1);
            let mut doubled = numbers;
            doubled[again] = doubled[again - 1];
            (doubled, again, "doubled")
        }
        _ => {
            let swapped = random.below(count - 1);
            let mut order = numbers;
            order.swap(swapped, swapped + 1);
            (order, swapped, "order")
        }
    }
}

/// 一是…三是 inside one paragraph.
pub(super) fn inline(page: &mut Page, _: &Sources, random: &mut Random) -> Option<()> {
    for index in page.free(90, random) {
        let text = page.blocks[index].text.clone();
        let parts = sentences(&text);
        if parts.len() < 4 || text.contains("一是") || text.contains("第一") {
            continue;
        }
        let count = (parts.len() - 1).min(random.between(3, 5));
        let style = random.one_of(&[0, 1]);
        let (numbers, wrong, kind) = faulty(count, random);
        let mut built = text[parts[0].clone()].to_owned();
        let mut row = 0..0;
        for (i, &number) in numbers.iter().enumerate() {
            let sentence = text[parts[i + 1].clone()].trim_start();
            if i == wrong {
                row.start = built.len();
            }
            built.push_str(&page.style.set(&label(style, number)));
            if i == wrong {
                row.end = built.len() + first_chars(sentence, 4);
            }
            built.push_str(sentence);
        }
        page.blocks[index].text = built;
        page.blocks[index].used = true;
        page.mark("broken-enumeration", "inline", index, row).note = kind.to_owned();
        return Some(());
    }
    None
}

/// Numbered paragraphs one after the other.
pub(super) fn paragraphs(page: &mut Page, _: &Sources, random: &mut Random) -> Option<()> {
    let count = random.between(3, 4);
    for index in page.free_with_neighbours(20, random) {
        let run = index..index + count;
        let article = page.blocks[index].article;
        let fits = |i: usize| {
            page.blocks.get(i).is_some_and(|block| {
                block.role == Role::Body
                    && !block.used
                    && block.article == article
                    && !block.text.contains("一是")
                    && !block.text.contains("第一")
            })
        };
        if !run.clone().all(fits) {
            continue;
        }
        let style = random.one_of(&[1, 2, 3, 4]);
        let (numbers, wrong, kind) = faulty(count, random);
        for (i, &number) in numbers.iter().enumerate() {
            let label = page.style.set(&label(style, number));
            page.blocks[index + i].text.insert_str(0, &label);
            if i == wrong {
                let end = first_chars(&page.blocks[index + i].text, 6);
                page.mark("broken-enumeration", "paragraphs", index + i, 0..end)
                    .note = kind.to_owned();
            }
        }
        for block in &mut page.blocks[run] {
            block.used = true;
        }
        return Some(());
    }
    None
}
