//! What a rule found: [`Finding`], its labels, fixes and evidence.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::rule::Card;
use crate::text::Span;

/// How sure it is that the text is damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth a look.
    Info,
    /// Most likely damaged.
    Warning,
    /// Surely damaged.
    Error,
}

impl Severity {
    /// The name used in reports and settings.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How often findings of this kind are right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// One in two or less.
    Low,
    /// Four in five.
    Medium,
    /// Nineteen in twenty.
    High,
}

impl Confidence {
    /// The name used in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }

    /// The level that a calibrated probability of being right amounts to.
    #[must_use]
    pub fn of_probability(p: f32) -> Self {
        if p >= 0.9 {
            Self::High
        } else if p >= 0.7 {
            Self::Medium
        } else {
            Self::Low
        }
    }
}

/// Whether a fix may be applied without a person looking at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Safety {
    /// The meaning cannot change: applied by `--fix`.
    Safe,
    /// It may: applied by `--unsafe-fixes` only.
    Unsafe,
}

/// One replacement of bytes by text; an empty replacement deletes, an empty span inserts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced, in the decoded text.
    pub span: Span,
    /// What stands there afterwards.
    pub replacement: String,
}

/// A way to mend a finding: edits that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// Whether it may be applied unseen.
    pub safety: Safety,
    /// Edits in ascending order, not overlapping.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// A fix of one replacement.
    #[must_use]
    pub fn replace(safety: Safety, span: Span, replacement: impl Into<String>) -> Self {
        Self {
            safety,
            edits: vec![Edit {
                span,
                replacement: replacement.into(),
            }],
        }
    }
}

/// Another place that belongs to a finding: the first copy, the article a sentence comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where, in the same document (or in `file`).
    pub span: Span,
    /// What is there.
    pub message: String,
    /// The other document, for findings across files.
    pub file: Option<String>,
}

/// A piece of evidence as data: what the message says in words.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// Its name, in kebab-case, the same for each finding of a rule.
    pub name: &'static str,
    /// Its value.
    pub value: EvidenceValue,
}

/// The value of a piece of evidence.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum EvidenceValue {
    /// A count or a line number.
    Count(usize),
    /// A measure: a likeness, a probability, a gain in nats.
    Number(f64),
    /// A word, a name of a thing.
    Text(String),
}

impl From<usize> for EvidenceValue {
    fn from(value: usize) -> Self {
        Self::Count(value)
    }
}

impl From<f64> for EvidenceValue {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}

impl From<f32> for EvidenceValue {
    fn from(value: f32) -> Self {
        Self::Number((f64::from(value) * 1e4).round() / 1e4)
    }
}

impl From<&str> for EvidenceValue {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for EvidenceValue {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

/// One defect, as one rule sees it.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The card of the rule that speaks.
    pub card: &'static Card,
    /// How bad; the card's unless the rule knows better.
    pub severity: Severity,
    /// How sure; the card's unless the rule knows better.
    pub confidence: Confidence,
    /// The calibrated probability that this is damage, where the rule has one.
    pub probability: Option<f32>,
    /// The damaged bytes.
    pub span: Span,
    /// What is wrong, with the evidence.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Other places that belong to it.
    pub labels: Vec<Label>,
    /// Ways to mend it, the best first.
    pub fixes: Vec<Fix>,
    /// The evidence as data.
    pub evidence: Vec<Evidence>,
}

impl Finding {
    /// A finding with the severity and confidence of its card.
    #[must_use]
    pub fn new(card: &'static Card, span: Span, message: impl Into<String>) -> Self {
        Self {
            card,
            severity: card.severity,
            confidence: card.confidence,
            probability: None,
            span,
            message: message.into(),
            help: None,
            labels: Vec::new(),
            fixes: Vec::new(),
            evidence: Vec::new(),
        }
    }

    /// With another severity than the card's.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// With a calibrated probability; the confidence follows from it.
    #[must_use]
    pub fn probability(mut self, p: f32) -> Self {
        self.probability = Some(p);
        self.confidence = Confidence::of_probability(p);
        self
    }

    /// With advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// With another place of the same document.
    #[must_use]
    pub fn label(mut self, span: Span, message: impl Into<String>) -> Self {
        self.labels.push(Label {
            span,
            message: message.into(),
            file: None,
        });
        self
    }

    /// With a fix.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fixes.push(fix);
        self
    }

    /// With a piece of evidence as data.
    #[must_use]
    pub fn evidence(mut self, name: &'static str, value: impl Into<EvidenceValue>) -> Self {
        self.evidence.push(Evidence {
            name,
            value: value.into(),
        });
        self
    }
}

/// What rules write their findings to.
#[derive(Debug, Default)]
pub struct Findings {
    list: Vec<Finding>,
}

impl Extend<Finding> for Findings {
    fn extend<I: IntoIterator<Item = Finding>>(&mut self, findings: I) {
        self.list.extend(findings);
    }
}

impl Findings {
    /// Adds a finding.
    pub fn push(&mut self, finding: Finding) {
        self.list.push(finding);
    }

    /// What was found so far.
    #[must_use]
    pub fn as_slice(&self) -> &[Finding] {
        &self.list
    }

    /// The findings, in the order they were found.
    #[must_use]
    pub fn into_vec(self) -> Vec<Finding> {
        self.list
    }
}
