//! A finding as Python sees it: its places in characters.

use kanwu::audit::score;
use kanwu::finding::{EvidenceValue, Finding, Safety, Severity};
use kanwu::language::Lang;
use kanwu::report::FileReport;
use kanwu::text::{CharCounts, Decoded, Span};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

/// Where a stretch stands, in characters.
type Place = (usize, usize);

/// A finding, ready to be handed over.
pub(crate) struct Told {
    pub(crate) rule: &'static str,
    pub(crate) group: &'static str,
    pub(crate) severity: Severity,
    pub(crate) confidence: &'static str,
    /// The calibrated probability, where the rule has one.
    pub(crate) probability: Option<f32>,
    pub(crate) place: Place,
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) text: String,
    pub(crate) message: String,
    help: Option<String>,
    places: Vec<Place>,
    labels: Vec<(Place, String, Option<String>)>,
    fixes: Vec<(&'static str, Vec<(Place, String)>)>,
    evidence: Vec<(&'static str, EvidenceValue)>,
    /// What it costs the score.
    pub(crate) weight: f64,
}

/// Characters of the text that a finding quotes.
const QUOTED: usize = 400;

/// The findings of a report.
pub(crate) fn told(report: &FileReport) -> Vec<Told> {
    if report.findings.is_empty() {
        return Vec::new();
    }
    let counts = CharCounts::new(&report.text);
    let place = |span: Span| {
        let at = |byte| counts.chars(&report.text, byte);
        (at(span.start()), at(span.end()))
    };
    let one = |finding: &Finding| tell(report, finding, &place);
    report.findings.iter().map(one).collect()
}

fn tell(report: &FileReport, finding: &Finding, place: &impl Fn(Span) -> Place) -> Told {
    let at = report.position(finding.span.start());
    let lang = report.lang;
    Told {
        rule: finding.card.name,
        group: finding.card.group.name(),
        severity: finding.severity,
        confidence: finding.confidence.name(),
        probability: finding.probability,
        place: place(finding.span),
        line: at.line,
        column: at.column,
        text: report.excerpt(finding.span, QUOTED).to_owned(),
        message: finding.told(lang).into_owned(),
        help: finding.help.as_ref().map(|h| h.read(lang).to_owned()),
        places: finding.all_places().iter().map(|p| place(*p)).collect(),
        labels: finding
            .labels
            .iter()
            .map(|label| {
                // a label in another document has that one's places
                let at = match label.file {
                    None => place(label.span),
                    Some(_) => (label.span.start(), label.span.end()),
                };
                (at, label.message.read(lang).to_owned(), label.file.clone())
            })
            .collect(),
        fixes: finding
            .fixes
            .iter()
            .map(|fix| {
                let edits = fix
                    .edits
                    .iter()
                    .map(|edit| (place(edit.span), edit.replacement.clone()));
                let safety = match fix.safety {
                    Safety::Safe => "safe",
                    Safety::Unsafe => "unsafe",
                };
                (safety, edits.collect())
            })
            .collect(),
        evidence: finding
            .evidence
            .iter()
            .map(|e| (e.name, e.value.clone()))
            .collect(),
        weight: score::weight(finding),
    }
}

impl Told {
    /// What the first fix puts in the place of the finding, where that is all it does.
    pub(crate) fn replacement(&self) -> Option<&str> {
        match self.fixes.first()?.1.as_slice() {
            [(place, replacement)] if *place == self.place => Some(replacement),
            _ => None,
        }
    }

    /// The arguments of `kanwu.Finding`, in their order.
    pub(crate) fn into_arguments(self, py: Python<'_>) -> PyResult<Bound<'_, PyTuple>> {
        let evidence = PyDict::new(py);
        for (name, value) in self.evidence {
            match value {
                EvidenceValue::Count(count) => evidence.set_item(name, count)?,
                EvidenceValue::Number(number) => evidence.set_item(name, number)?,
                EvidenceValue::Text(text) => evidence.set_item(name, text)?,
            }
        }
        let items = [
            self.rule.into_pyobject(py)?.into_any(),
            self.group.into_pyobject(py)?.into_any(),
            self.severity.name().into_pyobject(py)?.into_any(),
            self.confidence.into_pyobject(py)?.into_any(),
            self.probability.map(shortest).into_pyobject(py)?.into_any(),
            self.place.0.into_pyobject(py)?.into_any(),
            self.place.1.into_pyobject(py)?.into_any(),
            self.line.into_pyobject(py)?.into_any(),
            self.column.into_pyobject(py)?.into_any(),
            self.text.into_pyobject(py)?.into_any(),
            self.message.into_pyobject(py)?.into_any(),
            self.help.into_pyobject(py)?.into_any(),
            PyTuple::new(py, self.places)?.into_any(),
            PyTuple::new(py, self.labels)?.into_any(),
            PyTuple::new(py, self.fixes)?.into_any(),
            evidence.into_any(),
        ];
        PyTuple::new(py, items)
    }
}

/// A probability as the JSON has it, to four digits.
fn shortest(probability: f32) -> f64 {
    (f64::from(probability) * 1e4).round() / 1e4
}

/// A text as it was given, with what was found in it.
pub(crate) fn report(name: &str, text: &str, findings: Vec<Finding>, lang: Lang) -> FileReport {
    let mut report = FileReport::new(name, Decoded::of_text(text), findings);
    report.lang = lang;
    report
}
