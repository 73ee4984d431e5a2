//! `duplicate-paragraph`: a paragraph, or most of one, that stands twice.

mod near_copy;

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::Range;

use memchr::memmem;

use crate::document::{Paragraph, ParagraphKind};

use crate::finding::{Confidence, Finding, Findings, Fix, Safety, Severity};
use crate::language::Message;
use crate::reading::Reading;
use crate::rule::{Card, Chinese, Group, Rule};
use crate::text::{ContentHash, Span, Winnower, content, is_han, is_sentence_end};
use near_copy::near_copy;

use crate::text::hashing::Hashed;
use crate::told;

static CARD: Card = Card {
    name: "duplicate-paragraph",
    group: Group::Repeat,
    severity: Severity::Error,
    confidence: Confidence::High,
    default: true,
    summary: "a paragraph that stands a second time: whole, nearly the same, or cut at its head or tail",
    docs: "A page read twice, a column set twice, a scraper that took a text from two places: the same paragraph comes again, sometimes with a few \
characters read differently, sometimes beginning in the middle of a word. The rule compares paragraphs by the content characters they share, whatever \
their punctuation, then aligns the two and tells how alike they are.\n\nTwo paragraphs of one pattern with other words or numbers in it are no \
copies, nor is a sentence or slogan quoted in several paragraphs, nor a sentence of a paragraph set apart as a quotation. Lines of fewer than \
20 characters are left to `duplicate-line`.",
    chinese: Chinese {
        name: "重复段落",
        summary: "再次出现的段落：完全相同、几乎相同，或缺头少尾",
        docs: "一页读了两遍，一栏排了两遍，或抓取时从两处取了同一文字：同一段再次出现，有时个别字读法不同，有时从词语中间开始。规则不计标点，\
先比较两段共有的文字，再对齐，说明相似程度。\n\n句式相同而词语、数字不同的两段不算；多段引用的一句话或口号不算；单独成段的引语不算。\
不足 20 字的行由 `duplicate-line` 处理。",
    },
    bad: &[
        "河堤上的柳树发了新芽，放学的孩子沿着石阶跑下来，书包在背上一颠一颠。\n\n他们要去看新修的水车。\n\n河堤上的柳树发了新芽，放学的孩子沿着石阶跑下来，书包在背上一颠一颠。",
    ],
    good: &[
        "第一组负责清点仓库里的帐篷和水泵，并在三日内把清单报送给值班室。\n\n第二组负责检查沿河闸门和电站，并在五日内将结果告知值班室。",
    ],
    fix: Some(Safety::Unsafe),
    yields_to: &["repeated-phrase"],
    levels: &[],
};

/// Content characters below which a paragraph is a line.
pub(super) const SHORTEST: usize = 20;

/// The rule.
pub(super) struct DuplicateParagraph;

impl Rule for DuplicateParagraph {
    fn cards(&self) -> &[&'static Card] {
        const { &[&CARD] }
    }

    fn check(&self, document: &Reading<'_>, findings: &mut Findings) {
        let paragraphs = document.paragraphs();
        let contents = Contents::of(document);
        let mut seen = Seen::default();
        let mut from = 0;
        for content in &contents.each {
            let index = content.paragraph as usize;
            let paragraph = &paragraphs[index];
            let picks = from..content.end as usize;
            from = picks.end;
            let alike = match content.same {
                Some(first) => Some((first, true)),
                None => {
                    let earlier = seen.like(document, content.paragraph, &contents, picks);
                    earlier.map(|earlier| (earlier, false))
                }
            };
            let Some((earlier, exact)) = alike else {
                continue;
            };
            let first = &paragraphs[earlier as usize];
            let found = if exact {
                Some(exact_copy(document, first, paragraph))
            } else {
                near_copy(document, first, paragraph)
            };
            let introduced = introduces(document, first, earlier as usize)
                || introduces(document, paragraph, index)
                || is_attributed(document, index) && is_attributed(document, earlier as usize);
            if let Some(finding) = found {
                findings.push(if introduced {
                    finding.severity(Severity::Info)
                } else {
                    finding
                });
            }
        }
    }
}

/// Whether a paragraph is compared with others.
fn is_compared(text: &str, kind: ParagraphKind) -> bool {
    let skipped = match kind {
        ParagraphKind::Code | ParagraphKind::Heading(_) => true,
        // Items of lists, in documentation and in law, recur under several heads.
        ParagraphKind::ListItem => true,
        _ if is_caption(text) => true,
        _ => text.len() < 200 && (text.ends_with(['；', ';']) || text.starts_with(['（', '('])),
    };
    !skipped && text.len() >= 3 * SHORTEST
}

/// The line below a picture comes again with the picture.
fn is_caption(text: &str) -> bool {
    const MARKS: [&str; 8] = [
        "来源：",
        "来源:",
        "图源",
        "截图",
        "供图",
        "图片",
        "图为",
        "图/",
    ];
    text.len() < 240
        && ["摄", "图", "源"]
            .iter()
            .any(|c| memmem::find(text.as_bytes(), c.as_bytes()).is_some())
        && (text.trim_end_matches(['。', ')', '）']).ends_with('摄')
            || MARKS.iter().any(|m| text.contains(m)))
}

/// Whether a paragraph at the head of a document is its summary or a quotation that introduces it:
/// a sentence or two of the text to come.
fn introduces(document: &Reading<'_>, paragraph: &Paragraph, index: usize) -> bool {
    let number = document
        .slice(paragraph.content)
        .trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered =
        number.len() < paragraph.content.len() && number.starts_with(['_', '、', '.', '．']);
    // above it stands nothing but a title
    let titled = || {
        !document
            .slice(document.paragraphs()[0].content)
            .ends_with(is_sentence_end)
    };
    let heads = index == 0 || index == 1 && titled();
    paragraph.content.len() < 360 && (heads || numbered)
}

/// Whether the line below a paragraph names whom it quotes (——鲁迅), or its own end does: a motto
/// may stand above more than one chapter.
fn is_attributed(document: &Reading<'_>, index: usize) -> bool {
    let text = |index: usize| {
        let paragraph = document.paragraphs().get(index);
        paragraph.map_or("", |p| document.slice(p.content))
    };
    let named = text(index).rsplit_once("——").is_some_and(|(quoted, name)| {
        !quoted.is_empty() && name.len() < 60 && !name.contains('。')
    });
    named || text(index + 1).starts_with("——") || text(index + 1).starts_with("--")
}

/// What there is of each paragraph to be compared.
struct Contents {
    each: Vec<Content>,
    /// The fingerprints of all of them.
    picks: Vec<u32>,
    /// Those that are picked more than once; and a few others.
    recurring: Marked,
}

/// A paragraph that is compared.
struct Content {
    paragraph: u32,
    /// Where its fingerprints end; of one that is the same as an earlier one none are kept.
    end: u32,
    /// The first one that is the same.
    same: Option<u32>,
}

impl Contents {
    fn of(document: &Reading<'_>) -> Self {
        let (text, paragraphs) = (document.text(), document.paragraphs());
        // In a large document fewer fingerprints will do: they are there to find candidates, and
        // memory has a limit.
        let window = if text.len() > 4 << 20 {
            Winnower::MOST
        } else {
            6
        };
        // Nearly as many fingerprints as are picked of a text without copies.
        let expected = text.len() / 3 * 2 / (window + 1);
        let mut contents = Self {
            each: Vec::new(),
            picks: Vec::with_capacity(expected),
            recurring: Marked::new(expected),
        };
        let mut picked = Marked::new(expected);
        let mut winnower = Winnower::new(window);
        // Whole contents.
        let mut whole: HashMap<u64, u32, Hashed> = HashMap::default();
        // What is mostly no Chinese is a table, a formula, a page's code.
        let shortest = if document.is_markdown() {
            2 * SHORTEST
        } else {
            SHORTEST
        };
        for (index, paragraph) in (0..).zip(paragraphs) {
            let text = document.slice(paragraph.content);
            if !is_compared(text, paragraph.kind) {
                continue;
            }
            let from = contents.picks.len();
            winnower.restart();
            let (mut hash, mut count, mut han) = (ContentHash::default(), 0, 0);
            for c in content(text) {
                hash.push(c);
                count += 1;
                han += usize::from(is_han(c));
                contents.picks.extend(winnower.push(c));
            }
            if han < shortest || han * 2 < count {
                contents.picks.truncate(from);
                continue;
            }
            let mut same = None;
            match whole.entry(hash.value()) {
                Entry::Occupied(first) => {
                    contents.picks.truncate(from);
                    let first = *first.get();
                    let other = document.slice(paragraphs[first as usize].content);
                    if !content(other).eq(content(text)) {
                        continue;
                    }
                    same = Some(first);
                }
                Entry::Vacant(free) => {
                    free.insert(index);
                }
            }
            for pick in &contents.picks[from..] {
                if picked.mark(*pick) {
                    contents.recurring.mark(*pick);
                }
            }
            contents.each.push(Content {
                paragraph: index,
                end: contents.picks.len() as u32,
                same,
            });
        }
        contents
    }
}

/// Fingerprints that are marked, by some of their bits.
struct Marked {
    words: Vec<u64>,
}

impl Marked {
    /// Bits for each of as many fingerprints as are expected.
    const BITS: usize = 16;

    fn new(expected: usize) -> Self {
        let words = (expected * Self::BITS / 64).next_power_of_two();
        Self {
            words: vec![0; words],
        }
    }

    /// Marks one; whether it was marked.
    fn mark(&mut self, pick: u32) -> bool {
        let marked = self.has(pick);
        let (word, bit) = self.place(pick);
        self.words[word] |= bit;
        marked
    }

    fn has(&self, pick: u32) -> bool {
        let (word, bit) = self.place(pick);
        self.words[word] & bit != 0
    }

    fn place(&self, pick: u32) -> (usize, u64) {
        let word = (pick as usize / 64) & (self.words.len() - 1);
        (word, 1 << (pick % 64))
    }
}

/// What stood before.
#[derive(Default)]
struct Seen {
    /// Fingerprints that recur, each with the first and the latest paragraph that has it: a formula
    /// that opens every paragraph costs no more than two votes.
    picks: HashMap<u32, (u32, u32), Hashed>,
    /// The paragraphs that the fingerprints of the one at hand vote for.
    votes: Vec<u32>,
}

impl Seen {
    /// An earlier paragraph that this one may be a copy of, by its fingerprints; remembers this
    /// one.
    fn like(
        &mut self,
        document: &Reading<'_>,
        index: u32,
        contents: &Contents,
        picks: Range<usize>,
    ) -> Option<u32> {
        self.votes.clear();
        let picks = &contents.picks[picks];
        let recurs = |pick: &&u32| contents.recurring.has(**pick);
        for pick in picks.iter().filter(recurs) {
            match self.picks.entry(*pick) {
                Entry::Occupied(mut place) => {
                    let (first, latest) = place.get_mut();
                    if *latest != index {
                        self.votes.push(*first);
                        if latest != first {
                            self.votes.push(*latest);
                        }
                        *latest = index;
                    }
                }
                Entry::Vacant(free) => {
                    free.insert((index, index));
                }
            }
        }
        // A copy whose every tenth character is wrong still shares a quarter of its fingerprints; a
        // shorter original can share no more than it has.
        let (votes, earlier) = most_frequent(&mut self.votes)?;
        let length = |index: u32| document.paragraphs()[index as usize].content.len();
        let own = length(index);
        let shorter = picks.len() * length(earlier).min(own) / own;
        (votes * 4 >= shorter.max(4)).then_some(earlier)
    }
}

/// How often the most frequent value stands in a list, and the value.
fn most_frequent(values: &mut [u32]) -> Option<(usize, u32)> {
    values.sort_unstable();
    values
        .chunk_by(|a, b| a == b)
        .map(|run| (run.len(), run[0]))
        .max_by_key(|(count, value)| (*count, u32::MAX - value))
}

fn exact_copy(document: &Reading<'_>, first: &Paragraph, copy: &Paragraph) -> Finding {
    let line = document.line(first.span.start());
    let same = document.slice(first.content) == document.slice(copy.content);
    let message = if same {
        told!("the same paragraph as at line {line}"; "与第{line}行的段落相同")
    } else {
        told!(
            "the same paragraph as at line {line}, but for its punctuation";
            "与第{line}行的段落相同，仅标点有别"
        )
    };
    report(document, first, copy, message, 1.0)
}

fn report(
    document: &Reading<'_>,
    original: &Paragraph,
    copy: &Paragraph,
    message: Message,
    likeness: f64,
) -> Finding {
    let role = if original.span < copy.span {
        told!("first copy"; "第一次出现")
    } else {
        told!("the whole paragraph"; "完整的段落")
    };
    Finding::new(&CARD, copy.span, message)
        .help(told!("one of the two does not belong here"; "两处之一是多余的"))
        .label(original.span, role)
        .evidence("line", document.line(original.span.start()))
        .evidence("likeness", likeness)
        .fix(Fix::replace(
            Safety::Unsafe,
            with_break(document, copy.span),
            "",
        ))
}

/// A paragraph with the line breaks after it, or with those before it where it is the last one.
pub(super) fn with_break(document: &Reading<'_>, span: Span) -> Span {
    let text = document.text();
    let after = &text[span.end()..];
    let next = after.trim_start_matches(['\r', '\n']);
    if !next.is_empty() || after.is_empty() {
        let end = text.len() - next.len();
        if end > span.end() {
            return Span::new(span.start(), end);
        }
    }
    let start = text[..span.start()]
        .trim_end_matches(['\r', '\n', ' ', '\u{3000}'])
        .len();
    Span::new(start, span.end())
}
