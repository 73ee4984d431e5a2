//! `broken-paragraph`: a paragraph cut inside a sentence or word by the end of a column or page.

use super::headings;
use super::loose::{Place, Reasons, across_page, beginning, end_span, ending, grade};
use crate::finding::{Confidence, Finding, Findings, Fix, Safety, Severity};
use crate::levels::{Levels, Writing};
use crate::reading::manner::Manner;
use crate::reading::{Cut, Reading};
use crate::rule::{Card, Chinese, Group, Rule, Scales};
use crate::text::Span;
use crate::told;

static CARD: Card = Card {
    name: "broken-paragraph",
    group: Group::Structure,
    severity: Severity::Error,
    confidence: Confidence::High,
    default: true,
    summary: "a paragraph cut inside a sentence or word; the next paragraph continues it",
    docs: "Columns and pages end where they end, and what is recognised column by column is cut there. The rule looks at every paragraph that does not \
end with the end of a sentence and asks whether the next one continues it: by the marks left open, by a word that the cut divides (上|海), by how \
likely the one's first characters are after the other's last, by how the next paragraph would look as a beginning. The answer is a fitted \
probability. Headlines, bylines, list items, captions and speeches that are announced by a colon are not cut.",
    chinese: Chinese {
        name: "断段",
        summary: "段落断在句子或词语中间，下一段接着它",
        docs: "栏和页到哪里断，逐栏识别的文字就断在哪里。凡不以句末结束的段落，都看下一段能否接上：未闭合的标点、被切开的词（上|海）\
、前后字相接的可能、下一段像不像段首。所得为拟合的概率。标题、署名、列表项、图注以及冒号引出的话不算断。",
    },
    bad: &[
        "村里修通了水泥路，游客一年比一年多，乡亲们在家门口开起了农家\n\n乐，日子越过越红火。今年夏天，全村接待游客三万人次。",
    ],
    good: &[
        "守住绿水青山\n\n村里修通了水泥路，游客一年比一年多。",
        "他在会上说：\n\n“我们要把路修好。”",
    ],
    fix: Some(Safety::Unsafe),
    yields_to: &["injected-phrase", "page-furniture", "widget-text"],
    levels: &[
        (
            Writing::Usual,
            Levels {
                info: 0.5,
                warning: 0.8,
                error: 0.86,
            },
        ),
        (
            Writing::Free,
            Levels {
                info: 0.5,
                warning: 0.8,
                error: 0.93,
            },
        ),
        (
            Writing::Unended,
            Levels {
                info: 0.95,
                warning: 0.95,
                error: 0.97,
            },
        ),
        (
            Writing::Unmarked,
            Levels {
                info: 0.5,
                warning: 0.8,
                error: 0.93,
            },
        ),
    ],
};

/// A paragraph shorter than this, in bytes, may be a headline.
const SHORT: usize = 48;

/// What the trees say, and how often it is so. Their curve was made for all ends that may be cut;
/// of those that the paragraph below goes on from, more are. Counted on generated pages of news,
/// 240 findings.
const OBSERVED: [(f32, f32); 7] = [
    (0.0, 0.0),
    (0.15, 0.5),
    (0.22, 0.8),
    (0.7, 0.86),
    (0.8, 0.95),
    (0.9, 0.98),
    (1.0, 1.0),
];

/// The probability that a report is cut where the trees say so. Of other writing what they say
/// holds as it is.
fn probability(document: &Reading<'_>, said: f32) -> f32 {
    if document.manner() != Manner::Report {
        return said;
    }
    let between = |knots: &[(f32, f32)]| match *knots {
        [(x, y), (next_x, next_y)] if (x..next_x).contains(&said) => {
            Some(y + (next_y - y) * (said - x) / (next_x - x))
        }
        _ => None,
    };
    OBSERVED.windows(2).find_map(between).unwrap_or(said)
}

/// The paragraph that is cut, and the one that goes on from it: the next one, or the one behind the
/// bare number of a page. Other marks of pages are told by themselves.
fn ends(document: &Reading<'_>, cut: &Cut) -> Option<(u32, u32)> {
    let start = cut.start?;
    let Some(end) = across_page(document, start as usize) else {
        let end = cut.end.filter(|end| end + 1 == start)?;
        return Some((end, start));
    };
    let end = end as u32;
    let [above, below] = [end, start].map(|i| document.paragraphs()[i as usize].content);
    let between = &document.text()[above.end()..below.start()];
    let bare = between
        .chars()
        .all(|c| c.is_ascii_digit() || c.is_whitespace());
    (bare && cut.end.is_none_or(|cut| cut == end)).then_some((end, start))
}

/// The rule.
#[derive(Default)]
pub(super) struct BrokenParagraph {
    scales: Scales,
}

impl Rule for BrokenParagraph {
    fn cards(&self) -> &[&'static Card] {
        const { &[&CARD] }
    }

    fn scales(&mut self) -> Option<&mut Scales> {
        Some(&mut self.scales)
    }

    fn weighs(&self) -> bool {
        true
    }

    fn check(&self, document: &Reading<'_>, findings: &mut Findings) {
        let paragraphs = document.paragraphs();
        let mut reasons = Reasons::default();
        for cut in document.cuts() {
            let Some((end, start)) = ends(document, cut) else {
                continue;
            };
            let (left, right) = (&paragraphs[end as usize], &paragraphs[start as usize]);
            let said = cut.probability();
            // A few words without an end are a headline unless much speaks against it.
            if left.content.len() < SHORT && said < 0.6
                || headings::is_numbered(document, end as usize)
            {
                continue;
            }
            let p = probability(document, said);
            let Some(severity) = grade(document, &CARD, &self.scales, p) else {
                continue;
            };
            let gap = Span::new(left.span.end(), right.content.start());
            let line = document.line(right.span.start());
            let (stops, continues) = (ending(document, left), beginning(document, right));
            let (goes_on, goes_on_zh) = match cut.likelihood() < 0.5 {
                true => ("seems to go on", "似乎接"),
                false => ("goes on", "接"),
            };
            let message = told!(
                "the paragraph is cut inside a sentence: “{stops}” {goes_on} at line {line} with “{continues}”";
                "此段断在句中：“{stops}”{goes_on_zh}第{line}行的“{continues}”"
            );
            findings.push(
                Finding::new(&CARD, end_span(document, left), message)
                    .severity(severity)
                    .probability(p)
                    .label(
                        Place::Beginning.of(document, right),
                        told!("goes on here"; "在此接上"),
                    )
                    .help(told!("join the two paragraphs"; "把两段接上"))
                    .fix(Fix::replace(Safety::Unsafe, gap, ""))
                    .evidence("continues-at-line", line)
                    .evidence("likelihood", cut.likelihood())
                    .weighed(reasons.of(document, cut)),
            );
        }
    }
}
