//! `missing-character`: a character that was left out. `extra-character` and `garbled-text` are
//! found in the same pass.

use crate::finding::{Confidence, Finding, Findings, Fix, Safety, Severity};
use crate::levels::{Levels, NEVER, Writing};
use crate::reading::proofreading::omissions::{Kind, Lapse, Omission, PARTS};
use crate::reading::{Reading, Register};
use crate::rule::{Card, Chinese, Group, Rule, Scales};
use crate::text::Span;

use super::{extra_character, garbled_text, overlap};
use crate::told;

static CARD: Card = Card {
    name: "missing-character",
    group: Group::Spelling,
    severity: Severity::Info,
    confidence: Confidence::Low,
    default: true,
    summary: "a word that lost one of its characters",
    docs: "发言人示，中方愿意: a character was left out. Where the text is unusual and what stands on one side is only the rest of a word, the rule asks the \
language model what one more character would gain, which word it would make, how the sentence is then cut into words, and whether the wording stands nearby again (then it is a \
name or a term). Fitted trees turn that into a probability, and the rate of lapses in the document shifts it. In classical Chinese, \
verse and Cantonese the rule is silent.\n\nA character left out of a \
word of two is seen only where the rest makes no sense alone. New words and abbreviations (天舟, 国图) look the same: put them into `vocabulary`. Numbers are left alone.",
    chinese: Chinese {
        name: "漏字",
        summary: "漏掉一个字的词语",
        docs: "“发言人示，中方愿意”：漏了一个字。文字不通顺、一边只剩半个词时，规则看添一个字通顺多少、成什么词、句子如何切分、附近是否有同样的说法（若有，\
则是名称或术语）。由拟合的决策树给出概率，并随全文的漏字率调整。文言、诗词和粤语中不报。\n\n双字词漏一字，\
余下的字单独不成意义时才看得出。新词和简称（天舟、国图）看来一样，请写入 `vocabulary`。数字不管。",
    },
    bad: &["外交部发言人示，中方愿意同各方保持沟通。"],
    good: &[
        "他们为建设社会主义国家贡献了一生。",
        "社会各界都来了，主人家很高兴。",
    ],
    fix: Some(Safety::Unsafe),
    yields_to: &[
        "known-wrong-word",
        "stray-variant",
        "misquoted-phrase",
        "confused-character",
        "doubled-character",
        "doubled-word",
        "garbled-text",
    ],
    levels: &[(
        Writing::Usual,
        Levels {
            info: 0.5,
            warning: 0.8,
            error: NEVER,
        },
    )],
};

/// From here on the message does not say that it only may be so.
const LIKELY: f32 = 0.5;

/// The rule, for the three cards.
#[derive(Default)]
pub(super) struct MissingCharacter {
    scales: Scales,
}

impl Rule for MissingCharacter {
    fn cards(&self) -> &[&'static Card] {
        const { &[&CARD, &extra_character::CARD, &garbled_text::CARD] }
    }

    fn scales(&mut self) -> Option<&mut Scales> {
        Some(&mut self.scales)
    }

    fn weighs(&self) -> bool {
        true
    }

    fn check(&self, document: &Reading<'_>, findings: &mut Findings) {
        let proof = document.proof();
        let of = |card| self.scales.of(card, Writing::Usual);
        let garbled = of(&garbled_text::CARD);
        let (missing, extra) = (of(&CARD), of(&extra_character::CARD));
        for (stretch, probability) in &proof.garbled {
            let span = Span::new(stretch.start, stretch.end);
            let right = document.mask().touches(span)
                || document.vocabulary().covers(span)
                || !speaks(document, span)
                || garbled_text::is_case(&document.text()[span.end()..]);
            let severity = garbled.grade(*probability).filter(|_| !right);
            findings.extend(severity.map(|severity| {
                let found = garbled_text::finding(document, stretch);
                found.probability(*probability).severity(severity)
            }));
        }
        if garbled.grade(garbled_text::NOISE).is_some() {
            let noise = proof.noise.iter().map(|n| Span::new(n.start, n.end));
            let stands = noise.filter(|span| !document.vocabulary().covers(*span));
            findings.extend(stands.map(|span| garbled_text::noise(document, span)));
        }
        let lapses = proof.lapses.iter().filter_map(|&(lapse, probability)| {
            let wording = Span::new(lapse.wording.0, lapse.wording.1);
            let levels = match lapse.kind {
                Kind::Missing(_) => missing,
                Kind::Extra => extra,
            };
            let severity = levels.grade(probability)?;
            let stands = !document.mask().touches(wording)
                && !document.vocabulary().covers(wording)
                && speaks(document, wording);
            stands.then_some((wording, probability, (lapse, severity)))
        });
        for (probability, (lapse, severity)) in overlap::likeliest(lapses) {
            let found = finding(document, &lapse, probability);
            findings.extend(found.map(|found| found.severity(severity)));
        }
    }
}

/// Not where each character is a word: of the 190 notes in classical texts that were read none was
/// right.
fn speaks(document: &Reading<'_>, span: Span) -> bool {
    !matches!(
        document.registers().at(span.start()),
        Register::Classical | Register::Verse | Register::Cantonese
    )
}

fn finding(document: &Reading<'_>, lapse: &Lapse, probability: f32) -> Option<Finding> {
    let text = document.text();
    let (start, end) = lapse.wording;
    let (wording, before) = (&text[start..end], &text[start..lapse.at]);
    let (id, extra) = match lapse.kind {
        Kind::Extra => (None, text[lapse.at..].chars().next()?),
        Kind::Missing(id) => (document.model().characters().character(id), '\0'),
    };
    let finding = if let Some(missing) = id {
        let (verdict, verdict_zh) = if probability < LIKELY {
            ("may be", "可能是")
        } else {
            ("is most likely", "很可能是")
        };
        let after = &text[lapse.at..end];
        let message = told!(
            "“{wording}” {verdict} “{before}{missing}{after}”: {missing} is missing";
            "“{wording}”{verdict_zh}“{before}{missing}{after}”：漏了“{missing}”"
        );
        let fix = Fix::replace(
            Safety::Unsafe,
            Span::new(lapse.at, lapse.at),
            missing.to_string(),
        );
        Finding::new(&CARD, Span::new(start, end), message)
            .help(told!(
                "write {missing} there; put {wording} into `vocabulary` if it is right";
                "补上“{missing}”；若“{wording}”无误，写入 `vocabulary`"
            ))
            .fix(fix)
    } else {
        let span = Span::new(lapse.at, lapse.at + extra.len_utf8());
        extra_character::finding(text, wording, before, span)
    };
    let part = PARTS[usize::from(id.is_none())];
    Some(
        finding
            .probability(probability)
            .weighed(Omission::of(&lapse.row).loudest(document.model(), part)),
    )
}
