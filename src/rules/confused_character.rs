//! `confused-character`: a look-alike or sound-alike character.

use crate::finding::{Confidence, Finding, Findings, Fix, Safety, Severity};
use crate::levels::{Levels, NEVER, Writing};
use crate::reading::Reading;
use crate::reading::doubling::{Doubling, Known, Witness};
use crate::reading::proofreading::pen_slips::PART;
use crate::reading::proofreading::substitutions::Speller;
use crate::rule::{Card, Chinese, Group, Rule, Scales};
use crate::text::{Span, is_common_han};
use crate::told;

static CARD: Card = Card {
    name: "confused-character",
    group: Group::Spelling,
    severity: Severity::Warning,
    confidence: Confidence::High,
    default: true,
    summary: "a character that was taken for another that looks or sounds like it",
    docs: "Recognisers take characters for others of the same shape (关健 for 关键, 杜会 for 社会), people for others of the same sound. The rule \
weighs, for each place where the text is unusual, what could have stood there: how much likelier the text becomes, how often the two characters are \
taken for each other, how alike they look and sound, which words the correction makes, what recurs in the document. Fitted trees turn that into a \
probability, and the error rate of the document itself shifts it: a clean text stays silent, a bad scan is read closely.\n\nNumbers are never corrected to other numbers, and pairs that are a matter of usage (象 and 像, 份 and 分, 做 and 作) are left \
alone. Names, new words and quotations from classical texts are weighed, not known: put what is right in your texts into `vocabulary`. It cannot see a wrong \
character that makes another usual phrase.\n\nCommon characters that sound alike (在 and 再, 那 and 哪, 以 and 已) are told apart by what stands around them: for each of some three hundred pairs \
a regression was fitted on clean text. Who writes 哪 for 那 does so again: the places of one document speak for each other, and are one finding.\n\nVerse in classical metres says what \
prose never does: there only what is an error is told.",
    chinese: Chinese {
        name: "形近错字",
        summary: "被认作或写成形近、音近字的字",
        docs: "识别程序会认错形近字（关健→关键，杜会→社会），人会写错音近字。凡文字不通顺之处，权衡那里本该是什么：改后通顺多少、两字多常混淆、\
形音多近、能否成词、文中是否重现。由拟合的决策树给出概率，并随全文的出错率调整：干净的文本不响，差的扫描件细看。\n\n不把数字改成别的数字；属于习惯的（象和像、份和分、做和作）不管。人名、新词、古文引语只是权衡，\
并非确知：在您的文本中正确的，请写入 `vocabulary`。错字恰好构成另一个常用词时看不出来。\n\n音同而常用的字（在和再、那和哪、以和已）由上下文分辨：约三百对字，各以干净文本拟合一个回归。把“那”写成“哪”的人会一再这样写：\
同一文档的各处互为佐证，合为一条。\n\n格律诗词的说法散文里没有：其中只报错误一级的。",
    },
    bad: &["他们自已动手，改善了生活。"],
    good: &["他自己动手，已经改善了生活。", "参观者来自己经开放的地区。"],
    fix: Some(Safety::Unsafe),
    yields_to: &[
        "stray-variant",
        "misquoted-phrase",
        "known-wrong-word",
        "wrong-conversion",
    ],
    levels: &[(
        Writing::Usual,
        Levels {
            info: 0.3,
            warning: 0.7,
            error: NEVER,
        },
    )],
};

/// The rule.
#[derive(Default)]
pub(super) struct ConfusedCharacter {
    scales: Scales,
}

impl Rule for ConfusedCharacter {
    fn cards(&self) -> &[&'static Card] {
        const { &[&CARD] }
    }

    fn scales(&mut self) -> Option<&mut Scales> {
        Some(&mut self.scales)
    }

    fn weighs(&self) -> bool {
        true
    }

    fn check(&self, document: &Reading<'_>, findings: &mut Findings) {
        let Some(speller) = Speller::of(document.model()) else {
            return;
        };
        let levels = self.scales.of(&CARD, Writing::Usual);
        // Verse says what prose never does; of what is doubtful there most is right.
        let registers = document.registers();
        let doubted = |at: usize, severity| severity < Severity::Error && registers.is_verse(at);
        let mut told = Vec::new();
        for correction in &document.proof().corrections {
            let Some(severity) = levels.grade(correction.probability) else {
                continue;
            };
            let start = correction.paragraph + correction.start;
            let span = Span::new(start, start + correction.wrong.len_utf8());
            if document.mask().touches(span)
                || document.vocabulary().covers(span)
                || doubted(start, severity)
                || is_rightly_doubled(document, span)
            {
                continue;
            }
            let found = finding(
                document.text(),
                span,
                correction.right,
                correction.probability,
            );
            let found = found.severity(severity);
            findings.push(found.weighed(speller.loudest(correction)));
            told.push(span.start());
        }
        for (place, probability) in &document.proof().pen {
            let span = Span::new(place.start, place.start + place.written.len_utf8());
            let Some(severity) = levels.grade(*probability) else {
                continue;
            };
            if told.contains(&span.start())
                || doubted(span.start(), severity)
                || document.mask().touches(span)
                || document.vocabulary().covers(span)
            {
                continue;
            }
            let found = finding(document.text(), span, place.meant, *probability);
            let evidence = place.row.loudest(document.model(), PART);
            // who writes 哪 for 那 does so again
            let kind = format!("{}{}", place.written, place.meant);
            let found = found.severity(severity).defect(kind);
            findings.push(found.weighed(evidence));
        }
    }
}

/// Whether a character stands twice as people say it: 帮着改改稿 is no 修改.
fn is_rightly_doubled(document: &Reading<'_>, span: Span) -> bool {
    let text = document.text();
    let character = &text[span.range()];
    let start = match text[..span.start()].ends_with(character) {
        true => span.start() - span.len(),
        false if text[span.end()..].starts_with(character) => span.start(),
        false => return false,
    };
    let doubling = Doubling {
        start,
        middle: start + span.len(),
        end: start + 2 * span.len(),
        length: 1,
    };
    let known = Witness::new(document.model()).known(text, &doubling);
    known.is_some_and(|known| known != Known::Slip)
}

fn finding(text: &str, span: Span, right: char, probability: f32) -> Finding {
    /// From which probability on the wording leaves no doubt.
    const SURE: f32 = 0.7;
    let (before, after) = beside(text, span);
    let wrong = &text[span.range()];
    let (verdict, verdict_zh) = match probability >= SURE {
        true => ("should read", "应为"),
        false => ("may have read", "可能是"),
    };
    let message = told!(
        "“{before}{wrong}{after}” {verdict} “{before}{right}{after}”";
        "“{before}{wrong}{after}”{verdict_zh}“{before}{right}{after}”"
    );
    Finding::new(&CARD, span, message)
        .probability(probability)
        .help(told!(
            "write {right}; put the word into `vocabulary` if it is right here";
            "改为“{right}”；若此处无误，写入 `vocabulary`"
        ))
        .fix(Fix::replace(Safety::Unsafe, span, right))
}

/// Up to two Chinese characters on either side, to show the place.
fn beside(text: &str, span: Span) -> (&str, &str) {
    let han = |c: &char| is_common_han(*c);
    let before: usize = text[..span.start()]
        .chars()
        .rev()
        .take(2)
        .take_while(han)
        .map(char::len_utf8)
        .sum();
    let after: usize = text[span.end()..]
        .chars()
        .take(2)
        .take_while(han)
        .map(char::len_utf8)
        .sum();
    (
        &text[span.start() - before..span.start()],
        &text[span.end()..span.end() + after],
    )
}

#[cfg(test)]
mod tests {
    use crate::document::{Document, Vocabulary};
    use crate::finding::Findings;
    use crate::reading::Reading;
    use crate::rule::Rule;

    use super::ConfusedCharacter;

    fn corrected(text: &str, vocabulary: &[&str]) -> Vec<String> {
        let vocabulary: Vocabulary = vocabulary.iter().collect();
        let document = Document::new("a.txt", text).with_vocabulary(&vocabulary);
        let mut findings = Findings::default();
        ConfusedCharacter::default().check(&Reading::of(&document), &mut findings);
        let fixes = findings.into_vec().into_iter().flat_map(|f| f.fixes);
        fixes.flat_map(|f| f.edits).map(|e| e.replacement).collect()
    }

    #[test]
    fn proposes_the_character_that_was_meant() {
        assert_eq!(corrected("我们要靠自已的力量解决问题。", &[]), ["己"]);
        assert_eq!(corrected("这是社会主义建设的关健时期。", &[]), ["键"]);
    }

    #[test]
    fn the_vocabulary_is_right() {
        assert!(corrected("我们要靠自已的力量解决问题。", &["自已"]).is_empty());
    }

    #[test]
    fn numbers_and_usage_are_left_alone() {
        assert!(corrected("一九三九年，他好象有一份报告没有做完。", &[]).is_empty());
    }
}
