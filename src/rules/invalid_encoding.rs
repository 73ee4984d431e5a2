//! `invalid-encoding`: bytes that are no text in the file's encoding.

use encoding_rs::GB18030;

use crate::finding::{Confidence, Finding, Findings, Fix, Safety, Severity};
use crate::reading::Reading;
use crate::rule::{Card, Chinese, Group, Rule};
use crate::text::{Encoding, InvalidBytes, Span, is_han};
use crate::told;

static CARD: Card = Card {
    name: "invalid-encoding",
    group: Group::Encoding,
    severity: Severity::Error,
    confidence: Confidence::High,
    default: true,
    summary: "bytes that are no text in the file's encoding",
    docs: "The file was decoded as what it is almost everywhere; some of its bytes are no text in that encoding. They were damaged on the way, or a \
piece in another encoding was pasted in: where the bytes read as Chinese in GB18030, the help shows the text and the fix puts it. Invalid bytes that \
stand close together make one finding.",
    chinese: Chinese {
        name: "坏字节",
        summary: "在文件编码中不成文字的字节",
        docs: "文件绝大部分按其编码解码，其中一些字节却不成文字：途中损坏了，或贴入了另一编码的内容。若这些字节按 GB18030 读是中文，\
帮助中显示原文，修复换成原文。相邻的坏字节合为一处。",
    },
    bad: &[
        "坏了一个字节：\\xFF，其余都好，这一段写得长一些，好让编码一看便知。",
        "前半句是一种编码，\\xBA\\xF3\\xB0\\xEB\\xBE\\xE4是另一种编码，后面又回来了，这一段也写得长一些。",
    ],
    good: &["每个字节都好。", "Ünïcödé也好。"],
    fix: Some(Safety::Unsafe),
    yields_to: &[],
    levels: &[],
};

/// Invalid bytes with at most this many valid bytes between them belong together: a GB18030 stretch
/// read as UTF-8 holds pairs that happen to be valid.
const GAP: usize = 8;

pub(super) struct InvalidEncoding;

impl Rule for InvalidEncoding {
    fn cards(&self) -> &[&'static Card] {
        const { &[&CARD] }
    }

    fn check(&self, document: &Reading<'_>, findings: &mut Findings) {
        let mut invalid = document.invalid();
        while !invalid.is_empty() {
            let near = invalid
                .windows(2)
                .take_while(|pair| pair[1].span.start() - pair[0].span.end() <= GAP)
                .count();
            let (group, rest) = invalid.split_at(near + 1);
            findings.push(describe(document, group));
            invalid = rest;
        }
    }
}

fn describe(document: &Reading<'_>, group: &[InvalidBytes]) -> Finding {
    let span = Span::new(group[0].span.start(), group[group.len() - 1].span.end());
    let mut bytes = Vec::new();
    let mut at = span.start();
    for invalid in group {
        bytes.extend_from_slice(&document.text().as_bytes()[at..invalid.span.start()]);
        bytes.extend_from_slice(&invalid.bytes);
        at = invalid.span.end();
    }
    let mut shown: Vec<_> = bytes.iter().take(8).map(|b| format!("{b:02X}")).collect();
    if bytes.len() > 8 {
        shown.push("…".into());
    }
    let (noun, is) = match bytes.len() {
        1 => ("byte", "is"),
        _ => ("bytes", "are"),
    };
    let (shown, encoding) = (shown.join(" "), document.encoding().name());
    let message = told!(
        "{noun} {shown} that {is} no text in {encoding}";
        "字节 {shown} 在 {encoding} 中不成文字"
    );
    let finding = Finding::new(&CARD, span, message);
    if document.encoding() != Encoding::Gb18030
        && let Some(text) = as_gb18030(&bytes)
    {
        return finding
            .help(told!(
                "in GB18030 they read “{text}”: the file mixes two encodings";
                "按 GB18030 读作“{text}”：文件混用了两种编码"
            ))
            .fix(Fix::replace(Safety::Unsafe, span, text));
    }
    finding.help(told!(
        "look at the source; what stood here is lost in this file";
        "请查看来源：此处原文在本文件中已丢失"
    ))
}

/// The bytes as GB18030, where they are nothing but Chinese in it, two characters at least.
fn as_gb18030(bytes: &[u8]) -> Option<String> {
    let (text, _, failed) = GB18030.decode(bytes);
    let chinese = text.chars().all(|c| {
        is_han(c)
            || matches!(
                c,
                '，' | '。' | '、' | '“' | '”' | '：' | '；' | '《' | '》'
            )
    });
    (!failed && chinese && text.chars().count() > 1).then(|| text.into_owned())
}
