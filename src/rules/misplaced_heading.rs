//! `misplaced-heading`: a headline without an article.

use super::headings::{short, stray_headings};
use super::headline_elsewhere;
use crate::document::ParagraphKind;
use crate::finding::{Confidence, Finding, Findings, Severity};
use crate::reading::Article;
use crate::reading::Reading;
use crate::rule::{Card, Chinese, Group, Rule};
use crate::told;

static CARD: Card = Card {
    name: "misplaced-heading",
    group: Group::Structure,
    severity: Severity::Warning,
    confidence: Confidence::Medium,
    default: true,
    summary: "a headline that heads nothing, apart from its article",
    docs: "A headline as the last line of the document, or right before another headline's article or inside a cut sentence, heads nothing. Where an article of \
the document begins without one, that is named as its place. Of a headline that is set twice, one below the other, the second is too much. Column labels above a \
headline are left alone.",
    chinese: Chinese {
        name: "标题错位",
        summary: "其下没有文章、离开了本文的标题",
        docs: "标题在文档末行、紧接在另一篇文章的标题之前，或夹在断句之中，其下便没有文章。若文中有文章缺标题，则指出那里。同一标题上下连排两次的，\
后一个多余。标题上方的栏目名不管。",
    },
    bad: &[
        "守住绿水青山\n\n守住绿水青山\n\n□陈远\n\n村里修通了水泥路，游客一年比一年多。",
        "守住绿水青山\n\n□陈远\n\n村里修通了水泥路，游客一年比一年多。\n\n（作者单位：县文化馆）\n\n□李禾\n\n果园丰收了，乡亲们都很高兴。合作社算了一笔账。\n\n（作者单位：县农业局）\n\n果园里的新学问",
    ],
    good: &[
        "守住绿水青山\n\n村里修通了水泥路，游客一年比一年多。\n\n果园里的新学问\n\n果园丰收了，乡亲们都很高兴。",
    ],
    fix: None,
    yields_to: &["duplicate-line", "page-furniture", "widget-text"],
    levels: &[],
};

/// The rule.
pub(super) struct MisplacedHeading;

impl Rule for MisplacedHeading {
    fn cards(&self) -> &[&'static Card] {
        const { &[&CARD] }
    }

    fn weighs(&self) -> bool {
        true
    }

    fn check(&self, document: &Reading<'_>, findings: &mut Findings) {
        set_twice(document, findings);
        headline_elsewhere::tell(document, &CARD, findings);
        if document.is_markdown() {
            return;
        }
        for heading in &stray_headings(document) {
            let text = short(document.slice(heading.span));
            let message = match heading.home {
                Some(home) => told!(
                    "the headline “{text}” heads nothing here; the article at line {} has none",
                    document.line(home.start());
                    "标题“{text}”之下没有文章；第{}行的文章没有标题",
                    document.line(home.start())
                ),
                None => told!(
                    "the headline “{text}” heads nothing here";
                    "标题“{text}”之下没有文章"
                ),
            };
            let mut finding = Finding::new(&CARD, heading.span, message);
            if heading.home.is_none() && !heading.torn {
                finding = finding.severity(Severity::Info);
            }
            if let Some(home) = heading.home {
                finding = finding
                    .help(told!(
                        "move it above line {}", document.line(home.start());
                        "移到第{}行之上", document.line(home.start())
                    ))
                    .evidence("belongs-at-line", document.line(home.start()));
            }
            findings.push(finding);
        }
    }
}

/// Headlines of one level that say the same, one right below the other.
fn set_twice(document: &Reading<'_>, findings: &mut Findings) {
    let articles = document.articles();
    for (index, pair) in document.paragraphs().windows(2).enumerate() {
        let [first, second] = pair else { continue };
        let text = document.slice(second.content);
        if !second.is_heading()
            || first.kind != second.kind
            || document.slice(first.content) != text
        {
            continue;
        }
        // a line without marks inside an article is a caption more often than a headline
        let marked = matches!(first.kind, ParagraphKind::Heading(1..));
        let begins = |a: &Article| a.paragraphs.start as usize;
        if !marked && articles.binary_search_by_key(&index, begins).is_err() {
            continue;
        }
        let headline = short(text);
        let message = told!("the headline “{headline}” is set twice"; "标题“{headline}”排了两次");
        findings.push(
            Finding::new(&CARD, second.span, message)
                .label(first.span, told!("the same headline"; "相同的标题"))
                .help(told!("delete one of the two"; "两处删去一处"))
                .evidence("first-at-line", document.line(first.span.start())),
        );
    }
}
