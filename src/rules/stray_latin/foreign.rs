//! A lone word of another European language, and lone letters and signs, where a Chinese character
//! stood.

use std::cmp::Ordering;
use std::collections::HashMap;

use memchr::{memchr, memrchr};

use super::filling::{self, Fit};
use super::{CARD, known, neighbour};
use crate::document::Token;
use crate::finding::{Finding, Findings, Fix, Safety, Severity};
use crate::reading::Reading;
use crate::text::{CharClass, Span, is_han, line_around};
use crate::told;

/// Words in lower case that stand in clean Chinese text three times in 180 million characters:
/// loans, terms, commands. In order.
static USED: &str = include_str!("latin_in_chinese.txt");

/// Fewer letters make an abbreviation or a fashion.
const SHORTEST: usize = 5;
/// A text with a Latin word for so many Chinese characters writes them on purpose.
const RARE: usize = 150;

/// Lower-case words that Chinese writers do not use, alone between Chinese in a paragraph without
/// other Latin.
pub(super) fn words(document: &Reading<'_>, findings: &mut Findings) {
    let mut rare = None;
    for (i, token) in document.tokens().of(CharClass::Letter) {
        let text = document.slice(token.span);
        let letters = || text.chars().filter(|c| c.is_alphabetic()).count();
        let lower = || text.chars().all(|c| c.is_alphabetic() && c.is_lowercase());
        if token.masked || text.len() < SHORTEST {
            continue;
        }
        if letters() < SHORTEST || !lower() || is_used(text) || known(text).is_some() {
            continue;
        }
        let (Some(before), Some(after)) = (neighbour(document, i, -1), neighbour(document, i, 1))
        else {
            continue;
        };
        if !*rare.get_or_insert_with(|| latin_is_rare(document)) || !is_alone(document, token) {
            continue;
        }
        let span = Span::new(before.span.end(), after.span.start());
        findings.push(
            Finding::new(
                &CARD,
                span,
                told!("foreign word “{text}” between Chinese words"; "中文词语间的外文词“{text}”"),
            )
            .severity(Severity::Warning)
            .help(told!(
                "look at the page: Chinese stood here, or nothing";
                "请查看原页：此处原是中文，或没有文字"
            )),
        );
    }
}

/// A letter or two in lower case, or a sign, between Chinese characters without a blank, where the
/// document has it hardly anywhere else.
pub(super) fn letters(document: &Reading<'_>, findings: &mut Findings) {
    let tokens = document.tokens();
    let mut counts: HashMap<&str, u32> = HashMap::new();
    let mut found: Vec<(Token, Glyph)> = Vec::new();
    for (i, token) in tokens.iter().enumerate().filter(|(_, t)| is_glyph(t)) {
        let text = document.slice(token.span);
        let letter = token.class == CharClass::Letter;
        let small = letter && SHAPES.contains(&text);
        let sign = !letter && SIGNS.contains(&text);
        let lone = letter && text.len() == 1 && text.is_ascii();
        if !small && !sign && !lone || i == 0 || i + 1 == tokens.len() {
            continue;
        }
        if letter {
            *counts.entry(text).or_insert(0) += 1;
        }
        let between = tokens.between_han(i).filter(|_| !token.masked);
        let Some((left, right)) = between else {
            continue;
        };
        let named = names_a_letter(document.slice(left.span), document.slice(right.span));
        let is_plain = !named && (small || sign);
        if is_plain || sign || lone && !named {
            found.push((token, Glyph { sign, is_plain }));
        }
    }
    if found.is_empty() || !latin_is_rare(document) {
        return;
    }
    let plain = found.iter().filter(|(_, glyph)| glyph.is_plain).count();
    let mut looked_at = 0;
    for (token, Glyph { sign, is_plain }) in found {
        let text = document.slice(token.span);
        let once = counts.get(text).is_none_or(|count| *count <= 2);
        if !once || !(sign || is_alone(document, token)) {
            continue;
        }
        let fill = if is_plain {
            None
        } else if looked_at < FILLED {
            looked_at += 1;
            match filling::fit(document, token.span) {
                Some(Fit::One(c)) => Some(c),
                Some(Fit::Several) if plain >= OTHERS => None,
                _ => continue,
            }
        } else {
            continue;
        };
        let finding = Finding::new(
            &CARD,
            token.span,
            told!("“{text}” where a Chinese character stood"; "“{text}”处原是汉字"),
        )
        .severity(Severity::Warning);
        findings.push(match fill {
            Some(c) => finding
                .help(told!("look at the page: {c} would fit"; "请查看原页：“{c}”合于此处"))
                .fix(Fix::replace(Safety::Unsafe, token.span, c.to_string())),
            None => finding.help(told!("look at the page"; "请查看原页")),
        });
    }
}

/// A letter or sign that may stand for a character.
struct Glyph {
    sign: bool,
    /// Whether that is plain by its shape; if not, a character must fit in its place.
    is_plain: bool,
}

/// Whether a token may be what a recogniser made of a character.
fn is_glyph(token: &Token) -> bool {
    match token.class {
        CharClass::Mark => token.span.len() == "®".len(),
        class => matches!(class, CharClass::Letter | CharClass::Other),
    }
}

/// So many letters and signs that plainly stand for characters make others likely.
const OTHERS: usize = 2;
/// Places of a document at which a character that would fit is looked for.
const FILLED: usize = 24;

/// Small letters that strokes of a character look like.
const SHAPES: [&str; 16] = [
    "f", "h", "i", "j", "k", "l", "r", "t", "fi", "ft", "fl", "ff", "ii", "li", "ll", "rt",
];

/// Signs that recognisers make of characters; ® and ™ behind a name are right, and so they are not
/// before 的 and other ends of names.
const SIGNS: [&str; 5] = ["®", "©", "™", "§", "¤"];

/// Whether the text speaks of the letter itself, counts with it, or forms a word with it.
fn names_a_letter(before: &str, after: &str) -> bool {
    const BEFORE: [char; 26] = [
        '号', '倒', '设', '令', '点', '线', '为', '数', '量', '母', '音', '第', '是', '有', '和',
        '与', '或', '按', '键', '打', '写', '读', '型', '类', '的', '了',
    ];
    const AFTER: [char; 43] = [
        '口', '车', '的', '是', '为', '点', '轴', '值', '型', '类', '级', '股', '线', '区', '组',
        '项', '式', '个', '字', '键', '版', '次', '倍', '年', '月', '日', '和', '与', '或', '、',
        '在', '等', '面', '角', '边', '段', '层', '路', '座', '罩', '码', '音', '歌',
    ];
    before
        .chars()
        .next_back()
        .is_some_and(|c| BEFORE.contains(&c))
        || after.chars().next().is_some_and(|c| AFTER.contains(&c))
}

fn is_used(word: &str) -> bool {
    let (mut low, mut high) = (0, USED.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let start = memrchr(b'\n', &USED.as_bytes()[..middle]).map_or(0, |before| before + 1);
        let end = memchr(b'\n', &USED.as_bytes()[middle..]).map_or(USED.len(), |at| middle + at);
        match USED.as_bytes()[start..end].cmp(word.as_bytes()) {
            Ordering::Equal => return true,
            Ordering::Less => low = end + 1,
            Ordering::Greater => high = start,
        }
    }
    false
}

/// Whether the document has hardly any Latin.
fn latin_is_rare(document: &Reading<'_>) -> bool {
    let (mut latin, mut han) = (0, 0);
    for token in document.tokens().iter() {
        match token.class {
            CharClass::Han => han += token.span.len() / 3,
            CharClass::Letter if token.masked || token.span.len() > 2 => latin += 1,
            _ => {}
        }
    }
    latin <= 2 || latin * RARE <= han
}

/// Whether the line of a token has no other Latin of two letters or more, and no digit beside it.
fn is_alone(document: &Reading<'_>, token: Token) -> bool {
    let text = document.text();
    let line = Span::from(line_around(text, token.span.range()));
    let letters = document.tokens().within(line);
    let mut others = letters.filter(|t| {
        let word = document.slice(t.span);
        t.class == CharClass::Letter
            && t.span != token.span
            && (word.len() > 2 || word.chars().any(char::is_uppercase) && t.masked)
    });
    others.next().is_none() && text[line.range()].chars().filter(|c| is_han(*c)).count() >= 8
}

#[cfg(test)]
mod tests {
    use super::{USED, is_used};

    #[test]
    fn each_word_of_the_list_is_found() {
        assert!(USED.lines().is_sorted());
        assert!(USED.lines().all(is_used));
        let others = ["", "a", "zzzzzzzz", "governmentt", "governmen\n"];
        assert!(others.iter().all(|word| !is_used(word)));
    }
}
