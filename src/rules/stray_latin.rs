//! `stray-latin`: an English function word that the recogniser put where Chinese stood.

use crate::document::Document;
use crate::finding::{Confidence, Finding, Findings, Fix, Safety, Severity};
use crate::rule::{Card, Group, Rule};
use crate::text::CharClass;

static CARD: Card = Card {
    name: "stray-latin",
    group: Group::Script,
    severity: Severity::Error,
    confidence: Confidence::High,
    default: true,
    summary: "an English word that the recogniser put where Chinese stood",
    docs: "Models that read pages sometimes slip into English for a word: 发展 and 改革 where the page has 发展和改革. The rule looks for English \
function words (and, of, the, in …) alone between Chinese characters. English quotations, names, abbreviations and code are left alone: there the \
neighbours are not Chinese.",
    bad: &["要统筹发展 and 安全，做好各项工作。"],
    good: &["全年GDP增长5%。", "他在Journal of Physics上发表论文。"],
    fix: Some(Safety::Unsafe),
    yields_to: &[],
    settings: &[],
};

/// Function words and the Chinese that most often stood in their place.
const WORDS: &[(&str, &str)] = &[
    ("and", "和"),
    ("or", "或"),
    ("of", "的"),
    ("the", ""),
    ("in", "在"),
    ("to", "到"),
    ("with", "与"),
    ("for", "为"),
];

/// The rule.
pub(super) struct StrayLatin;

impl Rule for StrayLatin {
    fn cards(&self) -> &[&'static Card] {
        const { &[&CARD] }
    }

    fn check(&self, document: &Document<'_>, findings: &mut Findings) {
        let tokens = document.tokens();
        for (i, token) in tokens.iter().enumerate() {
            if token.class != CharClass::Letter || token.masked {
                continue;
            }
            let word = document.slice(token.span);
            let Some((_, chinese)) = WORDS.iter().find(|(w, _)| w.eq_ignore_ascii_case(word))
            else {
                continue;
            };
            let side = |step: isize| {
                let mut at = i.checked_add_signed(step)?;
                let mut token = tokens.get(at)?;
                if token.class == CharClass::Space {
                    at = at.checked_add_signed(step)?;
                    token = tokens.get(at)?;
                }
                Some(token)
            };
            let (Some(before), Some(after)) = (side(-1), side(1)) else {
                continue;
            };
            if before.class != CharClass::Han || after.class != CharClass::Han {
                continue;
            }
            let span = (before.span.end()..after.span.start()).into();
            let message = format!("English “{word}” between Chinese words");
            findings.push(
                Finding::new(&CARD, span, message)
                    .help(format!("the page most likely has {chinese} here"))
                    .fix(Fix::replace(Safety::Unsafe, span, *chinese)),
            );
        }
    }
}
