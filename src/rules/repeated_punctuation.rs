//! `repeated-punctuation`: two marks where one is meant.

use crate::finding::{Confidence, Finding, Findings, Fix, Safety, Severity};
use crate::reading::Reading;
use crate::rule::{Card, Group, Rule};
use crate::text::{CharClass, Span, is_closing, is_han};

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
    bad: &[
        "山里的花开了，，来看花的人很多。",
        "雨停了。，大家出了门。",
        "有桃花、，有杏花。",
    ],
    good: &[
        "他想了想……说：“走吧。”，“好。”",
        "真的吗？！太好了！！！",
        "调用std::vec和a..b即可。",
    ],
    fix: Some(Safety::Safe),
    yields_to: &["lost-text"],
    settings: &[],
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

fn judge(text: &str, span: Span, findings: &mut Findings) {
    let run = &text[span.range()];
    if run.len() < 2 || run.chars().nth(1).is_none() {
        return;
    }
    let before = text[..span.start()].chars().next_back();
    let chinese = |c: char| is_han(c) || (!c.is_ascii() && is_closing(c));
    let first = run.chars().next().unwrap_or(' ');
    let same = run.chars().all(|c| c == first);
    // ！？ among themselves are emphasis, ASCII dots and colons are code or an ellipsis.
    let emphatic = run.chars().all(|c| matches!(c, '！' | '？'));
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
    // 3.，：a number or an abbreviation ends in a dot of its own.
    if run.contains("..") || run.contains("！、") || run.contains("？、") {
        return;
    }
    if first == '.' && before.is_some_and(|c| c.is_ascii()) {
        return;
    }
    let ellipsis = same && matches!(first, '。' | '、' | '，') && run.chars().nth(2).is_some();
    let safety = if same { Safety::Safe } else { Safety::Unsafe };
    let mut finding = Finding::new(&CARD, span, format!("{run}: more than one mark"));
    if ellipsis {
        finding = finding
            .severity(Severity::Info)
            .help("…… is the mark for what is left out");
    } else {
        // Of several the strongest stays.
        let kept = run
            .chars()
            .max_by_key(|c| (strength(*c), std::cmp::Reverse(usize::from(c.is_ascii()))))
            .unwrap_or(first);
        finding = finding
            .help("one of them is too many, or the text between them is lost")
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
