//! `invisible-character`: what cannot be seen and breaks searching, counting and joining of words.

use crate::finding::{Confidence, Finding, Findings, Fix, Safety, Severity};
use crate::reading::Reading;
use crate::rule::{Card, Group, Rule};
use crate::text::{CharClass, Span, is_han};

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
    settings: &[],
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
        1 => String::new(),
        n => format!(", {n} times"),
    };
    let message = format!(
        "invisible U+{:04X} ({}){times}",
        u32::from(c),
        name(c).unwrap_or_default()
    );
    Finding::new(&CARD, span, message)
        .defect(c)
        .help("delete it")
        .fix(Fix::replace(Safety::Safe, span, ""))
}

/// What an invisible character is called.
fn name(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{ad}' => "soft hyphen",
        '\u{34f}' => "grapheme joiner",
        '\u{61c}' | '\u{200e}' | '\u{200f}' => "direction mark",
        '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' => "filler",
        '\u{180e}' => "vowel separator",
        '\u{200b}' => "zero-width space",
        '\u{200c}' => "zero-width non-joiner",
        '\u{200d}' => "zero-width joiner",
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => "direction control",
        '\u{2060}' => "word joiner",
        '\u{2061}'..='\u{2064}' => "invisible operator",
        '\u{206a}'..='\u{206f}' => "deprecated format control",
        '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => "variation selector",
        '\u{feff}' => "byte-order mark inside the text",
        '\u{fff9}'..='\u{fffb}' => "annotation mark",
        '\u{e0000}'..='\u{e007f}' => "tag character",
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
