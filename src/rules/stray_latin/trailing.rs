//! Letters and signs behind the last word of a line: what a recogniser of subtitles makes of a
//! mark, of a part of the picture.

use super::CARD;
use crate::finding::{Finding, Findings, Fix, Safety, Severity};
use crate::reading::Reading;
use crate::text::{CharClass, Span, bare_lines, is_han};
use crate::told;

/// Chinese characters that stand before it at least.
const HAN: usize = 3;
/// Characters that it has at most.
const LONGEST: usize = 3;
/// Lines of a document that end so at least …
const SEVERAL: usize = 3;
/// … and so many of them oddly: letters alone name things as well (方案 B).
const ODD: usize = 2;

/// Tells what stands behind the lines of a document, if several of them end so.
pub(super) fn glyphs(document: &Reading<'_>, findings: &mut Findings) {
    if document.is_markdown() || !document.tokens().has(CharClass::Space) {
        return;
    }
    let (mut places, mut odd) = (Vec::new(), 0);
    let text = document.text();
    for line in bare_lines(text) {
        let Some((length, is_odd)) = tail(&text[line.clone()]) else {
            continue;
        };
        let span = Span::new(line.end - length, line.end);
        if !document.mask().touches(span) {
            places.push(span);
            odd += usize::from(is_odd);
        }
    }
    if places.len() < SEVERAL || odd < ODD {
        return;
    }
    findings.extend(places.into_iter().map(|place| {
        let glyphs = document.slice(place).trim_start();
        Finding::new(
            &CARD,
            place,
            told!("“{glyphs}” behind the last word of a line"; "行末文字之后的“{glyphs}”"),
        )
        .severity(Severity::Warning)
        .help(told!(
            "look at the picture: a mark stood here, or nothing";
            "请查看原图：此处原是标点，或没有文字"
        ))
        .fix(Fix::replace(Safety::Unsafe, place, ""))
        .defect("trailing")
    }));
}

/// The length of what stands behind the last word of a line, with the blank before it, in bytes;
/// and whether it is odd whatever the line says.
fn tail(line: &str) -> Option<(usize, bool)> {
    let (words, tail) = line.rsplit_once(' ')?;
    // the choice of an answer, a grade
    let choice = tail.strip_suffix(['.', ')', ':', '+', '-']);
    let is_choice = choice.is_some_and(|c| matches!(c.as_bytes(), [b'A'..=b'H']));
    // #1
    let is_number = tail
        .strip_prefix('#')
        .is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()));
    if tail.len() > LONGEST * 4 || is_choice || is_number {
        return None;
    }
    let count = |is: fn(char) -> bool| tail.chars().filter(|c| is(*c)).count();
    let characters = count(|_| true);
    let letters = count(|c| c.is_ascii_alphabetic());
    let is_odd = match count(|c| c.is_ascii_alphanumeric()) {
        0 => count(is_sign) > 0,
        1 => characters > 1 && !tail.starts_with(|c: char| c.is_ascii_digit()),
        _ => false,
    };
    let told = is_odd || letters == 1 && characters == 1;
    let plain = tail.chars().all(|c| c.is_ascii() || is_sign(c));
    if characters > LONGEST || !told || !plain || !words.ends_with(is_han) {
        return None;
    }
    let spoken = words.chars().filter(|c| is_han(*c)).count() >= HAN;
    let foreign = words.chars().any(|c| c.is_ascii_alphanumeric());
    (spoken && !foreign).then_some((line.len() - words.len(), is_odd))
}

/// Signs that no writer sets behind a line of speech, and halves of brackets.
fn is_sign(c: char) -> bool {
    matches!(
        c,
        '\u{2200}'..='\u{22ff}' | '「' | '『' | '〔' | '®' | '©' | '¤' | '§' | '¬' | '¦'
    )
}

#[cfg(test)]
mod tests {
    use super::tail;

    #[test]
    fn what_is_no_word_stands_behind_the_line() {
        let of = |line| tail(line).map(|(length, odd)| (&line[line.len() - length..], odd));
        assert_eq!(of("你到底听谁说的 ∴"), Some((" ∴", true)));
        assert_eq!(of("怎么会在这里 J!"), Some((" J!", true)));
        assert_eq!(of("救命啊 i「"), Some((" i「", true)));
        assert_eq!(of("我们今天就走 ;.S"), Some((" ;.S", true)));
        assert_eq!(of("谁把窗户打开了 ;.7"), Some((" ;.7", true)));
        assert_eq!(of("我们选方案 B"), Some((" B", false)));
        for right in [
            "好的好的 OK",
            "现在是第 3",
            "涨了 3%",
            "下列说法正确的是 A.",
            "这次考试得了 B+",
            "真的吗 ?",
            "你看 X 光 B",
            "打开最近的图像 #1",
            "他说 ……",
        ] {
            assert_eq!(of(right), None, "{right}");
        }
    }
}
