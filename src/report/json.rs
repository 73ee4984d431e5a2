//! `json` and `jsonl`: the stable contract for programs.
//!
//! Spans are byte offsets in the file as it is on disk, whatever its encoding; lines and columns
//! count from 1, columns in characters.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;

use super::plain_json;
use super::{FileReport, Reporter, Skipped, Summary};
use crate::finding::{EvidenceValue, Finding, Safety, Severity};
use crate::text::{Position, Span};

/// One object for the whole run.
#[derive(Debug, Default)]
pub struct Json {
    begun: bool,
}

/// One object a finding and line.
#[derive(Debug, Default)]
pub struct JsonLines;

#[derive(Serialize)]
struct JsonSpan {
    start: usize,
    end: usize,
}

#[derive(Serialize)]
struct JsonPosition {
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct JsonPlace {
    span: JsonSpan,
    start: JsonPosition,
    end: JsonPosition,
}

#[derive(Serialize)]
struct JsonLabel<'a> {
    file: &'a str,
    span: JsonSpan,
    message: &'a str,
}

#[derive(Serialize)]
struct JsonEdit<'a> {
    span: JsonSpan,
    replacement: &'a str,
}

#[derive(Serialize)]
struct JsonFix<'a> {
    safety: Safety,
    edits: Vec<JsonEdit<'a>>,
}

#[derive(Serialize)]
struct JsonEvidence<'a> {
    name: &'a str,
    value: &'a EvidenceValue,
    /// What it added to the log-odds, in nats, where fitted trees weighed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    weight: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    means: Option<&'static str>,
}

#[derive(Serialize)]
struct JsonFinding<'a> {
    rule: &'a str,
    group: &'a str,
    severity: &'a str,
    confidence: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    probability: Option<f64>,
    file: &'a str,
    span: JsonSpan,
    start: JsonPosition,
    end: JsonPosition,
    message: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    text: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    places: Vec<JsonPlace>,
    labels: Vec<JsonLabel<'a>>,
    fixes: Vec<JsonFix<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    evidence: Vec<JsonEvidence<'a>>,
}

#[derive(Serialize)]
struct JsonSummary<'a> {
    files: usize,
    characters: usize,
    errors: usize,
    warnings: usize,
    infos: usize,
    #[serde(skip_serializing_if = "is_zero")]
    omitted: usize,
    skipped: &'a [Skipped],
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes fields by reference"
)]
fn is_zero(n: &usize) -> bool {
    *n == 0
}

impl From<Position> for JsonPosition {
    fn from(p: Position) -> Self {
        Self {
            line: p.line,
            column: p.column,
        }
    }
}

fn view<'a>(report: &'a FileReport, finding: &'a Finding) -> JsonFinding<'a> {
    let disk = |s: Span| JsonSpan {
        start: report.offsets.to_file(s.start()),
        end: report.offsets.to_file(s.end()),
    };
    let own = |s: Span| JsonSpan {
        start: s.start(),
        end: s.end(),
    };
    JsonFinding {
        rule: finding.card.name,
        group: finding.card.group.name(),
        severity: finding.severity.name(),
        confidence: finding.confidence.name(),
        probability: finding
            .probability
            .map(|p| (f64::from(p) * 1e4).round() / 1e4),
        file: &report.name,
        span: disk(finding.span),
        start: report.position(finding.span.start()).into(),
        end: report.position(finding.span.end()).into(),
        message: finding.told(report.lang),
        help: finding.help.as_ref().map(|h| h.read(report.lang)),
        text: report.excerpt(finding.span, 400),
        places: finding
            .places
            .iter()
            .map(|place| JsonPlace {
                span: disk(*place),
                start: report.position(place.start()).into(),
                end: report.position(place.end()).into(),
            })
            .collect(),
        labels: finding
            .labels
            .iter()
            .map(|l| JsonLabel {
                file: l.file.as_deref().unwrap_or(&report.name),
                span: if l.file.is_some() {
                    own(l.span)
                } else {
                    disk(l.span)
                },
                message: l.message.read(report.lang),
            })
            .collect(),
        fixes: finding
            .fixes
            .iter()
            .map(|f| JsonFix {
                safety: f.safety,
                edits: f
                    .edits
                    .iter()
                    .map(|e| JsonEdit {
                        span: disk(e.span),
                        replacement: &e.replacement,
                    })
                    .collect(),
            })
            .collect(),
        evidence: finding
            .evidence
            .iter()
            .map(|e| JsonEvidence {
                name: e.name,
                value: &e.value,
                weight: e.weight.map(|w| (f64::from(w.share) * 1e4).round() / 1e4),
                means: e.means(report.lang),
            })
            .collect(),
    }
}

/// Writes each finding of a file with a separator before it.
fn write_all(
    report: &FileReport,
    out: &mut dyn Write,
    mut separate: impl FnMut(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    for finding in &report.findings {
        separate(out)?;
        plain_json::write(&mut *out, &view(report, finding))?;
    }
    Ok(())
}

impl Reporter for Json {
    fn file(&mut self, report: &FileReport, out: &mut dyn Write) -> io::Result<()> {
        let begun = &mut self.begun;
        write_all(report, out, |out| {
            let first = !std::mem::replace(begun, true);
            out.write_all(if first {
                b"{\"version\": 1,\n\"findings\": [\n"
            } else {
                b",\n"
            })
        })
    }

    fn finish(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        if !self.begun {
            out.write_all(b"{\"version\": 1,\n\"findings\": [")?;
        }
        out.write_all(b"],\n\"summary\": ")?;
        let counts = JsonSummary {
            files: summary.files,
            characters: summary.characters,
            errors: summary.count(Severity::Error),
            warnings: summary.count(Severity::Warning),
            infos: summary.count(Severity::Info),
            omitted: summary.omitted,
            skipped: &summary.skipped,
        };
        plain_json::write(&mut *out, &counts)?;
        out.write_all(b"}\n")
    }
}

impl Reporter for JsonLines {
    fn file(&mut self, report: &FileReport, out: &mut dyn Write) -> io::Result<()> {
        let mut begun = false;
        write_all(report, out, |out| {
            if std::mem::replace(&mut begun, true) {
                out.write_all(b"\n")
            } else {
                Ok(())
            }
        })?;
        if begun { out.write_all(b"\n") } else { Ok(()) }
    }

    fn finish(&mut self, _summary: &Summary, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}
