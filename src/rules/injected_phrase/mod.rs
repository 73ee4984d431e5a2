//! `injected-phrase`: a watermark or title planted between sentences and paragraphs all over the
//! document.

mod beginnings;
mod stand;

use aho_corasick::AhoCorasick;

use crate::finding::{Confidence, Finding, Findings, Fix, Safety, Severity};
use crate::model::characters::CharId;
use crate::reading::Reading;
use crate::rule::{Card, Chinese, Group, Rule};
use crate::text::{Span, is_han};

use super::duplicate_paragraph::with_break;
use crate::told;
use beginnings::{Member, descend, groups, may_hold};
use stand::{Certainty, Surroundings};

static CARD: Card = Card {
    name: "injected-phrase",
    group: Group::Repeat,
    severity: Severity::Error,
    confidence: Confidence::High,
    default: true,
    summary: "a watermark or title planted between sentences or paragraphs all over the document",
    docs: "Pages that are copied often carry the title, a slogan or the name of the site after every sentence or between the paragraphs. Which phrase it is \
follows from the document itself: a phrase that stands three times or more, each time beside other text, where a sentence has just ended, and is no part of \
the sentence that comes next (which begins as sentences do), or that ends paragraphs without a full stop, or stands alone between them. Numbers may change in \
it: a page number, a date.\n\nA name or a formula with which many sentences begin is continued by them; a slogan quoted inside sentences stands elsewhere; \
headings set off by `#` and items of lists are meant to recur. The formulas of registers, lines of verse, stage directions and speech without full stops are passed over. A whole \
sentence that comes again may be a refrain: it is a note, unless it speaks of a site or stands between nearly all paragraphs.",
    chinese: Chinese {
        name: "插入水印",
        summary: "通篇插在句间或段间的水印、标题",
        docs: "转载的页面常在每句之后或段与段之间带上标题、口号或站名。是哪个短语由文档自身得出：出现三次以上，每次邻接不同的文字，前一句刚结束，\
又不属于后一句（后一句自有其开头）；或不带句号附在段末，或单独成段。其中的数字可变：页码、日期。\n\n许多句子以之开头的名称和套语，\
后文与之相接；句中引用的口号位置不同；以 `#` 标出的标题和列表项本来重复。登记簿的套语、诗行、舞台提示、没有句号的对话不报。整句重复可能是叠句，\
只作提示，除非提到网站或几乎段段都有。",
    },
    bad: &[
        "渡口的船停了。山水之间读懂乡愁\n\n孩子们在岸上跑。山水之间读懂乡愁\n\n老人说起从前的集市。山水之间读懂乡愁\n\n风把芦苇吹弯了腰。山水之间读懂乡愁\n\n天黑了，灯亮起来。",
    ],
    good: &[
        "青石镇林业站今年补种油茶。青石镇林业站去年也种过。青石镇林业站的人说，土好。青石镇林业站还要再招两个人。青石镇林业站下周开会。",
    ],
    fix: Some(Safety::Unsafe),
    yields_to: &["widget-text", "page-furniture", "machine-reply"],
    levels: &[],
};

/// The most characters of a phrase that are looked at.
const LONGEST: usize = 40;

/// The rule.
pub(super) struct InjectedPhrase;

/// What was planted: its text at the first place, and the places it was found by.
struct Phrase<'d> {
    text: &'d str,
    certainty: Certainty,
    members: Vec<Member<'d>>,
}

impl Rule for InjectedPhrase {
    fn cards(&self) -> &[&'static Card] {
        const { &[&CARD] }
    }

    fn check(&self, document: &Reading<'_>, findings: &mut Findings) {
        let groups = groups(document);
        if groups.is_empty() {
            return;
        }
        let surroundings = Surroundings::of(document);
        let mut phrases: Vec<Phrase<'_>> = Vec::new();
        for group in groups {
            descend(group, &mut |members| {
                let Some(text) = members.first().map(|m| m.text[..m.length].trim_end()) else {
                    return false;
                };
                let certainty = surroundings.verdict(text, members);
                phrases.extend(certainty.map(|certainty| Phrase {
                    text,
                    certainty,
                    members: members.to_vec(),
                }));
                certainty.is_some()
            });
        }
        phrases.sort_by_key(|p| std::cmp::Reverse(p.text.len()));
        let texts: Vec<&str> = phrases.iter().map(|p| p.text).collect();
        let mut taken: Vec<&str> = Vec::new();
        for (phrase, places) in phrases.iter().zip(places(document.text(), &texts)) {
            // A piece of one that was told already.
            if !taken.iter().any(|longer| longer.contains(phrase.text)) {
                taken.push(phrase.text);
                report(document, phrase, &places, findings);
            }
        }
    }
}

/// Where each of the phrases stands, all of them looked for at once. Copies of one phrase do not
/// overlap.
fn places(text: &str, phrases: &[&str]) -> Vec<Vec<usize>> {
    let mut places: Vec<Vec<usize>> = vec![Vec::new(); phrases.len()];
    let Some(all) = (!phrases.is_empty()).then(|| AhoCorasick::new(phrases)) else {
        return places;
    };
    for found in all.iter().flat_map(|all| all.find_overlapping_iter(text)) {
        let own = &mut places[found.pattern().as_usize()];
        if own
            .last()
            .is_none_or(|last| last + found.len() <= found.start())
        {
            own.push(found.start());
        }
    }
    places
}

fn report(document: &Reading<'_>, phrase: &Phrase<'_>, places: &[usize], findings: &mut Findings) {
    let text = phrase.text;
    let mut spans: Vec<Span> = phrase
        .members
        .iter()
        .map(|member| {
            let start = member.sentence.span.start();
            Span::new(start, start + member.text[..member.length].trim_end().len())
        })
        .collect();
    let mut planted: Vec<bool> = places
        .iter()
        .map(|at| stands_at_border(document, *at, text))
        .collect();
    // One that runs into the next.
    for i in (0..places.len().saturating_sub(1)).rev() {
        planted[i] |= planted[i + 1] && places[i] + text.len() == places[i + 1];
    }
    for i in 1..places.len() {
        planted[i] |= planted[i - 1] && places[i - 1] + text.len() == places[i];
    }
    spans.retain(|span| &document.text()[span.range()] != text);
    let literal = places.iter().zip(&planted).filter(|(_, p)| **p);
    spans.extend(literal.map(|(at, _)| Span::new(*at, at + text.len())));
    spans.sort_unstable_by_key(|span| (span.start(), span.end()));
    spans.dedup();
    let severity = match phrase.certainty {
        Certainty::Sure => Severity::Error,
        Certainty::Likely => Severity::Warning,
        Certainty::Possible => Severity::Info,
    };
    for span in &spans {
        let alone = document
            .paragraph_at(span.start())
            .is_some_and(|p| document.paragraphs()[p].span == *span);
        let deleted = if alone {
            with_break(document, *span)
        } else {
            *span
        };
        findings.push(
            Finding::new(
                &CARD,
                *span,
                told!("“{text}” planted between sentences"; "句间插入的“{text}”"),
            )
            .severity(severity)
            .defect(text)
            .help(told!(
                "it belongs to no sentence here: a watermark or running title";
                "不属于任何一句：是水印或书眉"
            ))
            .evidence("count", spans.len())
            .fix(Fix::replace(Safety::Unsafe, deleted, "")),
        );
    }
}

/// Whether a phrase stands where a sentence begins, or ends a paragraph after a mark or after
/// another copy. Not the title itself.
fn stands_at_border(document: &Reading<'_>, at: usize, phrase: &str) -> bool {
    let (text, sentences) = (document.text(), document.sentences());
    let Some(index) = sentences
        .partition_point(|s| s.span.start() <= at)
        .checked_sub(1)
    else {
        return false;
    };
    let sentence = &sentences[index];
    let paragraph = &document.paragraphs()[sentence.paragraph as usize];
    let end = at + phrase.len();
    let title = sentence.paragraph == 0
        && at == paragraph.content.start()
        && !text[end..].starts_with(phrase);
    if title || !may_hold(document, sentence) {
        return false;
    }
    if sentence.span.start() == at {
        return end >= sentence.span.end()
            || !goes_on(document, phrase, &text[end..sentence.span.end()]);
    }
    let before = &text[..at];
    let mark = |c: char| !is_han(c) && !matches!(c, '、' | '，' | '“' | '《' | '：');
    end == paragraph.content.end() && (before.ends_with(mark) || before.ends_with(phrase))
}

/// Whether what follows a phrase surely continues it, as it does in the sentence that the title was
/// taken from.
fn goes_on(document: &Reading<'_>, phrase: &str, rest: &str) -> bool {
    let reader = document.model().reader();
    let ids = |text: &str, count: usize| {
        text.chars()
            .take(count)
            .map(|c| reader.characters.id(c))
            .collect::<Vec<CharId>>()
    };
    reader.continuation(&ids(phrase, LONGEST), &ids(rest, 2)) > 4.0
}
