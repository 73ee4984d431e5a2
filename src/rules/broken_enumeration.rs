//! `broken-enumeration`: numbered items with a number missing, doubled or out of order.

use crate::document::ParagraphKind;

use crate::finding::{Confidence, Finding, Findings, Severity};
use crate::reading::Reading;
use crate::rule::{Card, Chinese, Group, Rule};
use crate::text::item_marks::{STYLES, Style, mark};
use crate::text::{CharClass, Span, is_han};
use crate::told;

use super::chapters;

static CARD: Card = Card {
    name: "broken-enumeration",
    group: Group::Structure,
    severity: Severity::Warning,
    confidence: Confidence::High,
    default: true,
    summary: "numbered items with a number missing, doubled or out of order",
    docs: "一是 … 三是, 第一 … 第三, （一）, 一、, 1. and ① are followed through the document; each style by itself, so that nested lists do not disturb \
each other, and a list may run over several paragraphs. A list that begins with a number other than one, skips one, repeats one or runs backwards is \
reported at the item where it shows; so are two items with the same heading. Ordinals that are no list (第一时间, 一是一、二是二) are left alone, and so are the digits \
of Markdown lists, which Markdown itself renumbers.",
    chinese: Chinese {
        name: "序号错乱",
        summary: "序号缺漏、重复或次序颠倒的列举",
        docs: "通篇跟踪 一是…三是、第一…第三、（一）、一、、1. 与 ① 等序号；各种样式分开计，嵌套互不干扰，列举也可跨段。不从一开始、\
跳号、重号、倒序的，在显现之处报告；两项标题相同的也报告。不是列举的序数（第一时间，一是一、二是二）不管，Markdown 列表的数字由 Markdown 自行编号，\
也不管。",
    },
    bad: &[
        "要抓好三件事：一是修路。三是种树。",
        "主要做法有：一是加强培训。二是加强培训。三是扩大宣传。",
        "一、修路\n\n路通了。\n\n三、种树\n\n山绿了。",
    ],
    good: &[
        "要抓好三件事：一是修路。二是种树。三是办学。",
        "首先要修路，第二，要种树。",
        "他一是一，二是二，第一时间赶到现场。",
        "改动有两种：一是往回走的，一是往前走的。",
        "条件如下：①住满三年；②有固定收入；③无欠费。具备第①、②项的，可以先行登记。",
    ],
    fix: None,
    yields_to: &["duplicate-paragraph", "duplicate-line"],
    levels: &[],
};

/// The rule.
pub(super) struct BrokenEnumeration;

/// An item of a list.
#[derive(Clone, Copy, Debug)]
struct Item {
    number: u32,
    paragraph: u32,
    /// The number with its marks.
    mark: Span,
    /// The text after it, up to the next mark.
    head: Span,
}

impl Rule for BrokenEnumeration {
    fn cards(&self) -> &[&'static Card] {
        const { &[&CARD] }
    }

    fn check(&self, document: &Reading<'_>, findings: &mut Findings) {
        let mut lists: [Vec<Item>; STYLES] = Default::default();
        for (index, paragraph) in document.paragraphs().iter().enumerate() {
            if paragraph.kind == ParagraphKind::Code {
                continue;
            }
            items(document, index as u32, paragraph.content, |style, item| {
                lists[style as usize].push(item);
            });
        }
        for (style, items) in lists.iter().enumerate() {
            let worded = [Style::Is as usize, Style::Ordinal as usize].contains(&style);
            // 1. 1. 1. is what Markdown writers write.
            if document.is_markdown() && style >= Style::BracketedDigit as usize {
                continue;
            }
            for list in split(items) {
                judge(document, list, worded, findings);
            }
        }
        chapters::missing(document, &CARD, findings);
    }
}

/// Finds the items that begin in a paragraph.
fn items(
    document: &Reading<'_>,
    paragraph: u32,
    content: Span,
    mut found: impl FnMut(Style, Item),
) {
    let text = document.text();
    let tokens = document.tokens();
    let mut fresh = true;
    // Inside a run of characters of one class no item begins.
    for token in (tokens.index_at(content.start())..).map_while(|i| tokens.get(i)) {
        let start = token.span.start().max(content.start());
        if start >= content.end() {
            break;
        }
        if fresh
            && let rest = &text[start..content.end()]
            && let Some((style, number, length)) = mark(rest, start == content.start())
            && !refers(&text[content.start()..start], &rest[length..], style)
        {
            let after = &rest[length..];
            let head = after
                .find(|c: char| !is_han(c) && !c.is_alphanumeric())
                .unwrap_or(after.len());
            found(
                style,
                Item {
                    number,
                    paragraph,
                    mark: Span::new(start, start + length),
                    head: Span::new(start + length, start + length + head),
                },
            );
        }
        let joins = |c: char| matches!(c, '、' | '“' | '‘' | '《' | '.' | '·' | '-' | '—');
        fresh = match token.class {
            CharClass::Mark | CharClass::AsciiMark => {
                let single = text[start..].chars().next().unwrap_or(' ');
                !joins(single) || fresh && matches!(single, '“' | '‘')
            }
            class => class == CharClass::Space,
        };
    }
}

/// Whether a number names an item that stands elsewhere: 具备第①、②项, 以上①～④项中,
/// （1）、（2）两点.
fn refers(before: &str, after: &str, style: Style) -> bool {
    const LINKS: [char; 12] = [
        '、', '，', ',', '～', '~', '—', '-', '和', '与', '或', '及', '至',
    ];
    const ITEMS: [char; 9] = ['项', '款', '条', '点', '种', '式', '步', '图', '两'];
    if !matches!(style, Style::Circled | Style::BracketedDigit) {
        return false;
    }
    let mut rest = after;
    loop {
        let linked = rest.trim_start_matches(LINKS);
        match mark(linked, false) {
            Some((other, _, length)) if other == style && linked.len() < rest.len() => {
                rest = &linked[length..];
            }
            _ => break,
        }
    }
    rest.starts_with(ITEMS) || before.ends_with(['第', '～', '~', '至', '见'])
}

/// Cuts the items of one style into lists.
fn split(items: &[Item]) -> Vec<&[Item]> {
    let mut lists = Vec::new();
    let mut start = 0;
    for at in 1..=items.len() {
        let ends = at == items.len() || {
            let (before, item) = (items[at - 1], items[at]);
            let near = item.paragraph <= before.paragraph + 2;
            let list = &items[start..at];
            let begun_well = list[0].number == 1;
            let follows = item.number == before.number + 1;
            // A list of one item, begun again at once, is a doubled number; a list that began too
            // late may have its first item second.
            let restarts = item.number == 1
                && (begun_well && list.len() > 1
                    || !near
                    || begun_well && item.paragraph > before.paragraph + 1
                    || !begun_well && list.len() > 1);
            !follows && (!near || restarts)
        };
        if ends {
            lists.push(&items[start..at]);
            start = at;
        }
    }
    lists
}

/// `worded`: the items are numbered in words (二是…, 第三，…), which stand in one text; figures
/// number whatever was torn out of a longer list.
fn judge(document: &Reading<'_>, list: &[Item], worded: bool, findings: &mut Findings) {
    // 一是山，一是水: the one and the other.
    if list[0].mark.len() == "一是".len() && list.iter().all(|item| item.number == 1) && worded {
        return;
    }
    findings.extend(
        match (0..list.len()).find(|i| list[*i].number != *i as u32 + 1) {
            Some(wrong) => out_of_order(document, list, wrong, worded),
            None => same_headings(document, list),
        },
    );
}

/// What is shown of an item.
fn shown(document: &Reading<'_>, item: &Item) -> Span {
    let end = (item.mark.end()..=item.head.end().min(item.mark.end() + 60))
        .rev()
        .find(|at| document.text().is_char_boundary(*at));
    Span::new(item.mark.start(), end.unwrap_or(item.mark.end()))
}

/// The number of an item as it is written.
fn name<'a>(document: &Reading<'a>, item: &Item) -> &'a str {
    let mark = document.slice(item.mark);
    mark.trim_matches(['，', ',', '：', ':', '、', '.', '．'])
}

/// An item whose number is not the next one.
fn out_of_order(
    document: &Reading<'_>,
    list: &[Item],
    wrong: usize,
    worded: bool,
) -> Option<Finding> {
    let item = &list[wrong];
    let before = wrong.checked_sub(1).map(|i| &list[i]);
    let own = name(document, item);
    let message = match before {
        None => {
            // A single 二是 often answers 首先 or 一来.
            let lone = list.len() == 1 && (item.number <= 2 || !worded);
            if lone || begins_otherwise(document, item) {
                return None;
            }
            if let [_, next, after, ..] = list
                && (next.number + 1, after.number) == (item.number, item.number + 1)
            {
                let next = name(document, next);
                return Some(
                    Finding::new(
                        &CARD,
                        shown(document, item),
                        told!(
                            "{own} stands before {next}";
                            "“{own}”在“{next}”之前"
                        ),
                    )
                    .label(shown(document, &list[1]), told!("the item after"; "后一项"))
                    .evidence("number", item.number as usize),
                );
            }
            let missing = match item.number > 2 {
                true => "the items before it are",
                false => "the item before it is",
            };
            told!(
                "the list begins with {own}: {missing} missing";
                "列举从“{own}”开始：前面缺项"
            )
        }
        Some(before) if before.number == item.number => {
            let line = document.line(before.mark.start());
            told!(
                "{own} stands twice: line {line} has it too";
                "“{own}”出现两次：第{line}行已有"
            )
        }
        Some(before) if before.number > item.number => told!(
            "{own} comes after {}", name(document, before);
            "“{own}”在“{}”之后", name(document, before)
        ),
        Some(before) => {
            let missing = match item.number - before.number > 2 {
                true => "items are",
                false => "an item is",
            };
            told!(
                "{own} follows {}: {missing} missing", name(document, before);
                "“{}”之后是“{own}”：中间缺项", name(document, before)
            )
        }
    };
    let severity = if before.is_some() || worded || is_begun_here(document, list) {
        Severity::Warning
    } else {
        Severity::Info
    };
    let finding = Finding::new(&CARD, shown(document, item), message)
        .severity(severity)
        .evidence("number", item.number as usize);
    Some(match before {
        None => finding,
        Some(before) => finding
            .label(shown(document, before), told!("the item before"; "前一项"))
            .evidence("after", before.number as usize),
    })
}

/// Whether a list that begins too late begins in this text: under a headline, with text between,
/// and an item a paragraph. What was torn out of a longer text begins anywhere.
fn is_begun_here(document: &Reading<'_>, list: &[Item]) -> bool {
    let [item, next, ..] = list else { return false };
    let paragraphs = document.paragraphs();
    let opens =
        |item: &Item| paragraphs[item.paragraph as usize].content.start() == item.mark.start();
    let article = &document.articles()[paragraphs[item.paragraph as usize].article as usize];
    let headed = article
        .heading
        .is_some_and(|heading| heading + 1 < item.paragraph);
    headed
        && opens(item)
        && opens(next)
        && (next.number, next.paragraph) == (item.number + 1, item.paragraph + 1)
}

/// Two items of the same heading.
fn same_headings(document: &Reading<'_>, list: &[Item]) -> Option<Finding> {
    for (i, item) in list.iter().enumerate() {
        let head = document.slice(item.head);
        if head.chars().count() < 4 {
            continue;
        }
        let mut next = list[i + 1..].iter().take(12);
        let Some(twin) = next.find(|other| document.slice(other.head) == head) else {
            continue;
        };
        // Parallel sentences may begin alike; headings end with the sentence.
        let ends = |i: &Item| document.text()[i.head.end()..].starts_with(['。', '\n']);
        if ends(item) && ends(twin) {
            let (one, other) = (name(document, item), name(document, twin));
            let message = told!(
                "{one} and {other} have the same heading: “{head}”";
                "“{one}”与“{other}”标题相同：“{head}”"
            );
            let place = shown(document, twin);
            return Some(
                Finding::new(&CARD, shown(document, item), message)
                    .label(place, told!("the same heading"; "相同的标题"))
                    .evidence("heading", head),
            );
        }
    }
    None
}

/// Whether the list begins in other words: 首先, 一方面, 其一.
fn begins_otherwise(document: &Reading<'_>, item: &Item) -> bool {
    const BEGINNINGS: &[&str] = &[
        "首先",
        "一方面",
        "其一",
        "一来",
        "第一",
        "一则",
        "一个是",
        "一是",
        "先是",
    ];
    let end = item.mark.start();
    let start = (end.saturating_sub(2400)..=end)
        .find(|i| document.text().is_char_boundary(*i))
        .unwrap_or(end);
    let before = &document.text()[start..end];
    BEGINNINGS.iter().any(|b| before.contains(b))
        && document
            .slice(item.mark)
            .starts_with(['第', '二', '三', '四'])
}

#[cfg(test)]
mod tests {
    use super::Style;

    #[test]
    fn numbers_that_name_items_elsewhere() {
        let refers = |before, after| super::refers(before, after, Style::Circled);
        assert!(refers("具备第", "，②，③项之一"));
        assert!(refers("以上", "～④项中任何一项"));
        assert!(!refers("包括：", "慢性病；②糖尿病"));
    }
}
