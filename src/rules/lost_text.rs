//! `lost-text`: what a converter dropped and left a trace: empty brackets, letters where a rare
//! character stood.

use memchr::memmem;

use crate::finding::{Confidence, Finding, Findings, Severity};
use crate::model::characters::CharId;
use crate::model::lexicon::Node;
use crate::reading::Reading;
use crate::rule::{Card, Chinese, Group, Rule};
use crate::text::{CharClass, Span, is_han, line_around};
use crate::told;

use super::stray_space;

static CARD: Card = Card {
    name: "lost-text",
    group: Group::Residue,
    severity: Severity::Warning,
    confidence: Confidence::High,
    default: true,
    summary: "what a converter dropped and left a trace: empty brackets, letters where a rare character stood",
    docs: "A template that was not filled in leaves its brackets and labels: 银杏（学名：）, 柏林（德语：，法语：）. For a rare character that had no code some old \
digital texts of medicine have the letters KT: 肩KT骨折; others have nothing but a gap: 左侧 窝囊肿. The rule looks for brackets that hold nothing but labels \
and marks, for KT between Chinese characters, and for blanks in running text at which what follows does not go on from what stands before or a word with a \
rare character would fit; these are notes.\n\nBlanks to be filled in (正确的是（）) and calls of functions are left alone. There is no fix: the trace is all that tells that something is \
missing.",
    chinese: Chinese {
        name: "脱文",
        summary: "转换时丢掉内容留下的痕迹：空括号，代替生僻字的字母",
        docs: "没有填入内容的模板会留下括号和标签：银杏（学名：），柏林（德语：，法语：）。生僻字没有编码，一些旧的中医电子书以字母 KT 代替：\
肩KT骨折；另一些只留下空隙：左侧 窝囊肿。规则寻找只有标签和标点的括号、汉字间的 KT，以及正文中前后不能相接、\
或有带生僻字的词合于此处的空格（只作提示）。\n\n留待填写的空（正确的是（））和函数调用不管。不提供修复：\
这些痕迹是缺文的唯一线索。",
    },
    bad: &[
        "银杏（学名：）是一种落叶乔木，寿命很长。",
        "那座城（德语：，法语：）坐落在河的两岸。",
        "患者右肩KT骨折，左侧也有旧伤，走路时一瘸一拐。",
        "银杏（），又名白果树，是一种落叶乔木。",
    ],
    good: &[
        "下列说法正确的是（）。",
        "调用函数（参数：甲，乙）以后会得到结果。",
        "他们在商场门口摆了KT板，上面写着优惠的时间。",
    ],
    fix: None,
    yields_to: &[],
    levels: &[],
};

/// The rule.
pub(super) struct LostText;

impl Rule for LostText {
    fn cards(&self) -> &[&'static Card] {
        const { &[&CARD] }
    }

    fn check(&self, document: &Reading<'_>, findings: &mut Findings) {
        brackets(document, findings);
        letters(document, findings);
        gaps(document, findings);
    }
}

/// Places that are looked at for a character that would fit.
const LOOKED_AT: usize = 200;

/// Blanks where a character stood that the font or the code of the source did not have: 左侧
/// 窝囊肿. Blanks also take the place of marks, so that such a word fits is telling only where
/// several characters beside blanks belong to no other word.
fn gaps(document: &Reading<'_>, findings: &mut Findings) {
    const SEVERAL: usize = 2;
    /// Of so many a quarter tells where half of all do, but for once in fifty times.
    const SAMPLE: usize = 12;
    if !document.tokens().has(CharClass::Space) {
        return;
    }
    let blanks = stray_space::blanks(document, &mut Vec::new());
    let between = blanks.iter().filter(|blank| blank.inside.is_none());
    let places: Vec<Span> = between.take(LOOKED_AT).map(|blank| blank.span).collect();
    let mut fits: Vec<Option<Fit>> = Vec::with_capacity(places.len());
    let mut telling = 0;
    for (looked_at, place) in places.iter().enumerate() {
        // What is left cannot make them several and half of the blanks any more; or hardly will.
        let most = telling + places.len() - looked_at;
        let too_few = most < SEVERAL || most * 2 < blanks.len();
        if too_few || looked_at >= SAMPLE && telling * 4 < looked_at {
            break;
        }
        let fit = fitting(document, *place);
        telling += usize::from(fit.as_ref().is_some_and(|fit| fit.is_stranded));
        fits.push(fit);
    }
    let told = telling >= SEVERAL && telling * 2 >= blanks.len();
    fits.resize_with(places.len(), || None);
    let han = document.tokens().of(CharClass::Han);
    let han: usize = han.map(|(_, token)| token.span.len() / 3).sum();
    let is_rare = blanks.len() * stray_space::RARE <= han;
    for (space, fit) in places.into_iter().zip(fits) {
        let fit = fit.filter(|_| told);
        if fit.is_none() && !(is_rare && stray_space::is_torn(document, space)) {
            continue;
        }
        let finding = Finding::new(
            &CARD,
            space,
            told!("a gap: a character was lost here, most likely"; "此处有空隙，很可能丢了一个字"),
        )
        .defect("gap");
        let finding = finding.severity(Severity::Info);
        findings.push(match fit {
            Some(Fit { word, .. }) => finding.help(told!(
                "look at the page; {word} would fit";
                "请查看原页；“{word}”合于此处"
            )),
            None => finding.help(told!("look at the page"; "请查看原页")),
        });
    }
}

/// A word with a rare character that would fit at a gap.
struct Fit {
    word: String,
    /// Whether the character beside the gap that it holds belongs to no word with its other
    /// neighbour.
    is_stranded: bool,
}

/// A word with a rare character at the gap, whose other characters stand beside it: 腘|窝.
fn fitting(document: &Reading<'_>, gap: Span) -> Option<Fit> {
    /// ln of the frequency of the commonest characters that a font may lack.
    const RARE: f32 = -11.0;
    /// ln of the frequency of characters that are mostly words by themselves.
    const ALONE: f32 = -8.0;
    let model = document.model();
    let (characters, lexicon, ngram) = (model.characters(), model.lexicon(), model.ngram());
    let text = document.text();
    let near = |side: &mut dyn Iterator<Item = char>| -> Vec<CharId> {
        side.take(2).map(|c| characters.id(c)).collect()
    };
    let mut before = near(&mut text[..gap.start()].chars().rev());
    before.reverse();
    let after = near(&mut text[gap.end()..].chars());
    let along = |node: Node, ids: &[CharId]| {
        ids.iter()
            .try_fold(node, |node, id| lexicon.child(node, *id))
    };
    // The longest word across the gap counts most. Where the lexicon goes on from what stands
    // before is the same for all that may stand in the gap.
    let ways = [(0, 2), (1, 1), (2, 0), (0, 1), (1, 0)].map(|(left, right)| {
        let from = before.len().checked_sub(left)?;
        let start = along(lexicon.root(), &before[from..])?;
        Some((left, start, after.get(..right)?))
    });
    // What is a word by itself or with its other neighbour is not stranded.
    let alone = |c: Option<&CharId>| c.is_none_or(|c| ngram.frequency(*c) > ALONE);
    let bound_after =
        alone(after.first()) || lexicon.longest(&after, 0).is_some_and(|(n, _)| n > 1);
    let bound_before = alone(before.last()) || lexicon.find(&before).is_some();
    let rare = (1..characters.len() as CharId).filter(|id| ngram.frequency(*id) < RARE);
    let words = rare.filter_map(|id| {
        ways.iter().flatten().find_map(|(left, start, side)| {
            let word = along(lexicon.child(*start, id)?, side)?.word?;
            let bound = match (left, side.len()) {
                (0, 1) => bound_after,
                (1, 0) => bound_before,
                _ => false,
            };
            let written = [&before[before.len() - left..], &[id], side].concat();
            let frequency = lexicon.log_frequency(word);
            Some((written, frequency, !bound))
        })
    });
    let best = words.max_by(|a, b| (a.0.len().cmp(&b.0.len())).then(a.1.total_cmp(&b.1)))?;
    let word: Option<String> = best.0.iter().map(|id| characters.character(*id)).collect();
    Some(Fit {
        word: word?,
        is_stranded: best.2,
    })
}

/// Brackets that hold labels and marks, and nothing behind the labels.
fn brackets(document: &Reading<'_>, findings: &mut Findings) {
    const LONGEST: usize = 90;
    let text = document.text();
    for at in memmem::find_iter(text.as_bytes(), "（") {
        let inside = &text[at + '（'.len_utf8()..];
        let Some(end) = inside
            .find(['）', '（', '\n'])
            .filter(|end| *end <= LONGEST)
        else {
            continue;
        };
        let inside = &inside[..end];
        let span = Span::new(at, at + 2 * '（'.len_utf8() + end);
        let closed = text[span.end().saturating_sub(3)..].starts_with('）');
        let named = text[..at]
            .chars()
            .next_back()
            .is_some_and(|c| is_han(c) || c == '》' || c == '”');
        let empty = closed && inside.trim().is_empty() && heads_entry(text, span);
        let labels = holds_labels_only(inside);
        if closed && named && (labels || empty) && !document.mask().touches(span) {
            let message = match empty {
                true => told!("nothing stands in the brackets"; "括号中没有内容"),
                false => {
                    told!("nothing stands behind the labels of （{inside}）"; "（{inside}）中标签之后没有内容")
                }
            };
            findings.push(
                Finding::new(&CARD, span, message)
                .defect("labels")
                .help(told!("a template was not filled in: look at the source"; "模板没有填入内容：请查看来源")),
            );
        }
    }
}

/// Whether brackets stand behind the name that a paragraph opens with, and the paragraph goes on to
/// say what that is: 银杏（），落叶乔木. Blanks to be filled in stand elsewhere.
fn heads_entry(text: &str, brackets: Span) -> bool {
    const NAME: usize = 14;
    let line = line_around(text, brackets.range());
    let name = text[line.start..brackets.start()].trim_start();
    let named = |c: char| is_han(c) || c.is_alphanumeric() || "·《》".contains(c);
    let goes_on = text[brackets.end()..].starts_with(['，', ',', '是', '为', '又']);
    goes_on && name.chars().count() <= NAME && name.chars().all(named)
}

/// 学名： or 德语：，法语：; a list of what is empty, and at least one label.
fn holds_labels_only(text: &str) -> bool {
    const LONGEST: usize = 8;
    let mut labels = 0;
    let pieces = text.split(['，', '、', '；', ',', ';']);
    let empty = pieces.into_iter().all(|piece| {
        let piece = piece.trim();
        let label = piece.strip_suffix(['：', ':']).map(str::trim);
        let named = label.is_some_and(|l| {
            !l.is_empty() && l.chars().all(is_han) && l.chars().count() <= LONGEST
        });
        labels += usize::from(named);
        named || piece.is_empty()
    });
    empty && labels > 0
}

/// KT, which some old digital texts of medicine have for characters that they had no code for.
fn letters(document: &Reading<'_>, findings: &mut Findings) {
    // KT板 is foam board, KT猫 a cat.
    const THINGS: [char; 6] = ['板', '猫', '足', '展', '架', '牌'];
    let text = document.text();
    for at in memmem::find_iter(text.as_bytes(), "KT") {
        let span = Span::new(at, at + "KT".len());
        let before = text[..at].trim_end_matches(' ').chars().next_back();
        let after = text[span.end()..].trim_start_matches(' ').chars().next();
        let chinese = |c: char| is_han(c) || matches!(c, '，' | '。' | '、' | '；' | '：');
        let follows = after.is_none_or(|c| chinese(c) || c == '\n' || c == 'K');
        let stands = before.is_some_and(|c| is_han(c) || c == 'T') && follows;
        if stands && !after.is_some_and(|c| THINGS.contains(&c)) && !document.mask().touches(span) {
            findings.push(
                Finding::new(&CARD, span, told!("KT stands for a character that was lost"; "KT 代替了一个丢失的字"))
                    .defect("KT")
                    .help(told!("a rare character had no code: look at the page"; "生僻字没有编码：请查看原页")),
            );
        }
    }
}
