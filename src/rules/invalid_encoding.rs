//! `invalid-encoding`: bytes that are no text in the file's encoding.

use encoding_rs::GB18030;

use crate::finding::{Confidence, Finding, Findings, Fix, Safety, Severity};
use crate::reading::Reading;
use crate::rule::{Card, Group, Rule};
use crate::text::{Encoding, InvalidBytes, Span, is_han};

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
    bad: &[
        "坏了一个字节：\\xFF，其余都好，这一段写得长一些，好让编码一看便知。",
        "前半句是一种编码，\\xBA\\xF3\\xB0\\xEB\\xBE\\xE4是另一种编码，后面又回来了，这一段也写得长一些。",
    ],
    good: &["每个字节都好。", "Ünïcödé也好。"],
    fix: Some(Safety::Unsafe),
    yields_to: &[],
    settings: &[],
};

/// Invalid bytes with at most this many valid bytes between them belong together: a GB18030 stretch read as UTF-8 holds pairs that
/// happen to be valid.
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
    let noun = if bytes.len() == 1 { "byte" } else { "bytes" };
    let message = format!(
        "{noun} {} that {} no text in {}",
        shown.join(" "),
        if bytes.len() == 1 { "is" } else { "are" },
        document.encoding().name()
    );
    let finding = Finding::new(&CARD, span, message);
    if document.encoding() != Encoding::Gb18030
        && let Some(text) = as_gb18030(&bytes)
    {
        return finding
            .help(format!(
                "in GB18030 they read “{text}”: the file mixes two encodings"
            ))
            .fix(Fix::replace(Safety::Unsafe, span, text));
    }
    finding.help("look at the source; what stood here is lost in this file")
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
