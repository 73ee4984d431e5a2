//! `control-character`: what once steered a printer or a terminal.

use crate::finding::{Confidence, Finding, Findings, Fix, Safety, Severity};
use crate::reading::Reading;
use crate::rule::{Card, Chinese, Group, Rule};
use crate::text::{CharClass, Span};
use crate::told;

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
    chinese: Chinese {
        name: "控制字符",
        summary: "文本中的控制字符",
        docs: "制表符和换行之外的控制字符在文本中没有意义，来自打印文件、终端或错误的解码。换页符表示一页结束，只作提示。修复即删除。\
属于乱码的留给 `mojibake`。",
    },
    bad: &["这一年的收\u{8}成比去年好。"],
    good: &["一列\t二列\n三列\t四列\n"],
    fix: Some(Safety::Safe),
    yields_to: &["mojibake"],
    levels: &[],
};

pub(super) struct ControlCharacter;

impl Rule for ControlCharacter {
    fn cards(&self) -> &[&'static Card] {
        const { &[&CARD] }
    }

    fn check(&self, document: &Reading<'_>, findings: &mut Findings) {
        for (_, token) in document.tokens().of(CharClass::Special) {
            for (at, c) in document.slice(token.span).char_indices() {
                if !c.is_control() {
                    continue;
                }
                let start = token.span.start() + at;
                let span = Span::new(start, start + c.len_utf8());
                let code = u32::from(c);
                let (name, name_zh) = match c {
                    '\u{c}' => ("form feed, the end of a page", "换页符，一页结束"),
                    '\u{0}' => ("NUL", "空字符"),
                    '\u{8}' => ("backspace", "退格"),
                    '\u{1b}' => (
                        "escape, the beginning of a terminal's command",
                        "转义符，终端命令的开头",
                    ),
                    '\u{7f}' => ("delete", "删除"),
                    '\u{80}'..='\u{9f}' => ("C1 control", "C1 控制字符"),
                    _ => ("C0 control", "C0 控制字符"),
                };
                let severity = match c {
                    '\u{c}' => Severity::Info,
                    _ => Severity::Error,
                };
                findings.push(
                    Finding::new(
                        &CARD,
                        span,
                        told!(
                            "control character U+{code:04X} ({name})";
                            "控制字符 U+{code:04X}（{name_zh}）"
                        ),
                    )
                    .severity(severity)
                    .defect(document.slice(span))
                    .help(told!("delete it"; "删去"))
                    .fix(Fix::replace(Safety::Safe, span, "")),
                );
            }
        }
    }
}
