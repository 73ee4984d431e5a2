//! `mojibake`: text decoded with the wrong charset.

mod crossed;
mod gbk;
mod latin;

use encoding_rs::Encoding;
use memchr::memmem;

use crate::finding::{Confidence, Finding, Findings, Fix, Safety, Severity};
use crate::language::Message;
use crate::reading::Reading;
use crate::rule::{Card, Chinese, Group, Rule};
use crate::text::{Span, is_closing, is_opening};
use crate::told;

static CARD: Card = Card {
    name: "mojibake",
    group: Group::Encoding,
    severity: Severity::Error,
    confidence: Confidence::High,
    default: true,
    summary: "text decoded with the wrong charset: å…³äºŽ, 涓枃, ÖÐ¹ú, 锟斤拷, 烫烫烫",
    docs: "The rule undoes the wrong decoding and looks whether Chinese comes out. UTF-8 read as Latin-1 or Windows-1252 (å…³äºŽ), GBK read so (ÖÐÎÄ), and \
UTF-8 read as GBK (鏄庡ぉ) turn back into the text that stood there, and so does GBK read as Big5 (腔岆婓) and Big5 read as GBK (琌ぃ穦); the help shows it and the fix puts it, where nothing of it is lost. A stretch counts \
where what comes out are characters in daily use; letters with accents and rare characters alone prove nothing.\n\n锟斤拷 is what remains of replacement \
characters that were read as GBK, 烫烫烫 and 屯屯屯 of memory that was never written: the text is lost.",
    chinese: Chinese {
        name: "乱码",
        summary: "用错编码解出的文字：å…³äºŽ、涓枃、ÖÐ¹ú、锟斤拷、烫烫烫",
        docs: "规则把错误的解码还原，看能否得到中文。误作 Latin-1 或 Windows-1252 的 UTF-8（å…³äºŽ）\
和 GBK（ÖÐÎÄ）、误作 GBK 的 UTF-8（鏄庡ぉ）都能还原，GBK 误作 Big5（腔岆婓）、Big5 误作 GBK（琌ぃ穦）的也能；帮助中显示原文，没有丢失时修复换成原文。还原出的须是日常用字，\
光有带符号的字母和生僻字不足为凭。\n\n锟斤拷是替代字符误作 GBK 的结果，烫烫烫、屯屯屯是未写入的内存：原文已经丢失。\
",
    },
    bad: &[
        "他写的是å…³äºŽ，不是别的。",
        "打开一看，鏄庡ぉ浼氳，全是乱的。",
        "信里只有一行：扂蠅岆婓涴爵蚚奻珨棒腔域楊。",
        "ÖÐ¹úÈËÃñ",
        "下面是锟斤拷锟斤拷的内容",
        "输出了烫烫烫烫烫",
    ],
    good: &[
        "他在Café Müller跳过舞，也去过São Paulo。",
        "涓涓细流，汇成江河。",
        "锅里的水烫烫的，烫得很。",
        "不再怕 `锟斤拷` 和 `烫烫烫`。",
        "Crème brûlée是法国甜点。",
    ],
    fix: Some(Safety::Safe),
    yields_to: &[],
    levels: &[],
};

/// A stretch whose true text is known, at least in part.
struct Decoded {
    span: Span,
    /// What stood there; □ for what is lost.
    text: String,
    /// Whether nothing is lost.
    whole: bool,
    /// Whether no reader could take what stands there for text.
    sure: bool,
    /// What the bytes are, and what they were read as.
    charsets: (&'static str, &'static str),
}

/// The bytes of a character in a charset, where they are two.
fn two_bytes(charset: &'static Encoding, c: char) -> Option<[u8; 2]> {
    let (mut character, mut bytes) = ([0; 4], [0; 4]);
    let text = c.encode_utf8(&mut character);
    let (_, _, length) = charset
        .new_encoder()
        .encode_from_utf8_without_replacement(text, &mut bytes, true);
    bytes[..length].try_into().ok()
}

pub(super) struct Mojibake;

impl Rule for Mojibake {
    fn cards(&self) -> &[&'static Card] {
        const { &[&CARD] }
    }

    fn check(&self, document: &Reading<'_>, findings: &mut Findings) {
        let mut add = |decoded: Decoded| findings.push(describe(document, &decoded));
        latin::search(document.text(), &mut add);
        gbk::search(document.text(), document.census(), &mut add);
        crossed::search(document.text(), document.census(), &mut add);
        if ['锟', '烫', '屯'].iter().any(|c| document.census().has(*c)) {
            lost(document.text(), findings);
        }
    }
}

fn describe(document: &Reading<'_>, decoded: &Decoded) -> Finding {
    let (is, read_as) = decoded.charsets;
    let garbled: String = document.slice(decoded.span).chars().take(12).collect();
    let message = told!(
        "“{garbled}” is {is} read as {read_as}";
        "“{garbled}”是误作 {read_as} 的 {is} 文字"
    );
    let finding = Finding::new(&CARD, decoded.span, message);
    if decoded.whole {
        // A single character that comes out right may still be chance.
        let safety = match decoded.text.chars().nth(1) {
            Some(_) if decoded.sure => Safety::Safe,
            _ => Safety::Unsafe,
        };
        finding
            .defect(format!("{is} {read_as} {safety:?}"))
            .help(told!("it reads {}", decoded.text; "原文是：{}", decoded.text))
            .fix(Fix::replace(safety, decoded.span, decoded.text.as_str()))
    } else {
        finding.defect(format!("{is} {read_as}")).help(told!(
            "it reads {}; what is lost (□) only the source can tell", decoded.text;
            "原文是：{}；丢失的字（□）只有来源知道", decoded.text
        ))
    }
}

/// What is left where everything is lost.
fn lost(text: &str, findings: &mut Findings) {
    let mut run = |seed: &str, members: &[char], least: usize, message: &Message| {
        let mut done = 0;
        for at in memmem::find_iter(text.as_bytes(), seed.as_bytes()) {
            if at < done {
                continue;
            }
            let before = text[done..at].trim_end_matches(members).len() + done;
            let rest = &text[before..];
            let end = before + rest.len() - rest.trim_start_matches(members).len();
            done = end;
            // “锟斤拷”, once and alone between marks or as code, is spoken about.
            let code = |c: char| c == '`';
            let sides = (
                text[..before].chars().next_back(),
                text[end..].chars().next(),
            );
            let quoted = end - before <= 9
                && sides.0.is_some_and(|c| is_opening(c) || code(c))
                && sides.1.is_some_and(|c| is_closing(c) || code(c));
            if quoted {
                continue;
            }
            // Three bytes a character.
            if end - before >= least * 3 {
                findings.push(
                    Finding::new(&CARD, Span::new(before, end), message.clone())
                        .defect(seed)
                        .help(told!(
                            "the text is lost here: take it from the source";
                            "此处原文已丢失：请从来源补上"
                        )),
                );
            }
        }
    };
    run(
        "锟",
        &['锟', '斤', '拷', '\u{fffd}'],
        2,
        &told!(
            "锟斤拷: replacement characters of a failed decoding, read as GBK";
            "锟斤拷：解码失败的替代字符误作 GBK"
        ),
    );
    run(
        "烫烫烫",
        &['烫'],
        3,
        &told!(
            "烫烫烫: memory that was never written, read as GBK";
            "烫烫烫：未写入的内存误作 GBK"
        ),
    );
    run(
        "屯屯屯",
        &['屯'],
        3,
        &told!(
            "屯屯屯: memory that was never written, read as GBK";
            "屯屯屯：未写入的内存误作 GBK"
        ),
    );
}
