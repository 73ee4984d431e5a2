//! `stray-space`: a space inside a Chinese word, or a lone one between two.

use crate::document::{Paragraph, Token};

use crate::finding::{Confidence, Edit, Finding, Findings, Fix, Safety, Severity};
use crate::model::characters::UNKNOWN;
use crate::model::lexicon::Kinds;
use crate::model::segment::Word;
use crate::reading::Reading;
use crate::rule::{Card, Chinese, Group, Rule};
use crate::text::{CharClass, Span, is_han, is_numeral, line_around};
use crate::told;

static CARD: Card = Card {
    name: "stray-space",
    group: Group::Punctuation,
    severity: Severity::Warning,
    confidence: Confidence::High,
    default: true,
    summary: "a space inside a Chinese word, a lone one between two, or one before a mark",
    docs: "Recognisers put a space where glyphs stand far apart, converters where a line ended: 高质量发 展. The rule joins the two sides, cuts them into words \
by the lexicon, and speaks where a word reaches over the space. In a text that hardly ever sets a space between Chinese characters, one between two \
words is shown as `info`. One before a mark of Chinese width (有人 ，) is told with all its places.\n\nOther spaces between words are layout and left alone: the halves of a headline, names behind \
记者, numbers of chapters (第一章　总则), names of two characters set to the width of three (李　明), verse, tables, and lines with many spaces. Short \
lines are not looked at: titles are set wide (目 录). A document with a space between most of its characters, as some recognisers write it, has one finding.",
    chinese: Chinese {
        name: "多余空格",
        summary: "中文词语中的空格，两词间孤立的空格，或标点前的空格",
        docs: "字距大处识别出空格，换行处转换出空格：高质量发 展。规则把两边相连，按词典切分，若有词跨过空格便报告。全文几乎没有空格时，\
词间偶有的空格作提示。全角标点前的空格（有人 ，）合为一处报告。\n\n其余词间空格属于版式，不管：标题的两半、记者之后的姓名、章号（第一章　总则）、排成三字宽的双字名（李　明）\
、诗行、表格、空格多的行。短行不看：标题常疏排（目 录）。几乎每字之间都有空格的文档只报一处。",
    },
    bad: &[
        "山里修了路，通了电，高质量发 展的成果看得见摸得着，村里人都说日子越过越好。",
        "学校里教的有经济学、法 学、管理学和社会学，晚上还有人来讲消 防、安防的常识。",
        "屋里没有人 ，只有一只猫卧在炕上。",
    ],
    good: &[
        "记者 高蕾 报道，山里修了路，通了电，村里人都说日子越过越好。",
        "春 天 的 歌",
        "参加评审的有村里的李　明、王　芳、周　远和从县里赶来的几位老师。",
        "第一章　总则规定了这部法律的目的和适用范围，以及各级机关的职责。",
    ],
    fix: Some(Safety::Safe),
    yields_to: &["double-print"],
    levels: &[],
};

/// A paragraph of fewer characters is a title or a name.
const SHORTEST: usize = 14;
/// How many characters on either side are read.
const SIDE: usize = 8;

pub(super) struct StraySpace;

impl Rule for StraySpace {
    fn cards(&self) -> &[&'static Card] {
        const { &[&CARD] }
    }

    fn check(&self, document: &Reading<'_>, findings: &mut Findings) {
        let tokens = document.tokens();
        if !tokens.has(CharClass::Space) {
            return;
        }
        let mut words = Vec::new();
        if let Some(finding) = spaced_throughout(document, &mut words) {
            findings.push(finding);
            return;
        }
        let mut between = Vec::new();
        for blank in blanks(document, &mut words) {
            match blank.inside {
                Some(word) => {
                    let message = told!("a space inside {word}"; "“{word}”中有空格");
                    findings.push(
                        Finding::new(&CARD, blank.span, message)
                            .help(told!("delete it"; "删去"))
                            .fix(Fix::replace(Safety::Safe, blank.span, "")),
                    );
                }
                None => between.push(blank.span),
            }
        }
        findings.extend(before_marks(document));
        // the gap may be all that is left of a rare character: lost-text tells it
        between.retain(|space| !is_torn(document, *space));
        if between.is_empty() {
            return;
        }
        // The Chinese characters of the document, but for those of its last tokens.
        let before_last = tokens.len().saturating_sub(2);
        let chinese = tokens.of(CharClass::Han);
        let chinese = chinese.take_while(|(i, _)| *i < before_last);
        let han_count: usize = chinese.map(|(_, han)| han.span.len() / 3).sum();
        // Where hardly any word is set off by a space, the few that are were most likely not meant
        // to be.
        if between.len() * RARE <= han_count {
            for space in between {
                let finding = Finding::new(
                    &CARD,
                    space,
                    told!("a space between Chinese words"; "中文词语间有空格"),
                )
                .severity(Severity::Info);
                findings.push(
                    finding
                        .help(told!(
                            "delete it, or write the mark that is missing";
                            "删去，或补上缺失的标点"
                        ))
                        .fix(Fix::replace(Safety::Unsafe, space, "")),
                );
            }
        }
    }
}

/// Marks before which no blank stands.
const CLOSING: [char; 7] = ['，', '。', '、', '；', '：', '！', '？'];

/// One finding for the blanks that stand before marks of Chinese width.
fn before_marks(document: &Reading<'_>) -> Option<Finding> {
    let text = document.text();
    let spaces = document.tokens().of(CharClass::Space).map(|(_, s)| s);
    let before = spaces.filter(|space| {
        let stands = text[..space.span.start()].ends_with(is_han)
            && text[space.span.end()..].starts_with(CLOSING);
        stands && !space.masked && matches!(document.slice(space.span), " " | "\u{3000}")
    });
    let places: Vec<Span> = before.map(|space| space.span).collect();
    let first = *places.first()?;
    // a text that was cut into words has blanks between them as well
    let tokens = document.tokens();
    let between = tokens.of(CharClass::Space);
    let between = between.filter(|(i, _)| tokens.between_han(*i).is_some());
    if between.count() > places.len() {
        return None;
    }
    let mark = text[first.end()..].chars().next()?;
    // a formula may have stood there that was lost
    let fix = deleted(Safety::Unsafe, &places);
    Some(
        Finding::new(
            &CARD,
            first,
            told!("a space before {mark}"; "“{mark}”前有空格"),
        )
        .help(told!(
            "delete it, unless something was lost there";
            "若没有丢失内容，删去"
        ))
        .places(places)
        .fix(fix),
    )
}

/// The fix that deletes all of some blanks.
fn deleted(safety: Safety, blanks: &[Span]) -> Fix {
    let edits = blanks.iter().map(|span| Edit {
        span: *span,
        replacement: String::new(),
    });
    Fix {
        safety,
        edits: edits.collect(),
    }
}

/// A blank between two Chinese characters of running text.
pub(super) struct Blank {
    pub(super) span: Span,
    /// The word that it stands in.
    pub(super) inside: Option<String>,
}

/// The blanks between Chinese characters of running text, but for those of names that are set wide.
pub(super) fn blanks(document: &Reading<'_>, words: &mut Vec<Word>) -> Vec<Blank> {
    let tokens = document.tokens();
    let mut around: Option<(usize, bool)> = None;
    let mut found = Vec::new();
    for (i, space) in tokens.of(CharClass::Space) {
        let between = tokens.between_han(i).filter(|_| space.span.len() <= 6);
        let Some((left, right)) = between else {
            continue;
        };
        let Some(index) = document.paragraph_at(space.span.start()) else {
            continue;
        };
        let running = match around {
            Some((last, running)) if last == index => running,
            _ => is_running(document, &document.paragraphs()[index]),
        };
        around = Some((index, running));
        let set_off = is_spaced_name(document, left.span, right.span)
            || is_number_of_part(document.slice(left.span))
            || document.slice(right.span).starts_with('第');
        if running && !set_off {
            let inside = match parts_clauses(document.text(), left.span, right.span) {
                true => None,
                false => word_over(document, left.span, right.span, words),
            };
            found.push(Blank {
                span: space.span,
                inside,
            });
        }
    }
    found
}

/// Whether a blank stands between two clauses of a headline, where headlines have no mark: in a
/// line without a full stop, with several characters on either side and no mark behind them
/// (成为不可替代的人 才有赢的机会).
fn parts_clauses(text: &str, left: Span, right: Span) -> bool {
    const CLAUSE: usize = 5 * '字'.len_utf8();
    let goes_on = text[right.end()..].starts_with(['，', ',', '、', '；', ';', '：', ':']);
    left.len() >= CLAUSE
        && right.len() >= CLAUSE
        && !goes_on
        && !text[line_around(text, left.range())].contains('。')
}

/// Whether a run of characters ends with the number of a part: 第七百一十六条, behind which a blank
/// is layout.
fn is_number_of_part(run: &str) -> bool {
    let number = run.trim_end_matches([
        '章', '节', '回', '条', '款', '项', '篇', '卷', '编', '部', '集',
    ]);
    let is_digit = |c: char| is_numeral(c) || c == '第';
    number.len() < run.len()
        && number.contains('第')
        && number.trim_end_matches(is_digit).len() < number.len()
}

/// Neighbours apart from which a document may be spaced throughout.
const MANY: usize = 24;
/// Of so many spaces one lies inside a word; a text that was cut into words has none there.
const INSIDE: usize = 12;

/// One finding for a document that has a space between most of its characters, as some recognisers
/// write them.
fn spaced_throughout(document: &Reading<'_>, words: &mut Vec<Word>) -> Option<Finding> {
    let tokens = document.tokens();
    if tokens.count(CharClass::Space) < MANY {
        return None;
    }
    let chinese = |t: Token| matches!(t.class, CharClass::Han) && !t.masked;
    let mark = |t: Token| {
        let first = document.slice(t.span).chars().next();
        first.is_some_and(|c| {
            matches!(
                c,
                '，' | '。'
                    | '、'
                    | '；'
                    | '：'
                    | '！'
                    | '？'
                    | '“'
                    | '”'
                    | '（'
                    | '）'
                    | '《'
                    | '》'
            )
        })
    };
    let (mut apart, mut together, mut marks) = (0, 0, 0);
    let mut spaces = Vec::new();
    let mut sides = Vec::new();
    for i in 0..tokens.len() {
        let Some(token) = tokens.get(i) else { continue };
        if chinese(token) {
            together += (token.span.len() / 3).saturating_sub(1);
        }
        marks += usize::from(mark(token));
        let (Some(left), Some(right)) = (
            i.checked_sub(1).and_then(|i| tokens.get(i)),
            tokens.get(i + 1),
        ) else {
            continue;
        };
        let blank = token.class == CharClass::Space
            && matches!(document.slice(token.span), " " | "\u{3000}" | "  ");
        if blank && (chinese(left) || mark(left)) && (chinese(right) || mark(right)) {
            spaces.push(token.span);
            if chinese(left) && chinese(right) {
                apart += 1;
                sides.push((left.span, right.span));
            }
        }
    }
    // Titles and verse are set wide; a text has marks.
    if apart < MANY || apart < together || marks < 3 {
        return None;
    }
    let inside = sides
        .iter()
        .filter(|(left, right)| word_over(document, *left, *right, words).is_some())
        .count();
    if inside * INSIDE < apart {
        return None;
    }
    let all = apart + together;
    let message = told!(
        "a space between nearly all characters: {apart} of {all} Chinese neighbours stand apart";
        "几乎每字之间都有空格：{all}对相邻汉字中{apart}对被隔开"
    );
    let fix = deleted(Safety::Safe, &spaces);
    let first = *spaces.first()?;
    Some(
        Finding::new(&CARD, first, message)
            .help(told!("delete them all"; "全部删去"))
            .evidence("spaces", spaces.len())
            .places(spaces)
            .fix(fix),
    )
}

/// A text with fewer spaces between its Chinese characters than one in so many sets none on
/// purpose.
pub(super) const RARE: usize = 300;

/// Whether a paragraph is running text: long enough, and with few spaces between Chinese.
fn is_running(document: &Reading<'_>, paragraph: &Paragraph) -> bool {
    let (mut han, mut spaces) = (0, 0);
    for token in document.tokens().within(paragraph.content) {
        match token.class {
            CharClass::Han => han += token.span.len() / 3,
            CharClass::Space => spaces += 1,
            _ => {}
        }
    }
    paragraph.is_body() && han >= SHORTEST && spaces * 8 <= han
}

/// Whether what stands behind a space does not follow on what stands before it.
pub(super) fn is_torn(document: &Reading<'_>, space: Span) -> bool {
    const TORN: f32 = -3.0;
    let reader = document.model().reader();
    let (before, after) = (
        &document.text()[..space.start()],
        &document.text()[space.end()..],
    );
    let mut left: Vec<_> = before
        .chars()
        .rev()
        .take(2)
        .map(|c| reader.characters.id(c))
        .collect();
    left.reverse();
    let right: Vec<_> = after
        .chars()
        .take(2)
        .map(|c| reader.characters.id(c))
        .collect();
    reader.continuation(&left, &right) < TORN
}

/// ln of the frequency from which two characters are a usual word, and no name.
const USUAL: f32 = -11.5;

/// A name of two characters set to the width of three, in a list of names: 李　明、王　芳. Unlike
/// in 通了天 津、广西 and in 经济学、法 学、管理学 nothing but the surname stands before the space,
/// and the two are no usual word.
fn is_spaced_name(document: &Reading<'_>, left: Span, right: Span) -> bool {
    let lists = |c: char| matches!(c, '、' | ' ' | '\u{3000}');
    let before = document.text()[..left.start()].chars().next_back();
    let after = document.text()[right.end()..].chars().next();
    let single = |side: Span| side.len() <= 4;
    let model = document.model();
    let usual = || {
        let name = [left, right].map(|side| {
            let first = document.slice(side).chars().next();
            first.map_or(UNKNOWN, |c| model.characters().id(c))
        });
        let word = model.lexicon().find(&name);
        word.is_some_and(|word| model.lexicon().log_frequency(word) > USUAL)
    };
    let listed = after.is_some_and(lists) || before.is_some_and(lists);
    single(left) && single(right) && listed && !usual()
}

/// The word that reaches over the space, by the cheapest way to cut the joined text into words.
pub(super) fn word_over(
    document: &Reading<'_>,
    left: Span,
    right: Span,
    words: &mut Vec<Word>,
) -> Option<String> {
    let before: String = {
        let side = document.slice(left);
        let skip = side.chars().count().saturating_sub(SIDE);
        side.chars().skip(skip).filter(|c| is_han(*c)).collect()
    };
    let mut joined = before.clone();
    joined.extend(document.slice(right).chars().take(SIDE));
    document.model().segment(&joined, words);
    let seam = before.len() as u32;
    words
        .iter()
        .find(|w| {
            // A name of two characters is set to the width of three.
            let name = |id| document.model().lexicon().kinds(id).any(Kinds::PERSON);
            w.start < seam && w.end > seam && w.word.is_some_and(|id| !name(id))
        })
        .map(|w| joined[w.start as usize..w.end as usize].to_owned())
}
