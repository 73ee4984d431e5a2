//! A line that was read twice, the second time with other slips: by two detectors of a vertical
//! page, from two frames of a film. `duplicate-line` reports it.

use crate::finding::{Finding, Findings, Severity};
use crate::model::characters::Line;
use crate::model::confusables::{self, Confusables};
use crate::reading::Reading;
use crate::rule::Card;
use crate::text::{Span, bare_lines, is_han, is_numeral};
use crate::told;

/// Bytes of a line that is compared with the next one.
const LINE: std::ops::RangeInclusive<usize> = 15..=240;
/// In lines that were read twice at least so many of ten characters are the same, place by place.
const SAME: usize = 6;

/// Tells every line that is the one before it, read anew.
pub(super) fn lines(document: &Reading<'_>, card: &'static Card, findings: &mut Findings) {
    let model = document.model();
    let table = model.part(confusables::PART).and_then(Confusables::parse);
    let (Some(table), false) = (table, document.is_markdown()) else {
        return;
    };
    let mut before: Option<Span> = None;
    for line in bare_lines(document.text()).filter(|line| !line.is_empty()) {
        let span = Span::from(line);
        let content = document.slice(span);
        let first = before.replace(span).filter(|first| {
            LINE.contains(&content.len())
                && first.len().abs_diff(content.len()) <= 3
                && !document.mask().touches(span)
                && is_read_anew(document, table, document.slice(*first), content)
        });
        if let Some(first) = first {
            let number = document.line(first.start());
            findings.push(
                Finding::new(
                    card,
                    span,
                    told!("line {number} once more, read with other slips"; "与第{number}行是同一行，识别结果不同"),
                )
                .severity(Severity::Warning)
                .label(first, told!("first reading"; "第一次识别"))
                .help(told!("keep the better reading of the two"; "保留两者中较好的一行")),
            );
            // what is a reading of this line once more is one of the first line
            before = None;
        }
    }
}

/// Whether a line says the same as another one but for characters that look alike.
fn is_read_anew(document: &Reading<'_>, table: Confusables<'_>, first: &str, line: &str) -> bool {
    let characters = document.model().characters();
    let alike = |a: char, b: char| {
        let looks = |wrong, right| {
            let pair = table.pair(wrong, characters.id(right));
            pair.is_some_and(|pair| pair.likeness.is_some() || pair.count > 0)
        };
        looks(a, b) || looks(b, a)
    };
    let (mut same, mut other) = (0, 0);
    let mut slips = Vec::new();
    for (at, (a, b)) in first.chars().zip(line.chars()).enumerate() {
        if a == b {
            same += usize::from(is_han(a));
        } else if is_han(a) && is_han(b) && !(is_numeral(a) && is_numeral(b)) && alike(a, b) {
            slips.push(at);
        } else {
            other += 1;
        }
    }
    let anew = slips.len() > other && same * 10 >= (same + slips.len() + other) * SAME;
    match slips[..] {
        [at] => anew && is_slip(document, [first, line], at),
        _ => anew,
    }
}

/// Whether one of two characters at a place is far likelier there than the other: two lines that
/// differ in one character may both be right (左心衰竭, 右心衰竭).
fn is_slip(document: &Reading<'_>, lines: [&str; 2], at: usize) -> bool {
    /// In nats.
    const LIKELIER: f32 = 4.0;
    let reader = document.model().reader();
    let mut line = Line::default();
    let [a, b] = lines.map(|text| {
        reader.characters.read(text, &mut line);
        reader.log_prob(&line.ids, at..line.ids.len().min(at + 3))
    });
    (a - b).abs() >= LIKELIER
}
