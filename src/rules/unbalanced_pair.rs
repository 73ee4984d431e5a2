//! `unbalanced-pair`: an opening mark that nothing closes, a closing mark that closes nothing.

use std::collections::HashSet;

use crate::document::edges::closes;
use crate::document::{Paragraph, ParagraphKind};
use crate::finding::{Confidence, Finding, Findings, Severity};
use crate::reading::Reading;
use crate::rule::{Card, Chinese, Group, Rule};
use crate::text::numerals::is_to_ten;
use crate::text::{
    CharClass, Span, has_han, is_closing, is_han, is_opening, is_sentence_end, line_around,
};
use crate::told;

static CARD: Card = Card {
    name: "unbalanced-pair",
    group: Group::Punctuation,
    severity: Severity::Warning,
    confidence: Confidence::High,
    default: true,
    summary: "a quotation mark or bracket without its other half",
    docs: "Quotation marks and brackets are paired within a paragraph, and across the cut where a paragraph is continued by another one. A quotation of \
several paragraphs that opens each of them and closes only the last is right, and so are emoticons, apostrophes, inches, list marks such as 1) and \
a), and anything inside code, formulas and addresses.",
    chinese: Chinese {
        name: "引号括号不成对",
        summary: "缺了另一半的引号或括号",
        docs: "引号和括号在段内配对，段落被切断时跨段配对。引文有几段、每段有前引号而只有末段有后引号的正确；颜文字、撇号、英寸、1) a) 一类序号，\
以及代码、公式和网址中的不管。",
    },
    bad: &[
        "村民老周说：路通了，人心也就亮堂了。”大家都点头。",
        "他们把这叫作“双赢。大家都点头。",
    ],
    good: &[
        "他说：“村里人都说‘好’。”",
        "“第一段。\n\n“第二段。”",
        "老周慢慢地说：“头一年栽下的树都死了。\n\n第二年改了办法，才活下来一半。”",
        "1) 种树；2) 修路。",
        "别担心 :) 我们马上就来。",
        "〔幕启。\n\n老周：今年的树栽好了吗？\n\n〔二柱上。\n\n二柱：栽好了。\n\n〔两人下。",
        "It's 5' tall.",
    ],
    fix: None,
    yields_to: &[
        "broken-paragraph",
        "misordered-block",
        "duplicate-paragraph",
        "stray-latin",
    ],
    levels: &[],
};

/// A paragraph with more loose marks than this is a table, a drawing or rubbish of another kind.
const MANY: usize = 6;

/// The rule.
pub(super) struct UnbalancedPair;

/// A mark of a pair.
#[derive(Clone, Copy)]
struct Mark {
    span: Span,
    char: char,
}

impl Rule for UnbalancedPair {
    fn cards(&self) -> &[&'static Card] {
        const { &[&CARD] }
    }

    fn check(&self, document: &Reading<'_>, findings: &mut Findings) {
        let paragraphs = document.paragraphs();
        // A loose edge of a cut paragraph may hold one half of a pair.
        let mut next = vec![None; paragraphs.len()];
        let mut continues = vec![false; paragraphs.len()];
        let mut torn: HashSet<(usize, bool)> = HashSet::new();
        for cut in document.cuts().iter().filter(|c| c.log_odds > -0.5) {
            match (cut.end, cut.start) {
                (Some(end), Some(start)) => {
                    next[end as usize] = Some(start as usize);
                    continues[start as usize] = true;
                }
                (Some(end), None) if cut.log_odds > 2.0 => {
                    torn.insert((end as usize, true));
                }
                (None, Some(start)) if cut.log_odds > 2.0 => {
                    torn.insert((start as usize, false));
                }
                _ => {}
            }
        }
        let mut unpaired = Unpaired::default();
        for index in 0..paragraphs.len() {
            if continues[index] || matches!(paragraphs[index].kind, ParagraphKind::Code) {
                continue;
            }
            let (mut open, mut lone) = (Vec::new(), Vec::new());
            let (mut at, mut steps) = (Some(index), 0);
            let mut last = index;
            while let Some(i) = at.filter(|_| steps < 64) {
                read(document, &paragraphs[i], &mut open, &mut lone);
                last = i;
                at = next[i];
                if at.is_none() && !open.is_empty() {
                    at = below_formula(document, paragraphs, i);
                    if let Some(below) = at {
                        continues[below] = true;
                    }
                }
                steps += 1;
            }
            if torn.contains(&(index, false)) {
                lone.clear();
            }
            if torn.contains(&(last, true)) {
                open.clear();
            }
            if open.len() + lone.len() > MANY {
                continue;
            }
            let quotes_go_on = |mark: &Mark| {
                is_quote(mark.char) && quotation_goes_on(document, paragraphs, index, last, mark)
            };
            open.retain(|mark| !quotes_go_on(mark) && !is_cut_short(document.text(), mark.span));
            unpaired.opened(document, last, &open);
            unpaired.closed(document, index, &lone);
        }
        let directions = is_way_of_directions(document, &unpaired.marks);
        for (mark, opens) in unpaired.marks {
            let line = line_around(document.text(), mark.span.range());
            let chinese = has_han(&document.text()[line], 1);
            if chinese && !(directions && mark.char == DIRECTION) {
                push(document, findings, mark, opens);
            }
        }
    }
}

/// Whether the line breaks off in dots before anything could close what a mark opens, as the title
/// of a link does where a site has no more room: 警惕“自拍死...
fn is_cut_short(text: &str, mark: Span) -> bool {
    const ROOM: usize = 40 * '字'.len_utf8();
    let line = line_around(text, mark.range());
    let rest = &text[mark.end()..line.end];
    let title = rest.split([']', '<']).next().unwrap_or(rest).trim_end();
    let cut = title.ends_with(['…', '.']) && !title.ends_with("……");
    cut && title.len() <= ROOM && !title.contains('。')
}

/// What many plays set before each stage direction, and nothing behind it.
const DIRECTION: char = '〔';

/// Whether that is the way of a document: it begins paragraphs with the mark and never closes it.
fn is_way_of_directions(document: &Reading<'_>, unpaired: &[(Mark, bool)]) -> bool {
    const WAY: usize = 3;
    let begins = |mark: &Mark| {
        let before = &document.text()[..mark.span.start()];
        before.trim_end_matches([' ', '\u{3000}']).ends_with('\n') || before.is_empty()
    };
    let directions = unpaired
        .iter()
        .filter(|(mark, opens)| *opens && mark.char == DIRECTION);
    directions
        .filter(|(mark, _)| begins(mark))
        .take(WAY)
        .count()
        == WAY
}

/// The marks without their other half, in order.
#[derive(Default)]
struct Unpaired {
    /// Each with whether it opens.
    marks: Vec<(Mark, bool)>,
    /// The speech that is still open, where the last of the marks opens one: the paragraph that it
    /// was left open in.
    speech: Option<usize>,
}

/// Paragraphs that a speech may have when only the first opens it and only the last closes it.
const SPEECH: usize = 8;

impl Unpaired {
    /// Adds what a paragraph leaves open.
    fn opened(&mut self, document: &Reading<'_>, paragraph: usize, open: &[Mark]) {
        for mark in open {
            let before = &document.text()[..mark.span.start()];
            let begins = before.ends_with(['：', ':', '\n'])
                || before.trim_end_matches('\u{3000}').ends_with('\n');
            self.speech =
                (is_quote(mark.char) && (begins || before.is_empty())).then_some(paragraph);
            self.marks.push((*mark, true));
        }
    }

    /// Adds what a paragraph closes without having opened it. A speech of several paragraphs that
    /// opens in the first and closes in the last is whole, though most books would open each.
    fn closed(&mut self, document: &Reading<'_>, paragraph: usize, lone: &[Mark]) {
        for mark in lone {
            let speech = self.speech.take();
            let ends = speech
                .is_some_and(|first| (first + 1..=first + SPEECH).contains(&paragraph))
                && document.text()[..mark.span.start()].ends_with(is_sentence_end);
            match self.marks.last() {
                Some((open, true)) if ends && closes(open.char, mark.char) => {
                    self.marks.pop();
                }
                _ => self.marks.push((*mark, false)),
            }
        }
    }
}

/// The paragraph in which a sentence goes on after a formula or code in its middle.
fn below_formula(document: &Reading<'_>, paragraphs: &[Paragraph], index: usize) -> Option<usize> {
    let is_code = |p: &&Paragraph| p.kind == ParagraphKind::Code;
    let between = paragraphs[index + 1..].iter().take_while(is_code).count();
    let below = index + 1 + between;
    let start = paragraphs.get(below)?.content.start();
    (between > 0 || document.mask().at(start).is_some()).then_some(below)
}

fn push(document: &Reading<'_>, findings: &mut Findings, mark: Mark, opens: bool) {
    let text = document.text();
    let near = if !opens {
        crate::text::last_chars(&text[..mark.span.end()], 9)
    } else {
        crate::text::first_chars(&text[mark.span.start()..], 9)
    };
    let (near, char) = (near.replace('\n', " "), mark.char);
    let message = match opens {
        true => told!("nothing closes it: “{near}”"; "没有与之配对的后半：“{near}”"),
        false => told!("nothing opens it: “{near}”"; "没有与之配对的前半：“{near}”"),
    };
    let help = told!(
        "look for the lost half of {char} in this paragraph";
        "请在本段中查找 {char} 丢失的另一半"
    );
    findings.push(Finding::new(&CARD, mark.span, message).help(help));
}

/// Reads the marks of a paragraph: those still open, and closing ones that close nothing.
fn read(document: &Reading<'_>, paragraph: &Paragraph, open: &mut Vec<Mark>, lone: &mut Vec<Mark>) {
    for token in document.tokens().within(paragraph.content) {
        if token.masked || !matches!(token.class, CharClass::Mark | CharClass::AsciiMark) {
            continue;
        }
        let text = document.slice(token.span);
        let Some(char) = text.chars().next() else {
            continue;
        };
        let mark = Mark {
            span: token.span,
            char,
        };
        if is_opening(char) {
            if !matches!(char, '[' | '{') && !is_frown(document, token.span) {
                open.push(mark);
            }
        } else if is_closing(char) && !matches!(char, ']' | '}') {
            match open.iter().rposition(|o| closes(o.char, char)) {
                Some(at) => {
                    // ‘ inside “…” that never closed is its own fault; the outer pair is whole.
                    lone.extend(open.drain(at + 1..));
                    open.pop();
                }
                None if is_list_mark(document, paragraph, token.span)
                    || is_apostrophe(document, token.span)
                    || is_smile(document, token.span) => {}
                None => lone.push(mark),
            }
        }
    }
}

fn is_quote(c: char) -> bool {
    matches!(c, '“' | '‘' | '「' | '『')
}

/// 1) and a）: the bracket closes a number.
fn is_list_mark(document: &Reading<'_>, paragraph: &Paragraph, mark: Span) -> bool {
    if !matches!(document.slice(mark), ")" | "）") {
        return false;
    }
    let before = &document.text()[paragraph.content.start()..mark.start()];
    let number = before.len()
        - before
            .trim_end_matches(|c: char| c.is_ascii_alphanumeric() || is_to_ten(c))
            .len();
    let rest = before[..before.len() - number].chars().next_back();
    number > 0 && number <= 6 && rest.is_none_or(|c| !is_han(c) && !c.is_alphanumeric())
}

/// The eyes of a face.
const EYES: [char; 4] = [':', ';', '：', '；'];

/// The mouth of :) and ：）） and ;-).
fn is_smile(document: &Reading<'_>, mark: Span) -> bool {
    let face = document.text()[..mark.start()].trim_end_matches([' ', '-', ')', '）']);
    matches!(document.slice(mark), ")" | "）") && face.ends_with(EYES)
}

/// The mouth of ：（, behind which nothing stands that a bracket could hold.
fn is_frown(document: &Reading<'_>, mark: Span) -> bool {
    let text = document.text();
    let next = text[mark.end()..].chars().next();
    matches!(document.slice(mark), "(" | "（")
        && text[..mark.start()].ends_with(EYES)
        && next.is_none_or(|c| c.is_whitespace() || is_closing(c) || is_sentence_end(c))
}

/// ’ after a letter, and before the last two digits of a year: ’98.
fn is_apostrophe(document: &Reading<'_>, mark: Span) -> bool {
    let digits = |text: &str| text.chars().take_while(char::is_ascii_digit).count();
    let text = document.text();
    document.slice(mark) == "’"
        && (text[..mark.start()].ends_with(|c: char| c.is_ascii_alphanumeric())
            || digits(&text[mark.end()..]) == 2)
}

/// Whether an open quotation goes on in the next paragraph, which opens it again, or closes there
/// without having opened; several paragraphs of one speech.
fn quotation_goes_on(
    document: &Reading<'_>,
    paragraphs: &[Paragraph],
    first: usize,
    last: usize,
    mark: &Mark,
) -> bool {
    let text = |i: usize| paragraphs.get(i).map_or("", |p| document.slice(p.content));
    let opens_again = text(last + 1).starts_with(mark.char);
    let opens_here = paragraphs[first.min(last)..=first.max(last)]
        .iter()
        .any(|p| p.content.start() == mark.span.start());
    let announced = document.text()[..mark.span.start()].ends_with(['：', ':']);
    opens_again && (opens_here || announced)
}
