//! `missing-heading` and `misplaced-heading`: an article without a headline, a headline without an article.

use crate::document::{Paragraph, ParagraphKind};

use crate::finding::{Confidence, Finding, Findings, Severity};
use crate::reading::Article;
use crate::reading::Reading;
use crate::rule::{Card, Chinese, Group, Rule};
use crate::text::Span;
use crate::told;

static MISSING: Card = Card {
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

static MISPLACED: Card = Card {
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
    yields_to: &["duplicate-line", "page-furniture"],
    levels: &[],
};

/// The rule.
pub(super) struct MissingHeading;

impl Rule for MissingHeading {
    fn cards(&self) -> &[&'static Card] {
        const { &[&MISSING, &MISPLACED] }
    }

    fn weighs(&self) -> bool {
        true
    }

    fn check(&self, document: &Reading<'_>, findings: &mut Findings) {
        set_twice(document, findings);
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
            .collect();
        let stray = stray_headings(document);
        for article in &headless {
            let Some(byline) = article.byline else {
                continue;
            };
            let paragraph = &document.paragraphs()[byline as usize];
            let name = document.slice(paragraph.content);
            let mut finding = Finding::new(
                &MISSING,
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
        for heading in &stray {
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
            let mut finding = Finding::new(&MISPLACED, heading.span, message);
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
            Finding::new(&MISPLACED, second.span, message)
                .label(first.span, told!("the same headline"; "相同的标题"))
                .help(told!("delete one of the two"; "两处删去一处"))
                .evidence("first-at-line", document.line(first.span.start())),
        );
    }
}

fn short(text: &str) -> String {
    let mut short: String = text
        .chars()
        .take(20)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if text.chars().nth(20).is_some() {
        short.push('…');
    }
    short
}

fn has_text(document: &Reading<'_>, article: &Article) -> bool {
    document
        .paragraphs_of(article)
        .iter()
        .any(Paragraph::is_body)
}

/// A headline without an article.
struct Stray {
    span: Span,
    home: Option<Span>,
    /// It stands where a sentence was surely cut.
    torn: bool,
}

/// Whether a line is in brackets as a whole, or names somebody with a part in the article (审核：王磊).
fn is_note(text: &str) -> bool {
    const ROLE: usize = 5;
    const NAMES: usize = 10;
    if text.starts_with(['（', '(', '【', '[']) && text.ends_with(['）', ')', '】', ']']) {
        return true;
    }
    text.split_once(['：', ':']).is_some_and(|(role, names)| {
        let long = |part: &str, most| part.trim().chars().count() > most;
        !long(role, ROLE) && !long(names, NAMES)
    })
}

/// Headlines at the end of the document, and headlines that stand where a sentence is cut in two.
fn stray_headings(document: &Reading<'_>) -> Vec<Stray> {
    let paragraphs = document.paragraphs();
    let articles = document.articles();
    let headless: Vec<&Article> = articles
        .iter()
        .filter(|a| a.heading.is_none() && a.byline.is_some())
        .collect();
    let mut starts: Vec<(u32, f32)> = document
        .cuts()
        .iter()
        .filter_map(|cut| Some((cut.start?, cut.log_odds)))
        .collect();
    starts.sort_unstable_by_key(|start| start.0);
    let mut stray = Vec::new();
    let mut at = 0;
    while at < paragraphs.len() {
        let run = paragraphs[at..]
            .iter()
            .take_while(|p| p.is_heading())
            .count();
        if run == 0 {
            at += 1;
            continue;
        }
        let head = &paragraphs[at..at + run];
        let rest = &paragraphs[at + run..];
        let unmarked = |p: &Paragraph| {
            let text = document.slice(p.content);
            matches!(p.kind, ParagraphKind::Heading(0..=2))
                && !text.ends_with(['？', '！', '?', '!', '”'])
                && !(p.kind == ParagraphKind::Heading(0) && is_note(text))
        };
        let at_end =
            at > 0 && rest.iter().all(|p| p.kind == ParagraphKind::Note) && paragraphs.len() > 3;
        // In the middle of a sentence no headline stands.
        let cut = |least: f32| {
            let from = starts.partition_point(|start| (start.0 as usize) < at + run);
            let here = starts[from..].iter();
            here.take_while(|start| start.0 as usize == at + run)
                .any(|start| start.1 > least)
        };
        let (inside, sure) = (cut(1.5), cut(3.5));
        if (at_end && headless.len() == 1 || inside && at > 0)
            && head.iter().all(unmarked)
            && run <= 3
        {
            let home = match headless.as_slice() {
                [only] => Some(only.span),
                _ => None,
            };
            stray.extend(head.iter().map(|p| Stray {
                span: p.span,
                home,
                torn: sure,
            }));
        }
        at += run;
    }
    stray
}
