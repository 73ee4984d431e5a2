//! `invisible-character`: what cannot be seen and breaks searching, counting and joining of words.

use crate::finding::{Confidence, Finding, Findings, Fix, Safety, Severity};
use crate::language::Message;
use crate::reading::Reading;
use crate::rule::{Card, Chinese, Group, Rule};
use crate::text::{CharClass, Span, is_han};
use crate::told;

static CARD: Card = Card {
    name: "invisible-character",
    group: Group::Encoding,
    severity: Severity::Warning,
    confidence: Confidence::High,
    default: true,
    summary: "a character that cannot be seen: zero-width space, byte-order mark, soft hyphen, direction mark",
    docs: "Web pages and word processors leave characters without any width between others; a search for the word no longer finds it. The fix \
deletes them.\n\nRight are: the joiner inside emoji (👨‍👩‍👧) and in scripts that shape their letters (Arabic, Persian, Indic), variation selectors after emoji, \
symbols and Han characters, direction marks beside Hebrew and Arabic, tag characters in flags, and in Markdown the zero-width space beside * and _, where it \
makes emphasis work next to Chinese.",
    chinese: Chinese {
        name: "隐形字符",
        summary: "看不见的字符：零宽空格、字节序标记、软连字符、方向标记",
        docs: "网页和文字处理软件会留下没有宽度的字符，词语因此检索不到。修复即删除。\n\n正确的有：表情（👨‍👩‍👧）以及阿拉伯、\
波斯、印度诸文字中的连接符，表情、符号和汉字后的异体选择符，希伯来文和阿拉伯文旁的方向标记，旗帜中的标签字符，以及 Markdown 中 * 与 _ 旁的零宽空格。\
",
    },
    bad: &[
        "这一年的收\u{200b}成比去年好。",
        "编\u{feff}辑部",
        "软\u{ad}件",
    ],
    good: &[
        "一家三口👨\u{200d}👩\u{200d}👧去赶集❤\u{fe0f}。",
        "葛\u{e0100}城",
        "می\u{200c}خواهم",
    ],
    fix: Some(Safety::Safe),
    yields_to: &["mojibake"],
    levels: &[],
};

pub(super) struct InvisibleCharacter;

impl Rule for InvisibleCharacter {
    fn cards(&self) -> &[&'static Card] {
        const { &[&CARD] }
    }

    fn check(&self, document: &Reading<'_>, findings: &mut Findings) {
        for token in document.tokens().iter() {
            if !matches!(
                token.class,
                CharClass::Special | CharClass::Other | CharClass::Kana
            ) {
                continue;
            }
            // A run of the same character is one finding.
            let mut open: Option<(char, Span, usize)> = None;
            for (at, c) in document.slice(token.span).char_indices() {
                let start = token.span.start() + at;
                let span = Span::new(start, start + c.len_utf8());
                if name(c).is_none() || is_right(document, c, span) {
                    continue;
                }
                open = match open {
                    Some((last, run, n)) if last == c && run.end() == start => {
                        Some((c, Span::new(run.start(), span.end()), n + 1))
                    }
                    other => {
                        if let Some((c, run, n)) = other {
                            findings.push(describe(c, run, n));
                        }
                        Some((c, span, 1))
                    }
                };
            }
            if let Some((c, run, n)) = open {
                findings.push(describe(c, run, n));
            }
        }
    }
}

fn describe(c: char, span: Span, count: usize) -> Finding {
    let times = match count {
        1 => Message::default(),
        n => told!(", {n} times"; "，连续{n}个"),
    };
    let (name, name_zh) = name(c).unwrap_or_default();
    let message = told!(
        "invisible U+{:04X} ({name})", u32::from(c);
        "隐形字符 U+{:04X}（{name_zh}）", u32::from(c)
    )
    .and(&times);
    Finding::new(&CARD, span, message)
        .defect(c)
        .help(told!("delete it"; "删去"))
        .fix(Fix::replace(Safety::Safe, span, ""))
}

/// What an invisible character is called, in English and in Chinese.
fn name(c: char) -> Option<(&'static str, &'static str)> {
    Some(match c {
        '\u{ad}' => ("soft hyphen", "软连字符"),
        '\u{34f}' => ("grapheme joiner", "字素连接符"),
        '\u{61c}' | '\u{200e}' | '\u{200f}' => ("direction mark", "方向标记"),
        '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' => ("filler", "填充符"),
        '\u{180e}' => ("vowel separator", "元音分隔符"),
        '\u{200b}' => ("zero-width space", "零宽空格"),
        '\u{200c}' => ("zero-width non-joiner", "零宽不连字"),
        '\u{200d}' => ("zero-width joiner", "零宽连字"),
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => ("direction control", "方向控制符"),
        '\u{2060}' => ("word joiner", "词连接符"),
        '\u{2061}'..='\u{2064}' => ("invisible operator", "隐形运算符"),
        '\u{206a}'..='\u{206f}' => ("deprecated format control", "已废弃的格式控制符"),
        '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => ("variation selector", "异体选择符"),
        '\u{feff}' => ("byte-order mark inside the text", "文中的字节序标记"),
        '\u{fff9}'..='\u{fffb}' => ("annotation mark", "注释标记"),
        '\u{e0000}'..='\u{e007f}' => ("tag character", "标签字符"),
        _ => return None,
    })
}

/// Whether the character has work to do where it stands.
fn is_right(document: &Reading<'_>, c: char, span: Span) -> bool {
    let text = document.text();
    let before = text[..span.start()].chars().next_back();
    let after = text[span.end()..].chars().next();
    let either = |wanted: fn(char) -> bool| before.is_some_and(wanted) || after.is_some_and(wanted);
    match c {
        '\u{200d}' => {
            before.is_some_and(|b| is_emoji(b) || is_shaped(b))
                && after.is_some_and(|a| is_emoji(a) || is_shaped(a))
        }
        '\u{200c}' => either(is_shaped),
        '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            either(is_right_to_left)
        }
        '\u{fe00}'..='\u{fe0f}' => before.is_some_and(|b| {
            is_emoji(b)
                || is_han(b)
                || CharClass::of(b) == CharClass::Mark
                || matches!(b, '0'..='9' | '#' | '*')
        }),
        '\u{e0100}'..='\u{e01ef}' => before.is_some_and(is_han),
        // Flags of regions: a black flag and tags.
        '\u{e0000}'..='\u{e007f}' => {
            before.is_some_and(|b| b == '🏴' || matches!(b, '\u{e0020}'..='\u{e007f}'))
        }
        // Formulas.
        '\u{2061}'..='\u{2064}' => document.is_markdown(),
        '\u{200b}' => document.is_markdown() && either(|c| matches!(c, '*' | '_' | '`' | '~')),
        '\u{ad}' => either(|c| c.is_alphabetic() && !is_han(c)) && document.is_markdown(),
        _ => false,
    }
}

fn is_emoji(c: char) -> bool {
    matches!(c, '\u{1f000}'..='\u{1faff}' | '\u{2190}'..='\u{2bff}' | '\u{fe0f}' | '\u{203c}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{a9}' | '\u{ae}'
        | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}' | '\u{e0020}'..='\u{e007f}')
}

/// Scripts whose letters change shape beside each other, so that joiners matter.
fn is_shaped(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{8ff}' | '\u{900}'..='\u{dff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{18af}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}')
}

fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}')
}
