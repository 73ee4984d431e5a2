//! `lost-text`: what a converter dropped and left a trace: empty brackets, letters where a rare
//! character stood.

use memchr::memmem;

use crate::finding::{Confidence, Finding, Findings, Severity};
use crate::reading::Reading;
use crate::rule::{Card, Chinese, Group, Rule};
use crate::text::{Span, is_han};
use crate::told;

static CARD: Card = Card {
    name: "lost-text",
    group: Group::Residue,
    severity: Severity::Warning,
    confidence: Confidence::High,
    default: true,
    summary: "what a converter dropped and left a trace: empty brackets, letters where a rare character stood",
    docs: "A template that was not filled in leaves its brackets and labels: 银杏（学名：）, 柏林（德语：，法语：）. For a rare character that had no code some old \
digital texts of medicine have the letters KT: 肩KT骨折. The rule looks for brackets that hold nothing but labels and marks, and for KT between Chinese \
characters.\n\nBlanks to be filled in (正确的是（）) and calls of functions are left alone. There is no fix: the trace is all that tells that something is \
missing.",
    chinese: Chinese {
        name: "脱文",
        summary: "转换时丢掉内容留下的痕迹：空括号，代替生僻字的字母",
        docs: "没有填入内容的模板会留下括号和标签：银杏（学名：），柏林（德语：，法语：）。生僻字没有编码，一些旧的中医电子书以字母 KT 代替：\
肩KT骨折。规则寻找只有标签和标点的括号，以及汉字间的 KT。\n\n留待填写的空（正确的是（））和函数调用不管。不提供修复：\
这些痕迹是缺文的唯一线索。",
    },
    bad: &[
        "银杏（学名：）是一种落叶乔木，寿命很长。",
        "那座城（德语：，法语：）坐落在河的两岸。",
        "患者右肩KT骨折，左侧也有旧伤，走路时一瘸一拐。",
    ],
    good: &[
        "下列说法正确的是（）。",
        "调用函数（参数：甲，乙）以后会得到结果。",
        "他们在商场门口摆了KT板，上面写着优惠的时间。",
    ],
    fix: None,
    yields_to: &[],
    levels: &[],
};

/// The rule.
pub(super) struct LostText;

impl Rule for LostText {
    fn cards(&self) -> &[&'static Card] {
        const { &[&CARD] }
    }

    fn check(&self, document: &Reading<'_>, findings: &mut Findings) {
        brackets(document, findings);
        letters(document, findings);
    }
}

/// Brackets that hold labels and marks, and nothing behind the labels.
fn brackets(document: &Reading<'_>, findings: &mut Findings) {
    const LONGEST: usize = 90;
    let text = document.text();
    for at in memmem::find_iter(text.as_bytes(), "（") {
        let inside = &text[at + '（'.len_utf8()..];
        let Some(end) = inside
            .find(['）', '（', '\n'])
            .filter(|end| *end <= LONGEST)
        else {
            continue;
        };
        let inside = &inside[..end];
        let span = Span::new(at, at + 2 * '（'.len_utf8() + end);
        let closed = text[span.end().saturating_sub(3)..].starts_with('）');
        let named = text[..at]
            .chars()
            .next_back()
            .is_some_and(|c| is_han(c) || c == '》' || c == '”');
        if closed && named && holds_labels_only(inside) && !document.mask().touches(span) {
            findings.push(
                Finding::new(
                    &CARD,
                    span,
                    told!("nothing stands behind the labels of （{inside}）"; "（{inside}）中标签之后没有内容"),
                )
                .defect("labels")
                .help(told!("a template was not filled in: look at the source"; "模板没有填入内容：请查看来源")),
            );
        }
    }
}

/// 学名： or 德语：，法语：; a list of what is empty, and at least one label.
fn holds_labels_only(text: &str) -> bool {
    const LONGEST: usize = 8;
    let mut labels = 0;
    let pieces = text.split(['，', '、', '；', ',', ';']);
    let empty = pieces.into_iter().all(|piece| {
        let piece = piece.trim();
        let label = piece.strip_suffix(['：', ':']).map(str::trim);
        let named = label.is_some_and(|l| {
            !l.is_empty() && l.chars().all(is_han) && l.chars().count() <= LONGEST
        });
        labels += usize::from(named);
        named || piece.is_empty()
    });
    empty && labels > 0
}

/// KT, which some old digital texts of medicine have for characters that they had no code for.
fn letters(document: &Reading<'_>, findings: &mut Findings) {
    // KT板 is foam board, KT猫 a cat.
    const THINGS: [char; 6] = ['板', '猫', '足', '展', '架', '牌'];
    let text = document.text();
    for at in memmem::find_iter(text.as_bytes(), "KT") {
        let span = Span::new(at, at + "KT".len());
        let before = text[..at].trim_end_matches(' ').chars().next_back();
        let after = text[span.end()..].trim_start_matches(' ').chars().next();
        let chinese = |c: char| is_han(c) || matches!(c, '，' | '。' | '、' | '；' | '：');
        let follows = after.is_none_or(|c| chinese(c) || c == '\n' || c == 'K');
        let stands = before.is_some_and(|c| is_han(c) || c == 'T') && follows;
        if stands && !after.is_some_and(|c| THINGS.contains(&c)) && !document.mask().touches(span) {
            findings.push(
                Finding::new(&CARD, span, told!("KT stands for a character that was lost"; "KT 代替了一个丢失的字"))
                    .defect("KT")
                    .help(told!("a rare character had no code: look at the page"; "生僻字没有编码：请查看原页")),
            );
        }
    }
}
