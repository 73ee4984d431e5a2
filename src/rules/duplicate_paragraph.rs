//! `duplicate-paragraph`: a paragraph, or most of one, that stands twice.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use memchr::memmem;

use crate::document::{Paragraph, ParagraphKind};

use crate::finding::{Confidence, Finding, Findings, Fix, Safety, Severity};
use crate::language::Message;
use crate::reading::Reading;
use crate::rule::{Card, Chinese, Group, Rule};
use crate::text::{
    ContentHash, Hunk, Span, Winnower, content, cover, is_han, is_numeral, is_sentence_end,
};

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
/// The most edits that the alignment of two paragraphs may take.
const EDITS: usize = 96;

/// The rule.
pub(super) struct DuplicateParagraph;

impl Rule for DuplicateParagraph {
    fn cards(&self) -> &[&'static Card] {
        const { &[&CARD] }
    }

    fn check(&self, document: &Reading<'_>, findings: &mut Findings) {
        let paragraphs = document.paragraphs();
        let mut seen = Seen::new(document);
        for (index, paragraph) in paragraphs.iter().enumerate() {
            let text = document.slice(paragraph.content);
            let skipped = match paragraph.kind {
                ParagraphKind::Code | ParagraphKind::Heading(_) => true,
                // Items of lists, in documentation and in law, recur under several heads.
                ParagraphKind::ListItem => true,
                _ if is_caption(text) => true,
                _ => {
                    text.len() < 200
                        && (text.ends_with(['；', ';']) || text.starts_with(['（', '(']))
                }
            };
            if skipped || text.len() < 3 * SHORTEST {
                continue;
            }
            if let Some((earlier, exact)) = seen.like(paragraph, index as u32) {
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

/// Whether a paragraph at the head of a document is its summary or a quotation that introduces it: a sentence or two of the text to come.
fn introduces(document: &Reading<'_>, paragraph: &Paragraph, index: usize) -> bool {
    let number = document
        .slice(paragraph.content)
        .trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered =
        number.len() < paragraph.content.len() && number.starts_with(['_', '、', '.', '．']);
    paragraph.content.len() < 360 && (index < 2 || numbered)
}

/// Whether the line below a paragraph names whom it quotes (——鲁迅), or its own end does: a motto may stand above more than one chapter.
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

/// What stood before.
struct Seen<'a, 'd> {
    document: &'a Reading<'d>,
    winnower: Winnower,
    /// Whole contents.
    whole: HashMap<u64, u32, Hashed>,
    /// Fingerprints, each with the first and the latest paragraph that has it: a formula that opens every paragraph costs no more than two votes.
    picks: HashMap<u32, (u32, u32), Hashed>,
    /// The fingerprints of the paragraph at hand, and the paragraphs they vote for.
    current: Vec<u32>,
    votes: Vec<u32>,
}

impl<'a, 'd> Seen<'a, 'd> {
    fn new(document: &'a Reading<'d>) -> Self {
        // In a large document fewer fingerprints will do: they are there to find candidates, and memory has a limit.
        let window = if document.text().len() > 4 << 20 {
            Winnower::MOST
        } else {
            6
        };
        // Nearly as many fingerprints as are picked of a text without copies.
        let expected = document.text().len() / 3 * 2 / (window + 1);
        Self {
            document,
            winnower: Winnower::new(window),
            whole: HashMap::default(),
            picks: HashMap::with_capacity_and_hasher(expected, Hashed::default()),
            current: Vec::new(),
            votes: Vec::new(),
        }
    }

    /// An earlier paragraph that this one may be a copy of, and whether it is the same; remembers this one.
    fn like(&mut self, paragraph: &Paragraph, index: u32) -> Option<(u32, bool)> {
        let text = self.document.slice(paragraph.content);
        self.winnower.restart();
        self.current.clear();
        let (mut hash, mut count, mut han) = (ContentHash::default(), 0, 0);
        for c in content(text) {
            hash.push(c);
            count += 1;
            han += usize::from(is_han(c));
            if let Some(pick) = self.winnower.push(c) {
                self.current.push(pick);
            }
        }
        // What is mostly no Chinese is a table, a formula, a page's code.
        let shortest = if self.document.is_markdown() {
            2 * SHORTEST
        } else {
            SHORTEST
        };
        if han < shortest || han * 2 < count {
            return None;
        }
        match self.whole.entry(hash.value()) {
            Entry::Occupied(first) => {
                let first = *first.get();
                let other = self
                    .document
                    .slice(self.document.paragraphs()[first as usize].content);
                return content(other).eq(content(text)).then_some((first, true));
            }
            Entry::Vacant(free) => free.insert(index),
        };
        self.votes.clear();
        for pick in &self.current {
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
        // A copy whose every tenth character is wrong still shares a quarter of its fingerprints; a shorter original can share no more than it has.
        let (votes, earlier) = most_frequent(&mut self.votes)?;
        let other = self.document.paragraphs()[earlier as usize].content.len();
        let shorter = self.current.len() * other.min(text.len()) / text.len();
        (votes * 4 >= shorter.max(4)).then_some((earlier, false))
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

/// How the shorter of two paragraphs lies in the longer one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lies {
    /// From beginning to end.
    Over,
    /// On its beginning: the tail is missing.
    Head,
    /// On its end: the head is missing.
    Tail,
}

fn near_copy(document: &Reading<'_>, first: &Paragraph, second: &Paragraph) -> Option<Finding> {
    let (a, b) = (
        document.slice(first.content),
        document.slice(second.content),
    );
    let (mut left, mut right): (Vec<char>, Vec<char>) =
        (content(a).collect(), content(b).collect());
    // The shorter one is the damaged copy; of two about equally long ones the second.
    let first_is_cut = left.len() * 20 < right.len() * 19;
    let (original, copy) = if first_is_cut {
        (second, first)
    } else {
        (first, second)
    };
    if left.len() > right.len() {
        std::mem::swap(&mut left, &mut right);
    }
    let limit = EDITS.min(left.len() / 3);
    let head = cover(&left, &right, limit);
    let enough = head.as_ref().is_some_and(|c| c.hunks.is_empty());
    let tail = if enough {
        None
    } else {
        left.reverse();
        right.reverse();
        let tail = cover(&left, &right, limit);
        left.reverse();
        right.reverse();
        tail
    };
    let edits = |c: &crate::text::Cover| c.hunks.iter().map(|h| h.left + h.right).sum::<usize>();
    let (cover, from_end) = match (head, tail) {
        (Some(h), Some(t)) if edits(&t) < edits(&h) => (t, true),
        (Some(h), _) => (h, false),
        (None, Some(t)) => (t, true),
        (None, None) => return None,
    };
    if from_end {
        left.reverse();
        right.reverse();
    }
    let lies = if cover.covered == right.len() {
        Lies::Over
    } else if from_end {
        Lies::Tail
    } else {
        Lies::Head
    };
    if !is_misreading(&cover.hunks, &left, &right, lies) {
        return None;
    }
    let whole = document.slice(original.content);
    let rest = right.len() - cover.covered;
    let one_clause = left.len() < 26
        && !document
            .slice(copy.content)
            .contains(['，', ',', '。', '；', ';', '、']);
    if !is_cut(whole, document.slice(copy.content), rest, lies)
        || (lies != Lies::Over && one_clause)
    {
        return None;
    }
    let matched = left.len() - cover.hunks.iter().map(|h| h.left).sum::<usize>();
    let likeness = 2.0 * matched as f64 / (left.len() + cover.covered) as f64;
    let line = document.line(original.span.start());
    let percent = (likeness * 100.0).floor();
    let alike = if likeness < 1.0 {
        told!(", {percent} % alike"; "，相似 {percent}%")
    } else {
        Message::default()
    };
    let message = match lies {
        Lies::Over => told!(
            "nearly the same paragraph as at line {line}: {percent} % alike";
            "与第{line}行的段落几乎相同：相似 {percent}%"
        ),
        Lies::Tail => told!(
            "the end of the paragraph at line {line} once more, without its first {rest} characters";
            "第{line}行段落的后半再次出现，缺开头{rest}字"
        )
        .and(&alike),
        Lies::Head => told!(
            "the beginning of the paragraph at line {line} once more, without its last {rest} characters";
            "第{line}行段落的前半再次出现，缺末尾{rest}字"
        )
        .and(&alike),
    };
    Some(report(document, original, copy, message, likeness))
}

/// Whether two alike passages differ as copies do, by a few misread characters or a piece left out, and not as two passages of one pattern
/// do, by other words, names and numbers.
fn is_misreading(hunks: &[Hunk], left: &[char], right: &[char], lies: Lies) -> bool {
    // The weight of what was misread, in half characters.
    let (mut misread, mut dropped) = (0, 0);
    for hunk in hunks {
        let (a, b) = (
            &left[hunk.left_at..hunk.left_at + hunk.left],
            &right[hunk.right_at..hunk.right_at + hunk.right],
        );
        let small = hunk.left.max(hunk.right) < 4 || hunk.left.min(hunk.right) > 0;
        // A numeral for another is another number; a numeral for another character (一 for 工) was misread.
        let other_thing = a.iter().any(is_name_or_number) && b.iter().any(is_name_or_number);
        if small && (other_thing || are_opposites(a, b)) {
            return false;
        }
        match (hunk.left, hunk.right) {
            (1, 1) => misread += 2,
            (0, n) | (n, 0) if n <= 3 => misread += 2 + n,
            (0, _) | (_, 0) => dropped += 1,
            (a, b) if a + b == 3 => misread += 4,
            _ => return false,
        }
    }
    // A few words before or after are what leads over to a quotation; a copy that was cut begins and ends clean.
    let at_edge = hunks.iter().any(|h| {
        let (first, last) = (
            h.left_at.min(h.right_at) == 0,
            h.left_at + h.left + 3 > left.len(),
        );
        last || (first && h.left.max(h.right) > 1)
    });
    let most = (left.len() / 15).max(6);
    !at_edge
        && misread <= most
        && dropped <= usize::from(lies == Lies::Over)
        && (hunks.is_empty() || left.len() >= 30)
}

/// Numbers, and Latin letters: another one of them is another thing.
fn is_name_or_number(c: &char) -> bool {
    let number = |c| is_numeral(c) && !matches!(c, '零' | '半' | '几');
    !is_han(*c) || number(*c) || matches!(c, '甲' | '乙' | '丙' | '丁')
}

/// Characters by which two passages of one pattern tell opposite things.
fn are_opposites(a: &[char], b: &[char]) -> bool {
    const PAIRS: &str = "上下前后左右男女大小起止进出入出增减升降买卖东西南北内外正反新旧多少长短高低快慢老少父母夫妻兄弟姐妹早晚首末始终开关他她他它她它有无是否省市市县县乡主次公私原被";
    let ([a], [b]) = (a, b) else {
        return false;
    };
    let mut chars = PAIRS.chars();
    while let (Some(x), Some(y)) = (chars.next(), chars.next()) {
        if (x, y) == (*a, *b) || (y, x) == (*a, *b) {
            return true;
        }
    }
    false
}

/// Whether a copy that covers a paragraph but for `rest` content characters was cut off rather than set apart: a cut goes through a sentence, and
/// the copy ends as the original does at that place. A sentence set apart as a quotation, summary or caption begins and ends as a sentence of its own,
/// and so does the title that a sentence names in 《》.
fn is_cut(whole: &str, copy: &str, rest: usize, lies: Lies) -> bool {
    let last = |text: &str| {
        text.chars()
            .rev()
            .take_while(|c| content_of(*c).is_none())
            .any(is_sentence_end)
    };
    match lies {
        Lies::Over => true,
        Lies::Tail => last(whole) == last(copy) && cut_inside_sentence(whole, rest, lies),
        Lies::Head => !last(copy) && cut_inside_sentence(whole, rest, lies),
    }
}

fn content_of(c: char) -> Option<char> {
    content(c.encode_utf8(&mut [0; 4])).next()
}

/// Whether the paragraph is cut inside a sentence `rest` content characters from its beginning (`Lies::Tail`) or end. What is set apart as a whole
/// sentence is a quotation or a summary.
fn cut_inside_sentence(whole: &str, rest: usize, lies: Lies) -> bool {
    let mut passed = 0;
    let mut end_before = false;
    let chars: &mut dyn Iterator<Item = char> = if lies == Lies::Tail {
        &mut whole.chars()
    } else {
        &mut whole.chars().rev()
    };
    for c in chars {
        if content_of(c).is_some() {
            if passed == rest {
                return !end_before;
            }
            passed += 1;
            end_before = false;
        } else {
            // A sentence end at the cut means that whole sentences were left out; 《 or “, that a title or quotation is set apart.
            // A whole clause is most often quoted.
            end_before |= is_sentence_end(c)
                || matches!(
                    c,
                    '，' | ',' | '《' | '》' | '“' | '”' | '：' | ':' | '\n' | ' '
                );
        }
    }
    false
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

#[cfg(test)]
mod tests {
    use super::{Lies, cut_inside_sentence};

    #[test]
    fn cuts_between_sentences_are_quotations() {
        let whole = "雨下了三天。田里的水退了，“秧苗保住了。”";
        assert!(!cut_inside_sentence(whole, 5, Lies::Tail));
        assert!(cut_inside_sentence(whole, 4, Lies::Tail));
        assert!(!cut_inside_sentence(whole, 11, Lies::Head));
        assert!(cut_inside_sentence(whole, 8, Lies::Head));
    }
}
