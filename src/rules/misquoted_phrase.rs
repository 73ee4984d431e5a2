//! `misquoted-phrase`: a damaged set phrase.

use crate::document::Document;
use crate::finding::{Confidence, Finding, Findings, Fix, Safety, Severity};
use crate::language::misquotation::{EVIDENCE, Misquotation, Quoter, Run};
use crate::language::phrases::Slip;
use crate::rule::{Card, Group, Rule};
use crate::text::{CharClass, Span};

use super::overlap;

static CARD: Card = Card {
    name: "misquoted-phrase",
    group: Group::Spelling,
    severity: Severity::Warning,
    confidence: Confidence::High,
    default: true,
    summary: "a set phrase with a wrong, missing, extra or swapped character",
    docs: "Idioms and other set phrases of four characters are fixed, so a text that comes near one (再接再历 for 再接再厉, 络绎不决 for 络绎不绝) most \
likely meant it. Most near misses are right all the same: words that meet (半年之后), phrases made after the pattern of another, puns in headlines. The \
rule weighs what the language model says of both wordings, how alike the two characters look and sound, how usual the phrase is, which words cross the \
borders, and whether many texts have the same wording. Fitted trees turn that into a probability: at 0.9 and more it is a warning, at 0.5, and for an extra character, \
a note.\n\nA numeral in the place of another one is left alone (numbers are never corrected to other numbers). A coinage that is meant goes into \
`vocabulary`.",
    bad: &["来参观的人络绎不决，大家都很高兴。"],
    good: &[
        "来参观的人络绎不绝，半年之后再看。",
        "他们说干就干，说到就做到。",
    ],
    fix: Some(Safety::Unsafe),
    yields_to: &["stray-variant", "doubled-character"],
    settings: &[],
};

/// The least probability of a finding, and of a warning.
const NOTE: f32 = 0.5;
const WARNING: f32 = 0.9;

/// The rule.
pub(super) struct MisquotedPhrase;

impl Rule for MisquotedPhrase {
    fn cards(&self) -> &[&'static Card] {
        const { &[&CARD] }
    }

    fn check(&self, document: &Document<'_>, findings: &mut Findings) {
        let Some(quoter) = Quoter::of(document.language()) else {
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
            let stands = probability >= NOTE && !document.vocabulary().covers(span);
            stands.then_some((span, probability, found))
        });
        for (probability, found) in overlap::likeliest(near) {
            findings.push(finding(document.text(), &quoter, &found, probability));
        }
    }
}

fn finding(text: &str, quoter: &Quoter<'_>, found: &Misquotation, probability: f32) -> Finding {
    let span = Span::new(found.start, found.end);
    let wrong = &text[span.range()];
    let right = quoter.phrases().text(found.near.phrase);
    // another character in a phrase is often meant: 大起又大落
    let severity = if probability >= WARNING && found.near.slip != Slip::Extra {
        Severity::Warning
    } else {
        Severity::Info
    };
    Finding::new(
        &CARD,
        span,
        format!("“{wrong}” is most likely the set phrase “{right}”"),
    )
    .severity(severity)
    .probability(probability)
    .help(format!(
        "write {right}; put {wrong} into `vocabulary` if it is meant"
    ))
    .evidence(EVIDENCE[0], found.row[0])
    .evidence(EVIDENCE[3], found.row[3])
    .fix(Fix::replace(Safety::Unsafe, span, right))
}
