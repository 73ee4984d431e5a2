//! `duplicate-line`: a headline, slogan or other short line that stands twice.

use std::collections::HashMap;

use crate::document::{Paragraph, ParagraphKind};

use crate::finding::{Confidence, Finding, Findings, Fix, Safety, Severity};
use crate::reading::Reading;
use crate::rule::{Card, Chinese, Group, Rule};
use crate::text::{ContentHash, content, is_han, is_sentence_end};

use super::duplicate_paragraph::{SHORTEST, with_break};
use super::line_read_twice;
use crate::text::hashing::Hashed;
use crate::told;

static CARD: Card = Card {
    name: "duplicate-line",
    group: Group::Repeat,
    severity: Severity::Warning,
    confidence: Confidence::High,
    default: true,
    summary: "a short line, such as a headline or slogan, that stands twice",
    docs: "A headline or slogan of the page comes a second time where it heads nothing, or a run of short lines is set again. A line of fewer \
than eight Han characters must stand beside another copy to be reported. A line directly behind another one that differs from it only in characters \
that look alike was read twice.\n\nLines that recur because the text is built so are left alone: what \
stands three times or more, subheadings of several chapters, answers in a dialogue, rows of a table, items of a list, bylines, entries of the contents.",
    chinese: Chinese {
        name: "重复行",
        summary: "出现两次的短行，如标题、口号",
        docs: "标题或口号再次出现而其下没有内容，或几行短行又排了一遍。不足八个汉字的，旁边须有另一行也重复才报。紧接着的一行若只有形近字不同，便是同一行读了两遍。\n\n文章本来如此的不管：\
出现三次以上的、各章的小标题、问答、表格行、列表项、署名、目录。",
    },
    bad: &[
        "# 老街的修复让手艺人重新聚拢\n\n木匠老周搬回了巷口的铺子。\n\n隔壁的铜匠也点起了炉火。\n\n老街的修复让手艺人重新聚拢\n\n每到周末，来看热闹的人挤满石板路。",
        "他沦为了阶下因，谁也不敢说话\n他沦为了阶下囚，谁也不敢说话",
    ],
    good: &[
        "问：去年的收成怎么样？\n\n答：比前年好。\n\n问：今年的收成怎么样？\n\n答：比前年好。",
        "# 春季\n\n## 播种\n\n三月下地。\n\n# 秋季\n\n## 播种\n\n九月下地。",
        "1.1. 今年春天的播种安排\n\n1.2. 收割时节的人手\n\n1.1. 今年春天的播种安排\n\n三月下地，四月出苗。",
        "甲组的三个人先到山上去\n乙组的三个人先到河边去",
    ],
    fix: Some(Safety::Unsafe),
    yields_to: &["injected-phrase", "repeated-phrase"],
    levels: &[],
};

/// Han characters from which a line speaks for itself: shorter ones recur by chance.
const TELLING: usize = 8;
/// The most characters of a line.
const LONGEST: usize = 60;

/// What the captions of pictures say; several pictures may have the same.
const CAPTION: [&str; 7] = ["截图", "供图", "图为", "图源", "图表", "资料图", "制图"];

/// The rule.
pub(super) struct DuplicateLine;

/// A line that may be a copy: its paragraph and that of the first one.
struct Copy {
    index: u32,
    first: u32,
}

impl Rule for DuplicateLine {
    fn cards(&self) -> &[&'static Card] {
        const { &[&CARD] }
    }

    fn check(&self, document: &Reading<'_>, findings: &mut Findings) {
        line_read_twice::lines(document, &CARD, findings);
        let paragraphs = document.paragraphs();
        let mut places: HashMap<u64, (u32, u32), Hashed> = HashMap::default();
        let mut copies = Vec::new();
        for (index, paragraph) in paragraphs.iter().enumerate() {
            let Some(hash) = line_hash(document, paragraph) else {
                continue;
            };
            let (first, count) = places.entry(hash).or_insert((index as u32, 0));
            *count += 1;
            if *count > 1 {
                copies.push((
                    hash,
                    Copy {
                        index: index as u32,
                        first: *first,
                    },
                ));
            }
        }
        // What recurs more often is the way the text is built, or a running title.
        copies.retain(|(hash, _)| places.get(hash).is_some_and(|(_, count)| *count == 2));
        for at in 0..copies.len() {
            let copy = &copies[at].1;
            let first = &paragraphs[copy.first as usize];
            let paragraph = &paragraphs[copy.index as usize];
            let beside = |other: Option<&(u64, Copy)>| {
                other.is_some_and(|(_, o)| {
                    o.index.abs_diff(copy.index) == 1 && o.first.abs_diff(copy.first) == 1
                })
            };
            let run =
                beside(at.checked_sub(1).and_then(|i| copies.get(i))) || beside(copies.get(at + 1));
            let contents = copy.index > copy.first + 1
                && (numbers_a_section(document.slice(paragraph.content))
                    || is_in_contents(document, copy.first as usize));
            if contents
                || !(run && !document.is_markdown() || stands_alone(document, first, paragraph))
            {
                continue;
            }
            let line = document.line(first.span.start());
            findings.push(
                Finding::new(
                    &CARD,
                    paragraph.span,
                    told!("the same line as line {line}"; "与第{line}行相同"),
                )
                .help(told!("one of the two does not belong here"; "两处之一是多余的"))
                .label(first.span, told!("first copy"; "第一次出现"))
                .evidence("line", line)
                .fix(Fix::replace(
                    Safety::Unsafe,
                    with_break(document, paragraph.span),
                    "",
                )),
            );
        }
    }
}

/// The hash of the content of a line that could be a headline or slogan.
fn line_hash(document: &Reading<'_>, paragraph: &Paragraph) -> Option<u64> {
    let kept = matches!(
        paragraph.kind,
        ParagraphKind::Body | ParagraphKind::Heading(_)
    );
    let text = document.slice(paragraph.content);
    if !kept
        || text.len() > 3 * LONGEST
        || text.contains(['|', '｜', '：', ':', '“', '「', '<', '[', '`'])
        || CAPTION.iter().any(|word| text.contains(word))
    {
        return None;
    }
    let (mut hash, mut han, mut count) = (ContentHash::default(), 0, 0);
    for c in content(text) {
        hash.push(c);
        count += 1;
        han += usize::from(is_han(c));
    }
    // Body text of some length is duplicate-paragraph's.
    let line = paragraph.is_heading() || count < SHORTEST;
    (line && han >= 4 && han * 2 >= count).then_some(hash.value())
}

/// Whether a line begins as the heading of a section does (9.2.2. …, 第三章 …, 附录 …): far from
/// each other two of them are an entry of the contents and the heading, or lead back to it.
fn numbers_a_section(text: &str) -> bool {
    const PARTS: [char; 7] = ['章', '节', '節', '篇', '部', '卷', '编'];
    const NUMBER: usize = 6;
    let is_figure = |c: char| c.is_ascii_digit() || c == '.';
    let figures = &text[..text.len() - text.trim_start_matches(is_figure).len()];
    let of_part = || {
        let mut rest = text.strip_prefix('第')?.chars().take(NUMBER);
        rest.find(|c| PARTS.contains(c))
    };
    figures.trim_end_matches('.').contains('.') || text.starts_with("附录") || of_part().is_some()
}

/// Whether dots that lead to the number of a page stand right around a paragraph: it is an entry of
/// the contents, and the heading stands farther below.
fn is_in_contents(document: &Reading<'_>, index: usize) -> bool {
    const NEAR: usize = 4;
    const LEADERS: [&str; 3] = [". . . .", "......", "…………"];
    let paragraphs = document.paragraphs();
    let near = index.saturating_sub(NEAR)..(index + NEAR + 1).min(paragraphs.len());
    paragraphs[near].iter().any(|paragraph| {
        let text = document.slice(paragraph.span);
        LEADERS.iter().any(|dots| text.contains(dots))
    })
}

/// Whether a copy is telling without its neighbours: long enough, and not a subheading under
/// another headline.
fn stands_alone(document: &Reading<'_>, first: &Paragraph, copy: &Paragraph) -> bool {
    let text = document.slice(copy.content);
    let han = content(text).filter(|c| is_han(*c)).count();
    // A sentence of its own may well be said twice; in Markdown a line may be a piece of running
    // text.
    let running = |c: char| is_sentence_end(c) || matches!(c, '，' | ',' | '；' | '．' | '.');
    let sub = |p: &Paragraph| matches!(p.kind, ParagraphKind::Heading(2..));
    let heading = matches!(first.kind, ParagraphKind::Heading(1..)) && !sub(copy);
    han >= TELLING && !text.ends_with(running) && (heading || !document.is_markdown())
}
