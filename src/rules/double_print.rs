//! `double-print`: a heading whose every character is printed twice, a first character that was
//! read a second time before its line.

use crate::document::Paragraph;

use crate::finding::{Confidence, Finding, Findings, Fix, Safety, Severity};
use crate::model::characters::CharId;
use crate::reading::Reading;
use crate::rule::{Card, Chinese, Group, Rule};
use crate::text::{Span, bare_lines, is_han};
use crate::told;

static CARD: Card = Card {
    name: "double-print",
    group: Group::Repeat,
    severity: Severity::Error,
    confidence: Confidence::High,
    default: true,
    summary: "a heading whose every character is printed twice, or the first character of a line read a second time before it",
    docs: "Bold type is made by printing a line twice with a small shift, and a converter reads each character two times: 基基本本规规定定. Recognisers of \
subtitles read the first glyph of a line once more, with a blank behind it: 是 是不是. The rule looks for lines in which each character stands twice in a row, \
and for a lone first character that its line repeats after a blank.\n\nWords such as 高高兴兴 are made so, and lists of characters with words (月 月亮) have a \
line like that for each of them.",
    chinese: Chinese {
        name: "重影",
        summary: "每个字都印了两遍的标题，或行首字多读了一遍的行",
        docs: "粗体有时由错位重印而成，转换程序便把每个字读两遍：基基本本规规定定。字幕识别有时把行首字多读一次，后带空格：是 是不是。\
规则寻找每字连出两次的行，以及空格之后又重复首字的行。\n\n“高高兴兴”一类词本来如此；字词对照表（月 月亮）各行都是这样，\
不报。",
    },
    bad: &[
        "基基本本规规定定\n\n第一条　为了加强管理，制定本办法。",
        "他把灯吹灭，悄悄地走到门边。\n\n听 听不见外面有什么声音\n\n过了很久才有人敲门。",
    ],
    good: &[
        "高高兴兴\n\n孩子们回家了。",
        "月 月亮\n\n日 日子\n\n水 水井\n\n火 火把",
        "断断续续，反反复复，来来往往的人都看见了。",
    ],
    fix: Some(Safety::Unsafe),
    yields_to: &[],
    levels: &[],
};

/// The longest line that is a heading, in characters.
const LONGEST: usize = 60;
/// A document in which more than one line in so many repeats its first character is a list.
const LIST: usize = 8;

/// The rule.
pub(super) struct DoublePrint;

impl Rule for DoublePrint {
    fn cards(&self) -> &[&'static Card] {
        const { &[&CARD] }
    }

    fn check(&self, document: &Reading<'_>, findings: &mut Findings) {
        let mut again = Vec::new();
        let mut lines = 0;
        for paragraph in document.paragraphs() {
            let content = document.slice(paragraph.content);
            for line in bare_lines(content) {
                let start = paragraph.content.start() + line.start;
                lines += 1;
                let length = first_again(&content[line]);
                again.extend(length.map(|length| Span::new(start, start + length)));
            }
            if let Some(single) = printed_twice(document, paragraph) {
                findings.push(
                    Finding::new(
                        &CARD,
                        paragraph.content,
                        told!("each character stands twice: {single}"; "每个字都印了两遍：{single}"),
                    )
                    .help(told!("keep one of each two"; "每两个字保留一个"))
                    .fix(Fix::replace(
                        Safety::Unsafe,
                        paragraph.content,
                        single,
                    )),
                );
            }
        }
        if again.len() * LIST > lines.max(LIST + 1) {
            return;
        }
        for span in again {
            findings.push(
                Finding::new(
                    &CARD,
                    span,
                    told!("the first character of the line stands before it again"; "行首的字在行前又读了一遍"),
                )
                .severity(Severity::Warning)
                .help(told!("delete it with the blank"; "连同空格删去"))
                .fix(Fix::replace(Safety::Unsafe, span, "")),
            );
        }
    }
}

/// Bytes of a lone first character and the blank behind it, if the line goes on with the same one.
fn first_again(line: &str) -> Option<usize> {
    let mut chars = line.char_indices();
    let (_, first) = chars.next()?;
    let (_, blank) = chars.next()?;
    let (rest, next) = chars.next()?;
    let text = &line[rest..];
    let long = text.chars().take(4).filter(|c| is_han(*c)).count() >= 3;
    // 一 一道 is a number before a name.
    (is_han(first) && matches!(blank, ' ' | '\u{3000}') && next == first && long && first != '一')
        .then_some(rest)
}

/// The characters of a line that has each of them twice, once.
fn printed_twice(document: &Reading<'_>, paragraph: &Paragraph) -> Option<String> {
    let text = document.slice(paragraph.content);
    if text.len() < 12 || text.len() > LONGEST * 8 {
        return None;
    }
    let (mut single, mut chars) = (String::new(), text.chars());
    let (mut han, mut last) = (0, None);
    while let Some(c) = chars.next() {
        if c.is_whitespace() {
            single.push(c);
            continue;
        }
        if chars.next() != Some(c) || last == Some(c) && is_han(c) {
            return None;
        }
        han += usize::from(is_han(c));
        last = Some(c);
        single.push(c);
    }
    let told = han >= 3 && !is_reduplicated(document, &single)
        || han == 2 && is_word(document, &single) && !is_word(document, text);
    told.then_some(single)
}

/// Whether the text is made of words such as 高高兴兴: each two characters of it are a word that
/// stands in the lexicon so.
fn is_reduplicated(document: &Reading<'_>, single: &str) -> bool {
    let chars: Vec<char> = single.chars().filter(|c| is_han(*c)).collect();
    chars.len().is_multiple_of(2)
        && chars.chunks(2).all(|pair| {
            let word: String = pair.iter().flat_map(|c| [*c, *c]).collect();
            is_word(document, &word)
        })
}

fn is_word(document: &Reading<'_>, text: &str) -> bool {
    let characters = document.model().characters();
    let ids: Vec<CharId> = text.chars().map(|c| characters.id(c)).collect();
    document.model().lexicon().find(&ids).is_some()
}
