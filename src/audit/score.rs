//! How damaged a document is, as a number.
//!
//! 100 · exp(−0.05 · d), where d is the damage per 1,000 characters: the sum over all findings of
//! the weight of their severity (error 1, warning ½, note ⅒) times the probability that they are
//! right. A document without findings has 100, one with an error in every 1,000 characters 95, one
//! with ten 61. Lines of the site that a profile masks do not count.

use crate::finding::{Confidence, Finding, Severity};
use crate::rule::{Card, Group};
use crate::rules::CORPUS_CONFUSION;

/// Below so many characters a score says little: a single finding moves it by ten points.
pub const SHORT: usize = 500;
const LAMBDA: f64 = 0.05;

/// The probability that a finding is right: its own where the rule weighs, else what its confidence
/// stands for.
#[must_use]
pub fn probability(finding: &Finding) -> f32 {
    finding.probability.unwrap_or(match finding.confidence {
        Confidence::High => 0.97,
        Confidence::Medium => 0.85,
        Confidence::Low => 0.5,
    })
}

/// Whether a finding of this group and rule says something of the text: what repeats across files
/// is none of it, but a wrong word is.
pub(super) fn is_of_text(group: &str, rule: &str) -> bool {
    group != Group::Corpus.name() || rule == CORPUS_CONFUSION
}

/// Whether it is one of damage: a planted phrase is, although it is no text.
pub(super) fn is_damage(group: &str, rule: &str, severity: Severity) -> bool {
    is_of_text(group, rule) || severity == Severity::Error
}

/// The damage that a finding stands for.
#[must_use]
pub fn weight(finding: &Finding) -> f64 {
    let Card { group, name, .. } = finding.card;
    weight_of((group.name(), name), finding.severity, probability(finding))
}

/// The damage that a finding of this group and rule stands for.
pub(super) fn weight_of((group, rule): (&str, &str), severity: Severity, probability: f32) -> f64 {
    if !is_damage(group, rule, severity) {
        return 0.0;
    }
    let severity = match severity {
        Severity::Error => 1.0,
        Severity::Warning => 0.5,
        Severity::Info => 0.1,
    };
    severity * f64::from(probability)
}

/// The score for so much damage in so many characters, with the interval that the number of
/// findings leaves open (two standard deviations of a count).
#[must_use]
pub fn score(damage: f64, characters: usize) -> (f64, [f64; 2]) {
    let of = |damage: f64| 100.0 * (-LAMBDA * damage * 1000.0 / characters.max(1) as f64).exp();
    let spread = 2.0 * damage.sqrt();
    // even without findings as much as one could have been passed over
    (
        of(damage),
        [of(damage + spread.max(0.5)), of((damage - spread).max(0.0))],
    )
}

#[cfg(test)]
mod tests {
    use super::score;

    #[test]
    fn an_error_in_a_thousand_characters_costs_five_points() {
        assert!((score(1.0, 1000).0 - 95.1).abs() < 0.1);
        assert!((score(0.0, 1000).0 - 100.0).abs() < f64::EPSILON);
        let [low, high] = score(1.0, 200).1;
        assert!(low < 60.0 && high > 99.0, "{low} {high}");
    }
}
