//! `mojibake`: text decoded with the wrong charset.

mod gbk;
mod latin;

use memchr::memmem;

use crate::finding::{Confidence, Finding, Findings, Fix, Safety, Severity};
use crate::reading::Reading;
use crate::rule::{Card, Group, Rule};
use crate::text::{Span, is_closing, is_opening};

static CARD: Card = Card {
    name: "mojibake",
    group: Group::Encoding,
    severity: Severity::Error,
    confidence: Confidence::High,
    default: true,
    summary: "text decoded with the wrong charset: å…³äºŽ, 涓枃, ÖÐ¹ú, 锟斤拷, 烫烫烫",
    docs: "The rule undoes the wrong decoding and looks whether Chinese comes out. UTF-8 read as Latin-1 or Windows-1252 (å…³äºŽ), GBK read so (ÖÐÎÄ), and \
UTF-8 read as GBK (鏄庡ぉ) turn back into the text that stood there; the help shows it and the fix puts it, where nothing of it is lost. A stretch counts \
where what comes out are characters in daily use; letters with accents and rare characters alone prove nothing.\n\n锟斤拷 is what remains of replacement \
characters that were read as GBK, 烫烫烫 and 屯屯屯 of memory that was never written: the text is lost.",
    bad: &[
        "他写的是å…³äºŽ，不是别的。",
        "打开一看，鏄庡ぉ浼氳，全是乱的。",
        "ÖÐ¹úÈËÃñ",
        "下面是锟斤拷锟斤拷的内容",
        "输出了烫烫烫烫烫",
    ],
    good: &[
        "他在Café Müller跳过舞，也去过São Paulo。",
        "涓涓细流，汇成江河。",
        "锅里的水烫烫的，烫得很。",
        "Crème brûlée是法国甜点。",
    ],
    fix: Some(Safety::Safe),
    yields_to: &[],
    settings: &[],
};

/// A stretch whose true text is known, at least in part.
struct Decoded {
    span: Span,
    /// What stood there; □ for what is lost.
    text: String,
    /// Whether nothing is lost.
    whole: bool,
    /// What the bytes are, and what they were read as.
    charsets: (&'static str, &'static str),
}

pub(super) struct Mojibake;

impl Rule for Mojibake {
    fn cards(&self) -> &[&'static Card] {
        const { &[&CARD] }
    }

    fn check(&self, document: &Reading<'_>, findings: &mut Findings) {
        let mut add = |decoded: Decoded| findings.push(describe(document, &decoded));
        latin::search(document.text(), &mut add);
        gbk::search(document.text(), &mut add);
        lost(document.text(), findings);
    }
}

fn describe(document: &Reading<'_>, decoded: &Decoded) -> Finding {
    let (is, read_as) = decoded.charsets;
    let garbled: String = document.slice(decoded.span).chars().take(12).collect();
    let message = format!("“{garbled}” is {is} read as {read_as}");
    let finding = Finding::new(&CARD, decoded.span, message);
    if decoded.whole {
        // A single character that comes out right may still be chance.
        let safety = match decoded.text.chars().nth(1) {
            Some(_) => Safety::Safe,
            None => Safety::Unsafe,
        };
        finding
            .defect(format!("{is} {read_as} {safety:?}"))
            .help(format!("it reads {}", decoded.text))
            .fix(Fix::replace(safety, decoded.span, decoded.text.as_str()))
    } else {
        finding.defect(format!("{is} {read_as}")).help(format!(
            "it reads {}; what is lost (□) only the source can tell",
            decoded.text
        ))
    }
}

/// What is left where everything is lost.
fn lost(text: &str, findings: &mut Findings) {
    let mut run = |seed: &str, members: &[char], least: usize, message: &str| {
        let mut done = 0;
        for at in memmem::find_iter(text.as_bytes(), seed.as_bytes()) {
            if at < done {
                continue;
            }
            let before = text[done..at].trim_end_matches(members).len() + done;
            let rest = &text[before..];
            let end = before + rest.len() - rest.trim_start_matches(members).len();
            done = end;
            // “锟斤拷”, once and alone between marks, is spoken about.
            let quoted = end - before <= 9
                && text[..before].chars().next_back().is_some_and(is_opening)
                && text[end..].chars().next().is_some_and(is_closing);
            if quoted {
                continue;
            }
            // Three bytes a character.
            if end - before >= least * 3 {
                findings.push(
                    Finding::new(&CARD, Span::new(before, end), message)
                        .defect(seed)
                        .help("the text is lost here: take it from the source"),
                );
            }
        }
    };
    run(
        "锟",
        &['锟', '斤', '拷', '\u{fffd}'],
        2,
        "锟斤拷: replacement characters of a failed decoding, read as GBK",
    );
    run(
        "烫烫烫",
        &['烫'],
        3,
        "烫烫烫: memory that was never written, read as GBK",
    );
    run(
        "屯屯屯",
        &['屯'],
        3,
        "屯屯屯: memory that was never written, read as GBK",
    );
}
