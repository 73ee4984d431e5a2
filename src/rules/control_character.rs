//! `control-character`: what once steered a printer or a terminal.

use crate::finding::{Confidence, Finding, Findings, Fix, Safety, Severity};
use crate::reading::Reading;
use crate::rule::{Card, Group, Rule};
use crate::text::{CharClass, Span};

static CARD: Card = Card {
    name: "control-character",
    group: Group::Encoding,
    severity: Severity::Error,
    confidence: Confidence::High,
    default: true,
    summary: "a control character inside text",
    docs: "Control characters other than tab and line break have no meaning in text: they come from printers' files, terminals and damaged \
decoding. A form feed, which marks the end of a page, is shown as `info`. The fix deletes them. Those that are part of text decoded with the wrong \
charset are left to `mojibake`.",
    bad: &["这一年的收\u{8}成比去年好。"],
    good: &["一列\t二列\n三列\t四列\n"],
    fix: Some(Safety::Safe),
    yields_to: &["mojibake"],
    settings: &[],
};

pub(super) struct ControlCharacter;

impl Rule for ControlCharacter {
    fn cards(&self) -> &[&'static Card] {
        const { &[&CARD] }
    }

    fn check(&self, document: &Reading<'_>, findings: &mut Findings) {
        for token in document.tokens().iter() {
            if token.class != CharClass::Special {
                continue;
            }
            for (at, c) in document.slice(token.span).char_indices() {
                if !c.is_control() {
                    continue;
                }
                let start = token.span.start() + at;
                let span = Span::new(start, start + c.len_utf8());
                let code = u32::from(c);
                let (name, severity) = match c {
                    '\u{c}' => ("form feed, the end of a page", Severity::Info),
                    '\u{0}' => ("NUL", Severity::Error),
                    '\u{8}' => ("backspace", Severity::Error),
                    '\u{1b}' => (
                        "escape, the beginning of a terminal's command",
                        Severity::Error,
                    ),
                    '\u{7f}' => ("delete", Severity::Error),
                    '\u{80}'..='\u{9f}' => ("C1 control", Severity::Error),
                    _ => ("C0 control", Severity::Error),
                };
                findings.push(
                    Finding::new(
                        &CARD,
                        span,
                        format!("control character U+{code:04X} ({name})"),
                    )
                    .severity(severity)
                    .defect(document.slice(span))
                    .help("delete it")
                    .fix(Fix::replace(Safety::Safe, span, "")),
                );
            }
        }
    }
}
