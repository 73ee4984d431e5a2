//! `broken-paragraph`: a paragraph cut inside a sentence or word by the end of a column or page.

use super::loose::{Levels, NEVER, Place, beginning, end_span, ending};
use crate::finding::{Confidence, Finding, Findings, Fix, Safety, Severity};
use crate::reading::Reading;
use crate::rule::{Card, Group, Rule};
use crate::text::Span;

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
    bad: &[
        "村里修通了水泥路，游客一年比一年多，乡亲们在家门口开起了农家\n\n乐，日子越过越红火。今年夏天，全村接待游客三万人次。",
    ],
    good: &[
        "守住绿水青山\n\n村里修通了水泥路，游客一年比一年多。",
        "他在会上说：\n\n“我们要把路修好。”",
    ],
    fix: Some(Safety::Unsafe),
    yields_to: &["injected-phrase", "page-furniture", "widget-text"],
    settings: &[],
};

/// A paragraph shorter than this, in bytes, may be a headline.
const SHORT: usize = 48;
/// See [`Levels`].
const LEVELS: Levels = Levels {
    report: [0.15, 0.22, 0.85],
    other: [0.5, 0.8, 0.93],
    unended: [NEVER, 0.95, 0.97],
};

/// The rule.
pub(super) struct BrokenParagraph;

impl Rule for BrokenParagraph {
    fn cards(&self) -> &[&'static Card] {
        const { &[&CARD] }
    }

    fn weighs(&self) -> bool {
        true
    }

    fn check(&self, document: &Reading<'_>, findings: &mut Findings) {
        let paragraphs = document.paragraphs();
        for cut in document.cuts() {
            let (Some(end), Some(start)) = (cut.end, cut.start) else {
                continue;
            };
            if start != end + 1 {
                continue;
            }
            let (left, right) = (&paragraphs[end as usize], &paragraphs[start as usize]);
            let p = cut.probability();
            // A few words without an end are a headline unless much speaks against it.
            if left.content.len() < SHORT && cut.certainty() < 0.6 {
                continue;
            }
            let Some(severity) = LEVELS.grade(document, cut.certainty()) else {
                continue;
            };
            let gap = Span::new(left.span.end(), right.content.start());
            let line = document.line(right.span.start());
            let message = format!(
                "the paragraph is cut inside a sentence: “{}” {} at line {line} with “{}”",
                ending(document, left),
                if p < 0.5 { "seems to go on" } else { "goes on" },
                beginning(document, right)
            );
            findings.push(
                Finding::new(&CARD, end_span(document, left), message)
                    .severity(severity)
                    .probability(cut.certainty())
                    .label(Place::Beginning.of(document, right), "goes on here")
                    .help("join the two paragraphs")
                    .fix(Fix::replace(Safety::Unsafe, gap, ""))
                    .evidence("continues-at-line", line)
                    .evidence("likelihood", p),
            );
        }
    }
}
