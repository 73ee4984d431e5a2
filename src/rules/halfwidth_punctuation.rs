//! `halfwidth-punctuation`: ASCII marks in Chinese text.

use crate::finding::{Confidence, Edit, Finding, Findings, Fix, Safety, Severity};
use crate::model::lexicon::Kinds;
use crate::model::segment::Word;
use crate::reading::Reading;
use crate::rule::{Card, Chinese, Group, Rule};
use crate::text::{CharClass, Span, around, has_han, is_closing, is_han};
use crate::told;

static CARD: Card = Card {
    name: "halfwidth-punctuation",
    group: Group::Punctuation,
    severity: Severity::Warning,
    confidence: Confidence::High,
    default: true,
    summary: "an ASCII mark between Chinese: , ; : ? ! . ( ) and - between terms",
    docs: "Chinese text has marks of full width; recognisers and converters put ASCII ones. A document that is set so throughout has one finding for each \
mark, at the first one, with their number; its fix changes all of them. In a document that has both, the fewer are told, with their places.\n\nMarks inside \
numbers, times, addresses, code and Latin text are right. Brackets follow the commas: where those have full width, half-width brackets are shown as `info`, once. In Markdown only a mark directly between two \
Chinese characters counts: brackets and spaced marks beside code and English are a matter of style there.\n\nHyphens that chain Chinese terms \
(评估-反馈-优化) are dashes (—) in full width; a single hyphen between two terms is shown as `info`, straight quotation marks too.",
    chinese: Chinese {
        name: "半角标点",
        summary: "中文之间的半角标点：, ; : ? ! . ( ) 以及词语间的 -",
        docs: "中文用全角标点，识别和转换程序却写成半角。通篇半角的文档，每种标点只报一处并注明次数，修复则全部改正；全角半角混用的，\
报告较少的一方及其各处。\n\n数字、时间、网址、代码和西文中的不算。括号随逗号而定：逗号全角时，半角括号提示一次。Markdown 中只有紧夹在两个汉字之间的才算。\
\n\n连接中文词语的连字符（评估-反馈-优化）应为破折号（—）；单个连字符和直引号只作提示。",
    },
    bad: &[
        "清晨,渔船陆续返港,码头上堆满了银色的鱼.",
        "他说：“走吧!”大家就上路了；谁也没有回头,雨又下起来了，路很滑，天很黑。",
        "形成评估-反馈-优化的闭环。",
    ],
    good: &[
        "The cells contain “Og”, “H” and “He”; see the manual.",
        "比分是3:2，全长1,500米，10:30开始，版本2.0。",
        "国内生产总值增长5.2%。",
        "他引用了“Peace, love and hope.”这句话。",
        "他在拉诺-莱-圣米歇尔住了三年，后来搬到了首都。",
    ],
    fix: Some(Safety::Safe),
    yields_to: &[
        "repeated-punctuation",
        "markup-residue",
        "mojibake",
        "filter-evasion",
    ],
    levels: &[],
};

/// ASCII marks and what they are in full width.
const MARKS: [(char, char); 8] = [
    (',', '，'),
    (';', '；'),
    (':', '：'),
    ('?', '？'),
    ('!', '！'),
    ('(', '（'),
    (')', '）'),
    ('.', '。'),
];

const COMMA: usize = 0;
const OPEN: usize = 5;
const CLOSE: usize = 6;
const STOP: usize = 7;

/// A document with more of one mark in ASCII than this, and a good part of all of that mark, is set
/// so: one finding.
const MANY: usize = 20;

pub(super) struct HalfwidthPunctuation;

impl Rule for HalfwidthPunctuation {
    fn cards(&self) -> &[&'static Card] {
        const { &[&CARD] }
    }

    fn check(&self, document: &Reading<'_>, findings: &mut Findings) {
        let mut half: [Vec<Span>; MARKS.len()] = Default::default();
        // Brackets around Latin, and marks inside brackets: they follow the style of the document.
        let mut soft: [Vec<Span>; MARKS.len()] = Default::default();
        let mut full = [0usize; MARKS.len()];
        let mut hyphens = Vec::new();
        let mut quotes = Vec::new();
        // Where the bracket at hand is closed.
        let mut closes: Option<usize> = None;
        let text = document.text();
        for token in document.tokens().iter() {
            let at = token.span.start();
            match token.class {
                CharClass::Mark => {
                    let c = text[at..].chars().next();
                    if let Some(i) = MARKS.iter().position(|(_, f)| Some(*f) == c) {
                        full[i] += 1;
                    }
                }
                CharClass::AsciiMark if !token.masked => {
                    let c = char::from(text.as_bytes()[at]);
                    // Three and more are lost characters, or shouting.
                    if text[at..].starts_with("???") {
                        continue;
                    }
                    let place = Place::new(text, token.span);
                    match c {
                        '-' if place.touches_han() => hyphens.push(token.span),
                        '"' if place.before.is_some_and(is_han)
                            || place.after.is_some_and(is_han) =>
                        {
                            quotes.push(token.span);
                        }
                        '(' => {
                            if let Some(end) = bracket(text, at)
                                && !document.is_markdown()
                            {
                                soft[OPEN].push(token.span);
                                closes = Some(end);
                            }
                        }
                        ')' => {
                            if closes == Some(at) {
                                soft[CLOSE].push(token.span);
                                closes = None;
                            }
                        }
                        _ => {
                            if let Some(i) = MARKS.iter().position(|(h, _)| *h == c)
                                && place.is_chinese(c, document.is_markdown())
                                && !place.is_foreign(text, token.span)
                            {
                                if closes.is_some_and(|end| at < end) {
                                    soft[i].push(token.span);
                                } else {
                                    half[i].push(token.span);
                                }
                            }
                        }
                    }
                }
                _ => {}
            }
        }
        let by_commas = half[COMMA].len() > full[COMMA];
        for (half, soft) in half.iter_mut().zip(&soft) {
            if by_commas {
                half.extend_from_slice(soft);
                half.sort_unstable();
            }
        }
        if !by_commas {
            report_brackets(&soft, findings);
        }
        part_stops(document, &mut half[STOP], full[STOP], findings);
        for (i, spans) in half.iter().enumerate() {
            report(document, MARKS[i], spans, full[i], findings);
        }
        if !document.is_markdown() {
            report_quotes(&quotes, findings);
            report_hyphens(document, &hyphens, findings);
        }
    }
}

/// What stands around a mark.
struct Place {
    before: Option<char>,
    after: Option<char>,
    /// The next character, with spaces left out.
    beyond: Option<char>,
}

impl Place {
    fn new(text: &str, span: Span) -> Self {
        let rest = &text[span.end()..];
        let after = rest.chars().next();
        Self {
            before: text[..span.start()].chars().next_back(),
            after,
            beyond: match after {
                Some(' ') => rest[1..].chars().next(),
                other => other,
            },
        }
    }

    /// Whether the mark stands far from any Chinese character, whatever its quotation marks.
    fn is_foreign(&self, text: &str, span: Span) -> bool {
        const NEAR: usize = 30;
        let beside_han = [self.before, self.beyond].into_iter().flatten().any(is_han);
        let near = || {
            let (left, right) = around(text, span.range(), NEAR);
            &text[span.start() - left..span.end() + right]
        };
        !beside_han && !has_han(near(), 1)
    }

    fn touches_han(&self) -> bool {
        self.before.is_some_and(is_han) && self.after.is_some_and(is_han)
    }

    /// Whether a mark that stands here is one of Chinese text.
    fn is_chinese(&self, mark: char, markdown: bool) -> bool {
        if markdown {
            return mark != '.' && self.touches_han();
        }
        let latin = |c: char| c.is_ascii_alphanumeric();
        let wide_before = self
            .before
            .is_some_and(|c| is_han(c) || (!c.is_ascii() && is_closing(c)));
        match mark {
            // 你好.他来了. — but 说明.txt, …… as dots, and numbers of lists are none.
            '.' => {
                self.before.is_some_and(is_han)
                    && self
                        .beyond
                        .is_none_or(|c| is_han(c) || !c.is_ascii() || c == '\n' || c == '\r')
            }
            ':' => wide_before && !matches!(self.after, Some('/' | ':')),
            '?' | '!' => wide_before && !matches!(self.after, Some('=')),
            _ => {
                let closed = |c: char| latin(c) || matches!(c, '%' | ')' | '"');
                wide_before || (self.before.is_some_and(closed) && self.after.is_some_and(is_han))
            }
        }
    }
}

/// Where a bracket that holds Chinese, or stands in it, is closed.
fn bracket(text: &str, at: usize) -> Option<usize> {
    let inside = &text[at + 1..];
    let limit = inside
        .char_indices()
        .nth(100)
        .map_or(inside.len(), |(i, _)| i);
    let end = inside[..limit].find([')', '\n', '('])?;
    if !inside[end..].starts_with(')') {
        return None;
    }
    let content = &inside[..end];
    let before = text[..at].chars().next_back();
    let after = inside[end + 1..].chars().next();
    let chinese =
        content.chars().any(is_han) || before.is_some_and(is_han) || after.is_some_and(is_han);
    let place = before.is_none_or(|c| !c.is_ascii() || c == '\n' || c == ' ' || c.is_ascii_digit());
    (chinese && place).then_some(at + 1 + end)
}

/// Takes the dots right between two Chinese characters out of the full stops: inside a word they
/// are there to get past a filter (屁.股), in a document that has 。 they are as often part of a
/// name (约翰.史密斯) as the end of a sentence.
fn part_stops(document: &Reading<'_>, stops: &mut Vec<Span>, full: usize, findings: &mut Findings) {
    let throughout = full * 4 < stops.len();
    let mut words = Vec::new();
    let mut doubtful = Vec::new();
    stops.retain(|stop| {
        if !Place::new(document.text(), *stop).touches_han() {
            return true;
        }
        if is_inside_word(document, *stop, &mut words) {
            return false;
        }
        if !throughout {
            doubtful.push(*stop);
        }
        throughout
    });
    for stop in doubtful {
        let message = told!(
            "half-width . in a text that has 。 {full} times";
            "半角 .，而文中 。 有{full}处"
        );
        let edit = Fix::replace(Safety::Unsafe, stop, "。");
        findings.push(
            Finding::new(&CARD, stop, message)
                .help(told!("。 is meant, or · in a name"; "应为 。，在人名中应为 ·"))
                .defect("between")
                .fix(edit),
        );
    }
}

/// Characters on either side of a mark that are read.
const SIDE: usize = 6;

/// Whether a word reaches over a mark, by the cheapest way to cut the text without it into words.
fn is_inside_word(document: &Reading<'_>, mark: Span, words: &mut Vec<Word>) -> bool {
    let text = document.text();
    let left = text[..mark.start()].chars().rev().take(SIDE);
    let mut left: Vec<_> = left.take_while(|c| is_han(*c)).collect();
    left.reverse();
    let mut joined: String = left.into_iter().collect();
    let seam = joined.len() as u32;
    let right = text[mark.end()..].chars().take(SIDE);
    joined.extend(right.take_while(|c| is_han(*c)));
    document.model().segment(&joined, words);
    let over = |w: &Word| w.start < seam && w.end > seam && w.word.is_some();
    words.iter().any(over)
}

fn report(
    document: &Reading<'_>,
    (mark, wide): (char, char),
    spans: &[Span],
    full: usize,
    findings: &mut Findings,
) {
    let Some(first) = spans.first() else {
        return;
    };
    let edit = |span: Span| {
        // The space that made up for the narrow mark goes with it.
        let spaced = document.text()[span.end()..].starts_with(' ') && mark != '(';
        Edit {
            span: Span::new(span.start(), span.end() + usize::from(spaced)),
            replacement: wide.to_string(),
        }
    };
    let count = spans.len();
    if count > full || (count > MANY && count * 4 > full) {
        let message = match count {
            1 => told!("half-width {mark} in Chinese text"; "中文里的半角 {mark}"),
            n => told!(
                "half-width {mark} in Chinese text, {n} times in this file";
                "中文里的半角 {mark}，本文件中共{n}处"
            ),
        };
        findings.push(
            Finding::new(&CARD, *first, message)
                .help(told!("{wide} is meant"; "应为 {wide}"))
                .places(spans.to_vec())
                .evidence("count", count)
                .fix(Fix {
                    safety: Safety::Safe,
                    edits: spans.iter().map(|span| edit(*span)).collect(),
                }),
        );
        return;
    }
    for span in spans {
        let message = told!(
            "half-width {mark} in a text that has {wide} {full} times";
            "半角 {mark}，而文中 {wide} 有{full}处"
        );
        findings.push(
            Finding::new(&CARD, *span, message)
                .help(told!("{wide} is meant"; "应为 {wide}"))
                .defect(mark)
                .fix(Fix {
                    safety: Safety::Safe,
                    edits: vec![edit(*span)],
                }),
        );
    }
}

/// Brackets in a text that is full-width otherwise: many set them so on purpose.
fn report_brackets(soft: &[Vec<Span>], findings: &mut Findings) {
    if let Some(first) = soft[OPEN].first() {
        let count = soft[OPEN].len();
        let message = told!(
            "half-width brackets beside Chinese, {count} in this file";
            "中文旁的半角括号，本文件中共{count}处"
        );
        findings.push(
            Finding::new(&CARD, *first, message)
                .severity(Severity::Info)
                .places(soft[OPEN].clone())
                .help(told!(
                    "（ and ） are usual where the other marks have full width";
                    "其他标点用全角时，括号通常也用（）"
                )),
        );
    }
}

fn report_quotes(quotes: &[Span], findings: &mut Findings) {
    if let Some(first) = quotes.first() {
        let count = quotes.len();
        let message = told!(
            "straight quotation marks beside Chinese, {count} in this file";
            "中文旁的直引号，本文件中共{count}个"
        );
        findings.push(
            Finding::new(&CARD, *first, message)
                .severity(Severity::Info)
                .places(quotes.to_vec())
                .help(told!("“ and ” are meant"; "应为 “ 和 ”")),
        );
    }
}

/// 评估-反馈-优化: hyphens with at most eight Chinese characters between them are one chain.
fn report_hyphens(document: &Reading<'_>, hyphens: &[Span], findings: &mut Findings) {
    let text = document.text();
    let term = |from: usize, to: usize| {
        let between = &text[from..to];
        between.len() <= 24 && between.chars().all(is_han)
    };
    let (mut singles, mut words) = (Vec::new(), Vec::new());
    let mut rest = hyphens;
    while !rest.is_empty() {
        let links = rest
            .windows(2)
            .take_while(|pair| term(pair[0].end(), pair[1].start()))
            .count();
        let (chain, others) = rest.split_at(links + 1);
        rest = others;
        // A foreign name keeps its hyphens: 拉诺-莱-圣米歇尔.
        let between = chain.windows(2);
        if between
            .map(|pair| &text[pair[0].end()..pair[1].start()])
            .any(|term| !is_term(document, term, &mut words))
        {
            continue;
        }
        if links == 0 {
            singles.push(chain[0]);
            continue;
        }
        let span = Span::new(
            grow_back(text, chain[0].start()),
            grow(text, chain[links].end()),
        );
        findings.push(
            Finding::new(
                &CARD,
                span,
                told!("hyphens between Chinese terms"; "中文词语间的连字符"),
            )
            .help(told!("dashes are meant: —"; "应为破折号 —"))
            .fix(Fix {
                safety: Safety::Safe,
                edits: chain
                    .iter()
                    .map(|span| Edit {
                        span: *span,
                        replacement: "—".into(),
                    })
                    .collect(),
            }),
        );
    }
    if let Some(first) = singles.first() {
        let count = singles.len();
        let message = told!(
            "hyphen between Chinese terms, {count} in this file";
            "中文词语间的连字符，本文件中共{count}处"
        );
        findings.push(
            Finding::new(&CARD, *first, message)
                .severity(Severity::Info)
                .places(singles.clone())
                .help(told!("a dash is meant: —"; "应为破折号 —")),
        );
    }
}

/// Whether a term is made of words of the language, each of two characters at least, and no name.
fn is_term(document: &Reading<'_>, term: &str, words: &mut Vec<Word>) -> bool {
    let model = document.model();
    let named = |id| {
        let kinds = model.lexicon().kinds(id);
        [Kinds::PLACE, Kinds::PERSON, Kinds::ORGANISATION]
            .into_iter()
            .any(|kind| kinds.any(kind))
    };
    model.segment(term, words);
    words.iter().all(|w| {
        let long = w.end - w.start > 4;
        long && w.word.is_some_and(|id| !named(id))
    })
}

/// The end of the term of at most four characters that begins at `at`.
fn grow(text: &str, at: usize) -> usize {
    let term = text[at..].chars().take(4).take_while(|c| is_han(*c));
    at + term.map(char::len_utf8).sum::<usize>()
}

fn grow_back(text: &str, at: usize) -> usize {
    let term = text[..at].chars().rev().take(4).take_while(|c| is_han(*c));
    at - term.map(char::len_utf8).sum::<usize>()
}
