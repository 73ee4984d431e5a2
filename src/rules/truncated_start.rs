//! `truncated-start`: the beginning of a sentence is nowhere in the document.

use super::loose::{Place, Reasons, across_page, beginning, grade};
use crate::finding::{Confidence, Finding, Findings, Severity};
use crate::levels::{Levels, NEVER, Writing};
use crate::reading::Reading;
use crate::rule::{Card, Chinese, Group, Rule, Scales};
use crate::told;

static CARD: Card = Card {
    name: "truncated-start",
    group: Group::Structure,
    severity: Severity::Error,
    confidence: Confidence::High,
    default: true,
    summary: "a paragraph begins inside a sentence whose beginning is nowhere",
    docs: "A paragraph that begins with the second half of a word, with a mark that cannot begin one, or with words that hardly ever do, while no end of \
the document waits for it. Novels, essays and documentation open paragraphs as reports never do: \
there only what is nearly certain is told.",
    chinese: Chinese {
        name: "段首残缺",
        summary: "从句中开始而前文无处可寻的段落",
        docs: "段落以词的后半、不能开头的标点或很少用来开头的词语开始，而文中没有等着它的断句。小说、散文和技术文档的段首写法与报道不同，\
那里只报几乎确定的。",
    },
    bad: &[
        "县里的果园今年丰收。\n\n度。三是培育专业队伍，鼓励企业建立符合市场特点的管理体系，加强人才建设。",
    ],
    good: &["县里的果园今年丰收。\n\n记者在现场看到，果农们正忙着采摘。"],
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
                info: 0.5,
                warning: 0.5,
                error: 0.95,
            },
        ),
        (
            Writing::Free,
            Levels {
                info: 0.9,
                warning: 0.97,
                error: NEVER,
            },
        ),
        (Writing::Unended, Levels::SILENT),
        (Writing::Unmarked, Levels::SILENT),
    ],
};

/// A document of fewer sentences is told of only what is likelier than not.
const FEW: usize = 12;

/// The rule.
#[derive(Default)]
pub(super) struct TruncatedStart {
    scales: Scales,
}

impl Rule for TruncatedStart {
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
        for cut in document.cuts() {
            let (None, Some(start)) = (cut.end, cut.start) else {
                continue;
            };
            let p = cut.probability();
            let Some(mut severity) = grade(document, &CARD, &self.scales, p) else {
                continue;
            };
            if across_page(document, start as usize).is_some() {
                continue;
            }
            // Documentation opens paragraphs as newspapers never do: 示例 8-6 中的代码…, 设 $p$
            // 是奇素数…
            if document.is_markdown() {
                severity = Severity::Info;
            }
            // A few sentences may be an excerpt: they begin anywhere.
            let doubtful = p < 0.5 || start == 0;
            if doubtful && document.sentences().len() < FEW {
                continue;
            }
            let paragraph = &document.paragraphs()[start as usize];
            let opening = beginning(document, paragraph);
            let message = told!(
                "the paragraph begins inside a sentence: nothing in the document leads to “{opening}”";
                "此段像是从半句话开始的：前文没有能接上“{opening}”的段落"
            );
            findings.push(
                Finding::new(&CARD, Place::Beginning.of(document, paragraph), message)
                    .severity(severity)
                    .probability(p)
                    .weighed(reasons.of(document, cut)),
            );
        }
    }
}
