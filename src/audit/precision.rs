//! How far the findings can be trusted, out of what people judged.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use super::Record;
use crate::finding::Severity;
use crate::judgements::{Judgement, Judgements, UNFLAGGED, Verdict};

/// Standard deviations on either side that hold 95 %.
const EVEN: f64 = 1.96;
/// The half width of the interval that is aimed at.
const WISHED: f64 = 0.05;
/// Bounds of the stated probabilities that are looked at together.
const BINS: [f32; 6] = [0.0, 0.5, 0.7, 0.85, 0.95, 1.01];

/// A share with the interval in which it lies with 95 %.
pub type Share = [f64; 3];

/// What judgements say of an audit.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Precision {
    /// Warnings and errors by rule.
    pub rules: BTreeMap<String, Judged>,
    /// The precision of all, each rule weighted by its findings.
    pub overall: Option<Share>,
    /// How often findings are right that are said to be so with some probability.
    pub reliability: Vec<Reliability>,
    /// The mean square of what stated probabilities are off.
    pub brier: Option<f64>,
    /// Paragraphs of which nothing was said and that people looked at, and how many of them hold
    /// damage.
    pub unflagged: Option<Unflagged>,
    /// Judgements of findings that are there no more.
    pub gone: usize,
}

/// Judgements of a rule.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Judged {
    /// By verdict.
    pub right: usize,
    /// By verdict.
    pub wrong: usize,
    /// By verdict.
    pub unsure: usize,
    /// The share of right ones among those that are right or wrong.
    pub precision: Option<Share>,
    /// How many more judgements bring the interval within five points of the share, as long as the
    /// share stays; no more than there are findings.
    pub more: usize,
    /// The sum of the probabilities of those that were judged right or wrong.
    stated: f64,
}

/// Findings with about the same stated probability.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Reliability {
    /// The least and the greatest probability.
    pub from: f32,
    /// The least and the greatest probability.
    pub to: f32,
    /// How many were judged right or wrong.
    pub judged: usize,
    /// The mean of what was stated.
    pub stated: f64,
    /// The share of right ones.
    pub observed: Share,
}

/// Paragraphs of which nothing was said.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Unflagged {
    /// How many were judged.
    pub judged: usize,
    /// How many of them are damaged.
    pub damaged: usize,
    /// The share of damaged ones.
    pub share: Share,
}

/// Takes findings in, and counts those that were judged.
pub struct Jury<'j> {
    settled: HashMap<u64, &'j Judgement>,
    seen: BTreeSet<u64>,
    rules: BTreeMap<String, Judged>,
    /// Stated probability and whether it was right.
    stated: Vec<(f32, bool)>,
}

impl<'j> Jury<'j> {
    /// A jury that has said so much.
    #[must_use]
    pub fn new(judgements: &'j Judgements) -> Self {
        Self {
            settled: judgements.settled(),
            seen: BTreeSet::new(),
            rules: BTreeMap::new(),
            stated: Vec::new(),
        }
    }

    /// What was said of a finding, which is counted.
    pub fn hear(&mut self, finding: &Record) -> Option<Verdict> {
        let print = u64::from_str_radix(&finding.fingerprint, 16).ok()?;
        let judgement = self.settled.get(&print)?;
        let verdict = judgement.verdict;
        // the same words in two files are one judgement and one observation
        if !self.seen.insert(print) {
            return Some(verdict);
        }
        if verdict != Verdict::Unsure {
            self.stated
                .push((finding.probability, verdict == Verdict::Right));
        }
        if finding.severity >= Severity::Warning {
            let rule = self.rules.entry(finding.rule.clone()).or_default();
            match verdict {
                Verdict::Right => rule.right += 1,
                Verdict::Wrong => rule.wrong += 1,
                Verdict::Unsure => rule.unsure += 1,
            }
            if verdict != Verdict::Unsure {
                rule.stated += f64::from(finding.probability);
            }
        }
        Some(verdict)
    }

    /// What comes of it for rules with so many findings, those that were judged wrong among them.
    /// `None` where nothing was judged.
    #[must_use]
    pub fn finish(mut self, found: impl Fn(&str) -> usize) -> Option<Precision> {
        if self.settled.is_empty() {
            return None;
        }
        let (mut sum, mut variance, mut all) = (0.0, 0.0, 0.0);
        for (name, rule) in &mut self.rules {
            let judged = rule.right + rule.wrong;
            let findings = found(name);
            if judged > 0 {
                let share = wilson(rule.right, judged);
                let weight = findings as f64;
                // the middle of the interval is not 0 or 1, so neither is its variance 0
                let middle = f64::midpoint(share[1], share[2]);
                sum += weight * share[0];
                variance += weight * weight * middle * (1.0 - middle) / judged as f64;
                all += weight;
                rule.precision = Some(share);
            }
            rule.more = more(rule.right, judged).min(findings.saturating_sub(judged + rule.unsure));
        }
        let overall = (all > 0.0).then(|| {
            let (share, spread) = (sum / all, EVEN * variance.sqrt() / all);
            [share, (share - spread).max(0.0), (share + spread).min(1.0)]
        });
        let unflagged = self.settled.values().filter(|j| j.rule == UNFLAGGED);
        let verdicts: Vec<_> = unflagged
            .map(|j| j.verdict)
            .filter(|v| *v != Verdict::Unsure)
            .collect();
        let damaged = verdicts.iter().filter(|v| **v == Verdict::Wrong).count();
        let gone = |(print, judgement): &(&u64, &&Judgement)| {
            judgement.rule != UNFLAGGED && !self.seen.contains(*print)
        };
        let gone = self.settled.iter().filter(gone).count();
        Some(Precision {
            overall,
            reliability: reliability(&self.stated),
            brier: brier(&self.stated),
            unflagged: (!verdicts.is_empty()).then(|| Unflagged {
                judged: verdicts.len(),
                damaged,
                share: wilson(damaged, verdicts.len()),
            }),
            gone,
            rules: self.rules,
        })
    }
}

impl Judged {
    /// How many of the findings that are left are right, where the sum of what was stated of them
    /// is `stated`. Those that were judged right count as they are; of the others as much of what
    /// was stated holds as did of what was judged. Two findings as they were stated are taken for
    /// judged, so that a single judgement turns nothing over.
    #[must_use]
    pub fn expected(&self, stated: f64, left: f64) -> f64 {
        let judged = (self.right + self.wrong) as f64;
        if judged == 0.0 {
            return stated;
        }
        let mean = self.stated / judged;
        let holds = (self.right as f64 + 2.0 * mean) / (self.stated + 2.0 * mean).max(f64::EPSILON);
        let right = self.right as f64;
        let others = (left - right).max(0.0);
        let stated_of_others = stated * others / left.max(1.0);
        right + (stated_of_others * holds).min(others)
    }
}

/// A share by Wilson's score interval, which holds for few and for extreme counts.
#[must_use]
pub fn wilson(of: usize, all: usize) -> Share {
    if all == 0 {
        return [0.0, 0.0, 1.0];
    }
    let (n, z) = (all as f64, EVEN);
    let share = of as f64 / n;
    let scale = 1.0 + z * z / n;
    let middle = (share + z * z / (2.0 * n)) / scale;
    let spread = z / scale * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
    [
        share,
        (middle - spread).max(0.0),
        (middle + spread).min(1.0),
    ]
}

/// How many more judgements the wished interval costs, as long as the share stays what it is.
fn more(right: usize, judged: usize) -> usize {
    let share = right as f64 / judged.max(1) as f64;
    let half = |n: usize| {
        let [_, low, high] = wilson((share * n as f64).round() as usize, n);
        (high - low) / 2.0
    };
    (judged..judged + 1000)
        .find(|n| *n > 0 && half(*n) <= WISHED)
        .map_or(1000, |n| n - judged)
}

fn reliability(stated: &[(f32, bool)]) -> Vec<Reliability> {
    let bins = BINS.windows(2).filter_map(|bounds| {
        let inside: Vec<_> = stated
            .iter()
            .filter(|(p, _)| (bounds[0]..bounds[1]).contains(p))
            .collect();
        if inside.is_empty() {
            return None;
        }
        let sum: f64 = inside.iter().map(|(p, _)| f64::from(*p)).sum();
        Some(Reliability {
            from: bounds[0],
            to: bounds[1].min(1.0),
            judged: inside.len(),
            stated: sum / inside.len() as f64,
            observed: wilson(
                inside.iter().filter(|(_, right)| *right).count(),
                inside.len(),
            ),
        })
    });
    bins.collect()
}

fn brier(stated: &[(f32, bool)]) -> Option<f64> {
    let off = |(p, right): &(f32, bool)| (f64::from(*p) - f64::from(u8::from(*right))).powi(2);
    let sum: f64 = stated.iter().map(off).sum();
    (!stated.is_empty()).then(|| sum / stated.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::{more, wilson};

    #[test]
    fn intervals_are_wilsons() {
        let close = |a: f64, b: f64| (a - b).abs() < 0.002;
        let [share, low, high] = wilson(50, 50);
        assert!(
            close(share, 1.0) && close(low, 0.929) && close(high, 1.0),
            "{low} {high}"
        );
        let [_, low, high] = wilson(45, 50);
        assert!(close(low, 0.786) && close(high, 0.957), "{low} {high}");
        assert_eq!(wilson(0, 0), [0.0, 0.0, 1.0]);
    }

    #[test]
    fn a_narrower_interval_costs_more() {
        assert_eq!(more(50, 50), 0);
        assert!((80..=110).contains(&more(45, 50)), "{}", more(45, 50));
    }
}
