//! `missing-heading`: an article without a headline.

use super::headings::{has_text, short, stray_headings};
use crate::finding::{Confidence, Finding, Findings, Severity};
use crate::reading::Article;
use crate::reading::Reading;
use crate::rule::{Card, Chinese, Group, Rule};
use crate::told;

static CARD: Card = Card {
    name: "missing-heading",
    group: Group::Structure,
    severity: Severity::Warning,
    confidence: Confidence::High,
    default: true,
    summary: "an article that begins with its byline and no headline",
    docs: "A byline such as □作者 or 本报记者 stands where an article begins, and no headline above it, while other articles of the document have one. \
Where a headline stands alone elsewhere in the document, its place is named.",
    chinese: Chinese {
        name: "缺标题",
        summary: "以署名开头而没有标题的文章",
        docs: "□作者、本报记者等署名出现在文章开头，上面却没有标题，而文档中其他文章都有。若有标题单独在别处，则指出其位置。",
    },
    bad: &[
        "守住绿水青山\n\n□陈远\n\n村里修通了水泥路，游客一年比一年多。\n\n（作者单位：县文化馆）\n\n□李禾\n\n果园丰收了，乡亲们都很高兴。合作社算了一笔账。",
    ],
    good: &["守住绿水青山\n\n□陈远\n\n村里修通了水泥路，游客一年比一年多。"],
    fix: None,
    yields_to: &[],
    levels: &[],
};

/// The rule.
pub(super) struct MissingHeading;

impl Rule for MissingHeading {
    fn cards(&self) -> &[&'static Card] {
        const { &[&CARD] }
    }

    fn weighs(&self) -> bool {
        true
    }

    fn check(&self, document: &Reading<'_>, findings: &mut Findings) {
        if document.is_markdown() {
            return;
        }
        let articles = document.articles();
        let headed = articles
            .iter()
            .filter(|a| a.heading.is_some() && has_text(document, a))
            .count();
        let headless: Vec<&Article> = articles
            .iter()
            .filter(|a| a.heading.is_none() && a.byline.is_some())
            .filter(|_| headed > 0)
            .filter(|a| !stands_below_a_line(document, a))
            .collect();
        let stray = stray_headings(document);
        for article in &headless {
            let Some(byline) = article.byline else {
                continue;
            };
            let paragraph = &document.paragraphs()[byline as usize];
            let name = document.slice(paragraph.content);
            let mut finding = Finding::new(
                &CARD,
                paragraph.content,
                told!("the article of “{name}” has no headline"; "“{name}”的文章没有标题"),
            );
            if let Some(home) = stray.iter().find(|s| s.home == Some(article.span)) {
                let line = document.line(home.span.start());
                let lone = short(document.slice(home.span));
                finding.message = told!(
                    "the article of “{name}” has no headline; one stands alone at line {line}: “{lone}”";
                    "“{name}”的文章没有标题；第{line}行有一个单独的标题：“{lone}”"
                );
                finding = finding
                    .label(
                        home.span,
                        told!("a headline without an article"; "没有文章的标题"),
                    )
                    .evidence("headline-at-line", line);
            }
            findings.push(finding);
        }
    }
}

/// Whether a short line without a full stop stands right above the byline of an article: a headline
/// that looks like none (谁来擦亮招牌……（附图片1张）).
fn stands_below_a_line(document: &Reading<'_>, article: &Article) -> bool {
    const SHORT: usize = 50;
    let above = article.byline.and_then(|byline| byline.checked_sub(1));
    above.is_some_and(|above| {
        let paragraph = &document.paragraphs()[above as usize];
        let text = document.slice(paragraph.content);
        paragraph.is_body() && text.chars().count() <= SHORT && !text.ends_with(['。', '”', '’'])
    })
}
