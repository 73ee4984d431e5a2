//! `lookalike-character`: a character of another script or kind that looks like the right one.

use crate::document::Token;

use crate::finding::{Confidence, Finding, Findings, Fix, Safety, Severity};
use crate::model::characters::CharId;
use crate::reading::Reading;
use crate::rule::{Card, Chinese, Group, Rule};
use crate::text::numerals::is_digit;
use crate::text::{CharClass, Span, is_han};
use crate::told;

static CARD: Card = Card {
    name: "lookalike-character",
    group: Group::Script,
    severity: Severity::Error,
    confidence: Confidence::High,
    default: true,
    summary: "a character of another script that looks like the right one: 二O二五年, 统—",
    docs: "Letters and digits for 〇 among Chinese numerals, letters among digits (2O25年), katakana or a dash for a simple Chinese character (第ー, 统—), \
Cyrillic and Greek letters inside a Latin word. A dash counts only where a word with 一 would stand.\n\nPart numbers that mix letters and digits, ○ as a \
placeholder, Japanese text, dashes between words and letters of formulas are left alone.",
    chinese: Chinese {
        name: "形似他字",
        summary: "形似汉字或数字的其他文字：二O二五年、统—",
        docs: "汉字数字间代替 〇 的字母和数字、数字间的字母（2O25年）、代替汉字的片假名或横线（第ー、统—）、拉丁词中的西里尔和希腊字母。\
横线只在“一”能成词处才算。\n\n字母数字混编的型号、用作占位的 ○、日文、词间的破折号和公式中的字母不管。",
    },
    bad: &[
        "会议于二O二五年召开。",
        "会议于2O25年召开。",
        "他第—次来到这里。",
        "这款软件由Aррle公司开发。",
    ],
    good: &[
        "型号A1O2的水泵两台，○○中学收到三台。",
        "北京—上海的列车今天提速。",
        "公式中的α和Δt已知。",
    ],
    fix: Some(Safety::Unsafe),
    yields_to: &["known-wrong-word"],
    levels: &[],
};

/// Katakana that are written like a Chinese character.
const KATAKANA: &str = "ー一カ力ロ口ニ二エ工ト卜ハ八タ夕";
/// Cyrillic and Greek letters that are written like a Latin one.
const LETTERS: &str = "аaеeоoрpсcуyхxіiѕsјjАAВBЕEКKМMНHОOРPСCТTХXІIΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧXοo";

/// The rule.
pub(super) struct LookalikeCharacter;

impl Rule for LookalikeCharacter {
    fn cards(&self) -> &[&'static Card] {
        const { &[&CARD] }
    }

    fn check(&self, document: &Reading<'_>, findings: &mut Findings) {
        for (index, token) in document.tokens().iter().enumerate() {
            if token.masked {
                continue;
            }
            let found = match token.class {
                CharClass::Letter if token.span.len() <= 3 => {
                    zero_or_one(document, index, token).or_else(|| mixed_scripts(document, token))
                }
                CharClass::Letter => mixed_scripts(document, token),
                CharClass::Digit if token.span.len() == 1 => zero_among_numerals(document, token),
                CharClass::Kana => kana(document, token),
                CharClass::Mark => dash(document, token),
                _ => None,
            };
            if let Some((span, right)) = found {
                let wrong = document.slice(span);
                findings.push(
                    Finding::new(
                        &CARD,
                        span,
                        told!(
                            "{wrong} where {right} belongs: it only looks like it";
                            "应为 {right} 的地方是形似的 {wrong}"
                        ),
                    )
                    .defect(wrong)
                    .help(told!("write {right}"; "改为 {right}"))
                    .fix(Fix::replace(Safety::Unsafe, span, right)),
                );
            }
        }
    }
}

type Found = Option<(Span, String)>;

fn sides<'d>(document: &'d Reading<'_>, span: Span) -> (&'d str, &'d str) {
    let text = document.text();
    (&text[..span.start()], &text[span.end()..])
}

fn partner(table: &str, c: char) -> Option<char> {
    let mut chars = table.chars();
    while let (Some(wrong), Some(right)) = (chars.next(), chars.next()) {
        if wrong == c {
            return Some(right);
        }
    }
    None
}

/// 二O二五 and 2O25.
fn zero_or_one(document: &Reading<'_>, index: usize, token: Token) -> Found {
    let letter = document.slice(token.span);
    let (before, after) = sides(document, token.span);
    if !letter
        .chars()
        .all(|c| matches!(c, 'O' | 'o' | 'Ｏ' | 'l' | 'I'))
    {
        return None;
    }
    let round = letter.chars().all(|c| matches!(c, 'O' | 'o' | 'Ｏ'));
    if round && before.ends_with(is_digit) && numeral_goes_on(after) {
        return Some((token.span, "〇".repeat(letter.chars().count())));
    }
    // Among digits: the number must stand between Chinese characters or marks, with a unit behind
    // it, or it is a part number.
    let tokens = document.tokens();
    let digits = |t: Option<Token>| t.filter(|t| t.class == CharClass::Digit && !t.masked);
    let left = digits(index.checked_sub(1).and_then(|i| tokens.get(i)))?;
    let right = digits(tokens.get(index + 1));
    let end = right.map_or(token.span.end(), |t| t.span.end());
    let unit = document.text()[end..].starts_with([
        '年', '月', '日', '%', '％', '万', '亿', '个', '岁', '元', '人',
    ]);
    let start = document.text()[..left.span.start()].chars().next_back();
    let free = start.is_none_or(|c| is_han(c) || CharClass::of(c) == CharClass::Mark);
    // 5l is a measure, 3O a name; without a digit behind it only the round one before a sign of its
    // own counts.
    let sure = right.is_some()
        || round && document.text()[end..].starts_with(['%', '％', '年', '万', '亿']);
    let digit = if round { "0" } else { "1" };
    (free && unit && sure).then(|| (token.span, digit.repeat(letter.chars().count())))
}

/// Whether a number goes on: a numeral, or a sign that follows numbers.
fn numeral_goes_on(after: &str) -> bool {
    after.starts_with(|c| is_digit(c) || matches!(c, '年' | '月' | '日' | 'O' | '0'))
}

/// 二0二五
fn zero_among_numerals(document: &Reading<'_>, token: Token) -> Found {
    let (before, after) = sides(document, token.span);
    let zero = document.slice(token.span) == "0";
    (zero && before.ends_with(is_digit) && numeral_goes_on(after))
        .then(|| (token.span, "〇".to_owned()))
}

/// A Latin word with a letter of another alphabet in it.
fn mixed_scripts(document: &Reading<'_>, token: Token) -> Found {
    let word = document.slice(token.span);
    if word.is_ascii() {
        return None;
    }
    let foreign = |c: char| !c.is_ascii() && partner(LETTERS, c).is_some();
    let latin = word.chars().filter(char::is_ascii_alphabetic).count();
    let count = word.chars().filter(|c| foreign(*c)).count();
    let right: String = word
        .chars()
        .map(|c| partner(LETTERS, c).unwrap_or(c))
        .collect();
    (count > 0 && latin >= 2 && right.is_ascii()).then_some((token.span, right))
}

/// A single katakana between Chinese characters, where the text has no other Japanese.
fn kana(document: &Reading<'_>, token: Token) -> Found {
    let mut chars = document.slice(token.span).chars();
    let (Some(c), None) = (chars.next(), chars.next()) else {
        return None;
    };
    let right = partner(KATAKANA, c)?;
    let (before, after) = sides(document, token.span);
    let near = |text: &mut dyn Iterator<Item = char>| {
        text.take(20).any(|c| CharClass::of(c) == CharClass::Kana)
    };
    let japanese = near(&mut before.chars().rev()) || near(&mut after.chars());
    (before.ends_with(is_han) && after.starts_with(is_han) && !japanese)
        .then(|| (token.span, right.to_string()))
}

/// A single dash where a word with 一 would stand: 统—, 第—次, —些.
fn dash(document: &Reading<'_>, token: Token) -> Found {
    let mark = document.slice(token.span);
    if !matches!(mark, "—" | "―" | "－" | "─") {
        return None;
    }
    let (before, after) = sides(document, token.span);
    let (Some(left), Some(right)) = (before.chars().next_back(), after.chars().next()) else {
        return None;
    };
    if !is_han(right)
        || !(is_han(left) || CharClass::of(left) == CharClass::Mark && left.to_string() != mark)
    {
        return None;
    }
    let reader = document.model().reader();
    let id = |c: char| reader.characters.id(c);
    let first = before.chars().rev().take(3).count();
    let mut ids: Vec<CharId> = before.chars().rev().take(3).map(id).collect();
    ids.reverse();
    ids.push(id('—'));
    ids.extend(after.chars().take(3).map(id));
    let one = id('一');
    // 第一次 must be far likelier than the dash, and 一 at home among these neighbours at all.
    let gain = reader.gain(&ids, first..first + 1, &[one]);
    ids[first] = one;
    let cost = -reader.log_prob(&ids, first..first + 2) / 2.0;
    let word = reader.word_cover(&ids, first).is_some();
    (word && gain > 4.0 && cost < 5.0).then(|| (token.span, "一".to_owned()))
}
