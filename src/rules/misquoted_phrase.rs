//! `misquoted-phrase`: a damaged set phrase, or a quotation that stands elsewhere in another
//! wording.

use std::ops::Range;

use crate::finding::{Confidence, Finding, Findings, Fix, Safety, Severity};
use crate::levels::{Levels, NEVER, Writing};
use crate::model::phrases::Slip;
use crate::reading::proofreading::substitutions::Correction;
use crate::reading::quoting::is_alike;
use crate::reading::quoting::quotations::differences;
use crate::reading::quoting::rewording::{self, Reworder, Rewording};
use crate::reading::quoting::set_phrases::{Misquotation, PART, Quoter, Run};
use crate::reading::{Reading, Register};
use crate::rule::{Card, Chinese, Group, Rule, Scales};
use crate::text::{CharClass, Span};

use super::overlap;
use crate::told;

static CARD: Card = Card {
    name: "misquoted-phrase",
    group: Group::Spelling,
    severity: Severity::Warning,
    confidence: Confidence::High,
    default: true,
    summary: "a set phrase, or a quotation that stands twice, with a wrong, missing or extra character",
    docs: "Idioms and other set phrases of four characters are fixed, so a text that comes near one (再接再历 for 再接再厉, 络绎不决 for 络绎不绝) most \
likely meant it. Most near misses are right all the same: words that meet (半年之后), phrases made after the pattern of another, puns in headlines. The \
rule weighs what the language model says of both wordings, how alike the two characters look and sound, how usual the phrase is, which words cross the \
borders, and whether many texts have the same wording. Fitted trees turn that into a probability; of an extra character there is never more than a note. In stories, where authors play with phrases, what takes a \
character that neither looks nor sounds alike is a note at most.\n\nA quotation is looked for in the rest of the text as well. Where it stands there in nearly the same words (没有水分的生长, and elsewhere 没有水分的增长), the rule \
weighs which wording is likelier in either place, how alike the characters are, and how often each stands in the text. Who quotes may also shorten or reword, so most \
such pairs are left alone.\n\nA numeral in the place of another one is left alone (numbers are never corrected to other numbers). A coinage that is meant goes into \
`vocabulary`.",
    chinese: Chinese {
        name: "成语引语错字",
        summary: "有错字、漏字、衍字的成语，或前后两处不一致的引语",
        docs: "成语等四字固定用语不变，接近而不同的（再接再历→再接再厉，络绎不决→络绎不绝）多半是写错了。但多数近似仍是对的：词语相接（半年之后）\
、仿造的说法、标题中的谐音。规则权衡两种写法的通顺程度、形音相近程度、用语常见程度、有没有词跨界，以及许多文本是否也这样写。\
由拟合的决策树给出概率；衍字至多为提示。小说作者常戏改成语，换成既不形近也不音近的字至多为提示。\n\n引语还在文中别处查对。别处几乎相同的（没有水分的生长，\
别处为没有水分的增长），权衡哪种写法在两处更通顺、各出现几次。引用者也会删改，所以这类多数不报。\n\n数词换成另一数词的不管。\
有意的仿造请写入 `vocabulary`。",
    },
    bad: &[
        "来参观的人络绎不决，大家都很高兴。",
        "他说：“没有调查就没有发言权。”\n\n“没有调查就投有发言权。”大家都记住了。",
    ],
    good: &[
        "来参观的人络绎不绝，半年之后再看。",
        "他们说干就干，说到就做到。",
        "“先把路修到家门口再说”，他说。\n\n先把路修进家门口再说，大家都这样想。",
    ],
    fix: Some(Safety::Unsafe),
    yields_to: &["stray-variant", "doubled-character", "known-wrong-word"],
    levels: &[
        (
            Writing::Usual,
            Levels {
                info: 0.5,
                warning: 0.7,
                error: NEVER,
            },
        ),
        (
            Writing::Told,
            Levels {
                info: 0.5,
                warning: 0.8,
                error: NEVER,
            },
        ),
        (
            Writing::Quoted,
            Levels {
                info: 0.5,
                warning: 0.9,
                error: NEVER,
            },
        ),
    ],
};

/// The rule.
#[derive(Default)]
pub(super) struct MisquotedPhrase {
    scales: Scales,
}

impl Rule for MisquotedPhrase {
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
        phrases(document, &self.scales, findings);
        quotations(document, self.scales.of(&CARD, Writing::Quoted), findings);
    }
}

/// Set phrases that are damaged.
fn phrases(document: &Reading<'_>, scales: &Scales, findings: &mut Findings) {
    let Some(quoter) = Quoter::of(document.model()) else {
        return;
    };
    let runs = document.tokens().iter().filter_map(|token| {
        let looked_at = token.class == CharClass::Han && !token.masked && token.span.len() >= 9;
        looked_at.then(|| Run {
            start: token.span.start(),
            end: token.span.end(),
        })
    });
    let near = quoter.misquotations(document.text(), runs);
    let near = near.into_iter().filter_map(|found| {
        let probability = quoter.probability(&found.row);
        let span = Span::new(found.start, found.end);
        if probability < scales.of(&CARD, Writing::Usual).info || document.vocabulary().covers(span)
        {
            return None;
        }
        let writing = match document.registers().at(span.start()) {
            // classical texts have the phrases in their older forms
            Register::Classical => return None,
            // stories play with them
            Register::Fiction => Writing::Told,
            _ => Writing::Usual,
        };
        let severity = scales.of(&CARD, writing).grade(probability)?;
        // who plays with a phrase takes another word, not a look-alike
        let row = &found.row;
        let alike = is_alike([row.counted, row.likeness, row.sound]);
        let plays = writing == Writing::Told && !alike;
        let severity = if plays { Severity::Info } else { severity };
        Some((span, probability, (found, severity)))
    });
    for (probability, (found, severity)) in overlap::likeliest(near) {
        let finding = finding(document, &quoter, &found, severity);
        findings.push(finding.probability(probability));
    }
}

/// A wording of a quotation that is most likely wrong, and the one that stands elsewhere.
struct Reworded {
    wrong: Range<usize>,
    right: Range<usize>,
    row: Rewording,
}

/// Quotations that stand elsewhere in another wording.
fn quotations(document: &Reading<'_>, levels: Levels, findings: &mut Findings) {
    let Some(reworder) = Reworder::of(document.model()) else {
        return;
    };
    let text = document.text();
    let found = differences(text, document.prose());
    let mut reworded: Vec<(Span, f32, Reworded)> = Vec::new();
    for difference in found {
        let sides = [&difference.quoted, &difference.other];
        let rows = reworder.evidence(text, &difference);
        for (wrong, row) in rows.into_iter().enumerate() {
            let probability = reworder.probability(&row);
            let (wrong, right) = (sides[wrong].clone(), sides[1 - wrong].clone());
            let span = shown(text, &wrong);
            let stands = levels.grade(probability).is_some()
                && !document.mask().touches(span)
                && !document.vocabulary().covers(span)
                && !is_corrected(document, wrong.start, probability);
            if stands {
                let found = Reworded { wrong, right, row };
                reworded.push((span, probability, found));
            }
        }
    }
    reworded.sort_by_key(|(span, ..)| (span.start(), span.end()));
    for (probability, found) in overlap::likeliest(reworded.into_iter()) {
        let finding = rewording(document, &found).probability(probability);
        findings.extend(levels.grade(probability).map(|s| finding.severity(s)));
    }
}

/// Whether who reads closely has said already that the character at a byte is wrong, and is as sure
/// of it.
fn is_corrected(document: &Reading<'_>, at: usize, probability: f32) -> bool {
    let corrections = &document.proof().corrections;
    let place = |c: &Correction| c.paragraph + c.start;
    let first = corrections.partition_point(|c| place(c) < at);
    let mut here = corrections[first..].iter().take_while(|c| place(c) == at);
    here.any(|c| c.probability >= probability)
}

/// A place with a character on either side.
fn shown(text: &str, place: &Range<usize>) -> Span {
    let before = text[..place.start].chars().next_back();
    let after = text[place.end..].chars().next();
    Span::new(
        place.start - before.map_or(0, char::len_utf8),
        place.end + after.map_or(0, char::len_utf8),
    )
}

fn rewording(document: &Reading<'_>, found: &Reworded) -> Finding {
    let text = document.text();
    let (here, there) = (shown(text, &found.wrong), shown(text, &found.right));
    let (wrong, right) = (&text[here.range()], &text[there.range()]);
    let place = Span::new(found.wrong.start, found.wrong.end);
    let line = document.line(there.start());
    Finding::new(
        &CARD,
        here,
        told!(
            "“{wrong}” reads “{right}” where the same words stand again";
            "“{wrong}”在别处同样的话里是“{right}”"
        ),
    )
    .label(there, told!("the other wording"; "另一种写法"))
    .help(told!(
        "write {right} as on line {line}; put {wrong} into `vocabulary` if it is meant";
        "照第{line}行改为“{right}”；若有意如此，把“{wrong}”写入 `vocabulary`"
    ))
    .weighed(found.row.loudest(document.model(), rewording::PART))
    .fix(Fix::replace(
        Safety::Unsafe,
        place,
        &text[found.right.clone()],
    ))
}

fn finding(
    document: &Reading<'_>,
    quoter: &Quoter<'_>,
    found: &Misquotation,
    severity: Severity,
) -> Finding {
    let span = Span::new(found.start, found.end);
    let wrong = document.slice(span);
    let right = quoter.phrases().text(found.near.phrase);
    // another character in a phrase is often meant: 大起又大落
    let severity = match found.near.slip {
        Slip::Extra => Severity::Info,
        _ => severity,
    };
    Finding::new(
        &CARD,
        span,
        told!(
            "“{wrong}” is most likely the set phrase “{right}”";
            "“{wrong}”很可能是“{right}”之误"
        ),
    )
    .severity(severity)
    .help(told!(
        "write {right}; put {wrong} into `vocabulary` if it is meant";
        "改为“{right}”；若有意如此，把“{wrong}”写入 `vocabulary`"
    ))
    .weighed(found.row.loudest(document.model(), PART))
    .fix(Fix::replace(Safety::Unsafe, span, right))
}
