//! `repeated-punctuation`: two marks where one is meant.

use std::collections::HashSet;

use crate::finding::{Confidence, Finding, Findings, Fix, Safety, Severity};
use crate::reading::Reading;
use crate::rule::{Card, Chinese, Group, Rule};
use crate::text::{CharClass, Span, is_closing, is_han};
use crate::told;

static CARD: Card = Card {
    name: "repeated-punctuation",
    group: Group::Punctuation,
    severity: Severity::Warning,
    confidence: Confidence::High,
    default: true,
    summary: "two marks where one is meant: ，，  。，  ；；",
    docs: "A comma, full stop, semicolon or colon directly after another one: a recogniser read a mark twice, or text between the two is lost. \
Right are …… and ——, ！！ and ？？ and ？！, marks on either side of a closing quotation mark, dots and colons of code. 。。。 and 、、、 stand for an ellipsis and are \
shown as `info`.",
    chinese: Chinese {
        name: "重复标点",
        summary: "只该有一个的地方有两个标点：，，　。，　；；",
        docs: "逗号、句号、分号、冒号紧接着另一个：标点读了两遍，或两者之间的文字丢了。正确的有 ……、——、！！、？？、？！，后引号两侧的标点，\
代码中的点和冒号。。。。 和 、、、 代表省略号，只作提示。",
    },
    bad: &[
        "山里的花开了，，来看花的人很多。",
        "雨停了。，大家出了门。",
        "有桃花、，有杏花。",
    ],
    good: &[
        "他想了想……说：“走吧。”，“好。”",
        "真的吗？！太好了！！！",
        "老周：？？？",
        "标点统一使用全角字符：，。；！？",
        "调用std::vec和a..b即可。",
    ],
    fix: Some(Safety::Safe),
    yields_to: &["lost-text", "double-print"],
    levels: &[],
};

pub(super) struct RepeatedPunctuation;

impl Rule for RepeatedPunctuation {
    fn cards(&self) -> &[&'static Card] {
        const { &[&CARD] }
    }

    fn check(&self, document: &Reading<'_>, findings: &mut Findings) {
        let text = document.text();
        // In Markdown and markup languages beside it, colons and dots are syntax.
        let syntax = |c: char| document.is_markdown() && matches!(c, ':' | '.');
        let mut run: Option<Span> = None;
        for token in document.tokens().iter() {
            let mark = matches!(token.class, CharClass::Mark | CharClass::AsciiMark)
                && !token.masked
                && text[token.span.range()]
                    .chars()
                    .all(|c| is_pause(c) && !syntax(c));
            run = match (run, mark) {
                (Some(span), true) => Some(Span::new(span.start(), token.span.end())),
                (None, true) => Some(token.span),
                (Some(span), false) => {
                    judge(text, span, findings);
                    None
                }
                (None, false) => None,
            };
        }
        if let Some(span) = run {
            judge(text, span, findings);
        }
    }
}

/// Marks that never stand next to each other, and ！？ which stand next to each other only.
fn is_pause(c: char) -> bool {
    matches!(
        c,
        '，' | '、' | '。' | '；' | '：' | ',' | ';' | ':' | '.' | '！' | '？'
    )
}

/// Of so many different marks in a row none is one too many: they are what is spoken of.
const LISTED: usize = 4;

fn judge(text: &str, span: Span, findings: &mut Findings) {
    let run = &text[span.range()];
    if run.len() < 2 || run.chars().nth(1).is_none() {
        return;
    }
    let before = text[..span.start()].chars().next_back();
    let chinese = |c: char| is_han(c) || (!c.is_ascii() && is_closing(c));
    let first = run.chars().next().unwrap_or(' ');
    let same = run.chars().all(|c| c == first);
    // ！？ among themselves are emphasis, also as all that somebody says (老周：？？？) or that is
    // known (年龄：？); ASCII dots and colons are code or an ellipsis.
    let said = run.strip_prefix(['：', ':']).unwrap_or(run);
    let emphatic = said.chars().all(|c| matches!(c, '！' | '？'));
    if emphatic || run.chars().all(|c| matches!(c, '.' | ':')) {
        return;
    }
    let after = text[span.end()..].chars().next();
    let wide = !run.is_ascii();
    let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    if !before.is_some_and(|c| chinese(c) || (wide && c.is_ascii_alphanumeric()))
        || (!wide && latin(after))
    {
        return;
    }
    // 全角字符：，。；！ are marks that somebody lists
    let kinds: HashSet<char> = said.chars().collect();
    if kinds.len() >= LISTED {
        return;
    }
    // 3.，：a number or an abbreviation ends in a dot of its own.
    if run.contains("..") || run.contains("！、") || run.contains("？、") {
        return;
    }
    if first == '.' && before.is_some_and(|c| c.is_ascii()) {
        return;
    }
    let ellipsis = same && matches!(first, '。' | '、' | '，') && run.chars().nth(2).is_some();
    let safety = if same { Safety::Safe } else { Safety::Unsafe };
    let mut finding = Finding::new(
        &CARD,
        span,
        told!("{run}: more than one mark"; "{run}：标点多于一个"),
    )
    .defect(run);
    if ellipsis {
        finding = finding
            .severity(Severity::Info)
            .help(told!("…… is the mark for what is left out"; "省略号应为 ……"));
    } else {
        // Of several the strongest stays.
        let kept = run
            .chars()
            .max_by_key(|c| (strength(*c), std::cmp::Reverse(usize::from(c.is_ascii()))))
            .unwrap_or(first);
        finding = finding
            .help(told!(
                "one of them is too many, or the text between them is lost";
                "多了一个，或中间的文字丢了"
            ))
            .fix(Fix::replace(safety, span, kept.to_string()));
    }
    findings.push(finding);
}

fn strength(c: char) -> u8 {
    match c {
        '！' | '？' => 4,
        '。' | '.' => 3,
        '；' | ';' | '：' | ':' => 2,
        _ => 1,
    }
}
