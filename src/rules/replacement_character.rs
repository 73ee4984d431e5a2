//! `replacement-character`: a mark that stands where a character was lost.

use crate::finding::{Confidence, Finding, Findings, Safety, Severity};
use crate::reading::Reading;
use crate::rule::{Card, Chinese, Group, Rule};
use crate::text::{CharClass, Span, is_han};
use crate::told;

static CARD: Card = Card {
    name: "replacement-character",
    group: Group::Encoding,
    severity: Severity::Error,
    confidence: Confidence::High,
    default: true,
    summary: "a mark that stands where a character was lost: U+FFFD, 〓, □ inside a sentence",
    docs: "Decoders write U+FFFD, typesetters 〓 and fonts □ where they have no character. U+FFFD is always a loss. 〓 and □ are one between \
Chinese characters of running text; a □ that opens a line or follows a space or colon is a bullet or a box to tick, and then so are the others of \
its paragraph. Several □ in a row (gaps to be filled in) and three question marks or more between Chinese characters are shown as `info`, or as \
`warning` where the document has many such runs.",
    chinese: Chinese {
        name: "缺字符号",
        summary: "文字丢失之处的替代符号：U+FFFD、〓、句中的 □",
        docs: "解码程序写 U+FFFD，排版写 〓，字体显示 □，都表示缺字。U+FFFD 一定是丢失。〓 和 □ 在正文汉字之间才算；\
行首或空格、冒号之后的 □ 是项目符号或选框，同段其余的也是。连续几个 □（留空待填）以及汉字间三个以上问号只作提示；全文多处如此则为警告。\
",
    },
    bad: &[
        "这一年的收\u{fffd}比去年好。",
        "朱镕基的镕曾常被排成〓字，如朱〓基先生。",
        "他叫李□，住在河边。",
    ],
    good: &[
        "□本报记者 何静",
        "是否参加：□是 □否",
        "性别□男□女",
        "你说什么？？？我没听清。",
    ],
    fix: None::<Safety>,
    yields_to: &["invalid-encoding", "mojibake"],
    levels: &[],
};

pub(super) struct ReplacementCharacter;

impl Rule for ReplacementCharacter {
    fn cards(&self) -> &[&'static Card] {
        const { &[&CARD] }
    }

    fn check(&self, document: &Reading<'_>, findings: &mut Findings) {
        let mut questions: Vec<Span> = Vec::new();
        let tokens = document.tokens();
        let mut skip = 0;
        for (i, token) in tokens.iter().enumerate() {
            match token.class {
                CharClass::Special => lost(document, token.span, findings),
                CharClass::Mark if document.slice(token.span) == "〓" && i >= skip => {
                    let run = tokens
                        .within(Span::new(token.span.start(), document.text().len()))
                        .take_while(|t| document.slice(t.span) == "〓")
                        .count();
                    skip = i + run;
                    let span = Span::new(token.span.start(), token.span.start() + run * "〓".len());
                    if beside_han(document, span) {
                        findings.push(finding(span, ("〓", "〓 "), run));
                    }
                }
                CharClass::Other if !token.masked => boxes(document, token.span, findings),
                CharClass::AsciiMark if !token.masked && document.slice(token.span) == "?" => {
                    match questions.last_mut() {
                        Some(last) if last.end() == token.span.start() => {
                            *last = Span::new(last.start(), token.span.end());
                        }
                        _ => questions.push(token.span),
                    }
                }
                _ => {}
            }
        }
        questions.retain(|run| run.len() >= 3 && between_han(document, *run));
        let severity = if questions.len() >= 3 {
            Severity::Warning
        } else {
            Severity::Info
        };
        for run in questions {
            let count = run.len();
            let message = told!(
                "{count} question marks between Chinese characters";
                "汉字之间有{count}个问号"
            );
            findings.push(Finding::new(&CARD, run, message).severity(severity).help(told!(
                "programs write ? for each character that they cannot show: look at the source";
                "程序把无法显示的字写成 ?：请查看来源"
            )));
        }
    }
}

fn finding(span: Span, (mark, mark_zh): (&str, &str), count: usize) -> Finding {
    let message = match count {
        1 => told!("{mark} stands where a character was lost"; "{mark_zh}处丢了一个字"),
        n => told!(
            "{mark} stands {n} times where characters were lost";
            "{mark_zh}连续{n}个，此处文字丢失"
        ),
    };
    Finding::new(&CARD, span, message)
        .defect(mark)
        .help(told!("look at the source for what stood here"; "请查看来源：此处原是什么"))
}

/// Runs of U+FFFD and noncharacters in a token of invisible characters.
fn lost(document: &Reading<'_>, token: Span, findings: &mut Findings) {
    let is_lost = |c: char| matches!(c, '\u{fffc}'..='\u{ffff}');
    let mut run: Option<(usize, usize, usize)> = None;
    let text = document.slice(token);
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (&mut run, is_lost(c)) {
            (Some((_, end, count)), true) => {
                *end = at + c.len_utf8();
                *count += 1;
            }
            (None, true) => run = Some((at, at + c.len_utf8(), 1)),
            (Some((start, end, count)), false) => {
                let span = Span::new(token.start() + *start, token.start() + *end);
                let name = match text[*start..].chars().next() {
                    Some('\u{fffc}') => ("U+FFFC (an object)", "U+FFFC（对象）"),
                    Some('\u{fffd}') => ("U+FFFD", "U+FFFD "),
                    _ => ("a noncharacter", "非字符码位"),
                };
                findings.push(finding(span, name, *count));
                run = None;
            }
            (None, false) => {}
        }
    }
}

/// □ between the characters of a sentence.
fn boxes(document: &Reading<'_>, token: Span, findings: &mut Findings) {
    let is_box = |c: char| matches!(c, '□' | '▯' | '◻' | '■');
    let text = document.slice(token);
    if !text.chars().all(is_box) || !inside_text(document, token) || is_form(document, token) {
        return;
    }
    let count = text.chars().count();
    let mark = &text[..text.chars().next().map_or(0, char::len_utf8)];
    let severity = match (count, mark) {
        (1, "□" | "▯" | "◻") => Severity::Warning,
        _ => Severity::Info,
    };
    let shown = format!("{mark} ");
    findings.push(finding(token, (mark, &shown), count).severity(severity));
}

/// Whether the paragraph has a box that is a bullet or is to be ticked: at its start, or after a
/// space, colon or bracket. A pair of boxes with one word each (□男□女) is a form, too.
fn is_form(document: &Reading<'_>, span: Span) -> bool {
    let Some(paragraph) = document.paragraph_at(span.start()) else {
        return false;
    };
    let content = document.paragraphs()[paragraph].content;
    // A long line is no form; its surroundings are enough to look at.
    let text = document.slice(content);
    let at = span.start().saturating_sub(content.start());
    let from = floor(text, at.saturating_sub(150));
    let near = &text[from..floor(text, at + 150)];
    let mut seen = 0;
    for (at, _) in near.match_indices(['□', '■']) {
        seen += 1;
        let before = near[..at].chars().next_back();
        let opens = before.map_or(from == 0, |c| {
            c.is_whitespace() || matches!(c, '：' | ':' | '（' | '(' | '、' | '；' | '□' | '■')
        });
        if opens {
            return true;
        }
    }
    seen > 1 && text.len() < 90
}

fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Whether running text stands on both sides: Chinese, a number, or a mark inside or at the end of
/// a sentence.
fn inside_text(document: &Reading<'_>, span: Span) -> bool {
    let text = document.text();
    let before = text[..span.start()].chars().next_back();
    let after = text[span.end()..].chars().next();
    let running = |c: char| {
        is_han(c)
            || c.is_ascii_digit()
            || matches!(
                c,
                '，' | '。' | '、' | '；' | '“' | '”' | '《' | '》' | '！' | '？' | ',' | ';'
            )
    };
    before.is_some_and(running)
        && after.is_some_and(running)
        && (before.is_some_and(is_han) || after.is_some_and(is_han))
}

/// Whether Han characters stand on both sides, or one before and a mark after.
fn between_han(document: &Reading<'_>, span: Span) -> bool {
    let text = document.text();
    let before = text[..span.start()].chars().next_back();
    let after = text[span.end()..].chars().next();
    before.is_some_and(is_han)
        && after.is_some_and(|c| is_han(c) || matches!(c, '，' | '。' | '、' | '；' | '”' | '》'))
}

fn beside_han(document: &Reading<'_>, span: Span) -> bool {
    let text = document.text();
    let before = text[..span.start()].chars().next_back();
    let after = text[span.end()..].chars().next();
    before.is_some_and(is_han) || after.is_some_and(is_han)
}
