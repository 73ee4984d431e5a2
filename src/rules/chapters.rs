//! Chapters of a novel that do not follow one another: 第八十一章, then 第八十三章.
//! `broken-enumeration` reports it.

use crate::finding::{Finding, Findings, Severity};
use crate::reading::Reading;
use crate::rule::Card;
use crate::text::Span;
use crate::text::numerals::to_ten;
use crate::told;

/// Characters of a line that is a heading.
const HEADING: usize = 40;
/// Characters that a scraper may set before the number: `> 正文卷`.
const BEFORE: usize = 8;
/// A jump over more chapters is another part of the book, or another book.
const MISSING: u32 = 3;

/// In a book of which chapters were lost fewer than one in so many are missing.
const EXCERPTS: usize = 8;

/// A heading with the number of its chapter.
struct Chapter {
    number: u32,
    /// 第八十一章.
    mark: Span,
}

/// Tells where chapters are missing. Where many do not follow the one before, they are excerpts.
pub(super) fn missing(document: &Reading<'_>, card: &'static Card, findings: &mut Findings) {
    let chapters: Vec<Chapter> = document
        .paragraphs()
        .iter()
        .filter_map(|paragraph| chapter(document, paragraph.content))
        .collect();
    let gaps: Vec<&[Chapter]> = chapters
        .windows(2)
        .filter(|pair| (2..=1 + MISSING).contains(&pair[1].number.wrapping_sub(pair[0].number)))
        .collect();
    if gaps.len() > 1 && gaps.len() * EXCERPTS > chapters.len() {
        return;
    }
    for pair in gaps {
        let [before, after] = pair else { continue };
        let (first, last) = (before.number + 1, after.number - 1);
        let message = if first == last {
            told!("chapter {first} is missing before this one"; "此章之前缺第{first}章")
        } else {
            told!("chapters {first} to {last} are missing before this one"; "此章之前缺第{first}至{last}章")
        };
        findings.push(
            Finding::new(card, after.mark, message)
                .severity(Severity::Info)
                .label(before.mark, told!("the chapter before"; "上一章"))
                .help(told!("look at the source: it was not collected, or is numbered wrongly"; "请查看来源：没有采到，或编号有误")),
        );
    }
}

/// The number of the chapter that a line heads.
fn chapter(document: &Reading<'_>, content: Span) -> Option<Chapter> {
    let text = document.slice(content);
    if text.len() > 3 * HEADING {
        return None;
    }
    let at = text.find('第')?;
    let rest = &text[at + '第'.len_utf8()..];
    let end = rest.find(['章', '回'])?;
    let number = number(&rest[..end])?;
    let length = '第'.len_utf8() + end + '章'.len_utf8();
    let after = text[at + length..].chars().next();
    let heads = after.is_none_or(|c| c.is_whitespace() || "：:、.．".contains(c));
    let mark = Span::new(content.start() + at, content.start() + at + length);
    (heads && text[..at].chars().count() <= BEFORE).then_some(Chapter { number, mark })
}

/// The value of a number below ten thousand, in digits or in Chinese: 82, 八十二, 一百零二.
fn number(text: &str) -> Option<u32> {
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse().ok();
    }
    let (mut sum, mut digit) = (0, None);
    for c in text.chars() {
        let unit = match c {
            '十' => 10,
            '百' => 100,
            '千' => 1000,
            '〇' => 0,
            '两' => {
                digit = Some(2);
                continue;
            }
            c => {
                digit = Some(if c == '零' { 0 } else { to_ten(c)? });
                continue;
            }
        };
        sum += digit.take().unwrap_or(1) * unit;
    }
    Some(sum + digit.unwrap_or(0)).filter(|n| *n > 0)
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_of_chapters() {
        let known = [
            ("82", 82),
            ("八十二", 82),
            ("十", 10),
            ("一百零二", 102),
            ("两百一十", 210),
            ("一千三百", 1300),
        ];
        for (text, value) in known {
            assert_eq!(number(text), Some(value), "{text}");
        }
        assert_eq!(number("几十"), None);
        assert_eq!(number(""), None);
    }
}
