//! `private-use-character`: a code point that means something only to one font.

use crate::finding::{Confidence, Finding, Findings, Safety, Severity};
use crate::reading::Reading;
use crate::rule::{Card, Chinese, Group, Rule};
use crate::text::{CharClass, Span};
use crate::told;

static CARD: Card = Card {
    name: "private-use-character",
    group: Group::Encoding,
    severity: Severity::Warning,
    confidence: Confidence::High,
    default: true,
    summary: "a code point of the private use area: a picture in one font, nothing elsewhere",
    docs: "Fonts of icons, of rare characters and of old encodings put their glyphs at U+E000–F8FF and in planes 15 and 16. Without the font they are \
empty boxes. Which character was meant only the source can tell, so there is no fix; bullets of word processors (U+F06C, U+F0B7 and others) open a \
paragraph and are named as such.",
    chinese: Chinese {
        name: "私用区字符",
        summary: "私用区码位：在某一字体中有形，别处为空",
        docs: "图标字体、生僻字字体和旧编码把字形放在 U+E000–F8FF 以及第 15、16 平面。没有该字体时只见空框。本来是什么字，\
只有原件知道，因此不提供修复；文字处理软件的项目符号（U+F06C、U+F0B7 等）在段首时另作说明。",
    },
    bad: &["这一年的收\u{e12a}比去年好。"],
    good: &["这一年的收成比去年好。", "生僻字“𬭎”有自己的码位。"],
    fix: None::<Safety>,
    yields_to: &["mojibake", "mojibake"],
    levels: &[],
};

pub(super) struct PrivateUseCharacter;

impl Rule for PrivateUseCharacter {
    fn cards(&self) -> &[&'static Card] {
        const { &[&CARD] }
    }

    fn check(&self, document: &Reading<'_>, findings: &mut Findings) {
        for (_, token) in document.tokens().of(CharClass::Special) {
            let text = document.slice(token.span);
            let mut at = 0;
            while at < text.len() {
                let rest = &text[at..];
                let run: usize = rest
                    .chars()
                    .take_while(|c| is_private(*c))
                    .map(char::len_utf8)
                    .sum();
                if run > 0 {
                    let start = token.span.start() + at;
                    findings.push(describe(document, Span::new(start, start + run)));
                    at += run;
                } else {
                    at += rest.chars().next().map_or(1, char::len_utf8);
                }
            }
        }
    }
}

fn describe(document: &Reading<'_>, span: Span) -> Finding {
    let text = document.slice(span);
    let codes: Vec<_> = text
        .chars()
        .take(4)
        .map(|c| format!("U+{:04X}", u32::from(c)))
        .collect();
    let more = if text.chars().count() > 4 { " …" } else { "" };
    let opens = document.text()[..span.start()]
        .chars()
        .next_back()
        .is_none_or(|c| CharClass::of(c) == CharClass::Break);
    let symbol = text.chars().all(|c| matches!(c, '\u{f020}'..='\u{f0ff}'));
    let codes = codes.join(" ");
    let message = told!("private-use {codes}{more}"; "私用区字符 {codes}{more}");
    let help = if opens && symbol {
        told!("a word processor's bullet: put an ordinary one"; "文字处理软件的项目符号：换成普通符号")
    } else {
        told!(
            "look at the source for the character that its font shows here";
            "请查看来源：该字体在此显示什么字"
        )
    };
    Finding::new(&CARD, span, message).defect(text).help(help)
}

fn is_private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{ffffd}' | '\u{100000}'..='\u{10fffd}')
}
