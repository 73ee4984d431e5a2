//! `doubled-character`: a character that was set twice. `doubled-word` is found in the same pass.

use crate::finding::{Confidence, Finding, Findings, Fix, Safety, Severity};
use crate::levels::Writing;
use crate::reading::Reading;
use crate::reading::doubling::{
    Doubling, Elsewhere, Evidence, GATE, Known, NEAR, PART, Witness, doublings, elsewhere,
    is_said_twice, recurrences,
};
use crate::reading::manner::Manner;
use crate::reading::register::{Register, is_spoken};
use crate::rule::{Card, Chinese, Group, Rule, Scales};
use crate::text::numerals::is_to_ten;
use crate::text::{CharClass, Span};

use super::{beside_blank, doubled_word};
use crate::told;

static CARD: Card = Card {
    name: "doubled-character",
    group: Group::Repeat,
    severity: Severity::Error,
    confidence: Confidence::High,
    default: true,
    summary: "a character that was set twice",
    docs: "到来之前前完成: one character too many. Far more often a doubling is right: reduplication (常常, 人人, 实实在在), words that end and begin \
alike (组织部|部长, 中寨村|村民), names. The rule weighs what the language model knows: what the text gains without the second copy, whether a word \
reaches over the seam, whether words end and begin at it, how usual the doubling is, and what the rest of the document says: whether the doubling \
recurs there, and whether its two sides stand there without each other (徐闻港, 港口). The weights are fitted on slips that editors removed and on the \
doublings of edited text; the probability of the finding comes with it.\n\nWhere an institution meets its place the doubling is right (台安县|县政府), and surely wrong where no name can end (由县县政府). Numerals and ways \
of speaking (走走停停, 下下周, 看着看着) are left alone. A first glyph that was read twice stands before a blank (月 月亮). In classical Chinese and verse the rule is silent, in stories and speech it needs \
more to speak.",
    chinese: Chinese {
        name: "叠字",
        summary: "多印了一遍的字",
        docs: "“到来之前前完成”：多了一个字。叠字多半是对的：重叠词（常常、人人、实实在在）、词尾与词头相同（组织部|部长，中寨村|村民）\
、人名。规则权衡：去掉一个通顺多少、有没有词跨过接缝、接缝处是否词的首尾、这样的叠字常不常见、文中别处是否重现。权重由编辑删去的叠字和定稿中的叠字拟合而来，\
结果附概率。\n\n机构与所在地相接时叠字正确（台安县|县政府），前面不可能是地名结尾时则一定错（由县县政府）。数词和口语（走走停停、\
下下周、看着看着）不管。行首的字读了两遍时，中间有空格（月 月亮）。文言和诗词中不报，小说和对话中要求更严。",
    },
    bad: &[
        "施工队在汛期到来之前前完成了涵洞的加固。",
        "月 月亮升起来了，院子里很亮。",
    ],
    good: &[
        "市委组织部部长来到中寨村村民家中，实实在在地办事。",
        "人人都常常说起，一步步走来。",
    ],
    fix: Some(Safety::Unsafe),
    yields_to: &[
        "repeated-phrase",
        "injected-phrase",
        "doubled-word",
        "double-print",
    ],
    // of 28 between .97 and this that were read half were right: two words met (对应|应用)
    levels: &const { doubled_word::levels(0.985) },
};

/// How surely what is known to be a slip is one: of 40 such seams in 500 MB of edited text all were
/// names, and those are listed.
const KNOWN: f32 = 0.99;
/// Characters that nobody doubles in speech either.
const NEVER_SAID_TWICE: &str = "的和与與及或将將把被为為";

/// Doublings of a document for which its wider surroundings are looked through: keeps rubbish from
/// taking long.
const MANY: usize = 200;

/// The rule, for both cards.
#[derive(Default)]
pub(super) struct DoubledCharacter {
    scales: Scales,
}

impl Rule for DoubledCharacter {
    fn cards(&self) -> &[&'static Card] {
        const { &[&CARD, &doubled_word::CARD] }
    }

    fn scales(&mut self) -> Option<&mut Scales> {
        Some(&mut self.scales)
    }

    fn weighs(&self) -> bool {
        true
    }

    fn check(&self, document: &Reading<'_>, findings: &mut Findings) {
        beside_blank::doublings(document, &CARD, findings);
        let Some(trees) = document.model().forest(PART) else {
            return;
        };
        let text = document.text();
        let mut found = Vec::new();
        for token in document.tokens().iter() {
            if token.class == CharClass::Han && !token.masked && token.span.len() >= 6 {
                doublings(document.slice(token.span), token.span.start(), |d| {
                    found.push(d)
                });
            }
        }
        found.retain(|d| !is_said_twice(text, d));
        if found.is_empty() {
            return;
        }
        let mut witness = Witness::new(document.model());
        let registers = document.registers();
        let mut asked = 0;
        for (doubling, recurrence) in found.iter().zip(recurrences(text, &found)) {
            let span = Span::new(doubling.start, doubling.end);
            let known = witness.known(text, doubling);
            let card = match doubling.length {
                1 => &CARD,
                _ => &doubled_word::CARD,
            };
            let writing = match (known, registers.at(doubling.start)) {
                (Some(Known::Right), _) => continue,
                // a doubled word is a word of its own there
                (_, Register::Classical | Register::Verse) => continue,
                (Some(Known::Slip), _) if !document.vocabulary().covers(span) => {
                    let severity = self.scales.of(card, Writing::Usual).grade(KNOWN);
                    let finding = report(card, text, doubling).probability(KNOWN);
                    findings.extend(severity.map(|s| finding.severity(s)));
                    continue;
                }
                // where people speak, doublings are a means of style
                (_, Register::Fiction | Register::Cantonese)
                    if witness.is_told_twice(text, doubling) =>
                {
                    continue;
                }
                (_, Register::Fiction | Register::Cantonese) => Writing::Told,
                _ if is_said(text, doubling) => Writing::Told,
                (Some(Known::Spoken), _) if document.manner() != Manner::Report => continue,
                (Some(Known::Verb | Known::Spoken), _) => Writing::Told,
                _ if is_run_in_heading(text, doubling) => Writing::Told,
                _ => Writing::Usual,
            };
            let nothing = Elsewhere::default();
            let row = witness
                .evidence(text, doubling, recurrence, nothing)
                .columns();
            if trees.probability(&row) < GATE {
                continue;
            }
            // where very many doublings stand, each is looked at in its own surroundings
            asked += 1;
            let near = if asked > MANY { NEAR / 32 } else { NEAR };
            let elsewhere = elsewhere(text, doubling, near);
            let row = witness
                .evidence(text, doubling, recurrence, elsewhere)
                .columns();
            let probability = trees.probability(&row);
            let Some(severity) = self.scales.of(card, writing).grade(probability) else {
                continue;
            };
            if !document.vocabulary().covers(span) {
                let finding = report(card, text, doubling)
                    .severity(severity)
                    .probability(probability);
                findings.push(finding.weighed(Evidence::of(&row).loudest(document.model(), PART)));
            }
        }
    }
}

/// Whether the doubling is the speaker's: between quotation marks, and of something that people say
/// twice.
fn is_said(text: &str, doubling: &Doubling) -> bool {
    !NEVER_SAID_TWICE.contains(&text[doubling.start..doubling.middle])
        && is_spoken(text, doubling.start)
}

/// Whether a paragraph begins with the doubling, and it is as long as a name: most likely a heading
/// stands before the text that it heads without a line break
/// ((一)主动脉瓣狭窄主动脉瓣狭窄常见病因有…).
fn is_run_in_heading(text: &str, doubling: &Doubling) -> bool {
    const NAME: usize = 4;
    let before = text[..doubling.start].trim_end_matches(|c: char| {
        c.is_ascii_digit()
            || is_to_ten(c)
            || matches!(CharClass::of(c), CharClass::Mark | CharClass::AsciiMark)
            || c == ' '
    });
    doubling.length >= NAME && (before.is_empty() || before.ends_with('\n'))
}

fn report(card: &'static Card, text: &str, doubling: &Doubling) -> Finding {
    let twice = &text[doubling.start..doubling.end];
    let once = &text[doubling.start..doubling.middle];
    let second = Span::new(doubling.middle, doubling.end);
    Finding::new(
        card,
        Span::new(doubling.start, doubling.end),
        told!("“{twice}”: one {once} too many"; "“{twice}”：多了一个“{once}”"),
    )
    .help(told!(
        "no word of the language doubles it here, and the text reads better with one";
        "此处没有这样的重叠词，只留一个更通顺"
    ))
    .fix(Fix::replace(Safety::Unsafe, second, ""))
}
