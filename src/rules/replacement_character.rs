//! `replacement-character`: a mark that stands where a character was lost.

use crate::finding::{Confidence, Finding, Findings, Safety, Severity};
use crate::reading::Reading;
use crate::rule::{Card, Group, Rule};
use crate::text::{CharClass, Span, is_han};

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
    settings: &[],
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
                        findings.push(finding(span, "〓", run));
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
            let message = format!("{} question marks between Chinese characters", run.len());
            findings.push(Finding::new(&CARD, run, message).severity(severity).help(
                "programs write ? for each character that they cannot show: look at the source",
            ));
        }
    }
}

fn finding(span: Span, mark: &str, count: usize) -> Finding {
    let message = match count {
        1 => format!("{mark} stands where a character was lost"),
        n => format!("{mark} stands {n} times where characters were lost"),
    };
    Finding::new(&CARD, span, message)
        .defect(mark)
        .help("look at the source for what stood here")
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
                    Some('\u{fffc}') => "U+FFFC (an object)",
                    Some('\u{fffd}') => "U+FFFD",
                    _ => "a noncharacter",
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
    findings.push(finding(token, mark, count).severity(severity));
}

/// Whether the paragraph has a box that is a bullet or is to be ticked: at its start, or after a space, colon or bracket. A pair of boxes with
/// one word each (□男□女) is a form, too.
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

/// Whether running text stands on both sides: Chinese, a number, or a mark inside or at the end of a sentence.
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
