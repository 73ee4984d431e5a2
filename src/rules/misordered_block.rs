//! `misordered-block`: the rest of a cut sentence stands elsewhere in the document.

use super::loose::{Place, Reasons, across_page, beginning, end_span, ending, grade};
use crate::finding::{Confidence, Edit, Finding, Findings, Fix, Safety, Severity};
use crate::levels::{Levels, Writing};
use crate::reading::Reading;
use crate::rule::{Card, Chinese, Group, Rule, Scales};
use crate::text::Span;
use crate::told;

static CARD: Card = Card {
    name: "misordered-block",
    group: Group::Structure,
    severity: Severity::Error,
    confidence: Confidence::High,
    default: true,
    summary: "the rest of a cut sentence stands elsewhere in the document",
    docs: "Where columns were read in the wrong order, a sentence stops at the end of one paragraph and goes on somewhere else. All loose ends of the \
document are matched with all loose beginnings at once, so that the sum of likelihoods is greatest; a pair that is not one paragraph after the other is \
reported here, with both places. How many paragraphs were moved along with the second half is weighed as well; where the text around them goes on is \
shown. The fix moves them back to the first half.",
    chinese: Chinese {
        name: "错简",
        summary: "断句的后半在文档的别处",
        docs: "栏的次序读错时，句子断在一段的末尾，却在别处接着。规则把全文断开的句尾与句首一并配对，使可能性之和最大；配成的两段并不相邻的，\
在此报告并注明两处。随后半一起移动的有几段也一并权衡，并指出其周围文字在何处接上。修复把它们移回前半之后。",
    },
    bad: &[
        "春分前后，县里的合作社忙着给果农送去新品种的树苗和肥料，技术员走进果园，手把手教大家修剪枝条，果农们都说今年的桃子一定能卖出好价\n\n\
北京的地铁新线十二月开通，沿线居民出行更加方便。列车采用全自动驾驶，高峰时段两分钟一班。\n\n钱。合作社负责人算了一笔账，每亩桃园能增收三千元。",
    ],
    good: &[
        "果农们都说今年的桃子一定能卖出好价钱。\n\n合作社负责人算了一笔账，每亩桃园能增收三千元。",
    ],
    fix: Some(Safety::Unsafe),
    yields_to: &[
        "broken-paragraph",
        "injected-phrase",
        "page-furniture",
        "widget-text",
    ],
    levels: &[
        (
            Writing::Usual,
            Levels {
                info: 0.7,
                warning: 0.75,
                error: 0.95,
            },
        ),
        (
            Writing::Free,
            Levels {
                info: 0.8,
                warning: 0.85,
                error: 0.95,
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
                info: 0.95,
                warning: 0.95,
                error: 0.97,
            },
        ),
    ],
};

/// The rule.
#[derive(Default)]
pub(super) struct MisorderedBlock {
    scales: Scales,
}

impl Rule for MisorderedBlock {
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
            let (Some(end), Some(start)) = (cut.end, cut.start) else {
                continue;
            };
            // across the number of a page it is in order
            let above = || across_page(document, start as usize);
            if start == end + 1 || above() == Some(end as usize) {
                continue;
            }
            let p = cut.probability();
            let Some(severity) = grade(document, &CARD, &self.scales, p) else {
                continue;
            };
            let (left, right) = (&paragraphs[end as usize], &paragraphs[start as usize]);
            let line = document.line(right.span.start());
            let (stops, continues) = (ending(document, left), beginning(document, right));
            let message = told!(
                "the sentence stops at “{stops}” and continues at line {line}: “{continues}…”";
                "句子断在“{stops}”，后文在第{line}行：“{continues}…”"
            );
            // What was moved along with the second half, and where the text that it stands in goes
            // on.
            let torn = document.torn();
            let run = torn
                .get(torn.partition_point(|t| t.first < start))
                .filter(|t| t.matched && t.first == start && t.probability > 0.3)
                // A block that holds its own destination is none.
                .filter(|t| !(start..=t.last).contains(&end));
            let last = &paragraphs[run.map_or(start, |t| t.last) as usize];
            let resumed = run.and_then(|t| t.resumes(document));
            let moved = Span::new(right.content.start(), last.span.end());
            let mut edits = vec![
                Edit {
                    span: Span::new(left.span.end(), left.span.end()),
                    replacement: document.slice(moved).to_owned(),
                },
                Edit {
                    span: gap_with(document, Span::new(right.span.start(), last.span.end())),
                    replacement: String::new(),
                },
            ];
            edits.sort_by_key(|e| e.span);
            let help = match document.line(last.span.start()) {
                to if to == line => told!(
                    "move the paragraph of line {line} here and join the halves";
                    "把第{line}行的段落移到此处，接上前后两半"
                ),
                to => told!(
                    "move lines {line} to {to} here and join the halves";
                    "把第{line}至{to}行移到此处，接上前后两半"
                ),
            };
            let here = document.line(left.span.end());
            let mut finding = Finding::new(&CARD, end_span(document, left), message)
                .severity(severity)
                .probability(p)
                .label(
                    Place::Beginning.of(document, right),
                    told!("continues line {here}"; "接第{here}行"),
                )
                .help(help)
                .fix(Fix {
                    safety: Safety::Unsafe,
                    edits,
                })
                .evidence("continues-at-line", line)
                .evidence("likelihood", cut.likelihood())
                .weighed(reasons.of(document, cut));
            if let Some(on) = resumed {
                let on = &paragraphs[on as usize];
                finding = finding
                    .label(
                        Place::Beginning.of(document, on),
                        told!("the text above line {line} goes on here"; "第{line}行之前的文字在此接上"),
                    )
                    .evidence("goes-on-at-line", document.line(on.span.start()));
            }
            findings.push(finding);
        }
    }
}

/// A stretch with the white space after it.
fn gap_with(document: &Reading<'_>, span: Span) -> Span {
    let rest = &document.text()[span.end()..];
    let blank = rest.len() - rest.trim_start().len();
    Span::new(span.start(), span.end() + blank)
}
