//! `repeated-phrase`: a recogniser's loop, the same phrase again and again in a row.

use crate::finding::{Confidence, Finding, Findings, Fix, Safety, Severity};
use crate::reading::Reading;
use crate::rule::{Card, Chinese, Group, Rule};
use crate::text::{CharClass, Loop, Span, loops};
use crate::told;

static CARD: Card = Card {
    name: "repeated-phrase",
    group: Group::Repeat,
    severity: Severity::Error,
    confidence: Confidence::High,
    default: true,
    summary: "the same phrase again and again in a row",
    docs: "A recogniser that loses its place writes the same phrase until it finds out again. The rule reports a phrase of four characters or more that \
stands three times in a row, shorter ones from four, five or six times on, and phrases with a pause in them from four times on.\n\nLaughter \
and noises (哈哈哈哈), chants with their exclamation marks, rows of a table and code are left alone.",
    chinese: Chinese {
        name: "循环重复",
        summary: "连续重复多次的短语",
        docs: "识别程序迷失位置时，会反复写同一短语。四字以上连出三次、更短的连出四至六次、带停顿的连出四次以上时报告。\n\n笑声和拟声（哈哈哈哈）\
、带感叹号的呼喊、表格行和代码不管。",
    },
    bad: &["会议要求，切实加强管理切实加强管理切实加强管理切实加强管理，确保安全。"],
    good: &[
        "他笑得哈哈哈哈哈哈哈哈停不下来。",
        "看台上喊着：“加油！加油！加油！”",
    ],
    fix: Some(Safety::Unsafe),
    yields_to: &["injected-phrase"],
    levels: &[],
};

/// The rule.
pub(super) struct RepeatedPhrase;

impl Rule for RepeatedPhrase {
    fn cards(&self) -> &[&'static Card] {
        const { &[&CARD] }
    }

    fn check(&self, document: &Reading<'_>, findings: &mut Findings) {
        loops(document.text(), |found| {
            let unit = document.slice(found.unit);
            if found.copies < needed(unit) || document.mask().touches(found.span) {
                return;
            }
            findings.push(report(document, &found));
        });
    }
}

/// How many copies of a phrase make a loop; more than there can be if it never does.
fn needed(unit: &str) -> usize {
    let (mut han, mut count, mut pauses, mut gaps, mut noises) = (0, 0, 0, 0, 0);
    for c in unit.chars() {
        count += 1;
        match CharClass::of(c) {
            CharClass::Han => han += 1,
            CharClass::Mark | CharClass::AsciiMark => pauses += 1,
            CharClass::Space | CharClass::Break | CharClass::Special | CharClass::Other => {
                gaps += 1
            }
            CharClass::Kana | CharClass::Letter | CharClass::Digit => {}
        }
        noises += usize::from(is_noise(c));
    }
    match (han, count) {
        (0, _) => usize::MAX,
        _ if noises * 2 >= han => usize::MAX,
        // Rows of tables and lists.
        _ if gaps > 0 => {
            if han >= 6 {
                6
            } else {
                usize::MAX
            }
        }
        _ if pauses > 0 => {
            if han >= 5 {
                4
            } else {
                7
            }
        }
        (_, 1) => 6,
        (_, 2) => 5,
        (_, 3) => 4,
        _ => 3,
    }
}

/// Characters that write laughter, cries and noises.
fn is_noise(c: char) -> bool {
    "哈啊呵嘿嘻呜哇呀嗯哦喔噢唉哎咳汪喵咚叮轰嗡滴嘀答嗒啦嘟咯咕噜噔哗砰啪呱咩哞嘎吱唧喳叽啾嘘咻呼嗖唰嚓哒咿嗷吼嘶哼呸嗨喂咪妈耶嘤略噗乓乒叭铛".contains(c)
}

fn report(document: &Reading<'_>, found: &Loop) -> Finding {
    let unit = document.slice(found.unit);
    let shown: String = unit.chars().take(30).collect();
    let more = if shown.len() < unit.len() { "…" } else { "" };
    let rest = Span::new(found.unit.end(), found.span.end());
    Finding::new(
        &CARD,
        found.span,
        told!(
            "“{shown}{more}” {} times in a row", found.copies;
            "“{shown}{more}”连续出现{}次", found.copies
        ),
    )
    .help(told!(
        "once is enough, if it belongs here at all; compare with the page";
        "若确属此处，一次即可；请对照原页"
    ))
    .evidence("copies", found.copies)
    .fix(Fix::replace(Safety::Unsafe, rest, ""))
}
