//! Runs the selected rules over a document and settles which findings stand.

use std::collections::{HashMap, HashSet};

#[cfg(feature = "embedded-model")]
use crate::document::Document;
use crate::finding::{self, Finding, Findings, Severity};
use crate::reading::Reading;
use crate::registry::Registry;
use crate::rule::{Card, Group, Rule};
use crate::rules::CORPUS_CONFUSION;
use crate::selection::{Selection, UnknownRule};
use crate::suppress;
use crate::text::{Places, Span};

/// Bytes of a text from which on the rules of spelling, which take most of the time, run before the
/// others and not beside them: what either holds of such a text is several times as large as it.
const LARGE: usize = 16 << 20;

/// The selected rules, ready to check documents. One linter serves any number of threads.
pub struct Linter {
    /// The rules of spelling first: they take about as long as all others.
    rules: Vec<Box<dyn Rule>>,
    /// How many rules of spelling there are.
    spelling: usize,
    enabled: HashSet<&'static str>,
    /// The cards of all rules there are, selected or not.
    known: Vec<&'static Card>,
}

impl Linter {
    /// A linter with the selected rules of a registry.
    ///
    /// # Errors
    ///
    /// [`UnknownRule`] for a name in the selection that no rule and no group has.
    pub fn new(registry: Registry, selection: &Selection) -> Result<Self, UnknownRule> {
        let known = registry.cards();
        let enabled = selection.resolve(&known)?;
        let mut rules = registry.into_rules();
        rules.retain(|rule| rule.cards().iter().any(|card| enabled.contains(card.name)));
        Ok(Self::of(rules, enabled, known))
    }

    /// A linter with the default rules.
    #[must_use]
    pub fn standard() -> Self {
        let registry = Registry::builtin();
        let known = registry.cards();
        let enabled = known.iter().filter(|c| c.default).map(|c| c.name).collect();
        Self::of(registry.into_rules(), enabled, known)
    }

    /// The same without the rules that weigh the text with the language model: what is known is
    /// found, and what repeats, at many times the speed.
    #[must_use]
    pub fn skimming(mut self) -> Self {
        self.spelling = self.rules[..self.spelling]
            .iter()
            .filter(|rule| !rule.weighs())
            .count();
        let weighing = |rule: &mut Box<dyn Rule>| rule.weighs();
        let left: Vec<&Card> = self
            .rules
            .extract_if(.., weighing)
            .flat_map(|rule| rule.cards().to_vec())
            .collect();
        self.enabled
            .retain(|name| left.iter().all(|card| card.name != *name));
        self
    }

    fn of(
        rules: Vec<Box<dyn Rule>>,
        enabled: HashSet<&'static str>,
        known: Vec<&'static Card>,
    ) -> Self {
        let is_spelling = |rule: &dyn Rule| {
            let mut cards = rule.cards().iter();
            cards.any(|card| card.group == Group::Spelling)
        };
        let (mut rules, others): (Vec<_>, Vec<_>) = rules
            .into_iter()
            .partition(|rule| is_spelling(rule.as_ref()));
        let spelling = rules.len();
        rules.extend(others);
        Self {
            rules,
            spelling,
            enabled,
            known,
        }
    }

    /// Whether a rule is selected.
    #[must_use]
    pub fn is_enabled(&self, rule: &str) -> bool {
        self.enabled.contains(rule)
    }

    /// The cards of the selected rules.
    pub fn cards(&self) -> impl Iterator<Item = &'static Card> + '_ {
        self.rules
            .iter()
            .flat_map(|r| r.cards().iter().copied())
            .filter(|c| self.enabled.contains(c.name))
    }

    /// Checks a document with the model that comes with the program: findings in the order of the
    /// text, one for each defect.
    #[cfg(feature = "embedded-model")]
    #[must_use]
    pub fn check(&self, document: &Document<'_>) -> Vec<Finding> {
        self.check_reading(&Reading::of(document), 1)
    }

    /// Checks a document as it is read with some model, with so many threads: from two on the rules
    /// of spelling run beside the others, but for a large text. What is found does not depend on
    /// that.
    #[must_use]
    pub fn check_reading(&self, reading: &Reading<'_>, threads: usize) -> Vec<Finding> {
        let run = |rules: &[Box<dyn Rule>]| {
            let mut findings = Findings::default();
            for rule in rules {
                rule.check(reading, &mut findings);
            }
            findings.into_vec()
        };
        let (spelling, others) = self.rules.split_at(self.spelling);
        let alone = threads < 2 || reading.text().len() >= LARGE;
        let mut list = if alone || spelling.is_empty() || others.is_empty() {
            run(&self.rules)
        } else {
            std::thread::scope(|scope| {
                let thread = std::thread::Builder::new();
                // Where no thread is to be had, this one does all.
                let Ok(beside) = thread.spawn_scoped(scope, || run(spelling)) else {
                    return run(&self.rules);
                };
                let others = run(others);
                let mut list = match beside.join() {
                    Ok(list) => list,
                    Err(panic) => std::panic::resume_unwind(panic),
                };
                list.extend(others);
                list
            })
        };
        // What lies inside a word of the vocabulary is right, even where a rule did not ask.
        let words = reading.vocabulary();
        list.retain(|f| self.enabled.contains(f.card.name) && !words.covers(f.span));
        leave_noise_alone(reading, &mut list);
        let findings = suppress::apply(reading, resolve(list), &self.known, &self.enabled);
        let mut findings = finding::gather(findings);
        for finding in &mut findings {
            // Whoever applies a fix, here or in an editor, may rely on its edits.
            finding.fixes.retain(|fix| fix.is_sound(reading.text()));
            finding.make_visible();
        }
        findings
    }
}

/// Of what is told to be noise nothing else is told, but for bytes and characters that are no text
/// anywhere.
fn leave_noise_alone(reading: &Reading<'_>, list: &mut Vec<Finding>) {
    let tells = |f: &&Finding| f.card.name == "garbled-text";
    let told: HashSet<Span> = list.iter().filter(tells).map(|f| f.span).collect();
    if told.is_empty() {
        return;
    }
    let noise = reading.proof().noise.iter();
    let noise = noise.map(|n| Span::new(n.start, n.end));
    let noise: Vec<Span> = noise.filter(|span| told.contains(span)).collect();
    list.retain(|f| {
        let before = noise.partition_point(|n| n.start() <= f.span.start());
        let inside = before > 0 && f.span.end() <= noise[before - 1].end();
        !inside || tells(&f) || f.card.group == Group::Encoding
    });
}

/// Sorts the findings, drops repetitions, and where findings overlap drops those whose rule yields
/// to the other's (`Card::yields_to`). Of two findings of the same rule at the same place the first
/// stays.
fn resolve(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by(|a, b| {
        let key = |f: &Finding| (f.span.start(), f.span.end());
        key(a)
            .cmp(&key(b))
            .then_with(|| a.card.name.cmp(b.card.name))
    });
    findings.dedup_by(|b, a| a.card.name == b.card.name && a.span == b.span);
    let mut places: HashMap<&str, Places> = HashMap::new();
    for finding in &findings {
        places
            .entry(finding.card.name)
            .or_default()
            .push(finding.span);
    }
    findings.retain(|f| {
        !f.card
            .yields_to
            .iter()
            .any(|other| places.get(other).is_some_and(|p| p.overlap(f.span)))
    });
    findings
}

/// Of a wrong word of the whole source and what a rule says of its place alone, what is surer
/// stands.
pub(crate) fn without_known_confusions(findings: &mut Vec<Finding>) {
    let is_confusion = |f: &Finding| f.card.name == CORPUS_CONFUSION;
    let confusions: Vec<Span> = findings
        .iter()
        .filter(|f| is_confusion(f))
        .map(|f| f.span)
        .collect();
    let sure: Vec<Span> = findings
        .iter()
        .filter(|f| f.card.group == Group::Spelling && f.severity >= Severity::Warning)
        .map(|f| f.span)
        .collect();
    findings.retain(|f| match (is_confusion(f), f.card.group) {
        (true, _) => !sure.iter().any(|s| s.overlaps(f.span)),
        (false, Group::Spelling) => {
            f.severity >= Severity::Warning || !confusions.iter().any(|s| s.overlaps(f.span))
        }
        (false, _) => true,
    });
}

#[cfg(test)]
mod tests {
    use super::Linter;
    use crate::document::Document;
    use crate::finding::Finding;
    use crate::reading::Reading;

    #[test]
    fn nothing_is_found_inside_a_word_of_the_vocabulary() {
        let words = ["发展 and 安全"].into_iter().collect();
        let document = Document::new("a.txt", "统筹发展 and 安全，坚持改革 and 开放。");
        let document = document.with_vocabulary(&words);
        let findings = Linter::standard().check(&document);
        let lines: Vec<_> = findings.iter().map(|f| document.slice(f.span)).collect();
        assert_eq!(lines, [" and "]);
        assert!(findings[0].span.start() > 30);
    }

    #[test]
    fn two_threads_find_what_one_finds() {
        let linter = Linter::standard();
        let text = "统筹发展 and 安全。\n我们要靠自已的力量解决问题。\n".repeat(5);
        let spans = |threads| -> Vec<_> {
            let document = Document::new("a.txt", &text);
            let found = linter.check_reading(&Reading::of(&document), threads);
            let places = |f: &Finding| f.all_places().to_vec();
            let told = found.iter();
            told.flat_map(|f| places(f).into_iter().map(|place| (f.card.name, place)))
                .collect()
        };
        assert_eq!(spans(1), spans(2));
        assert!(spans(1).len() >= 10);
    }

    #[test]
    fn findings_come_in_the_order_of_the_text() {
        let linter = Linter::standard();
        let document = Document::new("a.txt", "统筹发展 and 安全，坚持改革 and 开放。");
        let findings = linter.check(&document);
        assert_eq!(findings.len(), 2);
        assert!(findings[0].span < findings[1].span);
    }
}
