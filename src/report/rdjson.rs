//! `rdjson`: reviewdog's diagnostic format, one object for the run, with suggestions that a reviewer accepts by a click.
//!
//! Columns count bytes of UTF-8 from 1, as that format asks.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;

use super::{FileReport, Reporter, Summary};
use crate::finding::{Finding, Severity};
use crate::text::Span;

/// A diagnostic result with its diagnostics.
#[derive(Debug, Default)]
pub struct Rdjson {
    begun: bool,
}

const HEAD: &[u8] = b"{\"source\": {\"name\": \"kanwu\"},\n\"diagnostics\": [\n";

#[derive(Serialize)]
struct Diagnostic<'a> {
    message: Cow<'a, str>,
    location: Location<'a>,
    severity: &'static str,
    code: Code<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion<'a>>,
    #[serde(rename = "relatedLocations", skip_serializing_if = "Vec::is_empty")]
    related: Vec<Related<'a>>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    range: Range,
}

#[derive(Serialize)]
struct Related<'a> {
    message: &'a str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Code<'a> {
    value: &'a str,
}

#[derive(Serialize)]
struct Suggestion<'a> {
    range: Range,
    text: &'a str,
}

#[derive(Serialize)]
struct Range {
    start: Place,
    end: Place,
}

#[derive(Serialize)]
struct Place {
    line: usize,
    column: usize,
}

fn place(report: &FileReport, offset: usize) -> Place {
    let line = report.lines.line_of(offset);
    Place {
        line: line + 1,
        column: offset - report.lines.start_of(line).unwrap_or(0) + 1,
    }
}

fn range(report: &FileReport, span: Span) -> Range {
    Range {
        start: place(report, span.start()),
        end: place(report, span.end()),
    }
}

fn diagnostic<'a>(report: &'a FileReport, finding: &'a Finding) -> Diagnostic<'a> {
    let location = |span| Location {
        path: &report.name,
        range: range(report, span),
    };
    Diagnostic {
        message: finding.told(),
        location: location(finding.span),
        severity: match finding.severity {
            Severity::Error => "ERROR",
            Severity::Warning => "WARNING",
            Severity::Info => "INFO",
        },
        code: Code {
            value: finding.card.name,
        },
        // The suggestions of one diagnostic are applied together: only the best fix goes in.
        suggestions: finding
            .fixes
            .first()
            .into_iter()
            .flat_map(|fix| &fix.edits)
            .map(|edit| Suggestion {
                range: range(report, edit.span),
                text: &edit.replacement,
            })
            .collect(),
        related: finding
            .labels
            .iter()
            .filter(|label| label.file.is_none())
            .map(|label| Related {
                message: &label.message,
                location: location(label.span),
            })
            .collect(),
    }
}

impl Reporter for Rdjson {
    fn file(&mut self, report: &FileReport, out: &mut dyn Write) -> io::Result<()> {
        for finding in &report.findings {
            let first = !std::mem::replace(&mut self.begun, true);
            out.write_all(if first { HEAD } else { b",\n" })?;
            serde_json::to_writer(&mut *out, &diagnostic(report, finding))?;
        }
        Ok(())
    }

    fn finish(&mut self, _summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        if !self.begun {
            out.write_all(HEAD)?;
        }
        out.write_all(b"\n]}\n")
    }
}
