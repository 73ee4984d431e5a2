//! `rdjson`: reviewdog's diagnostic format, one object for the run, with suggestions that a
//! reviewer accepts by a click.
//!
//! Columns count bytes of UTF-8 from 1, as that format asks.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;

use super::plain_json;
use super::{FileReport, Reporter, Summary};
use crate::finding::{Edit, Finding, Severity};
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

/// What is said of one of the places of a finding. All suggestions of a diagnostic are taken for
/// other ways to mend the same place: a fix of several edits there has no place in the format.
fn diagnostic<'a>(report: &'a FileReport, finding: &'a Finding, at: Span) -> Diagnostic<'a> {
    let location = |span| Location {
        path: &report.name,
        range: range(report, span),
    };
    Diagnostic {
        message: finding.told(report.lang),
        location: location(at),
        severity: match finding.severity {
            Severity::Error => "ERROR",
            Severity::Warning => "WARNING",
            Severity::Info => "INFO",
        },
        code: Code {
            value: finding.card.name,
        },
        suggestions: match edits_at(finding, at) {
            Some(edit) => vec![Suggestion {
                range: range(report, edit.span),
                text: &edit.replacement,
            }],
            None => Vec::new(),
        },
        related: finding
            .labels
            .iter()
            .filter(|label| label.file.is_none())
            .map(|label| Related {
                message: label.message.read(report.lang),
                location: location(label.span),
            })
            .collect(),
    }
}

/// The edit of the best fix at a place, where it is the only one there; a fix of one place has no
/// others elsewhere either.
fn edits_at(finding: &Finding, at: Span) -> Option<&Edit> {
    let edits = &finding.fixes.first()?.edits;
    if finding.all_places().len() == 1 {
        return match edits.as_slice() {
            [edit] => Some(edit),
            _ => None,
        };
    }
    let first = edits.partition_point(|e| e.span.end() < at.start());
    let here = edits[first..]
        .iter()
        .take_while(|e| e.span.start() <= at.end());
    let mut here = here.filter(|e| e.span.overlaps(at));
    here.next().filter(|_| here.next().is_none())
}

impl Reporter for Rdjson {
    fn file(&mut self, report: &FileReport, out: &mut dyn Write) -> io::Result<()> {
        for finding in &report.findings {
            for place in finding.all_places() {
                let first = !std::mem::replace(&mut self.begun, true);
                out.write_all(if first { HEAD } else { b",\n" })?;
                plain_json::write(&mut *out, &diagnostic(report, finding, *place))?;
            }
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
