//! `truncated-end`: the rest of a sentence is nowhere in the document.

use super::headings;
use super::loose::{Reasons, across_page, end_span, ending, grade};
use crate::finding::{Confidence, Finding, Findings, Severity};
use crate::levels::{Levels, Writing};
use crate::reading::Reading;
use crate::rule::{Card, Chinese, Group, Rule, Scales};
use crate::told;

static CARD: Card = Card {
    name: "truncated-end",
    group: Group::Structure,
    severity: Severity::Error,
    confidence: Confidence::High,
    default: true,
    summary: "a paragraph ends inside a sentence whose rest is nowhere",
    docs: "A paragraph of running text that stops without the end of a sentence, while no paragraph of the document goes on from there. Headlines, \
bylines, captions, list items, and lines that announce something by a colon or a dash are left alone.",
    chinese: Chinese {
        name: "段尾残缺",
        summary: "断在句中而后文无处可寻的段落",
        docs: "正文段落没有句末就停了，文中也没有段落能接上。标题、署名、图注、列表项，以及用冒号或破折号引出下文的行不管。",
    },
    bad: &["果园里的新学问

县里的果园今年丰收，果农们都说要把好品种种下去。合作社负责人算了一笔账，每亩桃园能增收三千元，这一年多出来的钱可以

地铁新线开通在即

北京的地铁新线将在十二月开通，沿线居民的出行会更加方便。"],
    good: &["果园丰收的日子\n\n县里的果园今年丰收。"],
    fix: None,
    yields_to: &[
        "broken-paragraph",
        "misordered-block",
        "duplicate-paragraph",
        "duplicate-line",
        "injected-phrase",
        "page-furniture",
        "widget-text",
    ],
    levels: &[
        (
            Writing::Usual,
            Levels {
                info: 0.35,
                warning: 0.38,
                error: 0.9,
            },
        ),
        (
            Writing::Free,
            Levels {
                info: 0.8,
                warning: 0.93,
                error: 0.97,
            },
        ),
        (Writing::Unended, Levels::SILENT),
        (Writing::Unmarked, Levels::SILENT),
    ],
};

/// The trees are fitted on pages of so many articles; of what they find doubtful in a document of
/// fewer, one in three was cut.
const PAGE: usize = 3;
/// So many lines may stand between two pages.
const PAGES: usize = 2;
/// From this probability on an end is told of there.
const ALONE: f32 = 0.6;

/// The rule.
#[derive(Default)]
pub(super) struct TruncatedEnd {
    scales: Scales,
}

impl Rule for TruncatedEnd {
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
        let mut reasons = Reasons::default();
        let page = document.articles().len() >= PAGE;
        for cut in document.cuts() {
            let (Some(end), None) = (cut.end, cut.start) else {
                continue;
            };
            let p = cut.probability();
            let next = (end as usize + 1..document.paragraphs().len()).take(PAGES + 1);
            let mut next = next.filter_map(|start| across_page(document, start));
            if next.any(|above| above == end as usize) {
                continue;
            }
            if !page && p < ALONE || headings::is_numbered(document, end as usize) {
                continue;
            }
            let Some(severity) = grade(document, &CARD, &self.scales, p) else {
                continue;
            };
            let paragraph = &document.paragraphs()[end as usize];
            let end = ending(document, paragraph);
            let message = told!(
                "the paragraph stops inside a sentence: nothing in the document goes on from “{end}”";
                "此段断在句中：文中没有能接在“{end}”之后的段落"
            );
            findings.push(
                Finding::new(&CARD, end_span(document, paragraph), message)
                    .severity(severity)
                    .probability(p)
                    .weighed(reasons.of(document, cut)),
            );
        }
    }
}
