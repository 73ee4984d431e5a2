//! A character that was set on both sides of a blank: 是 是不是, 月 月亮. `doubled-character`
//! reports it.
//!
//! Recognisers of subtitles and of columns read the first glyph of a line twice. People who speak
//! set a pause between the two as well (好 好的), so answers and pronouns are notes.

use crate::finding::{Finding, Findings, Fix, Safety, Severity};
use crate::model::lexicon::Kinds;
use crate::reading::{Reading, Register};
use crate::rule::Card;
use crate::text::{CharClass, Span, is_sentence_end, line_around};
use crate::told;

/// What is said again after a pause: answers, calls, pronouns.
const SAID_AGAIN: &str = "好对是不快来走别等行有没我你您他她它這这那谁誰";
/// A line with more blanks is set wide, or a table.
const BLANKS: usize = 2;

/// Tells the characters that stand on both sides of a blank.
pub(super) fn doublings(document: &Reading<'_>, card: &'static Card, findings: &mut Findings) {
    let found = doubled(document);
    if is_primer(document, &found) {
        return;
    }
    findings.extend(found.into_iter().map(|Doubled { c, twice, severity }| {
        let again = Span::new(twice.start(), twice.end() - c.len_utf8());
        Finding::new(
            card,
            twice,
            told!("“{c}” stands on both sides of a blank"; "空格两边都是“{c}”"),
        )
        .severity(severity)
        .help(told!(
            "one was read twice: delete it, and the blank";
            "读了两遍：删去一个和空格"
        ))
        .fix(Fix::replace(Safety::Unsafe, again, ""))
    }));
}

/// A character on both sides of a blank.
struct Doubled {
    c: char,
    /// Both with the blank.
    twice: Span,
    severity: Severity,
}

fn doubled(document: &Reading<'_>) -> Vec<Doubled> {
    let tokens = document.tokens();
    let found = tokens.of(CharClass::Space).filter_map(|(i, blank)| {
        let (left, right) = tokens.between_han(i).filter(|_| blank.span.len() == 1)?;
        let c = document.slice(left.span).chars().next_back()?;
        let first = Span::new(left.span.end() - c.len_utf8(), left.span.end());
        let again = document.slice(right.span).starts_with(c);
        if !again || !is_prose(document, first, blank.span) {
            return None;
        }
        Some(Doubled {
            c,
            twice: Span::new(first.start(), right.span.start() + c.len_utf8()),
            severity: severity(document, (first, right.span), c)?,
        })
    });
    found.collect()
}

/// Whether the text is a primer, which sets a noun before the sentence that shows its use, line by
/// line: 月 月亮升起来.
fn is_primer(document: &Reading<'_>, found: &[Doubled]) -> bool {
    const LINES: usize = 3;
    let model = document.model();
    let others = Kinds(Kinds::VERB.0 | Kinds::ADVERB.0 | Kinds::FUNCTION.0);
    let is_noun = |c: char| {
        let word = model.lexicon().find(&[model.characters().id(c)]);
        word.is_none_or(|word| !model.lexicon().kinds(word).any(others))
    };
    found.len() >= LINES
        && found.len() * 2 > document.paragraphs().len()
        && found.iter().all(|doubled| is_noun(doubled.c))
}

/// How surely the first copy is too many: nothing stands before it, and a word begins with the
/// second.
fn severity(document: &Reading<'_>, (first, right): (Span, Span), c: char) -> Option<Severity> {
    let model = document.model();
    let text = document.text();
    let ids = |text: &str| -> Vec<_> {
        let characters = text.chars().take(4);
        characters.map(|c| model.characters().id(c)).collect()
    };
    let word = model.lexicon().longest(&ids(document.slice(right)), 0);
    // 是不是, 好不好
    let asks = document.slice(right).strip_prefix(c);
    let asks = asks.and_then(|rest| rest.strip_prefix('不'));
    let asks = asks.is_some_and(|rest| rest.starts_with(c));
    let begins_word = asks || word.is_some_and(|(length, _)| length > 1);
    let before = text[..first.start()].chars().next_back();
    let opens =
        before.is_none_or(|c| c == '\n' || is_sentence_end(c) || "，、；：“「（".contains(c));
    match (opens, begins_word) {
        (true, true) if asks || !SAID_AGAIN.contains(c) => Some(Severity::Warning),
        (true, _) => Some(Severity::Info),
        // inside a line a blank may part two clauses (…撞警 警長…)
        (false, _) => asks.then_some(Severity::Warning),
    }
}

/// Whether the line is prose with hardly a blank: no classical text, where characters are set
/// apart, and no verse that takes a word up again behind its break (…见明月 月下…).
fn is_prose(document: &Reading<'_>, first: Span, blank: Span) -> bool {
    let text = document.text();
    let line = line_around(text, blank.range());
    let blanks = text[line.clone()]
        .trim()
        .chars()
        .filter(|c| c.is_whitespace())
        .count();
    let told = match document.registers().at(blank.start()) {
        Register::Classical => false,
        Register::Verse => first.start() == line.start,
        _ => true,
    };
    told && blanks <= BLANKS
}
